"""Write: a report's tables into a folder or a workbook, in one pass and bounded memory; whole files or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from auditor.errors import ConfigError
from auditor.render.tables.rows import Row, Table, rows
from auditor.report import Report


class Kind(StrEnum):
    """How tables are written; the value ends the files' names."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


_NEEDS = {Kind.PARQUET: "pyarrow", Kind.XLSX: "xlsxwriter"}


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    files: tuple[Path, ...]
    rows: Mapping[Table, int]
    sheets: Mapping[Table, int]
    """Of a workbook, how many each table takes; else empty."""


class _Writer(Protocol):
    def write(self, row: Row) -> None: ...
    def close(self) -> None: ...


def require(kind: Kind) -> None:
    """Raises ConfigError where the library for it is not installed; imports nothing."""
    library = _NEEDS.get(kind)
    if library and find_spec(library) is None:
        raise ConfigError(f"{kind} tables need {library}, which is not installed: pip install 'auditor[{kind}]'")


def write_tables(report: Report, place: Path, kind: Kind) -> Written:
    """Write all three tables: into files in the folder `place`, which is made if it is not there, or into the workbook `place`.

    Files that are there are replaced once the new ones are whole. Equal reports give equal bytes.

    Raises:
        ConfigError: a library is missing, or a file cannot be written.
    """
    require(kind)
    try:
        return _workbook(report, place) if kind is Kind.XLSX else _folder(report, place, kind)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(
            f"cannot write the tables into {place} ({reason}); name another place with --tables"
        ) from error


def _workbook(report: Report, place: Path) -> Written:
    from auditor.render.tables.xlsx import Workbook

    counts: Counter[Table] = Counter()
    with ExitStack() as stack:
        part = _part(place, stack)
        with closing(Workbook(part, report.started_at)) as book:
            for table, row in rows(report):
                book.write(table, row)
                counts[table] += 1
        part.replace(place)
    return Written((place,), _by_table(counts), book.sheets)


def _folder(report: Report, folder: Path, kind: Kind) -> Written:
    opened = _opener(kind)
    folder.mkdir(exist_ok=True)
    files = {table: folder / f"{table}.{kind}" for table in Table}
    counts: Counter[Table] = Counter()
    with ExitStack() as stack:
        parts = {table: _part(file, stack) for table, file in files.items()}
        with ExitStack() as open_files:
            writers: dict[Table, _Writer] = {}
            for table, part in parts.items():
                writers[table] = opened(part, table)
                open_files.callback(writers[table].close)
            for table, row in rows(report):
                writers[table].write(row)
                counts[table] += 1
        for table, part in parts.items():
            part.replace(files[table])
    return Written(tuple(files.values()), _by_table(counts), {})


def _opener(kind: Kind) -> Callable[[Path, Table], _Writer]:
    if kind is Kind.PARQUET:
        from auditor.render.tables.parquet import Parquet

        return Parquet
    from auditor.render.tables.plain import Csv, JsonLines

    return Csv if kind is Kind.CSV else JsonLines


def _part(file: Path, stack: ExitStack) -> Path:
    """Where a file is written until it is whole; gone when the stack ends, if it never was."""
    part = file.with_name(f".{file.name}.part")
    stack.callback(part.unlink, missing_ok=True)
    return part


def _by_table(counts: Counter[Table]) -> dict[Table, int]:
    return {table: counts[table] for table in Table}
