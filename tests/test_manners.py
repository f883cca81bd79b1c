"""Manners and coverage of `auditor scan` as a real server sees them: nginx, judged by its own log."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.nginx import BINARY, OPENSSL, Line, Nginx, at_once, tightest, write_site
from tests.scans import Scanned, offers, scan
from tests.servers import page

pytestmark = pytest.mark.skipif(BINARY is None, reason="needs nginx: scripts/packages.sh nginx")

PAGES = 120
ORPHANS = 3
"""Pages that nothing but the sitemap names."""
CONCURRENCY = 3

# Requests over the rate wait in nginx, so that a client has as many in work as it ever will.
SLOW = "limit_req_zone $server_port zone=all:1m rate=150r/s;"
SLOWLY = "limit_req zone=all burst=900;"

LATE = 0.7
"""The share of a distance that is demanded: on a busy machine a request is logged late, and the one after it is not."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan of the site, and what the servers noted of it."""

    site: str
    log: list[Line]
    elsewhere: list[Line]
    scanned: Scanned

    @property
    def paths(self) -> list[str]:
        return [line.path for line in self.log]


def post(number: int) -> str:
    return f"/{'abcdefghij'[number % 10]}/post-{number}/"


def article(number: int, elsewhere: str) -> bytes:
    """A page of the large site, with ways to ask for more than there is."""
    onward = [post(n) for n in range(number + 1, min(number + 9, PAGES - ORPHANS))]
    again = [
        f"{link}{tail}"
        for link, tail in zip(onward, ("?utm_source=x", f"?PHPSESSID={number:032x}", "#part"), strict=False)
    ]
    return page(
        *onward, *again, f"/secret/{number}", f"{elsewhere}/from-{number}", "mailto:a@b.c", title=f"Post {number}"
    )


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Seen, Seen]]:
    """A scan of the large site and a second one into the same store."""
    folder = tmp_path_factory.mktemp("manners")
    packed = "gzip on; gzip_min_length 1;"
    with Nginx(folder / "elsewhere") as elsewhere, Nginx(folder / "site", http=SLOW + packed, server=SLOWLY) as server:
        made = {post(number): article(number, elsewhere.url) for number in range(1, PAGES)}
        listed = "".join(f"<url><loc>{server.url}{path}</loc></url>" for path in made)
        index = f"<sitemapindex><sitemap><loc>{server.url}/posts.xml.gz</loc></sitemap></sitemapindex>"
        rules = f"User-agent: *\nDisallow: /\n\nUser-agent: Auditor\nDisallow: /secret/\n\nSitemap: {server.url}/index.xml\n"
        write_site(
            folder / "site",
            {
                "/": article(0, elsewhere.url),
                **made,
                **{f"/secret/{number}": page() for number in range(PAGES)},
                "/robots.txt": rules.encode(),
                "/index.xml": index.encode(),
                "/posts.xml.gz": gzip.compress(f"<urlset>{listed}</urlset>".encode()),
            },
        )
        seen: list[Seen] = []
        for _ in range(2):
            contact = ("--contact", "https://example.com/about") if offers("--contact") else ()
            scanned = scan(server.url, "--concurrency", str(CONCURRENCY), *contact, store=folder / "store")
            seen.append(Seen(server.url, server.log, elsewhere.log, scanned))
            server.forget()
        yield seen[0], seen[1]


@pytest.fixture(scope="module")
def first(scans: tuple[Seen, Seen]) -> Seen:
    return scans[0]


def test_every_page_is_had_once_with_hardly_a_request_more(first: Seen) -> None:
    assert (first.scanned.code, first.scanned.failures) == (0, {})
    assert first.scanned.pages == sorted([first.site + "/", *(first.site + post(number) for number in range(1, PAGES))])
    assert len(first.log) <= PAGES * 1.05
    assert sorted(set(first.paths)) == sorted(first.paths)
    assert {line.status for line in first.log} == {200}


def test_robots_txt_comes_first_and_once(first: Seen) -> None:
    assert min(first.log, key=lambda line: line.began).path == "/robots.txt"
    assert first.paths.count("/robots.txt") == 1


