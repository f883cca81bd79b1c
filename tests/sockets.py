"""Servers of sockets rather than of pages: one that counts what is open at once, and proxies that pass bytes on."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from typing import Self

GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR


class _Listener:
    """Accepts in a thread; `serve` runs in a thread of its own for each connection."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._serving: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._serving:
            thread.join(10)
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            self.accepted()
            thread = threading.Thread(target=self._guarded, args=(connection,), daemon=True)
            self._serving.append(thread)
            thread.start()

    def accepted(self) -> None:
        pass

    def _guarded(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.serve(connection)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


def read_head(connection: socket.socket) -> str:
    """A request's head; empty where the other side has hung up."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return ""
        head += byte
    return head.decode("latin-1")


class Counting(_Listener):
    """HTTP/1.1 with keep-alive; `most` is how many sockets clients ever had open at once, idle ones included."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self.total = 0

    def accepted(self) -> None:
        """Look at each socket whether its client has closed it; that is known before a later one can be accepted."""
        poll = select.poll()
        for one in self._open:
            poll.register(one, select.POLLRDHUP)
        gone = sum(bool(event & GONE) for _, event in poll.poll(0))
        self.total = len(self._open)
        self.most = max(self.most, self.total - gone)

    def serve(self, connection: socket.socket) -> None:
        while head := read_head(connection):
            path = head.split(" ")[1]
            match path.split("?")[0]:
                case "/large":
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 99999999\r\n\r\n"
                    )
                    while True:
                        connection.sendall(b"x" * 65_536)
                case "/silent":
                    connection.recv(1)  # until the client gives up
                    return
                case "/drop":
                    return
                case "/missing":
                    chunked = b"Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n" + chunked)
                case _:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")


class Handshake(_Listener):
    """A TLS server that sends alerts where it does not agree, as asyncio's does not; nothing is behind it."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._context = context

    def serve(self, connection: socket.socket) -> None:
        copy = socket.fromfd(connection.fileno(), connection.family, connection.type)
        with contextlib.closing(copy), self._context.wrap_socket(copy, server_side=True) as secured:
            secured.recv(1)


class Tunnel(_Listener):
    """An HTTP proxy for CONNECT, or with `socks` a SOCKS5 one; all it is asked for it connects to `target`."""

    def __init__(self, target: int, socks: bool = False, refuse: bool = False) -> None:
        super().__init__()
        self.heads: list[str] = []
        self._target = target
        self._socks = socks
        self._refuse = refuse

    def serve(self, connection: socket.socket) -> None:
        if self._socks:
            self._greet(connection)
        else:
            self.heads.append(read_head(connection))
            if self._refuse:
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self._target)) as far:
            back = threading.Thread(target=_pump, args=(far, connection), daemon=True)
            back.start()
            _pump(connection, far)
            back.join(10)

    def _greet(self, connection: socket.socket) -> None:
        """RFC 1928 and 1929: user and password, then a host by name."""
        methods = connection.recv(connection.recv(2)[1])
        assert 2 in methods
        connection.sendall(b"\x05\x02")
        user = connection.recv(connection.recv(2)[1]).decode()
        password = connection.recv(connection.recv(1)[0]).decode()
        connection.sendall(b"\x01\x00")
        connection.recv(4)
        name = connection.recv(connection.recv(1)[0]).decode()
        connection.recv(2)
        self.heads.append(f"{user}:{password}@{name}")
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
