"""Parked: whether a page stands for a domain that somebody only holds to sell it, and by what that shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from auditor import urls
from auditor.page.page import Page

LITTLE = 200
"""Words of text below which a page can be no more than a notice; an article on the trade in domains has the wordings too."""

_OFFER = re.compile(r"\A[\w-]+(?:\.[\w-]+){1,3} (?:is|may be) for sale\b")


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "parked.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            entries.append(line)
    return {name: tuple(entries) for name, entries in found.items()}


def parked(page: Page) -> str:
    """What shows that its domain is only for sale; empty where nothing does.

    A page with more than a notice's text is none, whatever it says; neither is one that a seller of domains has on its own site.
    """
    lists = _lists()
    if page.site in lists["hosts"]:
        asked = urls.site(page.snapshot.url or "")
        return f"leads to {page.site}" if asked and asked != page.site else ""
    if _words(page) > LITTLE:
        return ""
    title = " ".join(page.title.lower().split())
    if _OFFER.match(title) or any(wording in title for wording in lists["titles"]):
        return f"its title is “{page.title[:80]}”"
    text = " ".join(paragraph.text for paragraph in page.paragraphs).lower()
    for wording in lists["wordings"]:
        if wording in text:
            return f"it says “{wording}”"
    source = page.source.lower()
    return next((f"it is served by {mark}" for mark in lists["marks"] if mark in source), "")


def _words(page: Page) -> int:
    count = 0
    for paragraph in page.paragraphs:
        count += paragraph.text.count(" ") + 1
        if count > LITTLE:
            break
    return count
