"""What fills an article and says nothing: stock phrases, repeated paragraphs, a stuffed keyword, generators' asides."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from auditor.features.occurrence import Occurrence, folded, occurrence, pattern, plain
from auditor.language.words import STOPWORDS, content, stem, tokens
from auditor.page.page import Kind, Page, Paragraph, Role
from auditor.page.prose import sentence_at, sentences

_FILE = "padding.txt"


def prose(page: Page) -> Iterator[tuple[int, Paragraph]]:
    """The article's running text with its indices: no headings, cells, captions, quotations or listings."""
    roles = [block.role for block in page.blocks]
    for index, paragraph in enumerate(page.paragraphs):
        if (
            roles[paragraph.block] is Role.ARTICLE
            and paragraph.hidden is None
            and paragraph.kind in (Kind.TEXT, Kind.ITEM)
        ):
            yield index, paragraph


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
    varied: float
    """Distinct among the content words: the mean over windows of 100, NaN below that."""

    @property
    def density(self) -> float:
        """Stock phrases per 100 words."""
        return 100 * len(self.phrases) / self.words if self.words else 0.0


_NAME = re.compile(r"(?<=[a-z,;:)] )(?!I\b|I'|I’)[\"“‘]?[A-Z][\w'’-]+")
_FIGURE = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“][^\"“”]{8,400}[\"”]")
_WINDOW = 100


@lru_cache(maxsize=2)
def filler(page: Page) -> Filler:
    """Read an article's filler: catalogue P19 with its neighbours, made for English."""
    read = folded(page)
    everything = [(index, paragraph, read.texts[index]) for index, paragraph in prose(page)]
    body = [(i, text) for i, p, text in everything if p.kind is Kind.TEXT and len(text) > 40]
    last = {index for index, _ in body[-2:]}
    possible = set(read.may_hold(_FILE, "openers", "fillers", "conclusions"))
    found: list[Occurrence] = []
    for index, _, text in everything:
        if index in possible:
            for section in ("openers", "fillers", "conclusions") if index in last else ("openers", "fillers"):
                found.extend(occurrence(page, index, *m.span()) for m in pattern(_FILE, section).finditer(text))
    words = spoken(page)
    return Filler(
        words=sum(map(len, words.values())),
        opener=_first(page, [pair for pair in body[:2] if pair[0] in possible], "openers"),
        conclusion=_first(page, [pair for pair in body[-2:] if pair[0] in possible], "conclusions"),
        phrases=tuple(found),
        lead=_late_start(page, [index for index, _ in body]),
        facts=_facts([p.text for _, p, _ in everything]),
        varied=_varied(words.values()),
    )


@lru_cache(maxsize=2)
def spoken(page: Page) -> Mapping[int, list[str]]:
    """The words of each paragraph of the article's running text, by its index."""
    texts = folded(page).texts
    return {index: tokens(texts[index]) for index, _ in prose(page)}


def _first(page: Page, texts: list[tuple[int, str]], section: str) -> Occurrence | None:
    for index, text in texts:
        if match := pattern(_FILE, section).search(text):
            return occurrence(page, index, *match.span())
    return None


def _late_start(page: Page, indices: list[int]) -> float:
    heads = [h.text for h in page.headings if h.level == 1][:2]
    title = {stem(word) for word in content(tokens(" ".join((page.title, *heads))))}
    wanted = min(2, len(title))
    total = before = 0
    started = not wanted
    words = spoken(page)
    for index in indices:
        text = page.paragraphs[index].text
        total += text.count(" ") + 1
        if started:
            continue
        # "‘" parts words, but is an apostrophe in what `spoken` has read.
        if "‘" not in text and len(title.intersection(map(stem, words[index]))) < wanted:
            before += len(words[index])
            continue
        for start, end in sentences(text):
            said = tokens(text[start:end])
            started = len(title.intersection(map(stem, said))) >= wanted
            if started:
                break
            before += len(said)
    return min(1.0, before / total) if total else float("nan")


def _facts(texts: list[str]) -> float:
    spans = [text[start:end] for text in texts for start, end in sentences(text)]
    if len(spans) < 2:
        return float("nan")
    return sum(bool(_FIGURE.search(s) or _NAME.search(s) or _QUOTE.search(s)) for s in spans[1:]) / (len(spans) - 1)


