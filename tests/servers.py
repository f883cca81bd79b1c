"""A web server on loopback that misbehaves on request and keeps a log of everything it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer; `delay` seconds before the head, `pause` between head and body."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    pause: float = 0.0
    drop: bool = False
    """Close the connection instead of answering."""
    cut: int | None = None
    """Send only so many bytes of the body, then close."""
    raw: Iterable[bytes] | None = None
    """Send these bytes instead of head and body, as they are; may be endless. Then close."""
    every: float = 0.0
    """Seconds between the parts of `raw`."""
    silent: bool = False
    """After `raw` send nothing more and do not close, either."""


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log."""

    path: str
    headers: Mapping[str, str]
    at: float
    together: int
    """Requests in work when this one came in, itself included."""
    method: str = "GET"


Route = Reply | bytes | Callable[[Request], Reply]


def page(*links: str, title: str = "Page", words: str = "Some words to read.") -> bytes:
    """A small HTML page with these links."""
    items = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<!doctype html><title>{title}</title><main><p>{words}</p>{items}</main>".encode()


def moved(to: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": to})


class Server:
    """`with Server(routes) as server:`; what has no route, also under `otherwise`, is a 404."""

    def __init__(
        self,
        routes: Mapping[str, Route],
        otherwise: Callable[[Request], Reply] | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.routes = dict(routes)
        self.log: list[Request] = []
        self.connections = 0
        self._otherwise = otherwise
        self._tls = tls
        self._host = host
        self._working = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._over: asyncio.Event
        self.port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.log]

    @property
    def most_at_once(self) -> int:
        return max(request.together for request in self.log)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._talk, self._host, 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(Exception):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first = await reader.readexactly(1)
        if first == b"\x16":  # a TLS handshake: real servers answer it in plain words, too
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return False
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path = head[0].split(" ")[:2]
        fields = (line.partition(":") for line in head[1:] if line)
        self._working += 1
        try:
            headers = {name.lower(): value.strip() for name, _, value in fields}
            request = Request(path, headers, time.monotonic(), self._working, method)
            self.log.append(request)
            return await self._send(self._reply(request), writer, method)
        finally:
            self._working -= 1

    def _reply(self, request: Request) -> Reply:
        route = self.routes.get(request.path)
        match route:
            case Reply():
                return route
            case bytes():
                return Reply(route)
            case None:
                return self._otherwise(request) if self._otherwise else Reply(b"no", 404)
            case _:
                return route(request)

    async def _send(self, reply: Reply, writer: asyncio.StreamWriter, method: str) -> bool:
        await asyncio.sleep(reply.delay)
        if reply.raw is not None:
            await self._pour(reply, writer)
            return False
        if reply.drop:
            return False
        fields = {"Content-Type": reply.type, "Content-Length": str(len(reply.body)), **reply.headers}
        head = f"HTTP/1.1 {reply.status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items() if v) + "\r\n"
        writer.write(head.encode("latin-1"))
        if method == "HEAD" or reply.status == 304:
            await writer.drain()
            return True
        if reply.pause:
            await writer.drain()
            await asyncio.sleep(reply.pause)
        writer.write(reply.body if reply.cut is None else reply.body[: reply.cut])
        await writer.drain()
        return reply.cut is None

    async def _pour(self, reply: Reply, writer: asyncio.StreamWriter) -> None:
        for part in reply.raw or ():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(reply.every)  # of 0, too: what is written to a client that left fails then
        while reply.silent and not writer.transport.is_closing():
            await asyncio.sleep(0.05)


def small_site(pages: int, links: int = 8) -> dict[str, Route]:
    """A site whose every page is reached from the first; each links to the following ones and home."""

    def make(n: int) -> bytes:
        return page("/", *(f"/post-{chr(97 + i % 26)}{i}" for i in range(n + 1, min(n + 1 + links, pages))))

    posts: Iterator[tuple[str, Route]] = ((f"/post-{chr(97 + n % 26)}{n}", make(n)) for n in range(1, pages))
    return {"/": make(0), **dict(posts)}
