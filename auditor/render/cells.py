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
    risky = text.startswith(("\t", "\r")) or _FORMULA.match(text) or _FORMULA.match(shown)
    return f"'{shown}" if risky else shown
