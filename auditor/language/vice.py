"""Vice: the trades that planted links sell (gambling, pills, essays, brides …), found in text and in addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

from auditor.language.terms import Terms, Words, fold, read, sections

# Only what is handed over like goods turns from a mention into an offer beside "buy": nobody plants "buy poker".
_GOODS = frozenset({"pharma", "essay", "replica", "documents"})
_ALIKE = str.maketrans("авеёзикмнопрстухјѕԁһіαβεικνορτυχω", "abee3ukmhonpctyxjsdhiabeikvoptuxw")
_LEET = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
_LEET_WORD = re.compile(r"[^\W_]+(?:[@$!]+[^\W_]+)*")
_LEET_SIGN = re.compile(r"[@$!\d](?:(?<=[^\W\d_].)|(?=[^\W\d_]|888))")
_ASCII_LEET_SIGN = re.compile(r"[@$!0-9](?:(?<=[a-z].)|(?=[a-z]|888))")
_LEET_LETTER = re.compile(r"[\w@$!]")
_LATIN = re.compile("[a-z]")
_LONGEST_LEET = 16
_LONGEST_LABEL = 63
_LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class ViceHit:
    """One term of a trade, and where it stands; in an address, `start` and `end` count in the address."""

    trade: str
    term: str
    hard: bool
    """Says by itself that something of the trade is sold; else it has honest uses too."""
    start: int
    end: int


class _Mark(NamedTuple):
    trade: str
    strength: str
    term: str


@cache
def _terms() -> Terms[_Mark]:
    return Terms(
        (term, _Mark(trade, strength, term))
        for name, entries in sections("vice.txt").items()
        for trade, _, strength in [name.partition(" ")]
        if strength in ("hard", "soft", "silent", "never")
        for term in entries
    )


@cache
def _selling(side: str) -> Terms[str]:
    return Terms((term, term) for term in sections("vice.txt")[f"selling {side}"])


@cache
def _runs() -> tuple[re.Pattern[str], dict[str, str]]:
    trades = {
        fold(term): name.partition(" ")[0]
        for name, entries in sections("vice.txt").items()
        if name.endswith(" run")
        for term in entries
    }
    return re.compile("|".join(map(re.escape, trades))), trades


@lru_cache(maxsize=512)
def vice(text: str) -> tuple[ViceHit, ...]:
    """Every term of a vice trade in a text, in order, without overlap; spelling tricks undone (`v1agra`, `саsino`).

    Time is linear in the text: one look-up a word. A hit in running text is a mention; whether it is an offer is for
    the link that carries it to say.
    """
    cut = read(text)
    folded, words = cut.folded, cut.words
    terms = _terms()
    hits: list[ViceHit] = []
    done = 0
    for i in terms.candidates(cut, unsure=not folded.isascii()):
        if i < done:
            continue
        found = terms.at(cut, i)
        disguised = ""
        if found is None and not words[i].isascii() and (disguised := _undisguised(words[i])):
            found = terms.at(cut, i, disguised)
        if found is None:
            continue
        n, mark = found
        done = i + n
        if (hard := _hard(mark, cut, i, n)) is not None:
            # A disguise is a fact: nobody writes "v1agra" to inform.
            start, end = cut.span(i)[0], cut.span(i + n - 1)[1]
            hits.append(ViceHit(mark.trade, mark.term, hard or disguised != "", start, end))
    hits += _leet_hits(folded)
    if not text.isascii():
        pattern, trades = _runs()
        hits += (ViceHit(trades[m[0]], m[0], True, m.start(), m.end()) for m in pattern.finditer(folded))
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _hard(mark: _Mark, text: Words, i: int, n: int) -> bool | None:
    """None for what is no hit at all."""
    match mark.strength:
        case "hard":
            return True
        case "never":
            return None
        case strength:
            sold = mark.trade in _GOODS and _sold(text, i, n)
            return sold if strength == "soft" else sold or None


def _sold(text: Words, i: int, n: int) -> bool:
    after = i + n
    words = text.words
    if after < len(words) and text.adjoining(after - 1) and _selling("after").at(text, after):
        return True
    between = _selling("between")
    for back in range(1, 4):
        j = i - back
        if j < 0 or not text.adjoining(j):
            return False
        cue = _selling("before").at(text, j)
        if cue and j + cue[0] <= i and all(words[k] in between for k in range(j + cue[0], i)):
            return True
    return False


def _undisguised(word: str) -> str:
    """A word of Latin letters mixed with Cyrillic or Greek look-alikes, in Latin; empty where it is not mixed."""
    if not _LATIN.search(word):
        return ""
    return word.translate(_ALIKE)


def _leet_hits(folded: str) -> Iterator[ViceHit]:
    """Single listed words written with figures and signs for letters; only what makes a listed word counts."""
    terms = _terms()
    end = 0
    # A listed word has letters, so somewhere in it one stands beside a figure or a sign ("ae888" may stand as 43888): few places do.
    for place in (_ASCII_LEET_SIGN if folded.isascii() else _LEET_SIGN).finditer(folded):
        if place.start() < end:
            continue
        start, end = place.start(), place.end()
        while start and _LEET_LETTER.match(folded, start - 1):
            start -= 1
        while end < len(folded) and _LEET_LETTER.match(folded, end):
            end += 1
        word = folded[start:end]
        if not 5 <= len(word) <= _LONGEST_LEET or not _LEET_WORD.fullmatch(word):
            continue
        signs = sum(1 for character in word if character in _LEET)
        if signs * 2 >= len(word) or word in terms:
            continue
        for choice in product(*(_LEET.get(character, character) for character in word)):
            found = terms.at(Words("".join(choice)), 0)
            if found and found[1].strength in ("hard", "soft"):
                yield ViceHit(found[1].trade, found[1].term, True, start, end)
                break


class _Part(NamedTuple):
    trade: str
    term: str
    hard: bool


@cache
def _parts(kind: str) -> dict[str, _Part]:
    return {
        term.rstrip("!"): _Part(name.partition(" ")[0], term.rstrip("!"), term.endswith("!"))
        for name, entries in sections("vice.txt").items()
        if name.endswith(f" {kind}")
        for term in entries
    }


@cache
def _companions() -> dict[str, frozenset[str]]:
    return {
        name.partition(" ")[0]: frozenset(entries)
        for name, entries in sections("vice.txt").items()
        if name.endswith(" companion")
    }


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _parts("anywhere")), key=len, reverse=True)))


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sections("vice.txt")["address never"])))


@cache
def _host_words() -> frozenset[str]:
    known = {word for words in _companions().values() for word in words} | set(sections("vice.txt")["address words"])
    return frozenset(known.union(_parts("word"), _parts("edge"), _parts("anywhere")))


@cache
def _endings() -> frozenset[str]:
    return frozenset().union(_parts("anywhere"), _parts("edge"), _parts("word"))


@lru_cache(maxsize=1024)
def vice_address(url: str) -> ViceHit | None:
    """The trade that an address names in its host or its slug, words run together included (`playluckyslots.org`).

    The host speaks first; a path is read as text. None for what names no trade or is no address.
    """
    try:
        parts = urlsplit(url if "//" in url[:10] else f"//{url}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    named = _host_names(host)
    if named is None:
        return _path_hit(url, parts.path, parts.query)
    at = max(url.lower().find(host), 0)
    if named.hard or not (hit := _path_hit(url, parts.path, parts.query)) or not hit.hard:
        return ViceHit(named.trade, named.term, named.hard, at, at + len(host))
    return hit


@lru_cache(maxsize=1024)
def _host_names(host: str) -> _Part | None:
    """What a host's name says that it sells, the plainest first; hard too where a companion stands beside it."""
    labels = host.split(".")
    labels = [*labels[:-1], *(label for label in labels[-1:] if label in _endings())]
    pieces = [
        piece
        for label in labels
        if label != "www"
        for piece in _harmless().sub(" ", label[:_LONGEST_LABEL]).replace("-", " ").split()
    ]
    named = [part for piece in pieces for part in _named(piece, pieces)]
    if not named:
        return None
    best = max(named, key=lambda part: part.hard or _accompanied(part, pieces))
    return best._replace(hard=best.hard or _accompanied(best, pieces))


