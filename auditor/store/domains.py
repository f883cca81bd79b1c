"""Domains: what each site linked to in each run, and the day on which it was first seen to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from auditor import urls
from auditor.store import bodies
from auditor.store.schema import sound, told, transaction


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a site linked to in a run."""

    run: int
    began: datetime
    domains: frozenset[str]


class Domains:
    """Where sites link to, over all runs of a store. Raises StoreError where the disk will not have it."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._db = connection
        self._file = file

    def put(self, run: int, site: str, domains: Iterable[str]) -> None:
        """Note what a site links to in a run; a domain's first day is that of the earliest run that had it."""
        names = sorted(map(sound, domains))
        with told(self._file), transaction(self._db):
            began = self._db.execute("SELECT began FROM runs WHERE id = ?", (run,)).fetchone()[0]
            day = datetime.fromisoformat(began).date().isoformat()
            self._db.execute(
                "INSERT OR REPLACE INTO outbound VALUES (?, ?, ?)",
                (sound(site), run, bodies.pack("\n".join(names).encode())),
            )
            self._db.executemany(
                "INSERT INTO domains VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen)",
                [(sound(site), name, day) for name in names],
            )

    def before(self, run: int, site: str) -> Earlier | None:
        """What the site linked to in the last finished run before this one: one with the same starts where there is one, since a look at
        a single page knows little of the site. A run that was broken off, or not audited to its end, is none."""
        with told(self._file):
            own = self._db.execute("SELECT starts FROM runs WHERE id = ?", (run,)).fetchone()
            rows = self._db.execute(
                "SELECT o.run, r.began, r.starts FROM outbound o JOIN runs r ON r.id = o.run JOIN reports p ON p.run = o.run"
                " WHERE o.site = ? AND o.run < ? AND r.state IN ('done', 'limited') ORDER BY o.run DESC",
                (sound(site), run),
            ).fetchall()
            if not rows:
                return None
            number, began, _ = next((row for row in rows if own and row[2] == own[0]), rows[0])
            packed = self._db.execute(
                "SELECT domains FROM outbound WHERE site = ? AND run = ?", (sound(site), number)
            ).fetchone()[0]
        names = bodies.unpack(packed).decode()
        return Earlier(number, datetime.fromisoformat(began), frozenset(names.split("\n")) if names else frozenset())

    def first_seen(self, site: str) -> dict[str, date]:
        """The day on which each domain was first linked to, as far as runs go back."""
        with told(self._file):
            rows = self._db.execute("SELECT domain, first_seen FROM domains WHERE site = ?", (sound(site),)).fetchall()
        return {name: date.fromisoformat(day) for name, day in rows}

    def latest(self, site: str = "") -> int | None:
        """The latest run that was audited to its end, of this site or of any."""
        runs = "reports p WHERE ? = ''" if not site else "outbound o JOIN reports p ON p.run = o.run WHERE o.site = ?"
        with told(self._file):
            row = self._db.execute(f"SELECT max(p.run) FROM {runs}", (sound(site),)).fetchone()  # noqa: S608
        return int(row[0]) if row[0] is not None else None

    def audited(self) -> list[str]:
        """Every site of which a run was audited to its end."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT DISTINCT o.site FROM outbound o JOIN reports p ON p.run = o.run ORDER BY o.site"
            ).fetchall()
        return [site for (site,) in rows]

    def runs(self, site: str, until: int, most: int) -> list[tuple[int, datetime]]:
        """Number and time of the latest runs of a site, this one the last, that were finished and audited to their end; latest first."""
        with told(self._file):
            rows = self._db.execute(
                "SELECT o.run, r.began FROM outbound o JOIN runs r ON r.id = o.run JOIN reports p ON p.run = o.run"
                " WHERE o.site = ? AND o.run <= ? AND r.state IN ('done', 'limited') ORDER BY o.run DESC LIMIT ?",
                (sound(site), until, most),
            ).fetchall()
        return [(int(run), datetime.fromisoformat(began)) for run, began in rows]


def sites(connection: sqlite3.Connection, run: int) -> list[str]:
    """The sites of a run."""
    return [site for (site,) in connection.execute("SELECT site FROM outbound WHERE run = ?", (run,))]


def forget(connection: sqlite3.Connection, sites: Iterable[str]) -> None:
    """Drop the days of those of these sites that no run is left of; within the caller's care for errors.

    A day outlives the run that it is from: pruned are runs, not what they taught about a site that is still scanned.
    """
    gone = [
        site
        for site in sites
        if connection.execute("SELECT 1 FROM outbound WHERE site = ? LIMIT 1", (site,)).fetchone() is None
    ]
    if not gone:
        return
    runs = connection.execute("SELECT starts FROM runs WHERE state <> 'removed'").fetchall()
    left = {urls.site(start) for (starts,) in runs for start in json.loads(starts)}
    connection.executemany("DELETE FROM domains WHERE site = ?", [(site,) for site in gone if site not in left])
