"""Sections: what the words of a heading announce — related posts, comments, the author, a widget, references."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from auditor.page.page import Role

MAX_HEADING = 90
"""Characters; a longer line is prose that happens to hold such words."""
MAX_WORDS = 16
_ANY, _SOME, _NUMBER = "*", "+", "#"
_EDGES = ".,:;!?…“”„\"‘’'()[]{}#*_»«-–—→›>|•·▼▶🔗👉✨📚~=+^/\\"
_SPACES = str.maketrans(
    {"-": " ", "–": " ", "—": " ", "/": " ", "’": "'", "‘": "'", "`": "'", "&": " and ", "+": " ", "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class _Step:
    words: frozenset[str]
    optional: bool


_Phrase = tuple[_Step, ...]


@cache
def _phrases() -> dict[str, list[tuple[Role, int, _Phrase]]]:
    """The phrases of `sections.txt` by the words they may start with, each with its role and its rank in the file."""
    sets: dict[str, set[str]] = {}
    by_start: dict[str, list[tuple[Role, int, _Phrase]]] = {}
    role = Role.ARTICLE
    lines = (Path(__file__).parent / "sections.txt").read_text(encoding="utf-8").split("\n")
    for rank, line in enumerate(lines):
        if line.startswith("$") and " = " in line:
            name, _, words = line.partition(" = ")
            sets.setdefault(name, set()).update(words.split("|"))
        elif line.startswith("["):
            role = Role(line.strip("[]"))
        elif line and not line.startswith("# "):
            phrase = tuple(_step(token, sets) for token in line.split())
            for step in phrase:
                for word in step.words:
                    by_start.setdefault(word, []).append((role, rank, phrase))
                if not step.optional:
                    break
    return by_start


def _step(token: str, sets: dict[str, set[str]]) -> _Step:
    optional = token.endswith("?")
    words: set[str] = set()
    for word in token.removesuffix("?").split("|"):
        words |= sets.get(word, {word})
    return _Step(frozenset(words), optional or token == _ANY)


def _matches(phrase: _Phrase, words: list[str]) -> bool:
    """Whether the phrase covers all of the words: its states are stepped through together, so time is words x steps."""
    length = len(phrase)
    states = _closed(phrase, {0})
    for word in words:
        following: set[int] = set()
        for state in states:
            if state == length:
                continue
            allowed = phrase[state].words
            if word in allowed:
                following.add(state + 1)
            if _ANY in allowed or _SOME in allowed:
                following |= {state, state + 1}
            elif _NUMBER in allowed and word.isdigit():
                following.add(state + 1)
        if not following:
            return False
        states = _closed(phrase, following)
    return length in states


def _closed(phrase: _Phrase, states: set[int]) -> set[int]:
    """The states, and those that are reached from them by leaving optional steps out."""
    for state in range(min(states), len(phrase)):
        if phrase[state].optional and state in states:
            states.add(state + 1)
    return states


@lru_cache(maxsize=1024)
def section_role(heading: str) -> Role | None:
    """The role of the section a heading announces; None where its words announce none.

    The whole heading has to be such a phrase: "Related posts" is one, "Related risks of ketamine" is not. References
    and sources are part of the article, and said to be so (`Role.ARTICLE`) because they end a related section.
    "Recent posts", "Trending" and the like are a sidebar's lists: they do not claim to be related.
    English, and the usual phrases of some twenty other languages.
    """
    if not 2 <= len(heading) <= MAX_HEADING:
        return None
    words = [word for token in heading.lower().translate(_SPACES).split() if (word := token.strip(_EDGES))]
    if not words or len(words) > MAX_WORDS:
        return None
    by_start = _phrases()
    found = [
        (rank, role)
        for role, rank, phrase in (
            *by_start.get(words[0], ()),
            *(by_start.get(_NUMBER, ()) if words[0].isdigit() else ()),
        )
        if _matches(phrase, words)
    ]
    return min(found)[1] if found else None


_RELATED = (
    "relat", "similar", "recommend", "suggest", "you may", "you might", "you'll", "you'd", "also", "like this", "liked", "interest",
    "enjoy", "more on ", "more about", "read next", "to read",
)  # fmt: skip
_CHOSEN_OTHERWISE = (
    "popular", "trending", "latest", "recent", "most read", "most viewed", "newest", "new ", "top ", "editor", "featured", "pick",
    "sponsor", "around the web", "from the web", "promoted", "missed", "more from", "more news", "advert", "partner", "section", "author",
    "in case you", "best of", "hot ", "today", "this week", "read more", "don't miss", "must read", "also in ", "also on ", "also from",
)  # fmt: skip


def claims_relation(heading: str) -> bool:
    """Whether a list's heading says that its entries have to do with the article or its reader. "Popular", "Latest" or "Sponsored" says
    how they were chosen, "More stories" and no heading at all say nothing."""
    folded = heading.lower().replace("’", "'") + " "
    return any(cue in folded for cue in _RELATED) and not any(cue in folded for cue in _CHOSEN_OTHERWISE)
