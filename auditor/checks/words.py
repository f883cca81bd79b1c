"""In words: how the messages of checks name a link, and show where it or what else is at fault stands."""

from __future__ import annotations

from auditor.features.occurrence import Occurrence
from auditor.page.page import Link, Page
from auditor.page.prose import snippet


def shown(page: Page, link: Link) -> str:
    """The sentence around a link, the anchor between « and »."""
    if link.paragraph is None:
        return f"«{link.anchor[:120]}»"
    return snippet(page.paragraphs[link.paragraph].text, link.start, link.end)


def name(link: Link) -> str:
    """The anchor in quotation marks."""
    return f"“{link.anchor[:80]}”" if link.anchor else "without text"


def around(page: Page, found: Occurrence) -> str:
    """The sentence around words at fault, they between « and »; empty for what has no text of its own."""
    return "" if found.paragraph is None else snippet(page.paragraphs[found.paragraph].text, found.start, found.end)
