"""`auditor view`: who is answered, with what headers, and that nothing crawled can run in the browser."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from auditor.cli import app
from auditor.errors import ConfigError
from auditor.model.verdict import Shares, Verdict
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.report import PageResult, Report
from auditor.scan.codec import Codec, encode_report
from auditor.store import schema
from auditor.store.findings import Findings
from auditor.store.reading import Reading
from auditor.store.store import State, Store
from auditor.view import server as serving
from auditor.view.answers import Answers
from auditor.view.markup import tag
from auditor.view.server import HEADERS, Viewer
from tests.formulas import STRINGS, hostile_report
from tests.reports import page, report, spammed_page

ROOT = Path(__file__).parent.parent
SOURCE = b"<!DOCTYPE html><script>alert('source')</script><p>Words of a page."


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: str


def _kept_verdict(given: Verdict | None) -> Verdict | None:
    """With contributions as a model's, which is what a store can hold."""
    if given is None:
        return None
    parts = given.contributions
    names = [one.phrase for one in parts]
    shares = Shares(names, names, [1] * len(names), [one.value for one in parts], [one.weight for one in parts])
    return Verdict(given.probability, given.log_odds, given.bias, shares)


def fill(store: Store, given: Report, *, site: str = "hostile.example") -> int:
    """A run with this report's pages; their documents are `SOURCE`."""
    from dataclasses import replace

    run = store.begin(["https://hostile.example/<script>"], {}, "0")
    pages: list[PageResult] = [
        replace(
            one,
            spam=_kept_verdict(one.spam),
            quality=_kept_verdict(one.quality),
            links=tuple(replace(link, injected=_kept_verdict(link.injected)) for link in one.links),
            related=tuple(replace(block, off_topic=_kept_verdict(block.off_topic)) for block in one.related),
        )
        for one in given.pages
    ]
    tables = {}
    for one in pages:
        verdicts = (one.spam, one.quality, *(k.injected for k in one.links), *(r.off_topic for r in one.related))
        for verdict in verdicts:
            if verdict is not None:
                assert isinstance(verdict.contributions, Shares)
                table = tuple(tuple(part) for part in verdict.contributions.table)
                tables["/".join(table[0])] = table
    codec = Codec(tables)
    findings = Findings(store.connection, store.file, run.id)
    entries, results = [], []
    for one in pages:
        number = run.keep(Snapshot(SOURCE, url="https://hostile.example/", final_url=one.url, status=200))
        entries.append((number, site, one.name, b""))
        results.append((number, one.name, codec.encode(one)))
    run.keep(Failure(FailureKind.MISSING, "<script>alert(2)</script>", "https://hostile.example/<b>"))
    findings.put_entries(entries)
    findings.put_results(site, results)
    findings.put_report(encode_report(given, codec, set()))
    store.end(run.id, State.DONE)
    return run.id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("store")
    with Store(place) as store:
        fill(store, hostile_report())
        fill(store, report(spammed_page(), *(page(f"posts/{n:03}.md", title=f"Knot {n}") for n in range(120))), site="")
        store.begin(["https://unaudited.example/"], {}, "0")
    return place


