"""Dates: when a page says it was published and changed, from markup, visible text or its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.page.nodes import attribute, fold, short_text, stands_elsewhere
from auditor.page.structured import ARTICLES, PAGES, kinds, strings

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FIRST_YEAR, LAST_YEAR = 1990, 2100

# Month names by their number; several languages share a line, abbreviations included.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari января янв",
            "february feb februar février fevrier févr febrero fevereiro fev febbraio februari февраля",
            "march mar märz marz mars marzo março marco maart mrt марта",
            "april apr avril avr abril abr aprile апреля",
            "may mai mayo maio maggio mag mei мая",
            "june jun juni juin junio junho giugno giu июня",
            "july jul juli juillet juil julio julho luglio lug июля",
            "august aug août aout agosto ago augustus августа",
            "september sep sept septembre septiembre setembro set settembre сентября",
            "october oct oktober okt octobre octubre outubro out ottobre ott oktobre октября",
            "november nov novembre noviembre novembro ноября",
            "december dec dezember dez décembre decembre diciembre dic dezembro dicembre декабря",
        ),
        1,
    )
    for name in names.split()
}

_DIGITS = re.compile(r"(?:19|20)\d\d|\d[/.-]\d")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s{0,3}(\d{1,2})(?:st|nd|rd|th)?\.?,?\s{0,3}((?:19|20)\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?:\s{1,3}|-)(?:de\s|of\s)?([^\W\d_]{3,10})\.?,?(?:\s{1,3}|-)(?:de\s|del\s)?"
    r"((?:19|20)\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d),?[\s-]{1,3}([^\W\d_]{3,10})\.?[\s-]{1,3}(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:20)?\d\d)(?!\d)")
_CJK = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_COMPACT = re.compile(r"\A((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?\Z")
_EPOCH = re.compile(r"\A1\d{9}(?:\d{3})?\Z")
_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/+_-]|\Z)|/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/+_-]|\Z)")

_MODIFIED_NAME = re.compile(r"modif|updat|expir|review|access|birth|event|start|end")
_MODIFIED = re.compile(
    r"\b(?:updated|modified|revised|reviewed|edited|aktualisiert|mis à jour|"
    r"actualizado|atualizado|aggiornato|bijgewerkt)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:published|posted|publish|written|created|veröffentlicht|publié|publicado|pubblicato)\b", re.IGNORECASE
)

_LABELLED = re.compile(rf"(?:{_MODIFIED.pattern}|{_PUBLISHED.pattern})", re.IGNORECASE)

_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "datepublished", "date", "pubdate", "publish_date", "publish-date", "publishdate", "publication_date",
    "published_date", "published_at", "parsely-pub-date", "sailthru.date", "dc.date", "dc.date.issued",
    "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date", "dc.created",
    "citation_publication_date", "citation_online_date", "citation_date", "article.published",
    "article_date_original", "cxenseparse:recs:publishtime", "originalpublicationdate", "rnews:datepublished",
    "created",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "article:modified", "og:updated_time", "og:article:modified_time", "datemodified",
    "last-modified", "lastmod", "dcterms.modified", "dc.date.modified", "dc.modified", "article.updated",
    "modified", "updated", "revised",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dates:
    "ISO dates, empty where unknown, and the way the first known one was found."

    published: str = ""
    modified: str = ""
    route: str = ""


def _valid(year: str, month: str | int, day: str) -> str:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else ""


def _named(year: str, month: str, day: str) -> str:
    number = _MONTHS.get(month.lower())
    return _valid(year, number, day) if number else ""


def _numbered(first: str, mark: str, second: str, year: str) -> str:
    # 03/04/2021 is March the 4th with slashes, as American pages write it, and April the 3rd with dots.
    if len(year) == 2:
        year = f"20{year}"
    american = mark != "."
    return (
        (_valid(year, first, second) or _valid(year, second, first))
        if american
        else (_valid(year, second, first) or _valid(year, first, second))
    )


def dates_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every date written out in a text as (start, end, ISO date), by kind of spelling. Linear in the text's length."""
    if not _DIGITS.search(text):
        return
    for m in _ISO.finditer(text):
        yield m.start(), m.end(), _valid(m[1], m[3], m[4])
    for m in _MONTH_FIRST.finditer(text):
        yield m.start(), m.end(), _named(m[3], m[1], m[2])
    for m in _DAY_FIRST.finditer(text):
        yield m.start(), m.end(), _named(m[3], m[2], m[1])
    for m in _YEAR_FIRST.finditer(text):
        yield m.start(), m.end(), _named(m[1], m[2], m[3])
    for m in _CJK.finditer(text):
        yield m.start(), m.end(), _valid(m[1], m[2], m[3])
    for m in _NUMBERS.finditer(text):
        yield m.start(), m.end(), _numbered(m[1], m[2], m[3], m[4])


