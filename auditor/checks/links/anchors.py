"""Checks on what links say: their words, or that they have none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.links.gathered import start_tag, visible
from auditor.checks.words import name, shown
from auditor.language.terms import sections
from auditor.language.words import tokens
from auditor.page.page import Kind, Link, Page, Role
from auditor.page.prose import snippet
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity


@check(
    title="A link to another site has no text",
    severity=Severity.LOW,
    fix="Take the link out, or give it a text that says where it leads.",
)
def empty_anchor(page: Page) -> Iterator[Hit]:
    """No reader can see or choose a link without text, image or label; it passes on standing to another site unseen.
    Planted links look like that, and so do the remains of careless editing."""
    # A browser's repair of misnested markup leaves an empty twin beside a link; what is shown elsewhere is not unseen.
    seen = {link.url for link in page.links if link.image or link.anchor.strip()}
    bare = [link for link in page.links if link.url not in seen and _textless(page, link)][:_MANY]
    empty = [link for link in bare if not _drawn(page, link)]
    if empty:
        first = empty[0]
        hosts = sorted({link.host for link in empty})
        text = page.paragraphs[first.paragraph].text if first.paragraph is not None else ""
        yield Hit(
            message=f"{len(empty)} link{'s' if len(empty) > 1 else ''} to {', '.join(hosts[:3])} "
            f"{'have' if len(empty) > 1 else 'has'} no text.",
            key="|".join(hosts),
            spot=first.spot,
            snippet=snippet(text, first.start, first.end) if text else "",
            confidence=Confidence.MEDIUM,
            evidence={"links": [link.href for link in empty[:30]]},
        )


_MANY = 200  # links without text that are looked at


def _textless(page: Page, link: Link) -> bool:
    if not link.external or link.anchor.strip() or link.image or link.hidden is not None:
        return False
    return page.role(link.block) is Role.ARTICLE


def _drawn(page: Page, link: Link) -> bool:
    """Whether a drawing, a style or a script gives the link a face: icons are often made that way."""
    if link.spot.offset is not None:
        return False
    if link.style.strip("|").strip():
        return True
    needle = link.href.replace("&", "&amp;")
    at = max(page.source.find(needle), page.source.find(link.href))
    if at < 0:
        return True
    inner = page.source[at : at + 600].partition("</a")[0].lower()
    return any(
        mark in inner
        for mark in (
            "<svg",
            "<img",
            "<i ",
            "<i>",
            "<picture",
            "<video",
            "<iframe",
            "<object",
            "<span",
            "<div",
            "aria-label",
            "title=",
        )
    )


_TRIED = 50  # links whose start tags are looked up


@check(
    title="A link has an image and no words",
    severity=Severity.LOW,
    fix="Say in the image's alt attribute where the link leads.",
)
def unnamed_link(page: Page) -> Iterator[Hit]:
    """Who listens to the page hears “link” and a file's name, and cannot know whether to follow (WCAG 2.2, 2.4.4 and 1.1.1). For a search
    engine the alternative text of an image is the link's anchor (Google Search Central on crawlable links)."""
    if page.format is not Format.HTML:
        return
    # A picture beside a headline that leads to the same place needs no words of its own.
    named = {link.url for link in page.links if link.anchor.strip()}
    own: dict[str, Link] = {}
    shared: dict[str, Link] = {}
    tried = 0
    for link in visible(page):
        if (
            link.image
            and link.url
            and not link.anchor.strip()
            and link.url not in named
            and not urls.is_picture(link.url)
        ):
            if tried < _TRIED and "aria-hidden" in start_tag(page, link):
                continue
            tried += 1
            (own if page.role(link.block) is Role.ARTICLE else shared).setdefault(link.url, link)
    for links, outside in ((own, False), (shared, True)):
        if links:
            first = next(iter(links.values()))
            yield Hit(
                message=f"{len(links)} link{'s' if len(links) > 1 else ''}{' outside of the article' if outside else ''} "
                f"{'have' if len(links) > 1 else 'has'} an image without words, the first to {first.href[:120]}.",
                key="unnamed outside" if outside else "|".join(sorted(links))[:300],
                spot=first.spot,
                severity=Severity.INFO if outside else Severity.LOW,
                template="unnamed link" if outside else "",
                evidence={"count": len(links), "links": [link.href[:300] for link in list(links.values())[:20]]},
            )


@cache
def _unhelpful() -> frozenset[str]:
    return frozenset(" ".join(tokens(entry)) for entry in sections("cues.txt")["unhelpful anchors"])


_SHORT = 40  # characters of an anchor that can be one of them
_SENTENCE = 25  # characters of a paragraph beside its link from which on the link stands in a text
_FEWEST = 2
_SHARE = 0.1
_TEASER = frozenset({Kind.TEXT, Kind.ITEM, Kind.QUOTE})


@check(
    title="Links say nothing of where they lead",
    severity=Severity.INFO,
    fix="Let the link's words name what a reader will find there.",
)
def generic_anchor(page: Page) -> Iterator[Hit]:
    """Readers skim a page by its links, and screen readers list them without the sentence around: “here” tells them nothing (WCAG 2.2,
    2.4.4). A search engine takes the words as what the other page is about (Google Search Central on link text)."""
    inside: list[Link] = []
    poor: list[Link] = []
    for link in page.links:
        if link.paragraph is None or not link.url or link.hidden is not None:
            continue
        paragraph = page.paragraphs[link.paragraph]
        if paragraph.kind not in _TEASER or len(paragraph.text) - len(link.anchor) < _SENTENCE:
            continue
        if page.role(link.block) is not Role.ARTICLE:
            continue
        inside.append(link)
        if _says_nothing(link.anchor) and not _ends_teaser(link, paragraph.text):
            poor.append(link)
    if len(poor) >= _FEWEST and len(poor) >= _SHARE * len(inside):
        words = list(dict.fromkeys(name(link) for link in poor))
        yield Hit(
            message=f"{len(poor)} of the {len(inside)} links in the text say nothing of where they lead: {', '.join(words[:3])}"
            f"{' …' if len(words) > 3 else ''}.",
            key="|".join(sorted(words))[:300],
            spot=poor[0].spot,
            snippet=shown(page, poor[0]),
            evidence={"count": len(poor), "of": len(inside), "links": [link.href[:300] for link in poor[:20]]},
        )


@lru_cache(maxsize=1024)
def _says_nothing(anchor: str) -> bool:
    if len(anchor) <= _SHORT:
        return " ".join(tokens(anchor)) in _unhelpful()
    return anchor.startswith(("http://", "https://")) and " " not in anchor


def _ends_teaser(link: Link, text: str) -> bool:
    """Whether the link ends a few lines about an own page, as lists of posts have it."""
    return not link.external and link.end >= len(text) - 4 and link.start > 0 and len(link.anchor) > len("here")
