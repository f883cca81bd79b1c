"""The store: what was acknowledged stays, nothing is half there, and whatever goes wrong is one line."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import StoreError
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot, Variant
from auditor.store import bodies, removal
from auditor.store import run as runs
from auditor.store.domains import Domains
from auditor.store.findings import Findings
from auditor.store.outside import Outside
from auditor.store.run import Moved, Run
from auditor.store.schema import FILE, VERSION
from auditor.store.store import State, Store, default_folder
from auditor.store.target import Kind, Target

LONE = "\ud800"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


def begun(store: Store, *starts: str) -> Run:
    return store.begin(starts or ("https://x.example/",), {"max_pages": 5}, "0")


def target(code: int, kind: Kind = Kind.PAGE, lane: str = "x.example") -> Target:
    return Target(f"https://{lane}/{code}", code, lane, kind)


def page(body: bytes = b"<p>text</p>", url: str = "https://x.example/a") -> Snapshot:
    return Snapshot(body, Format.HTML, url=url, final_url=url, status=200)


def outside(store: Store, run: Run) -> Outside:
    return Outside(store.connection, store.file, run.id)


def waiting(run: Run, lane: str = "x.example", limit: int = 100) -> list[int]:
    return [one.code for one in run.waiting(lane, limit)]


def one_line(error: pytest.ExceptionInfo[StoreError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


# Runs


def test_a_run_is_told_of_as_it_was_begun(store: Store) -> None:
    run = begun(store, "https://x.example/", "y.example")
    info = store.info(run.id)
    assert (info.starts, info.settings, info.version) == (("https://x.example/", "y.example"), {"max_pages": 5}, "0")
    assert (info.state, info.ended, info.pages, info.failures) == (State.RUNNING, None, 0, 0)
    run.keep(page())
    run.keep(Failure(FailureKind.MISSING, "404 Not Found", "https://x.example/b"))
    run.asked(3)
    assert (store.info(run.id).pages, store.info(run.id).failures) == (1, 1)
    store.end(run.id, State.DONE)
    info = store.info(run.id)
    assert (info.state, info.requests) == (State.DONE, 3)
    assert info.ended is not None and info.ended >= info.began


@pytest.mark.parametrize("number", [0, -1, 2, 10**30])
def test_a_run_that_is_not_there(store: Store, number: int) -> None:
    begun(store)
    for ask in (store.info, store.open, lambda number: store.remove([number])):
        with pytest.raises(StoreError, match="no run"):
            ask(number)
    assert not store.held(number)


def test_the_latest_run_with_the_same_starts_goes_on_until_it_is_audited(store: Store) -> None:
    begun(store, "a")
    other, last = begun(store, "b"), begun(store, "a")
    assert store.latest(["c"]) is None
    assert [info.id for info in (store.latest(["a"]), store.latest(["b"]), store.latest([])) if info] == [
        last.id,
        other.id,
        last.id,
    ]
    store.end(last.id, State.DONE)
    assert not store.finished(last.id)
    Findings(store.connection, store.file, last.id).put_report(b"report")
    assert store.finished(last.id)
    Findings(store.connection, store.file, other.id).put_report(b"report")
    assert not store.finished(other.id), "it was broken off"
    again = store.reopen(last.id, {"max_pages": 9}, "0")
    info = store.info(again.id)
    assert (info.state, info.ended, info.settings) == (State.RUNNING, None, {"max_pages": 9})


def test_the_usual_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_STORE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("AUDITOR_STORE")
    assert default_folder().name == "auditor"


# What waits


def test_sitemaps_are_asked_for_first_then_pages_then_queries_each_in_the_order_of_arrival(store: Store) -> None:
    run = begun(store)
    run.queue([target(1, Kind.QUERY), target(2), target(3, Kind.SITEMAP), target(4), target(9, lane="y.example")])
    run.queue([target(5, Kind.SITEMAP), target(6, Kind.QUERY), target(0)])
    assert waiting(run) == [3, 5, 2, 4, 0, 1, 6]
    assert waiting(run, limit=2) == [3, 5]
    busy = {one.number for one in run.waiting("x.example", 2)}
    assert [one.code for one in run.waiting("x.example", 2, busy)] == [2, 4]
    assert run.lanes() == {"x.example": (7, 2, 0), "y.example": (1, 0, 0)}
    run.queue([Target("https://y.example/", 77, "y.example", start=True, listed=True)])
    assert run.drop("x.example") == 7
    assert run.lanes() == {"x.example": (0, 0, 0), "y.example": (2, 0, 1)}


def test_a_target_comes_back_as_it_went_in(store: Store) -> None:
    run = begun(store)
    kept = Target("https://x.example/?q=é", -(2**63), "x.example", Kind.QUERY, 7, True, True, True, 3)
    run.queue([kept])
    (back,) = run.waiting("x.example", 1)
    assert back.number > 0
    assert back == Target(*(getattr(kept, name) for name in Target.__slots__[:-1]), back.number)


def test_a_page_is_known_once_whatever_its_address(store: Store) -> None:
    run = begun(store)
    run.queue([target(1), target(1)])
    run.queue([Target("http://www.x.example/1", 1, "x.example")])
    assert [one.url for one in run.waiting("x.example", 9)] == ["https://x.example/1"]
    run.queue([target(2)], done=True)
    assert waiting(run) == [1]
    assert run.unknown([1, 2, 3]) == {3}
    assert begun(store).unknown([1, 2]) == {1, 2}, "another run knows nothing of it"


def test_what_was_asked_about_is_known_from_then_on(store: Store) -> None:
    run = begun(store)
    codes = range(3 * runs.CHUNK)
    assert run.unknown(codes) == set(codes)
    assert run.unknown(codes) == set()
    run.queue(target(code) for code in codes)
    assert store.open(run.id).unknown([*codes, -1]) == {-1}


def test_a_full_memo_is_emptied_and_the_disk_asked_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MEMO", 10)
    run = begun(store)
    known = list(range(20))
    run.queue(target(code) for code in known[:15])
    assert run.unknown(known) == set(known[15:])
    assert run.unknown([100]) == {100}, "this one empties the memo"
    assert run.unknown(known) == set(known[15:])


def test_addresses_known_by_a_link_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    other, run = begun(store), begun(store)
    other.queue(target(code) for code in range(50, 55))
    run.queue([Target("s", 1, "x", start=True), Target("l", 2, "x", listed=True)])
    run.queue(Target(f"u{code}", code, "x") for code in range(3, 8))
    other.queue(target(code) for code in range(60, 65))
    assert list(run.linked()) == [f"u{code}" for code in range(3, 8)]


# What was had


HEADERS = st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=4)
ADDRESSES = st.none() | st.text(max_size=30)
PAGES = st.builds(
    Snapshot,
    body=st.binary(max_size=2_000),
    format=st.sampled_from(Format),
    url=ADDRESSES,
    final_url=ADDRESSES,
    path=ADDRESSES,
    status=st.none() | st.integers(0, 2**63 - 1),
    headers=HEADERS,
    redirects=st.lists(st.builds(Redirect, url=st.text(max_size=20), status=st.integers()), max_size=3).map(tuple),
    fetched_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    variants=st.dictionaries(st.sampled_from(Variant), st.binary(max_size=200)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PAGES, min_size=1, max_size=4))
def test_documents_come_back_as_they_went_in(pages: list[Snapshot]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        run = begun(store)
        numbers = [run.keep(one) for one in pages]
        assert run.documents() == numbers
        assert [store.open(run.id).document(number) for number in numbers] == pages


def test_a_target_is_finished_with_all_that_came_of_it(store: Store) -> None:
    run = begun(store)
    run.queue([target(1), target(2), target(3), target(4)])
    one, two, three, four = run.waiting("x.example", 9)
    number = run.finish(one, page(), [target(5), target(1)], {"https://x.example/5": "2024-01-01"})
    assert run.documents() == [number]
    assert run.finish(two, Moved(two.url, 301, "https://y.example/")) == 0
    assert run.finish(three, None) == 0
    failed = Failure(FailureKind.TLS, "expired", four.url)
    assert run.finish(four, failed) > 0
    assert run.failures() == [failed]
    assert run.counts() == (1, 1)
    assert waiting(run) == [5]
    assert run.moved(two.url) == Moved(two.url, 301, "https://y.example/")
    assert run.redirects() == {two.url: Moved(two.url, 301, "https://y.example/")}
    assert list(run.listed()) == [("https://x.example/5", "2024-01-01")]


def test_what_breaks_in_the_middle_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun(store)
    run.queue([target(1)])
    (one,) = run.waiting("x.example", 1)

    def broken(listed: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_list", broken)
    with pytest.raises(KeyboardInterrupt):
        run.finish(one, page(), [target(2)], {"u": ""})
    assert waiting(run) == [1]
    assert run.counts() == (0, 0)
    assert store.connection.execute("SELECT count(*) FROM bodies").fetchone() == (0,)
    run.queue([target(3)])
    assert waiting(run) == [1, 3]


def test_pages_that_do_not_differ_are_kept_once(store: Store) -> None:
    first, second = begun(store), begun(store)
    same = page(b"<p>the same</p>" * 100)
    first.keep(same)
    second.keep(same)
    second.keep(Snapshot(b"other", variants={Variant.RAW: same.body, Variant.BOT: b"bot"}))
    assert store.connection.execute("SELECT count(*) FROM bodies").fetchone() == (3,)


def test_what_an_earlier_run_can_ask_with(store: Store) -> None:
    first = begun(store)
    assert not first.has_earlier()
    url = "https://x.example/a"
    headers = {"etag": '"1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    number = first.keep(Snapshot(b"a", url="http://x.example/a", final_url=url, status=200, headers=headers))
    assert first.validators(url) is None, "its own answers are no earlier ones"
    second = begun(store)
    assert second.has_earlier()
    assert second.validators(url) == runs.Validators(number, '"1"', headers["last-modified"])
    second.keep(Snapshot(b"b", url=url, final_url=url, status=200))
    assert begun(store).validators(url) is None, "the latest answer counts, and it has none"
    assert second.validators("https://x.example/b") is None


def test_hosts_and_addresses_elsewhere(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    run = begun(store)
    run.note("x.example", {"pages": 1})
    run.note("x.example", {"pages": 2})
    assert run.notes() == {"x.example": {"pages": 2}}
    outside(store, run).mention(["https://b.example/", "https://a.example/", "https://c.example/"])
    outside(store, run).mention(["https://a.example/"])
    assert outside(store, run).unasked() == ["https://a.example/", "https://b.example/", "https://c.example/"]
    outside(store, run).answer("https://a.example/", {"status": 404})
    outside(store, run).mention(["https://a.example/"])
    assert outside(store, run).unasked() == ["https://b.example/", "https://c.example/"]
    asked = ["https://b.example/", "https://c.example/", "https://a.example/"]
    assert outside(store, run).answers(asked) == {"https://a.example/": {"status": 404}}
    run.list_addresses({f"u{number}": "" for number in range(5)})
    assert [url for url, _ in run.listed()] == ["u0", "u1", "u2", "u3", "u4"]
    assert len(list(run.listed())) == 5


def test_reading_while_writing_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor left open would keep the writer from beginning once another process has written."""
    monkeypatch.setattr(runs, "CHUNK", 2)
    run = begun(store)
    run.list_addresses({f"u{number}": "" for number in range(6)})
    run.queue(target(code) for code in range(6))
    with Store(store.folder) as other:
        for url, _ in run.listed():
            other.open(run.id).list_addresses({f"a{url}": ""})
            run.queue([target(100 + len(url))])
        for linked in run.linked():
            outside(other, other.open(run.id)).mention([linked])
            outside(store, run).mention([f"{linked}#"])


