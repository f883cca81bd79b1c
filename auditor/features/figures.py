"""Figures: claims with numbers in an article, and whether a reader can see near them where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from auditor.features.occurrence import Occurrence, folded, occurrence, phrases
from auditor.features.references import CITE
from auditor.features.sources import leads_to_source
from auditor.page.page import Kind, Page, Role
from auditor.page.prose import sentences

_FILE = "facts.txt"


class Claim(StrEnum):
    """What a number is claimed of."""

    SHARE = "share"
    """A percentage, "one in five"."""
    DOSE = "dose"
    """An amount of a substance."""
    RATIO = "ratio"
    """ "Three times as many", "doubles the risk"."""
    STUDY = "study"
    """How many were studied, fell ill or died."""


class Support(StrEnum):
    """What stands near a claim, best first."""

    LINK = "link"
    """A link to somebody else's site."""
    CITE = "cite"
    """A number, or a name and a year, that points to a reference."""
    NAMED = "named"
    """Somebody who said so, by name: nothing to follow, but something to look for."""
    NONE = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A claim with a number."""

    claim: Claim
    support: Support
    occurrence: Occurrence


_NUMBER = r"\d+(?:[.,]\d+)*"
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
_PERIOD = r"(?:second|minute|hour|day|week|month|year)s?\b"


@cache
def _numeric() -> re.Pattern[str]:
    """A number and what it counts, in plain text; it begins with a digit, so that most of a text is passed over quickly."""
    units = "|".join(map(re.escape, sorted(phrases(_FILE)["units"], key=len, reverse=True)))
    people = "|".join(phrases(_FILE)["counted"])
    kinds = "|".join(phrases(_FILE)["kinds of people"])
    return re.compile(
        rf"{_NUMBER}(?:\s?(?:-|–|to)\s?{_NUMBER})?(?:"
        rf"(?P<share>\s?(?:%|percent\b|per cent\b)|\s(?:in|out of)\s(?:every\s)?{_SMALL}\b(?!\s{_PERIOD}))|"
        rf"(?P<dose>[\s-]?(?:{units})(?![\w/]))|"
        r"(?P<ratio>[\s-]times\s(?:as|more|less|higher|lower|greater|faster|better|the|likelier|stronger)\b|-?fold\b)|"
        rf"(?P<study>\s(?:(?:{kinds})\s)*(?:{people})\b))"
    )


# The same without a digit; each begins with a word that `_WORDS` looks for.
_WORDED = re.compile(
    rf"(?P<share>\b{_SMALL}\s(?:in|out of)\s(?:every\s)?{_SMALL}\b(?!\s{_PERIOD})|"
    r"\b(?:half|a third|one[- ]third|two[- ]thirds|a quarter|three[- ]quarters) of (?:all |american |u\.s\. )?"
    r"(?:adults|people|women|men|patients|americans|children)\b)|"
    rf"(?P<ratio>\btwice as\b|\b{_SMALL}[- ]?(?:times (?:as|more|less|higher|lower|greater|the)\b|fold\b)|"
    r"\b(?:doubl|tripl|halv|quadrupl)(?:es?|ed|ing) (?:the|your|their|his|her) (?:risk|chances?|odds|rate|likelihood|number)\b)"
)
_WORDS = (
    "one in", "two in", "three in", "four in", "one out", "two out", "three out", "half of", "third of", "thirds of", "quarter",
    "twice as", " times ", "fold", "doubl", "tripl", "halv", "quadrupl",
)  # fmt: skip
# Not claims: a whole, an idiom, a discount.
_IDIOM = re.compile(
    r"\b100\s?(?:%|percent|per cent)|\b(?:110|1000)\s?%|\b(?:off|discount|save|sale|coupon|apr|interest|commission|tax)\b"
)
_YEARS = re.compile(r"\((?:[A-Z][^()]{0,80}?,? )?(?:19|20)\d\d[a-z]?\)|\bet al\b|\bdoi\b|\bPMID\b")
_SAID = re.compile(
    r"\b(?:according to|reports?(?:ed)? (?:by|from)|(?:data|figures) from|estimates? (?:by|from)|published (?:in|by)|"
    r"(?:study|survey|research|trial|review) (?:by|from|in|at)|researchers (?:at|from)|found by|recommended by|recommends?|estimates?|"
    r"says?|said|reports?|approved)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<=\s)(?:[A-Z][\w.'’&-]+(?:\s(?:of|for|the|and|on|&)\s(?:the\s)?[A-Z][\w'’-]+|\s[A-Z][\w'’-]+)+|[A-Z]{2,6}\b|Dr\.?\s[A-Z]\w+)"
)
_READ = frozenset({Kind.TEXT, Kind.ITEM, Kind.QUOTE})


@lru_cache(maxsize=2)
def figures(page: Page) -> tuple[Figure, ...]:
    """Every sentence of the article that claims something with a number, once each, with the best that stands in it or in the sentence
    on either side of it in its paragraph (catalogue P35). Made for English."""
    read = folded(page)
    roles = [block.role for block in page.blocks]
    links: dict[int, list[int]] = {}
    for link in page.links:
        if link.paragraph is not None and roles[link.block] is Role.ARTICLE and leads_to_source(link):
            links.setdefault(link.paragraph, []).append(link.start)
    worded = set(read.holding(_WORDS))
    found: list[Figure] = []
    for index, paragraph in enumerate(page.paragraphs):
        if roles[paragraph.block] is not Role.ARTICLE or paragraph.kind not in _READ or paragraph.hidden is not None:
            continue
        claims = list(_claims(read.texts[index], index in worded))
        if not claims:
            continue
        text = paragraph.text
        parts = sentences(text)
        for number, (start, end) in enumerate(parts):
            claim = next(((c, a, b) for c, a, b in claims if start <= a < end), None)
            if claim is None or _IDIOM.search(read.texts[index], start, end):
                continue
            first, last = parts[max(0, number - 1)][0], parts[min(len(parts) - 1, number + 1)][1]
            cited = any(first <= at < last for at in links.get(index, ()))
            support = Support.LINK if cited else _support(text[first:last])
            found.append(Figure(claim[0], support, occurrence(page, index, claim[1], claim[2])))
    return tuple(found)


def _claims(text: str, worded: bool) -> Iterator[tuple[Claim, int, int]]:
    for found in _numeric().finditer(text):
        before = text[found.start() - 1 : found.start()]
        # "4.6 out of 5" is a rating.
        rated = found.lastgroup == "share" and "out of" in found[0] and "." in found[0]
        if not rated and not (before.isalnum() or before in ("$", "€", "£", ".", "_")) and found.lastgroup:
            yield Claim(found.lastgroup), found.start(), found.end()
    if worded:
        for found in _WORDED.finditer(text):
            if found.lastgroup:
                yield Claim(found.lastgroup), found.start(), found.end()


def _support(near: str) -> Support:
    if CITE.search(near) or _YEARS.search(near):
        return Support.CITE
    return Support.NAMED if _SAID.search(near) and _NAME.search(near) else Support.NONE
