"""Commands: each subcommand is imported when it is asked for, so that one waits for no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer.main

MODULES: Mapping[str, str] = {
    "check": "check",
    "fix": "fix",
    "scan": "scan",
    "links": "links",
    "diff": "diff",
    "report": "report",
    "explain": "explain",
    "config": "config",
    "runs": "runs",
    "view": "view",
    "train": "train",
    "evaluate": "train",
    "probe": "probe",
}
"""Commands in the order of the help, with their modules in `auditor.cli`. A command is its module's function of that name, or the
module's `app`."""

_SETTINGS: Mapping[str, dict[str, Any]] = {
    "config": {"ignore_unknown_options": True, "allow_interspersed_args": False},
}


class Commands(MutableMapping[str, Any]):
    """The subcommands by name, built when they are looked up."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = _build(name)
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)

    def __setitem__(self, name: str, command: Any) -> None:
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._built[name]


def _build(name: str) -> Any:
    """Raises KeyError where there is no such command."""
    module = import_module(f"auditor.cli.{MODULES[name]}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(context_settings=_SETTINGS.get(name))(getattr(module, name))
    command = typer.main.get_command(app)
    command.name = name
    return command