@contextmanager
def viewing(place: Path, host: str = "127.0.0.1", token: str = "") -> Iterator[Viewer]:
    with Viewer(Answers(place), host, 0, token) as viewer:
        thread = Thread(target=viewer.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield viewer
        finally:
            viewer.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def viewer(folder: Path) -> Iterator[Viewer]:
    with viewing(folder) as one:
        yield one


def get(viewer: Viewer, path: str = "/", method: str = "GET", **headers: str) -> Got:
    with closing(http.client.HTTPConnection("127.0.0.1", viewer.server_port, timeout=30)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Got(answer.status, dict(answer.getheaders()), answer.read().decode())


def documents(viewer: Viewer, run: int = 1) -> list[int]:
    with Reading(viewer.answers._folder) as kept:
        return [number for _, number in kept.findings(run).judged()]


def every_page(viewer: Viewer) -> list[str]:
    return [
        "/",
        "/run/1/",
        "/run/1/domains",
        "/run/1/?q=x&label=spam&sort=name",
        *(f"/run/1/page/{n}/" for n in documents(viewer)),
    ]


@pytest.mark.parametrize(
    "path",
    ["/", "/run/1/", "/run/1/page/1/", "/run/1/page/1/source", "/run/1/domains", "/style.css", "/no", "/run/99/"],
)
def test_every_answer_has_strict_headers(viewer: Viewer, path: str) -> None:
    got = get(viewer, path)
    assert got.status == (404 if path in ("/no", "/run/99/") else 200)
    assert HEADERS.items() <= got.headers.items()
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert got.headers["Server"] == "auditor" and int(got.headers["Content-Length"]) == len(got.body.encode())


def test_a_page_is_shown_with_findings_links_and_reasons(viewer: Viewer) -> None:
    assert "2 spam" not in get(viewer).body and "1 spam, 0 low-quality, 120 clean" in get(viewer).body
    number = documents(viewer, 2)[-1]
    tree = LexborHTMLParser(get(viewer, f"/run/2/page/{number}/").body)
    words = tree.body.text() if tree.body else ""
    assert "The phrase “Dunmore roof repair” was planted" in words and "Delete the phrase and its link" in words
    assert [mark.text() for mark in tree.css("mark")] == ["Dunmore roof repair"]
    assert "https://dunmore-roofs.example/" in words and "nobody is named who checked it" in words
    assert "The article is foreign to its site: yes" in words and "+2.50" in words
    assert "1 suppressed" in words and "An undated page." in words and "Ten kitchens for small boats" in words
    domains = LexborHTMLParser(get(viewer, "/run/2/domains").body)
    assert [row.css_first("td").text() for row in domains.css("tbody tr")] == ["dunmore-roofs.example", "example.org"]


def titles(viewer: Viewer, query: str) -> list[str]:
    tree = LexborHTMLParser(get(viewer, f"/run/2/{query}").body)
    return [link.text() for link in tree.css("td a")]


def test_pages_are_listed_a_hundred_at_a_time_the_worst_first(viewer: Viewer) -> None:
    first, second = titles(viewer, ""), titles(viewer, "?page=2")
    assert len(first) == 100 and len(second) == 21 and not set(first) & set(second)
    assert first[0] == "The one herb that cures sleepless nights"
    assert titles(viewer, "?sort=name")[0] == "Knot 0"
    assert titles(viewer, "?page=9999") == [] and len(titles(viewer, "?page=x")) == 100


def test_pages_are_filtered_by_label_check_and_words(viewer: Viewer) -> None:
    herb = ["The one herb that cures sleepless nights"]
    assert (
        titles(viewer, "?label=spam")
        == herb
        == titles(viewer, "?check=missing-author")
        == titles(viewer, "?q=HERB+sleep")
    )
    assert titles(viewer, "?label=spam&q=knot") == []
    assert titles(viewer, "?q=posts/007") == ["Knot 7"]
    assert len(titles(viewer, "?label=clean&page=2")) == 20
    tree = LexborHTMLParser(get(viewer, "/run/2/?label=clean&q=knot").body)
    (more,) = tree.css("a[rel=next]")
    assert more.attributes["href"] == "?label=clean&q=knot&page=2"


def test_fifty_hostile_strings_stay_text(viewer: Viewer) -> None:
    assert len(STRINGS) >= 50
    allowed = {
        "href",
        "class",
        "lang",
        "charset",
        "name",
        "content",
        "rel",
        "scope",
        "action",
        "method",
        "type",
        "value",
        "selected",
        "max",
        "min",
    }
    for path in every_page(viewer):
        got = get(viewer, path)
        assert got.status == 200 and got.headers["Content-Type"].startswith("text/html")
        tree = LexborHTMLParser(got.body)
        assert not tree.css("script, style, img, svg, iframe, object, embed, base, math, video, audio, textarea"), path
        assert [link.attributes["href"] for link in tree.css("link")] == ["/style.css"]
        assert [one.attributes.get("name") for one in tree.css("meta")] == [None, "viewport"]
        for node in tree.css("*"):
            assert set(node.attributes) <= allowed, (path, node.html)
            if "href" in node.attributes and node.tag == "a":
                assert str(node.attributes["href"]).startswith(("/run/", "/", "?")) and not str(
                    node.attributes["href"]
                ).startswith("//")
        assert len(tree.css("form")) <= 1 and all(form.attributes["action"] == "?" for form in tree.css("form"))
        assert not any(sign in got.body for sign in "\x1b\u202e\u2028")


def test_the_words_of_a_hostile_page_are_all_there(viewer: Viewer) -> None:
    words = LexborHTMLParser(get(viewer, "/run/1/?q=alert").body).body
    assert words is not None and "<script>alert(1)</script>" in words.text()
    asked = get(viewer, "/run/1/?q=%22%3E%3Cscript%3Ealert(9)%3C/script%3E")
    assert "<script>" not in asked.body
    assert LexborHTMLParser(asked.body).css_first("input").attributes["value"] == '"><script>alert(9)</script>'


def test_the_source_is_text_and_nothing_else(viewer: Viewer) -> None:
    got = get(viewer, "/run/1/page/1/source")
    assert got.body.encode() == SOURCE
    assert (
        got.headers["Content-Type"] == "text/plain; charset=utf-8"
        and got.headers["X-Content-Type-Options"] == "nosniff"
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_no_method_changes_anything(viewer: Viewer, method: str) -> None:
    got = get(viewer, "/run/1/", method)
    assert got.status == 405 and got.headers["Allow"] == "GET, HEAD" and HEADERS.items() <= got.headers.items()


def test_head_is_get_without_the_body(viewer: Viewer) -> None:
    head, full = get(viewer, "/run/1/", "HEAD"), get(viewer, "/run/1/")
    assert head.status == 200 and head.body == "" and head.headers["Content-Length"] == full.headers["Content-Length"]


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/run/1/../../style.css", "/%2e%2e/%2e%2e/etc/passwd", "/style.css/", "/run/1/page/1/source/../..", "/run/٣/",
     "/run/1/page/999999/", "/run/2/page/1/", "/run/2/page/1/source", "/run/0/", "/run/999999999999999999/", "/run/3/domains", "//evil.example/", "http://[/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(viewer: Viewer, path: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", viewer.server_port), timeout=30)) as wire:
        wire.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{viewer.server_port}\r\n\r\n".encode())
        answer = wire.makefile("rb").read()
    assert answer.split()[1] == b"404", answer[:200]
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "",
        "10.0.0.1:{port}",
    ],
)
def test_a_name_that_was_led_here_is_refused(viewer: Viewer, host: str) -> None:
    got = get(viewer, "/run/1/", Host=host.format(port=viewer.server_port))
    assert got.status == 403 and "Run 1" not in got.body and HEADERS.items() <= got.headers.items()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_the_names_of_this_machine_are_answered(viewer: Viewer, host: str) -> None:
    assert get(viewer, "/run/1/", Host=f"{host}:{viewer.server_port}").status == 200


