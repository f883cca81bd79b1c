"""Advertising phrases wedged into sentences that nobody linked: drafts, exports, text whose links were stripped."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from auditor.language import Language, lexicons
from auditor.language.phrases import marks
from auditor.language.vice import vice
from auditor.language.words import content, stem, tokens
from auditor.page.page import Kind, Page, Role, Spot
from auditor.page.prose import sentence_at
from auditor.site.digest import Digest

_REACH = 120  # characters each side that the phrase statistics read
_NEAR = 45  # characters between a trade and the place that goes with it
_JOIN = re.compile(r"^(?:\s|,|in|near|of|for|the|’s|'s)*$", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:\b(?:best|top|cheap|cheapest|affordable|local|trusted|professional|experienced|discount|top-rated)\s+)+$",
    re.IGNORECASE,
)
GAIN = 0.9
"""Nats a step by which the sentence must read better without the phrase; see the link model's card for the measurement."""


@dataclass(frozen=True, slots=True)
class StrayPhrase:
    """A phrase in `page.paragraphs[paragraph].text[start:end]` that its sentence reads better without."""

    paragraph: int
    start: int
    end: int
    phrase: str
    gain: float
    """Nats a step that the sentence gains without it."""
    reasons: tuple[str, ...]

    def spot(self, page: Page) -> Spot:
        """Where it stands: in Markdown and text the phrase itself, in HTML its paragraph."""
        own = page.paragraphs[self.paragraph].spot
        if own.offset is None:
            return own
        at = page.source.find(self.phrase, own.offset)
        if at < 0 or at > own.offset + 4 * len(page.paragraphs[self.paragraph].text) + 200:
            folded = re.compile(r"\s+".join(map(re.escape, self.phrase.split())))
            match = folded.search(page.source, own.offset)
            at = match.start() if match else own.offset
        return Spot(offset=at)


def stray_phrases(page: Page, digest: Digest, language: Language) -> tuple[StrayPhrase, ...]:
    """Place-and-trade and grey-trade phrases that break their sentence, at most one a paragraph, in reading order.

    A phrase counts where the article elsewhere names neither its place nor its trade, and the sentence reads better without it
    by the phrase statistics: a clinic that names its own city does so more than once, and in sentences that parse.
    """
    linked: dict[int, list[tuple[int, int]]] = {}
    for link in page.links:
        if link.paragraph is not None:
            linked.setdefault(link.paragraph, []).append((link.start, link.end))
    found = []
    for index, paragraph in enumerate(page.paragraphs):
        if page.role(paragraph.block) is not Role.ARTICLE or paragraph.kind is not Kind.TEXT or paragraph.hidden:
            continue
        taken = linked.get(index, [])
        for start, end, reasons in _candidates(paragraph.text):
            if any(start < stop and end > first for first, stop in taken):
                continue
            stray = _judge(paragraph.text, start, end, digest, language)
            if stray is not None:
                found.append(StrayPhrase(index, start, end, paragraph.text[start:end], stray, reasons))
                break
    return tuple(found)


def _candidates(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    trades = lexicons.trades(text)
    if trades:
        towns = [place for place in lexicons.places(text) if text[place.start].isupper()]
        for trade in trades:
            for place in towns:
                gap = text[min(trade.end, place.end) : max(trade.start, place.start)]
                if len(gap) <= _NEAR and _JOIN.match(gap):
                    start, end = min(trade.start, place.start), max(trade.end, place.end)
                    spans.append((start, end, ("it names a place and a trade",)))
    spans += [(hit.start, hit.end, (f"it sells {hit.trade}",)) for hit in vice(text) if hit.hard]
    widened = []
    for start, end, reasons in spans:
        lead = _LEAD.search(text, max(0, start - 40), start)
        widened.append((lead.start() if lead else start, end, reasons))
    return sorted(widened, key=lambda span: (span[0], -span[1]))


def _judge(text: str, start: int, end: int, digest: Digest, language: Language) -> float | None:
    """The gain of taking the phrase out, where it is stray; None where it belongs."""
    phrase = text[start:end]
    own = frozenset(map(stem, content(tokens(phrase))))
    elsewhere = sum(digest.stems.get(word, 0) > 1 for word in own)
    if elsewhere > len(own) / 2:
        return None
    first, last = sentence_at(text, start, end)
    wedge = language.phrases.wedge(
        marks(text[max(first, start - _REACH) : start]), marks(phrase), marks(text[end : min(last, end + _REACH)])
    )
    if math.isnan(wedge.gain) or wedge.gain < GAIN or wedge.pair_gain < GAIN:
        return None
    return wedge.gain
