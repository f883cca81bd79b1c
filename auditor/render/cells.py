"""Cells: crawled text as a spreadsheet may have it: on one line, and never a formula (OWASP, "CSV Injection")."""

from __future__ import annotations

import re

from auditor.render.text import escape_terminal

_FORMULA = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@|%＝＋－＠]")


def cell(text: str) -> str:
    """`text` on one line with an apostrophe before what a spreadsheet would take for a formula.

    A formula's sign counts behind white space too, and as full-width letter; so does a leading tab or carriage return.
    Control characters and turns of the writing direction become visible, as on a terminal.
    """
    shown = escape_terminal(text)
    return f"'{shown}" if is_formula(text, shown) else shown


def is_formula(text: str, shown: str) -> bool:
    """Whether a spreadsheet could take `text`, or what is shown of it, for a formula."""
    return text.startswith(("\t", "\r")) or bool(_FORMULA.match(text) or (shown is not text and _FORMULA.match(shown)))
