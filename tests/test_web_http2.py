"""HTTP/2 against a real server: agreed on, one connection for all, and bodies left unread do not choke it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypercorn.asyncio import serve
from hypercorn.config import Config

from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.web.fetch import Fetcher
from auditor.web.pace import Pace
from tests.servers import page
from tests.test_web_transport import crawled

PAGES = {"/": page(*(f"/page-{n}" for n in range(30))), **{f"/page-{n}": page() for n in range(30)}}
LARGE = 3_000_000


class Site:
    """What the server was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.versions: set[str] = set()
        self.clients: set[tuple[str, int]] = set()

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] != "http":
            return
        self.versions.add(scope["http_version"])
        self.clients.add(tuple(scope["client"]))
        if scope["path"].startswith("/large"):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"image/png")]})
            for _ in range(LARGE // 50_000):
                await send({"type": "http.response.body", "body": b"x" * 50_000, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            return
        body = PAGES.get(scope["path"])
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200 if body else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body or b""})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    listening = socket.create_server(("127.0.0.1", 0))
    config = Config()
    config.bind = [f"fd://{listening.fileno()}"]
    config.certfile = config.keyfile = str(tmp_path / "server.pem")
    config.errorlog = None
    config.graceful_timeout = config.shutdown_timeout = 0.1
    site = Site()
    site.url = f"https://127.0.0.1:{listening.getsockname()[1]}"
    over: list[Callable[[], Any]] = []
    ready = threading.Event()

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        over.append(lambda: loop.call_soon_threadsafe(stop.set))
        ready.set()
        await serve(site, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield site
    over[0]()
    thread.join(10)
    listening.detach()  # the server closed it


def limits(**changes: Any) -> CrawlLimits:
    return CrawlLimits(**({"rate": 0.0, "allow_private": True, "max_seconds": 30.0} | changes))


def test_a_crawl_speaks_http2_over_one_connection(site: Site) -> None:
    assert len(crawled(site.url, limits())) == len(PAGES)
    assert site.versions == {"2"}
    assert len(site.clients) == 1


def test_bodies_left_unread_neither_choke_nor_fail_what_goes_on_beside_them(site: Site) -> None:
    """These files together are more than the window of a connection lets through unread."""
    files = 12

    async def run() -> list[Any]:
        pace = Pace(4, 0)
        async with Fetcher(limits(read_timeout=10.0)) as fetcher:
            urls = [f"{site.url}/large{n}" if n % 2 else f"{site.url}/page-{n % 30}" for n in range(2 * files)]
            return await asyncio.gather(
                *(fetcher.get(url, pace, wants=lambda kind: kind == "text/html") for url in urls)
            )

    outcomes = asyncio.run(run())
    assert [one for one in outcomes if not isinstance(one, Answer) or one.status != 200] == []
    assert sum(bool(one.body) for one in outcomes) == files
    assert site.versions == {"2"}
    assert len(site.clients) == 1
