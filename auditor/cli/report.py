"""`auditor report`: a kept run written again in any format, the digest of what changed, and the index over many sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as opt
from auditor.cli import tabular
from auditor.cli.formats import Format, targets, written
from auditor.cli.options import TablesFormat
from auditor.cli.output import Output, deliver, write_stdout
from auditor.errors import ConfigError
from auditor.gate import Gate

if TYPE_CHECKING:
    from auditor.report import Report
    from auditor.store.store import Store


Run = Annotated[
    int | None,
    typer.Argument(
        metavar="[RUN]",
        min=1,
        help="Number of a run; without it the latest one, of --site or of any.",
        show_default=False,
    ),
]
Site = Annotated[
    str,
    typer.Option(
        "--site", metavar="SITE", help="This site's latest run, or of a run this site alone.", show_default=False
    ),
]
All = Annotated[bool, typer.Option("--all", help="Every site's latest run, with an index over all, into --output DIR.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write to this file; FORMAT=FILE for several at once, repeatable; with --all a folder.",
        show_default="standard output",
    ),
]


# fmt: off
def report(
    context: typer.Context, run: Run = None, site: Site = "", all: All = False, store: opt.StoreFolder = None,
    format: opt.FormatOption = Format.TERMINAL, output: Where = None,
    tables: opt.TablesPlace = None, tables_format: opt.TablesOption = TablesFormat.CSV,
    jobs: opt.Jobs = 0, quiet: opt.Quiet = False, verbose: opt.Verbose = False, config: opt.ConfigFile = None,
) -> None:
    # fmt: on
    """Write a run that is kept, without network: in any format, or with --format markdown what changed since the run before.

    A run that was audited is not audited again; one that was broken off before is audited as far as it was fetched.

    Exit code: 0 written, 2 there is no such run.
    """
    from auditor.cli import kept

    name = kept.site_name(site) if site else ""
    with kept.opened(store) as opened:
        if all:
            if run is not None or name or tables or len(output or ()) != 1:
                raise ConfigError(
                    "--all writes every site's latest run into a folder; add --output DIR, and no run, --site or --tables"
                )
            from auditor.cli.agency import write_all
            from auditor.cli.brand import brand

            folder = Path((output or [""])[0])
            made = write_all(opened, folder, brand(context))
            typer.echo(f"{made} written to {folder}; open {folder / 'index.html'}")
            return
        goals = targets(format, output or ())
        wanted = tabular.wanted(tables, tables_format)
        number = run if run is not None else kept.latest(opened, name)
        _audit_if_need_be(opened, number, context, quiet, jobs)
        told = kept.kept(opened, number, name).report
        tabular.deliver(told, wanted, quiet)
        for goal in goals:
            if goal.programs:
                _write(_parts(goal.format, told, opened, number, name, context), goal.file)
        left = tuple(goal for goal in goals if not goal.programs)
        deliver(told, Output(left, Gate(severity=None), quiet, verbose), ())


def _audit_if_need_be(store: Store, number: int, context: typer.Context, quiet: bool, jobs: int) -> None:
    """Audit what there is of a run whose report is not kept."""
    from auditor.store.findings import Findings

    store.info(number)
    if Findings(store.connection, store.file, number).report() is not None:
        return
    from auditor.cli.scan import audited
    from auditor.cli.wishes import wished
    from auditor.config import Config

    asked = Config(**wished(context, None, None))
    with store.hold(number):
        audited(store, store.open(number), asked, quiet, jobs, None, crawls=False, keeps=True)


def _parts(
    format: Format, told: Report, store: Store, number: int, site: str, context: typer.Context
) -> Iterable[str]:
    """The report in a format for programs; where that shows what a gate stops, by the usual one."""
    match format:
        case Format.MARKDOWN:
            return _digest(store, number, site)
        case Format.HTML:
            return _document(told, store, number, context)
    return written(told, format, Gate())


def _digest(store: Store, number: int, site: str) -> Iterator[str]:
    """What changed since the run before, or how a first one stands."""
    from auditor.cli import kept
    from auditor.history.compare import compare
    from auditor.render.digest import digest, first_digest

    name = site or kept.one_site(store, number)
    after = kept.kept(store, number, name)
    before = kept.before(store, number, name)
    lines = digest(compare(before, after)) if before else first_digest(after.report, after.name)
    return (f"{line}\n" for line in lines)


def _document(told: Report, store: Store, number: int, context: typer.Context) -> Iterable[str]:
    """The report as a document in the configuration's brand, with the trend of its site where it is of one."""
    from auditor.cli import kept
    from auditor.cli.brand import brand
    from auditor.render.html import html_parts

    sites = [one.site for one in told.sites]
    past = kept.past_runs(store, number, sites[0]) if len(sites) == 1 else ()
    return html_parts(told, brand=brand(context), trend=past)


def _write(parts: Iterable[str], output: Path | None) -> None:
    """Write to a file or to standard output. Raises ConfigError where the file cannot be written."""
    if output is None:
        write_stdout(parts, "utf-8")
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        raise ConfigError(f"cannot write {output} ({error.strerror or error}); choose another --output") from error
