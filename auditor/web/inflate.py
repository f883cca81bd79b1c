"""Inflate: gzip and deflate taken apart with a bound on what each step may produce, so that a bomb never unfolds."""

from __future__ import annotations

import zlib

GZIP_OR_ZLIB = 47
RAW = -15
MAX_MEMBERS = 10_000


class TooLargeError(Exception):
    """More bytes than allowed came out."""


class DamagedError(Exception):
    """The bytes are not what their header says."""


class Inflater:
    """Decompresses a stream of gzip (several members too), zlib or raw deflate.

    `feed` raises `TooLargeError` once more than `limit` bytes would come out in all, `DamagedError` on broken input.
    A stream that just ends early is no error: what came is what browsers show.
    """

    def __init__(self, limit: int) -> None:
        self._room = limit
        self._decoder = zlib.decompressobj(GZIP_OR_ZLIB)
        self._members = 1
        self._started = False
        self._kept = b""

    def feed(self, chunk: bytes) -> bytes:
        parts: list[bytes] = []
        chunk = self._kept + chunk
        self._kept = b""
        while chunk:
            if self._decoder.eof and chunk == b"\x1f":
                self._kept = chunk  # half of a member's two-byte mark; the other half comes with the next chunk
                break
            if self._decoder.eof and not self._next_member(chunk):
                break
            part = self._inflate(chunk)
            if len(part) > self._room:
                raise TooLargeError
            self._room -= len(part)
            parts.append(part)
            self._started = True
            chunk = self._decoder.unused_data
        return b"".join(parts)

    def _inflate(self, chunk: bytes) -> bytes:
        try:
            return self._decoder.decompress(chunk, self._room + 1)
        except zlib.error as error:
            if self._started:
                raise DamagedError(str(error)) from None
        # Some servers send raw deflate under the name `deflate`, which RFC 9110 (8.4.1.2) warns of.
        self._decoder = zlib.decompressobj(RAW)
        try:
            return self._decoder.decompress(chunk, self._room + 1)
        except zlib.error as error:
            raise DamagedError(str(error)) from None

    def _next_member(self, chunk: bytes) -> bool:
        """Begin another gzip member; padding and trailing rubbish after the last one are ignored."""
        self._members += 1
        if not chunk.startswith(b"\x1f\x8b") or self._members > MAX_MEMBERS:
            return False
        self._decoder = zlib.decompressobj(GZIP_OR_ZLIB)
        return True
