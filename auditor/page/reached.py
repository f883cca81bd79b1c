"""Reached: what came of asking for the target of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What came of a link."""

    ALIVE = "alive"
    MOVED = "moved"  # answers at another address, to which the old one redirects for good
    BROKEN = "broken"  # 404, 410, or a domain that does not exist
    REFUSED = "refused"  # could not look: the host does not want to be asked by a program
    UNREACHABLE = "unreachable"  # no answer, or the server failed


@dataclass(frozen=True, slots=True)
class Reached:
    """One link and what came of it."""

    url: str
    """As the link has it."""
    state: State
    status: int | None = None
    """Of the last answer; None where there was none."""
    final_url: str = ""
    """Where it answers for good: what permanent redirects lead to before the first temporary one."""
    detail: str = ""
    """One line for people; empty for a link that is simply alive."""

    def plain(self) -> dict[str, Any]:
        """What came of it in JSON's own types, without the address."""
        return {"state": self.state, "status": self.status, "final_url": self.final_url, "detail": self.detail}

    @classmethod
    def restored(cls, url: str, kept: Mapping[str, Any]) -> Reached:
        """What `plain` was made of."""
        return cls(url, State(kept["state"]), kept["status"], kept["final_url"], kept["detail"])
