"""The system's nginx on a free port of loopback, everything of it in a temporary folder; what it was asked is read from its log."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

BINARY = shutil.which("nginx", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")

START_SECONDS = 20.0

_FORMAT = (
    r'{"ended":$msec,"seconds":$request_time,"method":"$request_method","path":"$request_uri","status":$status,'
    r'"agent":"$http_user_agent","connection":$connection,"open":$connections_active,"protocol":"$server_protocol",'
    r'"host":"$http_host","etag":"$http_if_none_match","since":"$http_if_modified_since",'
    r'"encoding":"$http_accept_encoding","cookie":"$http_cookie","user":"$remote_user","sent":$body_bytes_sent}'
)
"""A line of the log, as JSON; the names are those of `Line`."""

_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    types {{ text/html html; text/plain txt; text/markdown md; application/xml xml; application/gzip gz; image/png png; }}
    default_type text/html;
    charset utf-8;
    log_format line escape=json '{format}';
    access_log {folder}/access.log line;
    server_tokens off;
    keepalive_requests 100000;
    {http}
    server {{
        listen 127.0.0.1:{port}{tls};
        root {root};
        {server}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the log. Times are in seconds of the wall clock, to the millisecond."""

    ended: float
    seconds: float
    """From the first byte of the request to the last of the answer."""
    method: str
    path: str
    status: int
    agent: str
    connection: int
    """The serial number of the connection."""
    open: int
    """Connections open when the answer was complete, idle ones included."""
    protocol: str
    host: str
    etag: str
    """`If-None-Match`, as it was sent."""
    since: str
    """`If-Modified-Since`."""
    encoding: str
    """`Accept-Encoding`."""
    cookie: str
    user: str
    """Of basic authentication."""
    sent: int
    """Bytes of body."""

    @property
    def began(self) -> float:
        return self.ended - self.seconds


class Nginx:
    """`with Nginx(folder) as server:` serves the files of a folder; `server` and `http` are further lines of its configuration.

    With `tls` it speaks HTTPS and HTTP/2 with a certificate of its own; `certificate` is the file that makes a client trust it.
    """

    def __init__(self, root: Path, *, server: str = "", http: str = "", tls: bool = False) -> None:
        if BINARY is None:
            raise RuntimeError("nginx is not installed; scripts/packages.sh nginx does it")
        self._folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self._tls = tls
        self._lines = {"root": root.resolve(), "server": server, "http": http}
        self._process: subprocess.Popen[bytes] | None = None
        self.certificate = self._folder / "certificate.pem"
        self.port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> list[Line]:
        """What was asked so far, in the order in which the answers were complete."""
        file = self._folder / "access.log"
        return [Line(**json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []

    @property
    def paths(self) -> list[str]:
        return [line.path for line in self.log]

    def forget(self) -> None:
        """Empty the log, for another look at the same server."""
        os.truncate(self._folder / "access.log", 0)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        tls = ""
        if self._tls:
            key = self._folder / "key.pem"
            self_signed(key, self.certificate)
            tls = f" ssl http2; ssl_certificate {self.certificate}; ssl_certificate_key {key}"
        for _ in range(5):  # another process may take the port between the look and the start
            self.port = free_port()
            config = _CONFIG.format(folder=self._folder, format=_FORMAT, port=self.port, tls=tls, **self._lines)
            (self._folder / "nginx.conf").write_text(config, "utf-8")
            command = [
                str(BINARY),
                "-p",
                str(self._folder),
                "-e",
                f"{self._folder}/start.log",
                "-c",
                f"{self._folder}/nginx.conf",
            ]
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self._answers():
                return
        said = (self._folder / "start.log").read_text("utf-8") + (self._folder / "error.log").read_text("utf-8")
        raise RuntimeError(f"nginx does not start: {said[-2000:]}")

    def _answers(self) -> bool:
        """Whether it listens; False where it ended instead."""
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
            time.sleep(0.02)
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def self_signed(key: Path, certificate: Path) -> None:
    """A certificate for 127.0.0.1 that nobody vouches for."""
    if OPENSSL is None:
        raise RuntimeError("openssl is not installed; it makes the certificates of test servers")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([OPENSSL, *made, *names], check=True, capture_output=True, timeout=60)


def write_site(root: Path, pages: dict[str, bytes]) -> Path:
    """A folder with these files, by their paths on the server; `/` and what ends with it become `index.html`."""
    for path, body in pages.items():
        file = root / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return root


def at_once(lines: Sequence[Line]) -> int:
    """The largest number of requests in work at the same time."""
    # One that ends in the millisecond in which another begins made room for it.
    edges = sorted(edge for line in lines for edge in ((line.began, 1), (line.ended, -1)))
    return max(min(len(lines), 1), *itertools.accumulate((step for _, step in edges), initial=0))


def tightest(lines: Iterable[Line], steps: int) -> float:
    """The shortest time, in seconds, from the beginning of a request to that of the one so many after it."""
    began = sorted(line.began for line in lines)
    return min((late - early for early, late in zip(began, began[steps:], strict=False)), default=float("inf"))
