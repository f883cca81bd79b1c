"""Checks on titles and descriptions: what a page is called in results, tabs and bookmarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element, whole
from auditor.features.pixels import (
    DESCRIPTION_PIXELS,
    DESCRIPTION_SIZE,
    TITLE_PIXELS,
    TITLE_SIZE,
    cut,
    width,
)
from auditor.language.terms import sections
from auditor.page.page import Page, Role, Spot
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from auditor.site.entry import Entry
from auditor.site.site import Site


@check(
    title="The page has no title",
    severity=Severity.MEDIUM,
    fix="Give the page a <title> of its own that says what it is about.",
)
def missing_title(page: Page) -> Iterator[Hit]:
    """The title is what a reader sees in the results, in the tab and in bookmarks. Without one, search engines make
    one up (Google Search Central on title links)."""
    if whole(page) and not page.metadata.title and not page.truncated:
        yield Hit(message="The head has no <title>, or an empty one.", key="title", spot=Spot("head"), template="title")


@check(
    title="The head has several titles",
    severity=Severity.LOW,
    fix="Keep one <title>; most often a theme and a plugin each write one.",
)
def repeated_title_element(page: Page) -> Iterator[Hit]:
    """A browser shows the first title and ignores the others; a search engine may take any of them, or make up one of its own. Most often
    the one that somebody cared for stands second (HTML standard, 4.2.2; Google Search Central on title links)."""
    if page.format is Format.HTML and page.metadata.titles > 1:
        yield Hit(
            message=f"The head has {page.metadata.titles} <title> elements; the first says “{page.metadata.title[:80]}”.",
            key="titles",
            spot=Spot("title", "", 1),
            template="titles",
            evidence={"count": page.metadata.titles, "title": page.metadata.title[:300]},
        )


_EXTENSION = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|docx?|odt|pdf|indd|txt|md)\Z")
_PARTS = re.compile(r"\s+[|·•»«:–—-]\s+|\s*[|»«–—]\s*")
_FRONT = re.compile(r"/?(?:(?:index|home|default)(?:\.\w{2,5})?)?/?|/[a-z]{2}(?:-[a-z]{2})?/?", re.IGNORECASE)
_LONGEST_DEFAULT, _LONGEST_VAGUE = 60, 100
_NAME = 40
"""Characters of a site's name at the end of a title, its separator included."""


@check(
    title="The title says nothing of the page",
    severity=Severity.LOW,
    fix="Name in the title what this page has and others have not.",
)
def vague_title(page: Page) -> Iterator[Hit]:
    """“Home”, “Untitled” or the site's name alone tell nobody in a list of results what the page holds. Google calls vague descriptors the
    first thing to avoid, and replaces such titles with words from the page (Google Search Central on title links)."""
    title = page.metadata.title
    if not title or len(title) > _LONGEST_VAGUE or page.format is Format.TEXT or page.metadata.titles > 1:
        return
    why = _vague(page, " ".join(title.replace("’", "'").casefold().split()))
    if why:
        yield Hit(
            message=f"The title “{title[:80]}” is {why}.",
            key="title",
            spot=Spot("title") if page.format is Format.HTML else None,
            confidence=Confidence.MEDIUM,
            template="vague title",
            evidence={"title": title},
        )


@cache
def _defaults() -> frozenset[str]:
    return frozenset(sections("defaults.txt")["titles"])


@cache
def _exports() -> tuple[str, ...]:
    return tuple(sections("defaults.txt")["exports"])


def _vague(page: Page, title: str) -> str:
    """Why a title in lower case says nothing; empty where it says something."""
    if len(title) <= _LONGEST_DEFAULT and title.rstrip(".!") in _defaults():
        return "one that publishing systems put in by themselves"
    if "." in title and _EXTENSION.search(title) and (" " not in title or title.startswith(_exports())):
        return "the name of a file"
    letters, named = _letters(title), _names(page.metadata.site_name, page.site)
    if not page.url or (not letters.startswith(named) and not letters.endswith(named)):
        return ""
    path = parts.path if (parts := urls.split(page.url)) else ""
    if _FRONT.fullmatch(path):
        return ""
    parts_left = [part for part in _PARTS.split(title) if part and _letters(part) not in named]
    if not parts_left:
        return "" if _is_about_its_site(page, named) else "the site's name and nothing else"
    if len(parts_left) == 1 and len(title) > len(parts_left[0]) and parts_left[0] in _defaults():
        return "a default and the site's name"
    return ""


@lru_cache(maxsize=64)
def _names(name: str, site: str) -> tuple[str, ...]:
    """The letters of what a site is called."""
    return tuple(sorted({_letters(name), _letters(site), _letters(site.partition(".")[0])} - {""}))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_about_its_site(page: Page, names: tuple[str, ...]) -> bool:
    """Whether the article's own headline is the site's name: a project's page, an "about"."""
    return any(h.level == 1 and _letters(h.text) in names and page.role(h.block) is Role.ARTICLE for h in page.headings)


