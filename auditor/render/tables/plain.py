"""Tables as CSV and JSON lines: one file each."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TextIO

from auditor.render.cells import cell
from auditor.render.json import escaped
from auditor.render.tables.rows import COLUMNS, Row, Table


class Csv:
    """RFC 4180 in UTF-8, a head with the columns' names; no cell is a formula to a spreadsheet."""

    def __init__(self, file: Path, table: Table) -> None:
        self._file = file.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(column.name for column in COLUMNS[table])

    def write(self, row: Row) -> None:
        self._writer.writerow([cell(value) if isinstance(value, str) else value for value in row])

    def close(self) -> None:
        self._file.close()


class JsonLines:
    """One object a row, every column in it; empty cells are null, text is as the report has it."""

    def __init__(self, file: Path, table: Table) -> None:
        self._file: TextIO = file.open("w", encoding="utf-8", newline="\n")
        self._names = [column.name for column in COLUMNS[table]]

    def write(self, row: Row) -> None:
        line = json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False, allow_nan=False)
        self._file.write(escaped(line) + "\n")

    def close(self) -> None:
        self._file.close()
