"""Server: who may ask the viewer, and with what headers it answers. GET and HEAD, nothing else."""

from __future__ import annotations

import hmac
import ipaddress
import sys
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from auditor.errors import ConfigError
from auditor.view.answers import PLAIN, Answer, Answers

AT_ONCE = 32
"""Requests in work; more are sent away."""
PATIENCE = 10.0
"""Seconds that a client may take for its part of a request."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_COOKIE = "auditor-view"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Viewer(ThreadingHTTPServer):
    """`with Viewer(answers, "127.0.0.1", 0, token="") as viewer: viewer.serve_forever()`; it listens once it is made.

    Raises:
        ConfigError: there is nothing to listen at, or a token is missing where other machines can ask.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: Answers, host: str, port: int, token: str) -> None:
        """With a token (not empty) nothing is answered to whoever does not know it."""
        if not token and not is_loopback(host):
            raise ConfigError(f"{host} can be reached from other machines; a token is needed")
        self.answers = answers
        self.token = token.encode()
        self.host = host
        self._slots = BoundedSemaphore(AT_ONCE)
        if ":" in host:
            import socket

            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            reason = error.strerror or error
            raise ConfigError(
                f"cannot listen at {host}, port {port} ({reason}); choose another --host or --port"
            ) from error

    def server_bind(self) -> None:
        """Without asking DNS for the machine's name, as the library would."""
        import socketserver

        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    @property
    def url(self) -> str:
        """Where it answers; without the token."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}/"

    def may_be_called(self, host: str | None) -> bool:
        """Whether a `Host` header is one of ours. A page elsewhere that has its name lead here (DNS rebinding) sends its own name."""
        name, _, port = (host or "").lower().rpartition(":")
        if not port.isdigit():
            name, port = (host or "").lower(), "80"
        bare = name.removeprefix("[").removesuffix("]")
        if port != str(self.server_port) or not bare:
            return False
        if bare == "localhost" or bare == self.host.lower():
            return True
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            return False
        return address.is_loopback or not is_loopback(self.host)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away in between is no error, and what answers asks for itself is told there."""


class _Handler(BaseHTTPRequestHandler):
    server: Viewer
    timeout = PATIENCE

    def do_GET(self) -> None:
        if refused := self._refusal():
            self._send(Answer(refused[1].encode(), refused[0], PLAIN))
            return
        if way := self._without_token():
            cookie = f"{_COOKIE}={self.server.token.decode()}; HttpOnly; SameSite=Strict; Path=/"
            self._send(Answer(b"", 303, PLAIN), {"Location": way, "Set-Cookie": cookie})
            return
        try:
            answer = self.server.answers.to(self.path)
        except Exception as error:
            sys.stderr.write(f"auditor: a defect of the viewer ({type(error).__name__}: {error})\n")
            answer = Answer(b"A defect of the viewer; its terminal says which.\n", 500, PLAIN)
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library says of malformed requests and unknown methods, with our headers."""
        status = 405 if code == HTTPStatus.NOT_IMPLEMENTED else int(code)
        self.close_connection = True
        more = {"Allow": "GET, HEAD"} if status == 405 else {}
        self._send(Answer(f"{HTTPStatus(status).phrase}\n".encode(), status, PLAIN), more)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses hold a token, and a terminal is not for what clients send."""

    def version_string(self) -> str:
        return "auditor"

    def _refusal(self) -> tuple[int, str] | None:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or not self.server.may_be_called(hosts[0]):
            return 403, "This is not the address of the viewer.\n"
        if self.server.token and not self._knows():
            return 403, "A token is needed; the viewer printed an address with it when it was started.\n"
        return None

    def _without_token(self) -> str:
        """Where to go on where the address has the token: there it would be seen, and kept in a history. Else empty."""
        try:
            target = urlsplit(self.path)
            given = parse_qsl(target.query, max_num_fields=20)
        except ValueError:
            return ""
        if not self.server.token or all(name != "token" for name, _ in given):
            return ""
        rest = urlencode([(name, value) for name, value in given if name != "token"])
        return "/" + quote(target.path.lstrip("/\\"), safe="/%") + (f"?{rest}" if rest else "")

    def _knows(self) -> bool:
        """Whether the token came along: in the cookie, in the address, or as a bearer's."""
        given = [self.headers.get("Authorization", "").removeprefix("Bearer ")]
        try:
            given += [
                value for name, value in parse_qsl(urlsplit(self.path).query, max_num_fields=20) if name == "token"
            ]
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(_COOKIE)
            given += [cookie.value] if cookie else []
        except (ValueError, CookieError):
            pass
        return any(hmac.compare_digest(one.encode("utf-8", "replace"), self.server.token) for one in given)

    def _send(self, answer: Answer, more: dict[str, str] | None = None) -> None:
        self.send_response(answer.status)
        for name, value in {
            **HEADERS,
            "Content-Type": answer.type,
            "Content-Length": str(len(answer.body)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
