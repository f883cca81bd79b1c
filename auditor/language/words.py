"""Words: how a text is cut into lower-case tokens, which of them carry no topic, and how endings fold.

`tokens` runs over the whole text of every page, so it is one compiled pattern and one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
# Soft hyphens and zero-width characters are invisible to a reader and used to hide words from filters.
_READ_AS = (*((character, "") for character in "\u00ad\u200b\u200c\u200d\u2060\ufeff"), ("’", "'"), ("\u02bc", "'"))

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
    if not text.isascii():
        for character, read_as in _READ_AS:  # hardly any of them occurs: eight searches cost less than a translation
            text = text.replace(character, read_as)
    return _WORD.findall(text.lower())


def content(words: Iterable[str]) -> list[str]:
    """The words that carry a subject: no function words, no numbers, no single letters."""
    return [word for word in words if len(word) > 1 and word not in STOPWORDS and not word.isdigit()]


_VOWEL = re.compile(r"[aeiouy]")
_KEEPS_S = ("ss", "us", "is", "as", "ous")
_KEEPS_ES = ("sses", "shes", "ches", "xes", "zzes")


def _undouble(base: str) -> str:
    """'stopp' → 'stop'; 'fall', 'miss' and 'buzz' end in a double letter of their own."""
    return base[:-1] if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lszaeiou" else base


@lru_cache(maxsize=1 << 16)
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
