"""Quick ways of cutting and counting words: each finds what the plain pattern behind it finds."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.features.cues import Cues, Spoken
from auditor.features.prose import counted, runs
from auditor.language import load
from auditor.language.phrases import marks
from auditor.language.terms import Words, fold
from auditor.language.words import parted, tokens, tokens_of
from auditor.page.prose import sentences

TEXTS = st.text(st.sampled_from(" aAbc12'’‘_-.,!?\n\x01\x1c\x85éßčΣςİſıK²٣\u00a0\u00ad\u200b—“”…。Дя日"), max_size=60)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff")) | {0x2019: "'", 0x2BC: "'"}


@given(TEXTS)
def test_tokens_are_what_their_pattern_finds(text: str) -> None:
    assert tokens(text) == _WORD.findall(text.translate(_INVISIBLE).lower())


@given(st.lists(TEXTS, max_size=6))
def test_many_lines_have_the_tokens_of_each(lines: list[str]) -> None:
    assert tokens_of(lines) == [tokens(line) for line in lines]


@given(TEXTS)
def test_a_table_parts_text_as_a_pattern_does(text: str) -> None:
    assert parted(text, "_") in (None, re.findall(r"\w+", text))


def test_a_text_of_many_foreign_letters_is_left_to_the_pattern() -> None:
    assert parted("".join(map(chr, range(0x430, 0x450)))) is None


@given(TEXTS)
def test_words_know_where_they_stand(text: str) -> None:
    words = Words(fold(text))
    for number, word in enumerate(words.words):
        shown = words.folded[slice(*words.span(number))]
        assert shown.translate(_INVISIBLE | {0x2019: "’"}) == word


@given(TEXTS)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(text) == "".join(map(fold, text))


CUES = Cues("you magic* game-changer so_far let's study")
_CUES = re.compile(r"\b(?:you|magic\w*|game-changer|so far|let's|study)\b", re.IGNORECASE)
PIECES = st.lists(
    st.sampled_from(
        [
            "you",
            "YOU",
            "your",
            "magic",
            "Magical",
            "game",
            "-",
            "changer",
            "so",
            "far",
            "let",
            "'s",
            "let’s",
            "ſtudy",
            "study",
            "_",
            "2",
            "é",
            ",",
            "İ",
        ]
    )
)


@given(PIECES, st.sampled_from(["", " ", "  "]))
def test_cues_are_counted_as_their_pattern_finds_them(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert CUES.count(Spoken(text)) == len(_CUES.findall(text))


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 5))
def test_equal_runs_have_equal_numbers(numbers: list[int], size: int) -> None:
    windows = [tuple(numbers[i : i + size]) for i in range(len(numbers) - size + 1)]
    keys = runs(np.array(numbers, dtype=np.int64), size)
    assert len(keys) == len(windows)
    assert len(set(zip(keys.tolist(), windows, strict=True))) == len(set(windows)) == len(counted(keys)[0])
    assert sorted(counted(keys)[1].tolist()) == sorted(Counter(windows).values())


def test_runs_of_a_vast_vocabulary_do_not_collide() -> None:
    numbers = np.array([5, 1 << 40, 7, 5, 1 << 40, 7, 6, 1 << 40, 7], dtype=np.int64)
    keys = runs(numbers, 3)
    assert keys[0] == keys[3] and len(set(keys.tolist())) == 6


@given(st.lists(st.text(max_size=80), max_size=5))
def test_vectors_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    vectors = load().vectors
    words = [tokens(f"{text} the old mill") for text in texts] + [[]]
    for found, own in zip(vectors.means(words), words, strict=True):
        assert found.tobytes() == vectors.mean(own).tobytes() == vectors.weighted(Counter(own)).tobytes()


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=20), st.text(max_size=40)), max_size=4))
def test_wedges_of_many_sentences_are_those_of_each(texts: list[tuple[str, str, str]]) -> None:
    phrases = load().phrases
    places = [(marks(left), marks(phrase), marks(right)) for left, phrase, right in texts]
    many = phrases.wedges(places)
    assert [repr(astuple(one)) for one in many] == [repr(astuple(phrases.wedge(*place))) for place in places]


@pytest.mark.parametrize("rare", ["", " …", " 。"])
def test_rare_marks_elsewhere_change_no_sentence(rare: str) -> None:
    text = "Dr. Vale went home at 5 p.m. on Monday. “Approx. ten!” he said. (No. 4) It rained? Yes."
    assert [text[a:b] for a, b in sentences(text + rare) if b <= len(text)] == [
        "Dr. Vale went home at 5 p.m. on Monday.", "“Approx. ten!” he said.", "(No. 4) It rained?", "Yes.",
    ]  # fmt: skip
