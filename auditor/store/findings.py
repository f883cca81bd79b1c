"""Findings: what an audit made of a run's documents, kept beside them in the order of the report."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from auditor.store import bodies
from auditor.store.schema import sound, told, transaction

AT_ONCE = 200
"""Rows that are read ahead, so that a reader who takes its time keeps nobody from writing."""


class Findings:
    """Entries, results and report of one run, as bytes: what is in them is for `auditor.scan.codec` to know."""

    def __init__(self, connection: sqlite3.Connection, file: Path, run: int, *, mends: bool = True) -> None:
        """Without `mends` a file that turns out to be damaged is left where it is."""
        self._db = connection
        self._file = file
        self._run = run
        self._mends = mends

    def clear(self, *, entries: bool = True) -> None:
        """Forget an earlier audit; without `entries` what was read of the documents stays."""
        with told(self._file), transaction(self._db):
            for table in ("entries", "results", "reports") if entries else ("results", "reports"):
                self._db.execute(f"DELETE FROM {table} WHERE run = ?", (self._run,))  # noqa: S608

    def unread(self) -> list[int]:
        """Documents that no entry stands for."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT number FROM documents WHERE run = ? AND failure IS NULL"
                " AND number NOT IN (SELECT document FROM entries WHERE run = ?) ORDER BY number",
                (self._run, self._run),
            )
            return [number for (number,) in rows]

    def put_entries(self, rows: Iterable[tuple[int, str, str, bytes]]) -> None:
        """(document, site, name, data) of pages that were read."""
        with told(self._file), transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO entries (document, run, site, name, data) VALUES (?, ?, ?, ?, ?)",
                [(document, self._run, sound(site), sound(name), data) for document, site, name, data in rows],
            )

    def sites(self) -> list[str]:
        with told(self._file):
            rows = self._db.execute("SELECT DISTINCT site FROM entries WHERE run = ? ORDER BY site", (self._run,))
            return [site for (site,) in rows]

    def entries(self, site: str) -> Iterator[bytes]:
        """What is kept of a site's pages, by name."""
        yield from (row[-1] for row in self._rows("entries", "name, document, data", site))

    def entries_at(self, addresses: Sequence[str]) -> dict[str, bytes]:
        """What is kept of the pages at some addresses, by the address that each was fetched from in the end."""
        found: dict[str, bytes] = {}
        with told(self._file):
            for at in range(0, len(addresses), AT_ONCE):
                chunk = [sound(address) for address in addresses[at : at + AT_ONCE]]
                marks = ",".join("?" * len(chunk))
                rows = self._db.execute(
                    f"SELECT final_url, data FROM documents d, entries WHERE document = number AND d.run = ? AND final_url IN ({marks})",  # noqa: S608
                    (self._run, *chunk),
                )
                found.update(rows.fetchall())
        return found

    def documents(self, site: str) -> Iterator[int]:
        """Numbers of a site's pages, by name."""
        yield from (row[1] for row in self._rows("entries", "name, document", site))

    def put_results(self, site: str, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """(document, name, data) of pages that were judged."""
        with told(self._file), transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO results (run, site, name, document, data) VALUES (?, ?, ?, ?, ?)",
                [(self._run, sound(site), sound(name), document, bodies.pack(data)) for document, name, data in rows],
            )

    def results(self, site: str) -> Iterator[bytes]:
        """What was made of a site's pages, by name."""
        yield from (bodies.unpack(row[-1]) for row in self._rows("results", "name, document, data", site))

    def numbered(self, site: str) -> Iterator[tuple[int, bytes]]:
        """What was made of a site's pages, by name, each with its document's number."""
        yield from ((row[1], bodies.unpack(row[2])) for row in self._rows("results", "name, document, data", site))

    def judged(self) -> Iterator[tuple[str, int]]:
        """Name and number of every document that has a result, by site and name."""
        for site in self.judged_sites():
            yield from ((name, document) for name, document in self._rows("results", "name, document", site))

    def count(self, site: str | None = None) -> int:
        """How many pages have a result; None for those of all sites."""
        with told(self._file, mends=self._mends):
            row = self._db.execute(
                "SELECT count(*) FROM results WHERE run = ?1 AND (?2 IS NULL OR site = ?2)", (self._run, sound(site))
            ).fetchone()
            return int(row[0])

    def put_report(self, data: bytes) -> None:
        with told(self._file):
            self._db.execute("INSERT OR REPLACE INTO reports VALUES (?, ?)", (self._run, bodies.pack(data)))

    def report(self) -> bytes | None:
        """What a report says beside its pages; None where the run was not audited to its end."""
        with told(self._file, mends=self._mends):
            row = self._db.execute("SELECT data FROM reports WHERE run = ?", (self._run,)).fetchone()
        return bodies.unpack(row[0]) if row else None

    def judged_sites(self) -> list[str]:
        """Sites with results, in the order of the report."""
        with told(self._file, mends=self._mends):
            rows = self._db.execute("SELECT DISTINCT site FROM results WHERE run = ? ORDER BY site", (self._run,))
            return [site for (site,) in rows]

    def _rows(self, table: str, columns: str, site: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a site by name, some at a time; the first two columns are name and document."""
        last: tuple[Any, ...] = ("", 0)
        while True:
            with told(self._file, mends=self._mends):
                rows = self._db.execute(
                    f"SELECT {columns} FROM {table} WHERE run = ? AND site = ? AND (name, document) > (?, ?)"  # noqa: S608
                    " ORDER BY name, document LIMIT ?",
                    (self._run, sound(site), *last, AT_ONCE),
                ).fetchall()
            yield from rows
            if len(rows) < AT_ONCE:
                return
            last = rows[-1][:2]
