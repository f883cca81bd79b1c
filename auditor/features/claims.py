"""Claims by which health fraud is known: what a page promises of a product, where it says so itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.features.occurrence import Occurrence, occurrence, plain
from auditor.features.scope import Around, Cues, Scope, doubted_around
from auditor.features.wordbook import wordbook
from auditor.features.wordings import BRAND, Hooks, Line, Reading, Run, Span, Wordings, bare, brand, cover, number
from auditor.page.page import Kind, Page, Role, Spot
from auditor.page.prose import sentences

GROUPS = (
    "lose-fast", "eat-anything", "permanent", "blocks", "over-three", "everyone", "rub-on",
    "does-it-all", "testimonial", "quick-fix", "all-natural", "miracle", "conspiracy",
    "cure", "certainty", "fda-approved", "off-label", "replace",
)  # fmt: skip
"""Seven of the FTC, six of the FDA, and five that both act against; see `data/claims.txt` for the sources."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, where it stands."""

    group: str
    occurrence: Occurrence
    sure: bool
    """Made outright, in words that leave no other reading."""
    scope: Scope | None = None
    """What makes it unsure, if the sentence does."""


def _wordings() -> Wordings:
    return wordbook("claims.txt", "scope.txt")


# --- a page, a text ---------------------------------------------------------------------------------------------------

_LEAD = 400  # characters of what leads up to a list
_BACK = 60  # paragraphs looked back for a heading
_MARK = "xparagraphx"  # between two paragraphs
_PARTING = f" {_MARK} "
_SOFT = frozenset([Scope.SELLING_QUESTION])


@lru_cache(maxsize=2)
def claims(page: Page) -> tuple[Claim, ...]:
    """The claims that a page makes in title, headings and article, in the order of the page; at most one of a group a sentence.

    What a sentence denies, asks, doubts, quotes or reports is none, nor what stands under a title that debunks.
    """
    roles = [block.role for block in page.blocks]
    shown = [
        index
        for index, paragraph in enumerate(page.paragraphs)
        if roles[paragraph.block] is Role.ARTICLE and paragraph.hidden is None and paragraph.kind is not Kind.CODE
    ]
    texts = [page.title, *(page.paragraphs[index].text for index in shown)]
    top = (plain(page.title), next((plain(h.text) for h in page.headings if h.level == 1), ""))
    found: list[Claim] = []
    for at, words, hooks in _worth_reading(texts):
        if not at:
            for group, (a, b), sure, scope in _said(page.title, words, hooks, Around(headings=top)):
                found.append(Claim(group, Occurrence(None, a, b, page.title[a:b], Spot("title")), sure, scope))
            continue
        around = _around(page, shown, at - 1, top)
        for group, (a, b), sure, scope in _said(texts[at], words, hooks, around):
            found.append(Claim(group, occurrence(page, shown[at - 1], a, b), sure, scope))
    return tuple(found)


def claims_in(text: str) -> tuple[Claim, ...]:
    """The claims that a bare text makes, as if it were one paragraph."""
    return tuple(
        Claim(group, Occurrence(None, a, b, text[a:b], Spot()), sure, scope)
        for _, words, hooks in _worth_reading([text])
        for group, (a, b), sure, scope in _said(text, words, hooks, Around())
    )


def _worth_reading(texts: Sequence[str]) -> Iterator[tuple[int, frozenset[str], Hooks]]:
    """Which of some paragraphs may hold a claim, with their words. All are cut into words in one go, for few are worth more."""
    words = bare(_PARTING.join(texts))
    hooks = _wordings().hooks.narrowed({*words, BRAND})
    if not hooks.words:
        return
    hits = hooks.words.keys() | {_MARK}
    start = at = 0
    caught = False
    for place in [place for place, word in enumerate(words) if word in hits] + [len(words)]:
        if place < len(words) and words[place] != _MARK:
            caught = True
            continue
        if caught:
            there = brand(texts[at]).union(words[start:place])
            if hooks.possible(there):
                yield at, there, hooks
        start, at, caught = place + 1, at + 1, False


