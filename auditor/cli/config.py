"""`auditor config`: every setting with its value and where that came from, and why each check is on or off."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.cli import options as opt
from auditor.cli.options import Listing
from auditor.cli.output import write_stdout
from auditor.cli.selection import selection
from auditor.cli.settings import Settings, current, given, shown
from auditor.cli.wishes import wished
from auditor.config import Config, Preferences
from auditor.errors import ConfigError

COMMANDS = ("check", "scan")
_HIDDEN = re.compile(r"(?<=//)[^/?#@]*(?=@)")

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[check|scan] [OPTION]...",
        help="A command, and options as it would be given them; none for both commands.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Row:
    """A setting of one command or of both."""

    name: str
    value: Any
    where: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """Whether a check is on, and why."""

    check: str
    group: str
    on: bool
    why: str
    severity: str
    commands: tuple[str, ...]


def config(
    context: typer.Context, words: Words = None, format: opt.ListingOption = Listing.TERMINAL,
    config: opt.ConfigFile = None, no_config: opt.NoConfig = False,
) -> None:  # fmt: skip
    """Print every setting, its value and where it came from, and for every check whether it is on and why."""
    if words and words[0] not in COMMANDS:
        raise ConfigError(f"there is nothing to configure of {words[0]!r}; name check or scan, its options after it")
    chosen, more = ((words[0],), words[1:]) if words else (COMMANDS, [])
    files = ["--no-config"] if no_config else ["--config", str(config)] if config else []
    rows: list[Row] = []
    stands: list[Stand] = []
    for name in chosen:
        command = context.find_root().command.commands[name]  # type: ignore[attr-defined]
        with command.make_context(name, [*files, *more, "-"], parent=context.find_root()) as asked:
            settings = current(asked)
            found = [
                Row(option.replace("_", "-"), _plain(option, value), where, (name,))
                for option, value, where in given(asked)
            ]
            rows = _merged(rows, found, lambda row: (row.name, str(row.value), row.where))
            stands = _merged(
                stands, _stands(asked, found, name), lambda one: (one.check, one.on, one.why, one.severity)
            )
    rows.sort(key=lambda row: (-len(row.commands), row.commands, row.name))
    if format is Listing.JSON:
        write_stdout([_json(settings, rows, stands)], "utf-8")
    else:
        write_stdout(f"{line.rstrip()}\n" for line in _lines(settings, rows, stands, _looked_at()))


def _looked_at() -> int:
    """Columns of the terminal; 0 where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _merged(known: list[Any], found: list[Any], key: Any) -> list[Any]:
    """Two commands' lines; what is the same of both is said once."""
    import dataclasses

    same = {key(one): number for number, one in enumerate(known)}
    merged = list(known)
    for one in found:
        if (number := same.get(key(one))) is not None:
            merged[number] = dataclasses.replace(merged[number], commands=merged[number].commands + one.commands)
        else:
            merged.append(one)
    return merged


