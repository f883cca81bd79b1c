"""Balance: does a health text speak of benefits, harms, alternatives, no treatment, costs, doubt, a clinician, a line to call?

Aspects: DISCERN, questions 9 to 15 (Charnock and others 1999), and the review criteria of HealthNewsReview.org. A phrase alone is
no mention: who denies harms ("no side effects") names none, and what an illness does is no harm of its treatment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from auditor.features.occurrence import Occurrence, occurrence, phrases, plain
from auditor.language.words import stem
from auditor.page.page import Kind, Page, Role, Spot

_FILE = "balance.txt"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[%$£€]|[.!?](?=[\"'”’)\]]?(?:\s|$))")
_STOPS = frozenset(".!?")
_CONTEXT = frozenset(["lessening", "causing", "denying", "asking", "budgets", "taken"])
"""Sections that are not searched for: words to look at around a phrase."""

# --- phrases and sentences -------------------------------------------------------------------------------------------

Mark = tuple[int, int, str]
"""Index of a phrase's first word in its sentence, number of words, section of the data file."""


@cache
def _heads() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word → the rest of each phrase and its section; all words without their endings."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for section in phrases(_FILE).keys() - _CONTEXT:
        for line in phrases(_FILE)[section]:
            first, *rest = map(stem, _WORD.findall(line))
            found.setdefault(first, []).append((tuple(rest), section))
    return {first: tuple(sorted(rests)) for first, rests in found.items()}


@cache
def context(section: str) -> frozenset[str]:
    """The single words of a section, without their endings."""
    return frozenset(stem(word) for line in phrases(_FILE)[section] for word in line.split())


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence that holds at least one phrase of the data file."""

    paragraph: int
    words: Sequence[str]
    """Lower case; numbers and the signs of percent and money among them."""
    stems: Sequence[str]
    start: int
    """How many words of its paragraph stand before it."""
    marks: Sequence[Mark]

    def of(self, section: str) -> list[Mark]:
        """The phrases of one section."""
        return [mark for mark in self.marks if mark[2] == section]

    def has(self, section: str) -> bool:
        return any(mark[2] == section for mark in self.marks)


def said(paragraphs: Sequence[tuple[int, str]]) -> Iterator[Said]:
    """The sentences that hold a phrase of the data file, in order, of paragraphs with their indices. Each word is looked at once."""
    heads = _heads()
    for index, text in paragraphs:
        words = _WORD.findall(plain(text))
        stems = list(map(stem, words))
        marks: list[Mark] = []
        for i in [i for i, word in enumerate(stems) if word in heads]:
            for rest, section in heads[stems[i]]:
                n = len(rest)
                if not n or tuple(stems[i + 1 : i + 1 + n]) == rest:
                    marks.append((i, n + 1, section))
        if not marks:
            continue
        stops = [i for i, word in enumerate(words) if word in _STOPS]
        at = 0
        while at < len(marks):
            behind = bisect_right(stops, marks[at][0])
            first = stops[behind - 1] + 1 if behind else 0
            stop = stops[behind] if behind < len(stops) else len(words)
            until = at
            while until < len(marks) and marks[until][0] < stop:
                until += 1
            own = [(i - first, n, section) for i, n, section in marks[at:until]]
            yield Said(index, words[first:stop], stems[first:stop], first, own)
            at = until


# --- what one sentence says of a treatment ---------------------------------------------------------------------------

_BEFORE = 4  # words before a phrase that deny or lessen it
_CAUSE = 10  # words before a hazard among which its cause is named


def denied(sentence: Said, mark: Mark) -> bool:
    """Whether the words before a phrase, or "free" behind it, say that there is nothing of the kind."""
    i, n, _ = mark
    before = sentence.words[max(0, i - _BEFORE) : i]
    return not context("denying").isdisjoint(before) or sentence.words[i + n : i + n + 1] == ["free"]


def lessened(sentence: Said, mark: Mark) -> bool:
    """Whether something is said to be reduced or prevented: praise of what does it."""
    return not context("lessening").isdisjoint(sentence.stems[max(0, mark[0] - _BEFORE) : mark[0]])


def own_harms(sentence: Said) -> list[Mark]:
    """Phrases that name harm done by a treatment: words said of treatments alone ("side effects"), and hazards and
    symptoms where the sentence names a treatment and, before the hazard, that it causes them."""
    found = [m for m in sentence.of("harms") if not denied(sentence, m) and not lessened(sentence, m)]
    if found or not sentence.has("treatments"):
        return found
    return [m for m in sentence.marks if m[2] in ("hazards", "symptoms") and blamed(sentence, m)]


def blamed(sentence: Said, mark: Mark) -> bool:
    """Whether a hazard is laid at a treatment's door: a treatment and a cause stand before it."""
    i = mark[0]
    return (
        not context("causing").isdisjoint(sentence.stems[max(0, i - _CAUSE) : i])
        and any(section == "treatments" and at < i for at, _, section in sentence.marks)
        and not lessened(sentence, mark)
        and not denied(sentence, mark)
    )


def own_costs(sentence: Said) -> list[Mark]:
    """Phrases on what a treatment costs: not what an illness costs a country, nor what a study was paid."""
    costs = sentence.of("costs")
    if not costs or not context("budgets").isdisjoint(sentence.stems):
        return []
    other = [(i, i + n) for i, n, _ in sentence.of("no costs")]
    return [m for m in costs if not denied(sentence, m) and not any(a <= m[0] < b for a, b in other)]


def advised(sentence: Said) -> list[Mark]:
    """Phrases that send the reader to a clinician."""
    found = sentence.of("clinicians")
    return found if found and not context("asking").isdisjoint(sentence.stems) else []


