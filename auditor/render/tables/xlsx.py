"""Tables as one workbook, by XlsxWriter, row by row: text stays text, nothing is a formula or a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from auditor.render.cells import is_formula
from auditor.render.tables.rows import COLUMNS, Row, Table
from auditor.render.text import cut, escape_terminal

MOST_ROWS = 1_048_576
"""Of a sheet, its head included (Excel's specification)."""
MOST_CHARACTERS = 32_767
"""Of a cell; longer text is cut."""
_WIDE = frozenset(("url", "title", "href", "message", "fix", "snippet", "reasons"))

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(slots=True)
class _Sheet:
    """The sheet of a table that is being written; the last one where rows go on over several."""

    sheet: Any
    number: int = 1
    rows: int = 1


class Workbook:
    """One sheet a table; where a table has more rows than a sheet takes, it goes on on another (`links 2`)."""

    def __init__(self, file: Path, made: datetime) -> None:
        """`made` is noted as the day of creation: a workbook of an equal report has equal bytes."""
        self._book = xlsxwriter.Workbook(str(file), _OPTIONS)
        self._book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._sheets = {table: _Sheet(self._add(table, table.value)) for table in Table}

    def write(self, table: Table, row: Row) -> None:
        at = self._sheets[table]
        if at.rows >= MOST_ROWS:
            self._end(table, at)
            at.number += 1
            at.sheet, at.rows = self._add(table, f"{table.value} {at.number}"), 1
        for column, value in enumerate(row):
            if isinstance(value, str):
                shown = escape_terminal(value)
                form = self._quoted if is_formula(value, shown) else None
                at.sheet.write_string(at.rows, column, cut(shown, MOST_CHARACTERS), form)
            elif value is not None:
                at.sheet.write_number(at.rows, column, value)
        at.rows += 1

    def close(self) -> None:
        for table, at in self._sheets.items():
            self._end(table, at)
        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error

    @property
    def sheets(self) -> Mapping[Table, int]:
        """How many sheets each table takes."""
        return {table: at.number for table, at in self._sheets.items()}

    def _add(self, table: Table, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(COLUMNS[table]):
            sheet.set_column(number, number, 48 if column.name in _WIDE else 14)
            sheet.write_string(0, number, column.name, self._bold)
        return sheet

    def _end(self, table: Table, at: _Sheet) -> None:
        at.sheet.autofilter(0, 0, at.rows - 1, len(COLUMNS[table]) - 1)
