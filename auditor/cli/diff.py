"""`auditor diff`: what changed between two runs or two reports."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as opt
from auditor.cli.options import FailOn
from auditor.cli.output import FILE_WIDTH, write_stdout
from auditor.cli.whole import write_whole
from auditor.errors import ConfigError, SourceError
from auditor.report import Confidence, Severity

if TYPE_CHECKING:
    from auditor.history.compare import Named
    from auditor.history.difference import Difference
    from auditor.store.store import Store


class Format(StrEnum):
    """How a difference is written."""

    TERMINAL = "terminal"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


Sides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[A] [B]",
        help="Earlier and later: numbers of runs, or reports in JSON. One run alone is held against the one before it.",
        show_default=False,
    ),
]
Site = Annotated[
    str,
    typer.Option(
        "--site",
        metavar="SITE",
        help="The latest run of this site, or of two runs this site alone.",
        show_default=False,
    ),
]
FailOnNew = Annotated[
    bool,
    typer.Option("--fail-on-new", help="Exit with 1 for a new finding at or above --fail-on and --min-confidence."),
]


# fmt: off
def diff(
    sides: Sides = None, site: Site = "", store: opt.StoreFolder = None,
    format: Annotated[Format, typer.Option("--format", help="How to write what changed.")] = Format.TERMINAL,
    output: opt.OutputFile = None, fail_on_new: FailOnNew = False,
    fail_on: opt.FailOnOption = FailOn.HIGH, min_confidence: opt.MinConfidence = Confidence.HIGH,
    verbose: opt.Verbose = False,
) -> None:
    # fmt: on
    """Say what changed between two runs of a site, or two reports: findings, verdicts of pages, outbound domains.

    New and fixed is only what both looked for on pages that both have; what is on pages that came or went, or was not looked for in
    one of them, is told apart. Findings on new pages count for --fail-on-new.

    Exit code: 0 told, 1 new findings with --fail-on-new, 2 something named could not be read.
    """
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        raise ConfigError(f"cannot write {output}; name a file in a folder that exists")
    given = list(sides or ())
    if len(given) > 2 or not (given or site):
        raise ConfigError("name two runs or reports, one run, or a site with --site")
    from auditor.history.compare import compare

    with ExitStack() as stack:
        difference = compare(*_sides(given, site, store, stack))
    parts = _rendered(difference, format, output is not None, verbose)
    if output is None:
        write_stdout(parts, None if format is Format.TERMINAL else "utf-8")
    else:
        write_whole(output, "".join(parts), str(output), "choose another --output")
    raise typer.Exit(_stopped(difference, fail_on, min_confidence) if fail_on_new else 0)


def _sides(given: Sequence[str], site: str, folder: Path | None, stack: ExitStack) -> tuple[Named, Named]:
    """The two reports that are meant, the earlier one first; the store stays open until the stack is closed."""
    from auditor.cli import kept

    opened: list[Store] = []

    def store() -> Store:
        if not opened:
            opened.append(stack.enter_context(kept.opened(folder)))
        return opened[0]

    name = kept.site_name(site) if site else ""
    if len(given) == 2:
        before, after = (_side(one, name, store) for one in given)
        return before, after
    if given and not given[0].isdecimal():
        raise ConfigError("a report in a file is held against another one; name two, the earlier one first")
    number = int(given[0]) if given else kept.latest(store(), name)
    name = name or kept.one_site(store(), number)
    earlier = kept.before(store(), number, name)
    if earlier is None:
        raise SourceError(f"run {number} is the first that is kept of {name}; there is nothing to compare it with")
    return earlier, kept.kept(store(), number, name)


def _side(given: str, site: str, store: Callable[[], Store]) -> Named:
    from auditor.cli import kept
    from auditor.history.compare import Named
    from auditor.history.saved import saved

    if given.isdecimal():
        return kept.kept(store(), int(given), site)
    if site:
        raise ConfigError("--site chooses among the sites of kept runs; leave it out for reports in files")
    return Named(Path(given).name, saved(Path(given)))


def _rendered(difference: Difference, format: Format, to_file: bool, verbose: bool) -> Iterable[str]:
    match format:
        case Format.JSON:
            from auditor.render.diff_json import diff_json

            return diff_json(difference)
        case Format.HTML:
            from auditor.render.diff_html import diff_html

            return diff_html(difference)
        case Format.MARKDOWN:
            from auditor.render.digest import digest

            lines = digest(difference)
        case Format.TERMINAL:
            from auditor.render.diff_text import diff_text

            columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
            lines = diff_text(difference, FILE_WIDTH if to_file else columns, verbose=verbose)
    return (f"{line}\n" for line in lines)


def _stopped(difference: Difference, fail_on: FailOn, confidence: Confidence) -> int:
    """Say how the gate on new findings went; the exit code."""
    from auditor.history.difference import APPEARED
    from auditor.render.text import count

    if fail_on is FailOn.NEVER:
        return 0
    severity = Severity(fail_on.value)
    stopped = sum(difference.changes[fate].at_or_above(severity, confidence) for fate in APPEARED)
    found = count(stopped, "new finding") if stopped else "no new finding"
    code = 1 if stopped else 0
    gate = f"{severity} severity or worse, {confidence} confidence or better"
    typer.echo(f"auditor: {found} of {gate}; exit code {code}", err=True)
    return code
