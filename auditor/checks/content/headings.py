"""Checks on headings: whether there is a headline, one of them, and whether the levels lead from one to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.checks.check import Hit, check
from auditor.checks.markup import whole
from auditor.page.page import Page, Role
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity


@check(
    title="The page has no main heading",
    severity=Severity.LOW,
    fix="Mark the headline up as <h1>.",
)
def missing_heading(page: Page) -> Iterator[Hit]:
    """Readers who listen to a page jump from heading to heading, and the first one tells them where they are. Search
    engines take it as the page's own title."""
    if page.format is Format.TEXT or any(h.level == 1 for h in page.headings) or not page.article:
        return
    if page.format is Format.MARKDOWN and page.metadata.title:
        return  # the template prints the front matter's title
    if page.format is Format.HTML and not whole(page):
        return
    first = page.headings[0] if page.headings else None
    instead = (
        f"; the first heading is “{first.text[:80]}”, of level {first.level}" if first else " and no other heading"
    )
    yield Hit(
        message=f"The page has no <h1>{instead}.",
        key="h1",
        spot=first.spot if first else None,
        confidence=Confidence.MEDIUM if re.search(r"<h1\b", page.source, re.IGNORECASE) else Confidence.HIGH,
        template="h1",
    )


@check(
    title="The page has several main headings",
    severity=Severity.INFO,
    fix="Keep one <h1> for the headline and make the others <h2>.",
)
def repeated_h1(page: Page) -> Iterator[Hit]:
    """Several headlines leave open what the page is about, above all to those who navigate by headings. Search engines
    cope, but it often shows that a template or a pasted text is out of place."""
    first = [h for h in page.headings if h.level == 1 and page.role(h.block) is Role.ARTICLE]
    if len(first) > 1:
        yield Hit(
            message=f"The page has {len(first)} main headings: {', '.join(f'“{h.text[:60]}”' for h in first[:3])}"
            f"{' …' if len(first) > 3 else ''}.",
            key="h1",
            spot=first[1].spot,
            snippet=f"«{first[1].text[:160]}»",
            template="several h1",
            evidence={"headings": [h.text for h in first[:20]]},
        )


@check(
    title="Levels of headings are skipped",
    severity=Severity.INFO,
    fix="Choose a heading's level by what it belongs to and its size in the style sheet: below an <h2> comes an <h3>.",
)
def skipped_heading_level(page: Page) -> Iterator[Hit]:
    """Who listens to a page takes a missing level for a part that was passed over (WCAG 2.2, 1.3.1; WAI on headings). Search engines
    cope with any order, but a level chosen for its size hides from them as well what belongs to what."""
    if page.format is Format.TEXT:
        return
    article = [h for h in page.headings if page.role(h.block) is Role.ARTICLE]
    # The headline often stands in a block of its own above the article.
    if article and article[0].level > 1 and (headlines := [h for h in page.headings if h.level == 1]):
        article.insert(0, headlines[0])
    # The last heading is often the theme's: a form, a list of news.
    skipped = [(above, h) for above, h in pairwise(article[:-1]) if h.level > above.level + 1]
    if skipped:
        above, below = skipped[0]
        yield Hit(
            message=f"After “{above.text[:60]}” (level {above.level}) comes “{below.text[:60]}” (level {below.level})"
            f"{f', and {len(skipped) - 1} more such gaps' if len(skipped) > 1 else ''}.",
            key=f"h{above.level}-h{below.level}",
            spot=below.spot,
            snippet=f"«{below.text[:160]}»",
            template=f"h{above.level}-h{below.level}",
            evidence={"from": above.level, "to": below.level, "count": len(skipped)},
        )


@check(
    title="A heading is empty",
    severity=Severity.LOW,
    fix="Take the empty element out, or write the heading.",
)
def empty_heading(page: Page) -> Iterator[Hit]:
    """A screen reader announces a heading and reads nothing, so that its user thinks that something was lost (WCAG 2.2, 2.4.6). Most
    often an editor was used to make room, or a template printed a field that nobody filled."""
    headed = any(h.level == 1 for h in page.headings)  # else an empty <h1> is told by missing-heading
    empty = [h for h in page.empty_headings if (h.level > 1 or headed) and page.role(h.block) is Role.ARTICLE]
    if empty:
        first = empty[0]
        yield Hit(
            message=f"{len(empty)} headings are empty, the first an <h{first.level}>."
            if len(empty) > 1
            else f"An <h{first.level}> is empty.",
            key=f"empty h{first.level}",
            spot=first.spot,
            template=f"empty h{first.level}",
            evidence={"count": len(empty), "levels": [h.level for h in empty[:20]]},
        )
