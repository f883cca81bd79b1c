"""Places and trades: the two halves of an anchor like "West Springfield anxiety therapist"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from auditor.language.terms import Span, Terms, Words, listed, read, sections

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


@cache
def _beginnings() -> frozenset[str]:
    return _DIRECTIONS.union(_names()[1], _SHORT)


def _places(text: str) -> Iterator[Span]:
    found = read(text)
    words, beginnings = found.words, _beginnings()
    end = 0
    for i, word in enumerate(words):
        if i < end or word not in beginnings:
            continue
        place = _place_at(text, found, i)
        if place is None:
            continue
        n, ambiguous = place
        states = _state_after(text, found, i + n)
        end = i + n + states
        yield Span(found.span(i)[0], found.span(end - 1)[1], " ".join(words[i:end]), ambiguous and not states)


def _place_at(text: str, found: Words, i: int) -> tuple[int, bool] | None:
    names, longest, _ = _names()
    words = found.words
    word = words[i]
    head = _SHORT.get(word, word) if i + 1 < len(words) else word
    for n in range(min(longest.get(head, 0), len(words) - i), 0, -1):
        name = " ".join([head, *words[i + 1 : i + n]])
        if (
            (ambiguous := names.get(name)) is not None
            and (n > 1 or head == word)
            and all(found.adjoining(k) or _dotted(found, k) for k in range(i, i + n - 1))
            and not (ambiguous and not text[found.span(i)[0]].isupper())
        ):
            return n, ambiguous
    if head in _DIRECTIONS and i + 1 < len(words) and found.adjoining(i):
        inner = _place_at(text, found, i + 1) if words[i + 1] not in _DIRECTIONS else None
        if inner and text[found.span(i)[0]].isupper() == text[found.span(i + 1)[0]].isupper():
            return inner[0] + 1, inner[1]
    return None


def _dotted(found: Words, k: int) -> bool:
    """ "St. Louis": a point after an abbreviation ends no sentence."""
    return found.words[k] in _SHORT and found.gap(k) == ". "


def _state_after(text: str, found: Words, i: int) -> int:
    """Words of a state's name or abbreviation at `i`, right behind a town."""
    words = found.words
    if i >= len(words) or i == 0 or found.gap(i - 1) not in (" ", ", ", ",", "-", " , "):
        return 0
    _, longest, abbreviations = _names()
    word = words[i]
    if word in abbreviations:
        return int(text[slice(*found.span(i))].isupper() or word not in _WORDLIKE_STATES)
    for n in range(min(longest.get(word, 0), 2, len(words) - i), 0, -1):
        if " ".join(words[i : i + n]) in _states():
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
    found = read(text)
    return tuple(
        Span(found.span(i)[0], found.span(i + n - 1)[1], term, weak) for i, n, (term, weak) in _trades().find(found)
    )


def place_and_trade(phrase: str) -> bool:
    """Whether an anchor offers a local service: "denver plumber", "movers near me" (catalogue L11).

    Names of institutions and publications do not count ("Cleveland Clinic", "New York Times"), nor do phrases longer
    than eight words.
    """
    words = read(phrase)
    if not 2 <= len(words.words) <= _LONGEST_PHRASE:
        return False
    found = trades(phrase)
    sold = [trade for trade in found if not trade.ambiguous or phrase[trade.start].islower() or len(found) > 1]
    if not sold or any(listed("trades.txt", "institutions").find(words)):
        return False
    if any(not trade.ambiguous for trade in sold) and any(listed("trades.txt", "near").find(words)):
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
