"""Authors and reviewers: who a page says wrote it, by the most reliable of seven routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from auditor.page.names import MAX_AUTHORS, is_generic, names, person_like
from auditor.page.nodes import attribute, lines, short_text, stands_elsewhere
from auditor.page.structured import ARTICLES, PAGES, kinds, strings

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_META = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "citation_author", "byl", "author_name", "article.author", "og:author",
    "og:article:author", "rnews:author", "creator", "authors", "cxenseparse:author", "vr:author",
)  # fmt: skip
_CREDIT = r"(?:(?:written|posted|published|words|story|article|authored|reported|contributed)\s+)?"
_BYLINE = re.compile(rf"\A{_CREDIT}(?:by|author)\s*:?\s+(\S.{{1,120}})", re.IGNORECASE)
_OTHER_CREDIT = re.compile(
    r"(?:\w+\s)?(?:reviewed|fact[\s-]checked|edited|photos?|photography|illustrat\w+)\b", re.IGNORECASE
)
_LABEL = re.compile(rf"\A{_CREDIT}(?:by|authors?)\s*:?\Z", re.IGNORECASE)
_REVIEWED = re.compile(
    r"\b(?:(?:medically|clinically|scientifically|expert|fact|legally)[\s-]+)?(?:reviewed|fact[\s-]checked|verified|approved)"
    r"\s+by\s*:?\s*(.{2,120})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Authors:
    "Names as found, the way they were found and the address of the first one's own page."

    names: tuple[str, ...] = ()
    route: str = ""
    url: str = ""

    @property
    def generic(self) -> bool:
        "Whether it only names a role (`admin`): a better route may still name a person."
        return all(map(is_generic, self.names))


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    by_key: dict[str, str] = {}
    for name in found:
        by_key.setdefault(name.lower(), name)
    return tuple(by_key.values())[:MAX_AUTHORS]


def _credited(node: Mapping[str, Any]) -> Any:
    return next((node[key] for key in ("author", "creator") if node.get(key)), None)


def from_nodes(nodes: Sequence[Mapping[str, Any]], route: str, base: str) -> Authors:
    "Authors of the article among structured data nodes; references by `@id` are followed once."
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    ranked: list[Any] = []
    for wanted in (ARTICLES, PAGES):
        for node in nodes:
            types = kinds(node)
            if types & wanted:
                ranked.append(_credited(node))
                main = node.get("mainEntity")
                if isinstance(main, dict):
                    ranked.append(_credited(main))
    for credited in ranked:
        found: list[str] = []
        url = ""
        several = credited if isinstance(credited, list) else [credited]
        for one in several[:50]:
            if isinstance(one, dict):
                reference = one.get("@id")
                person = by_id.get(reference, one) if isinstance(reference, str) and "name" not in one else one
                for text in strings(person.get("name")):
                    found.extend(names(text))
                address = next(strings(person.get("url")), "")
                url = url or (_join(base, address) if found else "")
            elif isinstance(one, str):
                found.extend(names(one))
        if found:
            return Authors(_unique(found), route, url)
    return Authors()


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href) if href else ""
    except ValueError:
        return ""


def from_meta(metas: Mapping[str, Sequence[str]]) -> Authors:
    "Authors of `<meta>` elements by name or property in lower case, addresses and handles passed over."
    for key in _META:
        found = [name for content in metas.get(key, ())[:MAX_AUTHORS] for name in names(content)]
        if found and not all(name.startswith("@") for name in found):
            return Authors(_unique(found), "meta")
    for number in ("1", "2"):
        label = next(iter(metas.get(f"twitter:label{number}", ())), "").lower()
        if label in ("written by", "by", "author"):
            found = list(names(next(iter(metas.get(f"twitter:data{number}", ())), "")))
            if found:
                return Authors(_unique(found), "meta")
    return Authors()


def from_rel(anchors: Iterable[LexborNode], base: str) -> Authors:
    "Authors of `<a rel=author>` outside of comments and sidebars."
    found: list[str] = []
    url = ""
    for node in anchors:
        if len(found) == MAX_AUTHORS or stands_elsewhere(node):
            continue
        here = names(short_text(node, 30))
        url = url or (_join(base, attribute(node, "href")) if here else "")
        found.extend(here)
    return Authors(_unique(found), "rel", url) if found else Authors()


def from_bylines(marked: Sequence[LexborNode], base: str) -> Authors:
    """The author of the first element whose class or `itemprop` says author or byline and that reads like a name."""
    for node in marked[:40]:
        found = _byline_names(node)
        if not found or stands_elsewhere(node):
            continue
        link = node if node.tag == "a" else node.css_first("a[href]")
        url = _join(base, attribute(link, "href")) if link is not None and found[0] in short_text(link, 30) else ""
        return Authors(_unique(found), "byline", url)
    return Authors()


def from_profiles(links: Sequence[LexborNode], base: str) -> Authors:
    "The author whose page (`/author/…`) is linked to, unless such links name so many that they are a list's."
    found: dict[str, str] = {}
    for node in links[:60]:
        here = names(short_text(node, 30))
        if len(here) == 1 and person_like(here[0]) and not stands_elsewhere(node):
            found.setdefault(here[0], attribute(node, "href"))
    if not 1 <= len(found) <= 2:
        return Authors()
    name, href = next(iter(found.items()))
    return Authors((name,), "byline", _join(base, href))


def _byline_names(node: LexborNode) -> tuple[str, ...]:
    content = attribute(node, "content")
    if node.tag == "meta" or content:
        return names(content)
    read = lines(node, 60)
    if not read or len(read) > 14:
        return ()
    for line, following in zip(read, (*read[1:], ""), strict=True):
        if _LABEL.match(line) and following:
            return names(following)
        if m := _BYLINE.match(line):
            return names(m[1])
    # A long biography has the name in its first line or not at all.
    bulky = sum(map(len, read)) > 400
    for line in read[: 1 if bulky else 4]:
        here = names(line) if len(line) <= 80 and not _OTHER_CREDIT.match(line) else ()
        if here and (person_like(here[0]) or len(read) == 1):
            return here
    return ()


def from_text(near: Iterable[str]) -> Authors:
    """The author of a line "By Ann Lee" among the lines around the title."""
    label = False
    for line in near:
        if label:
            label = False
            here = names(line)
            if here and person_like(here[0]):
                return Authors(here, "text")
        if _LABEL.match(line):
            label = True
        elif len(line) <= 200 and (m := _BYLINE.match(line)):
            explicit = len(line) <= 40 or line.lower().startswith(("written", "author"))
            here = tuple(name for name in names(m[1]) if explicit or person_like(name))
            if here:
                return Authors(here, "text")
    return Authors()


def reviewers(nodes: Iterable[Mapping[str, Any]], visible: Iterable[str]) -> tuple[str, ...]:
    """Who reviewed the page: `reviewedBy` of structured data, else "(Medically) reviewed by …" in the visible lines."""
    found = [
        name
        for node in nodes
        for key in ("reviewedBy",)
        if key in node
        for text in strings(node[key])
        for name in names(text)
    ]
    return _unique(found or _reviewed_in(visible))


def _reviewed_in(visible: Iterable[str]) -> Iterator[str]:
    pending = False
    for line in visible:
        if pending:
            pending = False
            yield from (name for name in names(line) if person_like(name))
        for m in _REVIEWED.finditer(line[:400]):
            if m[1]:
                yield from (name for name in names(m[1])[:2] if person_like(name))
            else:
                pending = True


def best(routes: Iterable[Authors], own: Iterable[str]) -> Authors:
    """The first route that names somebody other than the site itself or a bare role; else the first that names anybody.

    `own` are the site's names: its title, its domain, its domain's first label.
    """
    fallback = Authors()
    ours = {_letters(name) for name in own} - {""}
    for found in routes:
        if not found.names:
            continue
        if not found.generic and _letters(found.names[0]) not in ours:
            return found
        fallback = fallback if fallback.names else found
    return fallback


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower())).removesuffix("team").removesuffix("com")
