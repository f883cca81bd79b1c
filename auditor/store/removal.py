"""Removal: a run forgotten piece by piece, so that nobody who is writing waits for long."""

from __future__ import annotations

import sqlite3

from auditor.store import bodies
from auditor.store.domains import forget, sites
from auditor.store.schema import transaction

DOCUMENTS = 500
"""Documents, or results, that one transaction removes: a few hundredths of a second."""

PAGES = 4_000
"""Pages of the file that one transaction gives back to the disk."""

CHECKPOINT_SECONDS = 1.0


def remove(connection: sqlite3.Connection, run: int) -> int:
    """Remove a run with all it has; how many bytes its documents took that no other run has."""
    freed = 0
    while True:
        with transaction(connection):
            numbers = connection.execute("SELECT number FROM documents WHERE run = ? LIMIT ?", (run, DOCUMENTS))
            chunk = [number for (number,) in numbers]
            if not chunk:
                break
            marks = ",".join("?" * len(chunk))
            rows = connection.execute(
                f"SELECT body FROM documents WHERE number IN ({marks}) AND body IS NOT NULL"  # noqa: S608
                f" UNION SELECT body FROM variants WHERE document IN ({marks})",
                (*chunk, *chunk),
            )
            kept = [body for (body,) in rows]
            connection.execute(f"DELETE FROM documents WHERE number IN ({marks})", chunk)  # noqa: S608
            freed += bodies.release(connection, kept)
    key = "site, name, document"
    while (
        connection.execute(
            f"DELETE FROM results WHERE run = ? AND ({key}) IN (SELECT {key} FROM results WHERE run = ? LIMIT ?)",  # noqa: S608
            (run, run, DOCUMENTS),
        ).rowcount
        == DOCUMENTS
    ):
        pass
    known = sites(connection, run)
    connection.execute("DELETE FROM runs WHERE id = ?", (run,))
    forget(connection, known)
    return freed


def shrink(connection: sqlite3.Connection) -> None:
    """Give what is free in the file back to the disk, some pages at a time.

    VACUUM would write the whole store anew: twice its room, and every crawl waiting until it is done.
    """
    free = _free(connection)
    while free:
        connection.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
        before, free = free, _free(connection)
        if free >= before:  # another process has freed as much meanwhile
            break
    wait = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_SECONDS * 1000:.0f}")
    try:
        # Where a crawl is reading this does not come to its end; the crawl's own checkpoints do the rest.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {wait}")


def _free(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
