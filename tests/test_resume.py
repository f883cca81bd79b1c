"""Runs that are broken off, gone on with, audited again and asked about again."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli import app
from auditor.config import CrawlLimits
from auditor.page.snapshot import Failure, FailureKind
from auditor.render.json import render_json
from auditor.store.run import Run
from auditor.store.store import State, Store
from auditor.web.crawl import Crawl
from auditor.web.record import End
from tests.demo import NOW, outcome, program, scanning
from tests.servers import Reply, Request, Route, Server, moved, page, small_site
from tests.test_cli import answer
from tests.test_cli import crawl as crawl  # a fixture: it stands in for crawl and audit
from tests.test_web_crawl import limits, urlset

# A scan that is broken off again and again


@dataclass(frozen=True, slots=True)
class Told:
    """How a scan and the same scan with interruptions went."""

    whole: dict[str, Any]
    pieced: dict[str, Any]
    again: dict[str, Any]
    """What was reported from the store when the server was gone."""
    stopped: tuple[int, str]
    """Exit code and words of the one that was stopped by Ctrl-C."""
    pages_then: int
    asked: Counter[str]
    """What was asked for in all of its parts together."""
    asked_once: Counter[str]
    """What was asked for without interruption."""
    outlived: set[int]
    """Workers that went on without their scan."""


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def mixed_site() -> dict[str, Route]:
    """Pages and whatever else a crawl may meet."""
    ways = ("/gone", "/hop-a", "/circle-a", "/blank", "/image", "/far", "/busy")
    site = small_site(30)
    return {
        **site,
        "/robots.txt": b"User-agent: *\nDisallow: /post-f5",
        "/": page("/post-b1", "/post-c2", *ways),
        "/post-h7": page("/post-i8", "/gone", "/hop-b", "/only-here"),
        "/only-here": page(words="More words to read than elsewhere."),
        "/hop-a": moved("/hop-b"),
        "/hop-b": moved("/landed", 302),
        "/landed": page("/circle-b"),
        "/circle-a": moved("/circle-b"),
        "/circle-b": moved("/circle-a"),
        "/blank": b"<script>1</script>",
        "/image": Reply(b"\x89PNG", type="image/png"),
        "/far": moved("https://example.com/"),
        "/busy": Reply(status=503, headers={"Retry-After": "86400"}),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    store = tmp_path_factory.mktemp("store")
    site = mixed_site()
    act: list[tuple[int, Callable[[], None]]] = []
    acted: list[bool] = []

    def answer(request: Request) -> Reply:
        if act and len(server.log) >= act[0][0]:
            acted.append(True)
            act.pop()[1]()
        found = site.get(request.path, Reply(b"no", 404))
        reply = found if isinstance(found, Reply) else Reply(found)  # type: ignore[arg-type]
        # On a busy machine a signal takes its time, and the crawl must not be over before it has come.
        return replace(reply, delay=1.0) if acted else reply

    with Server({}, answer) as server:
        code, whole, said = outcome(program(tmp_path_factory.mktemp("other"), server.url))
        assert code == 0, said
        asked_once = Counter(server.paths)
        server.log.clear()

        def broken(at: int, how: Callable[[int], None], *arguments: str) -> tuple[int, str]:
            """A scan to which something happens when the server gets its `at`th request."""
            process = program(store, *arguments)
            act.append((at, lambda: how(process.pid)))
            code, _, said = outcome(process)
            acted.clear()
            assert not act
            return code, said

        code, said = broken(9, lambda pid: os.killpg(pid, signal.SIGINT), server.url)
        with Store(store) as kept:
            pages_then = kept.info(1).pages
            assert kept.info(1).state is State.STOPPED
        assert broken(18, lambda pid: os.killpg(pid, signal.SIGKILL), "--resume", server.url)[0] == -signal.SIGKILL
        workers: set[int] = set()

        def alone(pid: int) -> None:
            workers.update(children(pid))
            os.kill(pid, signal.SIGKILL)

        assert broken(28, alone, "--resume")[0] == -signal.SIGKILL
        for _ in range(500):
            if not any(map(runs, workers)):
                break
            threading.Event().wait(0.02)
        outlived = {pid for pid in workers if runs(pid)}
        assert workers or sys.platform != "linux"
        last, pieced, words = outcome(program(store, "--resume"))
        assert last == 0, words
        asked = Counter(server.paths)
    last, again, words = outcome(program(store, "--from-run", "1"))
    assert last == 0, words
    yield Told(whole, pieced, again, (code, said), pages_then, asked, asked_once, outlived)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc")


def test_a_scan_that_was_broken_off_reports_what_an_uninterrupted_one_does(told: Told) -> None:
    assert len(told.whole["pages"]) == 31
    assert [failure["kind"] for failure in told.whole["failures"]] == ["empty", "refused", "redirect", "missing"]
    assert told.pieced == told.whole


def test_nothing_but_what_was_in_flight_is_asked_for_twice(told: Told) -> None:
    assert told.asked.keys() == told.asked_once.keys()
    assert told.asked["/robots.txt"] == 1
    assert sum((told.asked - told.asked_once).values()) <= 3 * CrawlLimits().concurrency


def test_ctrl_c_keeps_everything_and_says_how_to_go_on(told: Told) -> None:
    code, said = told.stopped
    assert code == 130
    assert said.strip().splitlines() == [
        f"stopped; {told.pages_then} pages are kept as run 1. `auditor scan --resume` goes on, "
        "`auditor scan --from-run 1` reports on what is there.",
        "interrupted",
    ]
    assert told.pages_then >= 9 - 2 - CrawlLimits().concurrency  # robots.txt and the sitemap are no pages


def test_a_run_is_audited_again_without_network(told: Told) -> None:
    assert told.again == told.whole


def test_no_worker_outlives_its_scan(told: Told) -> None:
    assert told.outlived == set()


def test_ctrl_c_while_pages_are_judged_says_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crawl: dict[str, Any]
) -> None:
    def interrupted(self: Any, *_: Any) -> None:
        with Store(tmp_path / "store") as store:
            store.end(1, State.DONE)
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["auditor.scan.scan"].Scan, "audit", interrupted)
    result = CliRunner().invoke(app, ["scan", "https://example.com/"])
    assert result.exit_code == 130
    assert "all 0 pages are kept as run 1. `auditor scan --from-run 1` reports on them." in result.stderr
    assert "--resume" not in result.stderr


def test_without_a_store_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with Server(small_site(3)) as server:
        code, report, said = outcome(program(tmp_path / "store", server.url, "--no-store"))
    assert (code, len(report["pages"])) == (0, 3), said
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "store").exists()


# A crawl that goes on, in one process


def documents(kept: Run) -> dict[str, bytes]:
    found = [kept.document(number) for number in kept.documents()]
    assert len({one.url for one in found}) == len(found)
    return {one.url or "": one.body for one in found}


def records(crawl: Crawl) -> list[tuple[str, int, list[tuple[str, int]]]]:
    return [(r.host, r.listed, sorted((s.url, s.entries) for s in r.sitemaps)) for r in crawl.hosts.values()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("stops", [(1,), (7, 8, 30), (39,)])
def test_a_crawl_goes_on_where_it_was_left(stops: tuple[int, ...], store: Store) -> None:
    with Server(small_site(40)) as server:
        kept = store.begin([server.url], {}, "0")
        for stop in stops:
            for _ in Crawl(store.folder, kept.id, [server.url], limits()):
                if kept.counts()[0] >= stop:
                    break
        crawl = Crawl(store.folder, kept.id, [server.url], limits())
        before = kept.counts()[0]
        assert len(list(crawl)) == 40 - before
        assert documents(kept).keys() == {server.url + path for path in server.routes}
        repeated = Counter(server.paths)
        assert sum(repeated.values()) - len(repeated) <= len(stops) * CrawlLimits().concurrency
        assert crawl.end is End.DONE
        progress = crawl.progress
        assert (progress.pages, progress.fresh, progress.queued) == (40, 40 - before, 0)


def test_a_run_goes_on_where_its_limit_is_raised(store: Store) -> None:
    with Server(small_site(20)) as server:
        kept = store.begin([server.url], {}, "0")
        for limit, end in ((5, End.PAGES), (5, End.PAGES), (12, End.PAGES), (50, End.DONE)):
            crawl = Crawl(store.folder, kept.id, [server.url], limits(max_pages=limit))
            list(crawl)
            assert (crawl.end, kept.counts()) == (end, (min(limit, 20), 0))
        assert set(Counter(server.paths).values()) == {1}


def test_a_survey_of_sitemaps_goes_on_half_way(store: Store) -> None:
    with Server({"/": page("/linked"), "/linked": page()}) as server:
        parts = [f"{server.url}/{n}.xml" for n in range(12)]
        index = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
        server.routes["/robots.txt"] = f"Sitemap: {server.url}/index.xml".encode()
        server.routes["/index.xml"] = Reply(f"<sitemapindex>{index}</sitemapindex>".encode(), type="application/xml")
        held = threading.Event()
        hold = Reply(b"", delay=60)

        def late(request: Request) -> Reply:
            held.set()
            return hold

        for n in range(12):
            server.routes[f"/orphan-{n}"] = page()
            listing = Reply(urlset(f"{server.url}/orphan-{n}"), type="application/xml")
            server.routes[f"/{n}.xml"] = late if n in (5, 6, 7, 8) else listing
        kept = store.begin([server.url], {}, "0")
        for _ in Crawl(store.folder, kept.id, [server.url], limits()):
            assert held.wait(20)
            while len([p for p in server.paths if p in ("/5.xml", "/6.xml", "/7.xml", "/8.xml")]) < 4:
                threading.Event().wait(0.01)
            break
        for n in (5, 6, 7, 8):
            server.routes[f"/{n}.xml"] = Reply(urlset(f"{server.url}/orphan-{n}"), type="application/xml")
        crawl = Crawl(store.folder, kept.id, [server.url], limits())
        list(crawl)
        expected = {"/", "/linked", *(f"/orphan-{n}" for n in range(12))}
        assert documents(kept).keys() == {server.url + path for path in expected}
        assert len(dict(kept.listed())) == 12
        asked = Counter(server.paths)
        assert {path for path, count in asked.items() if count > 1} == {f"/{n}.xml" for n in (5, 6, 7, 8)}
        assert "/sitemap.xml" not in asked
        assert records(crawl) == [
            (
                server.url.partition("://")[2],
                12,
                sorted([(f"{server.url}/index.xml", 0), *((part, 1) for part in parts)]),
            )
        ]


def test_too_many_sitemaps_are_not_asked_for(store: Store) -> None:
    def index(request: Request) -> Reply:
        children = "".join(f"<sitemap><loc>{request.path}/{n}</loc></sitemap>" for n in range(30))
        return Reply(f"<sitemapindex>{children}</sitemapindex>".encode(), type="application/xml")

    with Server({"/": page(), "/robots.txt": Reply(status=404)}, index) as server:
        kept = store.begin([server.url], {}, "0")
        list(Crawl(store.folder, kept.id, [server.url], limits()))
        assert 100 <= sum(path.startswith("/sitemap.xml") for path in server.paths) < 100 + CrawlLimits().concurrency


def test_a_start_that_moved_is_still_in_scope_when_the_run_goes_on(store: Store) -> None:
    with Server(small_site(12)) as new, Server({"/": moved(new.url + "/")}) as old:
        given = old.url.removeprefix("http://")  # without a scheme: https is tried first
        kept = store.begin([given], {}, "0")
        for _ in Crawl(store.folder, kept.id, [given], limits()):
            break
        list(Crawl(store.folder, kept.id, [given], limits()))
        assert documents(kept).keys() == {new.url + path for path in new.routes}
        assert kept.failures() == []


def test_what_was_said_is_not_said_again_when_a_run_goes_on(store: Store) -> None:
    with Server({"/robots.txt": Reply(status=500), "/": page()}) as shut, Server({"/": page()}) as server:
        server.routes["/robots.txt"] = f"Sitemap: {server.url}/list.xml".encode()
        server.routes["/list.xml"] = Reply(urlset(shut.url + "/", shut.url + "/a"), type="application/xml")
        starts = ["ftp://example.com/", server.url]
        kept = store.begin(starts, {}, "0")
        for _ in range(2):
            list(Crawl(store.folder, kept.id, starts, limits(include_subdomains=True)))
            assert sorted(one.kind for one in kept.failures()) == [FailureKind.BAD_URL, FailureKind.ROBOTS]
            # As if it had been killed just before it noted what came of its targets:
            store.connection.execute("UPDATE targets SET done = 0 WHERE flags & 1 = 0")
        assert shut.paths == ["/robots.txt"]


def test_a_host_that_was_given_up_while_others_are_in_flight_leaves_these_to_be_settled(store: Store) -> None:
    site: dict[str, Route] = {"/": page(*(f"/gone-{chr(97 + n)}" for n in range(26)))}
    with Server(site, lambda _: Reply(drop=True)) as server:
        server.routes["/robots.txt"] = server.routes["/sitemap.xml"] = Reply(status=404)
        kept = store.begin([server.url], {}, "0")
        crawl = Crawl(store.folder, kept.id, [server.url], limits(concurrency=4))
        list(crawl)
        tried = {path for path in server.paths if path.startswith("/gone")}
        (record,) = crawl.hosts.values()
        assert record.abandoned == 26 - len(tried)
        assert len(kept.failures()) == len(tried) + 1
        assert sum(f"{record.abandoned} addresses not tried" in failure.detail for failure in kept.failures()) == 1


# The next run asks what has changed


@dataclass(slots=True)
class Versions:
    """A site whose server knows what a reader has; by path the body and its headers."""

    bodies: dict[str, bytes]
    etag: bool = True
    modified: bool = True

    def __call__(self, request: Request) -> Reply:
        body = self.bodies.get(request.path)
        if body is None:
            return Reply(b"no", 404)
        tag, date = f'"{len(body)}-{sum(body)}"', f"Tue, 0{1 + sum(body) % 9} Oct 2024 10:00:00 GMT"
        headers = ({"ETag": tag} if self.etag else {}) | ({"Last-Modified": date} if self.modified else {})
        asked = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        known = (self.etag and asked[0] == tag) or (not self.etag and self.modified and asked[1] == date)
        if known:
            return Reply(b"", 304, type="application/octet-stream", headers=headers)
        return Reply(body, headers=headers)


def again(store: Store, url: str) -> tuple[Run, Crawl]:
    kept = store.begin([url], {}, "0")
    crawl = Crawl(store.folder, kept.id, [url], limits())
    list(crawl)
    return kept, crawl


@pytest.mark.parametrize(("etag", "modified"), [(True, True), (True, False), (False, True)])
def test_the_next_run_asks_only_for_what_has_changed(etag: bool, modified: bool, store: Store) -> None:
    site = Versions({"/": page("/a", "/b"), "/a": page(words="old words"), "/b": page(words="b")}, etag, modified)
    with Server({}, site) as server:
        first, _ = again(store, server.url)
        assert not any({"if-none-match", "if-modified-since"} & request.headers.keys() for request in server.log)
        second, crawl = again(store, server.url)
        (record,) = crawl.hosts.values()
        assert (record.revalidated, crawl.progress.bytes) == (3, 0)
        assert documents(second) == documents(first)
        found = [{one.url: one for one in map(kept.document, kept.documents())} for kept in (first, second)]
        for url, theirs in found[0].items():
            mine = found[1][url]
            assert (mine.headers, mine.status, mine.format) == (theirs.headers, 200, theirs.format)
        site.bodies["/a"] = page("/c", words="new words")
        site.bodies["/c"] = page(words="found by the new version")
        third, crawl = again(store, server.url)
        (record,) = crawl.hosts.values()
        assert record.revalidated == 2
        assert documents(third) == {server.url + path: body for path, body in site.bodies.items()}
        del site.bodies["/b"]
        fourth, _ = again(store, server.url)
        assert [failure.url for failure in fourth.failures()] == [server.url + "/b"]
        assert etag is any("if-none-match" in request.headers for request in server.log)
        assert modified is any("if-modified-since" in request.headers for request in server.log)


def test_a_page_without_validators_is_fetched_anew(store: Store) -> None:
    with Server({}, Versions({"/": page()}, etag=False, modified=False)) as server:
        again(store, server.url)
        _, crawl = again(store, server.url)
        (record,) = crawl.hosts.values()
        assert record.revalidated == 0
        assert not any({"if-none-match", "if-modified-since"} & request.headers.keys() for request in server.log)


def test_a_report_of_pages_that_have_not_changed_is_the_same(tmp_path: Path) -> None:
    with scanning(tmp_path) as first, scanning(tmp_path) as second:
        site = Versions({"/": page("/a", "/b"), "/a": page(words="a"), "/b": page("/gone")})
        with Server({}, site) as server:
            reports = []
            for scan in (first, second):
                scan.crawl([server.url])
                report = scan.audit(["test"], NOW)
                skipped = tuple(
                    one for one in report.skipped if one.check != "new-domain"
                )  # the second knows the first
                reports.append(render_json(replace(report, pages=tuple(report.pages), skipped=skipped)))
        assert reports[0] == reports[1]
        assert second.run.notes()[server.url.partition("://")[2]]["revalidated"] == 3


# What the command line makes of it; crawl and audit are stood in for


def ran(*arguments: str, input: str | bytes | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["scan", *arguments], input=input, prog_name="auditor")
    return result.exit_code, result.stderr


def test_a_run_that_goes_on_keeps_its_limits_but_those_that_are_named(crawl: dict[str, Any], tmp_path: Path) -> None:
    ran("example.com", "--max-pages", "7", "--depth", "2", "--exclude", "*.pdf", "--rate", "3", "--no-robots")
    begun = crawl["config"].crawl
    ran("--resume")
    assert crawl["starts"] == ["example.com"]
    assert crawl["config"].crawl == begun
    ran("--resume", "--max-pages", "9", "--rate", "5", "example.com")
    assert crawl["config"].crawl == replace(begun, max_pages=9, rate=5.0)
    ran("--resume")  # the new limits are the run's own from now on
    assert crawl["config"].crawl == replace(begun, max_pages=9, rate=5.0)
    with Store(tmp_path / "store") as store:
        assert [(info.id, info.state) for info in store.runs()] == [(1, State.RUNNING)]


def test_nothing_to_resume_is_an_error_that_says_what_to_do(crawl: dict[str, Any], tmp_path: Path) -> None:
    assert ran("--resume") == (
        2,
        "error: there is no run to resume; leave --resume out to begin one, or see `auditor runs`\n",
    )
    ran("https://example.com/")
    with Store(tmp_path / "store") as store:
        store.end(1, State.DONE)
        assert not store.finished(1), "killed while it was audited"
        store.connection.execute("INSERT INTO reports VALUES (1, x'00')")
        assert store.finished(1)
    assert "error: there is no run to resume" in ran("--resume", "https://example.com/")[1]
    assert crawl["starts"] == ["https://example.com/"]


def test_what_was_killed_before_it_had_begun_begins(crawl: dict[str, Any], tmp_path: Path) -> None:
    ran("--resume", "https://example.com/")
    assert crawl["starts"] == ["https://example.com/"]
    with Store(tmp_path / "store") as store:
        assert [info.id for info in store.runs()] == [1]


def test_a_run_that_is_not_there_is_an_error(crawl: dict[str, Any]) -> None:
    code, said = ran("--from-run", "7")
    assert (
        code == 2 and said.startswith("error: there is no run 7 in ") and said.endswith("`auditor runs` lists them\n")
    )


@pytest.mark.parametrize("option", [["--resume"], ["--from-run", "1"], ["--store", "x"]])
def test_no_store_goes_with_nothing_that_needs_one(option: list[str], crawl: dict[str, Any]) -> None:
    code, said = ran("example.com", "--no-store", *option)
    assert code == 2 and said.startswith("error: --no-store keeps nothing")


def test_a_check_that_does_not_exist_begins_no_run(crawl: dict[str, Any], tmp_path: Path) -> None:
    assert ran("example.com", "--select", "nonsense")[0] == 2
    with Store(tmp_path / "store") as store:
        assert store.runs() == []


LIST = "# of the spring\r\nhttps://a.example/x\n\n  https://b.example/  \n   # another\nc.example"
LISTED = ["https://a.example/x", "https://b.example/", "c.example"]


@pytest.mark.parametrize("text", [LIST, "\ufeff" + LIST])
def test_addresses_come_from_a_list(text: str, crawl: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(text.encode())
    ran("--url-list", str(file))
    assert crawl["starts"] == LISTED
    assert crawl["config"].crawl.max_depth == 0  # those pages and no others
    ran("--url-list", "-", input=text.encode())
    assert crawl["starts"] == LISTED
    ran("d.example", "--url-list", str(file), "--max-pages", "2")
    assert crawl["starts"] == ["d.example", *LISTED]
    limits = crawl["config"].crawl
    assert (limits.max_pages, limits.max_depth) == (4, CrawlLimits().max_depth)
    ran("--url-list", str(file), "--depth", "1")
    assert crawl["config"].crawl.max_depth == 1


def test_a_list_in_no_known_encoding_is_read_all_the_same(crawl: dict[str, Any]) -> None:
    ran("--url-list", "-", input=b"https://a.example/caf\xe9\n")
    assert crawl["starts"] == ["https://a.example/caf\ufffd"]


@pytest.mark.parametrize("data", [b"", b"\n\n# nothing\n"])
def test_a_list_of_nothing_is_an_error(data: bytes, crawl: dict[str, Any]) -> None:
    assert ran("--url-list", "-", input=data) == (2, "error: there is no address in -; put one on each line\n")


def test_a_list_that_cannot_be_read_is_an_error(crawl: dict[str, Any], tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere", tmp_path):
        code, said = ran("--url-list", str(file))
        assert code == 2 and said.startswith(f"error: cannot read {file} (")
    assert ran() == (
        2,
        "error: nothing to scan; name an address like https://example.com/, or use --resume or --from-run\n",
    )


def test_a_page_of_a_list_that_is_gone_is_no_error_and_one_that_was_named_is(
    crawl: dict[str, Any], tmp_path: Path
) -> None:
    crawl["answers"] = [answer("https://a.example/x"), Failure(FailureKind.MISSING, "404", url="https://c.example/")]
    file = tmp_path / "list.txt"
    file.write_text(LIST)
    assert ran("--url-list", str(file))[0] == 0
    assert ran("--resume")[0] == 0
    assert ran("c.example", "--url-list", str(file))[0] == 2
    assert ran("--resume")[0] == 2


@pytest.mark.parametrize(("pages", "least", "code"), [(3, 3, 0), (3, 4, 1), (1, 1, 0), (0, 5, 2)])
def test_too_few_pages_stop_at_the_gate_and_none_are_an_error(
    pages: int, least: int, code: int, crawl: dict[str, Any]
) -> None:
    crawl["answers"] = [answer(f"https://example.com/{n}") for n in range(pages)]
    found, said = ran("example.com", "--min-pages", str(least))
    assert found == code
    assert ("--min-pages" in said) is (code == 1)
    assert ("no page could be audited" in said) is (code == 2)
