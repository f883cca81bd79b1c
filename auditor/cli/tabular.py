"""`--tables`: a report as tables for spreadsheets and databases, beside what is told of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from auditor.cli.options import TablesFormat
from auditor.errors import ConfigError
from auditor.report import Report

if TYPE_CHECKING:
    from auditor.render.tables.write import Kind

Wanted = tuple[Path, "Kind"]
_FILES = frozenset((".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xls", ".ods"))


def wanted(place: Path | None, form: TablesFormat) -> Wanted | None:
    """Where tables are to go, and how; None where nobody asked for any. Complains before the work is done, not after.

    Raises:
        ConfigError: the place cannot hold them, or a library is missing.
    """
    if place is None:
        return None
    from auditor.render.tables.write import Kind, require

    ending = place.suffix.lower()
    kind = Kind.XLSX if ending == ".xlsx" and not place.is_dir() else Kind(form.value)
    if kind is not Kind.XLSX and ((place.exists() and not place.is_dir()) or ending in _FILES):
        raise ConfigError(
            f"there are three tables, {place} is one file; name a folder or a workbook NAME.xlsx with --tables"
        )
    if not place.absolute().parent.is_dir():
        raise ConfigError(f"cannot write {place}; name a folder, or a workbook in one, whose parent exists")
    require(kind)
    return place, kind


def deliver(report: Report, asked: Wanted | None, quiet: bool) -> None:
    """Write the tables, and say on stderr what is in them.

    Raises:
        ConfigError: they cannot be written.
    """
    if asked is None:
        return
    from auditor.render.tables.rows import Table
    from auditor.render.tables.write import write_tables
    from auditor.render.text import count

    place, kind = asked
    written = write_tables(report, place, kind)
    if quiet:
        return
    said = [count(written.rows[table], table.value.removesuffix("s")) for table in Table]
    typer.echo(f"auditor: {said[0]}, {said[1]} and {said[2]} written to {place}", err=True)
    for table, sheets in written.sheets.items():
        if sheets > 1:
            typer.echo(f"auditor: the {table} go on over {sheets} sheets, since one takes no more rows", err=True)
