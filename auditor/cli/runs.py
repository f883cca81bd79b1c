"""`auditor runs`: what earlier scans left in the store, and how it gets out, in and away."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from auditor.cli import options as opt
from auditor.cli.options import Listing
from auditor.cli.output import write_stdout
from auditor.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.page.snapshot import Failure, Snapshot
    from auditor.store.run import Moved
    from auditor.store.store import RunInfo, Store

app = typer.Typer(help="List the runs that are kept; remove, export and import them.", rich_markup_mode=None)

NARROW = 72
"""Columns below which a run takes several lines."""


@app.callback(invoke_without_command=True)
def runs(
    context: typer.Context, store: opt.StoreFolder = None, format: opt.ListingOption = Listing.TERMINAL,
    config: opt.ConfigFile = None, no_config: opt.NoConfig = False,
) -> None:  # fmt: skip
    """List the runs that are kept, the latest first; remove, export and import them."""
    if context.invoked_subcommand is not None:
        context.obj = store
        return
    from auditor.store.store import Store

    folder = _folder(context, store)
    if not Store.there(folder):
        write_stdout(_json(folder, 0, [], set()) if format is Listing.JSON else [f"No runs are kept in {folder}.\n"])
        return
    with Store(folder) as kept:
        listed = kept.runs()
        held = {run.id for run in listed if kept.held(run.id)}
        size = kept.size()
    if format is Listing.JSON:
        write_stdout(_json(folder, size, listed, held), "utf-8")
    else:
        write_stdout(f"{line.rstrip()}\n" for line in _table(folder, size, listed, held))


@app.command()
def prune(
    context: typer.Context, keep: opt.Keep = 3, older_than: opt.OlderThan = None, yes: opt.Yes = False,
    store: opt.StoreFolder = None,
) -> None:  # fmt: skip
    """Remove old runs: of those with the same starts all but the latest. Without --yes it is only said which.

    A run that is going on is never removed. With --keep 0 age alone decides.
    """
    from auditor.store.store import Store

    folder = _folder(context, store)
    if not Store.there(folder):
        typer.echo(f"No runs are kept in {folder}.")
        return
    with Store(folder) as kept:
        old = [run for run in superfluous(kept.runs(), keep, older_than, datetime.now(UTC)) if not kept.held(run.id)]
        if not old:
            typer.echo("Nothing to remove.")
        elif yes:
            _remove(kept, old)
        else:
            typer.echo("\n".join(f"would remove {_named(run)}" for run in old))
            typer.echo("Nothing was removed; --yes does it.")


@app.command()
def remove(context: typer.Context, ids: opt.RunIds, store: opt.StoreFolder = None) -> None:
    """Remove runs with all they hold."""
    with _opened(context, store) as kept:
        _remove(kept, [kept.info(number) for number in dict.fromkeys(ids)])


@app.command()
def export(
    context: typer.Context, id: opt.RunId, warc: opt.WarcFile = None, folder: opt.ExportFolder = None,
    store: opt.StoreFolder = None,
) -> None:  # fmt: skip
    """Write a run's documents as a WARC file that other tools read, or as plain files."""
    if (warc is None) == (folder is None):
        raise ConfigError("name one place to export to: --warc FILE.warc.gz or --folder DIR")
    with _opened(context, store) as kept:
        if warc is not None:
            from auditor.archive.warc_out import write_warc

            pages = write_warc(kept, id, warc)
        else:
            from auditor.archive.folder import write_folder

            assert folder is not None
            pages = write_folder(kept, id, folder)
    typer.echo(f"{_pages(pages)} of run {id} written to {warc or folder}.")


@app.command(name="import")
def import_(
    context: typer.Context, source: opt.Source, url_base: opt.UrlBase = None, max_bytes: opt.MaxBytes = 10_000_000,
    store: opt.StoreFolder = None,
) -> None:  # fmt: skip
    """Make a run of a WARC file, of an exported folder, or of a built site; it is audited without network then."""
    from auditor.archive.intake import into_store
    from auditor.render.text import count, escape_terminal
    from auditor.store.store import Store

    left: Counter[str] = Counter()
    documents = _documents(source, url_base, max_bytes, left)
    with Store(_folder(context, store)) as kept:
        number = into_store(kept, documents, [str(source)], left)
        info = kept.info(number)
    typer.echo(
        f"run {number}: {_pages(info.pages)} and {count(info.failures, 'failure')} from {escape_terminal(str(source))}"
    )
    if left:
        typer.echo("left out: " + ", ".join(f"{times:,} {what}" for what, times in left.most_common()))
    named = f" --store {context.obj or store}" if context.obj or store else ""
    typer.echo(f"Audit it with `auditor scan --from-run {number}{named}`.")


