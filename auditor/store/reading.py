"""Reading: a store as somebody sees it who only looks: read-only, beside whoever writes, never mended or migrated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.page.snapshot import Snapshot
from auditor.store import bodies, documents
from auditor.store.findings import Findings
from auditor.store.schema import FILE, connect_reading, told
from auditor.store.store import MAX_ID, RunInfo, listed


class Reading:
    """`with Reading(folder) as kept: kept.runs()`. One for each thread.

    Raises StoreError where it cannot be read; the message says what to do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self._db = connect_reading(folder)
        self._db.execute("BEGIN")  # all that is read is of one moment, whatever is written or removed meanwhile

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    def runs(self) -> list[RunInfo]:
        """All of them, the latest first."""
        with self._told():
            return listed(self._db)

    def info(self, number: int) -> RunInfo | None:
        """None where there is no run of this number."""
        if not 0 < number <= MAX_ID:
            return None
        with self._told():
            return next(iter(listed(self._db, number)), None)

    def report(self, number: int) -> bytes | None:
        """What a report says beside its pages; None where the run was not audited to its end."""
        with self._told():
            row = self._db.execute("SELECT data FROM reports WHERE run = ?", (number,)).fetchone()
        return bodies.unpack(row[0]) if row else None

    def audited(self) -> frozenset[int]:
        """The runs that were audited to their end."""
        with self._told():
            return frozenset(number for (number,) in self._db.execute("SELECT run FROM reports"))

    def findings(self, number: int) -> Findings:
        """What was found in a run, to read."""
        return Findings(self._db, self.file, number, mends=False)

    def result(self, number: int, document: int) -> tuple[str, bytes] | None:
        """Site and result of one document of a run; None where it has none."""
        with self._told():
            row = self._db.execute(
                "SELECT r.site, r.data FROM entries e JOIN results r"
                " ON r.run = e.run AND r.site = e.site AND r.name = e.name AND r.document = e.document"
                " WHERE e.document = ? AND e.run = ?",
                (document, number),
            ).fetchone()
        return (row[0], bodies.unpack(row[1])) if row else None

    def snapshot(self, number: int, document: int) -> Snapshot | None:
        """One page of a run as it was had; None where it is not there."""
        with self._told():
            row = self._db.execute(
                "SELECT 1 FROM documents WHERE number = ? AND run = ? AND failure IS NULL", (document, number)
            ).fetchone()
            return documents.get(self._db, document) if row else None

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self.file, mends=False):
            yield
