"""Traps: places of a site that make addresses without end, and how many of each are looked at."""

from __future__ import annotations

import re
from collections import Counter

MAX_DATED = 60
"""Addresses that differ in a date alone: calendars, day archives."""

MAX_NUMBERED = 2_000
"""Addresses that differ in numbers or one parameter; posts by number are honest, so a larger page limit widens it."""

MAX_FACETED = 100
"""Values of the same two or more parameters on one path: faceted search, sorting."""

MAX_COMBINATIONS = 50
"""Different sets of parameters on one path."""

MAX_SEGMENTS = 20
MAX_REPEATS = 3
"""Times that a path segment may occur: `/a/b/a/b/a/b` is a relative link that goes wrong."""

MAX_SHAPES = 100_000
MAX_REPORTED = 200

_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-/_]?(?:0?[1-9]|1[0-2])(?:[-/_]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)")
_NUMBER = re.compile(r"\d+")
_IDENTIFIER = re.compile(r"(?<![0-9A-Za-z-])(?=[A-Za-z]{0,40}\d)[0-9A-Za-z]{12,}(?![0-9A-Za-z-])")
_ARCHIVE = re.compile(r"DATE[/\d]*$")
_CALENDAR_NAMES = frozenset(
    ("year", "month", "day", "date", "week", "from", "to", "start", "end", "cal", "tribe-bar-date")
)


class Traps:
    """Counts addresses by shape and says when enough of one shape has been seen."""

    def __init__(self, max_pages: int = 0) -> None:
        self._numbered = max(MAX_NUMBERED, max_pages)
        self._seen: Counter[int] = Counter()  # by hash: shapes can be as many as pages
        self._combinations: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        """How many addresses of each shape were left out; the first `MAX_REPORTED` shapes."""

    def refuses(self, key: str) -> bool:
        """Count an address (see `identity.key`) and say whether it is one too many."""
        path, _, query = key.partition("?")
        reason = self._endless_path(path) or self._too_many(path, query)
        if reason and (reason in self.refused or len(self.refused) < MAX_REPORTED):
            self.refused[reason] += 1
        return bool(reason)

    def _endless_path(self, path: str) -> str:
        segments = path.split("/")[1:]
        if len(segments) > MAX_SEGMENTS:
            return f"{'/'.join(path.split('/')[:3])}/… (more than {MAX_SEGMENTS} levels)"
        if len(segments) >= MAX_REPEATS:
            counts = Counter(segment for segment in segments if segment)
            for segment, count in counts.items():
                # Numbers repeat honestly: /2020/2020/, /1/1/1.
                if count >= MAX_REPEATS and not segment.isdigit():
                    return f"{path.partition('/')[0]}/…/{segment[:60]}/… (repeats)"
        return ""

    def _too_many(self, path: str, query: str) -> str:
        shape, limit = _shape(path, query)
        limit = self._numbered if limit == MAX_NUMBERED else limit
        if not limit:
            return ""
        code = hash(shape)
        if query and code not in self._seen:
            place = shape.partition("?")[0]
            self._combinations[place] += 1
            if self._combinations[place] > MAX_COMBINATIONS:
                return f"{place[:120]}?… (more than {MAX_COMBINATIONS} sets of parameters)"
        if code in self._seen or len(self._seen) < MAX_SHAPES:
            self._seen[code] += 1
        return f"{shape[:160]} (more than {limit:,})" if self._seen[code] > limit else ""


def _shape(path: str, query: str) -> tuple[str, int]:
    """An address with what counts up in it replaced, and how many of that shape are enough (0: any number)."""
    host, slash, rest = path.partition("/")
    dated = _DATE.sub("DATE", rest)
    # A slug behind the date makes a post; a date at the end, or with numbers alone behind it, an archive.
    is_archive = dated != rest and bool(_ARCHIVE.search(dated))
    counted = _NUMBER.sub("N", dated if is_archive else _IDENTIFIER.sub("ID", rest))
    shape = host + slash + counted
    if not query:
        return shape, MAX_DATED if is_archive else MAX_NUMBERED if counted != rest else 0
    pairs = [part.partition("=") for part in query.split("&")]
    names = sorted({name for name, _, _ in pairs})
    shape = f"{shape}?{'&'.join(names)}"
    if is_archive or any(name.lower() in _CALENDAR_NAMES or _DATE.fullmatch(value) for name, _, value in pairs):
        return shape, MAX_DATED
    return shape, MAX_NUMBERED if len(pairs) == 1 else MAX_FACETED
