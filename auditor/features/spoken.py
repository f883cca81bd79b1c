"""Spoken: the sentences of a health text with the phrases that they hold, and what each says of a treatment.

A phrase alone is no mention: who denies harms ("no side effects") names none, and what an illness does is no harm of its treatment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from auditor.features.occurrence import phrases, plain
from auditor.language.words import stem

_FILE = "balance.txt"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[%$£€]|[.!?](?=[\"'”’)\]]?(?:\s|$))")
_STOPS = frozenset(".!?")

# --- phrases and sentences -------------------------------------------------------------------------------------------

Mark = tuple[int, int, str]
"""Index of a phrase's first word in its sentence, number of words, section of the data file."""


Rest = tuple[tuple[str, ...], str]
Entry = tuple[tuple[str, ...], Mapping[str, tuple[Rest, ...]]]


@cache
def _heads() -> Mapping[str, Entry]:
    """First word → sections in which it is a phrase by itself, and second word → the rests and sections of longer phrases. All words
    without their endings. By the second word, since "no", "not" and "to" begin many phrases and most sentences."""
    found: dict[str, tuple[list[str], dict[str, list[Rest]]]] = {}
    for section, lines in phrases(_FILE).items():
        for line in () if section.startswith("near: ") else lines:
            first, *rest = map(stem, _WORD.findall(line))
            alone, longer = found.setdefault(first, ([], {}))
            if rest:
                longer.setdefault(rest[0], []).append((tuple(rest), section))
            else:
                alone.append(section)
    return {
        first: (tuple(alone), {second: tuple(rests) for second, rests in longer.items()})
        for first, (alone, longer) in found.items()
    }


_MOST = 50_000  # words kept


class _Lexicon(dict[str, Entry | None]):
    """A word as it is written → what begins with it. Filled as words come, so that the ending of each is looked at once."""

    def __missing__(self, word: str) -> Entry | None:
        found = _heads().get(stem(word))
        if len(self) < _MOST:
            self[word] = found
        return found


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()


@cache
def near(section: str) -> frozenset[str]:
    """The words of a section to be looked at around a phrase, without their endings."""
    return frozenset(stem(word) for word in listed(section))


@cache
def listed(section: str) -> frozenset[str]:
    """The same words as they are written."""
    return frozenset(" ".join(phrases(_FILE)[f"near: {section}"]).split())


class Said(NamedTuple):
    """One sentence that holds at least one phrase of the data file. A tuple, since there are thirty a page."""

    paragraph: int
    words: Sequence[str]
    """Lower case; numbers and the signs of percent and money among them."""
    start: int
    """How many words of its paragraph stand before it."""
    marks: Sequence[Mark]

    @property
    def stems(self) -> list[str]:
        """Its words without their endings."""
        return list(map(stem, self.words))

    def of(self, section: str) -> list[Mark]:
        """The phrases of one section."""
        return [mark for mark in self.marks if mark[2] == section]

    def has(self, section: str) -> bool:
        return any(mark[2] == section for mark in self.marks)


def said(paragraphs: Sequence[tuple[int, str]]) -> Iterator[Said]:
    """The sentences that hold a phrase of the data file, in order, of paragraphs with their indices. Each word is looked at once."""
    known = _lexicon()
    for index, text in paragraphs:
        words = _WORD.findall(plain(text))
        marks: list[Mark] = []
        for i, entry in enumerate(map(known.__getitem__, words)):
            if entry is None:
                continue
            alone, longer = entry
            if longer and i + 1 < len(words):
                for rest, section in longer.get(stem(words[i + 1]), ()):
                    n = len(rest)
                    if n == 1 or tuple(map(stem, words[i + 1 : i + 1 + n])) == rest:
                        marks.append((i, n + 1, section))
            marks.extend([(i, 1, section) for section in alone])
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
            yield Said(index, words[first:stop], first, own)
            at = until


def span(text: str, first: int, count: int) -> tuple[int, int]:
    """Characters of the words `first` to `first + count` of a text, as `said` counts them."""
    words = list(islice(_WORD.finditer(plain(text)), first, first + count))
    return words[0].start(), words[-1].end()


