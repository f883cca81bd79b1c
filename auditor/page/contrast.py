"""Contrast: what one of two looks at a page shows and the other does not, noise of single requests aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain

from auditor import urls
from auditor.page.page import Link, Page, Paragraph, Role

RUN = 3
"""Words in a row that are compared."""

MINIMUM_WORDS = 6
"""Words from which a paragraph says something of its own."""

KNOWN = 0.3
"""Share of a paragraph's runs that have to stand in the other look for it to count as shown there too."""

FEW_RUNS = 20
"""Runs of words that two looks at an honest page may differ by: a greeting, a date, a counter."""

MAX_SOURCE = 2_000_000
"""Characters of a source that are read beside its text."""

_CHANGING = (Role.RELATED, Role.COMMENTS)
"""Blocks whose texts change between two requests of any visitor."""

# Ideographs, kana and syllables count one by one, since no space parts their words. Whatever holds a digit is left out:
# dates, counters, nonces and session tokens are different in every answer.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_TAG = re.compile(r"<[^<>]{1,20000}>")
_CODE = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_CODE_END = re.compile(r"</(?:script|style)\b", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\[nrt]|\\")
_HREF = re.compile(rb"href\s{0,5}=\s{0,5}[\"']?(https?://[^\"'\s<>]{1,300})", re.IGNORECASE)

Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What only the first of two looks shows."""

    links: tuple[Link, ...]
    """Outbound links to domains that the other look names nowhere, in document order."""
    text: tuple[Paragraph, ...]
    """Paragraphs whose words do not stand in the other look, hidden ones included."""
    words: int
    """Of these paragraphs."""
    common: float
    """Share of the first look's runs of words that the other has too; 1 for a look without words."""


def contrast(one: Page, other: Page, *, shown: bool = False) -> Contrast:
    """What `one` has over `other`. Links and texts that advertising networks fill in, related posts and comments do not count.

    Words of `other` count wherever they stand in its source, data for its scripts included; with `shown` only where they are text.
    """
    known = runs_of(other, shown=shown)
    source = other.source.lower()
    hosts = {link.host for link in other.links}
    text = tuple(p for p in one.paragraphs if _counts(one, p.block) and not says(known, p.text))
    own = runs_of(one, shown=True)
    return Contrast(
        links=tuple(link for link in outbound(one) if link.host not in hosts and link.host not in source),
        text=text,
        words=sum(len(words(p.text)) for p in text),
        common=len(own & known) / len(own) if own else 1.0,
    )


def outbound(page: Page) -> Iterator[Link]:
    """Links to other sites that are the page's own: not an advertising network's, not to its brand under another suffix."""
    brand = page.site.partition(".")[0]
    for link in page.links:
        if not link.external or not link.host or not _counts(page, link.block):
            continue
        if link.url.lower().startswith(("http:", "https:")) and link.host.partition(".")[0] != brand:
            yield link


def words(text: str) -> list[str]:
    """Words in lower case; without those that hold a digit, and without what is too long to be one."""
    return [w for w in _WORD.findall(text.casefold()) if w.isalpha() and len(w) <= 30]


def runs(text: str) -> Runs:
    """Every run of `RUN` words; a shorter text is one run."""
    said = words(text)
    if len(said) < RUN:
        return frozenset([tuple(said)] if said else ())
    return frozenset(zip(said, said[1:], said[2:], strict=False))


def runs_of(page: Page, *, shown: bool = False) -> Runs:
    """The runs of a page's text, and (unless `shown`) of all that its source holds: descriptions, data for scripts."""
    known = frozenset(chain.from_iterable(runs(p.text) for p in page.paragraphs))
    return known if shown else known | runs(_TAG.sub(" ", unescape(_unescaped(page.source[:MAX_SOURCE]))))


def says(known: Runs, text: str) -> bool:
    """Whether a text stands, by most of its runs, among those known; so does one too short to say anything."""
    own = runs(text)
    return len(words(text)) < MINIMUM_WORDS or len(own & known) >= KNOWN * len(own)


def alike(one: bytes, other: bytes) -> bool:
    """Whether two answers are the same but for the noise of single requests, told without parsing either.

    For a crawl, which asks a second time where they are not. Errs towards a difference.
    """
    if one == other:
        return True
    if max(len(one), len(other)) > MAX_SOURCE or _hosts(one) != _hosts(other):
        return False
    first, second = (runs(_TAG.sub(" ", _without_code(body.decode("utf-8", "replace")))) for body in (one, other))
    return len(first - second) <= FEW_RUNS and len(second - first) <= FEW_RUNS


def _hosts(body: bytes) -> set[str]:
    return {urls.site(url.decode("ascii", "replace")) for url in _HREF.findall(body)}


def _without_code(source: str) -> str:
    """Scripts and styles left out. In one pass: a pattern for the whole would look for each end again and again."""
    kept: list[str] = []
    at = 0
    while start := _CODE.search(source, at):
        kept.append(source[at : start.start()])
        end = _CODE_END.search(source, start.end())
        at = end.start() if end else len(source)
    kept.append(source[at:])
    return " ".join(kept)


def _counts(page: Page, block: int) -> bool:
    found = page.blocks[block]
    return found.role not in _CHANGING and not found.vendor


def _unescaped(source: str) -> str:
    """With the escapes of JSON undone, so that the text in a script's data reads as on the page."""
    if "\\" not in source:
        return source
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", source)
