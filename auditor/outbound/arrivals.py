"""Arrivals: domains that a site links to and did not before, each with its first link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from auditor import urls
from auditor.outbound.kind import Kind
from auditor.outbound.known import Known
from auditor.outbound.signs import Signs
from auditor.page.page import Hidden, Link, Page, Place, Role
from auditor.page.places import locate
from auditor.page.prose import snippet
from auditor.site.entry import Entry

TOLD = 200
"""New domains that are told one by one, those on the most pages first; of a site that was broken into there may be thousands."""

Document = TypeVar("Document")


@dataclass(slots=True)
class Sighting(Generic[Document]):
    """Where a site links to one domain."""

    first: Document
    """The first page that does, in order of names."""
    page: str
    """Its name."""
    pages: int = 0
    topics: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FirstLink:
    """The first link to a domain on a page."""

    href: str
    anchor: str
    rel: tuple[str, ...]
    block: Role
    hidden: Hidden | None
    sentence: str
    """Around it, the anchor between « and »."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A domain that is new."""

    domain: str
    pages: int
    page: str
    """The first page that links to it."""
    url: str
    path: str | None
    link: FirstLink | None
    """None where the page could not be read a second time."""
    kind: Kind
    topic: str
    """What most pages that link to it are about."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is new about where a site links to."""

    source: str
    """What it was held against, in words."""
    found: tuple[Arrival, ...]
    more: tuple[str, ...] = ()
    """Domains beyond those that are told one by one."""


def sightings(pages: Iterable[tuple[Entry, Document]]) -> dict[str, Sighting[Document]]:
    """Every domain that a site links to, from what it keeps of its pages; in one pass."""
    seen: dict[str, Sighting[Document]] = {}
    for entry, document in pages:
        for domain in entry.outbound:
            one = seen.get(domain)
            if one is None:
                one = seen[domain] = Sighting(document, entry.name)
            one.pages += 1
            if entry.topic:
                one.topics[entry.topic] += 1
    return seen


def arrivals(seen: Mapping[str, Sighting[Document]], known: Known, read: Callable[[Document], Page | None]) -> Arrivals:
    """Those of the domains that are not known, those on the most pages first.

    Args:
        read: a document as a page; asked for the first page of each domain that is told, once where one page has several.
    """
    new = sorted((name for name in seen if name not in known), key=lambda name: (-seen[name].pages, name))
    told = new[:TOLD]
    by_page: dict[str, list[str]] = {}
    for name in told:
        by_page.setdefault(seen[name].page, []).append(name)
    found: dict[str, Arrival] = {}
    for names in by_page.values():
        page = read(seen[names[0]].first)
        links = first_links(page, names) if page else {}
        for name in names:
            found[name] = _arrival(name, seen[name], page, links.get(name))
    return Arrivals(known.source, tuple(found[name] for name in told), tuple(sorted(new[TOLD:])))


def first_links(page: Page, domains: Iterable[str]) -> dict[str, FirstLink]:
    """The first link of a page to each of these domains, with its place."""
    wanted = set(domains)
    links: dict[str, Link] = {}
    for link in page.links:
        if link.external and link.host and (name := urls.spelt(link.host)) in wanted:
            links.setdefault(name, link)
    places = locate(page, [link.spot for link in links.values()])
    return {
        name: FirstLink(
            href=link.href,
            anchor=" ".join(link.anchor.split()),
            rel=tuple(sorted(link.rel)),
            block=page.role(link.block),
            hidden=link.hidden,
            sentence=_sentence(page, link),
            place=places.get(link.spot),
        )
        for name, link in links.items()
    }


def _arrival(name: str, one: Sighting[Document], page: Page | None, link: FirstLink | None) -> Arrival:
    signs = Signs()
    signs.add(name, link.href if link else "", link.anchor if link else "")
    topic = min(one.topics, key=lambda topic: (-one.topics[topic], topic), default="")
    url, path = (page.url, page.snapshot.path) if page else ("", None)
    return Arrival(name, one.pages, one.page, url, path, link, signs.kind(), topic)


def _sentence(page: Page, link: Link) -> str:
    if link.paragraph is None:
        return f"«{link.anchor[:120]}»" if link.anchor else ""
    return snippet(page.paragraphs[link.paragraph].text, link.start, link.end)
