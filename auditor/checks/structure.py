"""Checks on how an article is built: what it announces and lacks, and what it says twice, too often or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.checks.check import Hit, check
from auditor.features.occurrence import Occurrence
from auditor.features.padding import Filler, filler
from auditor.features.padding import machine_text as machine_tells
from auditor.features.repetition import STUFFED_COUNT, STUFFED_SHARE, stuffed_stem
from auditor.features.repetition import repeated_paragraphs as repetitions
from auditor.features.structure import absent_figures
from auditor.features.structure import empty_taxonomy as hollow_labels
from auditor.features.structure import stuck_numbering as stuck_runs
from auditor.features.trust import published
from auditor.judge import JudgedPage
from auditor.page.page import Kind, Page, Role
from auditor.page.prose import snippet
from auditor.page.snapshot import Format
from auditor.report import Confidence, Label, Severity
from auditor.site.digest import Digest


def shown(page: Page, found: Occurrence) -> str:
    """The sentence around an occurrence, its words between « and »."""
    if found.paragraph is None:
        return f"«{found.words[:160]}»" if found.words else ""
    return snippet(page.paragraphs[found.paragraph].text, found.start, found.end)


def _words(found: Sequence[Occurrence], most: int = 3) -> str:
    quoted = [f"“{o.words[:80]}”" for o in found[:most]]
    return ", ".join(quoted) + (f" and {len(found) - most} more" if len(found) > most else "")


@check(
    title="A figure is announced that is not there",
    severity=Severity.LOW,
    fix="Put the chart, table or picture in its place, or take the sentence out.",
)
def absent_figure(page: Page) -> Iterator[Hit]:
    """A reader who is told of a chart and finds none stops trusting the text; it was copied or generated without
    anybody looking at the page. Google's guide to helpful content asks whether a page was made with care."""
    for found in absent_figures(page):
        yield Hit(
            message=f"The text announces {_announced(found)} (“{found.words[:80]}”), and there is none near it.",
            key=found.words.lower(),
            spot=found.spot,
            snippet=shown(page, found),
            # Whoever copied a page's text may just have left its figures behind.
            confidence=Confidence.LOW if page.format is Format.TEXT else Confidence.MEDIUM,
            evidence={"words": found.words},
        )


def _announced(found: Occurrence) -> str:
    words = found.words.lower()
    named = (
        "chart",
        "table",
        "graph",
        "diagram",
        "infographic",
        "screenshot",
        "photo",
        "picture",
        "image",
        "illustration",
    )
    thing = next((name for name in named if name in words), "figure")
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"


@check(
    title="Categories or tags are announced and empty",
    severity=Severity.LOW,
    fix="Give the post its categories and tags, or let the template leave the line out where there are none.",
)
def empty_taxonomy(page: Page) -> Iterator[Hit]:
    """A line like “Tags: , , ,” tells a reader that nobody has looked at the finished page. Without categories a
    search engine cannot see either what the post belongs to on its site."""
    if found := hollow_labels(page):
        first = found[-1] if found[-1].words.count(",") > 1 else found[0]
        yield Hit(
            message=f"{_words(found)} {'stand' if len(found) > 1 else 'stands'} on the page with nothing behind.",
            key="|".join(sorted({o.words.lower().partition(":")[0].split(",")[0].strip() for o in found})),
            spot=first.spot,
            snippet=f"«{first.words}»",
            evidence={"words": [o.words for o in found]},
        )


@check(
    title="Every item of a list is number 1",
    severity=Severity.LOW,
    fix="Make it one list, or give each its start number.",
)
def stuck_numbering(page: Page) -> Iterator[Hit]:
    """Questions that are all number 1 come from text pasted in and never looked at. A reader cannot refer to them, and
    search engines and screen readers see several lists of one item."""
    for found in stuck_runs(page):
        yield Hit(
            message=f"The numbering starts over at 1 with every item, the first time at “{found.words[:60].strip()}”."
            if found.words
            else "The numbering starts over at 1 with every item of the list.",
            key=found.words[:60].lower(),
            spot=found.spot,
            snippet=shown(page, found),
            evidence={"words": found.words},
        )


