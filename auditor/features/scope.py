"""Scope: what a sentence does with a claim other than make it: deny, ask, doubt, quote, report, suppose or hedge it.

After NegEx (Chapman et al., J Biomed Inform 2001) and ConText (Harkema et al., J Biomed Inform 2009): cues before a claim reach
to the next turn of the sentence, others hold for all of it. The cues stand in `data/scope.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.features.wordings import Reading, Run, Span, Wordings, cover


class Scope(StrEnum):
    """Why a claim that a sentence holds is not one that it makes."""

    DENIED = "denied"
    ASKED = "asked"
    DOUBTED = "doubted"
    QUOTED = "quoted"
    REPORTED = "reported"
    SUPPOSED = "supposed"
    HEDGED = "hedged"
    PAST = "past"
    MEDICAL = "medical"
    """It tells what medicine does, or is said under its supervision."""
    COURSE = "course"
    """It tells how an illness goes, or what its signs are."""
    SELLING_QUESTION = "selling-question"
    """Not said, but meant: "Want to …?\""""


_PLOT = frozenset(["conspiracy"])
_WEIGHT = frozenset(["lose-fast", "eat-anything", "permanent", "blocks", "over-three", "everyone", "rub-on"])
_ILLNESS = frozenset(["quick-fix", "cure", "does-it-all", "testimonial"])
_MEDICAL = _WEIGHT | _ILLNESS | {"certainty", "miracle"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the entries of a list of cues make of a claim."""

    scope: Scope
    cues: str
    but: str = ""
    """A list of longer phrases in which the cues mean nothing."""
    before: bool = False
    """They count only in front of the claim's end."""
    of: frozenset[str] = frozenset()
    """The groups that it is for; empty for all …"""
    save: frozenset[str] = frozenset()
    """… but these."""


# Who sees plots speaks of fraud and of studies, of decades and of what would happen.
_RULES = (
    _Rule(Scope.DOUBTED, "doubt", "doubts nothing"),
    _Rule(Scope.DOUBTED, "abuse", "doubts nothing", save=_PLOT),
    _Rule(Scope.DOUBTED, "official", save=_PLOT),
    _Rule(Scope.DOUBTED, "case", of=_PLOT),
    _Rule(Scope.REPORTED, "reporter", "doubts nothing"),
    _Rule(Scope.REPORTED, "says", "says it too"),
    _Rule(Scope.SUPPOSED, "supposing", "supposes nothing", before=True, save=_PLOT),
    _Rule(Scope.HEDGED, "hedge", "hedges nothing", before=True, save=_PLOT),
    _Rule(Scope.HEDGED, "research", "hedges nothing", save=_PLOT),
    _Rule(Scope.PAST, "past", save=_PLOT),
    _Rule(Scope.MEDICAL, "supervised"),
    _Rule(Scope.COURSE, "course", of=_ILLNESS),
    _Rule(Scope.COURSE, "sign", of=_WEIGHT),
)

_OPENS_CLAUSE = frozenset(
    ["it", "its", "this", "that", "these", "you", "youll", "we", "i", "im", "ive", "hes", "shes", "he", "she", "they",
     "just", "simply", "only"]
)  # fmt: skip
_REACH = {"not": 8, "no": 14, "short of": 1}
"""Words to which a denial reaches, by its list."""
_AFTER = 2
"""Words behind a claim that may still take it back."""
_LAST_PAST_YEAR = 1985
"""A year up to this tells of former days."""
_SAYS = re.compile(
    r"\b(?:said|says|say|told|tells|assured|according|claim\w*|reads?|promis\w+|boast\w*|such as|like|including|called|"
    r"phrases?|words?|slogan|labell?ed|dubbed|wrote|writes|explained|added|recalled|insist\w*|announc\w+|vow\w*|"
    r"testimonials?|headlines?|titled|ads?|advert\w*|the term|so-called)\b"
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands about a sentence, read only where it holds a claim; None where there is nothing."""

    before: str | None = None
    """The sentence before."""
    lead: str | None = None
    """What introduces the list that it stands in."""
    after: str | None = None
    headings: tuple[str, ...] = ()
    """Title and headings above, in `plain` form."""


class Cues:
    """The cues of `scope.txt` in one sentence, for claims at several places of it."""

    def __init__(self, wordings: Wordings, reading: Reading) -> None:
        self._lists = wordings.lists
        self._reading = reading

    def spots(self, name: str, but: str = "") -> list[Span]:
        """Where a list's entries stand, those aside that lie in an entry of another list."""
        found = self._reading.of(self._lists[name])
        masks = self._reading.of(self._lists[but]) if found and but else []
        return [s for s in found if not any(a <= s[0] and s[1] <= b for a, b in masks)] if masks else found

    def outside(self, said: Iterable[Span], name: str, but: str = "") -> Iterator[Span]:
        """Those that are no words of the claim itself."""
        whole = tuple(said)
        for spot in self.spots(name, but):
            if not any(a <= spot[0] and spot[1] <= b for a, b in whole):
                yield spot

    def doubts(self) -> bool:
        """Whether the sentence, taken as an introduction, holds what it introduces up to doubt."""
        return any(self.spots(name, "doubts nothing") for name in ("doubt", "abuse", "reporter", "official", "debunks"))

    def scope(self, group: str, runs: tuple[Run, ...]) -> Scope | None:
        """What the sentence does with a claim that is made up of `runs`; None where it makes it."""
        said = tuple(span for run in runs for span in run)
        whole = cover(said)
        if self._denied(said, [run[0][0] for run in runs]) or (group not in _PLOT and self._denied_after(whole[1])):
            return Scope.DENIED
        if asked := self._asked():
            return asked
        if self._quoted(whole, partly=group not in _PLOT):
            return Scope.QUOTED
        for rule in _RULES:
            if (not rule.of or group in rule.of) and group not in rule.save:
                spots = self.outside(said, rule.cues, rule.but)
                if any(not rule.before or start < whole[1] for start, _ in spots):
                    return rule.scope
        if group not in _PLOT and self._year():
            return Scope.PAST
        if group in _MEDICAL and self.medicine(said, setting=group != "testimonial"):
            return Scope.MEDICAL
        return None

    def _denied(self, said: tuple[Span, ...], starts: list[int]) -> bool:
        reading, turns = self._reading, {a for a, _ in self.spots("turn")}
        denials = {
            end - 1: reach
            for name, reach in _REACH.items()
            for start, end in self.outside(said, name, "denies nothing")
            if not any(a < end and start < b for a, b in said)
        }
        for start in starts:
            for at in range(start - 1, max(-1, start - 1 - max(_REACH.values())), -1):
                # One step back, unless another clause begins at the word that we stand on.
                here = at + 1
                if reading.breaks[here] > 1 or (here < start and here in turns):
                    break
                if reading.words[here] in _OPENS_CLAUSE and (reading.breaks[here] or reading.words[at] == "and"):
                    break
                if start - here < denials.get(at, 0):
                    return True
        return False

    def _denied_after(self, end: int) -> bool:
        """Whether what follows takes it back: "… have not been studied"."""
        reading = self._reading
        spots = {a for a, _ in self.spots("not", "denies nothing")}
        for at in range(end, min(end + _AFTER, len(reading.words))):
            if reading.breaks[at] or reading.words[at] == "and":
                return False
            if at in spots:
                return True
        return False

    def _asked(self) -> Scope | None:
        reading = self._reading
        opening = {span for span in self.spots("sells by asking") if span[0] <= 1}
        if "?" in reading.text:
            if any(span in self.spots("asks nothing") for span in opening):
                return None
            return Scope.SELLING_QUESTION if opening else Scope.ASKED
        if any(a == 0 for a, _ in self.spots("asks")) and not reading.text.rstrip(" \"')”").endswith((".", "!")):
            second = {a for a, _ in self.spots("treats")}
            return None if 1 in second else Scope.ASKED
        return Scope.ASKED if self.spots("whether") else None

    def _quoted(self, span: Span, partly: bool) -> bool:
        """Whether the claim stands in quotation marks and the sentence says whose words they are, or shies from them."""
        reading = self._reading
        text = reading.text
        start, end = reading.starts[span[0]], reading.ends[span[1] - 1]
        marks = [i for i, mark in enumerate(text) if mark == '"']
        opened = [i for i in marks if i < start]
        closed = [i for i in marks if i >= end - 1]
        if len(opened) % 2 == 1 and len(closed) + len(opened) < len(marks):
            return partly
        if len(opened) % 2 == 1 and closed:
            left, right = opened[-1], closed[0]
        elif text[start - 1 : start] == "'" and text[end : end + 1] == "'":
            left, right = start - 1, end
        else:
            inner = [i for i in marks if start < i < end]
            if not partly or len(inner) < 2 or text[start:end].count(" ") < 2:
                return False
            # The scare quotes are around a part of the claim.
            left, right = inner[0], inner[1]
        outside = f"{text[:left]} {text[right + 1 :]}"
        words = outside.split()
        return bool(_SAYS.search(outside)) or (right - left < 40 and len(words) > 4)

    def _year(self) -> bool:
        years = (int(word) for word in self._reading.words if len(word) == 4 and word.isdigit())
        return any(1400 <= year <= _LAST_PAST_YEAR for year in years)

    def medicine(self, said: tuple[Span, ...], setting: bool = True) -> bool:
        """Whether the sentence speaks of what medicine does, rather than of what a claim does without."""
        without = {end for _, end in self.spots("without")}
        fails = {start for start, _ in self.spots("fails")}
        for name in ("medicine", "medical setting") if setting else ("medicine",):
            for start, end in self.outside(said, name, "no medicine"):
                if not any(start - back in without for back in range(4)) and not fails & {end, end + 1}:
                    return True
        return False


_PRONOUNS = frozenset(["it", "its", "they", "these", "this", "both", "he", "she", "such"])


def doubted_around(wordings: Wordings, reading: Reading, around: Around) -> bool:
    """Whether what stands about a claim takes it back: title and headings that debunk, the sentence before, the one after."""
    for heading in around.headings:
        if any(Cues(wordings, wordings.read(heading)).spots("debunks", "debunks nothing")):
            return True
    if around.before is not None:
        before = Cues(wordings, wordings.read(around.before))
        # "It works by …" may speak of a drug.
        if reading.words[0] in _PRONOUNS and before.medicine(()):
            return True
        if before.spots("debunks", "debunks nothing"):
            return True
        if around.before.rstrip().endswith(":") and before.doubts():
            return True
    if around.lead is not None and Cues(wordings, wordings.read(around.lead)).doubts():
        return True
    if around.after is not None:
        after = Cues(wordings, wordings.read(around.after))
        return any(a <= 1 for a, _ in after.spots("rebuts"))
    return False
