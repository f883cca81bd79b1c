"""Records: a WARC file (ISO 28500) taken apart as a stream, past what is damaged; memory holds one record at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

GZIP = b"\x1f\x8b\x08"
MAGIC = b"WARC/"
CHUNK = 65_536
MAX_HEADER = 131_072
"""Bytes of a record's own header."""

_NEXT = b"\nWARC/1."


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    headers: Mapping[str, str]
    """Names in lower case; of several with one name the last."""
    block: bytes
    """What it holds, up to the reader's limit."""
    length: int
    """Bytes that it holds by its own word."""
    whole: bool
    """False where the file ends, or is damaged, before the record does."""

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def uri(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<> ")


class NoWarcError(Exception):
    """The file does not begin as a WARC file does."""


class Records:
    """`for record in Records(file, limit)`: every record that can be read; `damaged` counts the places that cannot.

    A plain file or one of gzip members. After a damaged member the search goes on at the next one that holds a record, so that
    a bad sector costs a record and not the rest.
    Raises NoWarcError at once where the file is none, OSError where the disk fails.
    """

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self.damaged = 0
        self._limit = limit
        self._stream = _Stream(file)
        if not self._stream.peek(len(MAGIC)).startswith(MAGIC):
            raise NoWarcError

    def __iter__(self) -> Iterator[Record]:
        stream = self._stream
        while True:
            first = stream.line()
            while first in (b"\r\n", b"\n"):
                first = stream.line()
            if not first and not stream.damaged:
                return
            if header := self._header(first):
                headers, length = header
                block = stream.take(min(length, self._limit))
                whole = len(block) + stream.skip(length - len(block)) == length
                yield Record(headers, block, length, whole)
                if whole:
                    continue
            self.damaged += 1
            if not stream.resume():
                return

    def _header(self, first: bytes) -> tuple[dict[str, str], int] | None:
        """Header and length of the record that begins with this line; None where none does."""
        stream = self._stream
        if not first.startswith(MAGIC):
            return None
        headers: dict[str, str] = {}
        name, room = "", MAX_HEADER
        while (line := stream.line()) not in (b"\r\n", b"\n"):
            room -= len(line)
            if not line.endswith(b"\n") or room < 0:
                return None
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if text[0] in " \t" and name:  # a long value goes on in the next line
                headers[name] += " " + text.strip()
                continue
            name, _, value = text.partition(":")
            name = name.strip().lower()
            headers[name] = value.strip()
        length = headers.get("content-length", "")
        return (headers, int(length)) if length.isascii() and length.isdigit() and len(length) < 19 else None


class _Stream:
    """Bytes of a file, unpacked where it is packed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._raw = file.read(CHUNK)
        self._decoder = zlib.decompressobj(31) if self._raw.startswith(GZIP) else None
        self._ready = bytearray()
        self.damaged = False
        """What was unpacked ends because the rest cannot be."""

    def peek(self, size: int) -> bytes:
        while len(self._ready) < size and self._fill():
            pass
        return bytes(self._ready[:size])

    def line(self) -> bytes:
        """Up to and with the next line feed; cut at the bound of a header."""
        looked = 0
        while (at := self._ready.find(b"\n", looked)) < 0 and len(self._ready) < MAX_HEADER:
            looked = len(self._ready)
            if not self._fill():
                break
        return self._cut(at + 1 if at >= 0 else len(self._ready))

    def take(self, size: int) -> bytes:
        self.peek(size)
        return self._cut(size)

    def skip(self, size: int) -> int:
        """Pass over so many bytes; how many there were."""
        left = size
        while left:
            part = min(left, len(self._ready))
            del self._ready[:part]
            left -= part
            if left and not self._fill():
                break
        return size - left

    def resume(self) -> bool:
        """Go to where the next record begins; False where there is none."""
        while True:
            if (at := self._ready.find(_NEXT)) >= 0:
                del self._ready[: at + 1]
                return True
            del self._ready[: -len(_NEXT)]
            if not self._fill() and not (self.damaged and self._next_member()):
                return False

    def _cut(self, size: int) -> bytes:
        part = bytes(self._ready[:size])
        del self._ready[:size]
        return part

    def _fill(self) -> bool:
        """Have some more bytes ready; False at the end, or where the file is damaged."""
        if self._decoder is None:
            self._ready += self._raw or (chunk := self._file.read(CHUNK))
            more = bool(self._raw or chunk)
            self._raw = b""
            return more
        while not self.damaged:
            if not self._raw and not self._read():
                self.damaged = not self._decoder.eof  # the file ends within a member
                return False
            if self._decoder.eof:
                while len(self._raw) < len(GZIP) and self._read():
                    pass
                if not self._raw.startswith(GZIP):
                    self.damaged = bool(self._raw.strip(b"\0"))  # tapes and tar fill files up with zeros
                    self._raw = self._raw if self.damaged else b""
                    return False
                self._decoder = zlib.decompressobj(31)
            try:
                part = self._decoder.decompress(self._raw, 4 * CHUNK)
            except zlib.error:
                self.damaged = True
                return False
            self._raw = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
            if part:
                self._ready += part
                return True
        return False

    def _read(self) -> bool:
        chunk = self._file.read(CHUNK)
        self._raw += chunk
        return bool(chunk)

    def _next_member(self) -> bool:
        """Find a member that begins with a record; what looks like one within packed data does not unpack to that."""
        self._ready.clear()
        while True:
            at = self._raw.find(GZIP, 1)
            if at < 0:
                self._raw = self._raw[-len(GZIP) + 1 :] if len(self._raw) > len(GZIP) else self._raw
                if not self._read():
                    return False
                continue
            self._raw = self._raw[at:]
            if len(self._raw) < CHUNK:
                self._read()
            try:
                start = zlib.decompressobj(31).decompress(self._raw, len(_NEXT))
            except zlib.error:
                continue
            if start.startswith(MAGIC):
                self._decoder = zlib.decompressobj(31)
                self._ready += b"\n"
                self.damaged = False
                return True
