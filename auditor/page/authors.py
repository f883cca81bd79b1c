"""Authors and reviewers: who a page says wrote it, by the most reliable of seven routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from auditor.page.dates import iso_date
from auditor.page.names import MAX_AUTHORS, ROLES, account, is_generic, is_office, names, organisation, person_like
from auditor.page.nodes import attribute, lines, short_text, stands_elsewhere
from auditor.page.structured import ARTICLES, FORUMS, PAGES, kinds, strings

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_META = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "citation_author", "byl", "author_name", "article.author", "og:author",
    "og:article:author", "rnews:author", "creator", "authors", "cxenseparse:author", "vr:author",
)  # fmt: skip
_HEAD = 12  # lines around the title in which a bare name is an author's
_NAMED = re.compile(r"[A-Z][\w'’.-]*\s[A-Z]")
_SHORT = 30  # characters of a line in which a name may be in lower case
_LIST = 5  # people from whom on bylines are those of other articles
_CREDIT = (
    r"(?:this\s(?:blog\s)?(?:article|post|story|page|piece)\s(?:was|is)\s)?"
    r"(?:(?:written|posted|published|words|story|article|authored|reported|contributed|started)\s+)?"
)
_BYLINE = re.compile(rf"\A{_CREDIT}(?:by|author|contributors?)(?:\s*:\s*|\s+)(\S.{{1,120}})", re.IGNORECASE)
_OTHER_CREDIT = re.compile(
    r"(?:\w+\s)?(?:reviewed|fact[\s-]checked|edited|photos?|photography|illustrat\w+)\b", re.IGNORECASE
)
_LABEL = re.compile(
    rf"\A(?:{_CREDIT}(?:by|authors?|author\(s\)|contributors?)|(?:thread|topic) starter)\s*:?\Z", re.IGNORECASE
)
# Who made the site, not who wrote the page.
_MAKER = re.compile(r"\bweb ?(?:design|develop|services|solutions)|\bdreamweaver\b|\bfrontpage\b", re.IGNORECASE)
_DEGREE = re.compile(
    r",?\s(?:M\.?D|Ph\.?D|R\.?N|RDN?|DVM|VMD|D\.?O|DDS|DMD|MPH|MSc?|PharmD|DPT|NP|PA-C|LCSW|FNP)\b(?!\w)",
)
_BIOGRAPHY = re.compile(r"\Aabout the authors?\s*:?\s*", re.IGNORECASE)
_INTRODUCED = re.compile(
    r"\A((?:[A-Z][\w'’.-]*\s){1,3}[A-Z][\w'’-]*)(?:,|\s\(|\s(?:is|was|has|holds|writes|works|lives|covers|leads|studied)\b)"
)
MAX_REVIEWERS = 4
"""More of them are customers who reviewed a product."""
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
    forum: bool = False
    """Whether it is a forum's, where accounts are what authors are called."""

    @property
    def generic(self) -> bool:
        "Whether it only names a role or an account (`admin`): a better route may still name a person."
        return all(map(is_generic, self.names)) and not self.forum


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
    ranked: list[tuple[Any, bool]] = []
    for wanted in (ARTICLES, PAGES):
        for node in nodes:
            types = kinds(node)
            if types & wanted:
                forum = bool(types & FORUMS)
                ranked.append((_credited(node), forum))
                main = node.get("mainEntity")
                if isinstance(main, dict):
                    ranked.append((_credited(main), forum or bool(kinds(main) & FORUMS)))
    for credited, forum in ranked:
        found: list[str] = []
        url = ""
        several = credited if isinstance(credited, list) else [credited]
        for one in several[:50]:
            if isinstance(one, dict):
                reference = one.get("@id")
                person = by_id.get(reference, one) if isinstance(reference, str) and "name" not in one else one
                for text in strings(person.get("name")):
                    found.extend(_declared(text))
                address = next(strings(person.get("url")), "")
                url = url or (_join(base, address) if found else "")
            elif isinstance(one, str):
                found.extend(_declared(one))
        if found:
            return Authors(_unique(found), route, url, forum)
    return Authors()


def _declared(text: str) -> tuple[str, ...]:
    """The names of a text that is declared to be an author's, be it only an account's key."""
    if body := organisation(text):
        return (body,)
    if found := names(text):
        return found
    key = account(text)
    return (key,) if key else ()


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href) if href else ""
    except ValueError:
        return ""


def from_meta(metas: Mapping[str, Sequence[str]]) -> Authors:
    "Authors of `<meta>` elements by name or property in lower case, addresses and handles passed over."
    for key in _META:
        contents = [content for content in metas.get(key, ())[:MAX_AUTHORS] if not _MAKER.search(content)]
        found = [name for content in contents for name in _declared(content)]
        if found and not all(name.startswith("@") for name in found):
            return Authors(_unique(found), "meta")
    for number in ("1", "2"):
        label = next(iter(metas.get(f"twitter:label{number}", ())), "").lower()
        if label in ("written by", "by", "author"):
            found = list(_declared(next(iter(metas.get(f"twitter:data{number}", ())), "")))
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
    credited = _unique(found)
    return Authors(credited, "rel", url) if 0 < len(credited) < _LIST else Authors()


