"""Inflate: content encodings taken apart with a bound on what each step may produce, so that a bomb never unfolds."""

from __future__ import annotations

import sys
import zlib
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUPPORTED = "gzip, deflate, br, zstd"
MAX_LAYERS = 2
"""Encodings put over one another; a page that a gateway packs a second time has two."""

GZIP_OR_ZLIB = 47
RAW = -15
MAX_MEMBERS = 10_000

_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""RFC 9659: a content encoding needs no window over 8 MB, and what asks for more may be refused."""


class TooLargeError(Exception):
    """More bytes than allowed came out; `part` are the last that still fit."""

    def __init__(self, part: bytes = b"") -> None:
        super().__init__("too large")
        self.part = part


class DamagedError(Exception):
    """The bytes are not what their header says, or it names what was not asked for."""


def packed_bound(limit: int) -> int:
    """Bytes that something of `limit` bytes may have when it is packed; packing what is random makes it larger."""
    return limit + limit // 8 + 1024


class Inflater:
    """Decompresses a body as its `Content-Encoding` says: gzip (several members too), deflate, br, zstd, or none.

    `feed` raises `TooLargeError` once more than `limit` bytes would come out in all, `DamagedError` on broken input;
    an encoding that was not asked for is a `DamagedError` at once. `finish` raises `DamagedError` where the stream has
    ended early; who wants what came all the same does not call it.
    """

    def __init__(self, limit: int, encoding: str = "gzip") -> None:
        names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
        if len(names) > MAX_LAYERS:
            raise DamagedError(f"packed {len(names)} times over, which was not asked for")
        # The header names them in the order in which they were applied (RFC 9110, 8.4).
        self._layers = [_Layer(_codec(name), packed_bound(limit)) for name in reversed(names[1:])]
        self._layers.append(_Layer(_codec(names[0]) if names else _Plain(), limit))

    def feed(self, chunk: bytes) -> bytes:
        for layer in self._layers:
            chunk = layer.feed(chunk)
        return chunk

    def finish(self) -> None:
        """Say that nothing more comes."""
        if not all(layer.whole for layer in self._layers):
            raise DamagedError("it ends early")


class _Codec(Protocol):
    @property
    def whole(self) -> bool:
        """Whether what came so far could be all."""

    def unpack(self, chunk: bytes, most: int) -> bytes:
        """What comes of the chunk; at least `most` bytes where there are as many, and hardly more."""


def _codec(name: str) -> _Codec:
    match name:
        case "gzip" | "x-gzip" | "deflate":
            return _Gzip()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case _:
            raise DamagedError(f"encoded as {name[:40]}, which was not asked for")


class _Layer:
    """One encoding of a body, and the room that is left for what comes out of it."""

    def __init__(self, codec: _Codec, limit: int) -> None:
        self._codec = codec
        self._room = limit

    def feed(self, chunk: bytes) -> bytes:
        part = self._codec.unpack(chunk, self._room + 1)
        if len(part) > self._room:
            raise TooLargeError(part[: self._room])
        self._room -= len(part)
        return part

    @property
    def whole(self) -> bool:
        return self._codec.whole


class _Plain:
    whole = True

    def unpack(self, chunk: bytes, most: int) -> bytes:
        return chunk


class _Gzip:
    """gzip, zlib and raw deflate, told apart by their first bytes."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(GZIP_OR_ZLIB)
        self._members = 1
        self._fed = False
        self._started = False
        self._kept = b""

    def unpack(self, chunk: bytes, most: int) -> bytes:
        parts: list[bytes] = []
        self._fed |= bool(chunk)
        chunk = self._kept + chunk
        self._kept = b""
        while chunk and most > 0:
            if self._decoder.eof and chunk == b"\x1f":
                self._kept = chunk  # half of a member's two-byte mark; the other half comes with the next chunk
                break
            if self._decoder.eof and not self._next_member(chunk):
                break
            part = self._inflate(chunk, most)
            most -= len(part)
            parts.append(part)
            self._started = True
            chunk = self._decoder.unused_data
        return b"".join(parts)

    @property
    def whole(self) -> bool:
        return self._decoder.eof or not self._fed

    def _inflate(self, chunk: bytes, most: int) -> bytes:
        try:
            return self._decoder.decompress(chunk, most)
        except zlib.error as error:
            if self._started or _has_header(chunk):
                raise DamagedError(str(error)) from None
        # Some servers send raw deflate under the name `deflate`, which RFC 9110 (8.4.1.2) warns of.
        self._decoder = zlib.decompressobj(RAW)
        try:
            return self._decoder.decompress(chunk, most)
        except zlib.error as error:
            raise DamagedError(str(error)) from None

    def _next_member(self, chunk: bytes) -> bool:
        """Begin another gzip member; padding and trailing rubbish after the last one are ignored."""
        self._members += 1
        if not chunk.startswith(b"\x1f\x8b") or self._members > MAX_MEMBERS:
            return False
        self._decoder = zlib.decompressobj(GZIP_OR_ZLIB)
        return True


def _has_header(chunk: bytes) -> bool:
    """Whether bytes begin as gzip (RFC 1952) or zlib (RFC 1950) do, which raw deflate hardly ever does."""
    head = int.from_bytes(chunk[:2], "big")
    return chunk.startswith(b"\x1f\x8b") or (len(chunk) > 1 and chunk[0] & 0x0F == 8 and head % 31 == 0)


class _Brotli:
    """br (RFC 7932). The library hands out blocks of 32 KB, so a step may pass `most` by one of them."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()
        self._fed = False

    @property
    def whole(self) -> bool:
        return self._decoder.is_finished() or not self._fed

    def unpack(self, chunk: bytes, most: int) -> bytes:
        parts: list[bytes] = []
        self._fed |= bool(chunk)
        try:
            while most > 0 and not self._decoder.is_finished():
                part = self._decoder.process(chunk, output_buffer_limit=most)
                chunk = b""
                most -= len(part)
                parts.append(part)
                if not part or self._decoder.can_accept_more_data():
                    break
        except brotli.error as error:
            raise DamagedError(str(error)) from None
        return b"".join(parts)


class _Zstd:
    """zstd (RFC 8878), frame after frame; rubbish after the last one is ignored."""

    def __init__(self) -> None:
        self._decoder = zstd.ZstdDecompressor(options=_WINDOW)
        self._frames = 0
        self._over = False
        self.whole = True

    def unpack(self, chunk: bytes, most: int) -> bytes:
        parts: list[bytes] = []
        self.whole = self.whole and not chunk
        while most > 0 and not self._over:
            try:
                part = self._decoder.decompress(chunk, most)
            except zstd.ZstdError as error:
                if not self._frames:
                    raise DamagedError(str(error)) from None
                self._over = self.whole = True
                break
            most -= len(part)
            parts.append(part)
            chunk = b""
            if self._decoder.eof:
                self._frames += 1
                self.whole = True
                self._over = self._frames == MAX_MEMBERS
                chunk = self._decoder.unused_data
                self._decoder = zstd.ZstdDecompressor(options=_WINDOW)
                if not chunk:
                    break
            elif self._decoder.needs_input:
                break
        return b"".join(parts)