@check(
    title="The title is longer than results show",
    severity=Severity.INFO,
    fix="Put what tells the page apart first, and shorten the title to about 600 pixels (55 to 65 letters).",
)
def long_title(page: Page) -> Iterator[Hit]:
    """A result's title is one line of about 600 pixels on a desk's screen; what does not fit is cut, and a reader chooses without having
    seen it. Search engines read all of it but may shorten it their own way (Google Search Central on title links)."""
    title = page.metadata.title
    if page.format is Format.TEXT or not title:
        return
    pixels = width(title[:1000], TITLE_SIZE)
    if pixels > TITLE_PIXELS and not _only_a_name_is_lost(page, title):
        shown = cut(title[:1000], TITLE_SIZE, TITLE_PIXELS)
        yield Hit(
            message=f"The title is {pixels:,.0f} pixels wide; results show “{shown} …” of it.",
            key="long title",
            template="long title",
            spot=Spot("title") if page.format is Format.HTML else None,
            confidence=Confidence.MEDIUM,
            evidence={"pixels": round(pixels), "most": TITLE_PIXELS, "shown": shown},
        )


def _only_a_name_is_lost(page: Page, title: str) -> bool:
    """Whether all that does not fit is the site's name, or a short part that is set off at the end as such names are."""
    last = max((found.start() for found in _PARTS.finditer(title[:1000])), default=0)
    if not last or width(title[:last], TITLE_SIZE) > TITLE_PIXELS:
        return False
    return len(title) - last <= _NAME or _letters(title[last:]) in _names(page.metadata.site_name, page.site)


@check(
    title="The page has no description",
    severity=Severity.INFO,
    fix="Add a meta description of one or two sentences that are true of this page only.",
)
def missing_description(page: Page) -> Iterator[Hit]:
    """The description is the page's own words in the results, where it decides whether a reader comes. Without one,
    search engines cut a piece out of the text."""
    if whole(page) and not page.metadata.description and not page.metadata.og.get("og:description"):
        yield Hit(message="The page has no meta description.", key="description", template="description")


@check(
    title="The page has several descriptions",
    severity=Severity.INFO,
    fix="Keep one meta description; most often a theme and a plugin each write one.",
)
def repeated_description_element(page: Page) -> Iterator[Hit]:
    """Which of them stands in the results is left to the search engine, and it is not always the one that somebody wrote. A reader may
    see the site's slogan where the page's summary was meant (Google Search Central on snippets)."""
    if page.format is Format.HTML and page.metadata.descriptions > 1:
        yield Hit(
            message=f"The page has {page.metadata.descriptions} meta descriptions.",
            key="descriptions",
            spot=element(page, "meta", lambda opening, _: _DESCRIBES.search(opening) is not None),
            confidence=Confidence.MEDIUM,
            template="descriptions",
            evidence={"count": page.metadata.descriptions},
        )


_SLACK = 1.05
"""By how much a description may be too wide: the loss of a last word or two matters to nobody."""
_DESCRIBES = re.compile(r"""name\s*=\s*["']?description\b""", re.IGNORECASE)


@check(
    title="The description is longer than results show",
    severity=Severity.INFO,
    fix="Say what matters in the first 150 letters; the rest is seldom shown.",
)
def long_description(page: Page) -> Iterator[Hit]:
    """Results show two lines of a description, about 985 pixels on a desk's screen and less on a phone. What follows is cut off in the
    middle of a sentence, so that a reader never sees it (Google Search Central on snippets)."""
    description = page.metadata.description
    if page.format is not Format.HTML or not description:
        return
    pixels = width(description[:2000], DESCRIPTION_SIZE)
    if pixels > DESCRIPTION_PIXELS * _SLACK:
        shown = cut(description[:2000], DESCRIPTION_SIZE, DESCRIPTION_PIXELS)
        yield Hit(
            message=f"The description is {pixels:,.0f} pixels wide; results show it up to “… {shown[-40:]} …”.",
            key="long description",
            template="long description",
            spot=element(page, "meta", lambda opening, _: _DESCRIBES.search(opening) is not None),
            confidence=Confidence.MEDIUM,
            evidence={"pixels": round(pixels), "most": DESCRIPTION_PIXELS, "shown": shown},
        )


@check(
    title="Several pages have the same title",
    severity=Severity.LOW,
    fix="Give each page a title that is true of it alone.",
)
def duplicate_title(site: Site) -> Iterator[Hit]:
    """In the results the pages cannot be told apart, so a reader takes one and a search engine drops the others. Often
    the same text stands there under several addresses (Google Search Central on title links)."""
    seen: Counter[int] = Counter(hash(_folded(entry.title)) for entry in site.entries)  # titles can be as many as pages
    repeated: dict[str, list[Entry]] = defaultdict(list)
    for entry in site.entries if seen and seen.most_common(1)[0][1] > 1 else ():
        title = _folded(entry.title)
        if title and seen[hash(title)] > 1:
            repeated[title].append(entry)
    for title, members in sorted(repeated.items()):
        # One page under two addresses says so by its canonical address; pages of a series say so by their number.
        if len({entry.canonical or entry.name for entry in members}) > 1:
            pages = sorted({entry.name for entry in members})
            shown = members[-1].title
            yield Hit(
                message=f"{len(pages)} pages are titled “{shown[:100]}”.",
                key=title[:120],
                evidence={"pages": pages[:100], "title": shown},
            )


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
