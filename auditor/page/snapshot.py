"""Snapshot: one document as it was fetched or read; Failure: why it could not be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    """What the bytes of a snapshot are written in."""

    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


class FailureKind(StrEnum):
    """Why a document could not be had. The first word a reader sees, so each names the cause, not the layer."""

    MISSING = "missing"  # no such file, or 404/410
    EMPTY = "empty"
    LEFT_OUT = "left-out"  # of an export: drafts, menus and the like, which nobody else sees either
    BINARY = "binary"  # bytes that are no text: an image, a PDF, an archive
    UNREADABLE = "unreadable"  # permissions, a directory loop, a broken link
    TOO_LARGE = "too-large"
    BAD_URL = "bad-url"
    UNREACHABLE = "unreachable"  # no DNS answer, connection refused or reset
    TIMEOUT = "timeout"
    TLS = "tls"
    STATUS = "status"  # an HTTP status that is no page: 4xx, 5xx
    REFUSED = "refused"  # 401, 403, 429: the host would not let us look
    ROBOTS = "robots"  # robots.txt asks us not to
    REDIRECT = "redirect"  # a loop, too many, or out of scope
    CONTENT_TYPE = "content-type"  # fetched, but not HTML, Markdown or text


class Variant(StrEnum):
    """Another way in which the same address was answered."""

    RAW = "raw"
    """The HTML before its scripts ran, where `body` is what they made of it."""
    BOT = "bot"
    """As a search engine's crawler got it."""
    BROWSER = "browser"
    """As a reader's browser got it."""
    BOT_AGAIN = "bot-again"
    """Once more, where the two differed: what changes from one request to the next is no cloaking."""
    BROWSER_AGAIN = "browser-again"


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop of a redirect chain."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One document as it was fetched or read; nothing in it refers to a client or an open file."""

    body: bytes
    format: Format = Format.HTML
    url: str | None = None
    """The address asked for; None for a file whose address is not known."""
    final_url: str | None = None
    """Where the redirects led; equal to `url` without any."""
    path: str | None = None
    """The local file it was read from, as the user named it; None when it was fetched."""
    status: int | None = None
    """HTTP status of the final answer; None for files."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers, names in lower case."""
    redirects: tuple[Redirect, ...] = ()
    fetched_at: datetime | None = None
    variants: Mapping[Variant, bytes] = field(default_factory=dict)
    """Bodies of the same address fetched in other ways, where that was asked for."""
    first_line: int = 1
    """The line of the file at `path` that the body's first line is; that of a post within an export."""
    whole: bool = True
    """Whether the bytes are the file's own; those of a post in an export are made of it."""

    @property
    def name(self) -> str:
        """What to call this document in front of people: its path, else its final address."""
        return self.path or self.final_url or self.url or "-"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be had, and why."""

    kind: FailureKind
    detail: str
    """One line for people; ends with what to do where something can be done."""
    url: str | None = None
    path: str | None = None

    @property
    def name(self) -> str:
        return self.path or self.url or "-"
