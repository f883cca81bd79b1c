"""Metadata: what head, structured data, bylines and labels say about a page, read in as few passes as possible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor import urls
from auditor.page import authors, dates, labels
from auditor.page.directives import (
    INSECURE,
    LOADED,
    MAX_INSECURE,
    head_end,
    in_head,
    insecure,
    read_directives,
    read_links,
)
from auditor.page.nodes import fold, lines, short_text, stands_elsewhere
from auditor.page.page import Metadata
from auditor.page.structured import Node, json_ld, kinds, microdata, strings

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Two queries in all: each is a pass over the document, and the second is only made where the first left something open.
_MARKED = (
    "meta,link[rel*=canonical i],link[rel*=alternate i],title,script[type*=ld],[itemprop],[itemscope],"
    f"a[rel~=author],a[rel~=tag],a[rel~=category],{INSECURE}"
)
_WORDED = (
    "h1,time,[class*=author i],[class*=byline i],[class*=writer i],[itemprop],[class*=date i],[class*=publish i],"
    "[class*=posted i],[id*=author i],[id*=byline i],[data-testid*=author i],[data-testid*=date i],"
    "a[href*='/author'],a[href*='/people/'],a[href*='/contributor']"
)
_DATED = re.compile(r"date|publish|posted|time|modified|updated", re.IGNORECASE)
_CREDITED = re.compile(r"author(?!i[sz]|ity)|byline|writer", re.IGNORECASE)
_EMPTY_TELLS = frozenset({"og:image", "og:url"})
"""Properties that are noted even where they are empty: a template's slot that nothing filled."""
MAX_LABELS = 50
MAX_META = 500


def read_metadata(tree: LexborHTMLParser, base: str, headers: Mapping[str, str]) -> Metadata:
    """Everything a page says about itself. Never raises; what cannot be read is empty.

    `base` is the address links are resolved against, `headers` the response headers with names in lower case.
    Authors and dates come from the first route that has them (see `Metadata.author_route`); a byline in comments,
    related posts or a sidebar is nobody's.
    """
    marked = _once(tree.css(_MARKED))
    metas: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    empty: set[str] = set()
    titles: list[LexborNode] = []
    links: list[LexborNode] = []
    scripts: list[str] = []
    properties: list[LexborNode] = []
    rels: list[tuple[str, LexborNode]] = []
    plain: dict[tuple[str, str], None] = {}
    refresh = ""
    described: list[bool] = []
    for node in marked:
        attributes = node.attributes
        match node.tag:
            case "meta":
                _read_meta(attributes, metas, named, empty)
                if (attributes.get("name") or "").lower() == "description":
                    described.append(in_head(node))
                elif not refresh and (attributes.get("http-equiv") or "").lower() == "refresh" and _applies(node):
                    refresh = (attributes.get("content") or "").strip()
            case tag if tag in LOADED and len(plain) < MAX_INSECURE and (found := insecure(node, attributes)):
                plain[found] = None
            case "link":
                links.append(node)
            case "title":
                titles.append(node)
            case "a" if attributes.get("rel"):
                rels.append(((attributes["rel"] or "").lower(), node))
            case "script":
                if "ld+json" in (attributes.get("type") or "").lower():
                    scripts.append(node.text())
        if "itemprop" in attributes or "itemscope" in attributes:
            properties.append(node)
    nodes, errors = json_ld(scripts)
    items = microdata(properties, base)
    head = [node for node in titles if node.parent is not None and node.parent.tag == "head"]
    loose = [node for node in titles if node.parent is not None and node.parent.tag == "body"]
    title = next((fold(node.text()) for node in (*head, *loose)), "")
    linked = read_links(links, headers.get("link", ""), base)
    canonical = next((c.url for c in linked.canonicals if c.href), "")
    directives = read_directives(metas, headers)
    below = {
        "title": bool(loose) and not head,
        "description": bool(described) and not any(described),
        "canonical": bool(linked.canonicals) and all(c.where == "body" for c in linked.canonicals),
        "hreflang": linked.hreflang_below,
    }
    misplaced = tuple(name for name, is_so in below.items() if is_so)
    ended = head_end(tree) if misplaced else ""
    site_name = _site_name(metas, nodes)
    body = _Body(tree)
    credited = authors.best(
        _author_routes(metas, nodes, items, rels, body, base),
        (site_name, urls.site(base).partition(".")[0], urls.site(base)),
    )
    dated = _dates(metas, nodes, items, body, canonical or base)
    categories, tags = _labels(rels, (*nodes, *items), tree.raw_html)
    descriptions = metas.get("description", [])
    return Metadata(
        title=title,
        titles=len(head),
        description=fold(descriptions[0]) if descriptions else "",
        descriptions=len(descriptions),
        canonical=canonical,
        canonicals=linked.canonicals if ended or not misplaced else linked.as_in_head,
        robots=frozenset(d.word for d in directives if d.agent in ("", "googlebot")),
        directives=directives,
        refresh=refresh,
        language=_language(tree, metas),
        viewport=_one(metas, "viewport"),
        generator=_one(metas, "generator"),
        site_name=site_name,
        authors=credited.names,
        author_route=credited.route,
        author_url=credited.url,
        published=dated.published,
        modified=dated.modified,
        date_route=dated.route,
        categories=categories,
        tags=tags,
        reviewers=authors.reviewers((*nodes, *items), labels.reviewed(tree.raw_html)),
        og=dict.fromkeys(empty, "")
        | {key: contents[0] for key, contents in metas.items() if key.startswith(("og:", "twitter:", "article:"))},
        meta=named,
        hreflang=linked.hreflang,
        alternates=linked.alternates,
        insecure=tuple(plain),
        misplaced=misplaced if ended else (),
        head_end=ended,
        feeds=linked.feeds,
        structured=(*nodes, *items),
        structured_errors=errors,
    )


