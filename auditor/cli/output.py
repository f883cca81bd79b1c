"""From a report to standard output or a file, and to the exit code."""

from __future__ import annotations

import io
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import typer

from auditor.cli import domains as dom
from auditor.cli.formats import Format, Target, written
from auditor.errors import AuditorError, ConfigError
from auditor.gate import Gate
from auditor.page.snapshot import Failure
from auditor.report import Label, Report

FILE_WIDTH = 100
"""Columns of a terminal report in a file."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where the report goes, how it is written, and what makes the run fail."""

    targets: tuple[Target, ...]
    gate: Gate
    quiet: bool
    verbose: bool
    fail_on_new_domains: bool = False


def deliver(
    report: Report, output: Output, bad: Sequence[Failure], min_pages: int = 1, allow_empty: bool = False
) -> None:
    """Write the report, say how it went on stderr, and leave with the exit code.

    `bad` is the input that should have been audited and was not: each is an error, and errors win over findings. Fewer pages than
    `min_pages` stop at the gate as findings do; none at all are an error, but where there was only nothing (`allow_empty`).
    Raises typer.Exit with 0, 1 or 2; ConfigError where the file cannot be written.
    """
    for target in output.targets:
        _write(report, target, output)
    from auditor.render.text import count, escape_terminal

    for failure in bad:
        said = f"error: {escape_terminal(failure.name)}: {escape_terminal(failure.detail)}"
        typer.echo(
            said.replace("##[", "## ["), err=True
        )  # GitHub's runner takes that for a command, wherever it stands
    pages = len(report.pages)
    nothing = not pages and not (allow_empty and not bad)
    if nothing and not bad:
        typer.echo("error: no page could be audited; check where the run was pointed at", err=True)
    gate = output.gate
    stopped = sum(gate.stops(finding) for finding in report.findings) if gate.severity else 0
    rejected = sum(gate.rejects(page) for page in report.pages) if gate.verdict else 0
    new = dom.stopped(report) if output.fail_on_new_domains else 0
    if output.fail_on_new_domains:
        _say_of_domains(report, new)
    few = 0 < pages < min_pages
    if few:
        typer.echo(
            f"auditor: {count(pages, 'page')} where at least {min_pages:,} were asked for (--min-pages)", err=True
        )
    if gate.verdict and not output.quiet:
        found = count(rejected, "page") if rejected else "no page"
        worse = " or worse" if gate.verdict is not Label.SPAM else ""
        typer.echo(f"auditor: {found} judged {gate.verdict}{worse} (--fail-on-verdict)", err=True)
    code = 2 if bad or nothing else 1 if stopped or rejected or few or new else 0
    if gate.severity and not output.quiet:
        found = count(stopped, "finding") if stopped else "no finding"
        typer.echo(f"auditor: {found} of {gate.described}; exit code {code}", err=True)
    raise typer.Exit(code)


def _say_of_domains(report: Report, new: int) -> None:
    """How the gate on new domains went; one that had nothing to compare with must not pass for one that found nothing."""
    from auditor.render.text import count

    if new:
        typer.echo(f"auditor: {count(new, 'new domain')} (--fail-on-new-domains)", err=True)
    elif sites := dom.without_comparison(report):
        typer.echo(
            f"auditor: {count(sites, 'site')} had nothing to compare links with (--fail-on-new-domains); the next scan has this one",
            err=True,
        )
    else:
        typer.echo("auditor: no new domain (--fail-on-new-domains)", err=True)


def _write(report: Report, target: Target, output: Output) -> None:
    programs = target.programs
    gate = replace(output.gate, checks=frozenset((dom.NEW,))) if output.fail_on_new_domains else output.gate
    parts = written(report, target.format, gate) if programs else [_for_people(report, target, output)]
    if target.file is None:
        write_stdout(parts if programs else _unheard(parts), "utf-8" if programs else None)
        return
    try:
        with target.file.open("w", encoding="utf-8", newline="" if target.format is Format.CSV else None) as file:
            file.writelines(parts)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"cannot write {target.file} ({reason}); choose another --output") from error


def _for_people(report: Report, target: Target, output: Output) -> str:
    if output.quiet and target.file is None:
        from auditor.render.summary import summary

        return f"{summary(report)}\n"
    from rich.console import Console

    from auditor.render.terminal import render_terminal

    if target.file is not None:
        file = io.StringIO()
        console = Console(file=file, width=FILE_WIDTH, force_terminal=False, color_system=None, highlight=False)
        render_terminal(report, console, verbose=output.verbose)
        return file.getvalue()
    console = Console(highlight=False, emoji=False, markup=False)
    with console.capture() as captured:  # rich would end the program on a broken pipe, with the code for findings
        render_terminal(report, console, verbose=output.verbose)
    return captured.get()


def _unheard(parts: Iterable[str]) -> Iterator[str]:
    """The terminal's report as a log of GitHub's may have it: a crawled line that looks like a command to the runner is none."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        yield from parts
        return
    token = secrets.token_hex(16)  # only who knows it can make the runner listen again
    yield f"::stop-commands::{token}\n"
    yield from parts
    yield f"::{token}::\n"


def write_stdout(parts: Iterable[str], encoding: str | None = None) -> None:
    """Write all of it; a reader that has gone (`| head`) is no error and changes no exit code."""
    spelt = encoding or sys.stdout.encoding or "utf-8"
    write_bytes(part.encode(spelt, "replace") for part in parts)


def write_bytes(parts: Iterable[bytes]) -> None:
    """The same for what is bytes already."""
    stream = sys.stdout
    try:
        stream.flush()
        for part in parts:
            stream.buffer.write(part)
        stream.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError as error:
        raise AuditorError(f"cannot write the report ({error.strerror or error}); use --output FILE") from error
