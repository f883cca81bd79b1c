"""Outside: what links lead to on other sites, and what was answered there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.store.schema import sound, told, transaction

CHUNK = 500
"""Addresses that are asked for at once."""


class Outside:
    """Addresses on other sites that the documents of one run link to, each once.

    Raises StoreError where the disk will not have it.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path, run: int) -> None:
        self._db = connection
        self._file = file
        self._run = run

    def mention(self, urls: Iterable[str], cited: Collection[str] = ()) -> None:
        """Addresses on other sites that are to be looked at.

        Args:
            cited: those of them that the article itself links to.
        """
        with told(self._file), transaction(self._db):
            self._db.executemany(
                "INSERT INTO outside (run, url, cited) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET cited = max(cited, excluded.cited)",
                [(self._run, sound(url), url in cited) for url in urls],
            )

    def unasked(self) -> list[str]:
        """Mentioned addresses without an answer."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT url FROM outside WHERE run = ? AND answer IS NULL ORDER BY url", (self._run,)
            )
            return [url for (url,) in rows]

    def unread(self) -> list[str]:
        """Addresses that articles link to and of which nobody has asked what stands there."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT url FROM outside WHERE run = ? AND cited"
                " AND (answer IS NULL OR json_type(answer, '$.told') IS NULL) ORDER BY url",
                (self._run,),
            )
            return [url for (url,) in rows]

    def answer(self, url: str, answer: Mapping[str, Any]) -> None:
        """Keep what came of asking for a mentioned address, in place of what was kept before."""
        with told(self._file):
            self._db.execute(
                "INSERT INTO outside (run, url, answer) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET answer = excluded.answer",
                (self._run, sound(url), json.dumps(dict(answer))),
            )

    def answers(self, urls: Sequence[str]) -> dict[str, Any]:
        """What is known of these addresses on other sites."""
        found: dict[str, Any] = {}
        with told(self._file):
            for at in range(0, len(urls), CHUNK):
                chunk = urls[at : at + CHUNK]
                marks = ",".join("?" * len(chunk))
                rows = self._db.execute(
                    f"SELECT url, answer FROM outside WHERE run = ? AND answer IS NOT NULL AND url IN ({marks})",  # noqa: S608
                    (self._run, *map(sound, chunk)),
                )
                found.update((url, json.loads(answer)) for url, answer in rows)
        return {url: found[kept] for url in urls if (kept := sound(url)) in found}
