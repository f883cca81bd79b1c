"""Directives: what a page's head and its response headers tell search engines (robots, canonical addresses, other languages)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor import urls
from auditor.page.page import Canonical, Directive

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_FEEDS = ("rss", "atom", "feed+json")
LOADED = {
    "script": "src", "iframe": "src", "frame": "src", "embed": "src", "audio": "src", "video": "src", "source": "src",
    "object": "data", "link": "href", "form": "action",
}  # fmt: skip
_STYLING = frozenset(("stylesheet", "preload", "modulepreload", "manifest"))
MAX_CANONICALS = 20
MAX_ALTERNATES = 500
MAX_FEEDS = 50
MAX_INSECURE = 200
MAX_DIRECTIVES = 500
MAX_HEADER = 20_000
"""Characters of a `Link` header that are read."""

# One entry of a `Link` header (RFC 8288): <address>; parameters, up to the comma before the next.
_ENTRY = re.compile(r"<([^<>]{0,4000})>([^<]{0,2000})")
_PARAMETER = re.compile(r";\s*(rel|hreflang)\s*=\s*\"?([^\";,]{0,200})", re.IGNORECASE)


INSECURE = ",".join(f"{tag}[{name}^='http:' i]{'[rel]' if tag == 'link' else ''}" for tag, name in LOADED.items())
"""Selects what is loaded from, or sent to, an address without encryption (images are noted by the walk)."""


@dataclass(frozen=True, slots=True)
class Links:
    """What the `<link>` elements and the `Link` header say."""

    canonicals: tuple[Canonical, ...]
    hreflang: tuple[tuple[str, str], ...]
    """Code in lower case and absolute address."""
    alternates: tuple[tuple[str, str], ...]
    """The same as written."""
    feeds: tuple[str, ...]
    hreflang_below: bool
    """Whether all of them stand in the body."""

    @property
    def as_in_head(self) -> tuple[Canonical, ...]:
        """The canonical addresses where a body that begins too early is the parser's doing (see `head_end`)."""
        return tuple(one if one.where == "header" else one._replace(where="head") for one in self.canonicals)


def read_links(nodes: Iterable[LexborNode], header: str, base: str) -> Links:
    """Read `<link>` elements in document order, then what the `Link` header adds. Never raises."""
    canonicals: list[Canonical] = []
    written: list[tuple[str, str]] = []
    feeds: list[str] = []
    above = 0
    for node in nodes:
        attributes = node.attributes
        rel = (attributes.get("rel") or "").lower().split()
        href = (attributes.get("href") or "").strip()
        if "canonical" in rel:
            where = "head" if in_head(node) else "body"
            canonicals.append(Canonical(href, urls.absolute(base, href), where))
        elif "alternate" in rel:
            kind = (attributes.get("type") or "").lower()
            code = (attributes.get("hreflang") or "").strip()
            if href and any(mark in kind for mark in _FEEDS):
                feeds.append(urls.absolute(base, href))
            elif code and len(written) < MAX_ALTERNATES:
                written.append((code, href))
                above += in_head(node)
    below = bool(written) and not above
    for rel, code, href in header_links(header):
        if "canonical" in rel:
            canonicals.append(Canonical(href, urls.absolute(base, href), "header"))
        elif code and "alternate" in rel:
            written.append((code, href))
    hreflang = tuple((code.lower(), urls.absolute(base, href)) for code, href in written if href)
    return Links(tuple(canonicals[:MAX_CANONICALS]), hreflang, tuple(written), tuple(feeds[:MAX_FEEDS]), below)


def header_links(header: str) -> Iterator[tuple[list[str], str, str]]:
    """(rel, hreflang, address) of each entry of a `Link` header (RFC 8288)."""
    for entry in _ENTRY.finditer(header[:MAX_HEADER]):
        named = {found[1].lower(): found[2].strip() for found in _PARAMETER.finditer(entry[2])}
        yield named.get("rel", "").lower().split(), named.get("hreflang", ""), entry[1].strip()


def read_directives(metas: Mapping[str, list[str]], headers: Mapping[str, str]) -> tuple[Directive, ...]:
    """Every word of meta robots and of X-Robots-Tag, with who says it and for which crawler, each once."""
    found: dict[Directive, None] = {}
    for key in ("robots", "googlebot"):
        for content in metas.get(key, ()):
            for part in content.split(","):
                found[Directive("meta", "" if key == "robots" else key, part.strip().lower())] = None
    agent = ""
    for part in headers.get("x-robots-tag", "").lower().split(","):
        name, mark, rest = part.partition(":")
        if mark and name.strip() not in _VALUED:
            # A crawler's name rules over every directive up to the next name.
            agent, part = name.strip(), rest
        found[Directive("header", "" if agent == "*" else agent, part.strip())] = None
    return tuple(directive for directive in found if directive.word)[:MAX_DIRECTIVES]


def insecure(node: LexborNode, attributes: Mapping[str, str | None]) -> tuple[str, str] | None:
    """(tag, address) of what an element loads or sends without encryption; None where it does neither."""
    tag = node.tag or ""
    address = (attributes.get(LOADED.get(tag, "")) or "").strip()
    if address[:7].lower() != "http://":
        return None
    if tag == "link" and not _STYLING.intersection((attributes.get("rel") or "").lower().split()):
        return None
    parent = node.parent
    return None if parent is not None and parent.tag == "noscript" else (tag, address)


def in_head(node: LexborNode) -> bool:
    """Whether the element stands in the head, where search engines look for it."""
    parent = node.parent
    if parent is not None and parent.tag == "noscript":
        parent = parent.parent
    return parent is None or parent.tag in ("head", "html")


def head_end(tree: LexborHTMLParser) -> str:
    """The tag of what the body begins with, and so of what ended the head; `text` for words.

    Empty where it came out of a `<noscript>`: browsers that run scripts do not look into one, and their head goes on.
    """
    first = tree.body.first_child if tree.body is not None else None
    while first is not None and ((first.tag or "-")[0] in "-!" and not (first.text_content or "").strip()):
        first = first.next
    last = tree.head.last_child if tree.head is not None else None
    while last is not None and (last.tag or "-")[0] in "-!":
        last = last.prev
    if first is None or (last is not None and last.tag == "noscript"):
        return ""
    return "text" if (first.tag or "-")[0] == "-" else first.tag or ""
