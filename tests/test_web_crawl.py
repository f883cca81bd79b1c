"""A crawl against real servers on loopback, judged by their logs."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.config import CrawlLimits
from auditor.errors import StoreError
from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot
from auditor.store.run import Run
from auditor.store.store import Store
from auditor.web.crawl import Crawl
from auditor.web.record import End, Progress
from tests.servers import Reply, Request, Route, Server, moved, page, small_site


def limits(**changes: Any) -> CrawlLimits:
    return CrawlLimits(**({"rate": 0.0, "allow_private": True, "max_seconds": 30.0} | changes))


@dataclass(frozen=True, slots=True)
class Crawled:
    """All that a crawl left in its run."""

    pages: list[Snapshot]
    failures: list[Failure]
    crawl: Crawl
    redirects: dict[str, tuple[int, str]]
    """Status and target by source."""
    listed: dict[str, str]


@contextmanager
def begun(starts: str | Sequence[str], **changes: Any) -> Iterator[tuple[Crawl, Run]]:
    """A crawl about to begin, in a store that is gone afterwards."""
    named = [starts] if isinstance(starts, str) else starts
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        kept = store.begin(named, {}, "0")
        yield Crawl(Path(folder), kept.id, named, limits(**changes)), kept


def crawled(starts: str | Sequence[str], **changes: Any) -> Crawled:
    with begun(starts, **changes) as (crawl, kept):
        numbers = list(crawl)
        assert sorted(numbers) == kept.documents()
        redirects = {source: (move.status, move.target) for source, move in kept.redirects().items()}
        pages = [kept.document(number) for number in numbers]
        return Crawled(pages, kept.failures(), crawl, redirects, dict(kept.listed()))


def run(starts: str | Sequence[str], **changes: Any) -> tuple[list[Snapshot], list[Failure], Crawl]:
    found = crawled(starts, **changes)
    return found.pages, found.failures, found.crawl


def paths(server: Server, pages: Sequence[Snapshot]) -> list[str]:
    return sorted((one.url or "").removeprefix(server.url) for one in pages)


def only(crawl: Crawl) -> Any:
    (record,) = crawl.hosts.values()
    return record


def test_every_page_once_and_hardly_a_request_more() -> None:
    with Server(small_site(60)) as server:
        pages, failures, crawl = run(server.url)
    assert paths(server, pages) == sorted(server.routes)
    assert failures == []
    assert len(server.log) <= 60 * 1.05
    assert server.most_at_once <= 4
    assert server.connections <= 4
    assert crawl.end is End.DONE
    assert only(crawl).pages == 60
    assert {request.headers["user-agent"] for request in server.log} == {CrawlLimits().user_agent}


def test_a_snapshot_carries_what_was_answered() -> None:
    reply = Reply(page(), headers={"X-Robots-Tag": "noindex", "Set-Cookie": "secret=1"})
    with Server({"/": moved("/home", 302), "/home": reply}) as server:
        found = crawled(server.url)
        (snapshot,) = found.pages
    assert snapshot.body == page()
    assert (snapshot.url, snapshot.final_url) == (server.url + "/home", server.url + "/home")
    assert found.redirects == {server.url + "/": (302, server.url + "/home")}
    assert snapshot.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in snapshot.headers
    assert snapshot.status == 200
    assert snapshot.fetched_at is not None


def test_formats_and_files_that_are_no_pages() -> None:
    routes: dict[str, Route] = {
        "/": page("/a.md", "/b.txt", "/c.pdf", "/image", "/x.html"),
        "/a.md": Reply(b"# Hello", type="text/markdown"),
        "/b.txt": Reply(b"Hello", type="text/plain"),
        "/image": Reply(b"\x89PNG", type="image/png"),
        "/x.html": Reply(page(), type=""),
    }
    with Server(routes) as server:
        pages, failures, crawl = run(server.url)
    formats = {(one.url or "").removeprefix(server.url): one.format for one in pages}
    assert formats == {"/": Format.HTML, "/a.md": Format.MARKDOWN, "/b.txt": Format.TEXT, "/x.html": Format.HTML}
    assert failures == []
    assert "/c.pdf" not in server.paths
    assert only(crawl).not_pages == {"pdf": 1, "image/png": 1}


# robots.txt


def test_robots_txt_is_obeyed_and_said() -> None:
    rules = b"User-agent: *\nAllow: /\n\nUser-agent: other\nUser-agent: Auditor\nDisallow: /secret/\n"
    routes = {"/robots.txt": rules, "/": page("/secret/a", "/open"), "/open": page("/secret/b"), "/secret/a": page()}
    with Server(routes) as server:
        pages, failures, crawl = run(server.url)
    assert paths(server, pages) == ["/", "/open"]
    assert failures == []
    assert not any(path.startswith("/secret") for path in server.paths)
    assert only(crawl).excluded_count == 2
    assert sorted(only(crawl).excluded) == [server.url + "/secret/a", server.url + "/secret/b"]
    assert only(crawl).robots[server.url].text == rules.decode()


def test_a_start_that_robots_txt_forbids_is_a_failure() -> None:
    with Server({"/robots.txt": b"User-agent: *\nDisallow: /", "/": page()}) as server:
        pages, (failure,), _ = run(server.url)
        assert pages == []
        assert failure.kind is FailureKind.ROBOTS
        assert "--no-robots" in failure.detail
        assert "/" not in server.paths
        ignoring, _, _ = run(server.url, obey_robots=False)
        assert len(ignoring) == 1


def test_robots_txt_that_is_broken_forbids_everything_once() -> None:
    with Server({"/robots.txt": Reply(status=500), "/": page("/a"), "/a": page()}) as server:
        pages, (failure,), _ = run(server.url)
    assert pages == []
    assert failure.kind is FailureKind.ROBOTS
    assert "500" in failure.detail
    assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    with Server({"/robots.txt": Reply(b"User-agent: *\nDisallow: /", status), "/": page()}) as server:
        pages, failures, _ = run(server.url)
    assert (len(pages), failures) == (1, [])


def test_robots_txt_may_move_five_times() -> None:
    moves = {f"/r{n}": moved(f"/r{n + 1}") for n in range(1, 7)}
    rules = Reply(b"User-agent: *\nDisallow: /a")
    with Server({"/robots.txt": moved("/r1"), **moves, "/r5": rules, "/": page("/a"), "/a": page()}) as server:
        pages, _, _ = run(server.url)
    assert paths(server, pages) == ["/"]
    with Server({"/robots.txt": moved("/r1"), **moves, "/r6": rules, "/": page("/a"), "/a": page()}) as server:
        pages, _, _ = run(server.url)
    assert paths(server, pages) == ["/", "/a"]


def test_a_crawl_delay_keeps_requests_apart() -> None:
    routes = small_site(4)
    with Server(routes | {"/robots.txt": b"User-agent: *\nCrawl-delay: 0.1"}) as server:
        pages, _, crawl = run(server.url)
    assert len(pages) == 4
    assert server.most_at_once == 1
    assert crawl.progress.seconds >= 0.1 * (len(server.log) - 2)  # robots.txt, which asks for it, comes before it


# Refusals and broken answers


def test_a_host_that_asks_to_wait_is_asked_again() -> None:
    tries: list[Request] = []

    def busy(request: Request) -> Reply:
        tries.append(request)
        return Reply(status=429, headers={"Retry-After": "0"}) if len(tries) < 3 else Reply(page())

    with Server({"/": busy}) as server:
        pages, failures, _ = run(server.url)
    assert (len(pages), failures, len(tries)) == (1, [], 3)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_goes_on_refusing_could_not_be_looked_at(status: int) -> None:
    reply = Reply(status=status, headers={"Retry-After": "0"})
    with Server({"/": page("/busy"), "/busy": reply}) as server:
        _, (failure,), _ = run(server.url)
    assert failure.kind is FailureKind.REFUSED
    assert "could not look" in failure.detail
    assert server.paths.count("/busy") == 3


def test_a_wait_that_is_too_long_is_not_waited() -> None:
    with Server({"/": Reply(status=503, headers={"Retry-After": "86400"})}) as server:
        _, (failure,), _ = run(server.url)
    assert failure.kind is FailureKind.REFUSED
    assert server.paths.count("/") == 1


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(status=404), FailureKind.MISSING, "404 Not Found"),
        (Reply(status=410), FailureKind.MISSING, "410 Gone"),
        (Reply(status=401), FailureKind.REFUSED, "401"),
        (Reply(status=403), FailureKind.REFUSED, "could not look"),
        (Reply(status=500), FailureKind.STATUS, "500"),
        (Reply(status=299), FailureKind.STATUS, "299"),
        (Reply(status=301), FailureKind.REDIRECT, "without a usable address"),
        (Reply(b" \n "), FailureKind.EMPTY, "empty"),
        (Reply(drop=True), FailureKind.UNREACHABLE, "broke off"),
        (Reply(page(), cut=10), FailureKind.UNREACHABLE, "broke off"),
        (Reply(b"x" * 3000), FailureKind.TOO_LARGE, "--max-bytes"),
        (Reply(gzip.compress(b"x" * 10_000_000), headers={"Content-Encoding": "gzip"}), FailureKind.TOO_LARGE, "2,000"),
        (Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), FailureKind.UNREADABLE, "damaged"),
        (Reply(b"?", headers={"Content-Encoding": "compress"}), FailureKind.UNREADABLE, "not asked for"),
        (Reply(page(), delay=5), FailureKind.TIMEOUT, "no answer within 0.8 seconds"),
        (Reply(page(), pause=5), FailureKind.TIMEOUT, "stopped answering"),
    ],
    ids=lambda value: value.value if isinstance(value, FailureKind) else None,
)
def test_what_goes_wrong_with_one_page_is_named_and_the_rest_stands(reply: Reply, kind: FailureKind, said: str) -> None:
    with Server({"/": page("/odd", "/fine"), "/odd": reply, "/fine": page()}) as server:
        pages, (failure,), crawl = run(server.url, max_bytes=2_000, read_timeout=0.8)
    assert paths(server, pages) == ["/", "/fine"]
    assert failure.kind is kind
    assert said in failure.detail
    assert failure.url == server.url + "/odd"
    assert only(crawl).failures == 1


def test_gzip_is_unpacked() -> None:
    body = page(words="many words " * 500)
    with Server({"/": Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})}) as server:
        (snapshot,), _, _ = run(server.url)
    assert snapshot.body == body


def test_a_server_that_drips_is_cut_off_by_the_total_timeout() -> None:
    with Server({"/": Reply(page(), delay=0.6, pause=0.6)}) as server:
        _, (failure,), _ = run(server.url, read_timeout=1.0, total_timeout=0.9)
    assert failure.kind is FailureKind.TIMEOUT
    assert "0.9 seconds" in failure.detail


def test_a_host_that_stops_answering_is_given_up() -> None:
    with Server({"/": page(*(f"/gone-{chr(97 + n)}" for n in range(26)))}, lambda _: Reply(drop=True)) as server:
        server.routes["/robots.txt"] = server.routes["/sitemap.xml"] = Reply(status=404)
        pages, failures, crawl = run(server.url, concurrency=1)
    assert len(pages) == 1
    assert only(crawl).abandoned == 16
    assert sum("given up" in failure.detail for failure in failures) == 1
    assert len({path for path in server.paths if path.startswith("/gone")}) == 10


# Redirects


def test_every_hop_of_a_chain_is_recorded_and_asked_for_once() -> None:
    routes: dict[str, Route] = {"/": page("/a", "/b"), "/a": moved("/b", 301), "/b": moved("c", 307), "/c": page()}
    with Server(routes) as server:
        found = crawled(server.url)
    assert found.failures == []
    assert paths(server, found.pages) == ["/", "/c"]
    assert found.redirects == {server.url + "/a": (301, server.url + "/b"), server.url + "/b": (307, server.url + "/c")}
    assert sorted(path for path in server.paths if len(path) <= 2) == ["/", "/a", "/b", "/c"]


def test_a_hop_to_the_same_page_is_followed_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def www(request: Request) -> Reply:
        here = request.headers["host"]
        if here.startswith("www."):
            return Reply(page("/a"))
        return moved(f"http://www.{here}{request.path}", 308)

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", _loopback)
    with Server({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404)}, www) as server:
        start = f"http://site.example:{server.port}"
        found = crawled(start)
    assert found.failures == [] and found.redirects == {}
    assert {(one.url, one.final_url) for one in found.pages} == {
        (f"{start}/", f"http://www.site.example:{server.port}/"),
        (f"http://www.site.example:{server.port}/a",) * 2,
    }
    (hop,) = next(one for one in found.pages if one.redirects).redirects
    assert (hop.url, hop.status) == (f"{start}/", 308)


async def _loopback(loop: object, host: str, port: int, **_: Any) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ({"/a": moved("/a")}, "loop"),
        ({f"/{'a' * n}": moved(f"/{'a' * (n + 1)}") for n in range(1, 9)}, "more than 3 redirects"),
    ],
)
def test_redirects_that_do_not_end(routes: dict[str, Reply], said: str) -> None:
    with Server({"/": page("/a"), **routes}) as server:
        _, (failure,), _ = run(server.url, max_redirects=3)
    assert failure.kind is FailureKind.REDIRECT
    assert said in failure.detail
    assert len(server.log) <= 8


def test_a_circle_of_redirects_ends_and_is_recorded() -> None:
    with Server({"/": page("/a", "/b"), "/a": moved("/b"), "/b": moved("/a")}) as server:
        found = crawled(server.url)
    assert found.failures == []  # the report finds it among the redirects
    assert found.redirects == {server.url + "/a": (301, server.url + "/b"), server.url + "/b": (301, server.url + "/a")}
    assert server.paths.count("/a") == server.paths.count("/b") == 1


def test_redirects_to_a_known_page_or_out_of_scope_are_no_failures() -> None:
    with Server({"/": page("/old", "/out"), "/old": moved("/"), "/out": moved("https://example.com/")}) as server:
        found = crawled(server.url)
    assert (len(found.pages), found.failures) == (1, [])
    assert found.redirects == {
        server.url + "/old": (301, server.url + "/"),
        server.url + "/out": (301, "https://example.com/"),
    }


def test_a_start_may_move_within_its_domain_and_not_out_of_it() -> None:
    with Server({"/": page("/a"), "/a": page()}) as new, Server({"/": moved(new.url + "/")}) as old:
        pages, failures, _ = run(old.url)
        assert (len(pages), failures) == (2, [])
    with Server({"/": moved("http://localhost:9/")}) as server:
        pages, (failure,), _ = run(server.url)
    assert failure.kind is FailureKind.REDIRECT
    assert "another site" in failure.detail


# Scope and limits


def test_other_hosts_and_ports_are_left_alone() -> None:
    with Server({"/": page()}) as other:
        with Server({"/": page(other.url + "/", "http://localhost:1/", "//127.0.0.2/", "mailto:a@b.c")}) as server:
            pages, failures, _ = run(server.url)
        assert (len(pages), failures) == (1, [])
        assert other.log == []


def test_include_and_exclude() -> None:
    routes = {"/": page("/blog/a", "/blog/b", "/shop/c"), "/blog/a": page(), "/blog/b": page(), "/shop/c": page()}
    with Server(routes) as server:
        pages, _, _ = run(server.url, include=("*/blog/*",), exclude=("/blog/b*",))
    assert paths(server, pages) == ["/", "/blog/a"]
    assert "/shop/c" not in server.paths


def test_depth_counts_links_from_the_start() -> None:
    with Server({"/": page("/a"), "/a": page("/b"), "/b": page("/c"), "/c": page()}) as server:
        assert paths(server, run(server.url, max_depth=0)[0]) == ["/"]
        assert paths(server, run(server.url, max_depth=2)[0]) == ["/", "/a", "/b"]


def test_the_page_limit_counts_pages_and_not_failures() -> None:
    with Server({"/": page("/x", "/y", "/a", "/b", "/c"), "/a": page(), "/b": page(), "/c": page()}) as server:
        pages, failures, crawl = run(server.url, max_pages=3)
    assert len(pages) == 3
    assert len(failures) == 2
    assert crawl.end is End.PAGES
    assert only(crawl).left >= 1


def test_the_time_limit_ends_a_crawl() -> None:
    def more(request: Request) -> Reply:
        return Reply(page(request.path + "x"), delay=0.05)

    with Server({"/robots.txt": Reply(status=404)}, more) as server:
        pages, _, crawl = run(server.url, max_seconds=1.5, max_pages=10_000, max_depth=10_000)
    assert crawl.end is End.SECONDS
    assert 1 <= len(pages) <= 30


def test_endless_places_are_bounded_and_told() -> None:
    def calendar(request: Request) -> Reply:
        if not request.path.startswith("/calendar"):
            return Reply(status=404)
        year, month = (int(part) for part in request.path.split("/")[2:4])
        following = f"/calendar/{year + month // 12}/{month % 12 + 1:02}/"
        return Reply(page(following, "/b/a/b/a/b", f"{request.path}?view=list&day={month}"))

    with Server({"/": page("/calendar/2024/01/", "/real"), "/real": page()}, calendar) as server:
        pages, _, crawl = run(server.url, max_pages=1_000, max_depth=1_000)
    assert "/real" in paths(server, pages)
    assert len(pages) < 200
    assert "/b/a/b/a/b" not in server.paths
    assert crawl.end is End.DONE
    assert any("calendar/DATE" in shape for shape in only(crawl).traps)
    assert any("(repeats)" in shape for shape in only(crawl).traps)


def test_tracking_and_session_parameters_make_no_new_pages() -> None:
    session = "PHPSESSID=" + "a1" * 16
    routes = {"/": page("/a?utm_source=x", f"/a?{session}", "/a", "/a#part", f"/b?id=1&{session}", "/b?id=1&gclid=1")}
    with Server(routes | {"/a": page(), "/b?id=1": page()}) as server:
        pages, failures, _ = run(server.url)
    assert (paths(server, pages), failures) == (["/", "/a", "/b?id=1"], [])


# Several starts, private addresses, odd starts


def test_a_host_that_hangs_does_not_stop_the_others() -> None:
    with Server({}, lambda _: Reply(delay=30)) as dead, Server(small_site(20)) as server:
        pages, failures, crawl = run([dead.url, server.url], read_timeout=0.5)
        assert len(pages) == 20
        (failure,) = failures
        assert failure.kind is FailureKind.TIMEOUT
        assert failure.url == dead.url + "/"
        assert len(crawl.hosts) == 2


def test_private_addresses_are_refused_unless_allowed() -> None:
    with Server({"/": page()}) as server:
        for address in (server.url, f"http://localhost:{server.port}/", f"http://2130706433:{server.port}/"):
            _, (failure,), _ = run(address, allow_private=False)
            assert failure.kind is FailureKind.UNREACHABLE
            assert "--allow-private" in failure.detail
        assert server.connections == 0
        assert len(run(server.url, allow_private=True)[0]) == 1


def test_a_start_without_a_scheme_falls_back_to_http() -> None:
    with Server({"/": page("/a"), "/a": page()}) as server:
        pages, failures, _ = run(f"127.0.0.1:{server.port}")
    assert (paths(server, pages), failures) == (["/", "/a"], [])


@pytest.mark.parametrize("given", ["", "two words", "ftp://example.com/", "http://", "http://[::1", "mailto:a@b.c"])
def test_what_is_no_address_is_a_failure_beside_the_others(given: str) -> None:
    with Server({"/": page()}) as server:
        pages, (failure,), _ = run([given, server.url])
    assert len(pages) == 1
    assert failure.kind is FailureKind.BAD_URL
    assert failure.url == given


def test_a_start_that_is_no_text_is_a_failure_and_can_be_kept() -> None:
    _, (failure,), _ = run("https://\udcff.example/")
    assert (failure.kind, failure.url) == (FailureKind.BAD_URL, "https://?.example/")


def test_nobody_listening() -> None:
    with Server({}) as server:
        pass
    pages, (failure,), crawl = run(server.url)
    assert pages == []
    assert failure.kind is FailureKind.UNREACHABLE
    assert crawl.end is End.DONE


# Sitemaps


def urlset(*addresses: str) -> bytes:
    items = "".join(f"<url><loc>{one}</loc><lastmod>2024-05-01</lastmod></url>" for one in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'.encode()


def test_orphans_come_from_a_gzipped_sitemap_behind_an_index() -> None:
    with Server({"/": page("/linked"), "/linked": page(), "/orphan": page()}) as server:
        index = f"<sitemapindex><sitemap><loc>{server.url}/one.xml.gz</loc></sitemap></sitemapindex>"
        server.routes["/robots.txt"] = f"Sitemap: {server.url}/index.xml".encode()
        server.routes["/index.xml"] = Reply(index.encode(), type="application/xml")
        packed = gzip.compress(urlset(server.url + "/orphan", "https://example.com/elsewhere"))
        server.routes["/one.xml.gz"] = Reply(packed, type="application/gzip")
        found = crawled(server.url)
        assert (paths(server, found.pages), found.failures) == (["/", "/linked", "/orphan"], [])
        assert found.listed == {server.url + "/orphan": "2024-05-01"}
        assert [(one.entries, one.problem) for one in only(found.crawl).sitemaps] == [(0, ""), (2, "")]
        assert "/sitemap.xml" not in server.paths


def test_a_sitemap_on_another_host_is_of_the_host_that_names_it() -> None:
    with Server({}) as other, Server({"/": page(), "/a": page()}) as server:
        server.routes["/robots.txt"] = f"Sitemap: {other.url}/list.xml".encode()
        other.routes["/list.xml"] = Reply(urlset(server.url + "/a", other.url + "/b"), type="application/xml")
        with begun(server.url) as (crawl, kept):
            assert len(list(crawl)) == 2
            assert kept.notes().keys() == {f"127.0.0.1:{server.port}"}
        assert other.paths == ["/list.xml"]
    assert [(one.url, one.entries) for one in only(crawl).sitemaps] == [(other.url + "/list.xml", 2)]


def test_a_sitemap_that_indexes_itself_ends() -> None:
    def index(request: Request) -> Reply:
        n = len(request.path)
        children = "".join(f"<sitemap><loc>{request.path}{letter}</loc></sitemap>" for letter in "abc")
        return Reply(f"<sitemapindex>{children}</sitemapindex>".encode()) if n < 60 else Reply(status=404)

    with Server({"/": page(), "/robots.txt": Reply(status=404)}, index) as server:
        _, _, crawl = run(server.url)
    assert len(only(crawl).sitemaps) == 1 + 3 + 9 + 27


def test_feeds_stand_in_for_missing_sitemaps() -> None:
    head = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    feed = Reply(b"<rss><channel><item><link>/post</link></item></channel></rss>", type="application/rss+xml")
    with Server({"/": head + page(), "/feed": feed, "/post": page()}) as server:
        pages, _, _ = run(server.url)
    assert paths(server, pages) == ["/", "/post"]


def test_a_sitemap_can_be_the_start() -> None:
    with Server({"/a": page(), "/b": page()}) as server:
        server.routes["/list.xml"] = Reply(urlset(server.url + "/a", server.url + "/b"), type="text/xml")
        pages, failures, _ = run(server.url + "/list.xml")
    assert (paths(server, pages), failures) == (["/a", "/b"], [])


# The iterator


def test_leaving_the_loop_ends_the_crawl() -> None:
    with Server(small_site(200)) as server, begun(server.url, rate=50.0) as (crawl, kept):
        for _ in crawl:
            break
        assert crawl.end is End.CLOSED
        assert len(server.log) < 100
        assert 1 <= kept.counts()[0] <= len(server.log)
    assert not [thread for thread in threading.enumerate() if thread.name == "crawl"]


def test_an_interrupt_in_the_loop_ends_the_crawl_too() -> None:
    with Server(small_site(50)) as server, begun(server.url) as (crawl, _):
        with pytest.raises(KeyboardInterrupt):
            for _ in crawl:
                raise KeyboardInterrupt
        assert crawl.end in (End.CLOSED, End.DONE)
    assert not [thread for thread in threading.enumerate() if thread.name == "crawl"]


def test_a_slow_reader_loses_nothing() -> None:
    with Server(small_site(40)) as server, begun(server.url) as (crawl, kept):
        iterator = iter(crawl)
        had = [next(iterator)]
        while crawl.end is End.RUNNING:  # it goes on by itself: documents wait on disk
            threading.Event().wait(0.01)
        assert len(kept.documents()) == 40
        had += iterator
    assert sorted(had) == sorted(set(had))
    assert len(had) == 40


@pytest.mark.parametrize("step", ["finish", "queue", "unknown", "waiting", "has_earlier", "notes", "note"])
def test_a_store_that_fails_anywhere_ends_the_crawl_with_its_reason(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with Server(small_site(20)) as server, begun(server.url) as (crawl, _):
        monkeypatch.setattr(Run, step, full)
        with pytest.raises(StoreError, match="disk is full"):
            list(crawl)
    assert not [thread for thread in threading.enumerate() if thread.name == "crawl"]


def test_a_store_that_fails_while_a_page_is_asked_for_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise StoreError("the store is damaged")

    with Server(small_site(3)) as server, begun(server.url) as (crawl, kept):
        monkeypatch.setattr(Run, "has_earlier", lambda self: True)
        monkeypatch.setattr(Run, "validators", damaged)
        with pytest.raises(StoreError, match="damaged"):
            list(crawl)
        assert kept.failures() == []


def test_progress_is_told_and_a_crawl_runs_once() -> None:
    told: list[Progress] = []
    with (
        Server(small_site(10)) as server,
        tempfile.TemporaryDirectory() as folder,
        Store(Path(folder)) as store,
    ):
        crawl = Crawl(Path(folder), store.begin([server.url], {}, "0").id, [server.url], limits(), told.append)
        assert len(list(crawl)) == 10
    assert told[-1].pages == 10
    assert told[-1].requests == 12
    assert told[-1].queued == told[-1].active == 0
    assert told[-1].bytes > 1_000
    with pytest.raises(RuntimeError):
        next(iter(crawl))