def _plain(name: str, value: Any) -> Any:
    """A value in JSON's own types; what may be a secret is not told."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case Path():
            return shown(value)
        case list() | tuple():
            return [_plain(name, one) for one in value]
    text = str(value)
    if name in ("header", "cookie"):
        mark = ":" if name == "header" else "="
        start, found, rest = text.partition(mark)
        return text if re.fullmatch(r"[^$]*\$\{\w+\}", rest) else f"{start}{found} …" if found else "…"
    return _HIDDEN.sub("…", text) if name == "proxy" and "${" not in text else text


def _stands(context: typer.Context, rows: Sequence[Row], command: str) -> list[Stand]:
    """Every check under the settings of one command."""
    from auditor.checks import all_checks
    from auditor.preferences import Wishes

    params = context.params
    checks = all_checks()
    groups = {check.id: check.group for check in checks.values()}
    wishes = Wishes.of(Config(**wished(context, params["select"], params["ignore"])), groups)
    where = {row.name: row.where for row in rows}
    select, ignore = selection(params["select"]), selection(params["ignore"])
    made = []
    for check in checks.values():
        names = {check.id, check.group}
        if found := sorted(ignore & names):
            on, why = False, f"ignore names {found[0]} ({where['ignore']})"
        elif select and not select & names:
            on, why = False, f"select does not name it ({where['select']})"
        elif select:
            on, why = True, f"select names {min(select & names)} ({where['select']})"
        else:
            on, why = True, "default"
        table = wishes.preferences.severity
        severity = wishes.severity(check.id, [table])
        if severity:
            why += f"; severity given to {check.id if check.id in table else check.group}"
        elsewhere = "".join(f"; {said}" for said in _elsewhere(wishes.preferences, names, on))
        made.append(Stand(check.id, check.group, on, why + elsewhere, severity or check.severity.value, (command,)))
    return made


def _elsewhere(preferences: Preferences, names: set[str], on: bool) -> Iterator[str]:
    """Where rules for paths say otherwise of a check."""
    for rule in preferences.paths:
        places = ", ".join(rule.match)
        if on and rule.ignore & names:
            yield f"off in {places} ({rule.where})"
        elif rule.select and bool(rule.select & names) is not on:
            yield f"{'off' if on else 'on'} in {places} ({rule.where})"
        if severity := next((rule.severity[name] for name in sorted(names) if name in rule.severity), None):
            yield f"{severity} in {places} ({rule.where})"


def _lines(settings: Settings, rows: Sequence[Row], stands: Sequence[Stand], width: int) -> Iterator[str]:
    from auditor.render.text import escape_terminal

    def table(cells: Sequence[tuple[str, str, str]]) -> Iterator[str]:
        wide = [max((len(escape_terminal(cell[n])) for cell in cells), default=0) for n in (0, 1)]
        for cell in cells:
            first, second, third = map(escape_terminal, cell)
            yield from _fitted(f"  {first:<{wide[0]}}  ", f"{second:<{min(wide[1], 30)}}  {third}", width)

    yield from _fitted("", f"Settings from {shown(settings.file) if settings.file else 'no configuration file'}", width)
    for commands in dict.fromkeys(row.commands for row in rows):
        yield from ("", "Of " + " and ".join(f"`auditor {name}`" for name in commands))
        yield from table([(row.name, _told(row.value), row.where) for row in rows if row.commands == commands])
    tables = settings.tables
    if tables.suppress:
        yield from ("", "Suppressed")
        for one in tables.suppress:
            places = ", ".join((*one.path, *one.url)) or "everywhere"
            text = f"{', '.join(sorted(one.checks))} in {places}: {one.reason} ({one.where})"
            yield from _fitted("  ", escape_terminal(text), width)
    for commands in dict.fromkeys(one.commands for one in stands):
        listed = [one for one in stands if one.commands == commands]
        on = sum(one.on for one in listed)
        of = "" if len(commands) > 1 else f" for `auditor {commands[0]}`"
        yield from ("", f"Checks{of}: {on} on, {len(listed) - on} off")
        yield from table([(one.check, f"{'on' if one.on else 'off':<4}{one.severity}", one.why) for one in listed])


def _fitted(head: str, text: str, width: int) -> Iterator[str]:
    """A line with its head; where there is too little room beside the head, below it. Never broken where nobody looks."""
    if not width:
        yield head + text
    elif width - len(head) >= 40 or not head.strip():
        yield from textwrap.wrap(head + text, max(width, 20), subsequent_indent=" " * len(head), drop_whitespace=True)
    else:
        yield head.rstrip()
        indent = " " * 4
        yield from textwrap.wrap(
            re.sub(r" {2,}", " · ", text.strip()), max(width, 20), initial_indent=indent, subsequent_indent=indent
        )


def _told(value: Any) -> str:
    match value:
        case None | "" | []:
            return "-"
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value))
    return str(value)


def _json(settings: Settings, rows: Sequence[Row], stands: Sequence[Stand]) -> str:
    tables = settings.tables
    listed = {
        "file": shown(settings.file) if settings.file else None,
        "settings": [
            {"name": row.name, "commands": row.commands, "value": row.value, "where": row.where} for row in rows
        ],
        "checks": [
            {
                "check": one.check, "group": one.group, "commands": one.commands, "on": one.on, "why": one.why,
                "severity": one.severity,
            }
            for one in stands
        ],
        "severity": dict(tables.severity),
        "paths": [
            {
                "match": rule.match, "select": sorted(rule.select), "ignore": sorted(rule.ignore),
                "severity": dict(rule.severity), "where": rule.where,
            }
            for rule in tables.paths
        ],
        "suppress": [
            {
                "checks": sorted(rule.checks), "path": rule.path, "url": rule.url, "reason": rule.reason,
                "where": rule.where,
            }
            for rule in tables.suppress
        ],
    }  # fmt: skip
    return json.dumps(listed, indent=2) + "\n"
