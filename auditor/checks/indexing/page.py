"""Checks on what a page tells search engines of itself: may it be indexed, under which address, in what language?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element, whole
from auditor.page.contrast import contrast, words
from auditor.page.page import Kind, Page, Role, Spot
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity

_FORBIDS = re.compile(r"(?=.*\b(?:robots|googlebot)\b).*\b(?:noindex|none)\b", re.IGNORECASE | re.DOTALL)


@check(
    title="The page asks not to be indexed",
    severity=Severity.INFO,
    fix="If it should be found, take noindex out of the robots meta element and the X-Robots-Tag header.",
)
def noindex_page(page: Page) -> Iterator[Hit]:
    """A page that asks not to be indexed will not be found by search. That is right for drafts and results lists and a
    common left-over of a relaunch elsewhere (Google Search Central on robots meta tags)."""
    if page.format is Format.HTML and (found := sorted(page.metadata.robots & {"noindex", "none"})):
        header = "x-robots-tag" in page.snapshot.headers
        yield Hit(
            message=f"The page asks search engines not to index it (“{found[0]}”).",
            key="noindex",
            spot=element(page, "meta", lambda opening, _: _FORBIDS.search(opening) is not None),
            evidence={"robots": sorted(page.metadata.robots), "header": header},
        )


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
    title="Structured data cannot be read",
    severity=Severity.LOW,
    fix="Correct the JSON; most often a comma too many, a quotation mark inside a text or a line break is at fault.",
)
def invalid_structured_data(page: Page) -> Iterator[Hit]:
    """One wrong comma makes a search engine drop the whole block, and with it author, dates and the way the page is
    shown. Nobody sees it on the page (schema.org, Google Search Central on structured data)."""
    errors = [error for error in page.metadata.structured_errors if not error.endswith("empty")]
    if errors:
        yield Hit(
            message=f"{len(errors)} JSON-LD block{'s' if len(errors) > 1 else ''} cannot be read: {errors[0][:160]}.",
            key=f"json-ld {len(errors)}",
            spot=element(page, "script", _broken),
            evidence={"errors": [error[:300] for error in errors[:10]]},
        )


def _broken(opening: str, inner: str) -> bool:
    """Whether a script is JSON-LD that the standard library cannot read either."""
    import json

    if "ld+json" not in opening.lower():
        return False
    try:
        json.loads(inner, strict=False)
    except (ValueError, RecursionError):
        return True
    return False


@check(
    title="The page does not say what language it is in",
    severity=Severity.INFO,
    fix='Add lang to the <html> element, as in <html lang="en">.',
)
def missing_language(page: Page) -> Iterator[Hit]:
    """A screen reader needs it to pronounce the text (WCAG 2.2, 3.1.1), a browser to offer a translation. Search
    engines guess without it, and guess wrong on short or mixed pages."""
    if whole(page) and re.search(r"<html\b", page.source, re.IGNORECASE) and not page.metadata.language:
        yield Hit(message="The <html> element has no lang attribute.", key="lang", spot=Spot("html"))


@check(
    title="The page is not made for phones",
    severity=Severity.LOW,
    fix='Add <meta name="viewport" content="width=device-width, initial-scale=1"> to the head.',
)
def missing_viewport(page: Page) -> Iterator[Hit]:
    """Without a viewport a phone shows the page as wide as a desk's screen, too small to read. Search engines index
    the page as a phone gets it (Google Search Central on mobile-first indexing)."""
    if whole(page) and re.search(r"<(?:html|head)\b", page.source, re.IGNORECASE) and not page.metadata.viewport:
        yield Hit(message="The head has no viewport meta element.", key="viewport", spot=Spot("head"))


_MADE = 80
"""Words that scripts have to write for it to matter."""

_SHARE, _MOST = 0.3, 0.7


@check(
    title="Scripts write the text",
    severity=Severity.LOW,
    fix="Send the text in the HTML (server-side rendering or static pages) and let scripts add to it.",
)
def script_made_text(page: Page, raw: Page) -> Iterator[Hit]:
    """Search engines read the HTML first and run scripts later, some days later or, most of them, never. What only scripts write
    may not be found, and a reader whose scripts fail sees nothing (Google Search Central on JavaScript)."""
    article = [p for p in page.article if p.kind is not Kind.CODE]
    total = sum(len(words(p.text)) for p in article)
    made = [p for p in contrast(page, raw, shown=True).text if p.hidden is None and page.role(p.block) is Role.ARTICLE]
    count = sum(len(words(p.text)) for p in made if p.kind is not Kind.CODE)
    if count >= _MADE and count >= _SHARE * total:
        yield Hit(
            message=f"{count:,} of the article's {total:,} words are not in the HTML; scripts write them.",
            key="scripts",
            snippet=f"«{made[0].text[:160]}»",
            severity=Severity.MEDIUM if count >= _MOST * total else Severity.LOW,
            evidence={"words": count, "of": total, "share": round(count / total, 2)},
        )
