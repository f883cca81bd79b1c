"""Store: runs kept on disk, in one SQLite file that several processes may use at once."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from auditor.errors import StoreError
from auditor.store import bodies
from auditor.store.run import Run
from auditor.store.schema import FILE, connect, told, transaction


class State(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    """Being crawled, or broken off without a word: its lock tells the two apart."""
    STOPPED = "stopped"
    """Ended by whoever asked for it; can be resumed."""
    LIMITED = "limited"
    """Ended by a limit of pages or time; goes on where that is raised."""
    DONE = "done"
    """Nothing is left to fetch."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a store knows of one run without opening it."""

    id: int
    starts: tuple[str, ...]
    settings: Mapping[str, Any]
    """Options of the crawl as plain values; never a secret."""
    version: str
    began: datetime
    ended: datetime | None
    state: State
    pages: int
    failures: int
    requests: int


_COLUMNS = "id, starts, settings, version, began, ended, state, pages, failures, requests"


def default_folder() -> Path:
    """`AUDITOR_STORE`, else the place for data of this user's programs."""
    if named := os.environ.get("AUDITOR_STORE"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("auditor", appauthor=False)


class Store:
    """`with Store(folder) as store: run = store.begin(…)`. One for each thread and process; they share the file.

    Raises StoreError where the disk will not have it; the message says what to do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self.connection = connect(folder)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def begin(self, starts: Sequence[str], settings: Mapping[str, Any], version: str) -> Run:
        """A new run, empty."""
        with told(self.file):
            inserted = self.connection.execute(
                "INSERT INTO runs (starts, settings, version, began, state) VALUES (?, ?, ?, ?, ?)",
                (
                    json.dumps(list(starts)),
                    json.dumps(dict(settings), sort_keys=True),
                    version,
                    datetime.now(UTC).isoformat(),
                    State.RUNNING,
                ),
            )
            return Run(self.connection, self.file, int(inserted.lastrowid or 0))

    def open(self, number: int) -> Run:
        """A run that is there.

        Raises:
            StoreError: there is none of this number.
        """
        self.info(number)
        return Run(self.connection, self.file, number)

    def reopen(self, number: int, settings: Mapping[str, Any]) -> Run:
        """A run that goes on, with the settings that are its own from now on.

        Raises:
            StoreError: there is none of this number.
        """
        run = self.open(number)
        with told(self.file):
            self.connection.execute(
                "UPDATE runs SET settings = ?, state = ?, ended = NULL WHERE id = ?",
                (json.dumps(dict(settings), sort_keys=True), State.RUNNING, number),
            )
        return run

    def info(self, number: int) -> RunInfo:
        """Raises StoreError where there is no run of this number."""
        with told(self.file):
            row = self.connection.execute(f"SELECT {_COLUMNS} FROM runs WHERE id = ?", (number,)).fetchone()  # noqa: S608
        if row is None:
            raise StoreError(f"there is no run {number} in {self.folder}; `auditor runs` lists them")
        return _info(row)

    def runs(self) -> list[RunInfo]:
        """All of them, the latest first."""
        with told(self.file):
            rows = self.connection.execute(f"SELECT {_COLUMNS} FROM runs ORDER BY id DESC").fetchall()  # noqa: S608
        return [_info(row) for row in rows]

    def latest(self, starts: Sequence[str]) -> RunInfo | None:
        """The latest run with these starts, or with any where none are named."""
        wanted = tuple(starts)
        return next((run for run in self.runs() if not wanted or run.starts == wanted), None)

    def finished(self, number: int) -> bool:
        """Whether nothing of a run is left to do: all is fetched, and audited to the end."""
        with told(self.file):
            row = self.connection.execute("SELECT 1 FROM reports WHERE run = ?", (number,)).fetchone()
        return self.info(number).state is State.DONE and row is not None

    def end(self, number: int, state: State) -> None:
        """Close a run's books: its state, and what it counted."""
        with told(self.file):
            self.connection.execute(
                "UPDATE runs SET state = ?, ended = ?,"
                " pages = (SELECT count(*) FROM documents WHERE run = runs.id AND failure IS NULL),"
                " failures = (SELECT count(*) FROM documents WHERE run = runs.id AND failure IS NOT NULL)"
                " WHERE id = ?",
                (state, datetime.now(UTC).isoformat(), number),
            )

    def remove(self, numbers: Sequence[int]) -> int:
        """Forget runs with all they have; how many bytes of documents were freed."""
        with told(self.file):
            with transaction(self.connection):
                self.connection.executemany("DELETE FROM runs WHERE id = ?", [(number,) for number in numbers])
                freed = bodies.sweep(self.connection)
            self.connection.execute("VACUUM")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return freed

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob(f"{FILE}*"))


def _info(row: sqlite3.Row | tuple[Any, ...]) -> RunInfo:
    number, starts, settings, version, began, ended, state, pages, failures, requests = row
    return RunInfo(
        number,
        tuple(json.loads(starts)),
        json.loads(settings),
        version,
        datetime.fromisoformat(began),
        datetime.fromisoformat(ended) if ended else None,
        State(state),
        pages,
        failures,
        requests,
    )
