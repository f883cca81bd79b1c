"""Pixels: how wide words are in a list of results, and where a search engine cuts them."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from unicodedata import normalize

# Advance widths of Arial in units of 2,048 to the em, as the font's own table (hmtx) gives them; Helvetica's and Liberation
# Sans's are the same. Letters with a mark are as wide as without.
_EM = 2048
_WIDTHS = {
    391: "'",
    455: "ijl‘’",
    532: "|¦",
    569: " !,./:;I[\\]ft\xa0·",
    682: "()-`r­²³´¸¹“”›‹",
    684: "{}",
    717: "•",
    727: '"',
    797: "*",
    819: "°",
    961: "^",
    1024: "JcksvxyzŠšŽž",
    1124: "±÷",
    1139: "#$0123456789?L_abdeghnopqu¢£¤¥§«»€–þð",
    1196: "+<=>~¬×",
    1251: "FTZ¿ßø",
    1366: "&ABEKPSVXYÞ",
    1479: "CDHNRUwÐ",
    1509: "©®",
    1593: "GOQØ",
    1706: "Mm",
    1821: "%æ",
    1933: "WŒœ",
    2048: "Æ—…™",
    2079: "@",
}
_FULL = 2048
"""A Chinese, Japanese or Korean character, an emoji."""
_AVERAGE = 1208
"""Of other scripts: Greek letters are 1,208 wide on average, Cyrillic ones 1,335."""
_CYRILLIC = 1335

TITLE_SIZE, TITLE_PIXELS = 20, 600
"""Height of a title's letters and the width of its line on a desk's screen. Google publishes no figure; tools that measure its results
give 560 to 600 (Screaming Frog SEO Spider, SISTRIX, Ahrefs). The widest is taken: what is reported is cut for certain."""
DESCRIPTION_SIZE, DESCRIPTION_PIXELS = 14, 985
"""The same of a description, over its two lines; the tools give 920 to 985."""


class _Widths(dict[str, int]):
    """Every character's advance; those of other scripts are found out when they are first asked for."""

    def __missing__(self, character: str) -> int:
        found = _other(character)
        if len(self) < _KEPT:
            self[character] = found
        return found


_KEPT = 2048
_PLAIN = {character: width for width, characters in _WIDTHS.items() for character in characters}
_advances = _Widths(_PLAIN).__getitem__


def width(text: str, size: int) -> float:
    """How many pixels a text takes in Arial of `size` pixels."""
    return sum(map(_advances, text)) * size / _EM


def cut(text: str, size: int, pixels: int) -> str:
    """What a line of `pixels` shows of a text that is wider: whole words as far as they fit beside an ellipsis. The text itself where it
    fits."""
    room = pixels * _EM / size
    ends = list(accumulate(map(_advances, text)))
    if not ends or ends[-1] <= room:
        return text
    end = bisect_right(ends, room - _advances("…"))
    shown = text[:end]
    words, blank, _ = shown.rpartition(" ")
    return (words if blank and len(words) > len(shown) // 2 and text[end] != " " else shown).rstrip()


def _other(character: str) -> int:
    code = ord(character)
    if code < 0x250:  # a Latin letter with a mark is as wide as the letter
        return _PLAIN.get(normalize("NFD", character)[0], _AVERAGE)
    if 0x400 <= code < 0x530:
        return _CYRILLIC
    if 0x1100 <= code < 0x1200 or 0x2E80 <= code < 0xD7B0 or 0xF900 <= code < 0xFB00 or 0xFF00 <= code < 0xFF61:
        return _FULL
    if 0x1F300 <= code < 0x1FB00 or 0x20000 <= code < 0x40000:
        return _FULL
    if 0x300 <= code < 0x370 or 0x200B <= code < 0x2010 or 0xFE00 <= code < 0xFE10 or code == 0xFEFF:
        return 0  # marks and joiners stand on or between other characters
    return _AVERAGE
