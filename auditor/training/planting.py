"""Planting: writing a link into a parsed page, in the page's own markup, with the places of its other links kept."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from auditor import urls
from auditor.page.page import Hidden, Kind, Link, Page, Paragraph, Role, Spot


@dataclass(frozen=True, slots=True)
class Planted:
    """An honest page with something planted in it."""

    page: Page
    link: int
    """Index of the planted link in `page.links`."""
    family: str


def roomy(page: Page) -> list[int]:
    """Paragraphs of the article that could take a phrase."""
    return [
        i
        for i, p in enumerate(page.paragraphs)
        if page.role(p.block) is Role.ARTICLE and p.kind is Kind.TEXT and p.hidden is None and len(p.text.split()) >= 12
    ]


def gaps(page: Page, index: int) -> list[int]:
    """Character offsets between two words of a paragraph, outside its links, not at its very start."""
    text = page.paragraphs[index].text
    taken = [(link.start, link.end) for link in page.links if link.paragraph == index]
    return [m.start() for m in re.finditer(r" ", text) if all(m.start() <= s or m.start() >= e for s, e in taken)][1:]


def native_link(
    page: Page, anchor: str, href: str, paragraph: int, start: int, block: int, hidden: Hidden | None
) -> Link:
    """A link in the page's own manner: the style and rel that its body links have."""
    styles = [link.style for link in page.links if link.external and page.role(link.block) is Role.ARTICLE]
    usual = Counter(styles).most_common(1)[0][0] if styles else "|"
    return Link(
        href=href, url=href, anchor=anchor, rel=frozenset(), block=block, paragraph=paragraph, start=start,
        end=start + len(anchor), spot=Spot("a", href, 0), external=True, host=urls.site(href), hidden=hidden, style=usual,
    )  # fmt: skip


def insert(page: Page, index: int, at: int, lead: str, anchor: str, tail: str, href: str, family: str) -> Planted:
    """Write `lead anchor tail` into a paragraph at a character, moving its other links along."""
    old = page.paragraphs[index]
    added = len(lead) + len(anchor) + len(tail)
    text = f"{old.text[:at]}{lead}{anchor}{tail}{old.text[at:]}"
    links = tuple(
        replace(link, start=link.start + added, end=link.end + added)
        if link.paragraph == index and link.start >= at
        else link
        for link in page.links
    )
    made = native_link(page, anchor, href, index, at + len(lead), old.block, None)
    paragraphs = (*page.paragraphs[:index], replace(old, text=text), *page.paragraphs[index + 1 :])
    return Planted(replace(page, paragraphs=paragraphs, links=(*links, made)), len(links), family)


def put(page: Page, index: int, fresh: Paragraph) -> Page:
    """The page with a new paragraph before paragraph `index`; links and images of what follows move along."""
    links = tuple(
        replace(link, paragraph=link.paragraph + 1) if link.paragraph is not None and link.paragraph >= index else link
        for link in page.links
    )
    images = tuple(replace(x, paragraph=x.paragraph + 1) if x.paragraph > index else x for x in page.images)
    paragraphs = (*page.paragraphs[:index], fresh, *page.paragraphs[index:])
    return replace(page, paragraphs=paragraphs, links=links, images=images)


def append(
    page: Page, index: int, fresh: Paragraph, anchor: str, start: int, href: str, family: str, hidden: Hidden | None
) -> Planted:
    """Put a new paragraph that holds a link before paragraph `index`."""
    made = native_link(page, anchor, href, index, start, fresh.block, hidden)
    page = put(page, index, fresh)
    return Planted(replace(page, links=(*page.links, made)), len(page.links), family)