def _around(page: Page, shown: list[int], at: int, top: tuple[str, ...]) -> Around:
    """Title and headings over a paragraph and, for an item, what leads up to the list."""
    heading = None
    leads: list[str] = []
    item = page.paragraphs[shown[at]].kind is Kind.ITEM
    for index in reversed(shown[max(0, at - _BACK) : at]):
        paragraph = page.paragraphs[index]
        if paragraph.kind is Kind.HEADING and heading is None:
            heading = plain(paragraph.text)
        if item and paragraph.kind is not Kind.ITEM:
            leads.append(plain(paragraph.text[-_LEAD:]))
            item = paragraph.kind is Kind.HEADING
        if heading is not None and not item:
            break
    return Around(lead=" ".join(reversed(leads)) or None, headings=top if heading is None else (*top, heading))


_Said = tuple[str, Span, bool, Scope | None]


def _said(written: str, words: frozenset[str], hooks: Hooks, around: Around) -> Iterator[_Said]:
    """Group, characters, sureness and scope of what one paragraph of these words claims."""
    known = _wordings()
    text = plain(written)
    spans = sentences(written)
    pairs = len(spans) > 1 and not known.near.isdisjoint(hooks.possible(words))
    last: frozenset[str] = frozenset()
    for at, (start, end) in enumerate(spans):
        here = words if len(spans) == 1 else brand(written[start:end]).union(bare(text[start:end]))
        before = text[slice(*spans[at - 1])] if at else None
        after = text[slice(*spans[at + 1])] if at + 1 < len(spans) else None
        about = Around(before, around.lead, after, around.headings)
        found: set[str] = set()
        if not here.isdisjoint(hooks.words) and (possible := hooks.possible(here) - known.near):
            for group, (a, b), sure, scope in _sentence(known, text[start:end], written[start:end], possible, about):
                found.add(group)
                yield group, (start + a, start + b), sure, scope
        if pairs and at and (possible := hooks.possible(here | last) & known.near):
            first = spans[at - 1][0]
            about = Around(text[slice(*spans[at - 2])] if at > 1 else None, around.lead, after, around.headings)
            for group, (a, b), sure, scope in _sentence(known, text[first:end], written[first:end], possible, about):
                if group not in found and first + a < start < first + b:
                    yield group, (first + a, first + b), sure, scope
        last = here


def _sentence(known: Wordings, sentence: str, written: str, possible: set[int], around: Around) -> Iterator[_Said]:
    reading = known.read(sentence, written)
    cues = Cues(known, reading)
    best: dict[str, tuple[Span, bool, Scope | None]] = {}
    for line, runs in known.found(reading, possible):
        if line.group in best and best[line.group][1]:
            continue
        if line.pace and not _fast(known, reading, line, runs):
            continue
        scope = cues.scope(line.group, runs)
        if scope is None or scope in _SOFT:
            sure = scope is None and not line.doubtful
            if line.group not in best or sure:
                best[line.group] = (cover(span for run in runs for span in run), sure, scope)
    if best and doubted_around(known, reading, around):
        return
    for group, ((first, last), sure, scope) in best.items():
        yield group, (reading.starts[first], reading.ends[last - 1]), sure, scope


# --- pounds a week ----------------------------------------------------------------------------------------------------

_POUNDS = {"k": 2.2, "s": 14.0}
_WEEKS = {
    **dict.fromkeys(["day", "days", "daily", "night", "nights", "morning", "overnight"], 1 / 7),
    **dict.fromkeys(["month", "months"], 4.35),
    "fortnight": 2.0,
}


def _fast(known: Wordings, reading: Reading, line: Line, runs: tuple[Run, ...]) -> bool:
    """Whether the weight and the time of a claim make as many pounds a week, for as many weeks, as its line asks for."""
    at = {
        step.lists: span
        for part, run in zip(line.parts, runs, strict=True)
        for step, span in zip(part, run, strict=False)
    }
    weight, time = (at[known.lists[name]] for name in ("weight", "time"))
    words = reading.words
    # "a pound a week takes a daily deficit": the nearest time is the one that counts.
    if any(
        weight[1] <= s[0] < time[0] or (time[1] <= s[0] and s[1] <= weight[0]) for s in reading.of(known.lists["time"])
    ):
        return False
    counts = [n for n in map(number, words[slice(*weight)]) if n is not None]
    # "10 to 15 pounds" promises ten; "1 to 2 pounds a week" is what doctors advise.
    pounds = min(counts, default=1.0) * _POUNDS.get(words[weight[1] - 1][0], 1.0)
    unit = words[time[1] - 1]
    weeks = next((n for n in map(number, words[slice(*time)]) if n is not None), 1.0) * _WEEKS.get(unit, 1.0)
    pace, long = line.pace or (0.0, 0.0)
    return pounds >= pace * weeks and weeks >= long
