"""Difference: what changed from one report to a later one, as plain data for every renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from auditor.history.score import Score
from auditor.outbound.inventory import Domain
from auditor.report import Confidence, Finding, Label, Severity, Tally


class Fate(StrEnum):
    """What became of a finding between two reports. Only what was looked for in both is called new or fixed."""

    NEW = "new"
    """Not there before, on a page that was."""
    NEW_PAGE = "new-page"
    """On a page that the earlier report does not have."""
    UNTOLD_BEFORE = "untold-before"
    """Not looked for in the earlier report, or suppressed in it."""
    FIXED = "fixed"
    """Not there any more, on a page that still is."""
    GONE_PAGE = "gone-page"
    """On a page that the later report does not have."""
    UNTOLD_NOW = "untold-now"
    """Not looked for in the later report, or suppressed in it: nobody knows whether it was fixed."""


APPEARED = (Fate.NEW, Fate.NEW_PAGE)
"""What was not there before, whatever page it is on."""


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that is in one of two reports."""

    finding: Finding
    """Without its evidence."""
    document: str
    """Page or site that it is about."""
    why: str = ""
    """Why the other report does not speak of it, where it is untold."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All findings of one fate."""

    counts: Mapping[tuple[Severity, Confidence], int] = field(default_factory=dict)
    """Every one."""
    listed: tuple[Change, ...] = ()
    """The gravest, at most `compare.LISTED`."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, severity: Severity) -> int:
        """How many of this severity."""
        return sum(count for (one, _), count in self.counts.items() if one is severity)

    def at_or_above(self, severity: Severity, confidence: Confidence) -> int:
        """How many a gate of this severity and confidence would stop."""
        return sum(n for (one, sure), n in self.counts.items() if one >= severity and sure >= confidence)


@dataclass(frozen=True, slots=True)
class Turn:
    """A page that is judged to be something else than before, or that is in one report alone."""

    name: str
    title: str
    before: Label | None
    """None where the earlier report does not have the page."""
    after: Label | None
    """None where the later report does not have the page."""
    spam_before: float | None = None
    """Probability that it is spam, 0 to 1; None where nobody judged."""
    spam_after: float | None = None
    why: str = ""
    """Of a page that could not be had any more: why."""

    @property
    def worse(self) -> bool:
        """Whether the later label is the worse one; of a page that was not there, whether it is a bad one."""
        return rank(self.after) > rank(self.before)


@dataclass(frozen=True, slots=True)
class Turns:
    """Pages of one kind of change."""

    total: int = 0
    listed: tuple[Turn, ...] = ()
    """Those that got worse first; at most `compare.LISTED`."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two reports."""

    name: str
    """`run 12`, or a file's name."""
    sites: tuple[str, ...]
    began: datetime
    version: str
    tally: Tally
    score: Score


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from `before` to `after`. Deterministic for equal reports."""

    before: Side
    after: Side
    changes: Mapping[Fate, Changes]
    unchanged: Mapping[Severity, int]
    """Findings that are in both, with the severity that they have now."""
    verdicts: Turns
    """Pages of both reports with another label."""
    new_pages: Turns
    gone_pages: Turns
    new_domains: tuple[Domain, ...]
    """Linked to now and not before, of sites that were looked at before; by number of pages that do, most first."""
    gone_domains: tuple[Domain, ...]
    notes: tuple[str, ...]
    """What a reader has to know to take the rest for no more than it is."""

    @property
    def quiet(self) -> bool:
        """Whether nothing changed at all."""
        turns = self.verdicts.total + self.new_pages.total + self.gone_pages.total
        return not (turns or self.new_domains or self.gone_domains or any(one.total for one in self.changes.values()))


def rank(label: Label | None) -> int:
    """How bad a label is, 0 for clean and for none."""
    return list(Label).index(label) if label else 0