def superfluous(runs: Sequence[RunInfo], keep: int, older_than: float | None, now: datetime) -> list[RunInfo]:
    """Of runs, the latest first, those that nobody misses: not among the latest of their starts, and of that age in days."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[RunInfo] = []
    for run in runs:
        seen[run.starts] += 1
        if seen[run.starts] > keep and (older_than is None or now - run.began > timedelta(days=older_than)):
            found.append(run)
    return found


def _documents(
    source: Path, url_base: str | None, max_bytes: int, left: Counter[str]
) -> Iterable[Snapshot | Failure | Moved]:
    """What there is at a place, by what the place is."""
    if not source.exists():
        raise SourceError(f"there is no {source}; name a WARC file or a folder")
    from auditor.archive.folder import INDEX, addressed, read_folder

    if url_base and (source.is_file() or (source / INDEX).exists()):
        raise ConfigError(f"{source} has addresses of its own; leave --url-base out")
    if source.is_file():
        from auditor.archive.warc import read_warc

        return read_warc(source, max_bytes=max_bytes, left=left)
    if (source / INDEX).exists():
        return read_folder(source, max_bytes=max_bytes, left=left)
    from auditor.files import read

    documents = read([str(source)], max_bytes=max_bytes)
    return addressed(documents, source, url_base) if url_base else documents


def _folder(context: typer.Context, store: Path | None) -> Path:
    """The store that is meant: `--store` may stand before or after the name of what to do."""
    from auditor.store.store import default_folder

    return store or context.obj or default_folder()


def _opened(context: typer.Context, store: Path | None) -> Store:
    """A store that is there; none is made for what only looks at runs."""
    from auditor.store.store import Store

    folder = _folder(context, store)
    if not Store.there(folder):
        raise SourceError(f"there is no store in {folder}; name its folder with --store")
    return Store(folder)


def _remove(store: Store, old: Sequence[RunInfo]) -> None:
    freed = store.remove([run.id for run in old])
    for run in old:
        typer.echo(f"removed {_named(run)}")
    typer.echo(f"{_megabytes(freed)} freed.")


def _named(run: RunInfo) -> str:
    return f"run {run.id}, {_when(run)}, {_pages(run.pages)}, {_starts(run)}"


def _table(folder: Path, size: int, listed: Sequence[RunInfo], held: set[int]) -> Iterator[str]:
    """The runs for people; cut to a terminal's width, whole where the output goes elsewhere."""
    from auditor.render.text import count, cut

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    rows = [(str(run.id), _when(run), _state(run, held), f"{run.pages:,}", f"{run.failures:,}") for run in listed]
    head = ("id", "began", "state", "pages", "failures")
    if rows and 0 < width < NARROW:
        for run, (number, when, state, *_) in zip(listed, rows, strict=True):
            yield f"{number}  {when}  {state}"
            yield f"    {count(run.pages, 'page')}, {count(run.failures, 'failure')}"
            yield f"    {cut(_starts(run), max(width - 4, 16))}"
    elif rows:
        wide = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for row, starts in zip([head, *rows], ["starts", *map(_starts, listed)], strict=True):
            number, when, state, pages, failures = row
            line = "  ".join(
                (
                    number.rjust(wide[0]), when.ljust(wide[1]), state.ljust(wide[2]), pages.rjust(wide[3]),
                    failures.rjust(wide[4]), starts,
                )
            )  # fmt: skip
            yield cut(line, width) if width else line
        yield ""
    yield f"{count(len(listed), 'run')}, {_megabytes(size)} in {folder}"


def _json(folder: Path, size: int, listed: Sequence[RunInfo], held: set[int]) -> list[str]:
    rows = [
        {
            "id": run.id,
            "starts": list(run.starts),
            "began": run.began.isoformat(),
            "ended": run.ended.isoformat() if run.ended else None,
            "state": run.state,
            "held": run.id in held,
            "pages": run.pages,
            "failures": run.failures,
            "requests": run.requests,
            "version": run.version,
        }
        for run in listed
    ]
    return [json.dumps({"store": str(folder), "bytes": size, "runs": rows}, indent=2), "\n"]


def _state(run: RunInfo, held: set[int]) -> str:
    """In a word; a run that says it is running and that nobody holds was broken off."""
    from auditor.store.store import State

    return "broken off" if run.state is State.RUNNING and run.id not in held else run.state.value


def _when(run: RunInfo) -> str:
    return f"{run.began.astimezone():%Y-%m-%d %H:%M}"


def _starts(run: RunInfo) -> str:
    from auditor.render.text import escape_terminal

    more = f" and {len(run.starts) - 1:,} more" if len(run.starts) > 1 else ""
    return escape_terminal(run.starts[0]) + more if run.starts else "-"


def _pages(number: int) -> str:
    from auditor.render.text import count

    return count(number, "page")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
