"""HTML into a Page: the outline with its roles, made into blocks, paragraphs, links, headings, images and lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from auditor import urls
from auditor.page import entries
from auditor.page.hazard import flattened
from auditor.page.hollow import hollow_headings
from auditor.page.metadata import read_metadata
from auditor.page.outline import Anchor, Outline
from auditor.page.page import Block, Heading, Image, Item, Kind, Link, List, Page, Paragraph, Role, Spot
from auditor.page.segment import run_roles
from auditor.page.snapshot import Snapshot
from auditor.page.walk import outline


def parse_html(snapshot: Snapshot, source: str, encoding: str) -> Page:
    """Parse one HTML document. Never raises on any text; what a limit cuts off is named in `truncated`."""
    flat = flattened(source, snapshot.body if encoding == "utf-8" else None)
    tree = LexborHTMLParser(source if flat is None else flat)
    asked = snapshot.final_url or snapshot.url or ""
    metadata = read_metadata(tree, asked, snapshot.headers)
    address = asked or _own_address(metadata.canonical, metadata.og.get("og:url", ""))
    base_node = tree.css_first("base[href]")
    base_href = (base_node.attributes.get("href") or "") if base_node is not None else ""
    base = (urls.absolute(address, base_href) or address) if base_href else address
    drawn = outline(tree)
    maker = _Maker(drawn, base, urls.site(address))
    return Page(
        snapshot=snapshot,
        source=source,
        encoding=encoding,
        language="",
        url=address,
        site=maker.site,
        metadata=metadata,
        blocks=tuple(maker.blocks()),
        paragraphs=tuple(maker.paragraphs),
        links=tuple(maker.links),
        headings=tuple(maker.headings),
        images=tuple(maker.images()),
        lists=tuple(maker.lists()),
        empty_headings=tuple(maker.empty_headings(tree)),
        resources=tuple(drawn.resources),
        truncated=drawn.truncated or ("nesting out of all proportion; read without it" if flat is not None else ""),
    )


def _own_address(*candidates: str) -> str:
    """The first candidate that is a full http(s) address: how a saved file says where it belongs."""
    return next((c for c in candidates if c.startswith(("http://", "https://")) and urls.host(c)), "")


@dataclass(slots=True)
class _Draft:
    role: Role
    heading: str
    spot: Spot
    names: str
    items: dict[str, tuple[int, Item]] = field(default_factory=dict)
    """By target: how good its title is (see `_Maker._item`), and the entry."""
    shown: bool = False


_NO_REL: frozenset[str] = frozenset()
# Python looks a member up with a function of its own, which costs more than what a run is asked for.
_ARTICLE, _RELATED, _HEADING = Role.ARTICLE, Role.RELATED, Kind.HEADING


class _Maker:
    """Turns an outline's runs and anchors into a page's parts; one use."""

    def __init__(self, drawn: Outline, base: str, site: str) -> None:
        self.drawn = drawn
        self.base = base
        self.site = site
        self.roles, self.owners = run_roles(drawn)
        self.drafts: list[_Draft] = []
        self.block_of: dict[tuple[Role, int], int] = {}
        self.run_block: list[int] = []
        self.paragraphs: list[Paragraph] = []
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self._read_runs()
        self._read_anchors()

    def block(self, role: Role, owner: int, spot: Spot, names: str = "") -> int:
        key = (role, owner)
        index = self.block_of.get(key)
        if index is None:
            index = self.block_of[key] = len(self.drafts)
            self.drafts.append(_Draft(role, "", spot, names))
        return index

    def _read_runs(self) -> None:
        containers = self.drawn.containers
        run_block, paragraphs, headings = self.run_block, self.paragraphs, self.headings
        last, spot = -1, Spot()
        last_role, last_owner, index, shown = None, -1, -1, False
        for run, role, owner in zip(self.drawn.runs, self.roles, self.owners, strict=True):
            box = containers[run.container]
            if run.container != last:
                last, spot = run.container, box.spot
            if owner != last_owner or role is not last_role:
                last_role, last_owner = role, owner
                names = containers[owner].names if owner < len(containers) else ""
                index = self.block(role, owner, spot, names)
                shown = self.drafts[index].shown
            text, kind, reason = run.text, run.kind, box.reason
            if not shown:
                draft = self.drafts[index]
                if not draft.heading and len(text) < 80 and role is not _ARTICLE:
                    draft.heading = text if kind is _HEADING or not run.linked else ""
                draft.shown = shown = reason is None
            run_block.append(index)
            paragraphs.append(Paragraph(text, kind, index, spot, run.level, reason))
            if kind is _HEADING and run.level:
                headings.append(Heading(run.level, text, index, spot))

    def _place(self, at: int) -> int:
        """Block of what stands between runs: that of the run before, else the one after."""
        if not self.run_block:
            return self.block(_ARTICLE, 0, Spot("body"))
        return self.run_block[min(max(at - 1, 0), len(self.run_block) - 1)]

    def _read_anchors(self) -> None:
        runs, containers = self.drawn.runs, self.drawn.containers
        site, count = self.site, len(runs)
        run_block, drafts, links, target = self.run_block, self.drafts, self.links, urls.targets(self.base)
        for found in self.drawn.anchors:
            url, host = target(found.href)
            pieces = found.pieces
            if pieces and pieces[-1][0] >= count:  # words that a limit cut off
                pieces = [piece for piece in pieces if piece[0] < count]
            block = run_block[pieces[0][0]] if pieces else self._place(found.at)
            paragraph: int | None
            if len(pieces) == 1:
                paragraph, start, end = pieces[0]
                anchor = runs[paragraph].text[start:end]
            else:
                paragraph, start, end = None, 0, 0
                anchor = " ".join(runs[r].text[s:e] for r, s, e in pieces) or found.alt or found.label
            external = bool(host) and host != site
            rel = frozenset(found.rel.lower().split()) if found.rel else _NO_REL
            reason = found.reason or containers[found.container].reason
            image = found.images > 0 and not pieces
            # In the order of the fields: names would cost a third more, on the one thing that pages have hundreds of.
            links.append(
                Link(
                    found.href, url, anchor, rel, block, paragraph, start, end, found.spot, external, host, reason,
                    found.style, image,
                )
            )  # fmt: skip
            if url and drafts[block].role is _RELATED:
                self._item(found, pieces, drafts[block], anchor, url, external)

    def _item(
        self, found: Anchor, pieces: list[tuple[int, int, int]], draft: _Draft, anchor: str, url: str, external: bool
    ) -> None:
        """A related block's entry: one per target, under the best title that its links give: a heading, else text, else
        what an image is said to show; of two alike the longer."""
        runs = self.drawn.runs
        heads = [runs[r].text[s:e] for r, s, e in pieces if runs[r].kind is _HEADING]
        title = entries.titled(
            heads[0] if heads else max((runs[r].text[s:e] for r, s, e in pieces), key=len, default=anchor)
        )
        rank = 0 if not title else 3 if heads else 2 if pieces else 1
        known = draft.items.get(url)
        if known is None or (known[0], len(known[1].title)) < (rank, len(title)):
            draft.items[url] = rank, Item(title, found.href, url, external, found.spot)

    def blocks(self) -> list[Block]:
        """The drafts, of their entries those that look like posts."""
        return [
            Block(
                role=draft.role,
                heading=draft.heading,
                spot=draft.spot,
                items=tuple(
                    item for _, item in draft.items.values() if entries.leads_to_post(item.title, item.url, self.base)
                ),
                vendor=entries.vendor(draft.names, (item for _, item in draft.items.values())),
            )
            for draft in self.drafts
        ]

    def images(self) -> list[Image]:
        return [
            Image(found.src, found.alt, self._place(found.at), found.spot, found.at, self._nameless(found.anchor))
            for found in self.drawn.pictures
        ]

    def _nameless(self, anchor: int) -> bool:
        if anchor < 0:
            return False
        link = self.links[anchor]
        return link.image and not link.anchor.strip() and not urls.is_picture(link.url)

    def empty_headings(self, tree: LexborHTMLParser) -> list[Heading]:
        """Headings with nothing in them, each in the block of what follows it."""
        containers, runs = self.drawn.containers, self.drawn.runs
        empty = []
        for index in hollow_headings(self.drawn, tree):
            box = containers[index]
            at = next((i for i, run in enumerate(runs) if run.container > index), len(runs))
            empty.append(Heading(box.level, "", self._place(at), box.spot))
        return empty

    def lists(self) -> list[List]:
        runs = self.drawn.runs
        made = []
        for found in self.drawn.lists:
            if not found.length:
                continue
            heading = next(
                (
                    runs[i].text
                    for i in range(min(found.at, len(runs)) - 1, max(found.at - 40, -1), -1)
                    if runs[i].kind is _HEADING
                ),
                "",
            )
            made.append(List(found.ordered, found.start, found.length, self._place(found.at + 1), found.spot, heading))
        return made
