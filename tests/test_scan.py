"""A scan: crawl and audit through the store say what the audit in memory says, whatever becomes of workers and documents."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import auditor.scan.worker
from auditor.audit import audit
from auditor.checks import all_checks
from auditor.cli.progress import Progress
from auditor.errors import StoreError
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.render.json import render_json
from auditor.report import Label, Report
from auditor.scan.scan import Scan, Stage, stored_report
from auditor.store.run import Moved
from auditor.store.run import Run as Kept
from auditor.store.store import State
from auditor.web.frontier import page as target
from auditor.web.record import End
from auditor.web.record import Progress as Crawled
from tests.demo import NOW, demo, routes, scanning
from tests.servers import Reply, Route, Server, moved, page, small_site

forked = pytest.mark.skipif(sys.platform != "linux", reason="workers that share what a test replaced are forked")
PAGES = Path(__file__).parent.parent / "fixtures" / "pages"


def whole(scan: Scan, url: str) -> Report:
    """The report of a crawl from `url`, its pages taken out of the store."""
    scan.crawl([url])
    return told_whole(scan)


def told_whole(scan: Scan) -> Report:
    report = scan.audit(["test"], NOW)
    return replace(report, pages=tuple(report.pages))


def in_memory(kept: Kept) -> Report:
    """What the audit makes of the same documents without store and workers."""
    documents = [kept.document(number) for number in kept.documents()]
    return audit(documents, source=["test"], started_at=NOW, reached={})


SCANNED = {"reached", "crawled", "whole"}


def alike(report: Report) -> str:
    """The report as JSON, but for what only a scan can look at: where links lead, and what the crawl met beside the pages."""
    of_scans = {check.id for check in all_checks().values() if not SCANNED.isdisjoint(check.needs)}
    sites = tuple(
        replace(site, findings=tuple(found for found in site.findings if found.check not in of_scans))
        for site in report.sites
    )
    skipped = tuple(one for one in report.skipped if one.check not in of_scans)
    return render_json(replace(report, sites=sites, skipped=skipped))


def names(report: Report, url: str = "") -> list[str]:
    return [page.name.removeprefix(url) for page in report.pages]


def failed(report: Report, url: str) -> dict[str, str]:
    assert len({failure.name for failure in report.failures}) == len(report.failures)
    return {failure.name.removeprefix(url): failure.detail for failure in report.failures}


# The same report


def test_a_scan_says_what_the_audit_of_its_documents_says(tmp_path: Path) -> None:
    with scanning(tmp_path, jobs=3) as scan:
        with demo() as server:
            report = whole(scan, server.url)
        assert len(report.pages) == 33 and report.failures == ()
        one = render_json(report)
        assert alike(report) == alike(in_memory(scan.run))
        assert Label.SPAM in report.tally().labels
        assert one == render_json(stored_report(scan.store, scan.run.id))


@pytest.mark.parametrize("folder", ["infested-site", "foreign-language-article"])
def test_pages_of_an_infested_site_are_judged_again_by_any_number_of_workers(folder: str, tmp_path: Path) -> None:
    with scanning(tmp_path, jobs=3) as scan:
        with Server({"/robots.txt": Reply(status=404)}) as server:
            server.routes.update(routes(server.url, PAGES / folder / "bad"))
            server.routes["/"] = page(*(path for path in server.routes if path.endswith(".html")))
            report = whole(scan, server.url)
        assert scan.stage.judged == scan.stage.pages > len(report.pages)  # some of them twice
        assert report.tally().labels[Label.SPAM] >= 5
        assert alike(report) == alike(in_memory(scan.run))
        number = scan.run.id
    with scanning(tmp_path, jobs=1, run=number) as again:
        again.findings.clear()
        assert render_json(again.audit(["test"], NOW)) == render_json(report)


def test_pages_that_are_judged_again_are_counted_once(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan, Server({"/robots.txt": Reply(status=404)}) as server:
        for path, reply in routes(server.url, PAGES / "infested-site" / "bad").items():
            assert isinstance(reply, Reply)
            body = reply.body.replace(b"</article>", b'<p><a href="/gone">Gone</a></p></article>')
            assert body != reply.body
            server.routes[path] = replace(reply, body=body)
        server.routes["/"] = page(*(path for path in server.routes if path.endswith(".html")))
        report = whole(scan, server.url)
        again = scan.stage.judged - len(report.pages)
    assert again > 0
    assert failed(report, server.url)["/gone"].endswith(".html and 9 more")
    broken = [finding for finding in report.findings if finding.check == "broken-link"]
    assert [finding.evidence["count"] for finding in broken] == [10]


def test_an_audit_that_was_broken_off_leaves_no_old_report_behind(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan:
        with Server(small_site(3)) as server:
            whole(scan, server.url)

        def interrupt(stage: Stage) -> None:
            raise KeyboardInterrupt

        scan.watch = interrupt
        with pytest.raises(KeyboardInterrupt):
            scan.audit(["test"], NOW)
        with pytest.raises(StoreError, match="not audited to its end; `auditor scan --from-run 1`"):
            stored_report(scan.store, scan.run.id)


@pytest.mark.parametrize(
    ("limits", "state", "end"),
    [({}, State.DONE, End.DONE), ({"max_pages": 2}, State.LIMITED, End.PAGES)],
)
def test_a_run_says_how_it_ended(limits: dict[str, Any], state: State, end: End, tmp_path: Path) -> None:
    with scanning(tmp_path, **limits) as scan:
        with Server(small_site(4)) as server:
            assert scan.crawl([server.url]) is end
        info = scan.store.info(scan.run.id)
        assert (info.state, info.pages, info.failures) == (state, limits.get("max_pages", 4), 0)
        assert info.requests == len(server.log)
        assert not scan.store.finished(scan.run.id), "it has not been audited"
        scan.audit(["test"], NOW)
        assert scan.store.finished(scan.run.id) is (state is State.DONE)


def test_a_run_that_is_interrupted_can_go_on(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan:

        def interrupt(stage: Stage) -> None:
            if stage.crawl is not None and stage.crawl.pages >= 2:
                raise KeyboardInterrupt

        scan.watch = interrupt
        with Server(small_site(30), lambda _: Reply(status=404)) as server, pytest.raises(KeyboardInterrupt):
            scan.crawl([server.url])
        info = scan.store.info(scan.run.id)
        assert info.state is State.STOPPED
        assert info.pages == scan.run.counts()[0] >= 2
        assert scan.store.latest([]) == info and not scan.store.finished(info.id)


def test_a_store_that_fails_ends_the_scan_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Kept.finish

    def full(self: Kept, *arguments: Any, **named: Any) -> int:
        if self.counts()[0] == 3:
            raise StoreError("the disk is full; make room")
        return real(self, *arguments, **named)

    with scanning(tmp_path) as scan:
        monkeypatch.setattr(Kept, "finish", full)
        with Server(small_site(30)) as server, pytest.raises(StoreError, match="disk is full"):
            scan.crawl([server.url])
        assert scan.store.info(scan.run.id).state is State.STOPPED
        assert scan.run.counts() == (3, 0)


# Failures


def test_an_address_that_fails_names_the_pages_that_lead_to_it(tmp_path: Path) -> None:
    site: dict[str, Route] = {
        "/": page("/a", "/b", "/gone"),
        "/a": page("/gone", "/gone#part", "/moved?utm_source=x"),
        "/b": page("/hop"),
        "/hop": moved("/moved"),
        "/moved": moved("/lost"),
    }
    with scanning(tmp_path) as scan, Server(site) as server:
        report = whole(scan, server.url)
    assert failed(report, server.url) == {
        "/gone": f"404 Not Found; linked from {server.url}/ and 1 more",
        "/lost": f"404 Not Found; linked from {server.url}/a and 1 more",
    }


def test_pages_of_several_sites_that_link_to_a_failure_are_counted_together(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan:
        scan.run.keep(Failure(FailureKind.MISSING, "404 Not Found", url="https://c.example/gone"))
        for address in ("https://a.example/", "https://b.example/", "https://b.example/x"):
            body = page("http://www.c.example/gone", "https://c.example/gone")
            scan.run.keep(Snapshot(body, url=address, final_url=address, status=200))
        (failure,) = scan.audit(["test"], NOW).failures
    assert failure.detail == "404 Not Found; linked from https://a.example/ and 2 more"


def test_redirects_that_lead_in_circles_are_one_failure_each(tmp_path: Path) -> None:
    site: dict[str, Route] = {
        "/": page("/in", "/b", "/a", "/far"),
        "/in": moved("/a"),
        "/a": moved("/b"),
        "/b": moved("/a"),
        "/far": moved("https://example.com/"),
    }
    with scanning(tmp_path) as scan, Server(site) as server:
        report = whole(scan, server.url)
    assert failed(report, server.url) == {
        "/a": f"redirects in a loop by way of {server.url}/b; linked from {server.url}/",
    }
    assert [failure.kind for failure in report.failures] == [FailureKind.REDIRECT]


def test_a_circle_through_another_spelling_of_its_address_is_found(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan:
        scan.run.queue([target("https://e.com/a"), target("https://e.com/b")])
        first, second = scan.run.waiting("e.com", 2)
        scan.run.finish(first, Moved("https://e.com/a", 301, "https://e.com/b"))
        scan.run.finish(second, Moved("https://e.com/b", 301, "http://www.e.com/a"))
        (failure,) = scan.audit(["test"], NOW).failures
    assert (failure.url, failure.kind) == ("https://e.com/a", FailureKind.REDIRECT)


def test_a_document_without_a_word_is_one_failure(tmp_path: Path) -> None:
    with scanning(tmp_path) as scan, Server({"/": page("/blank"), "/blank": b"<script>1</script>"}) as server:
        report = whole(scan, server.url)
    assert names(report, server.url) == ["/"]
    assert failed(report, server.url) == {
        "/blank": f"there is no text in it; nothing to audit; linked from {server.url}/"
    }


# Workers


def at(path: str, real: Callable[..., Any], act: Callable[[], None]) -> Callable[..., Any]:
    """`real`, but that it acts first where the document, or page, is from this path."""

    def replaced(document: Any, *arguments: Any) -> Any:
        if (document.url or "").endswith(path):
            act()
        return real(document, *arguments)

    return replaced


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def break_down() -> None:
    raise IndexError("somewhere")


@forked
@pytest.mark.parametrize("step", ["read", "judged"])
def test_a_worker_that_is_killed_takes_one_document_with_it(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor.scan.worker, step, at("/post-c2", getattr(auditor.scan.worker, step), die))
    with scanning(tmp_path, jobs=1) as scan, Server(small_site(12)) as server:
        before = scan._workers.pids
        report = whole(scan, server.url)
        assert len(scan._workers.pids) == 1 and scan._workers.pids != before
    assert len(report.pages) == 11
    (failure,) = report.failures
    assert failure.kind is FailureKind.UNREADABLE
    assert failure.url == server.url + "/post-c2"
    assert re.match("the program was stopped while it read this document .*`auditor check`", failure.detail)


@forked
@pytest.mark.parametrize("step", ["read", "judged", "encode_entry"])
def test_a_document_that_breaks_the_program_is_one_failure(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor.scan.worker, step, at("/post-c2", getattr(auditor.scan.worker, step), break_down))
    with scanning(tmp_path) as scan, Server(small_site(12)) as server:
        before = scan._workers.pids
        report = whole(scan, server.url)
        assert scan._workers.pids == before
    assert len(report.pages) == 11
    (detail,) = failed(report, server.url).values()
    assert detail.startswith("a defect of this program (IndexError); please report it with the document")


@forked
def test_a_worker_that_died_with_nothing_to_do_takes_no_document_with_it(tmp_path: Path) -> None:
    with scanning(tmp_path, jobs=1) as scan, Server(small_site(5)) as server:
        scan.crawl([server.url])
        list(scan._workers.replies(block=True))  # put aside: they are read again
        (worker,) = scan._workers.pids
        os.kill(worker, signal.SIGKILL)
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        report = told_whole(scan)
    assert len(report.pages) == 5 and report.failures == ()


def test_workers_end_with_their_scan(tmp_path: Path) -> None:
    with scanning(tmp_path, jobs=3) as scan:
        pids = scan._workers.pids
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


CRAWLED = Crawled(pages=1_234, failures=0, queued=50, active=4, requests=0, bytes=0, seconds=10.0, fresh=100, room=500)


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (Stage(CRAWLED), "1,234 pages, 50 addresses wait, 10/s, 5 s left or more"),
        (Stage(replace(CRAWLED, failures=2)), "1,234 pages, 50 addresses wait, 10/s, 5 s left or more, 2 not had"),
        (Stage(replace(CRAWLED, fresh=19)), "1,234 pages, 50 addresses wait"),  # too few to tell how fast it is
        (Stage(replace(CRAWLED, seconds=0.0, fresh=0)), "1,234 pages, 50 addresses wait"),
        (Stage(replace(CRAWLED, fresh=20)), "1,234 pages, 50 addresses wait, 2.0/s, 27 s left or more"),
        (Stage(replace(CRAWLED, queued=9_000, room=40)), "1,234 pages, 9,000 addresses wait, 10/s, 4 s left or more"),
        (
            Stage(replace(CRAWLED, queued=90_000, room=90_000)),
            "1,234 pages, 90,000 addresses wait, 10/s, 2 h 30 min left or more",
        ),
        (Stage(read=1_200), "1,200 pages read"),
        (Stage(read=9, judged=1, pages=2_000), "1 of 2,000 pages judged"),
        (Stage(judged=1_999, pages=2_000, findings=3_456), "1,999 of 2,000 pages judged, 3,456 findings"),
    ],
)
def test_progress_says_how_far_a_scan_is(stage: Stage, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress(quiet=False) as progress:
        progress.watch(stage)
        assert sys.stderr.getvalue() == f"\r\x1b[K{text} …"  # type: ignore[attr-defined]


def test_a_scan_tells_whoever_watches(tmp_path: Path) -> None:
    told: list[tuple[bool, int, int, int]] = []
    with scanning(tmp_path) as scan, Server(small_site(6)) as server:
        scan.watch = lambda s: told.append((s.crawl is not None, s.read, s.judged, s.pages))
        report = whole(scan, server.url)
    assert told[0][0] and not told[-1][0]
    assert told[-1] == (False, 6, 6, 6)
    shared = [found for site in report.sites for found in site.findings if found.target or found.template]
    assert scan.stage.findings == sum(len(page.findings) for page in report.pages) + sum(
        found.evidence["count"] for found in shared
    )
