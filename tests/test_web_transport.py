"""Requests against real servers on loopback: encodings, sockets, secrets, proxies, and what is said of each failure."""

from __future__ import annotations

import asyncio
import base64
import gzip
import socket
import ssl
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from auditor.answer import Answer
from auditor.config import Access, CrawlLimits
from auditor.errors import ConfigError
from auditor.inflate import SUPPORTED, DamagedError, Inflater, TooLargeError
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.store.store import Store
from auditor.web.crawl import Crawl
from auditor.web.fetch import Fetcher
from auditor.web.pace import EASED, Pace
from auditor.web.trusted import Trusted
from tests.servers import Reply, Request, Server, moved, page
from tests.sockets import Counting, Handshake, Tunnel

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def limits(**changes: Any) -> CrawlLimits:
    return CrawlLimits(**({"rate": 0.0, "allow_private": True, "max_seconds": 30.0} | changes))


def crawled(start: str, limits: CrawlLimits, access: Access | None = None) -> list[Snapshot]:
    """The pages of a crawl, which keeps them in a store of its own."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        run = store.begin([start], {}, "0")
        return [run.document(number) for number in Crawl(Path(folder), run.id, [start], limits, access=access)]


def get(*urls: str, access: Access | None = None, call: Mapping[str, Any] | None = None, **changes: Any) -> list[Any]:
    """The outcomes of asking for these addresses one after the other."""

    async def run() -> list[Answer | Failure]:
        pace = Pace(4, 0)
        async with Fetcher(limits(**changes), access, Trusted(urls[:1])) as fetcher:
            return [await fetcher.get(url, pace, **(call or {})) for url in urls]

    return asyncio.run(run())


# Encodings

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=5)),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", [*PACKERS, "gzip, br", "zstd,gzip", "identity", "GZIP"])
def test_what_is_asked_for_is_unpacked(encoding: str) -> None:
    body = packed = page(words="many words " * 5_000)
    for name in encoding.lower().split(","):
        packed = PACKERS.get(name.strip(), bytes)(packed)
    with Server({"/": Reply(packed, headers={"Content-Encoding": encoding})}) as server:
        (answer,) = get(server.url + "/")
    assert answer.body == body
    assert server.log[0].headers["accept-encoding"] == SUPPORTED


def test_three_encodings_over_one_another_are_refused() -> None:
    with pytest.raises(DamagedError, match="3 times"):
        Inflater(10, "gzip, br, zstd")


@pytest.mark.parametrize("encoding", ["br", "zstd", "br, zstd", "gzip, br"])
@given(data=st.binary(max_size=3_000), size=st.integers(1, 500))
def test_inflate_gives_back_what_was_packed(encoding: str, data: bytes, size: int) -> None:
    packed = data
    for name in encoding.split(", "):
        packed = PACKERS[name](packed)
    inflater = Inflater(3_000, encoding)
    assert b"".join(inflater.feed(packed[n : n + size]) for n in range(0, len(packed), size)) == data


@pytest.mark.parametrize("encoding", list(PACKERS))
def test_a_bomb_is_never_unfolded(encoding: str) -> None:
    import tracemalloc

    packed = PACKERS[encoding](b"\0" * 30_000_000)
    inflater = Inflater(1_000_000, encoding)
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError) as error:
            inflater.feed(packed)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert error.value.part == b"\0" * 1_000_000


@pytest.mark.parametrize("outer", list(PACKERS))
def test_a_bomb_in_a_bomb_is_never_unfolded(outer: str) -> None:
    with pytest.raises(TooLargeError):
        Inflater(1_000, f"gzip, {outer}").feed(PACKERS[outer](gzip.compress(b"\0" * 30_000_000)))


@pytest.mark.parametrize("encoding", ["br", "zstd"])
def test_damage_is_told_and_an_early_end_is_none(encoding: str) -> None:
    with pytest.raises(DamagedError):
        for _ in range(3):
            Inflater(1_000, encoding).feed(b"\xff no such thing")
    packed = PACKERS[encoding](bytes(range(256)) * 400)
    whole = Inflater(200_000, encoding)
    assert bytes(range(256)) * 400 == whole.feed(packed)
    assert (bytes(range(256)) * 400).startswith(Inflater(200_000, encoding).feed(packed[:-4]))
    assert Inflater(9, "zstd").feed(zstd.compress(b"a") + zstd.compress(b"b") + b"rubbish") == b"ab"


def test_a_zstd_window_over_eight_megabytes_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    packer = zstd.ZstdCompressor(options=options)
    packed = packer.compress(b"words ") + packer.flush()
    with pytest.raises(DamagedError):
        Inflater(1_000, "zstd").feed(packed)


def test_what_comes_off_the_wire_is_bounded_too() -> None:
    empty = gzip.compress(b"")
    with Server(
        {"/": Reply(empty * 2_000, headers={"Content-Encoding": "gzip", "Content-Length": ""}, cut=40_000)}
    ) as server:
        (failure,) = get(server.url + "/", max_bytes=2_000)
    assert failure.kind is FailureKind.TOO_LARGE


def test_a_cut_body_keeps_what_fits() -> None:
    with Server({"/": Reply(gzip.compress(b"ab" * 5_000), headers={"Content-Encoding": "gzip"})}) as server:
        (answer,) = get(server.url + "/", call={"cut": True, "max_bytes": 7})
    assert answer.body == b"abababa"


# Requests of other kinds


def test_an_unchanged_page_is_not_sent_again() -> None:
    def maybe(request: Request) -> Reply:
        return Reply(page(), 304 if request.headers.get("if-none-match") == '"v1"' else 200)

    with Server({"/": maybe}) as server:
        first, second = (*get(server.url + "/"), *get(server.url + "/", call={"headers": {"if-none-match": '"v1"'}}))
    assert (first.status, second.status, second.body) == (200, 304, b"")


def test_head_has_no_body_and_keeps_its_connection() -> None:
    with Server({"/": page()}) as server:
        answers = get(*[server.url + "/"] * 3, call={"method": "HEAD", "headers": {"user-agent": "Somebody/1.0"}})
    assert [(one.status, one.body) for one in answers] == [(200, b"")] * 3
    assert {(one.method, one.headers["user-agent"]) for one in server.log} == {("HEAD", "Somebody/1.0")}
    assert server.connections == 1


def test_small_bodies_that_nobody_wants_keep_their_connection() -> None:
    with Counting() as server:
        answers = get(*[server.url + "/missing"] * 4)
    assert {one.status for one in answers} == {404}
    assert server.total == 1


# Sockets


def test_a_host_never_has_more_sockets_than_it_may() -> None:
    async def run(port: int) -> None:
        paths = ("ok", "large", "silent", "missing", "drop")
        # Two names of one scheme's host are two origins to a pool, and one machine to us.
        hosts = (f"http://127.0.0.1:{port}", f"http://www.127.0.0.1:{port}")
        pace = Pace(3, 0)
        async with Fetcher(limits(concurrency=3, read_timeout=0.2)) as fetcher:
            urls = [f"{hosts[n % 2]}/{paths[n % 5]}?{n}" for n in range(60)]
            await asyncio.gather(*(fetcher.get(url, pace, wants=lambda kind: kind != "image/png") for url in urls))

    with Counting() as server, pytest.MonkeyPatch.context() as patch:

        async def everywhere(self: object, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        patch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", everywhere)
        asyncio.run(run(server.port))
    assert server.most == 3
    assert server.total > 12  # so there was something to count


def test_idle_sockets_are_used_again_and_those_of_idle_hosts_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with Counting() as server:
        get(*[server.url + "/"] * 20)
        assert (server.most, server.total) == (1, 1)

    async def run(one: Counting, two: Counting) -> int:
        monkeypatch.setattr("auditor.web.transport.IDLE_SECONDS", 0.0)
        async with Fetcher(limits()) as fetcher:
            await fetcher.get(one.url + "/", Pace(1, 0))
            await fetcher.get(two.url.replace("127.0.0.1", "localhost") + "/", Pace(1, 0))
            return len(fetcher._client._transport._hosts)  # type: ignore[attr-defined]

    with Counting() as one, Counting() as two:
        assert asyncio.run(run(one, two)) == 1


# A host that complains


def test_a_host_that_complains_is_asked_half_as_often_for_good() -> None:
    async def run(url: str) -> float:
        pace = Pace(1, 5.0)
        async with Fetcher(limits()) as fetcher:
            for _ in range(2):
                await fetcher.get(url, pace)
        return pace.interval

    replies = iter([Reply(status=429, headers={"Retry-After": "0"}), Reply(page()), Reply(page())])
    with Server({"/": lambda _: next(replies)}) as server:
        assert asyncio.run(run(server.url + "/")) == pytest.approx(0.4)
    replies = iter([Reply(page()), Reply(page())])
    with Server({"/": lambda _: next(replies)}) as server:
        assert asyncio.run(run(server.url + "/")) == pytest.approx(0.2)


def test_one_burst_of_complaints_counts_once_and_never_makes_faster() -> None:
    async def run() -> list[float]:
        pace = Pace(4, 2.0)
        began = asyncio.get_running_loop().time()
        found = []
        for _ in range(3):
            pace.ease(began)
            found.append(pace.interval)
        for _ in range(9):
            pace.ease(asyncio.get_running_loop().time() + 1)
        found.append(pace.interval)
        pace.slow_to(20.0)
        pace.ease(asyncio.get_running_loop().time() + 1)
        return [*found, pace.interval]

    assert asyncio.run(run()) == [1.0, 1.0, 1.0, EASED, 20.0]


# Secrets

SECRETS = Access(headers={"X-Preview": "open sesame"}, cookies={"sid": "s3cret"}, basic=("me", "pass word"))


def test_secrets_go_to_the_sites_of_the_crawl_alone() -> None:
    with Server({"/": page(), "/robots.txt": b""}) as other:
        routes = {"/": page("/a", "/out", other.url + "/"), "/a": page(), "/out": moved(other.url + "/")}
        with Server(routes) as server:
            crawled(server.url, limits(), SECRETS)
            get(server.url + "/", other.url + "/", other.url + "/robots.txt", access=SECRETS)
    assert len(server.log) >= 4
    for request in server.log:
        assert request.headers["x-preview"] == "open sesame"
        assert request.headers["cookie"] == "sid=s3cret"
        assert request.headers["authorization"] == "Basic " + base64.b64encode(b"me:pass word").decode()
    assert len(other.log) == 2
    assert not {"x-preview", "cookie", "authorization"} & {name for one in other.log for name in one.headers}


def test_a_start_that_redirects_to_another_host_takes_no_secrets_along() -> None:
    with Server({"/": page()}) as login, Server({"/": moved(login.url + "/")}) as server:
        pages = crawled(server.url, limits(), SECRETS)
    assert len(pages) == 1
    assert all("authorization" in one.headers for one in server.log)
    assert login.paths
    assert not any("authorization" in one.headers or "cookie" in one.headers for one in login.log)


@pytest.mark.parametrize(
    ("start", "subdomains", "url", "trusted"),
    [
        ("https://example.com/", False, "https://example.com/a", True),
        ("https://example.com/", False, "https://www.example.com/a", True),
        ("https://example.com/", False, "http://example.com/a", False),
        ("http://example.com/", False, "https://example.com/a", True),
        ("example.com", False, "http://example.com/", False),
        ("https://example.com/", False, "https://example.com:8443/", False),
        ("https://example.com/", False, "https://blog.example.com/", False),
        ("https://example.com/", True, "https://blog.example.com/", True),
        ("https://example.com/", True, "https://badexample.com/", False),
        ("https://blog.example.com/", True, "https://shop.example.com/", False),
        ("https://github.io/", True, "https://somebody.github.io/", False),
    ],
)
def test_who_is_trusted(start: str, subdomains: bool, url: str, trusted: bool) -> None:
    assert Trusted([start], subdomains)(url) is trusted


# Proxies


def test_a_proxy_is_asked_for_everything_and_resolves_names_itself() -> None:
    with Server({"http://site.invalid/": page(), "http://site.invalid/robots.txt": b""}) as proxy:
        access = Access(proxy=proxy.url.replace("//", "//me:s3cret@"), bearer="token")
        pages = crawled("http://site.invalid/", limits(allow_private=False), access)
    assert [one.body for one in pages] == [page()]
    credentials = "Basic " + base64.b64encode(b"me:s3cret").decode()
    assert {one.headers["proxy-authorization"] for one in proxy.log} == {credentials}
    assert {one.headers["authorization"] for one in proxy.log} == {"Bearer token"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254", "localhost", "a.localhost", "2130706433", "0x7f.1"]
)
def test_a_proxy_is_not_led_to_private_addresses(host: str) -> None:
    with Server({}) as proxy:
        (failure,) = get(f"http://{host}/", access=Access(proxy=proxy.url), allow_private=False)
    assert "private address" in failure.detail
    assert proxy.log == []


def test_tls_goes_through_a_tunnel(trusted: trustme.CA) -> None:
    with Server({"/": page()}, tls=serving(trusted, "site.invalid")) as site, Tunnel(site.port) as proxy:
        access = Access(proxy=f"http://me:s3cret@127.0.0.1:{proxy.port}", bearer="token")
        (answer,) = get("https://site.invalid/", access=access)
    assert answer.body == page()
    (head,) = proxy.heads
    assert head.startswith("CONNECT site.invalid:443 ")
    assert base64.b64encode(b"me:s3cret").decode() in head
    assert "token" not in head
    assert "proxy-authorization" not in site.log[0].headers


def test_a_socks_proxy_is_told_the_name(trusted: trustme.CA) -> None:
    with Server({"/": page()}, tls=serving(trusted, "site.invalid")) as site, Tunnel(site.port, socks=True) as proxy:
        (answer,) = get("https://site.invalid/", access=Access(proxy=f"socks5://me:s3cret@127.0.0.1:{proxy.port}"))
    assert answer.body == page()
    assert proxy.heads == ["me:s3cret@site.invalid"]


def test_a_proxy_that_does_not_do_is_told_apart() -> None:
    with Tunnel(0, refuse=True) as proxy:
        (refused,) = get("https://site.invalid/", access=Access(proxy=proxy.url))
    (gone,) = get("https://site.invalid/", access=Access(proxy=f"http://me:s3cret@127.0.0.1:{free_port()}"))
    assert (refused.kind, gone.kind) == (FailureKind.UNREACHABLE, FailureKind.UNREACHABLE)
    assert "407" in refused.detail
    assert "--proxy" in refused.detail
    assert "no connection to 127.0.0.1" in gone.detail
    assert "s3cret" not in gone.detail
    with pytest.raises(ConfigError, match="proxy is none") as error:
        get("https://site.invalid/", access=Access(proxy="ftp://me:s3cret@host"))
    assert "s3cret" not in str(error.value)


# Failures before there is an answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_a_refused_connection_is_named() -> None:
    (failure,) = get(f"http://127.0.0.1:{free_port()}/")
    assert (failure.kind, failure.detail) == (
        FailureKind.UNREACHABLE,
        "the server refused the connection; check address and port",
    )


@pytest.mark.parametrize(
    ("code", "said"), [(socket.EAI_NONAME, "knows no host called"), (socket.EAI_AGAIN, "gave no answer about")]
)
def test_dns_failures_are_told_apart(code: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", fail)
    (failure,) = get("http://gone.invalid/")
    assert failure.kind is FailureKind.UNREACHABLE
    assert f"DNS {said} gone.invalid" in failure.detail


def test_a_server_that_takes_no_connection_is_a_connect_timeout() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        # What is waiting to be accepted fills the queue; whoever comes next gets no answer.
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(listening.getsockname())
            (failure,) = get(f"http://127.0.0.1:{listening.getsockname()[1]}/", connect_timeout=0.3)
        finally:
            for one in waiting:
                one.close()
    assert (failure.kind, failure.detail) == (
        FailureKind.TIMEOUT,
        "no connection to 127.0.0.1 within 0.3 seconds",
    )


def test_a_handshake_that_never_ends_is_told_from_a_connection_that_never_begins() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        (failure,) = get(f"https://127.0.0.1:{listening.getsockname()[1]}/", connect_timeout=0.3)
    assert failure.kind is FailureKind.TIMEOUT
    assert "no secure connection was agreed on within 0.3 seconds" in failure.detail


def test_read_and_total_timeouts_are_told_apart() -> None:
    routes = {"/late": Reply(page(), delay=5), "/stalled": Reply(page(), pause=5)}
    with Server(routes) as server:
        late, stalled = get(server.url + "/late", server.url + "/stalled", read_timeout=0.3)
        (slow,) = get(server.url + "/late", total_timeout=0.3)
    assert {one.kind for one in (late, stalled, slow)} == {FailureKind.TIMEOUT}
    assert "no answer within 0.3 seconds" in late.detail
    assert "in the middle" in stalled.detail
    assert "not done after 0.3 seconds" in slow.detail


def test_a_reset_is_named() -> None:
    with Counting() as server:
        (failure,) = get(server.url + "/drop")
    assert failure.kind is FailureKind.UNREACHABLE
    assert "broke off" in failure.detail
    assert server.total == 2  # asked again once


# TLS


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the auditor trusts, as users name one of their own."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def serving(authority: trustme.CA, name: str = "127.0.0.1", **changes: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **changes).configure_cert(context)
    return context


def test_a_good_certificate_is_enough(trusted: trustme.CA) -> None:
    with Server({"/": page()}, tls=serving(trusted)) as server:
        (answer,) = get(server.url + "/")
    assert answer.body == page()


YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("127.0.0.1", {"not_before": YESTERDAY - timedelta(days=9), "not_after": YESTERDAY}, "expired"),
        ("127.0.0.1", {"not_before": YESTERDAY + timedelta(days=9)}, "not valid yet"),
        ("other.invalid", {}, "for another"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    trusted: trustme.CA, name: str, changes: dict[str, Any], said: str
) -> None:
    with Server({"/": page()}, tls=serving(trusted, name, **changes)) as server:
        (failure,) = get(server.url + "/")
    assert failure.kind is FailureKind.TLS
    assert said in failure.detail
    assert server.log == []


def test_an_unknown_issuer_is_named(trusted: trustme.CA) -> None:
    with Server({"/": page()}, tls=serving(trustme.CA())) as server:
        (failure,) = get(server.url + "/")
    assert failure.kind is FailureKind.TLS
    assert "issuer" in failure.detail


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_with_old_tls_is_named(trusted: trustme.CA) -> None:
    context = serving(trusted)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Handshake(context) as server:
        (failure,) = get(server.url.replace("http:", "https:"))
    assert failure.kind is FailureKind.TLS
    assert "before 1.2" in failure.detail


def test_a_server_that_wants_a_certificate_is_named(trusted: trustme.CA) -> None:
    context = serving(trusted)
    trusted.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with Handshake(context) as server:
        (failure,) = get(server.url.replace("http:", "https:"))
    assert failure.kind is FailureKind.TLS
    assert "wants a certificate of its visitors" in failure.detail


def test_a_server_that_hangs_up_in_the_handshake_is_named() -> None:
    with Tunnel(free_port(), socks=True) as server:
        server.serve = lambda connection: connection.recv(1)  # type: ignore[method-assign, assignment, return-value]
        (failure,) = get(f"https://127.0.0.1:{server.port}/")
    assert failure.kind is FailureKind.TLS
    assert "hung up before a secure connection" in failure.detail
