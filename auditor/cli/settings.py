"""Settings: what a configuration file and the environment say of the options; weakest first default, file, environment, flag."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from auditor.cli.access import refuse_literal
from auditor.cli.settable import Settable, said, settable
from auditor.cli.tables import TABLES, Tables, read_tables
from auditor.errors import ConfigError

NAME = "auditor.toml"
SHARED = "pyproject.toml"
"""Of Python projects; its table `[tool.auditor]` is read."""
_KEY = "auditor.settings"
_LINES = frozenset(("header", "cookie"))
"""Lists whose entries hold commas and blanks: in the environment one a line."""
_SECRETS = frozenset(("password", "token", "secret", "api_key", "authorization"))


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for one option of one command, and where it stands."""

    value: Any
    where: str


@dataclass(slots=True)
class Settings:
    """What was found outside the command line."""

    file: Path | None = None
    """The configuration file that was read; None for none."""
    values: dict[str, dict[str, Setting]] = field(default_factory=dict)
    """By command and parameter."""
    tables: Tables = field(default_factory=Tables)


def configure(context: typer.Context, parameter: typer.CallbackParam, file: Path | None) -> Path | None:
    """Read the settings before the options are: each option that no flag and no variable gives takes its value from here.

    Raises ConfigError for a file that cannot be read or says what nobody understands.
    """
    if context.resilient_parsing:
        return file
    if file is not None and context.params.get("no_config"):
        raise ConfigError("--config names a file and --no-config asks for none; leave one of them out")
    named = file if file is not None else None if context.params.get("no_config") else find(Path.cwd())
    settings = load(named, _commands(context, "" if named else context.info_name or ""), os.environ)
    context.meta[_KEY] = settings
    context.default_map = {name: one.value for name, one in settings.values.get(context.info_name or "", {}).items()}
    return file


def leave_out(context: typer.Context, parameter: typer.CallbackParam, asked: bool) -> bool:
    """The other half of `configure`'s complaint, whichever of the two comes first."""
    if asked and context.params.get("config") is not None and not context.resilient_parsing:
        raise ConfigError("--config names a file and --no-config asks for none; leave one of them out")
    return asked


def current(context: typer.Context) -> Settings:
    """The settings of the command that runs."""
    settings = context.meta.get(_KEY)
    return settings if isinstance(settings, Settings) else Settings()


def find(folder: Path) -> Path | None:
    """The configuration file of a folder: its own, else its parent's, up to the repository's root or the file system's."""
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        shared = place / SHARED
        if shared.is_file() and _table(shared) is not None:
            return shared
        if (place / ".git").exists():
            return None
    return None


def load(file: Path | None, commands: Mapping[str, Mapping[str, Settable]], environment: Mapping[str, str]) -> Settings:
    """What a file and the environment say.

    Args:
        commands: the parameters that can be set, by command and name.
    """
    settings = Settings(file, {command: {} for command in commands})
    if file is not None:
        table = _table(file)
        if table is None:
            raise ConfigError(f"{shown(file)} has no table [tool.auditor]; add one, or name another file with --config")
        _from_file(settings, file, table, commands)
    for command, parameters in commands.items():
        for name, option in parameters.items():
            variable = f"AUDITOR_{name.upper()}"
            if environment.get(variable) and not option.variable:
                value = _from_text(environment[variable], option, variable)
                settings.values[command][name] = Setting(value, variable)
    return settings


def shown(file: Path) -> str:
    """A file as people call it: from the working folder where it is in it or near."""
    relative = os.path.relpath(file)
    return str(file) if relative.startswith(os.path.join("..", "..", "..")) else relative  # noqa: PTH118


def _commands(context: typer.Context, only: str) -> dict[str, dict[str, Settable]]:
    """The commands that take settings: those with a `--config`.

    Args:
        only: the one that is asked for; empty for all, which a file may speak of.
    """
    commands: Mapping[str, Any] = getattr(context.find_root().command, "commands", {})
    return {
        name: settable(command.callback)
        for name, command in ([(only, commands[only])] if only in commands else commands.items())
        if name != "config" and any(parameter.name == "no_config" for parameter in command.params)
    }