def test_malformed_requests_get_our_headers_too(viewer: Viewer) -> None:
    for sent in (b"GET / HTTP/9.9\r\n\r\n", b"nonsense\x00\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n",
                 b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n"):  # fmt: skip
        with closing(socket.create_connection(("127.0.0.1", viewer.server_port), timeout=30)) as wire:
            wire.sendall(sent)
            answer = wire.makefile("rb").read()
        assert not answer.startswith(b"HTTP/1.0 200"), sent
        assert b"<html" not in answer.lower() and b"Python" not in answer
        if answer.startswith(b"HTTP/"):
            assert b"Content-Security-Policy: default-src 'none'" in answer


SECRET = "correct-horse-battery"


def test_with_a_token_nobody_else_is_answered(folder: Path) -> None:
    with viewing(folder, "0.0.0.0", SECRET) as guarded:
        for path in ("/", "/run/1/", "/style.css", "/no", f"/?token={SECRET}x", "/?token="):
            got = get(guarded, path)
            assert got.status == 403 and "Run" not in got.body, path
        assert get(guarded, Authorization="Bearer wrong", Cookie='auditor-view="; x').status == 403
        assert get(guarded, Authorization=f"Bearer {SECRET}").status == 200
        led = get(guarded, f"/run/1/?label=spam&token={SECRET}")
        assert led.status == 303 and led.headers["Location"] == "/run/1/?label=spam"
        cookie = led.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        assert get(guarded, "/run/1/", Cookie=cookie.partition(";")[0]).status == 200
        assert (
            get(guarded, "/run/1/", Cookie=cookie.partition(";")[0], Host=f"evil.example:{guarded.server_port}").status
            == 403
        )
        for path in ("//evil.example/", "/\\evil.example/"):
            way = get(guarded, f"{path}?token={SECRET}").headers["Location"]
            assert way == "/evil.example/"
        split = get(guarded, f"/?token={SECRET}&token=x%0d%0aX-Evil:1")
        assert "X-Evil" not in split.headers


def test_other_machines_need_a_token(folder: Path) -> None:
    with pytest.raises(ConfigError, match="a token is needed"):
        Viewer(Answers(folder), "0.0.0.0", 0, "")


def test_many_may_ask_at_once(viewer: Viewer) -> None:
    paths = every_page(viewer)[:12] * 2
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: get(viewer, path), paths))
    assert [got.body for got in together] == [get(viewer, path).body for path in paths]