def _article(page: Page) -> bool:
    """Whether a page is to be read as one text. Catalogues and lists of results repeat themselves for good reason."""
    return page.format is not Format.HTML or published(page)


THIN = 100
"""Words below which an article is thin."""
_READ = 30  # with fewer words than this the text most likely comes by script


@check(
    title="The article is too short to say anything",
    severity=Severity.MEDIUM,
    policy="thin-content",
    fix="Say what you know and others don't, or merge the post into a page that does.",
)
def thin_article(page: Page, digest: Digest) -> Iterator[Hit]:
    """A post of a few sentences answers no question that brought a reader to it. Many such posts pull a whole site
    down in search (Google's guide to helpful, reliable, people-first content)."""
    if not published(page) or not _READ <= digest.words < THIN or _pictured(page):
        return
    yield Hit(
        message=f"The article has only {digest.words} words.",
        key="thin",
        confidence=Confidence.HIGH,
        evidence={"words": digest.words, "least": THIN},
    )


def _pictured(page: Page) -> bool:
    """A comic, a gallery, a video, a table of results: pages that say little in words and much otherwise."""
    images = sum(page.role(image.block) is Role.ARTICLE for image in page.images)
    cells = sum(p.kind in (Kind.CELL, Kind.CODE) for p in page.article)
    frames = any(
        mark in address for address in page.resources for mark in ("youtube", "vimeo", "embed", "player", "datawrapper")
    )
    return images > 3 or cells > 8 or frames


DENSE = 0.8
"""Stock phrases per 100 words from which an article is padded; 1 of 701 real articles had as many when it was
chosen on them."""
_TELLING = 150  # words below which a density means nothing


@check(
    title="The article is padded with filler",
    severity=Severity.LOW,
    policy="scaled-content-abuse",
    fix="Begin with the answer, take out every sentence that would fit any other subject, and add what only you know.",
)
def padded_article(page: Page, english: Digest) -> Iterator[Hit]:
    """The reader scrolls past sentences that would fit any subject to look for the one that answers. Google's rater
    guidelines name filler that hides the main content as a mark of low quality."""
    read = filler(page)
    signs = _signs(read)
    if read.words < _TELLING or read.density < DENSE or len(signs) < 3:
        return
    first = read.opener or read.phrases[0]
    yield Hit(
        message=f"The article says little for its {english.words} words: {', '.join(signs)}.",
        key="padded",
        spot=first.spot,
        snippet=shown(page, first),
        confidence=Confidence.HIGH if read.density >= 2 * DENSE and len(signs) >= 4 else Confidence.MEDIUM,
        evidence={"phrases": [o.words for o in read.phrases[:20]], "density": round(read.density, 2), "signs": signs},
    )


def _signs(read: Filler) -> list[str]:
    signs = []
    if read.density >= DENSE:
        signs.append(f"{len(read.phrases)} stock phrases such as {_words(read.phrases, 2)}")
    if read.opener:
        signs.append(f"a stock opening (“{read.opener.words}”)")
    if read.conclusion:
        signs.append(f"a stock ending (“{read.conclusion.words}”)")
    if read.facts < 0.15:
        signs.append("hardly a figure, name or quotation")
    if read.varied < 0.65:
        signs.append("the same few words over and over")
    if 0.2 <= read.lead < 1:
        signs.append(f"{read.lead:.0%} of it before the subject comes up")
    return signs


_REPEATED_SHARE = 0.1  # of the article's words; a promotion or a disclaimer that comes twice stays below


