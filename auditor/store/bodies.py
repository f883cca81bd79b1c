"""Bodies: what documents consist of, each kept once however many runs have it, packed with zstd."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from auditor.errors import StoreError

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
    """Raises StoreError where the disk has changed it."""
    row = connection.execute("SELECT data FROM bodies WHERE id = ?", (number,)).fetchone()
    return unpack(row[0] if row else b"")


def pack(data: bytes) -> bytes:
    return zstd.compress(data, LEVEL)


def unpack(data: bytes) -> bytes:
    """Raises StoreError where it is not what was packed."""
    try:
        return zstd.decompress(data)
    except zstd.ZstdError as error:
        raise StoreError(f"the store is damaged ({error}); remove the run with `auditor runs remove`") from error


def release(connection: sqlite3.Connection, numbers: Sequence[int]) -> int:
    """Drop those of these bodies that no document has any more; how many bytes they took."""
    if not numbers:
        return 0
    marks = ",".join("?" * len(numbers))
    orphans = (
        f"id IN ({marks}) AND NOT EXISTS (SELECT 1 FROM documents WHERE body = bodies.id)"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM variants WHERE body = bodies.id)"
    )
    freed = connection.execute(
        f"SELECT coalesce(sum(length(data)), 0) FROM bodies WHERE {orphans}",  # noqa: S608
        numbers,
    ).fetchone()[0]
    connection.execute(f"DELETE FROM bodies WHERE {orphans}", numbers)  # noqa: S608
    return int(freed)
