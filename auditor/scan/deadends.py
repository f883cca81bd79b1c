"""Dead ends: addresses of a run that lead nowhere, and the pages that lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from auditor import identity
from auditor.page.reached import Reached, State
from auditor.page.snapshot import Failure, FailureKind
from auditor.store.run import Moved

MAX_FAILED = 10_000
"""Failed addresses whose linking pages are looked for."""

MAX_MOVED = 10_000
"""Addresses that have moved whose linking pages are looked for."""

_PERMANENT = frozenset((301, 308))

STATES = {
    FailureKind.MISSING: State.BROKEN,
    FailureKind.REDIRECT: State.BROKEN,
    FailureKind.STATUS: State.UNREACHABLE,
    FailureKind.TIMEOUT: State.UNREACHABLE,
    FailureKind.UNREACHABLE: State.UNREACHABLE,
    FailureKind.TLS: State.UNREACHABLE,
}
"""What a reader who follows a link meets there. Of the others nothing can be said: robots.txt forbids, access is refused."""


def linked(failure: Failure, linking: Mapping[str, tuple[int, str]]) -> Failure:
    """A failure with the pages that lead to it."""
    count, page = linking.get(_key(failure.url), (0, ""))
    if not count:
        return failure
    others = f" and {count - 1:,} more" if count > 1 else ""
    return replace(failure, detail=f"{failure.detail}; linked from {page}{others}")


def ways(failures: Sequence[Failure], redirects: Mapping[str, Moved]) -> dict[str, str]:
    """Addresses that come to a failed one, directly or by redirects, and to which; both by `identity.key`."""
    failed = {_key(failure.url) for failure in failures[:MAX_FAILED]} - {""}
    moves = {_key(source): _key(move.target) for source, move in redirects.items()}
    ways = {address: address for address in failed}
    for source in moves:
        path: dict[str, None] = {}
        at = source
        while at not in ways and at in moves and at not in path:
            path[at] = None
            at = moves[at]
        if at in ways:
            ways.update(dict.fromkeys(path, ways[at]))
    return ways


def loops(redirects: Mapping[str, Moved]) -> list[Failure]:
    """Addresses that lead to each other and nowhere else, each circle once."""
    moves = {_key(source): move for source, move in redirects.items()}
    found: list[Failure] = []
    told: set[str] = set()
    for start in sorted(moves):
        path: dict[str, None] = {}
        at = start
        while at in moves and at not in path and at not in told:
            path[at] = None
            at = _key(moves[at].target)
        if at in path:
            move = moves[at]
            found.append(Failure(FailureKind.REDIRECT, f"redirects in a loop by way of {move.target}", move.source))
        told |= path.keys()
    return found


def _key(url: str | None) -> str:
    return identity.key(identity.clean(url)) if url else ""


@dataclass(frozen=True, slots=True)
class DeadEnds:
    """Failed addresses of a run; all addresses by `identity.key`."""

    ways: Mapping[str, str]
    """Addresses that come to a failed one, directly or by redirects, and to which."""
    met: Mapping[str, Reached]
    """What a reader meets at the failed ones, where that can be said."""
    moved: Mapping[str, Reached]
    """Addresses that only lead on, for good and to one that could be had."""

    def __bool__(self) -> bool:
        return bool(self.ways or self.moved)

    @classmethod
    def of(cls, failures: Sequence[Failure], redirects: Mapping[str, Moved]) -> DeadEnds:
        met = {
            _key(failure.url): Reached(failure.url or "", STATES[failure.kind], detail=failure.detail)
            for failure in failures[:MAX_FAILED]
            if failure.kind in STATES
        }
        found = ways(failures, redirects)
        return cls(found, met, _moved(redirects, found))


def _moved(redirects: Mapping[str, Moved], dead: Mapping[str, str]) -> dict[str, Reached]:
    """Where permanent redirects lead in the end, for addresses that come to none that failed and to no circle."""
    moves = {_key(source): move for source, move in redirects.items()}
    found: dict[str, Reached] = {}
    for key, first in moves.items():
        if key in dead or first.status not in _PERMANENT or len(found) >= MAX_MOVED:
            continue
        path = {key}
        move, at = first, _key(first.target)
        while (following := moves.get(at)) is not None and following.status in _PERMANENT and at not in path:
            path.add(at)
            move, at = following, _key(following.target)
        if at not in path:
            found[key] = Reached(first.source, State.MOVED, first.status, move.target)
    return found