def _table(file: Path) -> Mapping[str, Any] | None:
    """The settings in a file; None where it is a pyproject.toml without any."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {shown(file)} ({error.strerror}); name another file with --config") from error
    if file.name == SHARED and b"auditor" not in data:
        return None
    import tomllib

    try:
        read = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{shown(file)} is no TOML: {error}; put it right") from error
    if file.name != SHARED:
        return read
    tool = read.get("tool")
    table = tool.get("auditor") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _from_file(
    settings: Settings, file: Path, table: Mapping[str, Any], commands: Mapping[str, Mapping[str, Settable]]
) -> None:
    name, prefix = shown(file), "tool.auditor." if file.name == SHARED else ""
    sections: list[tuple[str, str, Mapping[str, Any]]] = []
    everywhere = {option for parameters in commands.values() for option in parameters}
    for key, value in table.items():
        spelt, where = key.replace("-", "_"), f"{name}: {prefix}{key}"
        if spelt in TABLES:
            continue
        if spelt in commands and isinstance(value, dict):
            sections.append((spelt, where, value))
        elif spelt in everywhere:
            for command, parameters in commands.items():
                if spelt in parameters:
                    typed = _from_toml(value, parameters[spelt], where, file)
                    settings.values[command][spelt] = Setting(typed, where)
        else:
            _unknown(where, key, {*everywhere, *commands, *TABLES})
    for command, section, values in sections:
        for key, value in values.items():
            spelt, where = key.replace("-", "_"), f"{section}.{key}"
            if spelt not in commands[command]:
                if spelt in everywhere:
                    raise ConfigError(f"{where}: `auditor {command}` has no such option; take it out of [{command}]")
                _unknown(where, key, commands[command])
            typed = _from_toml(value, commands[command][spelt], where, file)
            settings.values[command][spelt] = Setting(typed, where)
    settings.tables = read_tables(table, f"{name}: {prefix}")


def _unknown(where: str, key: str, names: Collection[str]) -> None:
    """Raise ConfigError with the nearest name there is."""
    if key.replace("-", "_").lower() in _SECRETS:
        raise ConfigError(
            f"{where}: secrets stay in the environment; set AUDITOR_PASSWORD (with basic-auth) or AUDITOR_TOKEN (with bearer)"
        )
    import difflib

    listed = sorted({name.replace("_", "-") for name in names})
    near = difflib.get_close_matches(key.replace("_", "-").lower(), listed, 1, 0.5)
    advice = f"did you mean {near[0]}?" if near else "`auditor config` lists what there is"
    raise ConfigError(f"{where}: there is no such setting; {advice}")


def _from_toml(value: object, option: Settable, where: str, file: Path) -> Any:
    """A value as the option takes it. Raises ConfigError where it is of another type, out of range, or a secret."""
    if option.many and not isinstance(value, list):
        raise ConfigError(f'{where}: a list like ["…"] is expected, not {said(value)}')
    made = []
    for one in value if option.many and isinstance(value, list) else [value]:
        if not option.takes(one):
            raise ConfigError(f"{where}: {option.expected} is expected, not {said(one)}")
        if isinstance(one, str):
            _check(refuse_literal, where, option.name, one)
            if option.kind is Path and one != "-":  # what a file names stands beside it, wherever one works
                one = str(file.parent / Path(one).expanduser()) if file.parent != Path.cwd() else one
        made.append(one)
    if option.name in ("select", "ignore"):
        from auditor.cli.selection import selection

        _check(selection, where, made)
    return made if option.many else made[0]


def _from_text(text: str, option: Settable, variable: str) -> Any:
    """The value of an environment variable as the option takes it."""
    if option.many:
        parts = text.splitlines() if option.name in _LINES else text.replace(",", " ").split()
        return [part.strip() for part in parts if part.strip()]
    value = option.read(text.strip())
    if not option.takes(value):
        raise ConfigError(f"{variable}: {option.expected} is expected, not {said(text)}")
    return value


def _check(rule: Any, where: str, *given: object) -> None:
    """Apply a rule of the command line, and name the place where it is broken."""
    try:
        rule(*given)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def given(context: typer.Context) -> Iterator[tuple[str, Any, str]]:
    """Every option of the command that can be set: its name, its value and where that came from."""
    found = current(context).values.get(context.info_name or "", {})
    for name, option in settable(context.command.callback).items():
        source = context.get_parameter_source(name)
        match source.name if source is not None else "DEFAULT":
            case "COMMANDLINE":
                where = "flag"
            case "ENVIRONMENT":
                where = option.variable
            case "DEFAULT_MAP" if name in found:
                where = found[name].where
            case _:
                where = "default"
        yield name, context.params.get(name), where
