"""Checks on how an address answers: by way of others, by sending readers on, or with a page that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element
from auditor.page.page import Kind, Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity


@check(
    title="The page is reached through several redirects",
    severity=Severity.LOW,
    fix="Redirect the first address straight to the last, for good (301 or 308), and link to the last.",
)
def redirect_chain(page: Page) -> Iterator[Hit]:
    """Every hop is one more wait, on a phone half a second, and crawlers give up after some (Google's after ten). A temporary redirect
    from http to https leaves the old address in the index (Google Search Central on redirects)."""
    hops = page.snapshot.redirects
    last = page.snapshot.final_url or ""
    if not hops or not last:
        return
    way = " → ".join(f"{hop.url[:100]} ({hop.status})" for hop in hops[:5])
    if len(hops) > 1:
        yield Hit(
            message=f"{len(hops)} redirects lead here: {way} → {last[:100]}.",
            key="chain",
            template="redirect chain",
            evidence={"hops": [{"url": hop.url[:500], "status": hop.status} for hop in hops[:10]], "final": last},
        )
    elif hops[0].status in (302, 303, 307) and _is_for_good(hops[0].url, last):
        yield Hit(
            message=f"The redirect to https is temporary ({hops[0].status}): {hops[0].url[:120]}.",
            key="temporary",
            template="temporary redirect",
            severity=Severity.INFO,
            evidence={"hops": [{"url": hops[0].url[:500], "status": hops[0].status}], "final": last},
        )


def _is_for_good(first: str, last: str) -> bool:
    """Whether a redirect only changes http to https, or the host to its twin with or without `www.`: nobody means to undo that."""
    return (
        first != last
        and urls.same_page(first) == urls.same_page(last)
        and first[:5].lower() == "http:"
        and last[:6] == "https:"
    )


_REFRESH = re.compile(r"\s*([0-9.]{1,10})\s*[;,]?\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]{1,2000})?", re.IGNORECASE)


@check(
    title="The page sends its readers on or reloads by itself",
    severity=Severity.LOW,
    fix="Redirect with the server's answer (301); let readers reload by themselves.",
)
def meta_refresh(page: Page) -> Iterator[Hit]:
    """What changes under a reader's eyes cannot be read by those who read slowly or by ear, and the Back button is caught (WCAG 2.2,
    3.2.5). Search engines follow such redirects, but say to use the server's (Google Search Central on redirects)."""
    found = _REFRESH.match(page.metadata.refresh) if page.metadata.refresh else None
    if page.format is not Format.HTML or found is None:
        return
    seconds, href = found[1], found[2] or ""
    target = urls.absolute(page.url, href) if href else ""
    away = bool(target) and urls.same_page(target) != urls.same_page(page.url or target)
    canonical = page.metadata.canonical
    # On a host that cannot redirect, a stub that names its target as canonical is what search engines ask for.
    stub = away and canonical and urls.same_page(canonical) == urls.same_page(target)
    yield Hit(
        message=f"After {seconds} seconds it {f'sends readers on to {target[:160]}' if away else 'loads itself again'} (meta refresh).",
        key="away" if away else "reload",
        spot=element(page, "meta", lambda opening, _: "refresh" in opening.lower()),
        severity=Severity.LOW if away and not stub else Severity.INFO,
        template="refresh away" if away else "refresh",
        evidence={"content": page.metadata.refresh[:500], "target": target[:500]},
    )


_CUT = re.compile(r"\s[|•·»«—–-]+\s|\s*\|\s*|[!.]\s")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ERROR_PAGES = re.compile(
    r"(?:\A|/)(?:404|not[-_]?found|error|page[-_]?not[-_]?found)(?:/index)?(?:\.[a-z]{2,5})?/?\Z", re.IGNORECASE
)
_TITLE = 200
"""Characters of a title; a longer one is a text."""

_FEW = 120
"""Words of an article that could still be an apology."""


@check(
    title="The page says that there is no such page, and answers as if there were",
    severity=Severity.MEDIUM,
    fix="Let the server answer with status 404 or 410, or redirect to the page that took its place.",
)
def soft_404(page: Page) -> Iterator[Hit]:
    """A missing page that answers with 200 is crawled again and again, may be shown in results, and its broken links are never
    noticed (Google Search Central on soft 404 errors). An error page that lies under its own name, such as 404.html, is no fault."""
    if (
        page.format is not Format.HTML
        or page.snapshot.status not in (None, 200)
        or page.metadata.robots & {"noindex", "none"}
    ):
        return
    title = page.metadata.title
    heads = [h for h in page.headings if h.level <= 2][:3]
    titled = _says_missing(title)
    headed = next((h for h in heads if _says_missing(h.text)), None)
    if (not titled and headed is None) or _is_error_page(page):
        return
    article = [p.text for p in page.article if p.kind is not Kind.HEADING]
    count = sum(len(text.split()) for text in article)
    if count > _FEW:
        return
    twice = bool(titled) and (headed is not None or any(map(_says_missing, article[:6])))
    said = titled or (_says_missing(headed.text) if headed else "")
    if twice or said in _phrases("sure") or said.startswith("404 "):
        yield Hit(
            message=f"The page says “{(title if titled else headed.text if headed else '')[:80]}” "
            f"and answers {'with status 200' if page.snapshot.status else 'like any other page'}.",
            key="soft-404",
            spot=headed.spot if headed else None,
            confidence=Confidence.HIGH if twice and page.snapshot.status == 200 else Confidence.MEDIUM,
            evidence={"title": title[:200], "words": count, "status": page.snapshot.status},
        )


@cache
def _phrases(section: str) -> frozenset[str]:
    text = (Path(__file__).parent / "missing_pages.txt").read_text(encoding="utf-8")
    part = text.partition(f"[{section}]\n")[2].partition("\n[")[0]
    lines = [line for line in part.split("\n") if not line.startswith("#")]
    return frozenset(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


def _says_missing(text: str) -> str:
    """The stock phrase with which a title, or a part of it, says that something is missing; empty where none does."""
    if not text or len(text) > _TITLE:
        return ""
    if _endings().isdisjoint(_words(text)):
        return ""
    return next(filter(None, map(_phrase, (text, *_CUT.split(text)))), "")


@cache
def _endings() -> frozenset[str]:
    """The last words of all phrases: nearly no title has one of them, and none that has not says that something is missing."""
    phrases = [*_phrases("sure"), *_phrases("unsure")]
    return frozenset(_words(phrase)[-1] for phrase in phrases)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))


def _phrase(part: str) -> str:
    words = _words(part)
    fillers = _phrases("fillers")
    numbered = "404" in words
    while words and words[0] in fillers:
        words.pop(0)
    while words and words[-1] in fillers:
        words.pop()
    said = " ".join(words)
    if not said:
        return "404" if numbered else ""
    if said not in _phrases("sure") and said not in _phrases("unsure"):
        return ""
    return f"404 {said}" if numbered else said


def _is_error_page(page: Page) -> bool:
    names = [page.snapshot.path or "", unquote((page.url.partition("://")[2] or "").partition("?")[0])]
    return any(_ERROR_PAGES.search(name.replace("\\", "/")) for name in names)