def _varied(texts: Iterable[list[str]]) -> float:
    words = [stem(word) for text in texts for word in content(text)]
    windows = [words[i : i + _WINDOW] for i in range(0, len(words) - _WINDOW + 1, _WINDOW // 2)]
    return sum(len(set(window)) / _WINDOW for window in windows) / len(windows) if windows else float("nan")


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
    texts = list(spoken(page).items())[:_MANY]
    total = sum(len(words) for _, words in texts) or 1
    long = [(index, words) for index, words in texts if len(words) >= _LEAST_WORDS]
    sets = [frozenset(zip(*(words[k:] for k in range(_SHINGLE)), strict=False)) for _, words in long]
    recurring = {shingle for shingle, count in Counter(chain.from_iterable(sets)).items() if count > 1}
    owners: dict[tuple[str, ...], list[int]] = defaultdict(list)
    groups: dict[int, list[int]] = {}
    for number, own in enumerate(sets if recurring else ()):
        known = own & recurring
        shared: Counter[int] = Counter()
        for shingle in known & owners.keys():
            shared.update(owners[shingle])
        likest = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        match = next((o for o, n in likest if n / len(own | sets[o]) >= _ALIKE), None)
        if match is not None:
            groups.setdefault(match, []).append(number)
            continue
        for shingle in known:
            if len(owners[shingle]) < _OWNERS:
                owners[shingle].append(number)
    if _copied_whole(groups, len(long)):
        return ()
    return tuple(
        Repetition(
            occurrence(page, long[first][0], 0, len(page.paragraphs[long[first][0]].text)),
            tuple(long[number][0] for number in again),
            sum(len(long[number][1]) for number in again) / total,
        )
        for first, again in sorted(groups.items())
    )


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


@dataclass(frozen=True, slots=True)
class Stuffed:
    """The phrase that takes the largest share of an article's words."""

    phrase: str
    """As it is written first."""
    count: int
    share: float
    """Its words among all words of running text and headings."""
    sentences: float
    """Share of the sentences that hold it."""
    first: Occurrence


@lru_cache(maxsize=2)
def stuffed_stem(page: Page) -> Stuffed | None:
    """The most insistent phrase of two to four content words, compared by stems; None where nothing comes twice.

    Single words are left out: the subject of an honest short article easily is every fifteenth word of it.
    """
    texts = folded(page).texts
    read = [
        (index, start, tokens(texts[index][start:end]))
        for index, paragraph in prose(page)
        for start, end in sentences(paragraph.text)
    ]
    total = sum(len(words) for _, _, words in read)
    counts: Counter[tuple[str, ...]] = Counter()
    lines = [list(map(_carried, words)) for _, _, words in read]
    for stems in lines:
        counts.update(gram for gram in pairwise(stems) if gram[0] and gram[1])
    # A longer phrase can only come twice where each pair in it does.
    pairs = {gram for gram, count in counts.items() if count > 1}
    for stems in lines:
        linked = [gram in pairs for gram in pairwise(stems)]
        starts = [i for i, both in enumerate(pairwise(linked)) if both[0] and both[1]]
        counts.update(tuple(stems[i : i + 3]) for i in starts)
        counts.update(tuple(stems[i : i + 4]) for i in starts if i + 2 < len(linked) and linked[i + 2])
    again = [gram for gram, count in counts.items() if count > 1]
    if not again:
        return None
    best = max(again, key=lambda gram: (counts[gram] * len(gram), len(gram), gram))
    held = [best[0] in stems and _holds(stems, best) for stems in lines]
    index, start, _ = read[held.index(True)]
    first = _place(page, index, start, best)
    return Stuffed(first.words, counts[best], counts[best] * len(best) / total, sum(held) / len(held), first)


@lru_cache(maxsize=1 << 15)
def _carried(word: str) -> str:
    """A word's stem; empty for a word that carries no subject."""
    return "" if word in STOPWORDS or word.isdigit() or len(word) < 2 else stem(word)


def _holds(stems: list[str], gram: tuple[str, ...]) -> bool:
    size = len(gram)
    return any(tuple(stems[i : i + size]) == gram for i in range(len(stems) - size + 1))


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
    possible = set(read.may_hold(_FILE, "machine", "machine leads"))
    open_ = set(read.holding(("[",)))
    if not possible and not open_:
        return ()
    found: list[Occurrence] = []
    brackets: list[tuple[int, int, int]] = []
    about = 0
    for index, paragraph in prose(page):
        text = read.texts[index]
        own: list[tuple[int, int]] = []
        if index in possible:
            own = [m.span() for m in pattern(_FILE, "machine").finditer(text)]
            if lead := pattern(_FILE, "machine leads").match(text):
                own.append(lead.span())
        if index in open_:
            brackets.extend((index, *m.span()) for m in _BRACKET.finditer(text))
        kept = [span for span in sorted(own) if not _quoted(paragraph.text, *span)]
        found.extend(occurrence(page, index, *span) for span in kept)
        around = [sentence_at(text, *span) for span in own]
        about += sum(1 for m in _ABOUT.finditer(text) if not any(a <= m.start() < b for a, b in around))
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
