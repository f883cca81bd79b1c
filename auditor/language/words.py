"""Words: how a text is cut into lower-case tokens, which of them carry no topic, and how endings fold.

`tokens` runs over the whole text of every page, so it is one compiled pattern and one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
# Soft hyphens and zero-width characters are invisible to a reader and used to hide words from filters.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_READ_AS = (*((character, "") for character in INVISIBLE), ("’", "'"), ("\u02bc", "'"))
STOPWORDS: frozenset[str] = frozenset(
    """
    a an the this that these those some any each every either neither no none all both half such same other another
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one ones who whom whose which what whatever whichever
    whoever someone somebody something anyone anybody anything everyone everybody everything nobody nothing
    am is are was were be been being do does did doing done have has had having will would shall should can could may
    might must ought cannot let
    isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't shan't shouldn't can't
    couldn't mustn't needn't i'm you're he's she's it's we're they're i've you've we've they've i'd you'd he'd she'd
    we'd they'd i'll you'll he'll she'll we'll they'll it'll that's there's here's what's who's where's how's let's
    about above across after against along amid among around as at before behind below beneath beside besides between
    beyond but by despite down during except for from in inside into like near of off on onto out outside over past per
    since than through throughout till to toward towards under underneath until unlike up upon via with within without
    and or nor so yet if unless because while whereas although though when whenever where wherever why how whether
    not only just also too very more most much many few fewer less least several enough rather quite almost even still
    again ever never always often sometimes already now then once here there thus therefore however hence moreover
    furthermore otherwise instead meanwhile indeed perhaps maybe else etc s t d ll re ve m
    """.split()  # noqa: SIM905 - a list of 300 quoted words is harder to read
)


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in order, lower-cased.

    Hyphens part words ("eco-friendly" is two), an apostrophe inside a word stays, straight or typographic. Numbers
    come as runs of digits; a model that wants them as one class folds them itself. Linear in the text's length.
    """
    lowered = _visible(text).lower()
    pieces = parted(lowered, "'")
    return _WORD.findall(lowered) if pieces is None else _whole(pieces)


def tokens_of(lines: Sequence[str]) -> list[list[str]]:
    """The words and numbers of each of some lines, as `tokens` gives them: many short ones cost little more than one long one."""
    text = "\n".join(lines)
    if text.count("\n") >= len(lines):
        text = "\n".join([line.replace("\n", " ") for line in lines])
    cut = blanked(_visible(text).lower(), "'\n")
    if cut is None:
        return [tokens(line) for line in lines]
    text, decoded = cut
    return [_whole(_decoded(line.split(), decoded)) for line in text.split("\n")] if lines else []


def _visible(text: str) -> str:
    if not text.isascii():
        for character, read_as in _READ_AS:  # hardly any of them occurs: eight searches cost less than a translation
            text = text.replace(character, read_as)
    return text


def _whole(pieces: list[str]) -> list[str]:
    """The words of pieces that are mostly one word each."""
    if "".join(pieces).isalpha():
        return pieces
    found: list[str] = []
    for piece in pieces:
        if piece.isalpha() or piece.isdecimal():
            found.append(piece)
        else:
            found += _WORD.findall(piece)
    return found


_FOREIGN = re.compile(r"[^\x00-\x7f]")
_CODES = "".join(map(chr, (*range(1, 9), *range(14, 28))))
"""Control characters that stand for letters beyond ASCII while a text is cut."""


def parted(text: str, keep: str = "") -> list[str] | None:
    """The runs of letters and figures of a text, four times as fast as a pattern finds them. None where so many of its letters are
    not ASCII that it would be slower.

    Args:
        keep: ASCII marks that are taken for letters.
    """
    cut = blanked(text, keep)
    return None if cut is None else _decoded(cut[0].split(), cut[1])


def blanked(text: str, keep: str) -> tuple[str, dict[int, str]] | None:
    """The text with blanks for all that `parted` cuts at, and what its codes stand for."""
    plain, coded = _blanks(keep)
    if text.isascii():
        return text.translate(plain), {}
    foreign = set(_FOREIGN.findall(text))
    letters = [character for character in foreign if character.isalnum()]
    if len(letters) > len(_CODES):
        return None
    text = text.translate(_UNCODED) if letters and _CODED.search(text) else text
    codes = dict(zip(letters, _CODES, strict=False))
    for character in foreign:
        text = text.replace(character, codes.get(character, " "))
    return text.translate(coded if letters else plain), {ord(code): letter for letter, code in codes.items()}


def _decoded(pieces: list[str], codes: dict[int, str]) -> list[str]:
    return [piece if piece.isprintable() else piece.translate(codes) for piece in pieces] if codes else pieces


_CODED = re.compile(f"[{_CODES}]")
_UNCODED = dict.fromkeys(map(ord, _CODES), " ")


@cache
def _blanks(keep: str) -> tuple[dict[int, str], dict[int, str]]:
    """Tables that make blanks of all ASCII but letters, figures and some marks; the second leaves the codes too."""
    plain, coded = (
        {ord(c): c if c.isalnum() or c in keep or c in codes else " " for c in map(chr, range(128))}
        for codes in ("", _CODES)
    )
    return plain, coded


def content(words: Iterable[str]) -> list[str]:
    """The words that carry a subject: no function words, no numbers, no single letters."""
    return [word for word in words if len(word) > 1 and word not in STOPWORDS and not word.isdigit()]


_VOWEL = re.compile(r"[aeiouy]")
_KEEPS_S = ("ss", "us", "is", "as", "ous")
_KEEPS_ES = ("sses", "shes", "ches", "xes", "zzes")


def _undouble(base: str) -> str:
    """'stopp' → 'stop'; 'fall', 'miss' and 'buzz' end in a double letter of their own."""
    return base[:-1] if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lszaeiou" else base


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A word without its plural, possessive, -ing or -ed ending, so that two forms of one word meet.

    Light on purpose: it never joins words of different meaning ("universe" and "university" stay apart), and what it
    returns is not always a dictionary word ("driving" and "drives" both give "driv"). Words of four letters or fewer
    only lose a plural s.
    """
    if word.endswith("'s"):
        word = word[:-2]
    elif word.endswith("s'"):
        word = word[:-1]
    if len(word) > 4:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(_KEEPS_ES):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(_KEEPS_S):
            word = word[:-1]
    elif len(word) == 4 and word.endswith("s") and not word.endswith(_KEEPS_S):
        word = word[:-1]
    if len(word) > 5 and word.endswith("ing") and _VOWEL.search(word[:-3]):
        word = _undouble(word[:-3])
    elif len(word) > 5 and word.endswith("ied"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed") and not word.endswith("eed") and _VOWEL.search(word[:-2]):
        word = _undouble(word[:-2])
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word


@lru_cache(maxsize=1 << 13)
def root(word: str) -> str:
    """The stem of a word that carries a subject (see `content`); empty for any other."""
    return "" if len(word) < 2 or word in STOPWORDS or word.isdigit() else stem(word)
