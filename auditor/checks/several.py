"""Several: how the messages of checks on a site name some of many pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

NAMED = 100
"""Pages that a finding names."""


def evidence(names: Sequence[str], count: int | None = None, **more: Any) -> dict[str, Any]:
    """Pages for programs, with how many there are in all."""
    return {"pages": list(names[:NAMED]), "count": len(names) if count is None else count, **more}


def shown(names: Sequence[str], count: int | None = None) -> str:
    """The first two names, and how many more."""
    count = len(names) if count is None else count
    first = " and ".join(name[:160] for name in names[:2]) if count <= 2 else ", ".join(n[:160] for n in names[:2])
    return first if count <= 2 else f"{first} and {count - 2:,} more"


def pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"
