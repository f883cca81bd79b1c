"""Markup: whether a document is a page of its own, and where an element of its head stands in the source."""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.page.page import Page, Spot
from auditor.page.snapshot import Format

_HEAD_END = re.compile(r"</head\b", re.IGNORECASE)
_HEAD = re.compile(r"<(?:html|head|title|meta)\b", re.IGNORECASE)


def whole(page: Page) -> bool:
    """Whether a document is a page of its own: HTML with a head, not a fragment that a template will wrap."""
    return page.format is Format.HTML and _HEAD.search(page.source) is not None


def element(page: Page, tag: str, wanted: Callable[[str, str], bool], end: int | None = None) -> Spot | None:
    """The first element of a kind that is meant: `wanted` gets its start tag and what follows up to its end tag.

    With `end` only the source up to that character is looked at.
    """
    source = page.source if end is None else page.source[:end]
    nth = 0
    for found in re.finditer(rf"<!--(?:.*?-->|.*)|<{tag}\b[^>]{{0,2000}}>", source, re.IGNORECASE | re.DOTALL):
        if found[0].startswith("<!--"):
            continue
        close = source.find(f"</{tag}", found.end()) if tag == "script" else found.end()
        if wanted(found[0], source[found.end() : close if close >= 0 else None]):
            return Spot(tag, "", nth)
        nth += 1
    return None


def before_body(page: Page, tag: str, word: str) -> Spot | None:
    """The first element whose start tag holds a word and that stands in what the author took for the head: before `</head>`."""
    head = _HEAD_END.search(page.source)
    if head is None:
        return None
    return element(page, tag, lambda opening, _: word in opening.lower(), head.start())
