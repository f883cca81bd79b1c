"""Checks for pages that sell what a site must not sell: its links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.page.page import Page, Paragraph
from auditor.page.prose import snippet
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest

_INVITES = re.compile(
    r"\b(?:guest[ -]?post(?:s|ing)?|sponsored (?:post|article|content)s?|write for us|link insertions?|niche edits?|paid (?:post|link)s?|"
    r"advertorials?|link placements?|backlinks?)\b",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:do-?follow|permanent (?:link|post)|link insertions?|niche edits?|(?:domain authority|domain rating|DA|DR)[ :]{1,3}\d\d\b)",
    re.IGNORECASE,
)
_PRICE = re.compile(r"(?:[$€£]\s?\d{2,4}\b|\b\d{2,4}\s?(?:USD|EUR|GBP|dollars|euros)\b)", re.IGNORECASE)
_LONGEST = 3_000
"""Words of a page that could be an offer; a longer one is a treatise on links."""
_CUES = (
    "follow",
    "link insert",
    "niche edit",
    "permanent",
    "domain authority",
    "domain rating",
    "da ",
    "dr ",
    "da:",
    "dr:",
)


@check(
    title="The page offers links for money",
    severity=Severity.MEDIUM,
    policy="link-spam",
    fix='Take the offer down, or sell advertising that is marked rel="sponsored" and say so.',
)
def paid_link_offer(page: Page, digest: Digest) -> Iterator[Hit]:
    """Links sold for ranking are against the rules of every search engine (Google Search Central, spam policies: link spam), and a page
    with prices is what they need to see. On a site that sells nothing of the kind somebody else has put it there."""
    if not 0 < digest.words <= _LONGEST:
        return
    said = digest.text.casefold()
    if not any(cue in said for cue in _CUES) or not (invites := _INVITES.search(digest.text)):
        return
    sells = _SELLS.search(digest.text)
    price = _PRICE.search(digest.text)
    titled = _INVITES.search(page.title) is not None
    if sells is None or not (price or titled):
        return
    found, match = _first(page, sells[0]) or _first(page, invites[0]) or (None, None)
    yield Hit(
        message=f"It offers “{invites[0]}” with “{sells[0]}”" + (f" for {price[0]}." if price else "."),
        key=invites[0].casefold(),
        spot=found.spot if found else None,
        snippet=snippet(found.text, match.start(), match.end()) if found and match else "",
        confidence=Confidence.HIGH if price and titled else Confidence.MEDIUM,
        evidence={"invites": invites[0], "sells": sells[0], "price": price[0] if price else None},
    )


def _first(page: Page, words: str) -> tuple[Paragraph, re.Match[str]] | None:
    pattern = re.compile(re.escape(words))
    return next(((p, match) for p in page.article if (match := pattern.search(p.text))), None)
