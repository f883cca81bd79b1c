"""Known: the domains that a site may link to, as a file lists them that people read and review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property

from auditor import urls
from auditor.errors import ConfigError

HEAD = (
    "# Domains that this site may link to, each with the day on which it was first seen.",
    "# Written by `auditor links --accept`; take a line out, and links to that domain are new again.",
)
_LINE = re.compile(r"(?P<name>[^\s#]+)(?:\s+(?P<date>\d{4}-\d\d-\d\d))?\s*(?P<comment>#.*)?")


@dataclass(frozen=True, slots=True)
class Listed:
    """A domain in the file."""

    first_seen: date | None = None
    comment: str = ""
    """What stands behind it, from the `#` on."""
    above: tuple[str, ...] = ()
    """Lines of comment above it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The file of known domains: one a line, with a date and a comment where there is one; sorted, so that a change is one line."""

    entries: Mapping[str, Listed] = field(default_factory=dict)
    head: tuple[str, ...] = HEAD
    """Comment at the top, up to the first blank line."""
    foot: tuple[str, ...] = ()
    """Comment below the last domain."""

    @classmethod
    def parse(cls, text: str, name: str) -> Listing:
        """Read a file's text.

        Raises:
            ConfigError: a line is no domain; `name` is what the message calls the file.
        """
        lines = [line.strip() for line in text.splitlines()]
        head: tuple[str, ...] = ()
        until = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
        if until == len(lines) or not lines[until]:
            head, lines = tuple(lines[:until]), [""] * until + lines[until:]
        entries: dict[str, Listed] = {}
        above: list[str] = []
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            if line.startswith("#"):
                above.append(line)
                continue
            match = _LINE.fullmatch(line)
            domain = pattern(match["name"]) if match else ""
            if not match or not domain:
                raise ConfigError(
                    f"{name}, line {number}, is no domain; write one a line, like `example.com 2026-01-31  # why`"
                )
            before = entries.get(domain, Listed())
            entries[domain] = Listed(
                _date(match["date"], name, number) or before.first_seen,
                (match["comment"] or "").rstrip() or before.comment,
                (*before.above, *above),
            )
            above = []
        return cls(entries, head, tuple(above)) if entries else cls({}, (*head, *above))

    def text(self) -> str:
        """The file's text: the same for the same domains, whatever order they came in."""
        lines = [*self.head, ""] if self.head else []
        for name, entry in sorted(self.entries.items()):
            lines += entry.above
            day = entry.first_seen.isoformat() if entry.first_seen else ""
            lines.append("  ".join(part for part in (name, day, entry.comment) if part))
        return "".join(f"{line}\n" for line in (*lines, *self.foot))

    def accepting(self, found: Iterable[tuple[str, date]]) -> Listing:
        """The listing with these domains, first seen then; what stands in it already stays as it is, an earlier date aside."""
        entries = dict(self.entries)
        for name, day in found:
            entry = entries.get(name, Listed())
            if entry.first_seen is None or day < entry.first_seen:
                entries[name] = replace(entry, first_seen=day)
        return replace(self, entries=entries)

    def first_seen(self, domain: str) -> date | None:
        entry = self.entries.get(domain)
        return entry.first_seen if entry else None


@dataclass(frozen=True)
class Known:
    """What a site's links are held against."""

    domains: frozenset[str]
    """Registrable domains and patterns."""
    source: str
    """Where they are from, in words: a file, or an earlier run."""
    allowed: tuple[str, ...] = ()
    """More of them, from the settings."""

    def __contains__(self, domain: object) -> bool:
        if not isinstance(domain, str):
            return False
        return domain in self._names or any(fnmatchcase(domain, wild) for wild in self._wild)

    @cached_property
    def _names(self) -> frozenset[str]:
        return self.domains | frozenset(map(pattern, self.allowed))

    @cached_property
    def _wild(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._names if "*" in name))


def pattern(text: str) -> str:
    """A domain as it was written, by its registrable name; one with `*` as a pattern (`*.gov`). Empty for what is neither."""
    text = text.strip().lower()
    if "://" in text:
        text = urls.host(text)
    if "*" in text:
        return text if _PATTERN.fullmatch(text) else ""
    return urls.spelt(urls.registrable(text)) if text and not set(text) & set("/?#@") else ""


_PATTERN = re.compile(r"(?=.*[a-z0-9])[a-z0-9.*_-]{2,253}")


def patterns(given: Sequence[str]) -> tuple[str, ...]:
    """Domains and patterns as they are compared.

    Raises:
        ConfigError: one is neither.
    """
    return tuple(_checked(given))


def _checked(given: Sequence[str]) -> Iterator[str]:
    for text in given:
        found = pattern(text)
        if not found:
            raise ConfigError(f"{text[:80]!r} is no domain; give one like example.com or *.gov")
        yield found


def _date(text: str | None, name: str, number: int) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{name}, line {number}: there is no day {text}; write it like 2026-01-31") from None
