"""Meaning: what an answer says about the link that was followed to it."""

from __future__ import annotations

from http import HTTPStatus

from auditor.answer import Answer
from auditor.page.parse import parse
from auditor.page.reached import State
from auditor.page.snapshot import Format, Snapshot
from auditor.page.told import Told, told

REFUSALS = frozenset((401, 402, 403, 407, 429, 451, 503, 999))


def told_by(answer: Answer, asked: str) -> Told | None:
    """What a page tells of itself; None where it is such that this program breaks on it."""
    try:
        return told(
            parse(
                Snapshot(
                    answer.body,
                    Format.HTML,
                    url=asked,
                    final_url=answer.url,
                    status=answer.status,
                    headers=answer.headers,
                    fetched_at=answer.fetched_at,
                )
            )
        )
    except Exception:  # that it answers is known all the same
        return None


def state_of(status: int) -> tuple[State, str]:
    """What a reader meets at an answer of this status, and that in words; empty for a page."""
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        name = str(status)
    if status < 300:
        return State.ALIVE, ""
    if status in (404, 410):
        return State.BROKEN, name
    if status in REFUSALS or 400 <= status < 500:
        return State.REFUSED, f"could not look: {name}"
    if status < 400:
        return State.BROKEN, f"{name} without an address"
    return State.UNREACHABLE, f"the server fails: {name}"


def is_front(url: str) -> bool:
    """Whether an address has nothing behind its host."""
    return url.partition("://")[2].partition("/")[2] == ""
