"""What fills an article and says nothing: stock phrases, repeated paragraphs, a stuffed keyword, generators' asides."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from auditor.features.occurrence import Occurrence, folded, occurrence, pattern, plain
from auditor.features.prose import Flags, Numbers, Prose, prose, prose_of, runs
from auditor.language.words import STOPWORDS, content, stem, tokens
from auditor.page.page import Kind, Page
from auditor.page.prose import sentence_at

_FILE = "padding.txt"

# --- filler -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filler:
    """How much of an article is filler. Counts are of sentences and phrases, shares lie between 0 and 1."""

    words: int
    """Words of running text."""
    opener: Occurrence | None
    """A stock phrase in the first paragraphs."""
    conclusion: Occurrence | None
    """A stock phrase in the last paragraphs."""
    phrases: tuple[Occurrence, ...]
    """Stock phrases everywhere."""
    lead: float
    """Share of the words that stand before the first sentence with two words of the title (one, for short titles)."""
    facts: float
    """Share of the sentences after the first that hold a figure, a name or a quotation."""
    running: Prose
    """The text itself."""

    @property
    def varied(self) -> float:
        """Distinct among the content words: the mean over windows of 100, NaN below that."""
        stems = self.running.stems[self.running.stems > 0].tolist()
        windows = [stems[i : i + _WINDOW] for i in range(0, len(stems) - _WINDOW + 1, _WINDOW // 2)]
        return sum(len(set(window)) / _WINDOW for window in windows) / len(windows) if windows else float("nan")

    @property
    def density(self) -> float:
        """Stock phrases per 100 words."""
        return 100 * len(self.phrases) / self.words if self.words else 0.0


# A name: a capital behind a word or a comma, maybe with a quotation mark before it. The capital is looked for first.
_NAME = re.compile(r"[A-Z](?:(?<=[a-z,;:)] [A-HJ-Z])|(?<=[a-z,;:)] I)(?=\w)|(?<=[a-z,;:)] [\"“‘][A-Z]))[\w'’-]")
_FIGURE = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“][^\"“”]{8,400}[\"”]")
_WINDOW = 100
_FUNCTIONAL = frozenset(map(stem, STOPWORDS))


@lru_cache(maxsize=2)
def filler(page: Page) -> Filler:
    """Read an article's filler: catalogue P19 with its neighbours, made for English."""
    read, running = folded(page), prose_of(page)
    kinds = [page.paragraphs[index].kind for index in running.paragraphs]
    body = [
        number
        for number, (index, kind) in enumerate(zip(running.paragraphs, kinds, strict=True))
        if kind is Kind.TEXT and len(read.texts[index]) > 40
    ]
    last = {running.paragraphs[number] for number in body[-2:]}
    able = {section: running.able(_FILE, section) for section in ("openers", "fillers", "conclusions")}
    found: list[Occurrence] = []
    for index in running.paragraphs:
        for section in ("openers", "fillers", "conclusions") if index in last else ("openers", "fillers"):
            if index in able[section]:
                places = pattern(_FILE, section).finditer(read.texts[index])
                found.extend(occurrence(page, index, *place.span()) for place in places)
    return Filler(
        words=len(running.words),
        opener=_first(page, able, [running.paragraphs[number] for number in body[:2]], "openers"),
        conclusion=_first(page, able, [running.paragraphs[number] for number in body[-2:]], "conclusions"),
        phrases=tuple(found),
        lead=_late_start(page, running, body),
        facts=_facts(running),
        running=running,
    )


def _first(page: Page, able: Mapping[str, frozenset[int]], indices: list[int], section: str) -> Occurrence | None:
    for index in indices:
        if index in able[section] and (match := pattern(_FILE, section).search(folded(page).texts[index])):
            return occurrence(page, index, *match.span())
    return None


