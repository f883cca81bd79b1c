"""Requirements: structured data held against what search engines require of its type (the table is requirements.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from auditor.page.structured import Node, kinds

MAX_NODES = 400
"""Items that are looked at, those within others included."""
MAX_DEPTH = 6
MAX_FAULTS = 40

_DATES = frozenset(
    (
        "datePublished",
        "dateModified",
        "dateCreated",
        "uploadDate",
        "startDate",
        "endDate",
        "lastReviewed",
        "validThrough",
    )
)
_IMAGES = frozenset(("image", "thumbnailUrl", "logo"))
_NAMES = ("name", "headline")
_REFERRING = frozenset(("@id", "@type", "@context", "url"))
_REFERENCE = frozenset(("@id", "@type"))
_UNTYPED = frozenset(("Thing",))
# ISO 8601 as far as it is met: a year, a month, a day, a time with or without seconds and zone; the short form without hyphens too.
_DATE = re.compile(
    r"(?!0000|0001)[0-9]{4}"
    r"(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:[T ].{0,40})?)?|(?:0[1-9]|1[0-2])[0-3][0-9](?:T.{0,30})?)?",
    re.ASCII,
)
_TIME = re.compile(
    r"[ T]+[0-2]?[0-9](?::?[0-5][0-9](?::?[0-6][0-9](?:[.,][0-9]{1,9})?)?)?\s*(?:Z|UTC|GMT|[+-][0-9]{1,2}:?[0-9]{0,2})?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(-?[0-9]{1,9}(?:[.,][0-9]{1,12})?)\s*(?:(%)|/\s*([0-9]{1,6}))?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is missing or of the wrong kind."""

    kind: str
    """The type of the item."""
    key: str
    """What is wrong, without the page's own values."""
    words: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is required of one type; see requirements.toml for the fields."""

    kind: str
    source: str
    required: tuple[str, ...]
    but_last: tuple[str, ...]
    alone: tuple[str, ...]
    within: frozenset[str]


@cache
def requirements() -> Mapping[str, Requirement]:
    """The table, by type; subtypes point at their type's entry."""
    import tomllib

    table = tomllib.loads((Path(__file__).parent / "requirements.toml").read_text(encoding="utf-8"))
    found = {}
    for kind, entry in table.items():
        requirement = Requirement(
            kind,
            entry["source"],
            required=tuple(entry.get("required", ())),
            but_last=tuple(entry.get("but_last", ())),
            alone=tuple(entry.get("alone", ())),
            within=frozenset(entry.get("within", ())),
        )
        for name in (kind, *entry.get("subtypes", ())):
            found[name] = requirement
    return found


def faults(nodes: Sequence[Node]) -> list[Fault]:
    """What the items of a page lack, and what is of the wrong kind in them; each fault once, in the order of the document.

    Items that share an `@id` are one item told in parts, and a reference (`{"@id": …}`) stands for one that is told elsewhere. What an
    item lacks is left out where another of its type lacks nothing: a page may hold a product and teasers of others.
    """
    table = requirements()
    found: dict[str, Fault] = {}
    lacking: dict[str, list[Fault]] = {}
    whole: set[str] = set()
    for node, named, within in _items(_joined(nodes)):
        for kind in sorted(named.intersection(table)) if not named.isdisjoint(table) else ():
            requirement = table[kind]
            if requirement.within and not within & requirement.within:
                continue
            if missing := list(_missing(node, kind, requirement, bool(within))):
                lacking.setdefault(kind, []).extend(missing)
            elif not within or not requirement.alone:
                whole.add(kind)
            for fault in _wrong(node, kind):
                found.setdefault(fault.key, fault)
            break
    missed = {fault.key: fault for kind, several in lacking.items() if kind not in whole for fault in several}
    return [*missed.values(), *found.values()][:MAX_FAULTS]


def _joined(nodes: Sequence[Node]) -> list[Node]:
    joined: list[Node] = []
    by_id: dict[str, Node] = {}
    for node in nodes[:MAX_NODES]:
        name = node.get("@id")
        if not isinstance(name, str) or not name:
            joined.append(node)
        elif name in by_id:
            by_id[name].update({key: value for key, value in node.items() if key not in by_id[name]})
        else:
            by_id[name] = dict(node)
            joined.append(by_id[name])
    return joined


def _items(nodes: Sequence[Node]) -> Iterator[tuple[Node, frozenset[str], frozenset[str]]]:
    """Every item with its types and those of the one that it stands in (empty for none), outer ones first; without references, and
    without what a paywall's markup calls a product (`isPartOf`)."""
    nothing: frozenset[str] = frozenset()
    waiting: list[tuple[Any, frozenset[str], int]] = [(node, nothing, 0) for node in reversed(nodes)]
    seen = 0
    while waiting and seen < MAX_NODES:
        value, within, depth = waiting.pop()
        if isinstance(value, list):
            waiting.extend((part, within, depth) for part in reversed(value[:100]) if isinstance(part, dict))
            continue
        seen += 1
        named = kinds(value)
        if named and not _REFERRING.issuperset(value) and not ("Product" in named and "CreativeWork" in named):
            yield value, named, within
        if depth < MAX_DEPTH:
            inside = named or _UNTYPED
            waiting.extend(
                (part, inside, depth + 1) for part in reversed(value.values()) if isinstance(part, dict | list)
            )


