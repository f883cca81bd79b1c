"""Results: how a text reports what a treatment does: outcomes measured, groups compared, harms listed, prices named.

What HealthNewsReview.org's reviewers look for under "quantify the benefits", "explain the harms" and "discuss the costs"
(criteria 1 to 3), counted in sentences. Made on news releases about studies; other texts report differently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.features.occurrence import phrases
from auditor.features.spoken import Said, near, own_costs, own_harms, said

PHRASES: Mapping[str, str] = {
    "measured": "outcomes with a measure (percent, months, points …)",
    "decimal": "results given to a decimal place",
    "alike": "two figures of one measure side by side",
    "of-people": "so many of so many people",
    "group-figure": "figures of a group",
    "relative": "percentages of more or less, without the shares behind them",
    "animals-share": "share of sentences on animals and cells",
    "harm": "harms of a treatment",
    "harm-symptom": "harms named by their symptoms",
    "harm-graded": "harms said to be serious, mild, common or rare",
    "harm-in-group": "harms counted among those treated",
    "hazard": "hazards beside a treatment",
    "cost": "what a treatment costs",
    "cost-figure": "a price with its figure",
    "cost-denied": "words of cost that are denied",
    "cost-elsewhere": "what an illness or a study costs",
    "money": "sums of money",
    "treatments": "treatments",
    "tests": "tests and diagnoses",
    "limits": "limits of the evidence",
}
"""Every count in words for people."""

_FILE = "results.txt"
_KINDS = ("background", "enrolled", "people", "groups", "compared", "graded")
_MONEY = frozenset("$£€")


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(" ".join(phrases(_FILE)[section]).split())


@dataclass(frozen=True, slots=True)
class Reported:
    """A sentence with its figures, and the kinds of words it holds."""

    said: Said
    kinds: frozenset[str]
    numbers: Sequence[int]
    """Indices of its numbers, years left out."""
    units: Sequence[str]
    """What they measure, where that is known."""
    shares: Sequence[int]
    """Indices of percentages."""

    @property
    def alike(self) -> bool:
        """Whether two figures measure the same: an outcome in two groups, or before and after."""
        return len(self.units) > len(set(self.units))

    @property
    def result(self) -> bool:
        """Whether its figures may be results: neither of an illness or institution nor of animals."""
        told = "background" not in self.kinds or (self.alike and "compared" in self.kinds)
        return told and bool(self.numbers) and not self.said.has("animals")

    @property
    def money(self) -> bool:
        return any(i and self.said.words[i - 1] in _MONEY for i in self.numbers)


def _reported(said: Said) -> Reported:
    words = said.words
    held = frozenset(words)
    numbers = [i for i, word in enumerate(words) if word[0].isdigit() and not _year(word)]
    units = [(i, _unit(words, i)) for i in numbers]
    return Reported(
        said,
        frozenset(kind for kind in _KINDS if not _words(kind).isdisjoint(held)),
        numbers,
        [unit for _, unit in units if unit],
        [i for i, unit in units if unit == "%"],
    )


def _year(word: str) -> bool:
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()


def _unit(words: Sequence[str], i: int) -> str:
    """What the number at `i` counts or measures, percent in one spelling; empty where nothing of the list."""
    if i and words[i - 1] in _MONEY:
        return ""
    listed = _words("units")
    unit = next((word for word in words[i + 1 : i + 3] if word in listed), "")
    return "%" if unit in ("percent", "cent") else unit


def _benefits(one: Reported) -> Iterator[str]:
    if not one.result:
        return
    words = one.said.words
    outcome = "enrolled" not in one.kinds
    if any("." in words[i] for i in one.numbers):
        yield "decimal"
    if one.units and outcome:
        yield "measured"
    if one.alike and outcome:
        yield "alike"
    elif any(not _words("relative").isdisjoint(words[i + 1 : i + 6]) for i in one.shares) and not one.alike:
        yield "relative"
    if len(one.numbers) > 1 and "of" in words and "people" in one.kinds:
        yield "of-people"
    if "groups" in one.kinds:
        yield "group-figure"


def _harms(one: Reported) -> Iterator[str]:
    said = one.said
    if any(section == "harms" for _, _, section in own_harms(said)):
        yield "harm"
        if said.has("symptoms"):
            yield "harm-symptom"
        if "graded" in one.kinds:
            yield "harm-graded"
        if "groups" in one.kinds or (one.numbers and "people" in one.kinds):
            yield "harm-in-group"
    if said.has("hazards") and said.has("treatments"):
        yield "hazard"


def _costs(one: Reported) -> Iterator[str]:
    said = one.said
    budget = not near("budgets").isdisjoint(said.stems)
    if one.money and not budget:
        yield "money"
    if own_costs(said):
        yield "cost"
        if one.money:
            yield "cost-figure"
    elif said.has("costs"):
        yield "cost-elsewhere" if budget or said.has("no costs") else "cost-denied"


_ABOUT = re.compile(
    r"about |#|(?:media |press )?contacts?\b|disclos|citation|forward.looking|references?\b|notes? (?:to|for) editors|"
    r"for (?:more|further) information",
    re.IGNORECASE,
)
_COUNTED = frozenset(["treatments", "tests", "limits", "animals"])


def results(paragraphs: Sequence[str]) -> dict[str, float]:
    """Counts of sentences by what they report, under the names of `PHRASES`; all of them, 0 where there are none.

    What stands below "About …", "Contact" and the like, from two fifths of the text on, says nothing of benefits and harms.
    """
    counts: Counter[str] = Counter()
    sentences = 0
    ended = False
    for number, text in enumerate(paragraphs):
        ended = ended or (number >= max(2, 0.4 * len(paragraphs)) and _ABOUT.match(text) is not None)
        for spoken in said([(number, text)]):
            one = _reported(spoken)
            counts.update(_costs(one))
            if not ended:
                sentences += 1
                counts.update(_benefits(one))
                counts.update(_harms(one))
                counts.update({section for _, _, section in spoken.marks} & _COUNTED)
    found = {name: float(counts[name]) for name in PHRASES}
    found["animals-share"] = counts["animals"] / max(1, sentences)
    return found
