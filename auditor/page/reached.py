"""Reached: what came of asking for the target of a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from auditor.page.told import Told

# A site's own address, or one of its usual names: /index.html, /home, /en/.
_FRONT = re.compile(
    r"https?://[^/?#]*(?:/(?:index|home|default|start|[a-z]{2}(?:[-_][a-z]{2})?)(?:\.[a-z]{3,5})?)?/?(?:\?(?:utm_|ref=)[^#]*)?",
    re.IGNORECASE,
)


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
    landed: str = ""
    """Where all redirects lead in the end; empty where there are none, or no answer."""
    read: bool = False
    """Whether what stands there was asked for, and not only whether anything does."""
    told: Told | None = None
    """What it tells of itself; None where nobody asked, or no page came."""

    @property
    def rerouted(self) -> bool:
        """Whether it was to lead to a page of a site and ends at a front page instead."""
        led = self.state in (State.ALIVE, State.MOVED) and bool(self.landed)
        return led and _front(self.landed) and not _front(self.url.partition("#")[0])

    def plain(self) -> dict[str, Any]:
        """What came of it in JSON's own types, without the address."""
        kept: dict[str, Any] = {
            "state": self.state,
            "status": self.status,
            "final_url": self.final_url,
            "detail": self.detail,
            "landed": self.landed,
        }
        return {**kept, "told": self.told.plain() if self.told else None} if self.read else kept

    @classmethod
    def restored(cls, url: str, kept: Mapping[str, Any]) -> Reached:
        """What `plain` was made of."""
        told = kept.get("told")
        return cls(
            url,
            State(kept["state"]),
            kept["status"],
            kept["final_url"],
            kept["detail"],
            kept.get("landed", ""),
            "told" in kept,
            Told.restored(told) if told else None,
        )


def _front(url: str) -> bool:
    """Whether an address is that of a site's front page, in whatever language."""
    return _FRONT.fullmatch(url) is not None
