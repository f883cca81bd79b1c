"""Fact: something that a page says of itself, with the words and the way by which it was found."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.features.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class Fact:
    """True where it was found. What could not be looked for is no `Fact` at all but None."""

    words: str = ""
    """What was found: a name, a date, the sentence that says it; empty for nothing."""
    route: str = ""
    """How: json-ld, microdata, meta, rel, byline, text, block, link, host …; empty for nothing."""
    occurrence: Occurrence | None = None
    """Where a reader sees it; None where it stands in markup alone or cannot be pointed at."""

    def __bool__(self) -> bool:
        return bool(self.words)


MISSING = Fact()
"""Looked for and not found."""
