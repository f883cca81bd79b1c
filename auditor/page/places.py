"""Symbolic spots made into lines and columns of the source, for the few elements that a report points at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from auditor.page.page import Page, Place, Spot
from auditor.page.snapshot import Format


def locate(page: Page, spots: Iterable[Spot]) -> Mapping[Spot, Place]:
    """Where each spot stands in the source; spots that cannot be found are left out.

    HTML is read a second time by BeautifulSoup on `html.parser`, which knows the line and position of every start tag;
    only the tags asked for are built, and only pages with findings pay for it.
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


def _in_html(source: str, wanted: set[Spot]) -> dict[Spot, Place]:
    from bs4 import BeautifulSoup, SoupStrainer

    tags = sorted({spot.tag for spot in wanted if spot.tag})
    try:
        soup = BeautifulSoup(source, "html.parser", parse_only=SoupStrainer([*tags, "template"]))
    except (RecursionError, AssertionError, ValueError):
        return {}
    places: dict[tuple[str, str], list[Place]] = {}
    for tag in soup.find_all(tags):
        if tag.sourceline is None or tag.sourcepos is None or tag.find_parent("template") is not None:
            continue
        place = Place(tag.sourceline, tag.sourcepos + 1)
        places.setdefault((tag.name, ""), []).append(place)
        if tag.name == "a" and (href := tag.get("href")) is not None:
            places.setdefault(("a", str(href)), []).append(place)
    found = {}
    for spot in wanted:
        known = places.get((spot.tag, spot.mark))
        if known:
            found[spot] = known[min(spot.nth, len(known) - 1)]
    return found
