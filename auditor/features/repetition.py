"""Repetition: paragraphs that come again, and the one phrase that an article is stuffed with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from auditor.features.occurrence import Occurrence, occurrence, plain
from auditor.features.prose import Flags, Numbers, prose_of, runs
from auditor.language.words import stem
from auditor.page.page import Page

# --- repetition -------------------------------------------------------------------------------------------------------

_LEAST_WORDS = 20  # shorter ones are refrains, calls to action and lines of dialogue
_SHINGLE = 5
_ALIKE = 0.6
_MANY = 600  # paragraphs read
_OWNERS = 20  # paragraphs compared for a shingle's sake; a formula in more of them proves nothing


@dataclass(frozen=True, slots=True)
class Repetition:
    """A paragraph that comes again, word for word or nearly."""

    first: Occurrence
    again: tuple[int, ...]
    """Indices of the later ones in `Page.paragraphs`."""
    share: float
    """Share of the article's words that the later ones take."""


@lru_cache(maxsize=2)
def repeated_paragraphs(page: Page) -> tuple[Repetition, ...]:
    """Paragraphs of twenty words and more that recur in one article, by the Jaccard coefficient of five-word shingles.

    An article that stands on the page twice over (one copy for phones, one for desks) is no repetition to a reader.
    """
    running = prose_of(page)
    starts = running.starts[: _MANY + 1]
    words = running.words[: starts[-1]]
    total = len(words) or 1
    shingles = runs(words, _SHINGLE)
    long = [
        (index, start, end)
        for index, (start, end) in zip(running.paragraphs, pairwise(starts), strict=False)
        if end - start >= _LEAST_WORDS
    ]
    stretches = [slice(start, end - _SHINGLE + 1) for _, start, end in long]
    twice = _twice(shingles)
    # A paragraph is like another where six tenths of their shingles are in both: of most articles no paragraph has so many that recur.
    like = [5 * int(np.count_nonzero(twice[own])) >= 3 * (own.stop - own.start) for own in stretches]
    if not any(like):
        return ()
    owners: dict[int, list[int]] = defaultdict(list)
    groups: dict[int, list[int]] = {}
    for number, own in enumerate(stretches):
        recurring = frozenset(shingles[own][twice[own]].tolist())
        if like[number]:
            shared: Counter[int] = Counter()
            for shingle in recurring & owners.keys():
                for owner in owners[shingle]:
                    shared[owner] += 1
            whole = frozenset(shingles[own].tolist())
            match = next(
                (
                    owner
                    for owner, count in shared.most_common(3)
                    if count / len(whole.union(shingles[stretches[owner]].tolist())) >= _ALIKE
                ),
                None,
            )
            if match is not None:
                groups.setdefault(match, []).append(number)
                continue
        for shingle in recurring:
            if len(owners[shingle]) < _OWNERS:
                owners[shingle].append(number)
    if _copied_whole(groups, len(long)):
        return ()
    return tuple(
        Repetition(
            occurrence(page, long[first][0], 0, len(page.paragraphs[long[first][0]].text)),
            tuple(long[number][0] for number in again),
            sum(long[number][2] - long[number][1] for number in again) / total,
        )
        for first, again in sorted(groups.items())
    )


def _twice(keys: Numbers) -> Flags:
    """Of each number whether it occurs again."""
    order = np.argsort(keys)
    same = keys[order[1:]] == keys[order[:-1]]
    twice = np.zeros(len(keys), np.bool_)
    twice[order[1:][same]] = True
    twice[order[:-1][same]] = True
    return twice


def _copied_whole(groups: dict[int, list[int]], count: int) -> bool:
    """Three repeated paragraphs in a row, in the order of the first ones: a template's second copy."""
    origin = {number: first for first, again in groups.items() for number in again}
    run = best = 1 if origin else 0
    for number in range(1, count):
        run = run + 1 if number in origin and origin.get(number - 1, -9) == origin[number] - 1 else 1
        best = max(best, run)
    return best >= 3


# --- stuffing ---------------------------------------------------------------------------------------------------------

STUFFED_SHARE = 0.12
"""Share of an article's words from which one phrase is stuffed; 3 of 711 real articles reached it when it was chosen on them."""
STUFFED_COUNT = 10
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Stuffed:
    """The phrase that takes the largest share of an article's words."""

    page: Page
    stems: tuple[str, ...]
    """Those of its words."""
    count: int
    share: float
    """Its words among all words of running text and headings."""
    sentences: float
    """Share of the sentences that hold it."""
    line: int
    """The first of them, as a number in `Prose.sentences`."""

    @property
    def first(self) -> Occurrence:
        """Where it stands first."""
        running = prose_of(self.page)
        number, start, _ = running.sentences[self.line]
        return _place(self.page, running.paragraphs[number], start, self.stems)

    @property
    def phrase(self) -> str:
        """As it is written first."""
        return self.first.words


@lru_cache(maxsize=2)
def stuffed_stem(page: Page) -> Stuffed | None:
    """The most insistent phrase of two to four content words, compared by stems; None where nothing comes twice.

    Single words are left out: the subject of an honest short article easily is every fifteenth word of it.
    """
    running = prose_of(page)
    stems = running.stems
    # A pair is linked where it holds no function word, does not run on into the next sentence, and comes twice.
    linked = (stems[:-1] > 0) & (stems[1:] > 0)
    ends = np.array(running.line_starts[1:-1], dtype=np.int64)
    linked[ends[(ends > 0) & (ends < len(stems))] - 1] = False
    best: tuple[int, int, tuple[str, ...], Numbers] | None = None
    for size in range(2, _LONGEST + 1):
        keys = runs(stems, size)
        # A longer phrase can only come twice where each pair in it does.
        kept = np.flatnonzero(np.logical_and.reduce([linked[step : step + len(keys)] for step in range(size - 1)]))
        if not len(kept):
            break
        order = kept[np.argsort(keys[kept])]
        starts = np.flatnonzero(np.append(True, keys[order[1:]] != keys[order[:-1]]))
        times = np.diff(starts, append=len(order))
        if size == 2:
            linked[order[np.repeat(times, times) == 1]] = False
        count = int(times.max())
        if count > 1 and (best is None or count * size >= best[0]):
            some = order[starts[times == count]].tolist()  # one place of each
            gram, at = max((tuple(running.roots[stem] for stem in stems[at : at + size].tolist()), at) for at in some)
            best = count * size, count, gram, kept[keys[kept] == keys[at]]
    if best is None:
        return None
    total, count, gram, held = best
    lines = np.unique(np.searchsorted(np.array(running.line_starts), held, side="right") - 1)
    return Stuffed(page, gram, count, total / len(stems), len(lines) / len(running.lines), int(lines[0]))


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")


def _place(page: Page, index: int, start: int, gram: tuple[str, ...]) -> Occurrence:
    matches = list(_WORD.finditer(plain(page.paragraphs[index].text), start))
    stems = [stem(m[0]) for m in matches]
    at = next((i for i in range(len(stems)) if tuple(stems[i : i + len(gram)]) == gram), None)
    if at is None:
        return occurrence(page, index, start, min(start + 80, len(page.paragraphs[index].text)))
    return occurrence(page, index, matches[at].start(), matches[at + len(gram) - 1].end())
