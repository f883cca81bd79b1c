"""The database of a store: its tables, how it is opened, and what its errors mean to people."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import overload

from auditor.errors import StoreError

FILE = "auditor.sqlite"

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file that is in use."""

JOURNAL_BYTES = 64_000_000
"""Size that the journal is cut to once its content is in the file."""

_LONE = re.compile("[\ud800-\udfff]")
VERSION = 2
"""Of the tables below; a store of another version is migrated (`_MIGRATIONS`) or refused."""

BUSY_SECONDS = 60.0
"""How long one process waits for another that is writing."""

READING_SECONDS = 5.0
"""How long somebody who only looks waits."""

CACHE_KIB = 1_000
"""Of the file that a connection keeps in memory; a scan has three, and documents are read once."""

_TABLES = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, starts TEXT NOT NULL, settings TEXT NOT NULL, version TEXT NOT NULL,
    began TEXT NOT NULL, ended TEXT, state TEXT NOT NULL, requests INTEGER NOT NULL DEFAULT 0);
CREATE TABLE targets (
    number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, code INTEGER NOT NULL,
    lane TEXT NOT NULL, url TEXT NOT NULL, kind INTEGER NOT NULL, depth INTEGER NOT NULL, flags INTEGER NOT NULL,
    hops INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX targets_known ON targets (run, code);
CREATE INDEX targets_waiting ON targets (run, lane, done, kind);
CREATE INDEX targets_starts ON targets (run, lane) WHERE flags & 1;
CREATE TABLE bodies (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, url TEXT, final_url TEXT,
    path TEXT, status INTEGER, format TEXT, headers TEXT, redirects TEXT, fetched_at TEXT,
    body INTEGER REFERENCES bodies, failure TEXT, detail TEXT);
CREATE INDEX documents_run ON documents (run, failure);
CREATE INDEX documents_address ON documents (final_url, run);
CREATE INDEX documents_body ON documents (body);
CREATE TABLE variants (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, kind TEXT NOT NULL,
    body INTEGER NOT NULL REFERENCES bodies, PRIMARY KEY (document, kind)) WITHOUT ROWID;
CREATE INDEX variants_body ON variants (body);
CREATE TABLE redirects (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, source TEXT NOT NULL, status INTEGER NOT NULL,
    target TEXT NOT NULL, PRIMARY KEY (run, source)) WITHOUT ROWID;
CREATE TABLE listed (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, url TEXT NOT NULL, lastmod TEXT NOT NULL,
    PRIMARY KEY (run, url)) WITHOUT ROWID;
CREATE TABLE hosts (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, host TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (run, host)) WITHOUT ROWID;
CREATE TABLE outside (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, url TEXT NOT NULL, answer TEXT,
    cited INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run, url)) WITHOUT ROWID;
