"""The features of one page as a whole: what it links to, what it sells, how it is written, whom it names."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from auditor.features.anchor import interrupting_address, stranded_anchor
from auditor.features.company import foreign, sells
from auditor.features.feature import NAN, Catalogue
from auditor.features.frame import frame
from auditor.features.padding import Filler, filler
from auditor.features.prose import carried, counted, runs
from auditor.features.reading import Reading, cosine
from auditor.features.target import scrambled_path
from auditor.language import lexicons
from auditor.language.lexicons import HostKind
from auditor.language.phrases import marks
from auditor.language.vice import vice
from auditor.page.page import Kind, Role
from auditor.site.digest import Digest

SAMPLE_MARKS = 600
"""Marks of the article that the phrase statistics read; enough for a stable mean."""


@dataclass(slots=True)
class PageView:
    """One page with the verdicts on its links and its related blocks (log-odds, calibrated). What several models ask for is read once."""

    reading: Reading
    links: Sequence[float]
    """Log-odds of each of the reading's external links, in their order."""
    related: Sequence[float]
    """Log-odds of each related block."""
    tops: list[float] = field(init=False)
    """Log-odds of the article's links, highest first."""
    aside: list[float] = field(init=False)
    """Log-odds of the links in comments, sidebars and footers."""
    steps: float = field(init=False)
    manner: Manner = field(init=False)
    kinds: Counter[HostKind] = field(init=False)
    trades: int = field(init=False)
    filler: Filler = field(init=False)
    squeezed: float = field(init=False)
    sold: float = field(init=False)
    """Selling words for each thousand."""
    sentence: float = field(init=False)
    """Words of a sentence."""

    def __post_init__(self) -> None:
        reading = self.reading
        placed = list(zip(reading.external, self.links, strict=True))
        self.tops = sorted((odds for link, odds in placed if reading.roles[link.block] is Role.ARTICLE), reverse=True)
        self.aside = [odds for link, odds in placed if reading.roles[link.block] is not Role.ARTICLE]
        self.steps = self._steps()
        self.manner = manner(reading.digest)
        self.kinds = Counter(
            lexicons.host_kind(link.host) for link in reading.external if reading.roles[link.block] is Role.ARTICLE
        )
        self.filler = filler(reading.page)
        self.trades = sum(hit.hard for hit in vice(reading.page.title))
        self.squeezed = _squeezed(reading.digest.text)
        self.sold = self._sold()
        self.sentence = self._sentence()

    def _steps(self) -> float:
        if not self.reading.digest.english:
            return NAN
        texts: list[str] = []
        length = 0
        for paragraph in self.reading.page.paragraphs:
            if self.reading.shown(paragraph) and paragraph.kind is Kind.TEXT:
                texts.append(paragraph.text)
                length += len(paragraph.text) + 1
                if length > SAMPLE_MARKS * 7:
                    break
        text = " ".join(texts)[: SAMPLE_MARKS * 7]
        found = marks(text[: SAMPLE_MARKS * 5])  # mostly enough; where a text is cut, its last marks may be others
        found = (found if len(found) > SAMPLE_MARKS + 3 else marks(text))[:SAMPLE_MARKS]
        if len(found) < 60:
            return NAN
        return float(np.mean(self.reading.language.phrases.seams(found)))

    def _sold(self) -> float:
        words = self.reading.digest.words
        if words < 60:
            return NAN
        return min(lexicons.commercial(self.reading.digest.text[:8000]) / (min(words, 1400) / 1000.0), 80.0)

    def _sentence(self) -> float:
        running, paragraphs = self.filler.running, self.reading.page.paragraphs
        text = [paragraphs[index].kind is Kind.TEXT for index in running.paragraphs]
        # Where one blank parts any two words, blanks are counted; else the words are.
        even = [len(text.split()) == text.count(" ") + 1 for text in running.texts]
        lengths = [
            running.texts[number].count(" ", start, end) + 1
            if even[number]
            else len(running.texts[number][start:end].split())
            for number, start, end in running.sentences
            if text[number]
        ]
        return float(np.mean(lengths)) if len(lengths) >= 5 else NAN

    @property
    def thousand(self) -> float:
        """Thousands of words in the article, at least a tenth."""
        return max(self.reading.digest.words, 100) / 1000.0


class Manner(NamedTuple):
    """How an article uses its words; NaN below sixty."""

    top: float
    """Share of the words that the most frequent pair of content words takes."""
    again: float
    """Share of three-word runs that occur again."""
    functional: float
    """Share of function words."""
    letters: float
    """Mean length of a word."""


def manner(digest: Digest) -> Manner:
    """One look at each distinct word, then arithmetic on their numbers."""
    count = digest.words
    if count < 60:
        return Manner(NAN, NAN, NAN, NAN)
    numbers = digest.numbers.astype(np.int64)
    telling = carried(digest.vocabulary)[numbers]
    _, pairs = counted(runs(numbers, 2)[telling[:-1] & telling[1:]])
    kinds, _ = counted(runs(numbers, 3))
    lengths = np.fromiter(map(len, digest.vocabulary), dtype=np.int64, count=len(digest.vocabulary))
    return Manner(
        top=int(pairs.max()) * 2 / count if len(pairs) else 0.0,
        again=(count - 2 - len(kinds)) / max(count - 2, 1),
        functional=(count - int(telling.sum())) / count,
        letters=int(lengths[numbers].sum()) / count,
    )