# --- what one sentence says of a treatment ---------------------------------------------------------------------------

_BEFORE = 4  # words before a phrase that deny or lessen it
_CAUSE = 10  # words before a hazard among which its cause is named
_PRAISE = 10  # words behind something taken within which it is praised
_TURNED = frozenset(
    ["only", "just", "all", "every", "without", "doubt", "matter", "one", "longer", "until"]
)  # "not only", "no doubt"
_BUT = frozenset(["but", "although", "though", "while", "because", "however"])
_NOTHING = frozenset(["no", "zero", "without", "free", "never"])
_FEW = frozenset(["a", "an", "one", "two", "three", "four", "half"])


def denied(sentence: Said, mark: Mark) -> bool:
    """Whether the words before a phrase, or "free" behind it, say that there is nothing of the kind."""
    i, n, _ = mark
    words = sentence.words
    if words[i + n : i + n + 1] == ["free"]:
        return True
    start = max(0, i - _BEFORE)
    if listed("denying").isdisjoint(words[start:i]):
        return False
    return any(
        words[k] in listed("denying")
        and words[k + 1] not in _TURNED
        and not (words[k] == "without" and k and words[k - 1] == "not")
        and _BUT.isdisjoint(words[k:i])
        for k in range(start, i)
    )


def claimed_none(sentence: Said, mark: Mark) -> bool:
    """Whether the page itself claims that there are none at all ("no side effects"); a study that tells what it saw does not."""
    i, n, _ = mark
    words = sentence.words
    nothing = not _NOTHING.isdisjoint(words[max(0, i - 3) : i]) or words[i + n : i + n + 1] == ["free"]
    claimed = nothing and denied(sentence, mark)
    return claimed and sentence.stems[i] in near("deniable") and listed("retold").isdisjoint(words)


def lessened(sentence: Said, mark: Mark) -> bool:
    """Whether something is said to be reduced or prevented: praise of what does it."""
    return not near("lessening").isdisjoint(sentence.stems[max(0, mark[0] - _BEFORE) : mark[0]])


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
        not near("causing").isdisjoint(sentence.stems[max(0, i - _CAUSE) : i])
        and any(section == "treatments" and at < i for at, _, section in sentence.marks)
        and not lessened(sentence, mark)
        and not denied(sentence, mark)
    )


def own_costs(sentence: Said) -> list[Mark]:
    """Phrases on what a treatment costs: not what an illness costs a country, nor what a study was paid."""
    costs = sentence.of("costs")
    if not costs or not near("budgets").isdisjoint(sentence.stems):
        return []
    other = [(i, i + n) for i, n, _ in sentence.of("no costs")]
    return [m for m in costs if not denied(sentence, m) and not any(a <= m[0] < b for a, b in other)]


def advised(sentence: Said) -> list[Mark]:
    """Phrases that send the reader to a clinician."""
    found = sentence.of("clinicians")
    return found if found and not near("asking").isdisjoint(sentence.stems) else []


def praise(sentence: Said) -> Mark | None:
    """What is taken and, soon behind it, said to do good."""
    first = next((mark for mark in sentence.marks if mark[2] == "taken"), None)
    if first is None:
        return None
    start = first[0] + 1
    for i, word in enumerate(sentence.words[start : start + _PRAISE - 1], start):
        if stem(word) in near("effects"):
            return None if denied(sentence, (i, 1, "effects")) else first
    return None


def dosed(sentence: Said) -> bool:
    """Whether a reader is told how much of something to take, and how often."""
    words = sentence.words
    if near("often").isdisjoint(sentence.stems) or not listed("retold").isdisjoint(words):
        return False
    ordered = words[0] in listed("orders") or ("you" in words and not listed("orders").isdisjoint(words))
    if not ordered and listed("told").isdisjoint(words):
        return False
    amounts = (word for i, _, _ in sentence.of("doses") for word in words[max(0, i - 2) : i])
    return any(word[0].isdigit() or word in _FEW for word in amounts)