CREATE TABLE entries (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, run INTEGER NOT NULL, site TEXT NOT NULL,
    name TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX entries_site ON entries (run, site, name, document);
CREATE TABLE results (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, site TEXT NOT NULL, name TEXT NOT NULL,
    document INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (run, site, name, document)) WITHOUT ROWID;
CREATE TABLE reports (run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE, data BLOB NOT NULL);
"""

_DOMAINS = """
CREATE TABLE outbound (
    site TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, domains BLOB NOT NULL,
    PRIMARY KEY (site, run)) WITHOUT ROWID;
CREATE INDEX outbound_run ON outbound (run);
CREATE TABLE domains (
    site TEXT NOT NULL, domain TEXT NOT NULL, first_seen TEXT NOT NULL, PRIMARY KEY (site, domain)) WITHOUT ROWID;
"""

_TABLES += _DOMAINS

_MIGRATIONS = {
    # What was made of pages did not say all that it does now; it is made again from the documents when it is asked for.
    1: f"""{_DOMAINS}
        DELETE FROM entries; DELETE FROM results; DELETE FROM reports;
        ALTER TABLE outside ADD COLUMN cited INTEGER NOT NULL DEFAULT 0""",  # noqa: S608
}
"""From a version to the next one, in SQL."""


def connect(folder: Path) -> sqlite3.Connection:
    """The database in a folder, made if it is not there.

    A file that is no database any more is kept beside the new one under another name, and said so in the error.

    Raises:
        StoreError: the folder cannot be written, the file is damaged, or a newer program made it.
    """
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make {folder} ({error.strerror}); name another folder with --store") from error
    with told(file):
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        with told(file):
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heeded by a file without tables
            connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise StoreError(f"{file} is on a disk that cannot keep a store; name a local folder with --store")
            _upgrade(connection, file)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reading(folder: Path, patience: float = READING_SECONDS) -> sqlite3.Connection:
    """The database of a folder to read and nothing else, beside whoever writes: nothing is made, migrated or put aside.

    Args:
        patience: seconds to wait for a writer who keeps readers out.

    Raises:
        StoreError: there is no store, it is damaged, or another version made it.
    """
    file = folder / FILE
    if not file.exists():
        raise StoreError(f"no runs are kept in {folder}; `auditor scan` keeps some, --store names another folder")
    with told(file, mends=False):
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=patience, isolation_level=None
        )
    try:
        with told(file, mends=False):
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise _newer(file)
        if version < VERSION:
            raise StoreError(f"{file} was made by an older auditor; `auditor runs` brings it up to date")
    except BaseException:
        connection.close()
        raise
    return connection


def _newer(file: Path) -> StoreError:
    return StoreError(f"{file} was made by a newer auditor; update this program or name another folder with --store")


def _upgrade(connection: sqlite3.Connection, file: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version > VERSION:
        raise _newer(file)
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
        while version < VERSION:
            script = _MIGRATIONS[version] if version else _TABLES
            for statement in script.split(";"):
                connection.execute(statement)
            version = version + 1 if version else VERSION
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Begins as a writer at once, so that two writers wait for each other instead of failing."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:  # a full disk is noticed as late as at the end, and Ctrl-C may come between any two lines
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def told(file: Path, *, mends: bool = True) -> Iterator[None]:
    """Turns what SQLite raises into one line that says what to do; with `mends` a damaged file is put aside."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a defect of this program
        raise
    except sqlite3.DatabaseError as error:
        raise _explained(file, error, mends) from error
    except OverflowError as error:
        raise StoreError(f"{file} takes no number as large as that; use numbers of at most 18 digits") from error


def _explained(file: Path, error: sqlite3.DatabaseError, mends: bool) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return StoreError(f"the disk of {file} is full; make room, then go on with --resume")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            seconds = BUSY_SECONDS if mends else READING_SECONDS
            return StoreError(f"{file} is in use by another process for over {seconds:.0f} seconds; try again later")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            does = "written" if mends else "read"
            return StoreError(
                f"{file} cannot be {does}; give yourself the right to, or name another folder with --store"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            advice = _put_aside(file) if mends else "`auditor runs` looks into it, --store names another folder"
            return StoreError(f"{file} is damaged; {advice}")
        case sqlite3.SQLITE_IOERR:
            return StoreError(f"{file} cannot be read or written ({error}); look at the disk, then go on with --resume")
        case _:
            return StoreError(f"{file} could not be used ({error}); name another folder with --store")


@overload
def sound(text: str) -> str: ...
@overload
def sound(text: None) -> None: ...
def sound(text: str | None) -> str | None:
    """Text as a store can keep it: halves of surrogate pairs, which no encoding has, become U+FFFD."""
    return text if text is None or text.isascii() else _LONE.sub("\ufffd", text)


def _damaged(file: Path) -> bool:
    """Whether the file that is there now is damaged: another process may have put the bad one aside already."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True


def _put_aside(file: Path) -> str:
    if not _damaged(file):
        return "run the command again, and look at the disk if this comes back"
    kept = file.with_name(f"{file.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    try:
        file.rename(kept)
        for tail in BESIDE:
            beside = file.with_name(file.name + tail)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + tail))
    except OSError:
        return "move it away, or name another folder with --store"
    return f"it was kept as {kept.name}; run the command again to begin a new store"
