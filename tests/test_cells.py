"""Cells: nothing that is crawled is a formula to a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.render import text as text_module
from auditor.render.cells import cell
from auditor.render.text import escape_terminal

SIGNS = "=+-@|%＝＋－＠"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\x00", "\ufeff", "\u00a0"])
def test_a_formulas_sign_gets_an_apostrophe(sign: str, before: str) -> None:
    assert cell(f"{before}{sign}1+1").startswith("'")


@pytest.mark.parametrize("text", ["\tx", "\rx"])
def test_a_leading_tab_or_return_does_too(text: str) -> None:
    assert cell(text) == "'x"


@pytest.mark.parametrize("text", ["", "a=b", "words – and more", "https://x.example/?a=1", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(st.text())
def test_no_cell_is_a_formula_or_breaks_its_line(text: str) -> None:
    shown = cell(text)
    assert not shown.lstrip().startswith(tuple(SIGNS))
    assert len(shown.splitlines()) <= 1 and "\t" not in shown


@given(st.text(st.characters(categories=["L", "P", "S", "N", "Zs", "Zl", "Cf", "Cc"]), max_size=6))
def test_the_short_way_says_what_the_long_one_does(content: str) -> None:
    assert escape_terminal(content) == text_module._UNSAFE.sub(
        text_module._visible, text_module._SPACE.sub(" ", content).strip()
    )
