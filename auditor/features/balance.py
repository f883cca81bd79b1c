"""Balance: does a health text speak of benefits, harms, alternatives, no treatment, costs, doubt, a clinician, a line to call?

Aspects: DISCERN, questions 10 to 14 (Charnock and others 1999), and the review criteria of HealthNewsReview.org. How a treatment works
(question 9) is not looked for: no phrases tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.features.occurrence import Occurrence, occurrence
from auditor.features.spoken import (
    Mark,
    Said,
    advised,
    claimed_none,
    denied,
    dosed,
    own_costs,
    own_harms,
    praise,
    said,
    span,
)
from auditor.page.page import Kind, Page, Role, Spot


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
    praised: Mentions | None
    """Something to be taken (drugs, supplements, herbs) that is said to do good."""
    doses: Mentions
    """How much to take, and when."""
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
    """What a reader in danger may be looking up: self-harm, eating disorders, overdose, addiction."""
    lines: Mentions | None
    """Whom to call at once."""


CRISES = ("self harm", "eating disorder", "overdose", "addiction")
"""Sections of what a reader in danger may be looking up, the gravest first."""
_MEASURED = frozenset("% percent cent of in times fold month months week weeks days points kg pounds".split())  # noqa: SIM905


def _aspects(sentence: Said) -> Iterator[tuple[str, Mark]]:
    """What one sentence speaks of, with the words that say so."""
    firsts: dict[str, Mark] = {}
    for mark in sentence.marks:
        firsts.setdefault(mark[2], mark)
    for section in ("treatments", "alternatives", "untreated", "life", "limits", "evidence", "lines"):
        if section in firsts:
            yield section, firsts[section]
    if subject := next((firsts[section] for section in CRISES if section in firsts), None):
        yield "subjects", subject
    if "benefits" in firsts and "treatments" in firsts and not denied(sentence, firsts["benefits"]):
        yield "benefits", firsts["benefits"]
        words = sentence.words
        if any(w[0].isdigit() and not _MEASURED.isdisjoint(words[i + 1 : i + 3]) for i, w in enumerate(words)):
            yield "quantified", firsts["benefits"]
    if "taken" in firsts and (praised := praise(sentence)):
        yield "praised", praised
    if "doses" in firsts and dosed(sentence):
        yield "doses", firsts["doses"]
    if "harms" in firsts or "hazards" in firsts or "symptoms" in firsts:
        if harms := own_harms(sentence):
            yield "harms", harms[0]
        elif "harms" in firsts and claimed_none(sentence, firsts["harms"]):
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
        praised=of_treatment("praised"),
        doses=mentions("doses"),
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


def balance_in(text: str) -> Balance:
    """What a bare text speaks of, a paragraph a line; the paragraphs of occurrences are lines, from 0."""
    lines = text.split("\n")

    def place(index: int, first: int, count: int) -> Occurrence:
        start, end = span(lines[index], first, count)
        before = sum(len(line) + 1 for line in lines[:index])
        return Occurrence(index, start, end, lines[index][start:end], Spot(offset=before + start))

    return _gather(said(list(enumerate(lines))), place)


@lru_cache(maxsize=2)
def balance(page: Page) -> Balance:
    """What an article speaks of, headings, lists and tables included. A line to call may stand anywhere on the page."""

    def place(index: int, first: int, count: int) -> Occurrence:
        return occurrence(page, index, *span(page.paragraphs[index].text, first, count))

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
