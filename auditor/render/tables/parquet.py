"""Tables as Parquet, by pyarrow: typed columns, some rows at a time."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.render.tables.rows import COLUMNS, Row, Table

AT_ONCE = 5_000
"""Rows that are gathered for a row group; a link's take some 2 MB."""

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


class Parquet:
    """A file of one table; equal rows give equal bytes with the same pyarrow."""

    def __init__(self, file: Path, table: Table) -> None:
        self._schema = pa.schema([(column.name, _TYPES[column.type]) for column in COLUMNS[table]])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def write(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= AT_ONCE:
            self._flush()

    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows.clear()
