"""Checks on the address that a page gives as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import before_body, element
from auditor.page.page import Canonical, Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity

_SAVED = ("archive.org", "archive.is", "archive.today", "translate.goog", "googleusercontent.com")


@check(
    title="The page names another site as its original",
    severity=Severity.MEDIUM,
    fix="If the text is licensed from there, leave it; if not, name the page's own and look for who changed it.",
)
def foreign_canonical(page: Page) -> Iterator[Hit]:
    """A canonical address on another domain gives the page away: search engines will show that one instead. Syndicated
    articles do so on purpose, broken-into sites without knowing (Google Search Central on canonical URLs)."""
    canonical = page.metadata.canonical
    target = urls.site(canonical)
    own, source = _own_site(page)
    if page.format is not Format.HTML or not target or not own or target.endswith(_SAVED) or own.endswith(_SAVED):
        return
    if target == own or target.endswith(f".{own}") or own.endswith(f".{target}"):
        return  # one is part of the other, where the public suffix list does not know the suffix
    if "." not in target or target.partition(".")[0] == own.partition(".")[0]:
        return  # a host of the inner network, or the same name under another country's suffix
    yield Hit(
        message=f"The page of {own} gives {canonical[:160]} as its canonical address, which is {target}'s.",
        key=target,
        spot=element(page, "link", lambda opening, _: "canonical" in opening.lower()),
        confidence=Confidence.HIGH if source == "address" else Confidence.MEDIUM,
        evidence={"canonical": canonical, "site": own, "known_by": source},
    )


def _own_site(page: Page) -> tuple[str, str]:
    """The page's registrable domain and how it is known. A saved file takes its address from the canonical one, so for
    files Open Graph's address has to say where they belong."""
    if asked := page.snapshot.final_url or page.snapshot.url:
        return urls.site(asked), "address"
    return urls.site(page.metadata.og.get("og:url", "")), "og:url"


@check(
    title="The page's canonical address is faulty or contradicted",
    severity=Severity.LOW,
    fix="Give one canonical address, whole (https://…), without a fragment, in the head; let the Link header and plugins say the same.",
)
def conflicting_canonical(page: Page) -> Iterator[Hit]:
    """Search engines that find two different canonical addresses heed neither, and choose themselves which of several copies they
    show; outside the head they ignore it, and a relative one goes wrong on the first mirror (Google Search Central on canonical URLs)."""
    given = page.metadata.canonicals
    if page.format is not Format.HTML or not given:
        return
    faults = list(_faults(page, given))
    if not faults:
        return
    grave = any(severity is Severity.MEDIUM for severity, _, _ in faults)
    yield Hit(
        message="; ".join(words for _, _, words in faults[:3])[:400] + ".",
        key="|".join(kind for _, kind, _ in faults),
        spot=element(page, "link", lambda opening, _: "canonical" in opening.lower()),
        severity=Severity.MEDIUM if grave else Severity.LOW,
        template=f"canonical {faults[0][1]}",
        evidence={
            "faults": [kind for _, kind, _ in faults],
            "canonicals": [{"address": c.href[:500], "in": c.where} for c in given],
        },
    )


def _faults(page: Page, given: tuple[Canonical, ...]) -> Iterator[tuple[Severity, str, str]]:
    """(severity, kind, words) of each thing that is wrong."""
    places: dict[str, Canonical] = {}
    for one in given if len(given) > 1 else ():
        if one.url:
            places.setdefault(urls.same_page(one.url), one)
    if len(places) > 1:
        named = " and ".join(
            f"{c.href[:120]}{' (Link header)' if c.where == 'header' else ''}" for c in [*places.values()][:3]
        )
        yield Severity.MEDIUM, "several", f"It gives {len(places)} different canonical addresses: {named}"
    first = given[0]
    scheme = (re.match(r"([a-z][a-z0-9+.-]*):", first.href.lower()) or ("", ""))[1]
    if not first.href:
        yield Severity.LOW, "empty", "The canonical address is empty"
    elif scheme and scheme not in ("http", "https"):
        yield Severity.MEDIUM, "scheme", f"The canonical address {first.href[:120]} is no web address"
    elif not scheme:
        yield Severity.LOW, "relative", f"The canonical address {first.href[:120]} is not whole (https://…)"
    if "#" in first.href and not first.href.partition("#")[2].startswith("!"):
        yield (
            Severity.LOW,
            "fragment",
            f"The canonical address {first.href[:120]} has a fragment, which search engines drop",
        )
    if all(c.where == "body" for c in given) and not _is_moved(page) and not before_body(page, "link", "canonical"):
        yield Severity.MEDIUM, "body", "The canonical address stands in the body, where search engines ignore it"
    asked = page.snapshot.final_url or page.snapshot.url or ""
    if scheme == "http" and asked.lower().startswith("https://") and urls.same_page(first.url) == urls.same_page(asked):
        yield (
            Severity.LOW,
            "http",
            f"The page is served over https and gives the http address as canonical ({first.href[:120]})",
        )


def _is_moved(page: Page) -> bool:
    """Whether scripts move what stands in the body into the head, as Next.js does with what it sends late."""
    return "/_next/static/" in page.source


_PAGE = re.compile(
    r"(?:(?<=[?&])(?:page|paged|pg|seite|pagina)=([0-9]{1,5})(?=&|\Z)|/(?:page|seite|pagina|p)[/-]?([0-9]{1,5})/?(?=\?|\Z))"
)


@check(
    title="A later page of a list names the first as its original",
    severity=Severity.LOW,
    fix="Let every page of the list name its own address as canonical.",
)
def canonicalised_pagination(page: Page) -> Iterator[Hit]:
    """Page 2 of a list is no copy of page 1: what only it links to may never be crawled when it gives page 1 as its original (Google
    Search Central on pagination: give each page its own canonical URL). An article in parts may name a page that has all of them."""
    asked = page.snapshot.final_url or page.snapshot.url or ""
    canonical = page.metadata.canonical
    found = _PAGE.search(asked) if canonical else None
    number = int(found[1] or found[2]) if found else 0
    if page.format is not Format.HTML or found is None or number < 2:
        return
    rest = asked[: found.start()].rstrip("?&") + asked[found.end() :]
    first = (
        asked[: found.start(1) if found[1] else found.start(2)]
        + "1"
        + asked[found.end(1) if found[1] else found.end(2) :]
    )
    if urls.same_page(canonical) in (urls.same_page(rest), urls.same_page(first)):
        yield Hit(
            message=f"It is page {number} of a list and gives the first, {canonical[:160]}, as its canonical address.",
            key="pagination",
            spot=element(page, "link", lambda opening, _: "canonical" in opening.lower()),
            confidence=Confidence.MEDIUM,
            target=canonical,
            evidence={"page": number, "canonical": canonical},
        )
