"""Archives: a run goes out and comes back as it was; what others wrote is read as a crawler would have called it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import random
import sys
import tempfile
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from auditor.archive import records, warc
from auditor.archive.folder import INDEX, NO_FILE, NO_LINE, addressed, read_folder, write_folder
from auditor.archive.intake import AGAIN, into_store
from auditor.archive.names import MAX_NAME, Names, file_name
from auditor.archive.warc import DAMAGED, NO_HTTP, NO_ORIGINAL, NO_PAGE, Outcome, read_warc
from auditor.archive.warc_out import write_warc
from auditor.errors import ConfigError, SourceError, StoreError
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot, Variant
from auditor.store.run import Moved
from auditor.store.store import State, Store

WHEN = datetime(2024, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
HTML = b"<!DOCTYPE html><title>t</title><p>A page of its own.</p>"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


OUTCOMES: tuple[Outcome, ...] = (
    Snapshot(
        HTML,
        url="http://x.example/",
        final_url="https://www.x.example/",
        status=200,
        headers={
            "content-type": "text/html; charset=utf-8",
            "content-encoding": "br",
            "content-length": "17",
            "transfer-encoding": "chunked",
            "etag": '"é"',
        },
        redirects=(Redirect("http://x.example/", 301), Redirect("https://x.example/", 308)),
        fetched_at=WHEN,
        variants={Variant.RAW: b"<p>raw</p>", Variant.BOT: b"\r\n\r\nWARC/1.1\r\n", Variant.BROWSER: b""},
    ),
    Snapshot(b"# Words\r\n\r\n", Format.MARKDOWN, url="https://x.example/a b?q=\u00e9", final_url="https://x.example/a b?q=\u00e9", status=200),
    Snapshot(b"\x00text\xff", Format.TEXT, path="posts/é \udcff.txt".encode("utf-8", "replace").decode()),
    Moved("https://x.example/old", 301, "https://x.example/"),
    Snapshot(HTML, url="http://[broken", final_url="http://[broken", status=200),
    Failure(FailureKind.MISSING, "404 Not Found; é", "https://x.example/gone"),
    Failure(FailureKind.EMPTY, "an empty file", path="posts/empty.txt"),
)  # fmt: skip


def run_of(store: Store, outcomes: Sequence[Outcome]) -> int:
    run = store.begin(["https://x.example/"], {"user_agent": "auditor/test"}, "0")
    for one in outcomes:
        run.keep(one)
    store.end(run.id, State.DONE)
    return run.id


def in_order(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda one: (type(one).__name__, repr(one)))


# Out and in again


def test_a_run_comes_back_from_a_warc_as_it_was(store: Store, tmp_path: Path) -> None:
    number = run_of(store, OUTCOMES)
    left: Counter[str] = Counter()
    assert write_warc(store, number, tmp_path / "x.warc.gz") == 4
    back = list(read_warc(tmp_path / "x.warc.gz", left=left))
    assert in_order(back) == in_order(OUTCOMES)
    assert left == {"redirects within a document's own address": 2}


def test_a_run_comes_back_from_a_folder_as_it_was(store: Store, tmp_path: Path) -> None:
    number = run_of(store, OUTCOMES)
    left: Counter[str] = Counter()
    assert write_folder(store, number, tmp_path / "out") == 4
    assert in_order(list(read_folder(tmp_path / "out", left=left))) == in_order(OUTCOMES)
    assert not left
    assert (tmp_path / "out" / "www.x.example" / "index.html").read_bytes() == HTML


def test_the_same_run_makes_the_same_archive(store: Store, tmp_path: Path) -> None:
    number = run_of(store, OUTCOMES)
    for name in ("a", "b"):
        write_warc(store, number, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=500),
    st.sampled_from(Format),
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True).filter(lambda name: name not in ("content-length", "location")),
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=20),
    ),
    st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)),
    st.dictionaries(st.sampled_from(Variant), st.binary(max_size=100)),
    st.lists(st.builds(Redirect, st.text("abc/:é ", max_size=9), st.integers(300, 308)), max_size=2).map(tuple),
)  # fmt: skip
def test_whatever_a_page_holds_comes_back(body, form, headers, when, variants, hops) -> None:  # type: ignore[no-untyped-def]
    page = Snapshot(body, form, "https://x.example/?a", "https://x.example/", None, 200, headers, hops, when, variants)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        number = run_of(store, [page])
        kept = store.open(number).document(1)
        write_warc(store, number, Path(folder) / "x.warc.gz")
        write_folder(store, number, Path(folder) / "out")
        assert list(read_warc(Path(folder) / "x.warc.gz")) == [kept] == [page]
        assert list(read_folder(Path(folder) / "out")) == [page]


def test_other_tools_read_what_we_write(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    write_warc(store, run_of(store, OUTCOMES), file)
    with file.open("rb") as opened:
        slow = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.http_headers and r.http_headers.get_statuscode(), r.content_stream().read())
            for r in ArchiveIterator(opened, check_digests="raise")
        ]  # fmt: skip
    kinds = Counter(kind for kind, *_ in slow)
    assert kinds == {"warcinfo": 1, "response": 5, "resource": 2, "request": 5, "conversion": 3, "metadata": 2}
    assert slow[0][3].startswith(b"software: auditor ")
    responses = [(uri, status, body) for kind, uri, status, body in slow if kind == "response"]
    assert ("https://www.x.example/", "200", HTML) in responses
    assert ("http://x.example/", "301", b"") in responses
    assert ("https://x.example/old", "301", b"") in responses
    assert ("https://x.example/a%20b?q=%C3%A9", "200", b"# Words\r\n\r\n") in responses
    with file.open("rb") as opened:
        fast = []
        for r in FastIterator(opened, parse_http=False):
            assert r.verify_block_digest()
            if r.is_http:
                r.parse_http()
                assert r.headers.get("WARC-Type") != "response" or r.verify_payload_digest()
            fast.append((r.headers.get("WARC-Type"), r.headers.get("WARC-Target-URI"), r.reader.read()))
    assert fast == [(kind, uri, body) for kind, uri, _, body in slow]
    page = next(r for r in _parsed(file) if r.headers.get("WARC-Target-URI") == "https://www.x.example/")
    headers = page.http_headers.to_dict()
    assert headers["content-length"] == str(len(HTML))
    assert headers["x-archive-orig-content-encoding"] == "br"
    assert "content-encoding" not in headers
    unpacked = gzip.decompress(file.read_bytes())
    assert unpacked.count(b"\r\n\r\nGET /") == 5
    assert b"GET /a%20b?q=%C3%A9 HTTP/1.1\r\nHost: x.example\r\nUser-Agent: auditor/test\r\n" in unpacked


def _parsed(file: Path) -> Iterator[object]:
    with file.open("rb") as opened:
        for record in FastIterator(opened):
            if record.is_http and record.headers.get("WARC-Type") == "response":
                record.freeze()
                yield record


def test_every_record_is_a_member_of_its_own(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    write_warc(store, run_of(store, OUTCOMES), file)
    data, members = file.read_bytes(), 0
    while data:
        one = zlib.decompressobj(31)
        record = one.decompress(data)
        assert record.startswith(b"WARC/1.1\r\n") and record.count(b"WARC-Record-ID") == 1
        data, members = one.unused_data, members + 1
    assert members == 18


def test_an_export_writes_over_nothing(store: Store, tmp_path: Path) -> None:
    number = run_of(store, OUTCOMES)
    (tmp_path / "there").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    for export, place in (
        (write_warc, tmp_path / "there"),
        (write_folder, tmp_path / "there"),
        (write_folder, tmp_path / "full"),
        (write_warc, tmp_path / "none" / "x.warc.gz"),
    ):
        with pytest.raises(ConfigError) as error:
            export(store, number, place)
        assert "\n" not in str(error.value)
    for export in (write_warc, write_folder):
        with pytest.raises(StoreError, match="no run 9"):
            export(store, 9, tmp_path / "new")
    assert (tmp_path / "there").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "store", "there"]


def test_an_export_that_breaks_leaves_no_file(store: Store, tmp_path: Path) -> None:
    number = run_of(store, OUTCOMES)
    store.connection.execute("UPDATE bodies SET data = x'00'")
    with pytest.raises(StoreError, match="damaged"):
        write_warc(store, number, tmp_path / "x.warc.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


# What others wrote


def put(writer: WARCWriter, record: ArcWarcRecord) -> None:
    writer.write_record(record)
    record.raw_stream.close()  # warcio copies a payload of unknown length to a file, and leaves that open


def written(
    path: Path, *answers: tuple[str, str, list[tuple[str, str]], bytes], kind: str = "response", gz: bool = True
) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gz)
        put(writer, writer.create_warcinfo_record("x", {"software": "somebody's"}))
        for uri, status, headers, body in answers:
            message = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if status else None
            put(writer, writer.create_warc_record(uri, kind, io.BytesIO(body), http_headers=message))
    return path


PAGE = [("Content-Type", "text/html; charset=utf-8")]


def one(path: Path, **options: int) -> Outcome:
    (outcome,) = read_warc(path, **options)  # type: ignore[arg-type]
    return outcome


@pytest.mark.parametrize("gz", [True, False])
def test_answers_are_called_what_a_crawler_calls_them(tmp_path: Path, gz: bool) -> None:
    left: Counter[str] = Counter()
    file = written(
        tmp_path / "x",
        ("https://x.example/", "200 OK", [*PAGE, ("Set-Cookie", "secret=1"), ("X-A", "1"), ("X-A", "2")], HTML),
        ("https://x.example/a.md", "200 OK", [("Content-Type", "text/plain")], b"# A\n"),
        ("https://x.example/old", "301 Moved", [("Location", "/new")], b""),
        ("https://x.example/odd", "302 Found", [("Location", "mailto:a@x.example")], b""),
        ("https://x.example/gone", "404 Not Found", PAGE, HTML),
        ("https://x.example/no", "403 Forbidden", PAGE, HTML),
        ("https://x.example/broken", "500 Oops", PAGE, HTML),
        ("https://x.example/empty", "200 OK", PAGE, b"  "),
        ("https://x.example/beacon", "204 No Content", [], b""),
        ("https://x.example/robots.txt", "200 OK", [("Content-Type", "text/plain")], b"User-agent: *"),
        ("https://x.example/a.png", "404 Not Found", PAGE, HTML),
        ("https://x.example/image", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        ("dns:x.example", "", [], b"x.example 1.2.3.4"),
        gz=gz,
    )
    page, markdown, moved, *failures = read_warc(file, left=left)
    assert isinstance(page, Snapshot) and isinstance(markdown, Snapshot)
    assert (page.body, page.url, page.final_url, page.status) == (HTML, "https://x.example/", "https://x.example/", 200)
    assert page.headers == {"content-type": "text/html; charset=utf-8", "x-a": "1, 2"}
    assert page.fetched_at is not None and page.fetched_at.tzinfo is not None
    assert markdown.format is Format.MARKDOWN
    assert moved == Moved("https://x.example/old", 301, "https://x.example/new")
    assert [(one.name.rpartition("/")[2], one.kind) for one in failures if isinstance(one, Failure)] == [
        ("gone", FailureKind.MISSING),
        ("no", FailureKind.REFUSED),
        ("broken", FailureKind.STATUS),
        ("empty", FailureKind.EMPTY),
    ]
    assert left == {NO_PAGE: 5, NO_HTTP: 1}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Content-Encoding", "gzip")], gzip.compress(HTML)),
        ([("Content-Encoding", "deflate")], zlib.compress(HTML)),
        ([("Content-Encoding", "gzip")], HTML),  # unpacked by the archiver, the header left
        ([("Content-Encoding", "br")], HTML),
        ([("Transfer-Encoding", "chunked")], b"5\r\n<!DOC\r\n%x;x=y\r\n%b\r\n0\r\n\r\n" % (len(HTML) - 5, HTML[5:])),
        ([("Transfer-Encoding", "chunked")], HTML),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(HTML, mtime=0)), gzip.compress(HTML, mtime=0))),
    ],
    ids=["gzip", "deflate", "not gzip", "not br", "chunked", "not chunked", "chunked gzip"],
)  # fmt: skip
def test_bodies_are_unpacked(tmp_path: Path, headers: list[tuple[str, str]], body: bytes) -> None:
    page = one(written(tmp_path / "x", ("https://x.example/", "200 OK", [*PAGE, *headers], body)))
    assert isinstance(page, Snapshot)
    assert page.body == HTML


def test_what_is_too_large_or_packed_wrongly_is_a_failure(tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + bytes(5_000_000))
    for body, headers, kind in (
        (HTML * 100, [], FailureKind.TOO_LARGE),
        (bomb, [("Content-Encoding", "gzip")], FailureKind.TOO_LARGE),
        (gzip.compress(HTML)[:5] + b"\xff" * 50, [("Content-Encoding", "gzip")], FailureKind.UNREADABLE),
        (HTML, [("Content-Encoding", "rot13, rot13, rot13")], FailureKind.UNREADABLE),
    ):
        file = written(tmp_path / "x", ("https://x.example/", "200 OK", [*PAGE, *headers], body))
        outcome = one(file, max_bytes=1000)
        if kind is FailureKind.UNREADABLE and body is HTML:
            assert isinstance(outcome, Snapshot)
        else:
            assert isinstance(outcome, Failure) and outcome.kind is kind


def test_a_record_far_above_the_limit_is_passed_over(tmp_path: Path) -> None:
    big = HTML + bytes(3_000_000)
    file = written(
        tmp_path / "x", ("https://x.example/a", "200 OK", PAGE, big), ("https://x.example/b", "200 OK", PAGE, HTML)
    )
    tracemalloc.start()
    first, second = read_warc(file, max_bytes=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Failure) and first.kind is FailureKind.TOO_LARGE
    assert isinstance(second, Snapshot)
    assert peak < 2_500_000


def test_a_resource_may_be_a_page(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        put(
            writer,
            writer.create_warc_record(
                "https://x.example/", "resource", io.BytesIO(HTML), warc_content_type="text/html"
            ),
        )
    page = one(tmp_path / "x")
    assert isinstance(page, Snapshot) and page.body == HTML


def test_an_archive_that_says_it_has_only_the_beginning(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        message = StatusAndHeaders("200 OK", PAGE, protocol="HTTP/1.1")
        record = writer.create_warc_record("https://x.example/", "response", io.BytesIO(HTML), http_headers=message)
        record.rec_headers.add_header("WARC-Truncated", "length")
        put(writer, record)
    outcome = one(tmp_path / "x")
    assert isinstance(outcome, Failure) and "(length)" in outcome.detail


# Revisits


def revisit(writer: WARCWriter, uri: str, refers: str, digest: str) -> None:
    message = StatusAndHeaders("200 OK", PAGE, protocol="HTTP/1.1")
    put(writer, writer.create_revisit_record(uri, digest, refers, "2024-01-01T00:00:00Z", http_headers=message))


def test_a_revisit_is_what_it_refers_to_wherever_that_stands(tmp_path: Path) -> None:
    left: Counter[str] = Counter()
    with (tmp_path / "x").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        message = StatusAndHeaders("200 OK", PAGE, protocol="HTTP/1.1")
        record = writer.create_warc_record("https://x.example/a", "response", io.BytesIO(HTML), http_headers=message)
        digest = f"sha1:{base64.b32encode(hashlib.sha1(HTML).digest()).decode()}"
        revisit(writer, "https://x.example/early", "https://x.example/a", digest)
        put(writer, record)
        revisit(writer, "https://x.example/late", "https://x.example/a", digest)
        revisit(writer, "https://x.example/a", "https://x.example/a", digest)
        revisit(writer, "https://x.example/lost", "https://x.example/lost", "sha1:NOWHERE")
        revisit(writer, "dns:x", "https://x.example/lost", "sha1:NOWHERE")
    outcomes = list(read_warc(tmp_path / "x", left=left))
    assert [(one.name, one.body) for one in outcomes if isinstance(one, Snapshot)] == [
        ("https://x.example/a", HTML),
        ("https://x.example/early", HTML),
        ("https://x.example/late", HTML),
    ]
    assert left == {NO_ORIGINAL: 1, NO_HTTP: 1}


def test_revisits_without_end_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MAX_REVISITS", 2)
    left: Counter[str] = Counter()
    with (tmp_path / "x").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(5):
            revisit(writer, f"https://x.example/{number}", "https://x.example/no", f"sha1:{number}")
    assert list(read_warc(tmp_path / "x", left=left)) == []
    assert left == {NO_ORIGINAL: 5}


# Damage


def many(tmp_path: Path, count: int = 6, gz: bool = True) -> tuple[bytes, list[int]]:
    """An archive of pages that do not pack, and where each record begins."""
    offsets = []
    with (tmp_path / "many").open("wb") as file:
        writer = WARCWriter(file, gzip=gz)
        for number in range(count):
            offsets.append(file.tell())
            body = b"<p>" + random.Random(number).randbytes(5000)
            message = StatusAndHeaders("200 OK", PAGE, protocol="HTTP/1.1")
            uri = f"https://x.example/{number}"
            put(writer, writer.create_warc_record(uri, "response", io.BytesIO(body), http_headers=message))
    return (tmp_path / "many").read_bytes(), offsets


def read(tmp_path: Path, data: bytes) -> tuple[list[str], list[Failure], Counter[str]]:
    left: Counter[str] = Counter()
    (tmp_path / "x").write_bytes(data)
    outcomes = list(read_warc(tmp_path / "x", left=left))
    pages = [one.name[-1] for one in outcomes if isinstance(one, Snapshot)]
    return pages, [one for one in outcomes if isinstance(one, Failure)], left


@pytest.mark.parametrize("gz", [True, False])
def test_a_file_that_breaks_off_gives_what_is_there(tmp_path: Path, gz: bool) -> None:
    data, offsets = many(tmp_path, gz=gz)
    pages, (cut, said), left = read(tmp_path, data[:-300])
    assert pages == ["0", "1", "2", "3", "4"]
    assert (cut.url, cut.kind) == ("https://x.example/5", FailureKind.UNREADABLE)
    assert "breaks off" in cut.detail
    assert said.path == str(tmp_path / "x") and "1 place" in said.detail
    assert left == {DAMAGED: 1}
    pages, (said,), left = read(tmp_path, data[: offsets[5] + 40])
    assert pages == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("within", [0, 20, 200, 1500, 5300])
@pytest.mark.parametrize("length", [1, 60, 4000])
def test_a_damaged_member_costs_itself_and_no_other(tmp_path: Path, within: int, length: int) -> None:
    data, offsets = many(tmp_path)
    at = offsets[2] + within
    end = min(at + length, offsets[3])
    bad = data[:at] + bytes(byte ^ 0x55 for byte in data[at:end]) + data[end:]
    pages, failures, left = read(tmp_path, bad)
    assert [page for page in pages if page != "2"] == ["0", "1", "3", "4", "5"]
    assert left[DAMAGED] == 1
    assert failures[-1].path == str(tmp_path / "x")


def test_damage_between_plain_records_is_passed_over(tmp_path: Path) -> None:
    data, offsets = many(tmp_path, gz=False)
    bad = bytearray(data)
    bad[offsets[2] : offsets[2] + 8] = b"RUBBISH!"
    pages, _, left = read(tmp_path, bytes(bad))
    assert pages == ["0", "1", "3", "4", "5"]
    assert left[DAMAGED] == 1
    wrong = data.replace(b"Content-Length: 5", b"Content-Length: x", 1)
    assert read(tmp_path, wrong)[0] == ["1", "2", "3", "4", "5"]


def test_an_archive_packed_as_one_and_one_with_padding(tmp_path: Path) -> None:
    data, _ = many(tmp_path)
    for whole in (gzip.compress(gzip.decompress(data)), data + bytes(100_000)):
        pages, failures, left = read(tmp_path, whole)
        assert pages == ["0", "1", "2", "3", "4", "5"]
        assert not failures and not left


@pytest.mark.parametrize(
    "data", [b"", b"hello\n" * 99, gzip.compress(b"hello"), b"\x1f\x8b\x08", b"PK\x03\x04" + bytes(99)]
)
def test_what_is_no_archive_is_said(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(SourceError, match="is no WARC file; name"):
        list(read_warc(tmp_path / "x"))
    with pytest.raises(SourceError, match="cannot read"):
        list(read_warc(tmp_path / "none"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nothing_that_a_file_holds_breaks_the_reader(data: st.DataObject) -> None:
    good = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/\r\nContent-Length: 70\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n<p>\r\n\r\n"
    ) * 2
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(bad)))
        bad[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    packed = gzip.compress(bytes(bad))
    if data.draw(st.booleans()):
        packed = packed[: data.draw(st.integers(10, len(packed)))] + gzip.compress(good)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x"
        for content in (bytes(bad), packed):
            file.write_bytes(content)
            try:
                list(read_warc(file))
            except SourceError:
                assert not content.startswith(b"WARC/")


@pytest.mark.parametrize(
    "notes",
    ["null", "[]", "{", '{"auditor": 1}', '{"auditor": {}}', '{"auditor": {"format": "x"}}', '{"auditor": {"format": "html", "url": [], "final_url": {}, "path": 1, "fetched": 1, "dated": 1, "redirects": [1]}}', "[" * 50_000],
)  # fmt: skip
def test_notes_that_make_no_sense_break_nothing(tmp_path: Path, notes: str) -> None:
    with (tmp_path / "x").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for kind in ("response", "metadata", "conversion"):
            message = StatusAndHeaders("200 OK", PAGE, protocol="HTTP/1.1") if kind == "response" else None
            record = writer.create_warc_record("https://x.example/", kind, io.BytesIO(HTML), http_headers=message)
            record.rec_headers.add_header("WARC-JSON-Metadata", notes)
            put(writer, record)
    outcome = one(tmp_path / "x")
    assert isinstance(outcome, Snapshot) or "notes" in outcome.detail  # type: ignore[union-attr]


def test_a_header_without_end_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_HEADER", 2_000)
    data, offsets = many(tmp_path, gz=False)
    long = (
        data[: offsets[1]]
        + b"WARC/1.0\r\n"
        + b"X-Long: y\r\n" * 500
        + b"no line feed " * 900
        + b"\r\n"
        + data[offsets[1] :]
    )
    pages, _, left = read(tmp_path, long)
    assert pages == ["0", "1", "2", "3", "4", "5"]
    assert left[DAMAGED] >= 1


def test_memory_is_flat_whatever_the_number_of_records(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        member = gzip.compress(
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/\r\nContent-Length: 60\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Some text</p>\r\n\r\n"
        )
        with (tmp_path / "x").open("wb") as file:
            for _ in range(count):
                file.write(member)
        tracemalloc.start()
        assert sum(1 for _ in read_warc(tmp_path / "x")) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4_000) < 1.2 * peak(1_000)


# Names


ADDRESSES = st.one_of(
    st.text(max_size=60).map(lambda text: f"https://x.example/{text}"),
    st.text("./\\:~%aA?#*|<> \0é\U0001f980", max_size=30).map(lambda text: f"https://x.example/{text}"),
    st.lists(st.sampled_from(["con", "NUL.txt", "com1", "a", "A", "a.html", "..", ".", ".git", "index.html", "index.jsonl", "x" * 300, ""]), max_size=6).map(lambda parts: "http://X.example:8000/" + "/".join(parts)),
    st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(ADDRESSES, unique=True, max_size=12), st.sampled_from(Format))
def test_every_address_has_a_safe_name_of_its_own(addresses: list[str], form: Format) -> None:
    names = Names()
    taken = [names.take(address, form) for address in addresses]
    assert len({name.lower() for name in taken}) == len(addresses)
    folders = {str(folder).lower() for name in taken for folder in PurePosixPath(name).parents}
    for name in taken:
        assert name.lower() not in folders
        assert name.isascii() and len(name) <= MAX_NAME + 100
        assert not PurePosixPath(name).is_absolute() and not PureWindowsPath(name).drive
        assert "/" in name
        for part in name.split("/"):
            assert 0 < len(part) <= 120
            assert part not in (".", "..") and not part.startswith(".") and not part.endswith((".", " "))
            assert not set(part) & set('\\:*?"<>|')
            assert not PureWindowsPath(part).is_reserved() if sys.version_info < (3, 13) else True


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://x.example/", "x.example/index.html"),
        ("https://x.example/posts/", "x.example/posts/index.html"),
        ("https://x.example/posts/a", "x.example/posts/a/index.html"),
        ("https://x.example/posts/a.html", "x.example/posts/a.html"),
        ("https://x.example/v1.2", "x.example/v1.2/index.html"),
    ],
)
def test_names_are_readable(address: str, name: str) -> None:
    assert file_name(address, Format.HTML) == name


def test_files_are_all_written_where_names_collide(store: Store, tmp_path: Path) -> None:
    addresses = [
        "a.html",
        "A.html",
        "a.html/b",
        "a.html/",
        "a.html?x",
        "a.html?y",
        "a",
        "a/",
        "../../../etc/passwd",
        "con",
        "%2e%2e/x",
    ]
    pages = [
        Snapshot(url.encode(), url=f"https://x.example/{url}", final_url=f"https://x.example/{url}", status=200)
        for url in addresses
    ]
    write_folder(store, run_of(store, pages), tmp_path / "deep" / "out")
    assert list(read_folder(tmp_path / "deep" / "out")) == pages
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "store"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


# Folders


def test_a_list_that_lies_leads_nowhere(store: Store, tmp_path: Path) -> None:
    write_folder(store, run_of(store, [OUTCOMES[1]]), tmp_path / "out")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "secret")
    index = tmp_path / "out" / INDEX
    good = json.loads(index.read_text())
    lines = [
        *({**good, "file": name} for name in ("../secret", str(tmp_path / "secret"), "link", 7, None)),
        *({**good, key: value} for key, value in (("format", "x"), ("headers", []), ("status", 10**30), ("status", "1"), ("redirects", [[1]]), ("variants", {"x": good["file"]}), ("fetched_at", "noon"))),
        {"source": "a", "status": 2**70, "target": "b"},
        {"failure": "none", "detail": "", "url": None, "path": None},
        [], 7, None,
    ]  # fmt: skip
    with index.open("w") as out:
        out.writelines(json.dumps(line) + "\n" for line in [*lines, {**good, "file": "none"}])
        out.write("{\n" + "[" * 100_000 + "\n")
    left: Counter[str] = Counter()
    assert list(read_folder(tmp_path / "out", left=left)) == []
    assert left == {NO_LINE: len(lines) + 2, NO_FILE: 1}


def test_a_large_file_of_a_folder_is_a_failure(store: Store, tmp_path: Path) -> None:
    write_folder(store, run_of(store, [OUTCOMES[1]]), tmp_path / "out")
    (outcome,) = read_folder(tmp_path / "out", max_bytes=3)
    assert isinstance(outcome, Failure) and outcome.kind is FailureKind.TOO_LARGE
    with pytest.raises(SourceError):
        list(read_folder(tmp_path / "none"))


def test_files_of_a_built_site_get_its_addresses() -> None:
    documents = [
        Snapshot(b"", path=os.path.join("site", *name.split("/")))  # noqa: PTH118
        for name in ("index.html", "posts/index.html", "posts/a b.html", "myindex.html", "é?.md")
    ]
    found = list(
        addressed([*documents, Failure(FailureKind.EMPTY, "", path="site")], Path("site"), "https://X.example/blog")
    )
    assert [one.url for one in found] == [
        "https://x.example/blog/",
        "https://x.example/blog/posts/",
        "https://x.example/blog/posts/a%20b.html",
        "https://x.example/blog/myindex.html",
        "https://x.example/blog/%C3%A9%3F.md",
        "https://x.example/blog/",
    ]
    assert all(one.path is None for one in found)
    with pytest.raises(ConfigError, match="no web address"):
        list(addressed(documents, Path("site"), "x.example"))


# Into a store


def test_an_archive_becomes_a_run(store: Store) -> None:
    left: Counter[str] = Counter()
    number = into_store(store, [*OUTCOMES, *OUTCOMES], ["x.warc.gz"], left)
    run, info = store.open(number), store.info(number)
    assert (info.state, info.pages, info.failures, info.starts) == (State.DONE, 4, 2, ("x.warc.gz",))
    assert [run.document(one) for one in run.documents()] == [one for one in OUTCOMES if isinstance(one, Snapshot)]
    assert run.moved("https://x.example/old") == OUTCOMES[3]
    assert left == {AGAIN: len(OUTCOMES)}
    assert store.latest([]) is None and store.latest(["x.warc.gz"]) is None, "it cannot be crawled on"


def test_an_archive_without_a_page_is_no_run(store: Store) -> None:
    with pytest.raises(SourceError, match="no page in x; of 2 failures the first: 404"):
        into_store(store, OUTCOMES[5:], ["x"])
    with pytest.raises(SourceError, match="no page in x; name an archive"):
        into_store(store, [], ["x"])

    def broken() -> Iterator[Outcome]:
        yield OUTCOMES[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        into_store(store, broken(), ["x"])
    assert store.runs() == []
