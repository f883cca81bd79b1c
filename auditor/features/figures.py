"""Figures: claims with numbers in an article, and whether a reader can see near them where they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from auditor.features.occurrence import Occurrence, occurrence
from auditor.features.references import CITE
from auditor.features.sources import leads_to_source
from auditor.page.page import Kind, Page, Role
from auditor.page.prose import sentences


class Claim(StrEnum):
    """What a number is claimed of."""

    SHARE = "share"
    """A percentage, "one in five"."""
    DOSE = "dose"
    """An amount of a substance."""
    RATIO = "ratio"
    """"Three times as many", "doubles the risk"."""
    STUDY = "study"
    """The size of a study or of those it speaks of."""


class Support(StrEnum):
    """What stands near a claim, best first."""

    LINK = "link"
    """A link to somebody else's site in the sentence or one beside it."""
    CITE = "cite"
    """A number or a name and year that point to a reference."""
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
_COUNTED = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|(?<![\d.,])\d{1,3}(?:,\d{3})*)"
_CLAIMS = re.compile(
    rf"(?P<share>(?<![\w$€£.])\d[\d.,]*(?:\s?(?:-|–|to)\s?\d[\d.]*)?\s?(?:%|percent\b|per cent\b)|\b{_COUNTED} (?:in|out of)(?: every)? {_COUNTED}\b(?! (?:weeks?|days?|hours?|months?|years?|minutes?|seconds?))|\b(?:half|a third|two[- ]thirds|a quarter|three[- ]quarters) of (?:all |american |u\.s\. )?(?:adults|people|women|men|patients|americans|children)\b)|"
    rf"(?P<dose>(?<![\w$€£.]){_NUMBER}(?:\s?(?:-|–|to)\s?{_NUMBER})?[\s-]?(?:mg|mcg|µg|μg|milligrams?|micrograms?|iu|international units|ml|milliliters?|millilitres?|mg/kg|mg/dl|mmol/l|ng/ml)\b)|"
    rf"(?P<ratio>\b(?:{_COUNTED}|several|many)[- ](?:times|fold) (?:as|more|less|higher|lower|greater|faster|better|the|likelier|stronger)\b|\b{_COUNTED}-?fold\b|\btwice as\b|\b(?:doubl|tripl|halv|quadrupl)(?:es?|ed|ing) (?:the|your|their|his|her) (?:risk|chances?|odds|rate|likelihood|number)\b)|"
    rf"(?P<study>\b{_NUMBER} (?:(?:healthy|adult|older|young|elderly|obese|overweight|postmenopausal|american|male|female|different|diabetic) )*(?:participants|patients|subjects|volunteers|people|adults|women|men|children|americans|deaths|cases|births|studies|trials|randomi[sz]ed)\b|\bn\s?=\s?\d+)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d|\b(?:twice|half|third|quarter|times|fold)\b|doubl|tripl|halv")
# Not claims: a whole, an idiom, a discount, an ingredient list.
_IDIOM = re.compile(
    r"100\s?(?:%|percent)|\b(?:110|1000)\s?%|\b(?:off|discount|save|sale|coupon|apr|interest|commission|tax)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\((?:[A-Z][^()]{0,80}?,? )?(?:19|20)\d\d[a-z]?\)|\bet al\b|\bdoi\b|\bPMID\b")
_SAID = re.compile(
    r"\b(?:according to|reports?(?:ed)? (?:by|from)|data from|figures from|estimates? (?:by|from)|published (?:in|by)|study (?:by|from|in)|survey (?:by|from)|"
    r"research (?:by|from|at)|researchers (?:at|from)|found by|recommended by|recommends?|estimates?|says?|said|reports?|approved)\b"
)
_NAME = re.compile(
    r"(?<=\s)(?:(?:[A-Z][\w.'’&-]+)(?:\s(?:of|for|the|and|on|&)\s(?:the\s)?[A-Z][\w'’-]+|\s[A-Z][\w'’-]+)+|[A-Z]{2,6}\b|Dr\.?\s[A-Z]\w+)"
)


@lru_cache(maxsize=2)
def figures(page: Page) -> tuple[Figure, ...]:
    """Every sentence of the article that claims something with a number, once each (catalogue P35).

    Near is the sentence itself and the one on either side, across the paragraph's edge only where it is a list's item. Made for
    English; reads each paragraph once, and only those with a number sentence by sentence.
    """
    roles = [block.role for block in page.blocks]
    spans: dict[int, list[tuple[int, int]]] = {}
    for link in page.links:
        if link.paragraph is not None and roles[link.block] is Role.ARTICLE and leads_to_source(link):
            spans.setdefault(link.paragraph, []).append((link.start, link.end))
    found: list[Figure] = []
    for index, paragraph in enumerate(page.paragraphs):
        if roles[paragraph.block] is not Role.ARTICLE or paragraph.hidden is not None:
            continue
        if paragraph.kind not in (Kind.TEXT, Kind.ITEM, Kind.QUOTE):
            continue
        text = paragraph.text
        if not _DIGIT.search(text):
            continue
        parts = sentences(text)
        for number, (start, end) in enumerate(parts):
            claim = _CLAIMS.search(text, start, end)
            if claim is None or _IDIOM.search(text, start, end):
                continue
            first = parts[max(0, number - 1)][0]
            last = parts[min(len(parts) - 1, number + 1)][1]
            near = text[first:last]
            if any(first <= a < last for a, _ in spans.get(index, ())):
                support = Support.LINK
            elif CITE.search(near) or _YEARS.search(near):
                support = Support.CITE
            elif _SAID.search(near) and _NAME.search(near):
                support = Support.NAMED
            else:
                support = Support.NONE
            found.append(Figure(Claim(claim.lastgroup or "share"), support, occurrence(page, index, *claim.span())))
    return tuple(found)
