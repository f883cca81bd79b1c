"""Documents: pages and failures as rows, written within the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from auditor.errors import StoreError
from auditor.page.snapshot import Failure, Format, Redirect, Snapshot, Variant
from auditor.store import bodies
from auditor.store.schema import sound

_COLUMNS = "url, final_url, path, status, format, headers, redirects, fetched_at, body"


def put(connection: sqlite3.Connection, run: int, page: Snapshot) -> int:
    """Keep a page; its number."""
    inserted = connection.execute(
        f"INSERT INTO documents (run, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            run,
            sound(page.url),
            sound(page.final_url),
            sound(page.path),
            page.status,
            page.format,
            json.dumps({sound(name): sound(value) for name, value in page.headers.items()}),
            json.dumps([(sound(hop.url), hop.status) for hop in page.redirects]),
            page.fetched_at.isoformat() if page.fetched_at else None,
            bodies.put(connection, page.body),
        ),
    )
    number = int(inserted.lastrowid or 0)
    for kind, body in page.variants.items():
        connection.execute("INSERT INTO variants VALUES (?, ?, ?)", (number, kind, bodies.put(connection, body)))
    return number


def put_failure(connection: sqlite3.Connection, run: int, failure: Failure) -> int:
    """Keep a failure; its number."""
    inserted = connection.execute(
        "INSERT INTO documents (run, url, path, failure, detail) VALUES (?, ?, ?, ?, ?)",
        (run, sound(failure.url), sound(failure.path), failure.kind, sound(failure.detail)),
    )
    return int(inserted.lastrowid or 0)


def get(connection: sqlite3.Connection, number: int) -> Snapshot:
    """A page as it was put.

    Raises:
        StoreError: there is none of this number.
    """
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE number = ? AND failure IS NULL",  # noqa: S608
        (number,),
    ).fetchone()
    if row is None:
        raise StoreError(f"document {number} is not in the store any more; its run was removed meanwhile")
    url, final_url, path, status, form, headers, redirects, fetched_at, body = row
    others = connection.execute("SELECT kind, body FROM variants WHERE document = ?", (number,)).fetchall()
    return Snapshot(
        bodies.get(connection, body),
        Format(form),
        url=url,
        final_url=final_url,
        path=path,
        status=status,
        headers=json.loads(headers),
        redirects=tuple(Redirect(*hop) for hop in json.loads(redirects)),
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else None,
        variants={Variant(kind): bodies.get(connection, other) for kind, other in others},
    )
