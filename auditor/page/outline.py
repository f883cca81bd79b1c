"""Outline: an HTML document as flat lists of containers, text runs, links, images and lists, before any role is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.page.page import Hidden, Kind, Spot

_spot = tuple.__new__  # a third of what calling `Spot` costs


@dataclass(slots=True)
class Container:
    """A block-level element."""

    tag: str
    parent: int
    names: str
    """class and id, as written."""
    aria: str
    """ARIA role, as written."""
    reason: Hidden | None
    """Why it cannot be seen, its own or inherited."""
    kind: Kind
    level: int
    nth: int
    """How many start tags of its name stand before it."""

    @property
    def spot(self) -> Spot:
        return _spot(Spot, (self.tag, "", self.nth, None))


@dataclass(slots=True)
class Run:
    """A stretch of text that nothing block-level interrupts."""

    text: str
    container: int
    kind: Kind
    level: int
    linked: int = 0
    """Characters of it that are link text."""


@dataclass(slots=True)
class Anchor:
    """An `<a href>` and the pieces of runs that it covers."""

    href: str
    rel: str
    style: str
    container: int
    spot: Spot
    reason: Hidden | None
    """Why the link itself cannot be seen; its container's reason counts too."""
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    """(run, start, end)"""
    images: int = 0
    alt: str = ""
    label: str = ""
    """`aria-label` or `title`, for links without text."""
    at: int = 0
    """How many runs stand before it."""


@dataclass(slots=True)
class Picture:
    src: str
    alt: str | None
    container: int
    spot: Spot
    at: int
    anchor: int = -1
    """Index of the link that it stands in; -1 for none."""


@dataclass(slots=True)
class Sequence:
    """A `<ol>` or `<ul>`."""

    ordered: bool
    start: int
    length: int
    container: int
    spot: Spot
    at: int


@dataclass(slots=True)
class Outline:
    containers: list[Container] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    lists: list[Sequence] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    """Indices of the containers that are heading elements."""
    resources: list[str] = field(default_factory=list)
    truncated: str = ""
