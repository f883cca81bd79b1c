"""Checks on how a page comes out: on phones, without scripts, and where its head ends early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.markup import before_body, whole
from auditor.page.contrast import contrast, words
from auditor.page.page import Kind, Page, Role, Spot
from auditor.page.snapshot import Format
from auditor.report import Severity


@check(
    title="The page is not made for phones",
    severity=Severity.LOW,
    fix='Add <meta name="viewport" content="width=device-width, initial-scale=1"> to the head.',
)
def missing_viewport(page: Page) -> Iterator[Hit]:
    """Without a viewport a phone shows the page as wide as a desk's screen, too small to read. Search engines index
    the page as a phone gets it (Google Search Central on mobile-first indexing)."""
    if whole(page) and re.search(r"<(?:html|head)\b", page.source, re.IGNORECASE) and not page.metadata.viewport:
        yield Hit(
            message="The head has no viewport meta element.", key="viewport", spot=Spot("head"), template="viewport"
        )


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


_ELEMENTS = {
    "title": ("title", "<title"),
    "description": ("meta", "description"),
    "canonical": ("link", "canonical"),
    "hreflang": ("link", "hreflang"),
}


@check(
    title="The head ends before its elements",
    severity=Severity.LOW,
    fix="Move what does not belong into the head (div, img, iframe, form, text) below it, after title, meta and link elements.",
)
def misplaced_head(page: Page) -> Iterator[Hit]:
    """The first element that does not belong into a head ends it: what follows stands in the body, whatever the source looks like,
    and there search engines ignore canonical and hreflang (Google Search Central on valid page metadata)."""
    if page.format is not Format.HTML or not page.metadata.misplaced:
        return
    lost = {name: spot for name in page.metadata.misplaced if (spot := before_body(page, *_ELEMENTS[name]))}
    if lost:
        ended = page.metadata.head_end
        what = "text" if ended == "text" else f"<{ended[:40]}>"
        grave = "canonical" in lost or "hreflang" in lost
        yield Hit(
            message=f"The head is ended early by {what}; {_listed([*lost])} after it "
            f"{'count' if len(lost) > 1 else 'counts'} as part of the body.",
            key="|".join(lost),
            spot=next(iter(lost.values())),
            severity=Severity.MEDIUM if grave else Severity.LOW,
            template=f"head {ended[:40]}",
            evidence={"elements": [*lost], "ended_by": ended},
        )


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