def test_more_than_it_can_do_are_sent_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "AT_ONCE", 1)
    with viewing(folder) as small:
        idle = socket.create_connection(("127.0.0.1", small.server_port), timeout=30)
        idle.sendall(b"GET / HTTP/1.0\r\n")
        with closing(idle):
            while small._slots._value:  # type: ignore[attr-defined]
                pass
            with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
                get(small)


def test_a_run_is_shown_while_another_is_written(viewer: Viewer, folder: Path) -> None:
    with Store(folder) as store, store.hold(3), schema.transaction(store.connection):
        store.connection.execute("UPDATE runs SET requests = requests + 1 WHERE id = 3")
        assert get(viewer, "/run/1/").status == 200
        assert "not audited to its end; `auditor scan --from-run 3` does that" in get(viewer, "/run/3/").body


def test_a_run_that_was_removed_meanwhile_is_not_found(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, report(spammed_page()))
        with viewing(tmp_path) as one:
            assert get(one, "/run/1/").status == get(one, "/run/1/page/1/").status == 200
            store.remove([1])
            for path in ("/run/1/", "/run/1/page/1/", "/run/1/page/1/source", "/run/1/domains"):
                got = get(one, path)
                assert got.status == 404 and "There is no run 1 (any more)." in got.body
            assert "No runs are kept; `auditor scan` makes one." in get(one).body


def test_an_audit_that_was_made_again_is_shown_anew(tmp_path: Path) -> None:
    with Store(tmp_path) as store, viewing(tmp_path) as one:
        fill(store, report(spammed_page()))
        assert "1 spam" in get(one, "/run/1/").body
        Findings(store.connection, store.file, 1).clear()
        assert "was not audited to its end" in get(one, "/run/1/").body


def test_a_report_of_another_version_is_said(tmp_path: Path) -> None:
    with Store(tmp_path) as store, viewing(tmp_path) as one:
        run = store.begin(["https://a.example/"], {}, "0")
        Findings(store.connection, store.file, run.id).put_report(b"\x80")
        for path in ("/", "/run/1/"):
            got = get(one, path)
            assert got.status == 503 and "`auditor scan --from-run ID` audits a run again" in got.body


