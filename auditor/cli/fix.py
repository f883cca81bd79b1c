"""`auditor fix`: take planted links, hidden blocks and off-topic related posts out of files, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as opt
from auditor.cli.output import write_bytes
from auditor.cli.progress import Progress
from auditor.cli.wishes import wished
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.report import Confidence

if TYPE_CHECKING:
    from auditor.fix.rounds import Rewrite


class How(StrEnum):
    """What becomes of a link that readers see."""

    REMOVE = "remove"
    NOFOLLOW = "nofollow"


Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH", help="Files, folders and patterns, as `auditor check` takes them.", show_default=False
    ),
]
Write = Annotated[bool, typer.Option("--write", help="Write the files; without this they are only shown.")]
Least = Annotated[Confidence, typer.Option("--min-confidence", help="How sure a finding has to be to be taken out.")]
HowOption = Annotated[
    How,
    typer.Option("--how", help='Take planted links out, or mark them rel="sponsored nofollow" and leave them.'),
]


# fmt: off
def fix(
    context: typer.Context,
    paths: Sources, each: opt.Each = False, max_bytes: opt.MaxBytes = 10_000_000,
    write: Write = False, min_confidence: Least = Confidence.HIGH, how: HowOption = How.REMOVE,
    select: opt.Select = None, ignore: opt.Ignore = None, baseline: opt.BaselineFile = None, quiet: opt.Quiet = False,
    config: opt.ConfigFile = None, no_config: opt.NoConfig = False,
) -> None:
    # fmt: on
    """Take what was planted out of files again: links, hidden blocks, off-topic related posts. Shows a diff; --write applies it.

    Exit code: 0 nothing to do, or all of it written, 1 something is shown or left and not written, 2 something named could not be
    read or written.
    """
    if "-" in paths:
        raise ConfigError("standard input cannot be rewritten; name the file that it comes from")
    asked = Config(**wished(context, select, ignore, baseline), each=each, max_bytes=max_bytes)
    from auditor.built import built
    from auditor.cli.check import unread
    from auditor.files import read
    from auditor.fix.rounds import fix as fixed

    with Progress(quiet) as progress:
        documents = progress.counting(read(paths, max_bytes=max_bytes), "read")
        done = fixed(documents, asked, least=min_confidence, mark=how is How.NOFOLLOW, source=paths, follow=built)
    bad = [f"{failure.name}: {failure.detail}" for failure in unread(done.report, paths, allow_empty=True)]
    ready = [rewrite for rewrite in done.rewrites if rewrite.after != rewrite.before]
    written = 0
    for rewrite in ready if write else ():
        problem = _written(rewrite)
        bad += [f"{rewrite.path}: {problem}"] if problem else []
        written += not problem
    if not write:
        _show(ready)
    raise typer.Exit(_told(done.rewrites, written, write, bad, quiet))


def _written(rewrite: Rewrite) -> str:
    """Write one file; why that could not be done, empty where it was."""
    from auditor.cli.whole import write_whole

    file = Path(rewrite.path)
    try:
        if file.read_bytes() != rewrite.before:
            return "it has changed since it was read, or is only a part of its file; run again"
        write_whole(file, rewrite.after, str(file), "change its mode or owner")
    except OSError as error:
        return f"cannot be read again ({error.strerror}); run again"
    except ConfigError as error:
        return str(error)
    return ""


def _show(rewrites: Sequence[Rewrite]) -> None:
    """The diff on standard output: as it is for a program, and harmless for a terminal."""
    from auditor.fix.diff import diff
    from auditor.render.text import escape_line

    terminal = sys.stdout.isatty()
    for rewrite in rewrites:
        lines = diff(_relative(rewrite.path), rewrite.before, rewrite.after)
        write_bytes(escape_line(line) for line in lines) if terminal else write_bytes(lines)


def _relative(path: str) -> str:
    """A path as git says it from the working folder."""
    spelt = os.path.relpath(path) if Path(path).is_absolute() else os.path.normpath(path)
    return Path(spelt).as_posix()


def _told(rewrites: Sequence[Rewrite], written: int, write: bool, bad: Sequence[str], quiet: bool) -> int:
    """Say on stderr how it went; the exit code."""
    from auditor.render.text import count, escape_terminal

    for line in bad:
        typer.echo(f"error: {escape_terminal(line)}", err=True)
    left = [rewrite for rewrite in rewrites if rewrite.left]
    for rewrite in left:
        typer.echo(f"left: {escape_terminal(rewrite.path)}: {escape_terminal(rewrite.left)}", err=True)
    ready = [rewrite for rewrite in rewrites if rewrite.after != rewrite.before]
    found = sum(len(rewrite.taken) for rewrite in ready)
    if not quiet:
        if not rewrites:
            typer.echo("auditor: nothing to take out", err=True)
        elif write:
            typer.echo(f"auditor: {count(written, 'file')} written", err=True)
        elif ready:
            said = f"{count(found, 'finding')} in {count(len(ready), 'file')} can be taken out"
            typer.echo(f"auditor: {said}; --write does it", err=True)
    return 2 if bad else 1 if left or (ready and not write) else 0
