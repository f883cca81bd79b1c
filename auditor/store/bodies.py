"""Bodies: what documents consist of, each kept once however many runs have it, packed with zstd."""

from __future__ import annotations

import hashlib
import sqlite3
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3


def put(connection: sqlite3.Connection, body: bytes) -> int:
    """Keep a body within the caller's transaction; its id, an earlier one where it is known."""
    digest = hashlib.blake2b(body, digest_size=20).digest()
    row = connection.execute("SELECT id FROM bodies WHERE digest = ?", (digest,)).fetchone()
    if row is not None:
        return int(row[0])
    inserted = connection.execute(
        "INSERT INTO bodies (digest, size, data) VALUES (?, ?, ?)", (digest, len(body), zstd.compress(body, LEVEL))
    )
    return int(inserted.lastrowid or 0)


def get(connection: sqlite3.Connection, number: int) -> bytes:
    row = connection.execute("SELECT data FROM bodies WHERE id = ?", (number,)).fetchone()
    return zstd.decompress(row[0])


def pack(data: bytes) -> bytes:
    return zstd.compress(data, LEVEL)


def unpack(data: bytes) -> bytes:
    return zstd.decompress(data)


def sweep(connection: sqlite3.Connection) -> int:
    """Drop the bodies that no document has any more; how many bytes they took."""
    orphans = "id NOT IN (SELECT body FROM documents WHERE body IS NOT NULL) AND id NOT IN (SELECT body FROM variants)"
    freed = connection.execute(f"SELECT coalesce(sum(length(data)), 0) FROM bodies WHERE {orphans}").fetchone()[0]  # noqa: S608
    connection.execute(f"DELETE FROM bodies WHERE {orphans}")  # noqa: S608
    return int(freed)
