"""Symbolic spots made into lines and columns of the source, for the few elements that a report points at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape

from auditor.page.page import Page, Place, Spot
from auditor.page.snapshot import Format


def locate(page: Page, spots: Iterable[Spot]) -> Mapping[Spot, Place]:
    """Where each spot stands in the source; spots that cannot be found are left out.

    HTML is read a second time, by patterns that tell its tags, scripts and comments apart and stop at the last place asked for; only
    pages with something to point at pay for it.
    """
    found = offsets(page, spots)
    return _placed(page.source, found, page.snapshot.first_line - 1) if found else {}


def offsets(page: Page, spots: Iterable[Spot]) -> dict[Spot, int]:
    """The same as characters of the source, counted from 0."""
    wanted = set(spots)
    found = {spot: spot.offset for spot in wanted if spot.offset is not None}
    if page.format is Format.HTML and len(found) < len(wanted):
        found |= _in_html(page.source, wanted)
    return found


def _placed(source: str, offsets: Mapping[Spot, int], before: int = 0) -> dict[Spot, Place]:
    """Lines and columns of characters of a source that has `before` lines in front of it."""
    starts = [0]
    last = max(offsets.values(), default=0)
    at = source.find("\n", 0, last)
    while at >= 0:
        starts.append(at + 1)
        at = source.find("\n", at + 1, last)
    found = {}
    for spot, offset in offsets.items():
        line = bisect_right(starts, offset)
        found[spot] = Place(max(line + before, 1), offset - starts[line - 1] + 1)
    return found


# What follows a start tag's name: a quotation mark opens a value only after an equals sign, and has to be closed.
_REST = r"""(?:[^>=/]++|/(?!>)|=[\s=]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))*+(/?)>"""
_START = re.compile(rf"<([a-zA-Z][^\s/>]*+){_REST}", re.ASCII)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*)(?:\s*=[\s=]*("[^"]*"|'[^']*'|[^\s>]*))?""", re.ASCII)
_RAW = {name: re.compile(rf"</\s*{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
"""Elements whose text is no markup, and what ends them."""
_COMMENT_END = re.compile(r"--\s*>")
_MARKUP = re.compile(r"<[a-z/!?]", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=256)
def _between(tags: frozenset[str]) -> re.Pattern[str]:
    """What stands between the tags that matter: text, end tags and other start tags."""
    names = "|".join(re.escape(tag) for tag in sorted(tags | _RAW.keys() | {"template"}))
    return re.compile(
        rf"(?:[^<]++|</(?!template)[^>]*+>|<(?!(?:{names})[\s/>])[a-z][^\s/>]*+{_REST})*+", re.ASCII | re.IGNORECASE
    )


def _in_html(source: str, wanted: set[Spot]) -> dict[Spot, int]:
    """The character at which each spot's start tag begins. What a `<template>` holds is no part of the page."""
    most: dict[tuple[str, str], int] = {}
    for spot in wanted:
        if spot.tag:
            most[spot.tag, spot.mark] = max(spot.nth, most.get((spot.tag, spot.mark), 0))
    seen: dict[tuple[str, str], list[int]] = {key: [] for key in most}
    missing = len(most)
    between = _between(frozenset(tag for tag, _ in most))
    templates = 0
    comments = True  # whether one may still end: a search that has failed would fail again for every later one
    at = between.match(source).end()  # type: ignore[union-attr]
    while missing and at < len(source):
        opened = _START.match(source, at)
        if opened is None:
            if source[at + 1 : at + 10].lower() == "/template" and templates:
                templates -= 1
            comment = source.startswith("<!--", at) and comments
            ended = _COMMENT_END.search(source, at + 4) if comment else None
            comments = comments and not (comment and ended is None)
            end = ended.end() if ended else _markup_end(source, at)
        else:
            end = opened.end()
            tag = opened[1].lower()
            if tag == "template" and not opened[2]:
                templates += 1
            if not templates:
                keys = [(tag, "")]
                if tag == "a" and (href := _href(opened[0])) is not None:
                    keys.append((tag, href))
                for key in keys:
                    if (places := seen.get(key)) is not None:
                        places.append(at)
                        missing -= len(places) == most[key] + 1
            if tag in _RAW and not opened[2]:
                closed = _RAW[tag].search(source, end)
                if closed is None:
                    break
                end = closed.end()
        at = between.match(source, end).end()  # type: ignore[union-attr]
    return {
        spot: places[min(spot.nth, len(places) - 1)] for spot in wanted if (places := seen.get((spot.tag, spot.mark)))
    }


def _href(opening: str) -> str | None:
    """The target that a start tag `<a …>` names; None where it names none."""
    for attribute in _ATTRIBUTE.finditer(opening, 2):
        if attribute[1].lower() == "href":
            value = attribute[2]
            if value and value[0] in "\"'" and value[0] == value[-1]:
                value = value[1:-1]
            return unescape(value) if value else value
    return None


def _markup_end(source: str, at: int) -> int:
    """Where a declaration, an end tag, a broken tag or a comment without an end that begins at `at` ends."""
    if not _MARKUP.match(source, at):
        return at + 1
    return source.find(">", at) + 1 or len(source)
