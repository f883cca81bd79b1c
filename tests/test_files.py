"""Reading documents: what folders hold, how formats are told, and a Failure for everything that cannot be had."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.files import binary, read, sniff
from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot

LIMIT = 100_000


def names(found: Iterator[Snapshot | Failure]) -> list[str]:
    return [document.name for document in found]


def only_failure(path: str, **options: object) -> Failure:
    [failure] = read([path], max_bytes=LIMIT, **options)  # type: ignore[arg-type]
    assert isinstance(failure, Failure)
    assert "\n" not in failure.detail
    return failure


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    documents = ("b.html", "a.md", "posts/z.txt", "posts/y.markdown", "posts/x.HTM", "posts/w.mdx", "posts/v.xhtml")
    others = (
        *("robots.txt", "humans.txt", "ads.txt", "sitemap.txt", "LICENSE.txt", "LICENSE.md", "requirements-dev.txt"),
        *("style.css", "data.json", ".hidden.html", ".git/x.html", "node_modules/left/README.md"),
        "posts/google0123456789abcdef.html",
    )
    for name in documents + others:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Some words.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_folder_holds_articles_in_a_stable_order(site: Path) -> None:
    expected = ["a.md", "b.html", "posts/v.xhtml", "posts/w.mdx", "posts/x.HTM", "posts/y.markdown", "posts/z.txt"]
    assert names(read([str(site)], max_bytes=LIMIT)) == [str(site / name) for name in expected]


def test_ending_decides_the_format(site: Path) -> None:
    found = {Path(d.name).suffix: d.format for d in read(["."], max_bytes=LIMIT) if isinstance(d, Snapshot)}
    html = dict.fromkeys((".html", ".HTM", ".xhtml"), Format.HTML)
    assert found == html | dict.fromkeys((".md", ".markdown", ".mdx"), Format.MARKDOWN) | {".txt": Format.TEXT}


def test_named_file_is_read_whatever_it_is_called(site: Path) -> None:
    assert names(read(["robots.txt", ".hidden.html"], max_bytes=LIMIT)) == ["robots.txt", ".hidden.html"]


def test_file_reached_twice_is_read_once(site: Path) -> None:
    (site / "twin.html").symlink_to(site / "b.html")
    assert names(read(["b.html", ".", "posts", "b.html"], max_bytes=LIMIT)).count("b.html") == 1
    assert len(names(read([".", "posts", "twin.html"], max_bytes=LIMIT))) == 7


def test_loops_of_links_end(site: Path) -> None:
    (site / "posts/up").symlink_to(site)
    (site / "posts/down").symlink_to(site / "posts")
    assert len(names(read(["."], max_bytes=LIMIT))) == 7
    assert names(read(["**/*.H*"], max_bytes=LIMIT)) == ["./posts/x.HTM"]


def test_links_do_not_lead_out_of_a_folder(site: Path) -> None:
    (site / "inner").mkdir()
    (site / "inner/out").symlink_to(site / "posts")
    assert only_failure("inner").kind is FailureKind.EMPTY


def test_deep_folders_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 1200  # more than Python nests calls
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("page.md").write_text("words")
    os.chdir(tmp_path)
    [document] = read(["."], max_bytes=LIMIT)
    assert isinstance(document, Snapshot)
    assert document.name.count("/") == depth + 1
    for _ in range(depth):
        os.chdir("d")
    Path("page.md").unlink()
    for _ in range(depth):  # pytest's own removal of temporary folders is recursive
        os.chdir("..")
        Path("d").rmdir()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.html", ["b.html"]),
        ("posts/*.[tm]*", ["posts/w.mdx", "posts/y.markdown", "posts/z.txt"]),
        ("**/*.htm*", ["./b.html", "./posts/google0123456789abcdef.html"]),
        ("po*/**/*.md*", ["posts/w.mdx"]),
        ("p?sts", ["posts/v.xhtml", "posts/w.mdx", "posts/x.HTM", "posts/y.markdown", "posts/z.txt"]),
    ],
)
def test_patterns_that_the_shell_left_alone(site: Path, pattern: str, expected: list[str]) -> None:
    assert names(read([pattern], max_bytes=LIMIT)) == expected


def test_name_with_pattern_characters_is_a_name_first(site: Path) -> None:
    (site / "[draft].md").write_text("words")
    assert names(read(["[draft].md"], max_bytes=LIMIT)) == ["[draft].md"]


@pytest.mark.parametrize("path", ["nowhere.html", "b.html/inner.html", "nowhere/*.md", "**/*.nope"])
def test_missing(site: Path, path: str) -> None:
    failure = only_failure(path)
    assert failure.kind is FailureKind.MISSING
    assert failure.detail.endswith("check its spelling")
    assert failure.name == path


@pytest.mark.parametrize("path", ["a\x00b", "x" * 5000, "\udcff.html"])
def test_names_that_no_file_can_have(path: str) -> None:
    assert only_failure(path).kind in (FailureKind.UNREADABLE, FailureKind.MISSING)


def test_address_is_sent_to_the_other_command() -> None:
    failure = only_failure("https://example.com/")
    assert failure.kind is FailureKind.BAD_URL
    assert "auditor scan" in failure.detail


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FailureKind.EMPTY),
        (b"\xef\xbb\xbf \r\n\t", FailureKind.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + b"a" * 5000, FailureKind.BINARY),
        (b"%PDF-1.7\nall printable", FailureKind.BINARY),
        (b"words\x00\x01\x02", FailureKind.BINARY),
        (bytes(range(256)) * 20, FailureKind.BINARY),
        (b"x" * (LIMIT + 1), FailureKind.TOO_LARGE),
    ],
)
def test_what_is_no_document(tmp_path: Path, body: bytes, kind: FailureKind) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(body)
    assert only_failure(str(file)).kind is kind
    assert only_failure("-", stdin=io.BytesIO(body)).kind is kind


@pytest.mark.parametrize(
    "body",
    [
        "Ein ganz gewöhnlicher Text.".encode("utf-16"),
        "<p>слово</p>".encode("utf-16"),
        "Grüße".encode("latin-1"),
        "日本語の記事".encode("shift-jis"),
        b"x" * LIMIT,
        b"<p>" + b"many words " * 40 + b"\x00 and a stray NUL",
    ],
)
def test_text_in_any_encoding_is_a_document(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(body)
    [snapshot] = read([str(file)], max_bytes=LIMIT)
    assert snapshot == Snapshot(body, Format.HTML, path=str(file))


def test_broken_links_and_self_links_are_reported(tmp_path: Path) -> None:
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.html").symlink_to(tmp_path / "self.html")
    found = list(read([str(tmp_path)], max_bytes=LIMIT))
    assert [(Path(f.name).name, f.kind.value) for f in found if isinstance(f, Failure)] == [
        ("gone.html", "unreadable"),
        ("self.html", "unreadable"),
    ]


def test_pipes_in_a_folder_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    assert only_failure(str(tmp_path)).kind is FailureKind.EMPTY


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("words")
    file.chmod(0)
    assert only_failure(str(file)).kind is FailureKind.UNREADABLE


def test_others_are_read_beside_what_fails(site: Path) -> None:
    found = list(read(["nowhere.md", "a.md", "empty/", "b.html"], max_bytes=LIMIT))
    assert [type(d).__name__ for d in found] == ["Failure", "Snapshot", "Failure", "Snapshot"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><title>x</title>", Format.HTML),
        ("\n  <p>A fragment</p>", Format.HTML),
        ("<?xml version='1.0'?><html/>", Format.HTML),
        ("<!-- built --><html>", Format.HTML),
        ("---\ntitle: x\n---\nwords", Format.MARKDOWN),
        ("+++\ntitle = 'x'\n+++\n", Format.MARKDOWN),
        ("Words\n\n## A heading\n", Format.MARKDOWN),
        ("A [link](https://example.com).", Format.MARKDOWN),
        ("Some **bold** words", Format.MARKDOWN),
        ("<https://example.com> is an address", Format.TEXT),
        ("One < two, and 3 * 4 ** 5.\n#hashtag", Format.TEXT),
        ("Plain words.\n\n- a dash\n", Format.TEXT),
    ],
)
def test_format_of_standard_input_is_told_by_its_content(text: str, expected: Format) -> None:
    assert sniff(text.encode()) is expected
    assert sniff(text.encode("utf-16")) is expected
    [snapshot] = read(["-"], max_bytes=LIMIT, stdin=io.BytesIO(text.encode()))
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.name, snapshot.format) == ("-", expected)


def test_name_of_standard_input_decides_its_format() -> None:
    [snapshot] = read(["-"], max_bytes=LIMIT, stdin=io.BytesIO(b"<p>words"), stdin_name="post.md")
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.name, snapshot.format) == ("post.md", Format.MARKDOWN)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_snapshot_or_a_failure(body: bytes) -> None:
    [document] = read(["-"], max_bytes=250, stdin=io.BytesIO(body))
    match document:
        case Snapshot():
            assert document.body == body
            assert not binary(body)
        case Failure():
            assert document.kind in (FailureKind.EMPTY, FailureKind.BINARY, FailureKind.TOO_LARGE)


@given(st.text(max_size=80))
def test_any_path_is_answered(path: str) -> None:
    for document in read([f"/nowhere-at-all/{path}"], max_bytes=10):
        assert isinstance(document, Failure)