# Several processes, and those that die


WRITER = """
import sys
from pathlib import Path
from auditor.page.snapshot import Snapshot
from auditor.store.store import Store
from auditor.store.target import Target
folder, number, lane, count = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with Store(folder) as store:
    run = store.open(number)
    for _ in range(count):
        [target] = run.waiting(lane, 1)
        code = target.code
        run.finish(
            target,
            Snapshot(b"%d " % code * 2000, url=target.url, variants={"raw": b"raw %d" % code}),
            [Target(f"{code}/{i}", code * 1000 + i, "found") for i in range(20)] + [Target(str(code + 1), code + 1, lane)],
            {f"{code}/listed": ""},
        )
        print(code, flush=True)
"""


def writer(store: Store, run: Run, lane: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(store.folder), str(run.id), lane, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def whole(run: Run, store: Store, documents: int) -> None:
    """Every document of the writers is there with all that was finished with it."""
    numbers = run.documents()
    assert len(numbers) == documents
    assert len(list(run.listed())) == documents
    assert run.lanes()["found"] == (20 * documents, 0, 0)
    for number in numbers[-5:]:
        one = run.document(number)
        code = int(one.url or "")
        assert one.body == b"%d " % code * 2000
        assert one.variants == {Variant.RAW: b"raw %d" % code}
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store.connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_a_killed_process_loses_nothing_that_it_acknowledged_and_leaves_nothing_half(store: Store) -> None:
    rng = random.Random(5)
    run = begun(store)
    first = 1_000_000
    run.queue([Target(str(first), first, "a")])
    for _ in range(10):
        with writer(store, run, "a", 1_000_000) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(rng.randint(1, 30))]
            time.sleep(rng.random() / 200)
            process.kill()
            lines += process.stdout.readlines()  # what it said before it died
        said = max(int(line) for line in lines if line.endswith("\n")) + 1
        (following,) = waiting(run, "a")
        assert said <= following <= said + 1, "at most the one in work was kept without a word"
        whole(run, store, following - first)