class _Body:
    """The second query and the visible lines around the title, each made once and only when asked for."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self._worded: list[LexborNode] | None = None
        self._near: list[str] | None = None

    @property
    def worded(self) -> list[LexborNode]:
        if self._worded is None:
            self._worded = [
                node
                for node in _once(self.tree.css(_WORDED))
                if node.tag not in ("body", "html", "style", "script", "form")
            ]
        return self._worded

    def bylines(self) -> list[LexborNode]:
        return [n for n in self.worded if n.tag != "h1" and _CREDITED.search(_marks(n))]

    def profiles(self) -> list[LexborNode]:
        return [n for n in self.worded if n.tag == "a"]

    def dated(self) -> list[LexborNode]:
        return [n for n in self.worded if n.tag == "time" or (n.tag not in ("h1", "a") and _DATED.search(_marks(n)))]

    def near(self) -> list[str]:
        """The forty lines from just above the first heading on; the page's first ones where it has no such heading."""
        if self._near is None:
            title = self._title()
            self._near = _around(title) if title is not None else self._first()
        return self._near

    def _first(self) -> list[str]:
        """Where no heading says so: from the line that the document's title begins with, else from the top."""
        if self.tree.body is None:
            return []
        read = lines(self.tree.body, 1200)
        title = self._named()
        at = next((i for i, line in enumerate(read) if len(line) > 12 and title.startswith(line.lower())), 0)
        return read[at : at + 40]

    def _named(self) -> str:
        named = self.tree.css_first("title")
        return fold(named.text()).lower() if named is not None else ""

    def _title(self) -> LexborNode | None:
        """The first heading that the document's title repeats: above it many sites bear their own name as one."""
        headings = [n for n in self.worded if n.tag == "h1"][:6]
        if len(headings) > 1:
            title = self._named()
            for node in headings:
                text = short_text(node, 60).lower()
                if len(text) > 12 and (text in title or title in text) and not title.endswith(text):
                    return node
        return headings[0] if headings else None


def _once(found: list[LexborNode]) -> Iterator[LexborNode]:
    """An element that several selectors of a query match is answered once for each; here it comes once."""
    last = 0
    for node in found:
        here = node.mem_id
        if here != last:
            last = here
            yield node


def _marks(node: LexborNode) -> str:
    attributes = node.attributes
    return " ".join((attributes.get(key) or "")[:300] for key in ("class", "id", "itemprop", "rel", "data-testid"))


def _around(title: LexborNode) -> list[str]:
    top: LexborNode = title
    for _ in range(3):
        parent = top.parent
        if parent is None or parent.tag in ("body", "html", "main"):
            break
        top = parent
    text = fold(short_text(title, 60))
    near: list[str] = []
    current: LexborNode | None = top
    for _ in range(12):
        if current is None or len(near) > 60:
            break
        if current.tag is not None and current.tag[0] != "-" and current.tag not in ("script", "style", "aside", "nav"):
            near.extend(lines(current, 150))
        current = current.next
    if text in near:
        near = near[max(0, near.index(text) - 4) :]
    return near[:40]


