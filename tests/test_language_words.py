"""Tokens, stems and stop words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language.phrases import marks
from auditor.language.words import STOPWORDS, content, stem, tokens


def test_tokens_are_lower_case_words_and_runs_of_digits() -> None:
    assert tokens("The doctor’s eco-friendly COVID-19 plan, 2,500 users!") == [
        "the", "doctor's", "eco", "friendly", "covid", "19", "plan", "2", "500", "users",
    ]  # fmt: skip


def test_invisible_characters_do_not_part_a_word() -> None:
    assert tokens("cas\u00adi\u200bno") == ["casino"]


def test_other_scripts_are_words_too() -> None:
    assert tokens("Ärzte лечат 病人") == ["ärzte", "лечат", "病人"]


def test_content_drops_function_words_numbers_and_letters() -> None:
    assert content(tokens("What is the best treatment for a 40 year old with vitamin D?")) == [
        "best", "treatment", "year", "old", "vitamin",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clinic", "clinics"),
        ("therapy", "therapies"),
        ("treat", "treating"),
        ("treat", "treated"),
        ("stop", "stopped"),
        ("drive", "driving"),
        ("mortgage", "mortgages"),
        ("doctor", "doctor's"),
        ("dog", "dogs"),
        ("box", "boxes"),
        ("study", "studied"),
        ("tell", "telling"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("universe", "university"),
        ("virus", "vire"),
        ("thing", "the"),
        ("bleed", "ble"),
        ("gas", "ga"),
        ("business", "busy"),
    ],
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_stop_words_are_tokens_themselves() -> None:
    assert all(tokens(word) == [word] for word in STOPWORDS)


@given(st.text())
def test_any_text_gives_lower_case_tokens_without_space(text: str) -> None:
    for word in tokens(text):
        assert word
        assert not any(character.isspace() for character in word)
        assert stem(word)


@given(st.text())
def test_marks_lose_nothing_but_space_and_underscores(text: str) -> None:
    kept = "".join(marks(text))
    assert kept == "".join(character for character in text if not character.isspace() and character != "_") or any(
        character.isnumeric() and not character.isdecimal() for character in text
    )
