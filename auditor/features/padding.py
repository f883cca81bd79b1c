"""What fills an article and says nothing: stock phrases, late starts, generators' asides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from auditor.features.occurrence import Occurrence, folded, occurrence, pattern, plain
from auditor.features.prose import Prose, prose, prose_of
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
    at = np.searchsorted(np.array(running.line_starts), np.flatnonzero(telling), side="right") - 1
    hopeful = set(at.tolist())
    counting = set(body)
    for line, (number, start, end) in enumerate(running.sentences):
        if not wanted:
            break
        if number not in counting:
            continue
        words = running.lines[line]
        if "‘" in running.texts[number]:  # which is no part of a word, and an apostrophe in plain letters
            words = tokens(running.texts[number][start:end])
        elif line not in hopeful:
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
