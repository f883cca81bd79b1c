"""Store: runs kept on disk, in one SQLite file that several processes may use at once."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from auditor.errors import StoreError
from auditor.store.hold import hold
from auditor.store.removal import remove, shrink
from auditor.store.run import Run
from auditor.store.schema import BESIDE, FILE, connect, told


class State(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    """Being crawled, or broken off without a word: `Store.held` tells the two apart."""
    STOPPED = "stopped"
    """Ended by whoever asked for it; can be resumed."""
    LIMITED = "limited"
    """Ended by a limit of pages or time; goes on where that is raised."""
    DONE = "done"
    """Nothing is left to fetch."""
    REMOVED = "removed"
    """Half forgotten: the removal was broken off. Nobody gets to see it, and the next removal ends the work."""


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


_COLUMNS = (
    "id, starts, settings, version, began, ended, state,"
    " (SELECT count(*) FROM documents WHERE run = runs.id AND failure IS NULL),"
    " (SELECT count(*) FROM documents WHERE run = runs.id AND failure IS NOT NULL), requests"
)

IMPORTED = "imported"
"""Setting of a run that nobody crawled: its starts are no addresses, and it cannot be crawled on."""

MAX_ID = 2**63 - 1


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

    @staticmethod
    def there(folder: Path) -> bool:
        """Whether a folder holds a store; opening one makes it."""
        return (folder / FILE).exists()

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

    def reopen(self, number: int, settings: Mapping[str, Any], version: str) -> Run:
        """A run that goes on, with the settings and the version of the program that are its own from now on.

        Raises:
            StoreError: there is none of this number.
        """
        run = self.open(number)
        with told(self.file):
            self.connection.execute(
                "UPDATE runs SET settings = ?, version = ?, state = ?, ended = NULL WHERE id = ?",
                (json.dumps(dict(settings), sort_keys=True), version, State.RUNNING, number),
            )
        return run

    def info(self, number: int) -> RunInfo:
        """Raises StoreError where there is no run of this number."""
        found: list[RunInfo] = []
        if 0 < number <= MAX_ID:
            with told(self.file):
                found = listed(self.connection, number)
        if not found:
            raise StoreError(f"there is no run {number} in {self.folder}; `auditor runs` lists them")
        return found[0]

    def runs(self) -> list[RunInfo]:
        """All of them, the latest first."""
        with told(self.file):
            return listed(self.connection)

    def latest(self, starts: Sequence[str]) -> RunInfo | None:
        """The latest crawl with these starts, or with any where none are named; what was imported is none."""
        wanted = tuple(starts)
        crawls = (run for run in self.runs() if not run.settings.get(IMPORTED))
        return next((run for run in crawls if not wanted or run.starts == wanted), None)

    def finished(self, number: int) -> bool:
        """Whether nothing of a run is left to do: all is fetched, and audited to the end."""
        with told(self.file):
            row = self.connection.execute("SELECT 1 FROM reports WHERE run = ?", (number,)).fetchone()
        return self.info(number).state is State.DONE and row is not None

    def end(self, number: int, state: State) -> None:
        """Note how a run ended."""
        with told(self.file):
            self.connection.execute(
                "UPDATE runs SET state = ?, ended = ? WHERE id = ?", (state, datetime.now(UTC).isoformat(), number)
            )

    @contextmanager
    def hold(self, number: int) -> Iterator[None]:
        """Have a run to oneself for as long as the block runs. A process that dies lets go of what it held.

        Raises:
            StoreError: there is no run of this number, or another process crawls or audits it just now.
        """
        self.info(number)
        with ExitStack() as stack:
            try:
                had = stack.enter_context(hold(self._lock(number)))
            except OSError as error:
                reason = error.strerror or error
                raise StoreError(
                    f"{self.folder} takes no locks ({reason}); name a local folder with --store"
                ) from error
            if not had:
                raise StoreError(
                    f"run {number} is in use by another process; wait until that has ended, or stop it first"
                )
            self.info(number)  # it may have been removed while we waited
            yield

    def held(self, number: int) -> bool:
        """Whether somebody has a run to himself just now."""
        lock = self._lock(number)
        if not lock.exists():
            return False
        try:
            with hold(lock, patience=0) as had:
                return not had
        except OSError:
            return False

    def remove(self, numbers: Sequence[int]) -> int:
        """Forget runs with all they have; how many bytes of documents were freed.

        Goes in small steps: a crawl beside it waits for none of them for long. What was broken off is done by the next one.

        Raises:
            StoreError: a run is not there or held by somebody; none was removed then.
        """
        freed = 0
        with ExitStack() as stack:
            for number in dict.fromkeys(numbers):
                stack.enter_context(self.hold(number))
            with told(self.file):
                self.connection.executemany(
                    "UPDATE runs SET state = ? WHERE id = ?", [(State.REMOVED, number) for number in numbers]
                )
                left = self.connection.execute("SELECT id FROM runs WHERE state = ?", (State.REMOVED,)).fetchall()
                for (number,) in left:
                    freed += remove(self.connection, number)
                    with suppress(OSError):  # Windows keeps a file that is open
                        self._lock(number).unlink()
                shrink(self.connection)
        return freed

    def size(self) -> int:
        """Bytes on disk."""
        files = (self.file, *(self.file.with_name(self.file.name + tail) for tail in BESIDE))
        return sum(file.stat().st_size for file in files if file.exists())

    def _lock(self, number: int) -> Path:
        return self.folder / f"run-{number}.lock"


def listed(connection: sqlite3.Connection, number: int | None = None) -> list[RunInfo]:
    """Runs, the latest first, or the one of this number; within the caller's care for errors."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM runs WHERE state <> ? AND (? IS NULL OR id = ?) ORDER BY id DESC",  # noqa: S608
        (State.REMOVED, number, number),
    ).fetchall()
    return [_info(row) for row in rows]


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
