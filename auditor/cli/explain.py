"""`auditor explain`: what a check looks for, why it matters and what to do about it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.output import write_stdout
from auditor.cli.selection import known

if TYPE_CHECKING:
    from auditor.checks.check import Check

Name = Annotated[str | None, typer.Argument(metavar="CHECK", help="A check's name; none for all.", show_default=False)]


def explain(name: Name = None) -> None:
    """Say what a check looks for, why it matters and what to do; without a name, list all checks."""
    from auditor.checks import all_checks

    checks = all_checks()
    width = min(shutil.get_terminal_size().columns, 100)
    lines = _table(checks, width) if name is None else _page(checks[known(name, checks)], width)
    write_stdout("".join(f"{line.rstrip()}\n" for line in lines))


def _table(checks: Mapping[str, Check], width: int) -> Iterator[str]:
    ordered = sorted(checks.values(), key=lambda check: (check.group, -_rank(check), check.id))
    column = max((len(check.id) for check in ordered), default=0) + 2
    for group, members in groupby(ordered, key=lambda check: check.group):
        yield group.replace("_", " ").capitalize()
        for check in members:
            head = f"  {check.severity.value:<8}{check.id:<{column}}"
            if width - len(head) >= 30:
                yield from textwrap.wrap(check.title, width, initial_indent=head, subsequent_indent=" " * len(head))
            else:
                yield head
                yield from textwrap.wrap(
                    check.title, max(width, 20), initial_indent=" " * 10, subsequent_indent=" " * 10
                )
        yield ""
    yield f"{len(checks)} checks. `auditor explain CHECK` says more of one."


def _page(check: Check, width: int) -> Iterator[str]:
    yield from textwrap.wrap(f"{check.id}: {check.title}", width)
    policy = f", policy {check.policy}" if check.policy else ""
    yield f"Severity {check.severity.value}, {check.group.replace('_', ' ')}, over one {check.scope}{policy}"
    for title, text in (("Why", check.docs), ("What to do", check.fix)):
        yield from ("", title)
        yield from textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
    examples = list(_examples(check.id))
    if examples:
        yield from ("", "Examples", *(f"  {example}" for example in examples))
    yield from ("", f"Leave it out with --ignore {check.id}")


def _examples(name: str) -> Iterator[str]:
    """The check's own test pages, where the program runs from its source folder."""
    root = Path(__file__).parents[2]
    folder = root / "fixtures" / "pages" / name
    for kind, says in (("bad", "fires"), ("good", "stays silent")):
        for file in sorted(folder.glob(f"{kind}*")):
            yield f"{file.relative_to(root)} ({says})"


def _rank(check: Check) -> int:
    return list(type(check.severity)).index(check.severity)