def _late_start(page: Page, running: Prose, body: list[int]) -> float:
    heads = [h.text for h in page.headings if h.level == 1][:2]
    title = {stem(word) for word in content(tokens(" ".join((page.title, *heads))))}
    wanted = min(2, len(title))
    total = sum(running.texts[number].count(" ") + 1 for number in body)
    before = 0
    # Whether a word may be one of the title's; of those without a subject of their own, each may.
    bare = any(len(base) < 2 for base in title) or not title.isdisjoint(_FUNCTIONAL)
    telling = np.array([bare, *(base in title for base in running.roots[1:])])[running.stems]
    counting = set(body)
    for line, (number, start, end) in enumerate(running.sentences):
        if not wanted:
            break
        if number not in counting:
            continue
        words = running.lines[line]
        if "‘" in running.texts[number]:  # which is no part of a word, and an apostrophe in plain letters
            words = tokens(running.texts[number][start:end])
        elif not telling[running.line_starts[line] : running.line_starts[line + 1]].any():
            before += len(words)
            continue
        if len(title.intersection(map(stem, words))) >= wanted:
            break
        before += len(words)
    return min(1.0, before / total) if total else float("nan")


def _facts(running: Prose) -> float:
    spans = [running.texts[number][start:end] for number, start, end in running.sentences]
    if len(spans) < 2:
        return float("nan")
    return sum(_tells(sentence) for sentence in spans[1:]) / (len(spans) - 1)


def _tells(sentence: str) -> bool:
    """Whether a sentence holds a figure, a name or a quotation."""
    if _FIGURE.search(sentence) or _NAME.search(sentence):
        return True
    return ('"' in sentence or "“" in sentence) and _QUOTE.search(sentence) is not None


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


# --- generators -------------------------------------------------------------------------------------------------------

# "[Your Name]" and the like are honest in instructions and letter templates; an instruction to the writer is not.
_BRACKET = re.compile(
    r"\[\s?(?:insert|add (?:your|an?|the)|mention (?:your|an?|the)|include (?:your|an?|the)) [^\[\]]{2,80}\]"
)
_TEMPLATE = 4  # so many of them make the page a template
_ABOUT = re.compile(
    r"\b(?:chatgpt|chat gpt|openai|gpt-?\d|chatbots?|language models?|llms?|generative|ai-generated|gemini|copilot)\b"
)
_MARKS = '"“”«»'


def machine_text(page: Page) -> tuple[Occurrence, ...]:
    """Sentences by which a text generator speaks of itself or its task, and prompts left to be filled in.

    Quotations are left alone, and so is every such sentence in an article that is about generators.
    """
    read = folded(page)
    running = prose_of(page)
    able = running.able(_FILE, "machine") | running.able(_FILE, "machine leads")
    open_ = frozenset(read.holding(("[",)))
    if not able and not open_:
        return ()
    found: list[Occurrence] = []
    brackets: list[tuple[int, int, int]] = []
    about = 0
    for index, paragraph in prose(page):
        text = read.texts[index]
        own: list[tuple[int, int]] = []
        if index in able:
            own = [m.span() for m in pattern(_FILE, "machine").finditer(text)]
            if lead := pattern(_FILE, "machine leads").match(text):
                own.append(lead.span())
        if index in open_:
            brackets.extend((index, *m.span()) for m in _BRACKET.finditer(text))
        kept = [span for span in sorted(own) if not _quoted(paragraph.text, *span)]
        found.extend(occurrence(page, index, *span) for span in kept)
        spoken = [sentence_at(text, *span) for span in own]
        about += sum(1 for m in _ABOUT.finditer(text) if not any(a <= m.start() < b for a, b in spoken))
    if not found and not brackets:
        return ()
    about += 3 * len(_ABOUT.findall(plain(f"{page.title} {' '.join(h.text for h in page.headings[:3])}")))
    if about >= 3:
        return ()
    left = [occurrence(page, *bracket) for bracket in brackets] if len(brackets) < _TEMPLATE else []
    return tuple(sorted((*found, *left), key=lambda o: (o.paragraph or 0, o.start)))


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether the words stand between quotation marks of their paragraph, or right behind one."""
    before = text[:start]
    opened = (
        before.count('"') % 2 == 1 or before.count("“") > before.count("”") or before.count("«") > before.count("»")
    )
    return (
        opened or text[max(0, start - 2) : start].strip()[-1:] in tuple("'‘`") or text[end : end + 1] in tuple(_MARKS)
    )
