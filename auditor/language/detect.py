"""Written language of a text, by the scripts it uses and the function words it repeats; no model needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from auditor.language.terms import sections
from auditor.language.words import parted

_READ = 3000
_LEAST_WORDS = 20
_LEAST_SHARE = 0.06
_LEAST_DISTINCT = 3
_LEAD = 1.12
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = re.compile(r"[\u0370-\u1dff\u2e80-\U0003134f]+")

# Unicode blocks (Unicode 15): what a script alone can say.
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
}
_CYRILLIC = frozenset({"ru", "uk", "bg"})
_ARABIC = frozenset({"ar", "fa"})
_ONLY_UKRAINIAN = re.compile("[іїєґ]")
_ONLY_RUSSIAN = re.compile("[ыэё]")
_ONLY_SERBIAN = re.compile("[ђјљњћџѓќѕ]")
_ONLY_PERSIAN = re.compile("[پچژگکی]")


@cache
def _profiles() -> Mapping[str, tuple[tuple[str, ...], float]]:
    """Function word → its languages, and what it counts for each: one over their number."""
    languages: dict[str, list[str]] = {}
    for code, words in sections("languages.txt").items():
        for word in dict.fromkeys(words):
            if word:
                languages.setdefault(word, []).append(code)
    return {word: (tuple(codes), 1.0 / len(codes)) for word, codes in languages.items()}


def detect(text: str) -> str:
    """ISO 639-1 code of the language most of a text is written in; empty where it is too short or none stands out.

    Reads the first 3,000 characters; needs twenty words of letters (or as many letters where words are not spaced).
    Function-word profiles after Grefenstette, "Comparing two language identification schemes" (1995).
    """
    text = text[:_READ].lower()
    words = _words(text)
    if not text.isascii():
        foreign = "".join(_FOREIGN.findall(text))
        if len(foreign) * 2 > sum(map(len, words)):
            return _by_script(foreign, words)
    if len(words) < _LEAST_WORDS:
        return ""
    return _by_words(words, None)


def _words(text: str) -> list[str]:
    pieces = parted(text)
    if pieces is None:
        return _WORD.findall(text)
    if "".join(pieces).isalpha():
        return pieces
    found: list[str] = []
    for piece in pieces:
        if piece.isalpha():
            found.append(piece)
        else:
            found += _WORD.findall(piece)
    return found


def _by_script(foreign: str, words: list[str]) -> str:
    if len(foreign) < _LEAST_WORDS:
        return ""
    counts = {name: len(pattern.findall(foreign)) for name, pattern in _SCRIPTS.items()}
    if counts["kana"] * 12 > counts["han"] + counts["kana"] > 0:
        counts["ja"] = counts["han"] + counts["kana"]
    counts["zh"] = counts.pop("han")
    del counts["kana"]
    script = max(counts, key=lambda name: counts[name])
    spaced = len(words) >= _LEAST_WORDS
    match script:
        case "cyrillic":
            return _cyrillic(foreign, words) if spaced else ""
        case "arabic":
            persian = len(_ONLY_PERSIAN.findall(foreign)) * 40 > counts["arabic"]
            return (_by_words(words, _ARABIC) or ("fa" if persian else "ar")) if spaced else ""
        case "th" | "zh" | "ja":
            return script
        case _:
            return script if spaced else ""


def _cyrillic(foreign: str, words: list[str]) -> str:
    ukrainian, russian, serbian = (
        len(pattern.findall(foreign)) for pattern in (_ONLY_UKRAINIAN, _ONLY_RUSSIAN, _ONLY_SERBIAN)
    )
    if serbian > max(ukrainian, russian):
        return ""
    if max(ukrainian, russian) * 200 > len(foreign):
        return "uk" if ukrainian > russian else "ru"
    return _by_words(words, _CYRILLIC)


def _by_words(words: list[str], among: frozenset[str] | None) -> str:
    profiles = _profiles()
    counts = Counter(words)
    scores: dict[str, float] = {}
    distinct: dict[str, int] = {}
    for word, count in counts.items():
        if word not in profiles:
            continue
        codes, weight = profiles[word]
        # A word repeated without end (a menu, a spun list) must not decide alone.
        gain = weight * min(count, 4 + len(words) // 12)
        for code in codes:
            scores[code] = scores.get(code, 0.0) + gain
            distinct[code] = distinct.get(code, 0) + 1
    ranked = sorted(((score, code) for code, score in scores.items() if not among or code in among), reverse=True)
    if not ranked or ranked[0][0] < _LEAST_SHARE * len(words) or distinct[ranked[0][1]] < _LEAST_DISTINCT:
        return ""
    if len(ranked) > 1 and ranked[0][0] < _LEAD * ranked[1][0]:
        return ""
    return ranked[0][1]
