"""Score card: a site's latest run in a line, beside the run before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditor.history.difference import APPEARED, Difference
from auditor.history.score import Score
from auditor.history.trend import arrow
from auditor.report import Label, Severity, Tally


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """One site of many."""

    site: str
    run: int
    began: datetime
    """Of the latest run."""
    pages: int
    spam: int
    low_quality: int
    high: int
    """Findings of high severity."""
    score: Score
    before: Score | None
    """Of the run before; None where there is none, as for the next two."""
    new: int | None
    """Findings that were not there in the run before, those on new pages included."""
    new_domains: int | None
    file: str = ""
    """Its own report, beside the index; the name without an ending."""

    @property
    def arrow(self) -> str:
        """Whether the score rose or fell."""
        return arrow(self.before, self.score)


def score_card(
    site: str, run: int, began: datetime, tally: Tally, score: Score, difference: Difference | None, file: str
) -> ScoreCard:
    """The card of a site's latest run.

    Args:
        difference: from the run before; None where this is the first.
    """
    return ScoreCard(
        site, run, began, tally.pages,
        tally.labels.get(Label.SPAM, 0),
        tally.labels.get(Label.LOW_QUALITY, 0),
        tally.severities.get(Severity.HIGH, 0),
        score,
        difference.before.score if difference else None,
        sum(difference.changes[fate].total for fate in APPEARED) if difference else None,
        len(difference.new_domains) if difference else None,
        file,
    )  # fmt: skip