def test_looking_changes_nothing(folder: Path, viewer: Viewer) -> None:
    file = folder / schema.FILE
    before = file.read_bytes()
    for path in every_page(viewer)[:6]:
        get(viewer, path)
    assert file.read_bytes() == before
    with (
        Reading(folder) as kept,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        kept._db.execute("DELETE FROM runs")


def refused(place: Path) -> str:
    """What the command and a viewer that runs already say of a store; the same line."""
    done = CliRunner().invoke(app, ["view", "--store", str(place)])
    assert done.exit_code == 2 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1, done.output
    with viewing(place) as one:
        got = get(one)
    assert got.status == 503
    shown = LexborHTMLParser(got.body).css_first("main p").text()
    assert f"error: {shown}\n" == done.stderr
    return shown


def test_a_missing_store_is_said_and_not_made(tmp_path: Path) -> None:
    assert refused(tmp_path / "none").startswith("no runs are kept in")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("version", "words"), [(1, "an older auditor; `auditor runs` brings it up to date"), (99, "a newer auditor")]
)
def test_a_store_of_another_version_is_said_and_left_alone(tmp_path: Path, version: int, words: str) -> None:
    with Store(tmp_path) as store:
        store.connection.execute(f"PRAGMA user_version = {version}")
    assert words in refused(tmp_path)
    with closing(sqlite3.connect(tmp_path / schema.FILE)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (version,)


def test_a_damaged_store_is_said_and_left_where_it_is(tmp_path: Path) -> None:
    (tmp_path / schema.FILE).write_bytes(b"no database, but long enough to be read as one " * 50)
    assert "is damaged; `auditor runs` looks into it" in refused(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [schema.FILE]


def test_a_store_that_is_locked_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema.connect_reading, "__defaults__", (0.05,))
    with Store(tmp_path) as store:
        store.begin([], {}, "0")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.connection.execute("PRAGMA journal_mode = DELETE")
        store.connection.execute("BEGIN EXCLUSIVE")
        assert "is in use by another process" in refused(tmp_path)


def test_a_run_that_is_not_there_is_said(folder: Path) -> None:
    done = CliRunner().invoke(app, ["view", "77", "--store", str(folder)])
    assert done.exit_code == 2 and "there is no run 77" in done.stderr


@pytest.mark.parametrize("token", ["short", "with spaces in it, long", "line\nbreak-line-break"])
def test_a_token_that_is_none_is_refused(folder: Path, token: str) -> None:
    done = CliRunner().invoke(app, ["view", "--store", str(folder), "--token"], env={"AUDITOR_VIEW_TOKEN": token})
    assert done.exit_code == 2 and "AUDITOR_VIEW_TOKEN takes 16 to 200" in done.stderr and token not in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_it_is_and_ends_cleanly(folder: Path, stop: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", "view", "1", "--store", str(folder), "--token"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        assert process.stderr is not None
        address = process.stderr.readline().split(" at ")[1].strip()
        assert address.startswith("http://127.0.0.1:") and "/run/1/?token=" in address
        port = int(address.split(":")[2].split("/")[0])
        process.stderr.readline()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("GET", address[address.index("/run/") :])
            assert connection.getresponse().status == 303
        process.send_signal(stop)
        said = process.communicate(timeout=30)
    assert process.returncode == 0 and said == ("", "\n")


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = CliRunner().invoke(app, ["view", "--store", str(folder), "--port", str(taken.getsockname()[1])])
    assert done.exit_code == 2 and "cannot listen at 127.0.0.1" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "make",
    [lambda: tag("script", "x"), lambda: tag("a", href="javascript:alert(1)"), lambda: tag("a", href="//evil.example/"),
     lambda: tag("a", href="/\\evil.example"), lambda: tag("p", onclick="x"), lambda: tag("p", style="x"), lambda: tag("a b")],
)  # fmt: skip
def test_markup_that_could_run_cannot_be_made(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"no such|out of the viewer"):
        make()
