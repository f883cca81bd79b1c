"""Places and trades: the two halves of an anchor like "West Springfield anxiety therapist"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from auditor.language.terms import Span, Terms, Token, adjoining, listed, read, sections

_DIRECTIONS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "new",
        "fort",
        "saint",
        "mount",
        "lake",
        "port",
        "greater",
        "downtown",
        "central",
        "northern",
        "southern",
        "eastern",
        "western",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "upper",
        "lower",
    ]
)
_SHORT = {"st": "saint", "ft": "fort", "mt": "mount", "n": "north", "s": "south", "e": "east", "w": "west"}
_WORDLIKE_STATES = frozenset(
    ["al", "de", "hi", "id", "in", "la", "ma", "me", "mo", "oh", "ok", "or", "pa", "co", "ms", "mt"]
)
_LONGEST_PHRASE = 8
_REACH = 4


@cache
def _names() -> tuple[Mapping[str, bool], Mapping[str, int], frozenset[str]]:
    """Names in lower case → ambiguous; first word → words of the longest name; postal abbreviations."""
    lists = sections("places.txt")
    names = {name.lower(): False for kind in ("towns", "countries") for name in lists[kind]}
    names |= {name.lower(): True for kind in ("towns ambiguous", "countries ambiguous") for name in lists[kind]}
    abbreviations = set()
    for entry in lists["states"]:
        name, _, short = entry.partition("=")
        names[name.lower()] = name in ("Georgia", "Virginia", "Washington")
        abbreviations.add(short.lower())
    longest: dict[str, int] = {}
    for name in names:
        head = name.partition(" ")[0]
        longest[head] = max(longest.get(head, 1), name.count(" ") + 1)
    return names, longest, frozenset(abbreviations)


def places(text: str) -> tuple[Span, ...]:
    """Names of places, in order, without overlap: towns, states, countries; "West" + town, town + state are one.

    A name that is also an everyday word or a person's name needs a capital and is marked ambiguous, unless its state
    follows.
    """
    return tuple(_places(text))


def _places(text: str) -> Iterator[Span]:
    folded, toks = read(text)
    _, longest, _ = _names()
    end = 0
    for i, (word, _, _) in enumerate(toks):
        if i < end or not (word in longest or word in _DIRECTIONS or word in _SHORT):
            continue
        found = _place_at(text, folded, toks, i)
        if found is None:
            continue
        n, ambiguous = found
        states = _state_after(text, folded, toks, i + n)
        end = i + n + states
        name = " ".join(token.word for token in toks[i:end])
        yield Span(toks[i].start, toks[end - 1].end, name, ambiguous and not states)


def _place_at(text: str, folded: str, toks: list[Token], i: int) -> tuple[int, bool] | None:
    names, longest, _ = _names()
    word = toks[i].word
    head = _SHORT.get(word, word) if i + 1 < len(toks) else word
    for n in range(min(longest.get(head, 0), len(toks) - i), 0, -1):
        name = " ".join([head, *(token.word for token in toks[i + 1 : i + n])])
        if (
            (ambiguous := names.get(name)) is not None
            and (n > 1 or head == word)
            and all(
                adjoining(folded, toks[k].end, toks[k + 1].start) or _dotted(folded, toks, k)
                for k in range(i, i + n - 1)
            )
            and not (ambiguous and not text[toks[i].start].isupper())
        ):
            return n, ambiguous
    if head in _DIRECTIONS and i + 1 < len(toks) and adjoining(folded, toks[i].end, toks[i + 1].start):
        inner = _place_at(text, folded, toks, i + 1) if toks[i + 1].word not in _DIRECTIONS else None
        if inner and text[toks[i].start].isupper() == text[toks[i + 1].start].isupper():
            return inner[0] + 1, inner[1]
    return None


def _dotted(folded: str, toks: list[Token], k: int) -> bool:
    """ "St. Louis": a point after an abbreviation ends no sentence."""
    return toks[k].word in _SHORT and folded[toks[k].end : toks[k + 1].start] == ". "


def _state_after(text: str, folded: str, toks: list[Token], i: int) -> int:
    """Tokens of a state's name or abbreviation at `i`, right behind a town."""
    if i >= len(toks) or i == 0 or folded[toks[i - 1].end : toks[i].start] not in (" ", ", ", ",", "-", " , "):
        return 0
    _, longest, abbreviations = _names()
    word = toks[i].word
    if word in abbreviations:
        written = text[toks[i].start : toks[i].end]
        return int(written.isupper() or word not in _WORDLIKE_STATES)
    for n in range(min(longest.get(word, 0), 2, len(toks) - i), 0, -1):
        name = " ".join(token.word for token in toks[i : i + n])
        if name in _states():
            return n
    return 0


@cache
def _states() -> frozenset[str]:
    return frozenset(entry.partition("=")[0].lower() for entry in sections("places.txt")["states"])


@cache
def _trades() -> Terms[tuple[str, bool]]:
    lists = sections("trades.txt")
    return Terms(
        [(term, (term, False)) for term in lists["trades"]] + [(term, (term, True)) for term in lists["trades weak"]]
    )


def trades(text: str) -> tuple[Span, ...]:
    """What businesses sell themselves as, in order; `ambiguous` nouns name institutions too."""
    folded, toks = read(text)
    return tuple(
        Span(toks[i].start, toks[i + n - 1].end, term, weak) for i, n, (term, weak) in _trades().find(folded, toks)
    )


def place_and_trade(phrase: str) -> bool:
    """Whether an anchor offers a local service: "denver plumber", "movers near me" (catalogue L11).

    Names of institutions and publications do not count ("Cleveland Clinic", "New York Times"), nor do phrases longer
    than eight words.
    """
    folded, toks = read(phrase)
    if not 2 <= len(toks) <= _LONGEST_PHRASE or any(listed("trades.txt", "institutions").find(folded, toks)):
        return False
    found = trades(phrase)
    sold = [trade for trade in found if not trade.ambiguous or phrase[trade.start].islower() or len(found) > 1]
    if not sold:
        return False
    if any(not trade.ambiguous for trade in sold) and any(listed("trades.txt", "near").find(folded, toks)):
        return True
    for place in places(phrase):
        for trade in sold:
            if trade.start < place.end and place.start < trade.end:
                continue
            first, second = sorted((place, trade), key=lambda span: span.start)
            between = phrase[first.end : second.start].split()
            if len(between) <= (0 if place.ambiguous else _REACH):
                return True
    return False
