"""Checks on what a page asks of crawlers: may it be indexed, may its links be followed?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element
from auditor.page.page import Directive, Page
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
            template="noindex",
            spot=element(page, "meta", lambda opening, _: _FORBIDS.search(opening) is not None),
            evidence={"robots": sorted(page.metadata.robots), "header": header},
        )


_PAIRS = (("index", "noindex"), ("follow", "nofollow"))
_WHOLE = {"all": ("index", "follow"), "none": ("noindex", "nofollow")}


@check(
    title="The page tells crawlers two things at once",
    severity=Severity.LOW,
    fix="Say it once: one robots meta element or one header, and for a page that must not be found no canonical address of another.",
)
def conflicting_robots(page: Page) -> Iterator[Hit]:
    """Where two directives contradict each other, search engines take the stricter one, so a page that somebody meant to be found is
    not. A noindex beside another page's canonical address asks to drop this page and to merge it (Google Search Central on robots
    meta tags and on canonicalization)."""
    if page.format is not Format.HTML:
        return
    for agent in dict.fromkeys(d.agent for d in page.metadata.directives):
        said = [d for d in page.metadata.directives if d.agent == agent]
        for yes, no in _PAIRS:
            if (allowing := _says(said, yes)) and (forbidding := _says(said, no)):
                whom = f" to {agent}" if agent else ""
                both = f"{allowing.word}{_where(allowing)}{whom} and {forbidding.word}{_where(forbidding)}"
                yield Hit(
                    message=f"It says {both}; the stricter counts.",
                    key=f"{agent}|{yes}|{no}",
                    spot=element(page, "meta", lambda opening, _: "robots" in opening.lower()),
                    template="conflicting robots",
                    evidence={"directives": [f"{d.source}: {d.word}" for d in said][:20]},
                )
                return
    canonical = page.metadata.canonical
    if page.metadata.robots & {"noindex", "none"} and _leads_away(page, canonical):
        yield Hit(
            message=f"It asks not to be indexed (noindex), and to be counted as {canonical[:160]} (canonical).",
            key="noindex|canonical",
            spot=element(page, "link", lambda opening, _: "canonical" in opening.lower()),
            confidence=Confidence.MEDIUM,
            evidence={"canonical": canonical, "robots": sorted(page.metadata.robots)},
        )


def _says(directives: Sequence[Directive], word: str) -> Directive | None:
    return next((d for d in directives if d.word == word or word in _WHOLE.get(d.word, ())), None)


def _where(directive: Directive) -> str:
    return " (X-Robots-Tag)" if directive.source == "header" else " (meta)"


def _leads_away(page: Page, canonical: str) -> bool:
    """Whether the canonical address is another page's. A stub that sends readers on to it by meta refresh says so on purpose."""
    asked = page.snapshot.final_url or page.snapshot.url or ""
    if not asked or not canonical or "url" in page.metadata.refresh.lower():
        return False
    return urls.same_page(asked) != urls.same_page(canonical)


@check(
    title="The page asks crawlers not to follow its links",
    severity=Severity.INFO,
    fix='Take nofollow out of the robots directives; mark single links with rel="nofollow", "ugc" or "sponsored" instead.',
)
def nofollow_page(page: Page) -> Iterator[Hit]:
    """With nofollow for the whole page none of its links count, those to the site's own pages included, and pages that only it links
    to may never be found (Google Search Central on robots meta tags). A page that must not be indexed either is another matter."""
    if page.format is not Format.HTML or page.metadata.robots & {"noindex", "none"}:
        return
    if "nofollow" in page.metadata.robots and page.links:
        own = sum(1 for link in page.links if link.url and not link.external)
        yield Hit(
            message=f"Crawlers are asked to follow none of its {len(page.links):,} links, {own:,} of them to pages of its own site.",
            key="nofollow",
            spot=element(page, "meta", lambda opening, _: "nofollow" in opening.lower()),
            template="nofollow",
            evidence={"robots": sorted(page.metadata.robots), "links": len(page.links), "internal": own},
        )