def test_two_processes_write_to_one_store_at_once(store: Store) -> None:
    run = begun(store)
    lanes = {"a": 1_000_000, "b": 2_000_000}
    run.queue(Target(str(code), code, lane) for lane, code in lanes.items())
    with writer(store, run, "a", 150) as one, writer(store, run, "b", 150) as other:
        for number in range(50):
            run.note("x.example", {"at": number})
        for process in (one, other):
            assert process.communicate()[0].count("\n") == 150
            assert process.returncode == 0
    whole(run, store, 300)


def test_two_processes_may_make_the_same_store(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from auditor.store.store import Store; s = Store(Path(sys.argv[1]))\ns.begin([], {}, ''); s.close()"
    command = [sys.executable, "-c", code, str(tmp_path / "deep" / "new")]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    with Store(tmp_path / "deep" / "new") as store:
        assert len(store.runs()) == 4


HOLDER = """
import os, sys, time
from pathlib import Path
from auditor.store.store import Store
with Store(Path(sys.argv[1])) as store, store.hold(int(sys.argv[2])):
    if len(sys.argv) > 3 and os.fork() == 0:
        os.write(1, b"forked\\n")
        time.sleep(60)
        os._exit(0)
    os.write(1, b"held\\n")
    sys.stdin.read()
"""


def test_a_run_belongs_to_one_process_at_a_time(store: Store) -> None:
    run, other = begun(store), begun(store)
    command = [sys.executable, "-c", HOLDER, str(store.folder), str(run.id)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert store.held(run.id)
        assert not store.held(other.id)
        with pytest.raises(StoreError, match="in use by another process") as error, store.hold(run.id):
            raise AssertionError
        one_line(error)
        with pytest.raises(StoreError, match="in use"):
            store.remove([other.id, run.id])
        assert len(store.runs()) == 2, "none was removed"
        process.kill()
    assert not store.held(run.id), "a dead process holds nothing"
    with store.hold(run.id):
        assert store.held(run.id)
        with pytest.raises(StoreError, match="in use"), store.hold(run.id):
            raise AssertionError
    assert not store.held(run.id)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_the_workers_of_a_killed_process_do_not_hold_its_run(store: Store) -> None:
    run = begun(store)
    command = [sys.executable, "-c", HOLDER, str(store.folder), str(run.id), "fork"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert {process.stdout.readline(), process.stdout.readline()} == {"held\n", "forked\n"}
        assert store.held(run.id)
        os.kill(process.pid, 9)
        os.waitpid(process.pid, 0)
        assert not store.held(run.id)
        os.killpg(process.pid, 9)


# Removal


def test_removing_a_run_keeps_what_others_have(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "DOCUMENTS", 3)
    first, second = begun(store), begun(store)
    shared = page(b"shared" * 1000)
    for run in (first, second):
        run.queue([target(1)])
        run.keep(shared)
        run.keep(Snapshot(b"own %d" % run.id, variants={Variant.RAW: b"raw of both", Variant.BOT: b"bot %d" % run.id}))
        for number in range(10):
            run.keep(Snapshot(b"%d-%d" % (run.id, number)))
        run.keep(Failure(FailureKind.MISSING, "gone", "u"))
        run.note("x.example", {})
        outside(store, run).mention(["https://a.example/"])
        run.list_addresses({"u": ""})
        run.finish(target(9), Moved("a", 301, "b"))
        found = Findings(store.connection, store.file, run.id)
        found.put_entries((number, "x.example", f"n{number}", b"e") for number in run.documents())
        found.put_results("x.example", [(number, f"n{number}", b"r") for number in run.documents()])
        found.put_report(b"report")
    counted = "SELECT count(*) FROM bodies"
    assert store.connection.execute(counted).fetchone() == (26,)
    kept = [second.document(number) for number in second.documents()]
    assert store.remove([first.id]) > 0
    assert store.connection.execute(counted).fetchone() == (14,)
    assert [second.document(number) for number in second.documents()] == kept
    assert [run.id for run in store.runs()] == [second.id]
    assert store.remove([second.id, second.id]) > 0
    tables = [name for (name,) in store.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    assert len(tables) == 14
    for table in tables:
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_what_a_removed_run_took_goes_back_to_the_disk(store: Store) -> None:
    rng = random.Random(1)
    kept = begun(store)
    for _ in range(20):
        kept.keep(page(rng.randbytes(2_000)))
    removed = begun(store)
    for _ in range(20):
        removed.keep(page(rng.randbytes(100_000)))
    late = begun(store)
    late.keep(page(b"late"))
    before = store.size()
    freed = store.remove([removed.id])
    assert 2_000_000 <= freed <= 2_100_000
    assert before - store.size() > 1_900_000
    assert not list(store.folder.glob("*.lock"))
    assert len(kept.documents()) == 20
    assert late.document(late.documents()[0]).body == b"late"


def test_a_removal_that_was_broken_off_is_ended_by_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run, other = begun(store), begun(store)
    run.keep(page())

    def broken(connection: sqlite3.Connection, numbers: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bodies, "release", broken)
        with pytest.raises(KeyboardInterrupt):
            store.remove([run.id])
    assert [one.id for one in store.runs()] == [other.id], "nobody sees a run that is half gone"
    with pytest.raises(StoreError, match="no run"):
        store.open(run.id)
    store.remove([other.id])
    assert store.connection.execute("SELECT count(*) FROM bodies").fetchone() == (0,)


def test_a_crawl_goes_on_beside_a_removal(store: Store) -> None:
    old, new = begun(store), begun(store)
    for number in range(1200):
        old.keep(page(b"%d" % number * 300))
    new.queue([Target("1000000", 1_000_000, "a")])
    with writer(store, new, "a", 100) as process:
        store.remove([old.id])
        assert process.communicate()[0].count("\n") == 100
    whole(new, store, 100)


# Whatever goes wrong


def test_a_store_of_a_newer_program_is_left_alone(store: Store) -> None:
    begun(store)
    store.connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match="newer auditor") as error:
        Store(store.folder)
    one_line(error)
    store.connection.execute(f"PRAGMA user_version = {VERSION}")
    with Store(store.folder) as again:
        assert len(again.runs()) == 1


@pytest.mark.parametrize("content", [b"<html>this is no store</html>" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_kept_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError, match="is damaged; it was kept as") as error:
        Store(tmp_path)
    name = one_line(error).partition("kept as ")[2].partition(";")[0]
    assert (tmp_path / name).read_bytes() == content
    with Store(tmp_path) as store:
        assert store.runs() == []


def test_damage_that_shows_late_is_kept_aside_too(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        run = begun(store)
        run.queue(target(code) for code in range(2000))
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 90_000)  # all tables, but for the page with the last of their declarations
    with Store(tmp_path) as store, pytest.raises(StoreError, match="is damaged; it was kept as") as error:
        store.runs()
        store.open(run.id).unknown(range(2000))
        store.open(run.id).lanes()
    one_line(error)
    with Store(tmp_path) as store:
        assert store.runs() == []


def test_a_process_with_a_damaged_file_does_not_put_its_successor_aside(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        begun(store).queue(target(code) for code in range(2000))
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 90_000)  # all tables, but for the page with the last of their declarations
    with Store(tmp_path) as one:
        for kept in tmp_path.glob("auditor.sqlite*"):
            kept.rename(tmp_path / f"moved{kept.name}")
        with Store(tmp_path) as fresh:
            begun(fresh)
        with pytest.raises(StoreError, match="run the command again"):
            one.runs()
            Run(one.connection, one.file, 1).unknown(range(2000))
            Run(one.connection, one.file, 1).lanes()
    with Store(tmp_path) as fresh:
        assert len(fresh.runs()) == 1


def test_a_body_that_the_disk_has_changed(store: Store) -> None:
    run = begun(store)
    number = run.keep(page())
    store.connection.execute("UPDATE bodies SET data = x'00112233'")
    with pytest.raises(StoreError, match="damaged") as error:
        run.document(number)
    one_line(error)
    with pytest.raises(StoreError, match="not in the store any more"):
        run.document(number + 1)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot make .* another folder with --store") as error:
        Store(tmp_path / "file" / "deep")
    one_line(error)


def _as_nobody(folder: Path, answer: multiprocessing.SimpleQueue[str]) -> None:
    if os.getuid() == 0:
        os.seteuid(65534)
    try:
        with Store(folder) as store:
            store.begin([], {}, "")
    except StoreError as error:
        answer.put(str(error))
    else:
        answer.put("opened")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such rights here")
@pytest.mark.parametrize("made", [True, False])
def test_a_folder_that_may_not_be_written(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    if made:
        with Store(folder) as store:
            begun(store)
        store.file.chmod(0o444)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    folder.chmod(0o555)
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    process = context.Process(target=_as_nobody, args=(folder, answer))
    process.start()
    said = answer.get()
    process.join()
    answer.close()
    folder.chmod(0o755)
    assert "\n" not in said
    assert "cannot be written; give yourself the right to, or name another folder with --store" in said


def test_a_full_disk_is_said_and_what_was_kept_stays(store: Store) -> None:
    run = begun(store)
    run.queue(target(code) for code in range(1000))
    rng = random.Random(1)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 100}")
    had = 0
    with pytest.raises(StoreError, match="full; make room, then go on with --resume") as error:
        for one in run.waiting("x.example", 1000):
            run.finish(one, page(rng.randbytes(20_000)))
            had += 1
    one_line(error)
    assert 0 < had == len(run.documents())
    store.connection.execute("PRAGMA max_page_count = 1000000")
    for one in run.waiting("x.example", 10):
        run.finish(one, page(rng.randbytes(20_000)))
    assert len(run.documents()) == had + 10


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    rng = random.Random(1)
    try:
        with Store(disk) as store:
            run = begun(store)
            had = []
            with pytest.raises(StoreError, match="--resume") as error:
                for _ in range(1000):
                    had.append(run.keep(page(rng.randbytes(20_000))))  # noqa: PERF401
            one_line(error)
        with Store(disk) as store:
            assert store.open(run.id).documents() == had != []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_store_that_somebody_keeps_busy(store: Store) -> None:
    store.connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another process") as error:
            begun(store)
        other.execute("ROLLBACK")
    one_line(error)
    begun(store)


def test_text_that_no_encoding_has_is_replaced(store: Store) -> None:
    run = store.begin([LONE], {LONE: LONE}, "0")
    assert store.info(run.id).starts == (LONE,)
    assert (info := store.latest([LONE])) and info.id == run.id
    run.queue([Target(f"https://x/{LONE}", 1, LONE)], done=False)
    (one,) = run.waiting("\ufffd", 1)
    assert one.url == "https://x/\ufffd"
    kept = Snapshot(
        b"x", url=LONE, final_url=LONE, path=LONE, headers={LONE: LONE, "etag": "1"}, redirects=(Redirect(LONE, 301),), status=200
    )  # fmt: skip
    number = run.finish(one, kept, [Target(LONE, 2, "x")], {LONE: LONE})
    back = run.document(number)
    assert (back.url, back.final_url, back.path) == ("\ufffd",) * 3
    assert back.headers == {"\ufffd": "\ufffd", "etag": "1"}
    assert back.redirects == (Redirect("\ufffd", 301),)
    assert list(run.listed()) == [("\ufffd", "\ufffd")]
    assert run.keep(Failure(FailureKind.STATUS, LONE, LONE, LONE))
    assert run.failures() == [Failure(FailureKind.STATUS, "\ufffd", "\ufffd", "\ufffd")]
    run.finish(one, Moved(LONE, 301, LONE))
    assert run.moved(LONE) == Moved("\ufffd", 301, "\ufffd")
    run.note(LONE, {LONE: LONE})
    assert run.notes() == {"\ufffd": {LONE: LONE}}
    outside(store, run).mention([LONE])
    outside(store, run).answer(LONE, {"status": 404})
    assert outside(store, run).answers([LONE, "\ufffd"]) == {LONE: {"status": 404}, "\ufffd": {"status": 404}}
    assert begun(store).validators(LONE) is not None
    found = Findings(store.connection, store.file, run.id)
    found.put_entries([(number, LONE, LONE, b"entry")])
    found.put_results(LONE, [(number, LONE, b"result")])
    assert list(found.entries(LONE)) == [b"entry"]
    assert list(found.results(LONE)) == [b"result"]


def test_text_that_encodings_have_stays(store: Store) -> None:
    run = begun(store)
    text = "\0 é \U0001f980 \uffff \ufeff"
    number = run.keep(Snapshot(b"", url=text, headers={text: text}))
    assert run.document(number) == Snapshot(b"", url=text, headers={text: text})


def test_a_number_that_is_too_large(store: Store) -> None:
    run = begun(store)
    with pytest.raises(StoreError, match="number") as error:
        run.keep(Snapshot(b"", status=2**70))
    one_line(error)
    assert run.counts() == (0, 0)
    run.queue([Target("u", 2**63 - 1, "x"), Target("v", -(2**63), "x")])
    assert run.unknown([2**63 - 1, -(2**63), 0]) == {0}


# How it looks things up


def test_nothing_is_found_by_looking_through_a_whole_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of a store's life is explained by SQLite; a scan of a table that grows is a defect."""
    said: set[str] = set()
    with Store(tmp_path) as store:
        monkeypatch.setattr(removal, "DOCUMENTS", 2)
        store.connection.set_trace_callback(said.add)
        everything(store)
        store.connection.set_trace_callback(None)
        statements = {text for text in said if text.split()[0] in ("SELECT", "UPDATE", "DELETE", "INSERT")}
        assert len(statements) > 40
        wrong = []
        for statement in statements:
            for *_, step in store.connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                if step.startswith("SCAN") and step not in ("SCAN runs", "SCAN CONSTANT ROW"):
                    wrong.append((step, statement))
                if (
                    "TEMP B-TREE" in step
                    and "failure IS NOT NULL ORDER BY" not in statement
                    and "UNION" not in statement
                ):
                    wrong.append((step, statement))
    assert not wrong


def everything(store: Store) -> None:
    begun(store)
    run = begun(store)
    run.queue(target(code) for code in range(9))
    one, two, *_ = run.waiting("x.example", 9)
    run.unknown([1, 2])
    run.finish(one, page(), [target(99)], {"u": ""})
    run.finish(two, Moved("a", 301, "b"))
    run.keep(Failure(FailureKind.MISSING, "", "u"))
    numbers = [run.keep(Snapshot(b"%d" % at, url="u", variants={Variant.RAW: b"%d" % -at})) for at in range(5)]
    run.document(numbers[0])
    outside(store, run).mention(["x"])
    outside(store, run).answer("x", {})
    outside(store, run).answers(["x"])
    run.note("h", {})
    run.asked(1)
    found = Findings(store.connection, store.file, run.id)
    found.put_entries((number, "s", "n", b"") for number in numbers)
    found.put_results("s", [(number, "n", b"") for number in numbers])
    found.put_report(b"")
    domains = Domains(store.connection, store.file)
    domains.put(run.id, "s", ["a.example"])
    for ask in (
        run.lanes, run.linked, run.documents, run.failures, run.counts, run.has_earlier, run.redirects, run.listed,
        run.notes, outside(store, run).unasked, found.unread, found.sites, lambda: found.results("s"), found.count,
        found.report, store.runs, lambda: run.validators("u"), lambda: run.moved("a"), lambda: run.drop("x.example"),
        lambda: found.entries("s"), lambda: found.documents("s"), found.judged, lambda: domains.before(run.id + 1, "s"),
        lambda: domains.first_seen("s"), domains.latest, lambda: domains.latest("s"),
    ):  # fmt: skip
        answer = ask()
        if isinstance(answer, Iterator):
            list(answer)
    found.clear()
    found.put_results("s", [(number, "n", b"") for number in numbers])
    found.put_report(b"")
    store.end(run.id, State.DONE)
    assert domains.before(run.id + 1, "s")
    store.remove([run.id])


def test_times_keep_their_zone(store: Store) -> None:
    run = begun(store)
    when = datetime(2024, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
    assert run.document(run.keep(Snapshot(b"", fetched_at=when))).fetched_at == when
