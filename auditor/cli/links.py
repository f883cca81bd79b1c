"""`auditor links`: every domain that a site links to, from files or from a run that is kept."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import domains as dom
from auditor.cli import options as opt
from auditor.cli.output import write_stdout
from auditor.errors import ConfigError, SourceError
from auditor.outbound.kind import Kind

if TYPE_CHECKING:
    from auditor.cli.outbound import Found
    from auditor.outbound.inventory import Domain
    from auditor.outbound.known import Known


class Format(StrEnum):
    """How the domains are written."""

    TERMINAL = "terminal"
    JSON = "json"
    CSV = "csv"


class Sort(StrEnum):
    """What comes first."""

    PAGES = "pages"
    LINKS = "links"
    NAME = "name"
    FIRST_SEEN = "first-seen"


Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH or URL]...",
        help="Files and folders, or the address of a site whose latest run is meant; none: the latest run of all.",
        show_default=False,
    ),
]
RunId = Annotated[
    int | None,
    typer.Option("--run", min=1, metavar="ID", help="This run, as `auditor runs` lists it.", show_default=False),
]
New = Annotated[
    bool, typer.Option("--new", help="Only domains that are not in --domains, or without it not in the run before.")
]
OfKind = Annotated[
    list[Kind] | None, typer.Option("--kind", help="Only domains of this kind; repeatable.", show_default=False)
]
OfDomain = Annotated[
    str,
    typer.Option(
        "--domain", metavar="DOMAIN", help="All links to this domain, each with its place.", show_default=False
    ),
]
Accept = Annotated[
    bool,
    typer.Option("--accept", help="Write the domains shown into the file that --domains names; make it if need be."),
]
Judge = Annotated[
    bool, typer.Option("--judge", help="Of files: also say which links look planted. Takes three times as long.")
]


# fmt: off
def links(
    sources: Sources = None, run: RunId = None, store: opt.StoreFolder = None,
    new: New = False, kind: OfKind = None, domain: OfDomain = "",
    sort: Annotated[Sort, typer.Option(help="What comes first.")] = Sort.PAGES,
    domains: dom.DomainsFile = None, allow_domain: dom.AllowDomains = None, accept: Accept = False,
    judge: Judge = False, max_bytes: opt.MaxBytes = 10_000_000,
    format: Annotated[Format, typer.Option("--format", help="How to write the domains.")] = Format.TERMINAL,
    output: opt.OutputFile = None,
) -> None:
    # fmt: on
    """List every domain that a site links to: where, how often, with which words, since when, and of what kind.

    Exit code: 0 listed, 2 something named could not be read.
    """
    if accept and domains is None:
        raise ConfigError("--accept writes into a file of known domains; name it with --domains FILE")
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        raise ConfigError(f"cannot write {output}; name a file in a folder that exists")
    from auditor.cli import outbound

    given = list(sources or ())
    file = None if accept and domains is not None and not domains.exists() else domains
    known = _known(file, allow_domain or (), accept)
    wanted = outbound.domain(domain)
    if given and run is None and not any("://" in source for source in given):
        found = outbound.in_files(given, wanted, judge=judge, max_bytes=max_bytes)
    else:
        found = outbound.in_store(store, run, given, wanted)
    found = found.held_against(known, dom.read(file) if file else None)
    if new and found.nothing_known:
        raise SourceError(f"{found.nothing_known}, so nothing is known to compare with; name a file of known domains (--domains)")
    chosen = [
        one for one in found.domains
        if (not new or one.new) and (not kind or one.kind in kind) and wanted in ("", one.name)
    ]  # fmt: skip
    if accept:
        assert domains is not None
        _accept(domains, chosen)
    else:
        _deliver(replace(found, domains=_sorted(chosen, sort)), format, output)
    for failure in found.failures:
        typer.echo(f"error: {failure}", err=True)
    raise typer.Exit(2 if found.failures else 0)


def _known(file: Path | None, allowed: Sequence[str], accept: bool) -> Known | None:
    from auditor.outbound.known import Known, patterns

    if file is None and accept:
        return Known(frozenset(), "a new file", patterns(allowed))
    return dom.known_from(file, allowed)


def _accept(file: Path, chosen: Sequence[Domain]) -> None:
    """Put what is new into the file, and say so."""
    from auditor.outbound.known import Listing
    from auditor.render.text import count

    there = file.exists()
    before = dom.read(file) if there else Listing()
    today = datetime.now(UTC).date()
    added: dict[str, date] = {}
    for one in chosen:
        if one.new:
            added[one.name] = min(added.get(one.name, today), one.first_seen or today)
    after = before.accepting(added.items())
    if added or not there:
        dom.write(file, after)
    for name in sorted(added):
        typer.echo(f"accepted {name}")
    typer.echo(f"{count(len(added), 'domain')} added to {file}, {len(after.entries):,} in all.")


def _sorted(chosen: Iterable[Domain], sort: Sort) -> list[Domain]:
    by_name = sorted(chosen, key=lambda one: (one.name, one.site))
    match sort:
        case Sort.PAGES:
            return sorted(by_name, key=lambda one: (-one.pages, -one.links))
        case Sort.LINKS:
            return sorted(by_name, key=lambda one: (-one.links, -one.pages))
        case Sort.FIRST_SEEN:
            return sorted(by_name, key=lambda one: one.first_seen or date.min, reverse=True)
    return by_name


def _deliver(found: Found, format: Format, output: Path | None) -> None:
    from auditor.render import links as render

    match format:
        case Format.JSON:
            parts = [render.as_json(found.domains, found.uses, source=found.source)]
        case Format.CSV:
            parts = [render.as_csv(found.domains, found.uses)]
        case Format.TERMINAL:
            width = shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else 0
            lines = (
                render.table(found.domains, width, source=found.source)
                if found.uses is None
                else render.uses_table(found.uses, width)
            )
            parts = [f"{line.rstrip()}\n" for line in lines]
    if output is None:
        write_stdout(parts, None if format is Format.TERMINAL else "utf-8")
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        raise ConfigError(f"cannot write {output} ({error.strerror}); choose another --output") from error
