"""Checks on the parts that every page should have: title, description, heading, texts of images and links."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.markup import whole
from auditor.page.page import Image, Link, Page, Role, Spot
from auditor.page.prose import snippet
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
        yield Hit(message="The head has no <title>, or an empty one.", key="title", spot=Spot("head"))


@check(
    title="The page has no description",
    severity=Severity.INFO,
    fix="Add a meta description of one or two sentences that are true of this page only.",
)
def missing_description(page: Page) -> Iterator[Hit]:
    """The description is the page's own words in the results, where it decides whether a reader comes. Without one,
    search engines cut a piece out of the text."""
    if whole(page) and not page.metadata.description and not page.metadata.og.get("og:description"):
        yield Hit(message="The page has no meta description.", key="description")
    elif page.metadata.descriptions > 1:
        yield Hit(
            message=f"The page has {page.metadata.descriptions} meta descriptions.",
            key="descriptions",
            confidence=Confidence.MEDIUM,
        )


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
            evidence={"headings": [h.text for h in first[:20]]},
        )


_PIXEL = re.compile(
    r"pixel|tracking|beacon|/tr\?|spacer|blank\.|1x1|doubleclick|scorecard|facebook\.com/tr", re.IGNORECASE
)


@check(
    title="Images have no alternative text",
    severity=Severity.LOW,
    fix='Describe each image in its alt attribute; an empty alt="" says that it is mere decoration.',
)
def missing_alt(page: Page) -> Iterator[Hit]:
    """Somebody who cannot see the image learns nothing of it, or has the file's name read out (WCAG 2.2, 1.1.1). Image
    search has no words for it either."""
    bare = [image for image in page.images if _bare(page, image)]
    if bare:
        names = [image.src.partition("?")[0].rpartition("/")[2][:60] or image.src[:60] for image in bare]
        yield Hit(
            message=f"{len(bare)} image{'s have' if len(bare) > 1 else ' has'} no alternative text: "
            f"{', '.join(names[:3])}{' …' if len(names) > 3 else ''}.",
            key="alt",
            spot=bare[0].spot,
            severity=Severity.LOW if any(page.role(image.block) is Role.ARTICLE for image in bare) else Severity.INFO,
            evidence={"count": len(bare), "images": [image.src[:300] for image in bare[:20]]},
        )


def _bare(page: Page, image: Image) -> bool:
    if page.format is Format.MARKDOWN:
        return image.alt is None or (image.alt == "" and page.role(image.block) is Role.ARTICLE)
    return image.alt is None and bool(image.src) and not _PIXEL.search(image.src)


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