def from_bylines(marked: Sequence[LexborNode], base: str, article: bool = False) -> Authors:
    """The author of the first element whose class or `itemprop` says author or byline and that reads like a name.

    Where such elements name ever new people, the page lists other articles and has no author of its own, unless it says that it is
    an `article`.
    """
    first = Authors()
    people: set[str] = set()
    for node in marked[:40]:
        found = _byline_names(node)
        if not found or stands_elsewhere(node):
            continue
        if not first.names:
            link = node if node.tag == "a" else node.css_first("a[href]")
            url = _join(base, attribute(link, "href")) if link is not None and found[0] in short_text(link, 30) else ""
            first = Authors(_unique(found), "byline", url)
        people.update(filter(person_like, found[:1]))
        if article:
            break
        if len(people) >= _LIST:
            return Authors()
    return first


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
    attributes = node.attributes
    content = (attributes.get("content") or "").strip()
    if content or node.tag == "meta":
        return _declared(content)
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
    # Categories and badges stand in bylines too; a lone word is a name only where the element is the author's own.
    lone = len(read) == 1 and "author" in f"{attributes.get('class')} {attributes.get('itemprop')}".lower()
    for line in read[: 1 if bulky else 4]:
        here = names(line) if len(line) <= 80 and not _OTHER_CREDIT.match(line) else ()
        if here and (person_like(here[0]) or lone):
            return here
    if "author" in f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}".split():
        return tuple(filter(account, read[:2]))[:1]
    return ()


def from_text(near: Iterable[str]) -> Authors:
    """The author of a line "By Ann Lee" among the lines around the title."""
    label = False
    for line in near:
        if label:
            label = False
            here = _declared(line) if len(line) <= 200 else ()
            if here and (person_like(here[0]) or account(line)):
                return Authors(here, "text")
        if _LABEL.match(line):
            label = True
        elif len(line) <= 200 and (m := _BYLINE.match(line)):
            if m[1][0].islower() and len(line) > _SHORT:  # "By using this site …"
                continue
            explicit = len(line) <= 40 or line.lower().startswith(("written", "author"))
            here = tuple(name for name in names(m[1]) if explicit or person_like(name))
            if here and (not here[0][0].islower() or " " not in here[0]):
                return Authors(here, "text")
    return Authors()


def from_biography(about: Iterable[str]) -> Authors:
    """The person whom a paragraph under "About the author" introduces: "Ann Lee is a gardener …"."""
    label = False
    for line in about:
        if start := _BIOGRAPHY.match(line):
            label = True
            line = line[start.end() :]
        if label and line:
            here = names(line) if len(line) <= 60 else ()
            introduced = _INTRODUCED.match(line[:120])
            here = here or (names(introduced[1]) if introduced else ())
            if here and person_like(here[0]):
                return Authors(here, "text")
            label = False
    return Authors()


def from_heading(near: Sequence[str], raw: bytes) -> Authors:
    """The person whose bare name stands under the title: with a degree after it, or beside a date or an office where a
    picture of the page `raw` bears the same name."""
    for line, following in zip(near[:_HEAD], (*near[1:_HEAD], ""), strict=False):
        if not _NAMED.match(line) or len(line) > 200:
            continue
        degree = _DEGREE.search(line) and sum(map(str.islower, line.split())) <= 1
        if not degree and (len(following) > 60 or not (iso_date(following) or is_office(following))):
            continue
        here = names(line)
        if not here or not person_like(here[0]):
            continue
        if degree and _DEGREE.match(line, len(here[0])):
            return Authors(here, "text")
        if here[0] == line and f'alt="{line}'.encode() in raw:
            return Authors(here, "text")
    return Authors()


def reviewers(nodes: Iterable[Mapping[str, Any]], visible: Iterable[str]) -> tuple[str, ...]:
    """Who reviewed the page: `reviewedBy` of structured data, else "(Medically) reviewed by …" in the visible lines."""
    found = [name for node in nodes for text in strings(node.get("reviewedBy")) for name in names(text)]
    return _unique(found) or reviewed_in(visible)


def reviewed_in(visible: Iterable[str]) -> tuple[str, ...]:
    """People named after "Reviewed by", "Fact-checked by" in lines, or in the line after such a label.

    Over and over again it is what customers wrote about a product, and nobody's credit.
    """
    found = _unique(_reviewed_in(visible))
    return found if len(found) <= MAX_REVIEWERS else ()


def _reviewed_in(visible: Iterable[str]) -> Iterator[str]:
    pending = False
    for line in visible:
        if pending:
            pending = False
            yield from (name for name in names(line) if person_like(name))
        start = line[:400]
        may = any(word in start.lower() for word in ("reviewed", "checked", "verified", "approved"))
        for m in _REVIEWED.finditer(start) if may else ():
            if m[1]:
                yield from (name for name in names(m[1])[:2] if person_like(name))
            else:
                pending = True


def best(routes: Iterable[Authors], own: Iterable[str]) -> Authors:
    """The first route that names somebody other than the site itself or a bare role; else the first that names anybody.

    `own` are the site's names: its title, its domain, its domain's first label. Once an account is declared, only what looks like
    a person's name outweighs it; an account outweighs the site.
    """
    fallback = Authors()
    least = 0
    ours = {_letters(name) for name in own} - {""}
    for found in routes:
        if not found.names:
            continue
        if found.generic and (found.names[0].lower() in ROLES or found.route in _DECLARED):
            rank = 0 if found.names[0].lower() in ROLES else 2
        else:
            rank = 1 if _letters(found.names[0]) in ours else 4 if person_like(found.names[0]) else 3
        if rank >= 3 and (rank == 4 or least < 2):
            return found
        if not fallback.names or (least < 2 and rank > least):
            fallback, least = found, rank
    return fallback


_DECLARED = frozenset({"json-ld", "microdata", "meta"})
"""Routes by which publishing systems give away the account; what a byline shows is what the author goes by."""
_FIRM = ("inc", "ltd", "llc", "gmbh", "team", "com")


def _letters(name: str) -> str:
    letters = "".join(filter(str.isalnum, name.lower())).removeprefix("the")
    for ending in _FIRM:
        letters = letters.removesuffix(ending)
    return letters
