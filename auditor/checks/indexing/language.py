"""Checks on the language that a page says it is in, and on its twins in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element, whole
from auditor.language import locales
from auditor.page.page import Page, Spot
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest
from auditor.spread import Spread, stranger


@check(
    title="The page does not say what language it is in",
    severity=Severity.INFO,
    fix='Add lang to the <html> element, as in <html lang="en">.',
)
def missing_language(page: Page) -> Iterator[Hit]:
    """A screen reader needs it to pronounce the text (WCAG 2.2, 3.1.1), a browser to offer a translation. Search
    engines guess without it, and guess wrong on short or mixed pages."""
    if whole(page) and re.search(r"<html\b", page.source, re.IGNORECASE) and not page.metadata.language:
        yield Hit(message="The <html> element has no lang attribute.", key="lang", spot=Spot("html"), template="lang")


_KIN = (
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs", "sh"},
    {"id", "in", "ms"},
    {"he", "iw"},
    {"yi", "ji"},
    {"fil", "tl"},
)
"""Languages (and old codes) that are told apart by a name more than by their words."""

_LONG = 300
"""Words of an article whose language is sure."""


@check(
    title="The page says that it is in another language than it is",
    severity=Severity.LOW,
    fix="Set lang on the <html> element to the language of the text; mark passages in another language with lang of their own.",
)
def mismatched_language(page: Page, article: Digest, spread: Spread) -> Iterator[Hit]:
    """A screen reader reads the text with the wrong voice (WCAG 2.2, 3.1.1), and a browser offers to translate what needs no
    translation, or does not offer it. Search engines go by the words, other programs by the attribute."""
    declared = page.metadata.language[:2]
    if page.format is not Format.HTML or article.words < _LONG or spread.infested or not stranger(page):
        return
    if any({declared, page.language} <= kin for kin in _KIN):
        return
    yield Hit(
        message=f"The article is in “{page.language}”, and the page says that it is in “{page.metadata.language}”.",
        key=f"{declared}|{page.language}",
        spot=Spot("html"),
        confidence=Confidence.MEDIUM,
        template=f"lang {declared}",
        evidence={"declared": page.metadata.language, "language": page.language},
    )


@check(
    title="The twins in other languages are named wrongly",
    severity=Severity.LOW,
    fix="Give each hreflang a language code and, where it matters, a country (en-gb), a whole address, and name the page itself too.",
)
def invalid_hreflang(page: Page) -> Iterator[Hit]:
    """A code that names no language, a relative address or a list that leaves the page itself out is ignored, and readers are sent to
    the page in a language that they do not speak (Google Search Central, "Tell Google about localized versions of your page")."""
    alternates = page.metadata.alternates
    if page.format is not Format.HTML or not alternates:
        return
    faults: dict[str, str] = {}
    places: dict[str, set[str]] = {}
    for code, href in alternates:
        short = f"“{code[:20]}”"
        if wrong := locales.fault(code):
            faults.setdefault(f"code {code[:20].lower()}", f"{short} {wrong}")
        if not href or href.startswith("#"):
            faults.setdefault("empty", f"{short} leads nowhere")
        elif not href.lower().startswith(("http://", "https://")):
            faults.setdefault("relative", f"{short} has no whole address ({href[:80]})")
        else:
            places.setdefault(code.lower(), set()).add(urls.same_page(href))
    for code, several in places.items():
        if len(several) > 1:
            faults.setdefault(f"twice {code[:20]}", f"“{code[:20]}” is given for {len(several)} addresses")
    if _leaves_itself_out(page, places):
        faults["itself"] = "the page itself is not among them"
    if faults:
        words = [*faults.values()]
        more = f" and {len(words) - 3} more" if len(words) > 3 else ""
        yield Hit(
            message=f"Of its {len(alternates)} hreflang {'entries' if len(alternates) > 1 else 'entry'}: {'; '.join(words[:3])}{more}.",
            key="|".join(sorted(faults)),
            spot=element(page, "link", lambda opening, _: "hreflang" in opening.lower()),
            confidence=Confidence.MEDIUM if [*faults] == ["itself"] else Confidence.HIGH,
            template=f"hreflang {'|'.join(sorted(faults))}"[:200],
            evidence={
                "faults": words[:20],
                "alternates": [f"{code[:20]} {href[:200]}" for code, href in alternates[:20]],
            },
        )


def _leaves_itself_out(page: Page, places: dict[str, set[str]]) -> bool:
    asked = page.snapshot.final_url or page.snapshot.url or ""
    own = {urls.same_page(a) for a in (asked, page.metadata.canonical, page.url) if a}
    named = set().union(*places.values()) if places else set()
    return bool(own) and len(named) > 1 and not own & named
