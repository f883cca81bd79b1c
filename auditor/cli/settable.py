"""Settable: the options of a command that a file or the environment can set, read off the command's own signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typer.models import OptionInfo

ACTS = frozenset(
    ("config", "no_config", "resume", "from_run", "output", "tables", "update_baseline", "accept", "yes", "write")
)
"""Options that are about one run alone: neither a file nor the environment can set them."""
_SPELT = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Settable:
    """An option as a file and the environment see it."""

    name: str
    """Of the parameter; with dashes for underscores it is the option's."""
    kind: type
    """bool, int, float, str, Path or an enumeration."""
    many: bool
    least: float | None = None
    most: float | None = None
    variable: str = ""
    """The environment variable that the command line itself reads; empty for none."""

    @property
    def expected(self) -> str:
        """What it takes, in words."""
        if issubclass(self.kind, Enum):
            return "one of " + ", ".join(str(one.value) for one in self.kind)
        words = {bool: "true or false", int: "a whole number", float: "a number", Path: "a file or folder"}
        range_ = f" of at least {self.least:g}" if self.least is not None else ""
        return (
            words.get(self.kind, "a text") + range_ + (f" and at most {self.most:g}" if self.most is not None else "")
        )

    def takes(self, value: object) -> bool:
        """Whether this is a value for it; of a list, for one of its entries."""
        if issubclass(self.kind, Enum):
            return any(value == one.value for one in self.kind)
        if self.kind is bool or isinstance(value, bool):
            return self.kind is bool and isinstance(value, bool)
        if self.kind not in (int, float):
            return isinstance(value, str) and bool(value.strip())
        if not isinstance(value, int if self.kind is int else int | float):
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def read(self, text: str) -> object:
        """A text as what it stands for; as it is where it stands for nothing of the kind."""
        if self.kind is bool:
            return _SPELT.get(text.lower(), text)
        try:
            return self.kind(text) if self.kind in (int, float) else text
        except ValueError:
            return text


@cache
def settable(command: Callable[..., Any]) -> dict[str, Settable]:
    """The options of a command's function that can be set, by parameter."""
    found = {}
    for name, annotation in get_type_hints(command, include_extras=True).items():
        info = next((one for one in get_args(annotation)[1:] if isinstance(one, OptionInfo)), None)
        if get_origin(annotation) is not Annotated or info is None or info.hidden or name in ACTS:
            continue
        inner = get_args(annotation)[0]
        if NoneType in get_args(inner):
            inner = next(one for one in get_args(inner) if one is not NoneType)
        many = get_origin(inner) is list
        kind = get_args(inner)[0] if many else inner
        found[name] = Settable(name, kind, many, info.min, info.max, str(info.envvar or ""))
    return found


def said(value: object) -> str:
    """A value that somebody gave, in a message."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"the text {value[:60]!r}"
        case list():
            return "a list"
        case dict():
            return "a table"
    return f"{value}"[:60]
