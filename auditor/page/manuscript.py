"""Manuscript: the paragraphs of a Markdown or plain text source, put together into a Page, its sections as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auditor import urls
from auditor.page import authors, dates
from auditor.page.page import Block, Heading, Image, Item, Kind, Link, List, Metadata, Page, Paragraph, Role, Spot
from auditor.page.sections import section_role
from auditor.page.snapshot import Snapshot

MAX_ANNOUNCEMENT = 70
"""Characters of a line that may head a section without being marked as a heading."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link as written, with its anchor's characters within its paragraph."""

    href: str
    anchor: str
    start: int
    end: int
    offset: int
    rel: frozenset[str] = frozenset()
    style: str = ""
    image: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    alt: str | None
    offset: int


@dataclass(slots=True)
class OpenList:
    """A list while it is still being read."""

    ordered: bool
    start: int
    offset: int
    length: int = 0
    paragraph: int = 0
    """How many paragraphs stand before it."""


@dataclass(slots=True)
class Passage:
    """A paragraph to be: what it says and where, before blocks are known."""

    text: str
    kind: Kind
    offset: int
    level: int = 0
    bold: bool = False
    """All of it is emphasised: it may stand for a heading."""
    links: list[Reference] = field(default_factory=list)
    images: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Section:
    role: Role
    heading: str
    start: int
    stop: int


def assemble(
    snapshot: Snapshot,
    source: str,
    encoding: str,
    metadata: Metadata,
    passages: Sequence[Passage],
    lists: Sequence[OpenList],
    truncated: str = "",
) -> Page:
    """The Page of a manuscript. Its address is the snapshot's, else the absolute one its metadata gives, else empty.

    Without an address every absolute link counts as external.
    """
    url = snapshot.final_url or snapshot.url or metadata.canonical
    site = urls.site(url)
    sections = _sections(passages)
    blocks = [Block(Role.ARTICLE, "", Spot(offset=passages[0].offset if passages else 0))]
    block_of = [0] * len(passages)
    for section in sections:
        for index in range(section.start, section.stop):
            block_of[index] = len(blocks)
        items = _items(passages[section.start + 1 : section.stop], url, site) if section.role is Role.RELATED else ()
        blocks.append(Block(section.role, section.heading, Spot(offset=passages[section.start].offset), items))
    links: list[Link] = []
    images: list[Image] = []
    for index, passage in enumerate(passages):
        block = block_of[index]
        links.extend(_link(reference, index, block, url, site) for reference in passage.links)
        images.extend(Image(one.src, one.alt, block, Spot(offset=one.offset), index) for one in passage.images)
    headings = tuple(
        Heading(p.level, p.text, block_of[i], Spot(offset=p.offset))
        for i, p in enumerate(passages)
        if p.kind is Kind.HEADING
    )
    return Page(
        snapshot=snapshot,
        source=source,
        encoding=encoding,
        language="",
        url=url,
        site=site,
        metadata=_from_text(metadata, passages),
        blocks=tuple(blocks),
        paragraphs=tuple(
            Paragraph(p.text, p.kind, block_of[i], Spot(offset=p.offset), p.level) for i, p in enumerate(passages)
        ),
        links=tuple(links),
        headings=headings,
        images=tuple(images),
        lists=_lists(lists, passages, block_of),
        truncated=truncated,
    )


def _link(reference: Reference, paragraph: int, block: int, base: str, site: str) -> Link:
    url = urls.absolute(base, reference.href)
    host, external = _target(url, site)
    return Link(
        href=reference.href,
        url=url,
        anchor=reference.anchor,
        rel=reference.rel,
        block=block,
        paragraph=paragraph,
        start=reference.start,
        end=reference.end,
        spot=Spot(offset=reference.offset),
        external=external,
        host=host,
        style=reference.style,
        image=reference.image,
    )


def _target(url: str, site: str) -> tuple[str, bool]:
    if not url.lower().startswith(("http://", "https://", "//")):
        return "", False
    host = urls.site(url)
    return host, bool(host) and host != site