def _read_meta(
    attributes: Mapping[str, str | None], metas: dict[str, list[str]], named: dict[str, str], empty: set[str]
) -> None:
    content = attributes.get("content")
    if content is None or len(metas) >= MAX_META:
        return
    content = content.strip()
    name = (attributes.get("name") or "").strip().lower()
    keys = [name, (attributes.get("property") or "").strip().lower()]
    if name:
        named.setdefault(name, content)
    if attributes.get("http-equiv"):
        keys.append(f"http-equiv:{attributes['http-equiv']}".lower())
    for key in dict.fromkeys(filter(None, keys)):
        if content:
            metas.setdefault(key, []).append(content)
        elif key in _EMPTY_TELLS:
            empty.add(key)


def _applies(node: LexborNode) -> bool:
    """Whether an element works for readers whose browser runs scripts."""
    return node.parent is None or node.parent.tag != "noscript"


def _one(metas: Mapping[str, list[str]], key: str) -> str:
    return metas[key][0] if key in metas else ""


def _language(tree: LexborHTMLParser, metas: Mapping[str, list[str]]) -> str:
    root = tree.root
    attributes = root.attributes if root is not None else {}
    declared = attributes.get("lang") or attributes.get("xml:lang") or _one(metas, "http-equiv:content-language")
    return declared.strip().lower()


def _site_name(metas: Mapping[str, list[str]], nodes: tuple[Node, ...]) -> str:
    if name := _one(metas, "og:site_name") or _one(metas, "application-name"):
        return fold(name)
    for node in nodes:
        if "WebSite" in kinds(node) and (name := next(strings(node.get("name")), "")):
            return fold(name)
    return next((fold(n) for node in nodes for n in strings(node.get("publisher")) if n), "")


def _author_routes(
    metas: Mapping[str, list[str]],
    nodes: tuple[Node, ...],
    items: tuple[Node, ...],
    rels: list[tuple[str, LexborNode]],
    body: _Body,
    base: str,
) -> Iterator[authors.Authors]:
    yield authors.from_nodes(nodes, "json-ld", base)
    yield authors.from_nodes(items, "microdata", base)
    yield authors.from_meta(metas)
    yield authors.from_rel((node for rel, node in rels if "author" in rel.split()), base)
    says_article = _one(metas, "og:type").lower() == "article" or "article:published_time" in metas
    yield authors.from_bylines(body.bylines(), base, says_article)
    yield authors.from_text(body.near())
    labelled = list(labels.written(body.tree.raw_html))
    yield authors.from_text(labelled)
    yield authors.from_biography(labelled)
    yield authors.from_profiles(body.profiles(), base)
    yield authors.from_heading(body.near(), body.tree.raw_html)


def _dates(
    metas: Mapping[str, list[str]], nodes: tuple[Node, ...], items: tuple[Node, ...], body: _Body, url: str
) -> dates.Dates:
    flat = {key: contents[0] for key, contents in metas.items()}
    found = dates.first(dates.from_nodes(nodes, "json-ld"), dates.from_nodes(items, "microdata"), dates.from_meta(flat))
    if not found.published:
        found = dates.first(found, dates.from_lines(body.near()[:20]))
    if not found.published:
        found = dates.first(found, dates.from_elements(body.dated()))
    if not found.published:
        found = dates.first(found, dates.from_lines(body.near()[20:]))
    if not found.route and body.tree.body is not None:
        found = dates.lone_date(lines(body.tree.body, 3000))
    if not found.published and (from_address := dates.url_date(url)):
        found = dates.first(found, dates.Dates(from_address, "", "url"))
    return found


def _labels(
    rels: list[tuple[str, LexborNode]], nodes: tuple[Node, ...], raw: bytes
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    categories: dict[str, None] = {}
    tags: dict[str, None] = {}
    for rel, node in rels[:200]:
        tokens = rel.split()
        labelled = "tag" in tokens or "category" in tokens
        if labelled and not stands_elsewhere(node) and (text := short_text(node, 10)):
            (categories if "category" in tokens else tags)[text[:80]] = None
    for described in nodes:
        for text in strings(described.get("articleSection")):
            categories.setdefault(fold(text)[:80], None)
        for text in strings(described.get("keywords")):
            for word in text[:2000].split(","):
                if word.strip():
                    tags.setdefault(fold(word)[:80], None)
    if not categories and not tags:
        return labels.labelled(raw)
    return tuple(categories)[:MAX_LABELS], tuple(tags)[:MAX_LABELS]
