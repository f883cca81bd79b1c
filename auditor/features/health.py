"""Is it health advice? The features that tell, read off the article's own words, never those of menus and sidebars."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.features.feature import NAN, Catalogue
from auditor.language import Language
from auditor.language.health import health_words, section_names
from auditor.language.words import tokens
from auditor.page.page import Page
from auditor.site.digest import Digest

CORE = frozenset({"ailments", "treatments", "care", "body"})
"""Sections of the word list whose words have to do with health wherever they stand; the others are manners of speaking."""

MINIMUM_WORDS = 100
"""Words of article below which nobody can tell whether it gives advice."""

_WINDOW = 50


@dataclass(slots=True)
class HealthReading:
    """An article's words of health writing, counted once."""

    page: Page
    digest: Digest
    language: Language
    counts: Mapping[str, int] = field(init=False)
    """Section of the word list → how many of its words and phrases the article holds."""
    places: list[int] = field(init=False)
    """Where in the article words of the core sections stand, as indices of words."""
    title: int = field(init=False)
    """Words of the core sections in the title."""

    def __post_init__(self) -> None:
        counts = dict.fromkeys(section_names(), 0)
        places = []
        for word in health_words(self.digest.tokens, frozenset(self.digest.vocabulary)):
            for section in word.sections:
                counts[section] += 1
            if not CORE.isdisjoint(word.sections):
                places.append(word.at)
        self.counts, self.places = counts, places
        self.title = sum(not CORE.isdisjoint(word.sections) for word in health_words(tokens(self.page.title)))

    def rate(self, *names: str) -> float:
        """Words of some sections for each thousand of the article."""
        return sum(self.counts[name] for name in names) * 1000.0 / max(self.digest.words, MINIMUM_WORDS)


SUBJECT: Catalogue[HealthReading] = Catalogue("health subject")
feature = SUBJECT.feature


@feature("the topic model takes it for health", +1)
def health_topic(view: HealthReading) -> float:
    shares = view.digest.shares
    return float(shares[view.language.topics.names.index("Health")]) if shares.any() else NAN


@feature("words of ailments, treatments, care and the body for each thousand", +1)
def health_words_rate(view: HealthReading) -> float:
    return min(view.rate(*CORE), 120.0)


@feature("words of ailments for each thousand", +1)
def ailments(view: HealthReading) -> float:
    return min(view.rate("ailments"), 80.0)


@feature("words of treatments for each thousand", +1)
def treatments(view: HealthReading) -> float:
    return min(view.rate("treatments"), 80.0)


@feature("words of doctors and patients for each thousand", +1)
def care(view: HealthReading) -> float:
    return min(view.rate("care"), 60.0)


@feature("words of the body at work for each thousand", +1)
def body(view: HealthReading) -> float:
    return min(view.rate("body"), 60.0)


@feature("health in the title", +1)
def health_title(view: HealthReading) -> float:
    return float(min(view.title, 4))


@feature("share of its stretches of fifty words that speak of health", +1)
def spread(view: HealthReading) -> float:
    windows = max(view.digest.words // _WINDOW, 1)
    return min(len({place // _WINDOW for place in view.places}) / windows, 1.0)


@feature("health words of the half that has fewer, for each thousand", +1)
def weaker_half(view: HealthReading) -> float:
    middle = view.digest.words / 2
    first = sum(place < middle for place in view.places)
    return min(min(first, len(view.places) - first) * 1000.0 / max(middle, 1.0), 80.0)


@feature("what to do about health, for each thousand words")
def advice_rate(view: HealthReading) -> float:
    return min(view.rate("advice"), 60.0)


@feature("words of research for each thousand")
def research_rate(view: HealthReading) -> float:
    return min(view.rate("study"), 80.0)


@feature("words of caution for each thousand")
def caution_rate(view: HealthReading) -> float:
    return min(view.rate("caution"), 60.0)


_YOU = frozenset({"you", "your", "yours", "yourself"})


@feature("how often it speaks to the reader, for each thousand words")
def address_rate(view: HealthReading) -> float:
    return min(view.digest.count(_YOU) * 1000.0 / max(view.digest.words, 1), 80.0)


@feature("words in the article (log)")
def article_length(view: HealthReading) -> float:
    return math.log1p(view.digest.words)