def _sections(passages: Sequence[Passage]) -> list[_Section]:
    found: list[_Section] = []
    index = 0
    while index < len(passages):
        role = _announced(passages[index])
        if role is None or role is Role.ARTICLE:
            index += 1
            continue
        stop = _section_end(passages, index, role)
        if stop > index + 1 and _keeps(role, passages[index + 1 : stop]):
            found.append(_Section(role, passages[index].text, index, stop))
            index = stop
        else:
            index += 1
    return found


def _announced(passage: Passage) -> Role | None:
    text = passage.text
    if len(text) > MAX_ANNOUNCEMENT or passage.links:
        return None
    marked = passage.kind is Kind.HEADING or (
        passage.kind is Kind.TEXT and (passage.bold or text.endswith((":", "：")))
    )
    return section_role(text) if marked else None


def _section_end(passages: Sequence[Passage], index: int, role: Role) -> int:
    level = passages[index].level or 7
    for stop in range(index + 1, len(passages)):
        passage = passages[stop]
        if passage.kind is Kind.HEADING and passage.level <= level:
            return stop
        announced = _announced(passage)
        if announced is not None and announced is not role:
            return stop
        # Comments and biographies are prose; a list of links ends where prose begins again.
        if (
            role not in (Role.COMMENTS, Role.AUTHOR)
            and passage.kind is Kind.TEXT
            and _linked(passage) * 3 < len(passage.text) > 80
        ):
            return stop
    return len(passages)


def _linked(passage: Passage) -> int:
    return sum(link.end - link.start for link in passage.links)


def _keeps(role: Role, below: Sequence[Passage]) -> bool:
    """Whether what stands below a heading is what the heading announces: a list, or mostly links."""
    if role in (Role.COMMENTS, Role.AUTHOR, Role.WIDGET):
        return True
    length = sum(len(p.text) for p in below)
    listed = sum(len(p.text) for p in below if p.kind is Kind.ITEM and len(p.text) <= 160)
    linked = sum(map(_linked, below))
    return (
        linked > 0.4 * length
        or (role is Role.RELATED and listed > 0.6 * length)
        or any(p.links for p in below if not p.text)
    )


def _items(below: Sequence[Passage], base: str, site: str) -> tuple[Item, ...]:
    items: list[Item] = []
    for passage in below:
        for link in passage.links:
            title = link.anchor
            if link.anchor == link.href:
                rest = f"{passage.text[: link.start]} {passage.text[link.end :]}".strip(" :–—-|()")
                title = " ".join(rest.split()) or link.anchor
            url = urls.absolute(base, link.href)
            items.append(Item(title, link.href, url, _target(url, site)[1], Spot(offset=link.offset)))
        if (
            not passage.links
            and passage.text
            and passage.kind in (Kind.ITEM, Kind.HEADING)
            and len(passage.text) <= 160
        ):
            items.append(Item(passage.text, "", "", False, Spot(offset=passage.offset)))
    return tuple(items)


def _lists(lists: Sequence[OpenList], passages: Sequence[Passage], block_of: Sequence[int]) -> tuple[List, ...]:
    found: list[List] = []
    heading, at = "", 0
    for one in sorted(lists, key=lambda s: (s.paragraph, s.offset)):
        while at < min(one.paragraph, len(passages)):
            if passages[at].kind is Kind.HEADING:
                heading = passages[at].text
            at += 1
        block = block_of[min(one.paragraph, len(passages) - 1)] if passages else 0
        found.append(List(one.ordered, one.start, one.length, block, Spot(offset=one.offset), heading))
    return tuple(found)


def _from_text(metadata: Metadata, passages: Sequence[Passage]) -> Metadata:
    """Add what only the visible words say: a byline and a date near the top, reviewers anywhere."""
    near = [p.text for p in passages[:10] if p.kind is not Kind.CODE]
    if not metadata.authors:
        credited = authors.from_text(near)
        metadata = replace(metadata, authors=credited.names, author_route=credited.route)
    if not metadata.published:
        seen = dates.first(*(dates.visible_dates(line) for line in near if len(line) <= 100))
        modified = metadata.modified or seen.modified
        metadata = replace(
            metadata, published=seen.published, modified=modified, date_route=seen.route or metadata.date_route
        )
    if not metadata.reviewers:
        metadata = replace(metadata, reviewers=authors.reviewers((), (p.text for p in passages if len(p.text) < 1000)))
    return metadata