def _named(piece: str, pieces: list[str]) -> Iterator[_Part]:
    """The trade terms in one piece of a host name; whole words of everyday use only in company."""
    for match in _anywhere().finditer(piece):
        yield _parts("anywhere")[match[0]]
    edges = tuple(_parts("edge"))
    if piece.startswith(edges) or piece.endswith(edges):
        for term, part in _parts("edge").items():
            if piece.startswith(term) or piece.endswith(term):
                yield part
    # What cannot be parted into known words has none of them.
    words = [word for word in _parts("word") if word in piece]
    segments = _segments(piece) if words else ()
    for word in words:
        part = _parts("word")[word]
        if word in segments and _accompanied(part, pieces):
            yield part


def _segments(piece: str) -> tuple[str, ...]:
    """A run-together piece as known words and figures; empty where it cannot be read as such in full."""
    known = _host_words()
    if piece in known:
        return (piece,)
    best: list[tuple[str, ...] | None] = [(), *([None] * len(piece))]
    for end in range(1, len(piece) + 1):
        for start in range(max(0, end - 16), end):
            before, word = best[start], piece[start:end]
            if before is not None and (word in known or word.isdigit()):
                best[end] = (*before, word)
                break
    return best[-1] or ()


def _accompanied(part: _Part, pieces: list[str]) -> bool:
    companions = _companions().get(part.trade, frozenset())
    for piece in pieces:
        before, found, after = piece.partition(part.term)
        for rest in (before, after) if found else (piece,):
            if rest and (rest in companions or any(word in companions for word in _segments(rest))):
                return True
    return False


def _path_hit(url: str, path: str, query: str) -> ViceHit | None:
    slug = unquote_plus(f"{path}?{query}"[:_LONGEST_PATH])
    hits = vice(re.sub(r"[-_/?=&.+]", " ", slug))
    if not hits:
        return None
    best = max(hits, key=lambda hit: (hit.hard, hit.end - hit.start))
    start = max(url.find(path), 0) if path else 0
    return ViceHit(best.trade, best.term, best.hard, start, len(url))