def test_the_group_of_our_name_decides_and_what_it_forbids_is_never_asked(first: Seen) -> None:
    assert len(first.log) > PAGES  # the group for everybody forbids all
    assert not [path for path in first.paths if path.startswith("/secret")]


def test_we_say_who_we_are_with_every_request(first: Seen) -> None:
    (agent,) = {line.agent for line in first.log}
    assert re.match(r"auditor/\d", agent)


def test_the_user_agent_names_a_contact(first: Seen) -> None:
    if not offers("--contact"):
        pytest.skip("auditor scan has no --contact")
    assert re.fullmatch(r"auditor/[\d.]+ \(.*\+https://example\.com/about\)", first.log[0].agent)


def test_no_more_requests_and_connections_at_once_than_allowed(first: Seen) -> None:
    assert 1 < at_once(first.log) <= CONCURRENCY
    assert max(line.open for line in first.log) <= CONCURRENCY
    assert len({line.connection for line in first.log}) <= CONCURRENCY


def test_nothing_is_asked_outside_the_site(first: Seen) -> None:
    assert first.elsewhere == []
    assert {line.host for line in first.log} == {first.site.removeprefix("http://")}


def test_tracking_and_session_parameters_make_no_new_addresses(first: Seen) -> None:
    assert not [path for path in first.paths if re.search(r"[?#]", path)]


def test_sitemaps_are_read_from_robots_txt_by_an_index_and_packed(first: Seen) -> None:
    assert {"/index.xml", "/posts.xml.gz"} <= set(first.paths)
    assert "/sitemap.xml" not in first.paths
    orphans = {first.site + post(number) for number in range(PAGES - ORPHANS, PAGES)}
    assert orphans <= set(first.scanned.pages)


def test_the_second_run_asks_only_what_has_changed(scans: tuple[Seen, Seen]) -> None:
    first, second = scans
    pages = [line for line in second.log if line.path == "/" or "/post-" in line.path]
    assert len(pages) == PAGES
    assert {line.status for line in pages} == {304}
    assert all(line.etag and line.since for line in pages)
    assert not any(line.etag or line.since for line in first.log)
    assert second.scanned.pages == first.scanned.pages
    assert second.scanned.report["summary"] == first.scanned.report["summary"]


def small(root: Path, count: int, rules: str = "") -> Path:
    """A site whose front page links to all others."""
    pages = {f"/page-{chr(97 + number)}.html": page("/") for number in range(1, count)}
    return write_site(root, {"/": page(*pages), **pages, **({"/robots.txt": rules.encode()} if rules else {})})


def test_no_more_requests_a_second_than_allowed(tmp_path: Path) -> None:
    with Nginx(small(tmp_path, 16)) as server:
        assert scan(server.url, "--rate", "20", "--concurrency", "2").code == 0
        log = server.log
    assert len(log) >= 16
    for steps in (6, 12, len(log) - 1):
        assert tightest(log, steps) >= (steps - 2) / 20 * LATE  # two that waited too long may go together


def test_a_crawl_delay_of_our_own_group_keeps_requests_apart(tmp_path: Path) -> None:
    rules = "User-agent: *\nCrawl-delay: 20\n\nUser-agent: auditor\nCrawl-delay: 0.2\n"
    with Nginx(small(tmp_path, 8, rules), http=SLOW, server=SLOWLY) as server:
        assert len(scan(server.url).pages) == 8
        log = server.log
    assert at_once(log) == 1
    assert tightest([line for line in log if line.path != "/robots.txt"], 4) >= 4 * 0.2 * LATE


BUSY = """
limit_req zone=few burst=2 nodelay; limit_req_status 429; error_page 429 @busy;
location @busy { add_header Retry-After 1 always; return 429; }
"""


def test_a_server_that_asks_to_wait_is_left_alone_for_so_long(tmp_path: Path) -> None:
    with Nginx(small(tmp_path, 7), http="limit_req_zone $server_port zone=few:1m rate=2r/s;", server=BUSY) as server:
        scanned = scan(server.url, "--concurrency", "1")
        log = server.log
    assert (scanned.code, len(scanned.pages), scanned.failures) == (0, 7, {})
    refused = [line for line in log if line.status == 429]
    assert refused
    for line in refused:
        assert not [other for other in log if line.ended < other.began < line.ended + 0.95]