# --- a whole text ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mentions:
    """How many sentences of a text speak of something, and where the first does."""

    count: int
    first: Occurrence | None
    """None where nothing does."""

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What a health text speaks of, in sentences. None where it does not apply: the text names no treatment, or none of the
    subjects that a reader in danger looks up."""

    treatments: Mentions
    benefits: Mentions | None
    quantified: Mentions | None
    """Benefits with a share, a count or a measure."""
    harms: Mentions | None
    denials: Mentions | None
    """Harms said not to be there. They are not among `harms`."""
    alternatives: Mentions | None
    untreated: Mentions | None
    """What happens, or can be done, without treatment."""
    life: Mentions | None
    """Daily life and its quality."""
    costs: Mentions | None
    limits: Mentions
    """How uncertain it is."""
    evidence: Mentions
    """What kind of study it rests on."""
    clinicians: Mentions
    """Sentences that send the reader to one."""
    subjects: Mentions
    """Self-harm, overdose, eating disorders."""
    lines: Mentions | None
    """Whom to call at once."""


_MEASURED = frozenset("% percent cent of in times fold month months week weeks days points kg pounds".split())  # noqa: SIM905


def _aspects(sentence: Said) -> Iterator[tuple[str, Mark]]:
    """What one sentence speaks of, with the words that say so."""
    firsts: dict[str, Mark] = {}
    for mark in sentence.marks:
        firsts.setdefault(mark[2], mark)
    for section in ("treatments", "alternatives", "untreated", "life", "limits", "evidence", "lines"):
        if section in firsts:
            yield section, firsts[section]
    if "crisis" in firsts:
        yield "subjects", firsts["crisis"]
    if "benefits" in firsts and "treatments" in firsts and not denied(sentence, firsts["benefits"]):
        yield "benefits", firsts["benefits"]
        words = sentence.words
        if any(w[0].isdigit() and not _MEASURED.isdisjoint(words[i + 1 : i + 3]) for i, w in enumerate(words)):
            yield "quantified", firsts["benefits"]
    if "harms" in firsts or "hazards" in firsts or "symptoms" in firsts:
        if harms := own_harms(sentence):
            yield "harms", harms[0]
        elif "harms" in firsts and denied(sentence, firsts["harms"]):
            yield "denials", firsts["harms"]
    if "costs" in firsts and (costs := own_costs(sentence)):
        yield "costs", costs[0]
    if "clinicians" in firsts and (asked := advised(sentence)):
        yield "clinicians", asked[0]


def _gather(sentences: Iterator[Said], place: Callable[[int, int, int], Occurrence]) -> Balance:
    counts: dict[str, int] = {}
    firsts: dict[str, tuple[int, int, int]] = {}
    for sentence in sentences:
        for aspect, (i, n, _) in _aspects(sentence):
            counts[aspect] = counts.get(aspect, 0) + 1
            firsts.setdefault(aspect, (sentence.paragraph, sentence.start + i, n))

    def mentions(aspect: str) -> Mentions:
        return Mentions(counts[aspect], place(*firsts[aspect])) if aspect in counts else Mentions(0, None)

    def of_treatment(aspect: str) -> Mentions | None:
        return mentions(aspect) if "treatments" in counts else None

    return Balance(
        treatments=mentions("treatments"),
        benefits=of_treatment("benefits"),
        quantified=of_treatment("quantified"),
        harms=of_treatment("harms"),
        denials=of_treatment("denials"),
        alternatives=of_treatment("alternatives"),
        untreated=of_treatment("untreated"),
        life=of_treatment("life"),
        costs=of_treatment("costs"),
        limits=mentions("limits"),
        evidence=mentions("evidence"),
        clinicians=mentions("clinicians"),
        subjects=mentions("subjects"),
        lines=mentions("lines") if "subjects" in counts else None,
    )


def _span(text: str, first: int, count: int) -> tuple[int, int]:
    """Characters of the words `first` to `first + count` of a text, as `said` counts them."""
    words = list(islice(_WORD.finditer(plain(text)), first, first + count))
    return words[0].start(), words[-1].end()


def balance_in(text: str) -> Balance:
    """What a bare text speaks of, a paragraph a line; the paragraphs of occurrences are lines, from 0."""
    lines = text.split("\n")

    def place(index: int, first: int, count: int) -> Occurrence:
        start, end = _span(lines[index], first, count)
        before = sum(len(line) + 1 for line in lines[:index])
        return Occurrence(index, start, end, lines[index][start:end], Spot(offset=before + start))

    return _gather(said(list(enumerate(lines))), place)


@lru_cache(maxsize=2)
def balance(page: Page) -> Balance:
    """What an article speaks of, headings, lists and tables included. A line to call may stand anywhere on the page."""

    def place(index: int, first: int, count: int) -> Occurrence:
        return occurrence(page, index, *_span(page.paragraphs[index].text, first, count))

    roles = [block.role for block in page.blocks]
    shown = [(i, p) for i, p in enumerate(page.paragraphs) if p.hidden is None and p.kind is not Kind.CODE]
    found = _gather(said([(i, p.text) for i, p in shown if roles[p.block] is Role.ARTICLE]), place)
    if found.lines is None or found.lines:
        return found
    around = [(i, p.text) for i, p in shown if roles[p.block] not in (Role.ARTICLE, Role.COMMENTS, Role.RELATED)]
    lines = [(s, s.of("lines")[0]) for s in said(around) if s.has("lines")]
    if not lines:
        return found
    sentence, (i, n, _) = lines[0]
    return replace(found, lines=Mentions(len(lines), place(sentence.paragraph, sentence.start + i, n)))