def _missing(node: Node, kind: str, requirement: Requirement, within: bool) -> Iterator[Fault]:
    for path in requirement.required + (() if within else requirement.alone):
        if _lacks(node, path, but_last=False):
            yield _absent(kind, path)
    for path in requirement.but_last:
        if _lacks(node, path, but_last=True):
            yield _absent(kind, path)


def _absent(kind: str, path: str) -> Fault:
    where, _, options = path.rpartition(": ")
    names = [option.rpartition(".")[2] for option in options.split("|")]
    inside = f" in its {where.rpartition('.')[2]}" if where else ""
    return Fault(kind, f"{kind} lacks {path}", f"{kind} lacks {' or '.join(dict.fromkeys(names))}{inside}")


def _lacks(node: Node, path: str, but_last: bool) -> bool:
    """Whether an item, or one of those within it that the path names, lacks a property. Where there are none within it nothing is
    lacking: that they are missing has a line of its own in the table."""
    where, _, options = path.rpartition(": ")
    items: list[Any] = [node]
    for step in where.split(".") if where else ():
        items = [part for item in items for part in _listed(item.get(step)) if isinstance(part, dict)][:100]
    ways = [option.split(".") for option in options.split("|")]
    return any(
        not any(_there(item, way) for way in ways)
        for item in (items[:-1] if but_last else items)
        if item is node or not _REFERENCE.issuperset(item)
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _there(value: Any, way: Sequence[str]) -> bool:
    """Whether a property holds anything."""
    for step in way:
        value = next((part.get(step) for part in _listed(value) if isinstance(part, dict)), None)
    return any(part.strip() if isinstance(part, str) else part not in (None, {}, []) for part in _listed(value))


def _wrong(node: Node, kind: str) -> Iterator[Fault]:
    """Values that are of the wrong kind: no date, no whole address, no name, out of range."""
    for name in sorted(_DATES.intersection(node)):
        for value in _listed(node[name])[:3]:
            if isinstance(value, str) and not value.strip():
                yield Fault(kind, f"{kind} {name} empty", f"{kind}: {name} is empty")
            elif isinstance(value, str) and not is_date(value):
                yield _false(kind, name, "is no date (ISO 8601)", value)
    for name in sorted(_IMAGES.intersection(node)):
        for value in _listed(node[name])[:10]:
            address = value.get("url", value.get("contentUrl")) if isinstance(value, dict) else value
            if isinstance(address, str) and not _is_whole(address):
                yield _false(kind, name, "is no whole address", address)
    for name in _NAMES:
        if isinstance(value := node.get(name), str) and not value.strip() and name not in _named(kind):
            yield Fault(kind, f"{kind} {name} empty", f"{kind}: {name} is empty")
    if kind == "AggregateRating":
        for name in ("ratingCount", "reviewCount"):
            if name in node and (count := _number(node[name])) is not None and count <= 0:
                yield _false(kind, name, "has to be more than nothing", str(node[name]))
    rating = node.get("reviewRating") if kind == "Review" else node if kind == "AggregateRating" else None
    if isinstance(rating, dict) and "ratingValue" in rating:
        yield from _rating(kind, rating)


def _named(kind: str) -> tuple[str, ...]:
    """Properties whose emptiness is told as their being missing."""
    requirement = requirements().get(kind)
    return (*requirement.required, *requirement.alone) if requirement else ()


def _false(kind: str, name: str, fault: str, value: str) -> Fault:
    return Fault(kind, f"{kind} {name} {fault}", f"{kind}: {name} {fault} (“{value.strip()[:60]}”)")


def _rating(kind: str, rating: Node) -> Iterator[Fault]:
    value, best, worst = (_number(rating.get(name)) for name in ("ratingValue", "bestRating", "worstRating"))
    written = str(rating["ratingValue"])
    found = _NUMBER.fullmatch(written)
    if value is None or found is None:
        if written.strip():
            yield _false(kind, "ratingValue", "is no number", written)
        return
    top = 100.0 if found[2] else float(found[3]) if found[3] else 5.0 if best is None else best
    bottom = 0.0 if found[2] or found[3] else 1.0 if worst is None else worst
    if not min(bottom, top) <= value <= top:
        yield _false(kind, "ratingValue", "is out of range", written)


def _number(value: Any) -> float | None:
    found = _NUMBER.fullmatch(str(value)[:40]) if isinstance(value, str | int | float) else None
    return float(found[1].replace(",", ".")) if found else None


def is_date(text: str) -> bool:
    """Whether a text is a date, or a date and a time, in the form that search engines read (ISO 8601)."""
    text = text.strip()[:60]
    if not _DATE.fullmatch(text):
        return False
    time = text[10:] if text[4:5] == "-" else text[8:]
    return not time or _TIME.fullmatch(time) is not None


def _is_whole(address: str) -> bool:
    """A placeholder's place (`#logo`) in the same data is an address too."""
    address = address.strip()
    return not address or address[:2] == "//" or re.match(r"(?:https?:|data:|#)", address, re.IGNORECASE) is not None
