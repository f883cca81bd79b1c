"""Links in words: how the messages of checks name one and show where it stands."""

from __future__ import annotations

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
