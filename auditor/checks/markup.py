"""Markup: whether a document is a page of its own, and where an element of its head stands in the source."""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.page.page import Page, Spot
from auditor.page.snapshot import Format

_HEAD = re.compile(r"<(?:html|head|title|meta)\b", re.IGNORECASE)


def whole(page: Page) -> bool:
    """Whether a document is a page of its own: HTML with a head, not a fragment that a template will wrap."""
    return page.format is Format.HTML and _HEAD.search(page.source) is not None


def element(page: Page, tag: str, wanted: Callable[[str, str], bool]) -> Spot | None:
    """The first element of a kind that is meant: `wanted` gets its start tag and what follows up to its end tag."""
    source = page.source
    nth = 0
    for found in re.finditer(rf"<!--(?:.*?-->|.*)|<{tag}\b[^>]{{0,2000}}>", source, re.IGNORECASE | re.DOTALL):
        if found[0].startswith("<!--"):
            continue
        end = source.find(f"</{tag}", found.end()) if tag == "script" else found.end()
        if wanted(found[0], source[found.end() : end if end >= 0 else None]):
            return Spot(tag, "", nth)
        nth += 1
    return None
