"""Exchange: the HTTP message in an archive's record, and the answer that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from auditor.answer import PRIVATE_HEADERS, Answer
from auditor.inflate import DamagedError, Inflater, TooLargeError, packed_bound

MAX_HEADER = 262_144
KEPT_AS = "x-archive-orig-"
"""How archives name the headers that no longer describe the body as they hold it."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?!\d)[^\n]*\n")
_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Message:
    """An answer as it went over the wire."""

    status: int
    headers: dict[str, str]
    """Names in lower case; those that no document needs are left out."""
    body: bytes
    """As it was sent."""


def block_bound(limit: int) -> int:
    """Bytes of a record that are looked at where a document may have `limit`."""
    return packed_bound(limit) + MAX_HEADER


def message(block: bytes) -> Message | None:
    """The HTTP answer that a record holds; None where it holds none."""
    first = _STATUS.match(block)
    if first is None:
        return None
    end = _END.search(block, first.end() - 2, MAX_HEADER)
    head = block[first.end() : end.start()] if end else b""
    headers: dict[str, str] = {}
    name = ""
    for line in head.splitlines():
        text = _text(line)
        if text[:1] in (" ", "\t") and name in headers:
            headers[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if not colon or not name or name in PRIVATE_HEADERS:
            name = ""
            continue
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    return Message(int(first[1]), headers, block[end.end() :] if end else b"")


def answer(message: Message, url: str, fetched_at: datetime, limit: int) -> Answer:
    """The answer with its body unpacked.

    Raises:
        TooLargeError: more than `limit` bytes come of it.
        DamagedError: it is not packed as its headers say.
    """
    body = message.body
    if message.headers.get("transfer-encoding", "").lower().strip() == "chunked":
        body = _joined(body)
    encoding = message.headers.get("content-encoding", "")
    try:
        unpacked = Inflater(limit, encoding).feed(body)
    except DamagedError:
        if not body.lstrip().startswith(b"<"):  # many archives keep the header, and the body unpacked
            raise
        unpacked = body
    if len(unpacked) > limit:
        raise TooLargeError
    return Answer(url, message.status, message.headers, unpacked, fetched_at)


def original(headers: dict[str, str]) -> dict[str, str]:
    """Headers as the server sent them, where an archive keeps them under other names; the archive's own ones left out."""
    kept = {name: value for name, value in headers.items() if name not in DESCRIBING and not name.startswith(KEPT_AS)}
    kept.update((name.removeprefix(KEPT_AS), headers[name]) for name in headers if name.startswith(KEPT_AS))
    return kept


DESCRIBING = frozenset(("content-encoding", "transfer-encoding", "content-length"))
"""Headers on how the body went over the wire."""


def _joined(body: bytes) -> bytes:
    """A body without its chunks' sizes; as it is where it has none."""
    parts: list[bytes] = []
    at = 0
    while size := _SIZE.match(body, at):
        length = int(size[1], 16)
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
        if not length:
            break
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return b"".join(parts) if parts else body


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