def iso_date(text: str) -> str:
    """The first date in a text as `YYYY-MM-DD`, as its writer's clock had it; empty for none.

    Reads ISO 8601, RFC 2822, Unix times and dates written out in eight languages.
    """
    text = fold(text[:200])
    if m := _COMPACT.match(text):
        return _valid(m[1], m[2], m[3])
    if _EPOCH.match(text):
        return date.fromordinal(date(1970, 1, 1).toordinal() + int(text[:10]) // 86400).isoformat()
    best = min(((start, found) for start, _, found in dates_in(text) if found), default=(0, ""))
    return best[1]


def url_date(url: str) -> str:
    "The date in an address's path (`/2021/03/04/`), empty for none."
    for m in _URL.finditer(url[:500].partition("?")[0]):
        if found := _valid(m[1] or m[4], m[2] or m[5], m[3] or m[6]):
            return found
    return ""


def visible_dates(text: str) -> Dates:
    """Published and modified dates of a line, told apart by the word before each ("Updated on …")."""
    published = modified = ""
    hits = sorted((start, end, found) for start, end, found in dates_in(text[:2000]) if found)
    last = 0
    for start, end, found in hits:
        if start < last:
            continue
        before = text[max(last, start - 40) : start]
        last = end
        changed = [m.start() for m in _MODIFIED.finditer(before)]
        if changed and not any(m.start() > changed[-1] for m in _PUBLISHED.finditer(before)):
            modified = modified or found
        else:
            published = published or found
    return Dates(published, modified, "text" if published or modified else "")


def from_lines(read: Iterable[str]) -> Dates:
    """Dates of short lines; a line that is only a label ("Last updated:") belongs to the one after it."""
    label = ""
    found = Dates()
    for line in read:
        # A date in the middle of a sentence is what the text is about.
        if len(line) <= 160 and not (len(line) > 70 and line[-1] in ".!?" and not _LABELLED.search(line)):
            found = first(found, visible_dates(f"{label} {line}"))
        label = line if len(line) <= 30 and (_MODIFIED.search(line) or _PUBLISHED.search(line)) else ""
    return found


def lone_date(read: Iterable[str]) -> Dates:
    "The first line that is hardly more than a date."
    for line in read:
        if 8 <= len(line) <= 45 and (seen := visible_dates(line)).route and len(line) <= 45:
            return seen
    return Dates()


def from_nodes(nodes: Iterable[Mapping[str, Any]], route: str) -> Dates:
    "Dates of the article among structured data nodes, else of the page."
    articles, pages = [], []
    for node in nodes:
        types = kinds(node)
        main = node.get("mainEntity") if "mainEntity" in node else node.get("mainEntityOfPage")
        if types & ARTICLES:
            articles.append(node)
        elif types & PAGES:
            pages.append(node)
        if isinstance(main, dict) and kinds(main) & ARTICLES:
            articles.append(main)
    published = modified = ""
    for node in (*articles, *pages):
        published = published or _property(node, "datePublished", "dateCreated", "uploadDate")
        modified = modified or _property(node, "dateModified", "lastReviewed")
    return Dates(published, modified, route if published or modified else "")


def _property(node: Mapping[str, Any], *names: str) -> str:
    return next((d for name in names if name in node for text in strings(node[name]) if (d := iso_date(text))), "")


def from_meta(metas: Mapping[str, str]) -> Dates:
    "Dates of `<meta>` elements, by name or property in lower case."
    loose = [name for name in metas if "publish" in name or name.endswith(("date", "pubdate"))]
    named = (*_PUBLISHED_META, *(name for name in loose if not _MODIFIED_NAME.search(name)))
    published = next((d for name in named if name in metas and (d := iso_date(metas[name]))), "")
    modified = next((d for name in _MODIFIED_META if name in metas and (d := iso_date(metas[name]))), "")
    return Dates(published, modified, "meta" if published or modified else "")


def from_elements(marked: Sequence[LexborNode]) -> Dates:
    """Dates of `<time>` elements, loose `itemprop`s and elements of a class that says date, not of comments."""
    published = modified = ""
    for node in marked[:60]:
        attributes = node.attributes
        marks = (
            f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''} {attributes.get('id') or ''}".lower()
        )
        if published and modified:
            break
        text = short_text(node, 40)[:200]
        seen = visible_dates(text)
        stamp = iso_date(attribute(node, "datetime") or attribute(node, "content"))
        if not (stamp or seen.route) or len(text) > 160 or stands_elsewhere(node):
            continue
        if stamp and not (seen.published and seen.modified):
            parent = node.parent
            before = short_text(parent, 12)[:60].partition(text)[0] if parent is not None and text else ""
            changed = bool(
                _MODIFIED.search(marks.replace("-", " ").replace("_", " "))
                or _MODIFIED.search(f"{before[-30:]} {text}")
            )
            changed = changed or "datemodified" in marks or (bool(seen.modified) and not seen.published)
            seen = Dates("", stamp) if changed else Dates(stamp, "")
        elif "modif" in marks or "update" in marks:
            seen = Dates("", seen.modified or seen.published) if not seen.modified else seen
        published = published or seen.published
        modified = modified or seen.modified
    return Dates(published, modified, "markup" if published or modified else "")


def first(*found: Dates) -> Dates:
    """The published and the modified date each from the first that has it; the route of the published one, if any."""
    published = next((d for d in found if d.published), Dates())
    modified = next((d for d in found if d.modified), Dates())
    return Dates(published.published, modified.modified, published.route or modified.route)
