"""The parts of a crawl that need no server: addresses, scope, traps, robots.txt, sitemaps, links, pace, addresses."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import identity
from auditor.config import CrawlLimits
from auditor.inflate import DamagedError, Inflater, TooLargeError
from auditor.page.hazard import is_hazardous
from auditor.page.snapshot import FailureKind
from auditor.store.run import Run
from auditor.store.store import Store
from auditor.web import links, private, robots, scope, sitemaps
from auditor.web.frontier import MAX_HOSTS, Frontier
from auditor.web.frontier import page as page_at
from auditor.web.pace import retry_after
from auditor.web.traps import MAX_COMBINATIONS, MAX_DATED, MAX_FACETED, MAX_NUMBERED, Traps
from tests.servers import Server, page
from tests.test_web_crawl import run

# Identity


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com/a?utm_source=x&b=1&fbclid=2#c", "https://example.com/a?b=1"),
        ("https://example.com/a;jsessionid=ABC123?b=1", "https://example.com/a?b=1"),
        ("https://example.com/?sid=12", "https://example.com/?sid=12"),
        ("https://user:secret@example.com/", "https://example.com/"),
        ("https://münchen.de/straße?q=ü b", "https://xn--mnchen-3ya.de/stra%C3%9Fe?q=%C3%BC%20b"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("ftp://example.com/", ""),
        ("https://example.com:99999/", ""),
        ("https://example.com/" + "a" * 3000, ""),
    ],
)
def test_clean(url: str, clean: str) -> None:
    assert identity.clean(url) == clean


def test_one_page_has_one_key() -> None:
    spellings = ("http://www.example.com/a%c3%a9", "https://example.com/a%C3%A9")
    assert len({identity.key(identity.clean(url)) for url in spellings}) == 1
    assert identity.key("https://example.com/a") != identity.key("https://example.com/A")
    assert identity.authority("https://www.example.com:8000/x") == "example.com:8000"
    assert identity.origin("https://www.example.com/x?y") == "https://www.example.com"


@given(st.text(max_size=60))
def test_clean_never_raises_and_is_stable(text: str) -> None:
    for url in (text, "https://example.com/" + text, "http://" + text):
        clean = identity.clean(url)
        assert clean.isascii()
        assert not set(clean) & set(" \r\n\t")
        assert identity.clean(clean) == clean


# Scope


@pytest.mark.parametrize(
    ("given_start", "url", "guessed"),
    [
        ("example.com", "https://example.com/", True),
        ("  www.example.com/blog ", "https://www.example.com/blog", True),
        ("//example.com/x", "https://example.com/x", True),
        ("localhost:8000", "https://localhost:8000/", True),
        ("http://example.com", "http://example.com/", False),
        ("ftp://example.com", "", False),
        ("javascript:alert(1)", "", False),
        ("file:///etc/passwd", "", False),
        ("http://a<b>.com/", "", False),
    ],
)
def test_start(given_start: str, url: str, guessed: bool) -> None:
    assert (scope.start(given_start).url, scope.start(given_start).guessed) == (url, guessed)


def test_scope_is_a_host_unless_widened() -> None:
    narrow = scope.Scope(CrawlLimits())
    narrow.admit("https://example.co.uk/")
    assert narrow.covers("http://www.example.co.uk/a")
    assert not narrow.covers("https://blog.example.co.uk/")
    assert not narrow.covers("https://example.co.uk:8443/")
    wide = scope.Scope(CrawlLimits(include_subdomains=True))
    wide.admit("https://www.example.co.uk/")
    assert wide.covers("https://blog.example.co.uk/")
    assert not wide.covers("https://other.co.uk/")


def test_patterns_are_on_the_whole_address_or_from_the_path() -> None:
    patterns = scope.Scope(CrawlLimits(include=("/blog/*", "*.example.com/docs/*"), exclude=("*?print=*",)))
    patterns.admit("https://www.example.com/")
    assert patterns.covers("https://example.com/blog/a")
    assert patterns.covers("https://www.example.com/docs/b")
    assert not patterns.covers("https://example.com/shop")
    assert not patterns.covers("https://example.com/blog/a?print=1")


# Frontier and traps


def admitted(keys: list[str]) -> int:
    traps = Traps()
    return sum(not traps.refuses(key) for key in keys)


def test_traps_bound_what_is_endless() -> None:
    days = [f"e.com/events/{year}/{month:02}/" for year in range(2000, 2030) for month in range(1, 13)]
    assert admitted(days) == MAX_DATED
    assert admitted([f"e.com/cal?date=2024-01-{day:02}&view={v}" for day in range(1, 29) for v in "abcd"]) == MAX_DATED
    assert admitted([f"e.com/shop?color={n}&size={m}" for n in range(30) for m in range(30)]) == MAX_FACETED
    assert admitted([f"e.com/shop?p{n}=1&q=1" for n in range(200)]) == MAX_COMBINATIONS
    assert admitted([f"e.com/?p={n}" for n in range(MAX_NUMBERED + 50)]) == MAX_NUMBERED
    assert admitted(["e.com/a/b/a/b/a/b", "e.com" + "/x1y" * 3, "e.com/" + "/".join(map(str, range(30)))]) == 0


def test_traps_leave_posts_alone() -> None:
    posts = [
        f"e.com/{2000 + n % 24}/{1 + n % 12:02}/a-post-called-{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)
    ]
    assert admitted(posts) == 600
    assert admitted([f"e.com/posts/{n}" for n in range(1_500)]) == 1_500
    assert admitted(["e.com/2020/2020/2020", "e.com/a/b/a", "e.com/"]) == 3


def test_a_larger_page_limit_lets_more_numbers_in() -> None:
    traps = Traps(max_pages=MAX_NUMBERED + 5)
    assert sum(not traps.refuses(f"e.com/posts/{n}") for n in range(MAX_NUMBERED + 50)) == MAX_NUMBERED + 5


def test_traps_say_what_they_left_out() -> None:
    traps = Traps()
    for n in range(MAX_FACETED + 7):
        traps.refuses(f"e.com/shop?a={n}&b=x")
    assert traps.refused == {f"e.com/shop?a&b (more than {MAX_FACETED})": 7}


@given(st.text(alphabet="aN1/-20?&=", max_size=80))
def test_traps_never_raise(text: str) -> None:
    assert Traps().refuses("e.com/" + text) in (True, False)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Run]:
    with Store(tmp_path) as store:
        yield store.begin(["https://e.com/"], {}, "0")


def taken(frontier: Frontier, authority: str = "e.com") -> list[str]:
    lane = frontier.lanes[authority]
    return [target.url for target in iter(lambda: frontier.take(lane), None)]


def test_the_frontier_takes_every_page_once_and_queries_last(kept: Run) -> None:
    frontier = Frontier(kept)
    addresses = ("https://e.com/a?x=1", "https://e.com/b", "http://www.e.com/b", "https://e.com/b", "https://e.com/c")
    frontier.add(page_at(url, 1) for url in addresses[:3])
    frontier.add(page_at(url, 1) for url in addresses)
    assert frontier.waiting() == 3
    assert taken(frontier) == ["https://e.com/b", "https://e.com/c", "https://e.com/a?x=1"]
    assert frontier.waiting() == 0


def test_a_frontier_goes_on_where_another_left_the_run(kept: Run) -> None:
    first = Frontier(kept)
    first.add(page_at(f"https://e.com/{name}", 1) for name in ("a", "b", "c"))
    lane = first.lanes["e.com"]
    done, flying = first.take(lane), first.take(lane)
    assert done is not None and flying is not None
    first.settle(done, None, [page_at("https://e.com/d", 2), page_at("https://e.com/a", 2)])
    assert first.waiting() == 2
    second = Frontier(kept)
    assert second.waiting() == 3
    assert taken(second) == ["https://e.com/b", "https://e.com/c", "https://e.com/d"]


def test_a_host_that_is_given_up_takes_nothing_more(kept: Run) -> None:
    frontier = Frontier(kept)
    frontier.add([page_at("https://e.com/a"), page_at("https://e.com/b")])
    assert frontier.close(frontier.lanes["e.com"]) == 2
    frontier.add([page_at("https://e.com/c")])
    assert frontier.waiting() == 0
    assert taken(frontier) == []


def test_made_up_subdomains_are_bounded(kept: Run) -> None:
    frontier = Frontier(kept)
    frontier.add(page_at(f"https://x{n}.e.com/", 1) for n in range(MAX_HOSTS + 20))
    assert len(frontier.lanes) == MAX_HOSTS
    assert sum(frontier.traps.refused.values()) == 20
    later = Frontier(kept)  # the run goes on
    later.add([page_at("https://y.e.com/", 1), page_at("https://start.e.com/", start=True)])
    assert later.lanes.keys() - frontier.lanes.keys() == {"start.e.com"}


# robots.txt


def allows(text: str, path: str) -> bool:
    return robots.Rules("https://e.com", "", 200, text, parsed=robots.parse(text)).allows(f"https://e.com{path}")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nUser-agent: auditor\nAllow: /", "/a", True),
        ("user-agent: AUDITOR/1.0 # us\ndisallow: /a", "/a", False),
        ("User-agent: auditorium\nDisallow: /", "/a", True),
        ("User-agent: audit\nDisallow: /", "/a", True),
        ("User-agent: bot\nUser-agent: auditor\nUser-agent: third\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_robots_rules(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_robots_sitemaps_and_delay() -> None:
    text = "Sitemap: https://e.com/a.xml\nsitemap: /b.xml\nSitemap: ftp://x/\nUser-agent: *\nCrawl-delay: 2.5"
    rules = robots.Rules("https://e.com", "https://e.com/robots.txt", 200, text, parsed=robots.parse(text))
    assert rules.sitemaps == ("https://e.com/a.xml", "https://e.com/b.xml")
    assert rules.delay == 2.5


def test_robots_with_a_crowd_of_agents_stays_small() -> None:
    text = "".join(f"User-agent: bot{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 15_000
    assert allows(text, "/x")


LINES = [
    "User-agent: *",
    "user agent",
    "Disallow:",
    "Disallow: /*a*b$",
    "Crawl-delay: 1e999",
    "Sitemap: //[",
    "\0",
    "%zz",
]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30))))
def test_robots_never_raises(lines: list[str]) -> None:
    text = "\n".join(lines)
    rules = robots.Rules("https://e.com", "https://e.com/robots.txt", 200, text, parsed=robots.parse(text))
    assert rules.allows("https://e.com/a%zz?b=[") in (True, False)
    assert rules.delay >= 0
    assert all(url.startswith("http") for url in rules.sitemaps)


# Sitemaps


def addresses(body: bytes) -> list[str]:
    return [entry.url for entry in sitemaps.parse(body, "https://e.com/sitemap.xml").entries]


def test_sitemap_kinds() -> None:
    assert addresses(b"<urlset><url><loc> /a </loc></url><url><loc>https://e.com/b</loc></url></urlset>") == [
        "https://e.com/a",
        "https://e.com/b",
    ]
    atom = (
        b'<feed xmlns="a"><entry><link rel="self" href="/no"/><link href="/a"/><updated>2024</updated></entry></feed>'
    )
    assert sitemaps.parse(atom, "https://e.com/").entries == (sitemaps.Entry("https://e.com/a", "2024"),)
    assert addresses(b"<rss><channel><link>/no</link><item><link>/a</link></item></channel></rss>") == [
        "https://e.com/a"
    ]
    assert addresses(b"\xef\xbb\xbfhttps://e.com/a\r\nnonsense\nhttps://e.com/b") == [
        "https://e.com/a",
        "https://e.com/b",
    ]
    assert addresses(gzip.compress(b"<urlset><url><loc>/a</loc></url></urlset>")) == ["https://e.com/a"]
    images = b"<s:urlset><s:url><s:loc>/a</s:loc><i:image><i:loc>/i.png</i:loc></i:image></s:url></s:urlset>"
    assert addresses(b"<s:urlset xmlns:s='s' xmlns:i='i'>" + images[10:]) == ["https://e.com/a"]


def test_entities_are_never_expanded() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE u [<!ENTITY l0 "/x">{lol}]><urlset><url><loc>&l9;</loc></url></urlset>'
    local = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>/&x;</loc></url></urlset>'
    for text in (bomb, local):
        sitemap = sitemaps.parse(text.encode(), "https://e.com/")
        assert sitemap.entries == ()
        assert "entities" in sitemap.problem


def test_what_stood_before_a_defect_is_kept() -> None:
    sitemap = sitemaps.parse(b"<urlset><url><loc>/a</loc></url><url><loc>/b</lo", "https://e.com/")
    assert [entry.url for entry in sitemap.entries] == ["https://e.com/a"]
    assert "well-formed" in sitemap.problem


def test_a_sitemap_is_bounded() -> None:
    many = b"<urlset>" + b"<url><loc>/a</loc></url>" * (sitemaps.MAX_ENTRIES + 10) + b"</urlset>"
    sitemap = sitemaps.parse(gzip.compress(many), "https://e.com/")
    assert len(sitemap.entries) == sitemaps.MAX_ENTRIES
    assert "50,000" in sitemap.problem
    huge = gzip.compress(b"<urlset>" + b" " * (sitemaps.MAX_BYTES + 1), compresslevel=1)
    assert "50 MB" in sitemaps.parse(huge, "https://e.com/").problem
    assert "deep" in sitemaps.parse(b"<a>" * 1_000, "https://e.com/").problem


PIECES = [
    b"<urlset>",
    b"<url>",
    b"<loc>/a</loc>",
    b"</url>",
    b"<?xml version='1.0' encoding='x'?>",
    b"&x;",
    b"\x1f\x8b",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20))))
def test_sitemaps_never_raise(pieces: list[bytes]) -> None:
    sitemap = sitemaps.parse(b"".join(pieces), "https://e.com/")
    assert all(entry.url.startswith("http") for entry in sitemap.entries)


# Links


def test_links_of_a_page() -> None:
    html = (
        b'<base href="/dir/"><link rel="canonical" href="/c"><link rel="stylesheet" href="/s.css">'
        b'<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="application/rss+xml" href="/feed">'
        b'<link rel=next href="?page=2"><meta http-equiv="Refresh" content="5; url=/moved">'
        b'<meta name=x content="1;/no">'
        b'<a href="a">1</a><a href="A.PDF">2</a><area href="/area"><a href="#x">3</a><a href="javascript:x()">4</a>'
        b'<a href="a#part">5</a><a>6</a><a href="http://[">7</a>'
    )
    found = links.discover(html, "https://e.com/x")
    assert found.pages == tuple(
        "https://e.com" + path for path in ("/c", "/de", "/dir/?page=2", "/moved", "/dir/a", "/area")
    )
    assert found.files == ("pdf",)
    assert found.feeds == ("https://e.com/feed",)


def test_links_in_other_encodings() -> None:
    assert links.discover('<a href="/ä">'.encode("utf-16"), "https://e.com/").pages == ("https://e.com/%C3%A4",)
    latin = '<meta charset="iso-8859-1"><a href="/ä">'.encode("latin-1")
    assert links.discover(latin, "https://e.com/").pages == ("https://e.com/%C3%A4",)
    assert links.discover(b'<meta charset="hex"><a href="/a">', "https://e.com/").pages == ("https://e.com/a",)


def test_links_are_bounded() -> None:
    html = b"".join(b'<a href="/%d">' % n for n in range(links.MAX_LINKS + 100))
    assert len(links.discover(html, "https://e.com/").pages) == links.MAX_LINKS


@given(
    st.lists(
        st.one_of(st.sampled_from([b"<a href=", b"<base href=//[", b">", b'"', b"\xff\xfe"]), st.binary(max_size=9))
    )
)
def test_links_never_raise(pieces: list[bytes]) -> None:
    found = links.discover(b"".join(pieces), "https://e.com/", "text/html; charset=utf-7")
    assert all(url.startswith("http") for url in found.pages)


def test_documents_that_would_choke_a_parser_are_only_scanned() -> None:
    left_open = b"<p>" + b"".join(b"<b id=%d>" % n for n in range(2_000)) + b"</p><p>x" * 2_000
    disguised = b"<div></i>" * 200_000
    for html in (b"<div>" * 200_000 + b"</div>" * 200_000, left_open, disguised):
        assert is_hazardous(html)
        found = links.discover(html + b'<A class="x" HREF="/a?b&amp;c">', "https://e.com/")
        assert found.pages == ("https://e.com/a?b&c",)
    assert not is_hazardous(page(*("/a" * 9 for _ in range(3_000)), words="<p><li><br><div><b>x</b></div>" * 5_000))


# Inflate


@given(st.binary(max_size=3_000), st.integers(1, 500))
def test_inflate_gives_back_what_was_packed(data: bytes, size: int) -> None:
    raw = zlib.compressobj(wbits=-15)
    packings = (gzip.compress(data), zlib.compress(data), gzip.compress(data[:9]) + gzip.compress(data[9:]))
    for packed in (*packings, raw.compress(data) + raw.flush()):
        inflater = Inflater(10_000)
        # Raw deflate is recognised by its first bytes, so the first piece is whole for short documents.
        parts = [packed[:20], *(packed[n : n + size] for n in range(20, len(packed), size))]
        assert b"".join(inflater.feed(part) for part in parts) == data


def test_inflate_stops_bombs_and_damage() -> None:
    with pytest.raises(TooLargeError):
        Inflater(1_000).feed(gzip.compress(b"\0" * 50_000_000))
    with pytest.raises(DamagedError):
        Inflater(1_000).feed(b"\x07 not packed")
    packed = gzip.compress(b"words")
    assert Inflater(5).feed(packed[:-6]) == b"words"
    assert Inflater(5).feed(packed + b"rubbish") == b"words"


# Pace


def test_retry_after() -> None:
    now = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
    assert retry_after("7", 0, now) == 7.0
    assert retry_after("Wed, 01 May 2024 12:00:30 GMT", 0, now) == 30.0
    assert retry_after("Wed, 01 May 2024 11:00:00 GMT", 0, now) == 0.0
    assert retry_after("", 1, now) > retry_after("soon", 0, now) > 0


@given(st.text(max_size=40))
def test_retry_after_never_raises(text: str) -> None:
    assert retry_after(text, 0) >= 0


# Private addresses and TLS


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "::ffff:127.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "no address",
    ],
)  # fmt: skip
def test_private(address: str) -> None:
    assert private.is_private(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert not private.is_private(address)


def test_a_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection asks once and goes to what was judged, so that a second answer (DNS rebinding) has no use."""
    asked: list[str] = []

    async def rebind(self: object, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) > 1 else "198.51.100.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", rebind)
    with pytest.raises(private.PrivateAddressError):
        asyncio.run(private.resolve("rebind.example", 80, allow_private=False))  # 198.51.100.0/24 is no public site
    with pytest.raises(private.PrivateAddressError):
        asyncio.run(private.resolve("rebind.example", 80, allow_private=False))
    assert asyncio.run(private.resolve("rebind.example", 80, allow_private=True)) == ("127.0.0.1",)
    assert asked == ["rebind.example"] * 3


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate of the test server")
def test_an_invalid_certificate_is_told_apart(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ("-subj", "/CN=localhost", "-days", "2")
    command = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        certificate,
        *subject,
    )
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Server({"/": page()}, tls=context) as server:
        _, (failure,), _ = run(server.url)
    assert failure.kind is FailureKind.TLS
    assert "self-signed" in failure.detail
    assert server.log == []


def test_plain_http_on_an_https_address_is_told_apart() -> None:
    with Server({"/": page()}) as server:
        _, (failure,), _ = run(server.url.replace("http:", "https:"))
    assert failure.kind is FailureKind.UNREACHABLE
    assert "http://" in failure.detail
