"""Symbolic spots made into lines and columns of the source, for the few elements that a report points at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

from auditor.page.page import Page, Place, Spot
from auditor.page.snapshot import Format


def locate(page: Page, spots: Iterable[Spot]) -> Mapping[Spot, Place]:
    """Where each spot stands in the source; spots that cannot be found are left out.

    HTML is read a second time by `html.parser`, which knows the line and column of every start tag; only pages with something to
    point at pay for it. (BeautifulSoup on the same parser gives the same places, and costs a cold start 60 ms and a page three
    times as long, since it also builds the tree.)
    """
    wanted = set(spots)
    if not wanted:
        return {}
    if page.format is Format.HTML:
        return _in_html(page.source, wanted)
    starts = [0]
    at = page.source.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = page.source.find("\n", at + 1)
    found = {}
    for spot in wanted:
        if spot.offset is not None:
            line = bisect_right(starts, spot.offset)
            found[spot] = Place(line, spot.offset - starts[line - 1] + 1)
    return found


class _Tags(HTMLParser):
    """Notes where the start tags of some elements stand; what a `<template>` holds is no part of the page."""

    def __init__(self, wanted: set[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted = wanted
        self.templates = 0
        self.places: dict[tuple[str, str], list[Place]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "template":
            self.templates += 1
        if tag not in self.wanted or self.templates:
            return
        line, column = self.getpos()
        place = Place(line, column + 1)
        self.places.setdefault((tag, ""), []).append(place)
        if tag == "a":
            href = next((value for name, value in attrs if name == "href"), None)
            if href is not None:
                self.places.setdefault(("a", href), []).append(place)

    def handle_endtag(self, tag: str) -> None:
        if tag == "template" and self.templates:
            self.templates -= 1


def _in_html(source: str, wanted: set[Spot]) -> dict[Spot, Place]:
    reader = _Tags({spot.tag for spot in wanted if spot.tag})
    try:
        reader.feed(source)
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        pass  # markup that the reader gives up on: what stands before it is placed all the same
    found = {}
    for spot in wanted:
        known = reader.places.get((spot.tag, spot.mark))
        if known:
            found[spot] = known[min(spot.nth, len(known) - 1)]
    return found
