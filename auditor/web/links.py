"""Links: the addresses an HTML document leads a crawler to."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from auditor import identity, urls
from auditor.answer import NO_PAGES
from auditor.page.hazard import is_hazardous

MAX_LINKS = 5_000
"""Distinct addresses of one page that are looked at."""

FEEDS = frozenset(("application/rss+xml", "application/atom+xml"))

_CHARSET = re.compile(rb"charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_ANCHOR = re.compile(rb"<a(?:rea)?\s[^<>]{0,1000}?href\s{0,5}=\s{0,5}[\"']?([^\"'\s<>]{1,2000})", re.IGNORECASE)
_REFRESH = re.compile(
    r"\s{0,20}[\d.]{1,20}\s{0,20}[;,]\s{0,20}(?:url\s{0,20}=)?\s{0,20}[\"']?([^\"']{1,2000})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Links:
    """Cleaned absolute addresses, each once, in document order."""

    pages: tuple[str, ...]
    files: tuple[str, ...]
    """Extensions of linked files that are no pages, lower case."""
    feeds: tuple[str, ...]


def discover(body: bytes, url: str, content_type: str = "") -> Links:
    """Where `a`, `area`, meta refresh and `link` with rel next, prev, canonical or alternate lead. Never raises.

    `base href` is respected; `nofollow` is not, since an audit looks at what visitors can reach.
    """
    if is_hazardous(body):
        return Links(tuple(dict.fromkeys(_scan(body, url))), (), ())
    tree = LexborHTMLParser(_utf8(body, content_type))
    base = url
    node = tree.css_first("base[href]")
    if node is not None:
        base = urls.absolute(url, node.attributes.get("href") or "") or url
    pages: dict[str, None] = {}
    files: dict[str, str] = {}
    feeds: dict[str, None] = {}
    seen: set[str] = set()
    for node in tree.css("a[href], area[href], link[href], meta[http-equiv][content]"):
        attributes = node.attributes
        href = _href(node.tag or "", attributes, feeds, base)
        if not href or href in seen:
            continue
        seen.add(href)
        address = identity.clean(urls.absolute(base, href))
        if not address:
            continue
        extension = _extension(address)
        if extension in NO_PAGES:
            files[address] = extension
        else:
            pages[address] = None
        if len(seen) >= MAX_LINKS:
            break
    return Links(tuple(pages), tuple(files.values()), tuple(feeds))


def _scan(body: bytes, url: str) -> Iterator[str]:
    """Addresses of a document that must not be parsed, by the look of its tags alone."""
    for match in islice(_ANCHOR.finditer(body), MAX_LINKS):
        address = identity.clean(urls.absolute(url, unescape(match[1].decode("utf-8", "replace"))))
        if address and _extension(address) not in NO_PAGES:
            yield address


def _href(tag: str, attributes: dict[str, str | None], feeds: dict[str, None], base: str) -> str:
    """The address of one element as written, if a crawler follows it; a feed is put with the feeds."""
    if tag in ("a", "area"):
        return attributes.get("href") or ""
    if tag == "meta":
        if (attributes.get("http-equiv") or "").lower() != "refresh":
            return ""
        match = _REFRESH.match(attributes.get("content") or "")
        return match[1].strip() if match else ""
    relations = (attributes.get("rel") or "").lower().split()
    href = attributes.get("href") or ""
    if "next" in relations or "prev" in relations or "canonical" in relations:
        return href
    if "alternate" not in relations:
        return ""
    if (attributes.get("type") or "").strip().lower() in FEEDS:
        address = identity.clean(urls.absolute(base, href))
        if address:
            feeds[address] = None
        return ""
    return href if attributes.get("hreflang") else ""


def _extension(address: str) -> str:
    name = address.partition("?")[0].rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _utf8(body: bytes, content_type: str) -> bytes | str:
    """The document in an encoding that lexbor reads: as it is for UTF-8, decoded for what declares another one."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    match = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(body[:1024])
    if match is None or match[1].lower() in (b"utf-8", b"utf8"):
        return body
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
        return body if name in ("utf-8", "ascii") else body.decode(name, "replace")
    except (LookupError, ValueError):
        return body
