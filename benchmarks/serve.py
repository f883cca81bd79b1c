"""Serve a blog on loopback: `python -m benchmarks.serve PAGES LOG` prints its address; pages are made as they are asked for.

A process of its own, so that what it costs counts for nobody; with one line in LOG for each request.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path
from typing import TextIO

from benchmarks.blog import Blog

MISSING = b"no such page"


class Server:
    """HTTP/1.1 with keep-alive, GET alone, and nothing else that a benchmark does not ask for."""

    def __init__(self, pages: int, log: TextIO) -> None:
        self._pages = pages
        self._log = log
        self._blog: Blog

    async def serve(self) -> None:
        """Until the process is ended, or whoever started it has gone."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=256)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._blog = Blog(self._pages, address)
        print(address, flush=True)
        async with server:
            await asyncio.to_thread(sys.stdin.read)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1")
                self._log.write(f"{time.time():.3f} {path}\n")
                self._log.flush()
                writer.write(self._answer(path))
                await writer.drain()
        writer.close()

    def _answer(self, path: str) -> bytes:
        kind = "text/html; charset=utf-8"
        match path:
            case "/robots.txt":
                text, kind = self._blog.robots(), "text/plain"
            case "/sitemap.xml":
                text, kind = self._blog.sitemap(), "application/xml"
            case _:
                text = self._blog.page(path) or ""
        body = text.encode() or MISSING
        status = "200 OK" if text else "404 Not Found"
        return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def main(pages: str, log: str) -> None:
    with Path(log).open("w", encoding="utf-8") as file, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Server(int(pages), file).serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
