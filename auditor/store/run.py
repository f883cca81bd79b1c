"""Run: one crawl in a store: what waits, what was had, what was found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.store import documents
from auditor.store.schema import sound, told, transaction
from auditor.store.target import Kind, Target

_TARGET = "number, url, code, lane, kind, depth, flags, hops"
_START, _LISTED, _GUESSED = 1, 2, 4

MEMO = 20_000
"""Known addresses kept in memory: a theme's links are on every page, and asking the disk for each would cost more."""

WAITING, DONE, DROPPED, EXCLUDED = range(4)
"""What has become of a target."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that only leads elsewhere."""

    source: str
    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer lets us ask: has it changed since?"""

    document: int
    etag: str
    modified: str


class Run:
    """Everything of one run. Each method is one transaction, so that a crawl may be killed between any two steps.

    Raises StoreError where the disk will not have it.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path, number: int) -> None:
        self._db = connection
        self._file = file
        self.id = number
        self._known: set[int] = set()

    # What waits

    def unknown(self, codes: Iterable[int]) -> set[int]:
        """Those of these pages that no target of this run stands for."""
        asked = {code for code in codes if code not in self._known}
        if not asked:
            return asked
        known = self._targets(asked)
        if len(self._known) > MEMO:
            self._known.clear()
        self._known |= asked
        return asked - known

    def queue(self, targets: Iterable[Target], *, done: bool = False) -> None:
        """Let targets wait; with `done` they are only to be known. One whose page is known already is left as it is."""
        with told(self._file), transaction(self._db):
            self._queue(targets, done)

    def lanes(self) -> dict[str, tuple[int, int, int]]:
        """Every host with how many of its targets wait, how many of these are sitemaps, and how many starts it has."""
        with told(self._file):
            starts = dict(
                self._db.execute(
                    f"SELECT lane, count(*) FROM targets WHERE run = ? AND flags & {_START} GROUP BY lane",  # noqa: S608
                    (self.id,),
                ).fetchall()
            )
            rows = self._db.execute(
                "SELECT lane, sum(done = 0), sum(done = 0 AND kind = ?) FROM targets WHERE run = ? GROUP BY lane",
                (Kind.SITEMAP, self.id),
            )
            return {lane: (waiting, lists, starts.get(lane, 0)) for lane, waiting, lists in rows}

    def waiting(self, lane: str, limit: int, without: Iterable[int] = ()) -> list[Target]:
        """The next targets of a host, those in work (by number) left out."""
        busy = set(without)
        with told(self._file):
            rows = self._db.execute(
                f"SELECT {_TARGET} FROM targets WHERE run = ? AND lane = ? AND done = 0 ORDER BY kind, number LIMIT ?",  # noqa: S608
                (self.id, lane, limit + len(busy)),
            ).fetchall()
        return [_target(row) for row in rows if row[0] not in busy][:limit]

    def drop(self, lane: str, without: Iterable[int] = ()) -> int:
        """Give a host up: what waits there, but for those in work (by number), will not be asked for. How many that were."""
        busy = tuple(without)
        marks = ",".join("?" * len(busy))
        with told(self._file):
            return self._db.execute(
                f"UPDATE targets SET done = 2 WHERE run = ? AND lane = ? AND done = 0 AND number NOT IN ({marks})",  # noqa: S608
                (self.id, lane, *busy),
            ).rowcount

    def linked(self) -> Iterator[str]:
        """Addresses known by a link alone, in the order they were found."""
        last = 0
        while True:
            with told(self._file):
                # The plus keeps SQLite from looking the run up by an index, and sorting all of it for every portion.
                rows = self._db.execute(
                    "SELECT number, url FROM targets WHERE +run = ? AND number > ? AND flags & ? = 0"
                    " ORDER BY number LIMIT ?",
                    (self.id, last, _START | _LISTED, CHUNK),
                ).fetchall()
            yield from (url for _, url in rows)
            if len(rows) < CHUNK:
                return
            last = rows[-1][0]

    # What was had

    def finish(
        self,
        target: Target,
        outcome: Snapshot | Failure | Moved | None,
        found: Iterable[Target] = (),
        listed: Mapping[str, str] | None = None,
        *,
        excluded: bool = False,
    ) -> int:
        """Note all that came of one target at once; the document's number, 0 where there is none.

        Args:
            excluded: robots.txt asks not to fetch it.
        """
        with told(self._file), transaction(self._db):
            self._queue(found, False)
            number = self._keep(outcome) if outcome else 0
            if listed:
                self._list(listed)
            done = EXCLUDED if excluded else DONE
            self._db.execute("UPDATE targets SET done = ? WHERE number = ?", (done, target.number))
        return number

    def left_out(self, why: int) -> dict[str, tuple[int, str]]:
        """How many pages of each host were not asked for, and one of them: because they still wait (`WAITING`), their host was
        given up (`DROPPED`) or robots.txt asks not to (`EXCLUDED`)."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT lane, count(*), min(url) FROM targets WHERE run = ? AND done = ? AND kind > ? GROUP BY lane",
                (self.id, why, Kind.SITEMAP),
            )
            return {lane: (count, example) for lane, count, example in rows}

    def excluded(self, codes: Iterable[int]) -> set[int]:
        """Those of these pages that robots.txt asks not to fetch."""
        return self._targets(codes, f" AND done = {EXCLUDED}")

    def _targets(self, codes: Iterable[int], more: str = "") -> set[int]:
        """Those of these codes that a target stands for, some at a time."""
        ordered = list(codes)
        found: set[int] = set()
        with told(self._file):
            for at in range(0, len(ordered), CHUNK):
                chunk = ordered[at : at + CHUNK]
                marks = ",".join("?" * len(chunk))
                rows = self._db.execute(
                    f"SELECT code FROM targets WHERE run = ? AND code IN ({marks}){more}",  # noqa: S608
                    (self.id, *chunk),
                )
                found.update(code for (code,) in rows)
        return found

    def list_addresses(self, listed: Mapping[str, str]) -> None:
        """Note addresses that a sitemap names, with their `lastmod`."""
        with told(self._file), transaction(self._db):
            self._list(listed)

    def keep(self, outcome: Snapshot | Failure | Moved) -> int:
        """What no target led to: read from an archive, or a failure of a whole host. Its number as a document, or 0."""
        with told(self._file), transaction(self._db):
            return self._keep(outcome)

    def documents(self) -> list[int]:
        """Numbers of the pages that were had."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT number FROM documents WHERE run = ? AND failure IS NULL ORDER BY number", (self.id,)
            )
            return [number for (number,) in rows]

    def document(self, number: int) -> Snapshot:
        """One page as it was had.

        Raises:
            StoreError: there is none of this number (any more).
        """
        with told(self._file):
            return documents.get(self._db, number)

    def address(self, number: int) -> str | None:
        """Where a document is from; None for one that has no address or is not there."""
        with told(self._file):
            row = self._db.execute("SELECT url FROM documents WHERE number = ?", (number,)).fetchone()
            return row[0] if row else None

    def failures(self) -> list[Failure]:
        with told(self._file):
            rows = self._db.execute(
                "SELECT failure, detail, url, path FROM documents WHERE run = ? AND failure IS NOT NULL ORDER BY number",
                (self.id,),
            )
            return [Failure(FailureKind(kind), detail, url, path) for kind, detail, url, path in rows]

    def counts(self) -> tuple[int, int]:
        """(pages, failures) so far."""
        with told(self._file):
            row = self._db.execute(
                "SELECT coalesce(sum(failure IS NULL), 0), coalesce(sum(failure IS NOT NULL), 0) FROM documents"
                " WHERE run = ?",
                (self.id,),
            ).fetchone()
        return row[0], row[1]

    def has_earlier(self) -> bool:
        """Whether there is a run before this one, whose answers could be asked about."""
        with told(self._file):
            return self._db.execute("SELECT 1 FROM runs WHERE id < ? LIMIT 1", (self.id,)).fetchone() is not None

    def validators(self, url: str) -> Validators | None:
        """What the latest earlier run that had this address can ask with; None where it has nothing."""
        with told(self._file):
            row = self._db.execute(
                "SELECT number, headers FROM documents WHERE final_url = ? AND run < ? AND status = 200 AND body IS NOT NULL"
                " ORDER BY run DESC LIMIT 1",
                (sound(url), self.id),
            ).fetchone()
        if row is None:
            return None
        headers = json.loads(row[1])
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        return Validators(row[0], etag, modified) if etag or modified else None

    # What was seen beside the pages

    def redirects(self) -> dict[str, Moved]:
        """Addresses that only lead elsewhere."""
        with told(self._file):
            rows = self._db.execute("SELECT source, status, target FROM redirects WHERE run = ?", (self.id,))
            return {source: Moved(source, status, target) for source, status, target in rows}

    def moved(self, source: str) -> Moved | None:
        """Where one address leads, if it only leads elsewhere."""
        with told(self._file):
            row = self._db.execute(
                "SELECT source, status, target FROM redirects WHERE run = ? AND source = ?", (self.id, sound(source))
            ).fetchone()
        return Moved(*row) if row else None

    def listed(self) -> Iterator[tuple[str, str]]:
        """Addresses that the sitemaps name, with their `lastmod` as written; by address."""
        last = ""
        while True:
            with told(self._file):
                rows = self._db.execute(
                    "SELECT url, lastmod FROM listed WHERE run = ? AND url > ? ORDER BY url LIMIT ?",
                    (self.id, last, CHUNK),
                ).fetchall()
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1][0]

    def note(self, host: str, record: Mapping[str, Any]) -> None:
        """Keep what was seen of a host, in place of what was kept before."""
        with told(self._file):
            self._db.execute(
                "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)", (self.id, sound(host), json.dumps(record))
            )

    def notes(self) -> dict[str, Any]:
        """What was kept of every host."""
        with told(self._file):
            rows = self._db.execute("SELECT host, record FROM hosts WHERE run = ? ORDER BY host", (self.id,))
            return {host: json.loads(record) for host, record in rows}

    def asked(self, requests: int) -> None:
        """Add to the number of requests that the run made."""
        with told(self._file):
            self._db.execute("UPDATE runs SET requests = requests + ? WHERE id = ?", (requests, self.id))

    # Within a transaction

    def _keep(self, outcome: Snapshot | Failure | Moved) -> int:
        match outcome:
            case Snapshot():
                return documents.put(self._db, self.id, outcome)
            case Failure():
                return documents.put_failure(self._db, self.id, outcome)
            case Moved():
                self._db.execute(
                    "INSERT OR REPLACE INTO redirects VALUES (?, ?, ?, ?)",
                    (self.id, sound(outcome.source), outcome.status, sound(outcome.target)),
                )
                return 0

    def _queue(self, targets: Iterable[Target], done: bool) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO targets (run, code, lane, url, kind, depth, flags, hops, done)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (self.id, t.code, sound(t.lane), sound(t.url), t.kind, t.depth, _flags(t), t.hops, int(done))
                for t in targets
            ],
        )

    def _list(self, listed: Mapping[str, str]) -> None:
        rows = [(self.id, sound(url), sound(lastmod)) for url, lastmod in listed.items()]
        self._db.executemany("INSERT OR IGNORE INTO listed VALUES (?, ?, ?)", rows)


def _flags(target: Target) -> int:
    return _START * target.start | _LISTED * target.listed | _GUESSED * target.guessed


def _target(row: tuple[Any, ...]) -> Target:
    number, url, code, lane, kind, depth, flags, hops = row
    return Target(
        url,
        code,
        lane,
        Kind(kind),
        depth,
        bool(flags & _START),
        bool(flags & _LISTED),
        bool(flags & _GUESSED),
        hops,
        number,
    )
