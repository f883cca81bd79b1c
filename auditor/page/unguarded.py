"""Dataclasses that are frozen to the type checker alone: a page has hundreds of parts, and Python's own guard makes each of them
five times as dear to build."""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import Any, TypeVar

_Record = TypeVar("_Record", bound=Any)


def unguarded(record: type[_Record]) -> type[_Record]:
    """Take the guard against assignment from a frozen, slotted dataclass; comparison, hash and `replace` stay what they were."""
    plain: Any = make_dataclass(record.__name__, [(field.name, field.type, field) for field in fields(record)])
    record.__init__ = plain.__init__
    del record.__setattr__, record.__delattr__
    return record
