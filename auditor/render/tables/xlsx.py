"""Tables as one workbook, by XlsxWriter, row by row: text stays text, nothing is a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        self._book = _book(file, made)
        self._bold = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._sheets = {table: _Sheet(self._add(table, table.value)) for table in Table}

    def write(self, table: Table, row: Row) -> None:
        at = self._sheets[table]
        if at.rows >= MOST_ROWS:
            self._end(table, at)
            at.number += 1
            at.sheet, at.rows = self._add(table, f"{table.value} {at.number}"), 1
        _put(at.sheet, at.rows, row, self._quoted)
        at.rows += 1

    def close(self) -> None:
        for table, at in self._sheets.items():
            self._end(table, at)
        _close(self._book)

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


def write_sheet(
    file: Path, made: datetime, name: str, heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]
) -> None:
    """A workbook of one table.

    Raises:
        OSError: the file cannot be written.
    """
    book = _book(file, made)
    bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(heads) - 1, 14)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    number = 0
    for number, row in enumerate(rows, 1):
        _put(sheet, number, row, quoted)
    sheet.autofilter(0, 0, number, len(heads) - 1)
    _close(book)


def _book(file: Path, made: datetime) -> Any:
    book = xlsxwriter.Workbook(str(file), _OPTIONS)
    book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None)})
    return book


def _put(sheet: Any, number: int, row: Iterable[Any], quoted: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            shown = escape_terminal(value)
            form = quoted if is_formula(value, shown) else None
            sheet.write_string(number, column, cut(shown, MOST_CHARACTERS), form)
        elif value is not None:
            sheet.write_number(number, column, value)


def _close(book: Any) -> None:
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error