REFUSALS = """
location = /forbidden { return 403; }
location = /members { return 401; }
location = /busy { add_header Retry-After 0 always; return 429; }
location = /later { add_header Retry-After 9999 always; return 503; }
location = /lost { return 404; }
"""


def test_a_refusal_is_no_broken_page(tmp_path: Path) -> None:
    refusals = ("/forbidden", "/members", "/busy", "/later")
    write_site(tmp_path, {"/": page(*refusals, "/lost", "/fine.html"), "/fine.html": page()})
    with Nginx(tmp_path, server=REFUSALS) as server:
        scanned = scan(server.url)
        paths = server.paths
    failures = {url.removeprefix(server.url): told for url, told in scanned.failures.items()}
    assert scanned.code == 0
    assert set(failures) == {*refusals, "/lost"}
    for path in refusals:
        kind, detail = failures[path]
        assert kind == "refused"
        assert detail.startswith("could not look")
    assert failures["/lost"][0] == "missing"
    assert paths.count("/busy") == 3  # asked again as often as it said when to
    assert paths.count("/later") == 1
    findings = [one for each in scanned.report["pages"] for one in each["findings"]]
    broken = [one["message"] for one in findings if one["check"] == "broken-link"]
    assert broken
    assert not [message for message in broken for path in refusals if path in message]


def test_what_robots_txt_without_an_answer_allows(tmp_path: Path) -> None:
    """RFC 9309, 2.3.1: 4xx allows all, 5xx nothing. And a site that refuses its front page is no pass."""
    site = write_site(tmp_path, {"/": page()})
    rules = "location = /robots.txt {{ add_header Retry-After 9999 always; return {}; }}"
    refuses = "location = / { return 403; }"
    with ExitStack() as stack:
        lines = (*(rules.format(status) for status in (404, 403, 503)), refuses)
        missing, forbidden, down, closed = (stack.enter_context(Nginx(site, server=line)) for line in lines)
        scanned = scan(missing.url, forbidden.url, down.url, closed.url)
        for allowing in (missing, forbidden):
            assert allowing.paths[:2] == ["/robots.txt", "/"]
        assert down.paths == ["/robots.txt"]
        assert scanned.code == 2
        assert scanned.pages == sorted((missing.url + "/", forbidden.url + "/"))
        assert {url: kind for url, (kind, _) in scanned.failures.items()} == {
            down.url + "/": "robots",
            closed.url + "/": "refused",
        }
        assert any("could not look: 403" in line for line in scanned.errors)


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl, which makes the certificate of the server")
def test_http_2_over_tls(tmp_path: Path) -> None:
    with Nginx(small(tmp_path, 6), tls=True) as server:
        scanned = scan(server.url, env={"SSL_CERT_FILE": str(server.certificate)})
        log = server.log
        distrusted = scan(server.url)
        assert len(server.log) == len(log)
    assert (scanned.code, len(scanned.pages)) == (0, 6)
    assert {line.protocol for line in log} == {"HTTP/2.0"}
    assert len({line.connection for line in log}) == 1
    assert distrusted.code == 2
    assert distrusted.failures[server.url + "/"][0] == "tls"


PASSWORD = "open {SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="  # password


def test_basic_authentication(tmp_path: Path) -> None:
    if not offers("--basic-auth"):
        pytest.skip("auditor scan has no --basic-auth")
    (tmp_path / "htpasswd").write_text(PASSWORD.replace(" ", ":") + "\n")
    members = f"auth_basic staging; auth_basic_user_file {tmp_path}/htpasswd;"
    with Nginx(small(tmp_path / "site", 4), server=members) as server:
        scanned = scan(
            server.url, "--basic-auth", "open", env={"AUDITOR_PASSWORD": "password"}, store=tmp_path / "store"
        )
        log = server.log
    assert len(scanned.pages) == 4
    assert {line.user for line in log if line.status == 200} == {"open"}
    kept = [file.read_bytes() for file in (tmp_path / "store").rglob("*") if file.is_file()]
    assert kept
    assert not [file for file in kept if b"password" in file or b"b3BlbjpwYXNzd29yZA" in file]
