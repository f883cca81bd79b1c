"""Gate: what stops a publication, and what is only told."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.config import Preferences
from auditor.preferences import Names
from auditor.report import Confidence, Finding, Label, PageResult, Severity

_RANK = {Label.CLEAN: 0, Label.LOW_QUALITY: 1, Label.SPAM: 2}


@dataclass(frozen=True, slots=True)
class Gate:
    """Which findings and pages stop.

    By default high severity at high confidence alone: structural facts, and models at the threshold where they are wrong on one clean
    page in some hundred. What a page as a whole is judged to be is an opinion, and stops only where that is asked for.
    """

    severity: Severity | None = Severity.HIGH
    """From which on a finding stops; None where none does."""
    confidence: Confidence = Confidence.HIGH
    verdict: Label | None = None
    """From which on a page stops for what it is judged to be; None where none does."""
    checks: frozenset[str] = frozenset()
    """Checks whose findings stop however bad and sure they are."""
    preferences: Preferences = field(default_factory=Preferences)
    """With what a baseline says that pages were judged to be before: these stop only where they got worse."""

    def stops(self, finding: Finding) -> bool:
        """Whether a finding stops; suppressed ones are not asked."""
        if finding.check in self.checks:
            return True
        return self.severity is not None and finding.severity >= self.severity and finding.confidence >= self.confidence

    def rejects(self, page: PageResult) -> bool:
        """Whether a page stops for its verdict."""
        if self.verdict is None or page.label is Label.CLEAN:
            return False
        known = self.preferences.verdicts.get(Names.of(page.path, page.url, self.preferences).plain, Label.CLEAN)
        return _RANK[page.label] >= max(_RANK[self.verdict], _RANK[Label(known)] + 1)

    @property
    def described(self) -> str:
        """The gate for findings in words: severity and confidence."""
        if self.severity is None:
            return "any severity"
        return f"{self.severity} severity or worse, {self.confidence} confidence or better"
