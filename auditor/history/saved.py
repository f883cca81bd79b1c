"""Saved: a report in JSON as `Report` again, its pages read from the file one at a time whenever they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from auditor.errors import SourceError
from auditor.model.verdict import Verdict
from auditor.page.snapshot import Failure
from auditor.report import (
    Confidence,
    Finding,
    Label,
    LinkLabel,
    LinkResult,
    Location,
    Omission,
    PageResult,
    Report,
    Severity,
    Silence,
    SiteResult,
    Skipped,
    Suppressed,
    TopicShare,
)

SCHEMA = 1
WHOLE = 300_000_000
"""Bytes up to which a file that another program has laid out anew is read, since that takes all of it in memory."""
REST = 500_000_000
"""Bytes of what a report says beside its pages, and the longest line, that are read."""
_BLOCK = 1 << 20
_PAGES = b'  "pages": ['
_FIRST = b'{\n  "schema": '
_END = b"\n    }"
_LAST = b"\n  ]"
_ENDS = (b'\n  ],\n  "outbound": ', b'\n  ],\n  "skipped": ')
"""What follows the last page; files of earlier versions have no outbound domains."""


class _Odds(msgspec.Struct):
    """A verdict; what it is made of stays in the file."""

    probability: float | None
    log_odds: float | None
    bias: float | None


class _Judged(msgspec.Struct):
    label: Label
    spam: _Odds | None
    quality: _Odds | None


class _Link(msgspec.Struct):
    href: str | None
    anchor: str
    rel: tuple[str, ...]
    block: str
    line: int | None
    column: int | None
    label: LinkLabel


class _Page(msgspec.Struct):
    url: str | None
    path: str | None
    status: int | None
    language: str
    title: str
    topic: str
    verdict: _Judged
    links: tuple[_Link, ...]
    findings: tuple[Finding, ...]


class _Site(msgspec.Struct):
    site: str
    pages: int
    theme: tuple[TopicShare, ...]
    findings: tuple[Finding, ...]


class _Tool(msgspec.Struct):
    name: str
    version: str


class _Summary(msgspec.Struct):
    pages: int


class _Asked(msgspec.Struct):
    by: Silence
    where: str
    reason: str = ""


class _Silent(msgspec.Struct):
    check: str
    severity: Severity
    confidence: Confidence
    message: str
    fix: str
    fingerprint: str
    location: Location
    suppressed: _Asked


class _Head(msgspec.Struct):
    schema: int
    tool: _Tool
    models: dict[str, str]
    started_at: datetime
    source: tuple[str, ...]
    summary: _Summary
    sites: tuple[_Site, ...]
    checks: tuple[str, ...] = ()


class _Rest(msgspec.Struct):
    skipped: tuple[Skipped, ...]
    suppressed: tuple[_Silent, ...]
    failures: tuple[Failure, ...]
    omitted: tuple[Omission, ...] = ()
    notices: tuple[Finding, ...] = ()


class _Pages(msgspec.Struct):
    pages: tuple[_Page, ...]


_T = TypeVar("_T")
_PAGE = msgspec.json.Decoder(_Page)


def saved(file: Path) -> Report:
    """The report that `--format json` wrote. Of verdicts only the figures, of related posts and health cards nothing.

    A file as it was written is read page by page, whatever its size; one that another program has laid out anew as a whole.

    Raises:
        SourceError: it cannot be read, is no report of this schema, or is broken off.
    """
    try:
        with file.open("rb") as stream:
            head = _before_pages(stream)
            if head is None:
                return _whole(file, stream)
            size = file.stat().st_size
            rest = _after_pages(stream, size)
    except OSError as error:
        raise SourceError(f"cannot read {file} ({error.strerror or error}); name a report in JSON or a run") from error
    first = _checked(file, head)
    if rest is None:
        raise SourceError(f"{file} is broken off; write the report again with --format json")
    return _report(first, _decoded(file, rest, _Rest), SavedPages(file, first.summary.pages))


class SavedPages(Collection[PageResult]):
    """The pages of a report in a file, read when they are asked for."""

    def __init__(self, file: Path, pages: int) -> None:
        self._file = file
        self._pages = pages

    def __len__(self) -> int:
        return self._pages

    def __iter__(self) -> Iterator[PageResult]:
        if not self._pages:
            return
        try:
            with self._file.open("rb") as stream:
                _before_pages(stream)
                for text in _entries(stream):
                    yield _page(_PAGE.decode(text))
        except OSError as error:
            raise SourceError(f"cannot read {self._file} ({error.strerror or error}); try again") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _foreign(self._file, error) from error

    def __contains__(self, page: object) -> bool:
        return any(page == one for one in self)


def _before_pages(stream: BinaryIO) -> bytes | None:
    """All before the pages, as an object of its own; None where the file is laid out in another way."""
    if stream.read(len(_FIRST)) != _FIRST:
        return None
    stream.seek(0)
    lines: list[bytes] = []
    size = 0
    for line in iter(partial(stream.readline, REST), b""):
        if line.startswith(_PAGES):
            return b"".join(lines).rstrip().rstrip(b",") + b"}"
        size += len(line)
        if size > REST:
            return None
        lines.append(line)
    return None


def _entries(stream: BinaryIO) -> Iterator[bytes]:
    """The pages of a file that stands behind the line on which they begin. No line within a page is indented as little as its end."""
    text, start = b"", 0
    while True:
        end = text.find(_END, start)
        if end < 0 or len(text) < end + len(_END) + len(_LAST):
            text, start = text[start:], 0
            more = stream.read(max(_BLOCK, len(text)))
            if not more or len(text) > REST:
                return
            text += more
            continue
        end += len(_END)
        yield text[start:end]
        if text.startswith(_LAST, end):
            return
        start = end + 1  # behind the comma


def _after_pages(stream: BinaryIO, size: int) -> bytes | None:
    """All behind the pages, as an object of its own, found from the end; None where the file is broken off."""
    text = b""
    at = size
    while at > 0 and len(text) < REST:
        at = max(0, at - max(_BLOCK, len(text)))
        stream.seek(at)
        text = stream.read(size - at)
        if not b"\n}\n".endswith(text[-3:]):
            return None
        for end in (*_ENDS, b'  "pages": [],\n'):
            start = text.rfind(end)
            if start >= 0:
                return b"{" + text[start:].lstrip(b"\n ],").removeprefix(b'"pages": [],')
    return None


def _whole(file: Path, stream: BinaryIO) -> Report:
    """A report that is laid out in another way than it was written."""
    size = file.stat().st_size
    if size > WHOLE:
        raise SourceError(
            f"{file} is not laid out as it was written, and too large ({size / 1e6:,.0f} MB) to be read as a whole; "
            "name the file that --format json wrote"
        )
    stream.seek(0)
    text = stream.read()
    first = _checked(file, text)
    pages = tuple(map(_page, _decoded(file, text, _Pages).pages))
    return _report(first, _decoded(file, text, _Rest), pages)


def _checked(file: Path, text: bytes) -> _Head:
    class _Schema(msgspec.Struct):
        schema: Any = None
        tool: Any = None

    found = _decoded(file, text, _Schema)
    if not isinstance(found.tool, dict) or found.tool.get("name") != "auditor":
        raise SourceError(f"{file} is no report of auditor; name a file that --format json wrote, or a run")
    if found.schema != SCHEMA:
        raise SourceError(
            f"{file} is a report of schema {str(found.schema)[:20]}, and this program reads schema {SCHEMA}; "
            "use the version that wrote it, or write it again"
        )
    return _decoded(file, text, _Head)


def _decoded(file: Path, text: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _foreign(file, error) from error


def _foreign(file: Path, error: Exception) -> SourceError:
    return SourceError(f"{file} is no report of auditor ({error}); name a file that --format json wrote, or a run")


def _report(head: _Head, rest: _Rest, pages: Collection[PageResult]) -> Report:
    sites = [SiteResult(one.site, one.pages, one.theme, one.findings) for one in head.sites]
    silent = tuple(map(_suppressed, rest.suppressed))
    if silent and sites:  # the file lists them for all sites and pages together
        first = sites[0]
        sites[0] = SiteResult(first.site, first.pages, first.theme, first.findings, silent)
    return Report(
        head.source, head.started_at, head.tool.version, head.models, tuple(sites), pages, rest.skipped, rest.failures,
        rest.omitted, rest.notices, head.checks,
    )  # fmt: skip


def _suppressed(one: _Silent) -> Suppressed:
    finding = Finding(one.check, one.severity, one.confidence, one.message, one.fix, one.fingerprint, one.location)
    return Suppressed(finding, one.suppressed.by, one.suppressed.where, one.suppressed.reason)


def _page(one: _Page) -> PageResult:
    return PageResult(
        one.url, one.path, one.status, one.language, one.title, one.topic, None, one.verdict.label,
        _verdict(one.verdict.spam),
        _verdict(one.verdict.quality),
        tuple(LinkResult(k.href, k.anchor, k.rel, k.block, k.line, k.column, None, k.label) for k in one.links),
        (),
        one.findings,
    )  # fmt: skip


def _verdict(odds: _Odds | None) -> Verdict | None:
    if odds is None or odds.probability is None or odds.log_odds is None or odds.bias is None:
        return None
    return Verdict(odds.probability, odds.log_odds, odds.bias, ())