def _squeezed(text: str) -> float:
    raw = text.encode()[:60000]
    return len(raw) / len(zlib.compress(raw, 6)) if len(raw) > 600 else NAN


def _expected(odds: Sequence[float]) -> float:
    """How many of some links were planted, going by their log-odds; at most 8."""
    return min(math.fsum(1.0 / (1.0 + math.exp(-max(value, -500.0))) for value in odds), 8.0)


SPAM: Catalogue[PageView] = Catalogue("page")
feature = SPAM.feature


# --- links ----------------------------------------------------------------------------------------------------------


@feature("how surely its most suspicious link was planted", +1)
def worst_link(view: PageView) -> float:
    return max(view.tops[0], -8.0) if view.tops else -8.0


@feature("how surely its second most suspicious link was planted", +1)
def second_link(view: PageView) -> float:
    return max(view.tops[1], -8.0) if len(view.tops) > 1 else -8.0


@feature("how many of the links beside the article look planted", +1)
def planted_aside(view: PageView) -> float:
    return _expected(view.aside)


@feature("share of its links that look planted", +1)
def planted_share(view: PageView) -> float:
    return sum(odds > 0 for odds in view.tops) / len(view.tops) if view.tops else 0.0


@feature("how many of its links look planted", +1)
def planted_links(view: PageView) -> float:
    return _expected(view.tops)


@feature("links between two sentences or amid one, part of neither", +1)
def misplaced_links(view: PageView) -> float:
    return float(min(view.reading.tally(stranded_anchor) + view.reading.tally(interrupting_address), 6))


@feature("links to folders of random letters", +1)
def scrambled_links(view: PageView) -> float:
    return float(min(view.reading.tally(scrambled_path), 6))


@feature("links that sell grey trades", +1)
def vice_links(view: PageView) -> float:
    return float(min(view.reading.tally(sells), 6))


@feature("links that have nothing to do with the article", +1)
def foreign_links(view: PageView) -> float:
    return float(min(view.reading.tally(foreign), 6))


@feature("external links for each thousand words")
def link_rate(view: PageView) -> float:
    return min(len(view.tops) / view.thousand, 60.0)


@feature("share of its links that lead to scholarly, official, news or reference sites", -1)
def trusted_share(view: PageView) -> float:
    total = sum(view.kinds.values())
    good = (HostKind.SCHOLARLY, HostKind.OFFICIAL, HostKind.NEWS, HostKind.REFERENCE)
    return sum(view.kinds[kind] for kind in good) / total if total else NAN


@feature("links hidden from readers", +1)
def hidden_links(view: PageView) -> float:
    return float(min(sum(link.hidden is not None for link in view.reading.external), 10))


@feature("how off-topic its related posts are", +1)
def off_topic_related(view: PageView) -> float:
    return max(max(view.related), -8.0) if view.related else NAN


# --- what it is about -------------------------------------------------------------------------------------------------


@feature("mentions of grey trades for each thousand words", +1)
def vice_rate(view: PageView) -> float:
    return min(view.reading.article_vice / view.thousand, 20.0)


@feature("grey trades in the title", +1)
def vice_title(view: PageView) -> float:
    return float(min(view.trades, 2))


@feature("the article is about what the site is about", -1)
def site_closeness(view: PageView) -> float:
    return view.reading.closeness


@feature("the article is about what the site's menus, footer and name are about", -1)
def frame_closeness(view: PageView) -> float:
    return cosine(frame(view.reading), view.reading.digest.vector)


@feature("the title is about what the article is about", -1)
def title_closeness(view: PageView) -> float:
    return cosine(view.reading.digest.title_vector, view.reading.digest.vector)


@feature("the title baits")
def title_bait(view: PageView) -> float:
    return float(lexicons.clickbait(view.reading.page.title))


@feature("selling words for each thousand words", +1)
def commerce_rate(view: PageView) -> float:
    return view.sold


# --- how it is written --------------------------------------------------------------------------------------------------


@feature("words in the article (log)")
def length(view: PageView) -> float:
    return math.log1p(view.reading.digest.words)


@feature("how fluently its sentences read (phrase statistics)", -1)
def fluency(view: PageView) -> float:
    return view.steps


@feature("how well it compresses: text that repeats itself", +1)
def compression(view: PageView) -> float:
    return view.squeezed


@feature("share of the words that its most frequent phrase takes", +1)
def top_phrase(view: PageView) -> float:
    return view.manner.top


@feature("share of three-word runs that occur again", +1)
def repeated_runs(view: PageView) -> float:
    return view.manner.again


@feature("share of function words")
def function_words(view: PageView) -> float:
    return view.manner.functional


@feature("mean word length")
def word_length(view: PageView) -> float:
    return view.manner.letters


@feature("mean sentence length in words")
def sentence_length(view: PageView) -> float:
    return view.sentence