@check(
    title="Paragraphs are repeated",
    severity=Severity.LOW,
    policy="scaled-content-abuse",
    fix="Keep each paragraph once, where it belongs.",
)
def repeated_paragraphs(page: Page) -> Iterator[Hit]:
    """Whoever reads the same paragraph twice thinks to have lost the place, then that nobody has read the page.
    Repetition makes an article longer without content, which search engines measure."""
    found = repetitions(page) if _article(page) else ()
    share = sum(repetition.share for repetition in found)
    if share < _REPEATED_SHARE:
        return
    worst = max(found, key=lambda repetition: repetition.share)
    times = 1 + len(worst.again)
    yield Hit(
        message=f"The paragraph “{_cut(worst.first.words)}” stands there {'twice' if times == 2 else f'{times} times'}"
        f"{f', and {len(found) - 1} more are repeated' if len(found) > 1 else ''}.",
        key=" ".join(worst.first.words.lower().split()[:12]),
        spot=page.paragraphs[worst.again[0]].spot,
        snippet=f"«{worst.first.words[:200]}»",
        confidence=Confidence.HIGH if times > 2 or share > 0.25 else Confidence.MEDIUM,
        evidence={"times": times, "share": round(share, 3), "paragraphs": [r.first.words[:200] for r in found[:10]]},
    )


def _cut(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[:length].rpartition(" ")[0] + " …"


@check(
    title="One phrase is stuffed into the text",
    severity=Severity.MEDIUM,
    policy="keyword-stuffing",
    fix="Write for a reader who has understood the subject after the title: say “it”, or leave it out.",
)
def stuffed_keyword(page: Page, digest: Digest) -> Iterator[Hit]:
    """A phrase in every other sentence is written for a machine, and it reads so. Google's spam policies name keyword
    stuffing, and lists of towns with the same words around them, as abuse."""
    found = stuffed_stem(page) if _article(page) else None
    if found is None or found.share < STUFFED_SHARE or found.count < STUFFED_COUNT or found.sentences < 0.35:
        return
    yield Hit(
        message=f"“{found.phrase}” stands there {found.count} times in {digest.words} words, "
        f"in {found.sentences:.0%} of the sentences.",
        key=found.phrase.lower(),
        spot=found.first.spot,
        snippet=shown(page, found.first),
        confidence=Confidence.HIGH if found.share >= 0.2 else Confidence.MEDIUM,
        evidence={"phrase": found.phrase, "count": found.count, "share": round(found.share, 3)},
    )


_SPEAKS = re.compile(r"\b(?:AI|language model|assistant|knowledge|training)\b", re.IGNORECASE)


@check(
    title="A text generator speaks in the article",
    severity=Severity.MEDIUM,
    policy="scaled-content-abuse",
    fix="Read the whole article against its sources before it stays up; take the sentence out.",
)
def machine_text(page: Page) -> Iterator[Hit]:
    """A sentence in which a generator talks of itself, or a blank left for the author, shows that nobody read the page
    before it was published. Google's spam policy on scaled content abuse means such pages, however they were
    made."""
    if found := machine_tells(page):
        worst = next((o for o in found if _SPEAKS.search(o.words)), found[0])
        yield Hit(
            message=f"A text generator's own words were published: {_words(found)}.",
            key=worst.words.lower(),
            spot=worst.spot,
            snippet=shown(page, worst),
            confidence=Confidence.HIGH,
            evidence={"words": [o.words for o in found[:20]]},
        )


@check(
    title="The article is of low quality",
    severity=Severity.MEDIUM,
    policy="scaled-content-abuse",
    fix="Go through the reasons one by one; where nothing can be said for the article, take it down.",
)
def low_quality_article(page: Page, article: Digest, judged: JudgedPage) -> Iterator[Hit]:
    """The article as a whole (whom it names, what it promises and does not show, how it pads) looks like articles of content farms.
    Search engines' raters are asked to rate such pages lowest, above all on health and money. Being dull is not enough: the model
    speaks where about one good article in eighty is as bad."""
    if judged.label is not Label.LOW_QUALITY:
        return
    yield Hit(
        message=f"The article looks like low-effort content ({judged.quality.probability:.0%}).",
        key="quality",
        spot=next((h.spot for h in page.headings if h.level == 1), None),
        snippet=f"«{page.title[:120]}»",
        confidence=Confidence.MEDIUM,
        evidence={
            "probability": judged.quality.probability,
            "reasons": [c.words for c in judged.quality.reasons()],
        },
    )
