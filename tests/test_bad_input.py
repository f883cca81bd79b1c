"""Whatever a server does, `auditor scan` ends in bounded time and says in one line what was wrong and what to do."""

from __future__ import annotations

import gzip
import itertools
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.nginx import OPENSSL, free_port, self_signed
from tests.scans import Scanned, scan
from tests.servers import Reply, Request, Route, Server, moved, page

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LIMITS = ("--timeout", "2", "--max-bytes", "200000", "--concurrency", "16")


def endless(part: bytes, head: bytes = b"") -> Iterator[bytes]:
    """A head and then the same for ever."""
    return itertools.chain([head], itertools.repeat(part))


def chunked(*parts: bytes) -> list[bytes]:
    return [HTML + b"Transfer-Encoding: chunked\r\n\r\n", *(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)]


def raw(*parts: bytes, silent: bool = False, every: float = 0.0) -> Route:
    return Reply(raw=parts, silent=silent, every=every)


def packed(body: bytes, encoding: str = "gzip") -> Route:
    return Reply(body, headers={"Content-Encoding": encoding})


BOMB = gzip.compress(b"\0" * 20_000_000)

MISDEEDS: dict[str, tuple[Route, str, str]] = {
    # what the server does: (its answer, the failure's kind, words of its line)
    "never answers": (raw(silent=True), "timeout", "--timeout"),
    "stops in the head": (raw(b"HTTP/1.1 200 OK\r\nContent-", silent=True), "timeout", "--timeout"),
    "stops in the body": (raw(HTML + b"Content-Length: 900\r\n\r\n<p>", silent=True), "timeout", "--timeout"),
    "drips": (lambda _: Reply(raw=endless(b"x", HTML + b"\r\n"), every=0.2), "timeout", "--timeout"),
    "drips headers": (lambda _: Reply(raw=endless(b"A: b\r\n", HTML), every=0.2), "timeout", "--timeout"),
    "endless header": (lambda _: Reply(raw=endless(b"x" * 4096, HTML + b"A: ")), "unreachable", "header"),
    "endless headers": (lambda _: Reply(raw=endless(b"A: b\r\n" * 99, HTML)), "unreachable", "header"),
    "many headers": (raw(HTML + b"".join(b"A%d: b\r\n" % n for n in range(50_000)) + b"\r\nx"), "unreachable", "header"),
    "only 100-continue": (lambda _: Reply(raw=endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 99)), "timeout", "--timeout"),
    "only early hints": (lambda _: Reply(raw=endless(b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n"), every=0.1), "timeout", "--timeout"),
    "endless body": (lambda _: Reply(raw=endless(b"x" * 4096, HTML + b"\r\n")), "too-large", "--max-bytes"),
    "endless chunks": (lambda _: Reply(raw=endless(b"400\r\n%s\r\n" % (b"x" * 1024), chunked()[0])), "too-large", "--max-bytes"),
    "endless chunk size": (lambda _: Reply(raw=endless(b"0" * 4096, chunked()[0])), "unreachable", "broke off"),
    "huge body": (Reply(b"x" * 300_000), "too-large", "--max-bytes"),
    "says it is huge": (raw(HTML + b"Content-Length: 99999999999999\r\n\r\n<p>"), "too-large", "--max-bytes"),
    "gzip bomb": (packed(BOMB), "too-large", "--max-bytes"),
    "gzip bomb twice": (packed(gzip.compress(BOMB), "gzip, gzip"), "too-large", "--max-bytes"),
    "no gzip": (packed(page()), "unreadable", "damaged"),
    "damaged gzip": (packed(gzip.compress(page())[:12] + b"\xff" * 40), "unreadable", "damaged"),
    "truncated gzip": (packed(gzip.compress(page(words="many words " * 999))[:60]), "unreadable", "ends early"),
    "damaged deflate": (packed(zlib.compress(page())[:12] + b"\xff" * 40, "deflate"), "unreadable", "damaged"),
    "unknown encoding": (packed(page(), "compress"), "unreadable", "compress"),
    "too short a body": (Reply(page() * 20, cut=100), "unreachable", "broke off"),
    "cut in a chunk": (raw(*chunked(page()), b"ff\r\n<p>"), "unreachable", "broke off"),
    "cut between chunks": (raw(*chunked(page())), "unreachable", "broke off"),
    "wrong chunk size": (raw(*chunked(), b"zz\r\n<p>\r\n0\r\n\r\n"), "unreachable", "broke off"),
    "two lengths": (raw(HTML + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\n<p>hi"), "unreachable", "broke off"),
    "negative length": (raw(HTML + b"Content-Length: -1\r\n\r\n<p>"), "unreachable", "broke off"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "unreachable", "broke off"),
    "bad status line": (raw(b"HTTP/1.1 2000 OK\r\n\r\n"), "unreachable", "broke off"),
    "bad header": (raw(HTML + b"no colon here\r\n\r\n<p>"), "unreachable", "broke off"),
    "zero byte in a header": (raw(HTML + b"A: \0\r\n\r\n<p>"), "unreachable", "broke off"),
    "hangs up": (Reply(drop=True), "unreachable", "broke off"),
    "hangs up in the head": (raw(b"HTTP/1.1 200 OK\r\n"), "unreachable", "broke off"),
    "redirects to itself": (lambda request: moved(request.path), "redirect", "loop"),
    "redirects in a circle": (lambda request: moved("/?b" if request.path == "/" else "/"), "redirect", "loop"),
    "redirects without end": (lambda request: moved(f"/?n={len(request.path)}{'x' * len(request.path)}"), "redirect", "more than"),
    "redirects nowhere": (Reply(status=302), "redirect", "without a usable address"),
    "redirects to a script": (moved("javascript:alert(1)"), "redirect", "without a usable address"),
    "redirects out of the site": (moved("https://elsewhere.invalid/"), "redirect", "another site"),
    "an image": (Reply(b"\x89PNG\r\n", type="image/png"), "content-type", "image/png"),
    "an archive without a type": (Reply(b"PK\3\4\0\0\0", type=""), "content-type", "HTML"),
    "nothing at all": (Reply(b""), "empty", "empty"),
    "no content": (Reply(status=204), "empty", "204"),
    "an error": (Reply(status=500), "status", "500"),
    "an unknown status": (Reply(status=799), "status", "799"),
    "partial content": (Reply(page(), status=206), "status", "206"),
    "unchanged without being asked": (Reply(status=304), "status", "304"),
}  # fmt: skip
"""Each is what a server answers to whoever asks for its front page, a failure of its own in the report."""

LIES: dict[str, Route] = {
    "another charset": Reply(page(words="Zażółć gęślą jaźń. " * 20), type="text/html; charset=utf-16"),
    "an unknown charset": Reply(page(), type="text/html; charset=klingon"),
    "a wrong charset": Reply("<title>Page</title><p>Grüße aus Köln".encode("latin-1"), type="text/html; charset=utf-8"),
    "text with zero bytes": Reply(page() + b"\0" * 99, type="text/html"),
    "no length": Reply(raw=[HTML + b"\r\n" + page()]),
    "rubbish after the body": Reply(raw=[HTML + b"Content-Length: 70\r\n\r\n" + page() + b"\0rubbish"]),
    "continue first": Reply(raw=[b"HTTP/1.1 100 Continue\r\n\r\n" + HTML + b"\r\n" + page()]),
    "HTTP/1.0": Reply(raw=[b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page()]),
    "rubbish behind gzip": packed(gzip.compress(page()) + b"rubbish"),
    "many small headers": Reply(page(), headers={f"X-{n}": "value" for n in range(90)}),
}
"""Answers that are wrong and readable all the same, as browsers show."""

NO_ROBOTS = Reply(b"no", 404)


def otherwise(route: Route) -> Callable[[Request], Reply]:
    """The route for whatever is asked."""
    match route:
        case Reply():
            return lambda _: route
        case bytes():
            return lambda _: Reply(route)
        case _:
            return route


Everything = tuple[Scanned, dict[str, str]]
"""What came of a scan, and the address of each misdeed."""


@pytest.fixture(scope="module")
def scanned() -> Iterator[Everything]:
    """One scan of all misdeeds and lies, each a site of its own; and where each of them lived."""
    with ExitStack() as stack:
        where: dict[str, str] = {}
        for name, route in [*((name, misdeed[0]) for name, misdeed in MISDEEDS.items()), *LIES.items()]:
            server = stack.enter_context(
                Server({"/robots.txt": NO_ROBOTS, "/sitemap.xml": NO_ROBOTS}, otherwise(route))
            )
            where[name] = server.url + "/"
        yield scan(*where.values(), *LIMITS), where


def test_a_scan_of_all_that_is_bad_ends(scanned: Everything) -> None:
    done, where = scanned
    assert done.code == 2
    assert {where[name] for name in LIES} <= set(done.pages)
    assert not {where[name] for name in MISDEEDS} & set(done.pages)


@pytest.mark.parametrize("name", MISDEEDS)
def test_what_a_server_does_wrong_is_named(scanned: Everything, name: str) -> None:
    done, where = scanned
    _, kind, said = MISDEEDS[name]
    ((told, detail),) = (failure for url, failure in done.failures.items() if url.startswith(where[name]))
    assert told == kind
    assert said in detail
    assert detail.isprintable()
    assert len(detail) <= 300
    (line,) = (line for line in done.errors if where[name] in line)
    assert line.startswith("error: ")


def test_no_line_is_in_the_words_of_python(scanned: Everything) -> None:
    assert not [detail for _, detail in scanned[0].failures.values() if "bytearray" in detail]


@pytest.mark.parametrize("name", LIES)
def test_what_can_be_read_all_the_same_is_audited(scanned: Everything, name: str) -> None:
    done, where = scanned
    assert where[name] not in done.failures
    (found,) = [one for one in done.report["pages"] if one["url"] == where[name]]
    assert found["title"] == "Page"


def test_a_site_with_bad_pages_is_audited_all_the_same() -> None:
    """The same misdeeds one link deeper are no errors of the scan, since the site itself was reached."""
    routes: dict[str, Route] = {}
    for name, (route, kind, _) in MISDEEDS.items():
        if kind != "timeout":
            path = f"/{name.replace(' ', '-').lower()}"
            routes |= {path: route, f"{path}-beside": page()}  # a host that breaks off ten times in a row is given up
    with Server({"/": page(*routes), **routes}) as server:
        done = scan(server.url, *LIMITS, "--concurrency", "1")
    assert done.code == 0
    assert {server.url + path for path in routes if path.endswith("-beside")} <= set(done.pages)
    assert len(done.failures) > len(routes) // 3
    assert not [line for line in done.errors if line.startswith("error")]


def test_zero_pages_are_an_error_with_a_line_for_every_start(tmp_path: Path) -> None:
    refused = f"http://127.0.0.1:{free_port()}/"
    done = scan("http://no-such-host.invalid/", refused, "ftp://example.com/", "http://127.0.0.1:1/", *LIMITS)
    assert (done.code, done.report["pages"]) == (2, [])
    kinds = {url: kind for url, (kind, _) in done.failures.items()}
    assert kinds == {
        "http://no-such-host.invalid/": "unreachable",
        refused: "unreachable",
        "ftp://example.com/": "bad-url",
        "http://127.0.0.1:1/": "unreachable",
    }
    assert "DNS" in done.failures["http://no-such-host.invalid/"][1]
    assert "check the spelling" in done.failures["http://no-such-host.invalid/"][1]
    assert "refused" in done.failures[refused][1]
    assert len(done.errors) == 4
    assert all(line.startswith("error: ") for line in done.errors)


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl, which makes the certificate of the server")
def test_secure_connections_that_do_not_come_about(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    self_signed(key, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Server({"/": page()}, tls=context) as signed, Server({"/": page()}) as plain:
        distrusted, unsecured = signed.url + "/", plain.url.replace("http:", "https:") + "/"
        done = scan(distrusted, unsecured, *LIMITS)
        assert signed.log == plain.log == []
    assert done.code == 2
    assert done.failures[distrusted][0] == "tls"
    assert "certificate" in done.failures[distrusted][1]
    assert done.failures[unsecured][0] == "unreachable"
    assert "http://" in done.failures[unsecured][1]


def test_fewer_pages_than_asked_for_fail_the_gate() -> None:
    with Server({"/": page("/a"), "/a": page()}) as server:
        assert scan(server.url, "--min-pages", "2").code == 0
        done = scan(server.url, "--min-pages", "3")
    assert done.code == 1
    assert "--min-pages" in done.errors[-1]
