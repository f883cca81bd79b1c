"""Posts: a block of related posts emptied. Its container stays, since themes' scripts and styles look for it; its heading goes along
with the last entry, since a heading over nothing promises what is not there."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from auditor.fix.edit import Edit, RefusedError
from auditor.fix.markup import Element, Markup
from auditor.fix.seams import line
from auditor.fix.spelling import squeezed
from auditor.page.page import Page
from auditor.page.places import offsets
from auditor.report import Finding

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b"])


def entries(page: Page, block: int) -> set[int]:
    """The links of a related block that lead to its entries, by index."""
    urls = {item.url for item in page.blocks[block].items}
    return {index for index, link in enumerate(page.links) if link.block == block and link.url in urls}


def posts(page: Page, markup: Markup, block: int, finding: Finding) -> tuple[list[Edit], list[str], set[int]]:
    """(edits, the words that a reader will miss, the links that go) for one block of an HTML page.

    Raises:
        RefusedError: its entries cannot be told from what stands beside them.
    """
    gone = entries(page, block)
    placed = offsets(page, [page.links[index].spot for index in gone])
    tags = [markup.element(placed.get(page.links[index].spot, -1)).tag for index in sorted(gone)]
    if not tags:
        raise RefusedError("its related posts cannot be found; correct them by hand")
    shared = _shared(tags)
    kept = squeezed(page.blocks[block].heading)
    members = _members(tags, shared)
    own = {markup.place(tag) for tag in tags}
    found: list[Element] = []
    for member in members:
        element = markup.element(markup.place(member))
        strangers = [t for t in markup.within(element) if t.name == "a" and t.opens and t.start not in own]
        if strangers or member.name in ("body", "main") or member.find(("article", "main", "form")):
            raise RefusedError("its related posts stand among other links; correct them by hand")
        found.append(element)
    words = [member.get_text(" ") for member in members]
    everything = squeezed(" ".join(p.text for p in page.paragraphs if p.block == block))
    heading = _heading(shared, members, kept) if everything == kept + squeezed(" ".join(words)) else None
    if heading is not None:
        found.append(markup.element(markup.place(heading)))
        words.append(heading.get_text(" "))
    edits = [Edit(*line(page.source, element.start, element.end), "", finding) for element in found]
    return edits, words, gone


def _shared(tags: list[Tag]) -> Tag:
    """The innermost element that holds all of them, not one of them itself."""
    lines = [list(tag.parents)[::-1] for tag in tags]
    last = lines[0][0]
    for level in zip(*lines, strict=False):
        if any(parent is not level[0] for parent in level):
            break
        last = level[0]
    if len(tags) == 1 or all(tag is tags[0] for tag in tags):
        for parent in tags[0].parents:
            if parent.name in ("ul", "ol", "div", "section", "aside") or isinstance(parent, BeautifulSoup):
                return parent
    return last


def _members(tags: list[Tag], shared: Tag) -> list[Tag]:
    """The children of `shared` that hold them, each once."""
    found: list[Tag] = []
    for tag in tags:
        member = tag
        for parent in tag.parents:
            if parent is shared:
                break
            member = parent
        if not any(member is one for one in found):
            found.append(member)
    return found


def _heading(shared: Tag, members: list[Tag], kept: str) -> Tag | None:
    """The element that announces the entries: before them, or before what holds them."""
    if not kept:
        return None
    before = members[0].find_previous_siblings(True)[:3]
    before += shared.find_previous_siblings(True)[:1]
    return next((tag for tag in before if tag.name in _HEADINGS and squeezed(tag.get_text()) == kept), None)
