"""`auditor fix`: what it shows, what it writes, what it leaves, and that an audit of the result finds no more."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli import app
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.fix.aims import FIXED
from auditor.fix.diff import diff
from auditor.fix.rounds import fix
from auditor.page.snapshot import Format, Snapshot
from auditor.render.text import escape_line
from auditor.report import Confidence
from benchmarks.fix import Doctored, operate, untouched

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
CHECKS = (
    "planted-link", "vice-link", "hidden-link", "hidden-text", "stray-link", "spam-comments", "off-topic-related-posts", "planted-phrase",
)  # fmt: skip


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["fix", *arguments, "--no-config"], prog_name="auditor")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the bad example of a planted and of a hidden link."""
    for check in ("planted-link", "hidden-link"):
        shutil.copy(PAGES / check / "bad.html", tmp_path / f"{check}.html")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_check_that_can_be_fixed_has_its_example() -> None:
    assert set(CHECKS) == set(FIXED)


@pytest.mark.parametrize("check", CHECKS)
def test_an_audit_of_the_result_does_not_find_it_again(check: str) -> None:
    path = next((PAGES / check).glob("bad.*"))
    format = {".html": Format.HTML, ".txt": Format.TEXT}[path.suffix]
    config = Config(each=True)
    done = fix([Snapshot(path.read_bytes(), format, path="a")], config, least=Confidence.MEDIUM)
    (rewrite,) = done.rewrites
    assert not rewrite.left
    assert check in {one.check for one in rewrite.taken}
    again = fix([Snapshot(rewrite.after, format, path="a")], config, least=Confidence.MEDIUM)
    assert not again.rewrites
    assert not [one for page in again.report.pages for one in page.findings if one.check == check]


@pytest.mark.parametrize("check", CHECKS)
def test_the_near_misses_stay_as_they_are(check: str) -> None:
    path = next((PAGES / check).glob("good.*"))
    format = {".html": Format.HTML, ".txt": Format.TEXT}[path.suffix]
    assert not fix([Snapshot(path.read_bytes(), format, path="a")], Config(each=True)).rewrites


def test_related_posts_are_emptied_with_their_heading_and_their_container_stays() -> None:
    body = (PAGES / "off-topic-related-posts" / "bad.html").read_bytes()
    (rewrite,) = fix([Snapshot(body, path="a")], Config(each=True)).rewrites
    gone = [line for line in body.splitlines() if line not in rewrite.after.splitlines()]
    assert [b"<h2>Related Posts</h2>" in line or line.startswith(b'<li class="card">') for line in gone] == [True] * 4


def test_related_posts_in_markdown() -> None:
    posts = "## Related posts\n\n" + "".join(
        f"- [{title}](/{title.lower().replace(' ', '-')}/)\n"
        for title in (
            "Dexter Vale Net Worth in 2024",
            "5 Best Mattress Brands for Side Sleepers",
            "How to Open a Forex Trading Account",
        )
    )
    source = f"{article()}\n\n{posts}\n## Notes\n\nThat is all there is to say about it.\n"
    done = fix([Snapshot(source.encode(), Format.MARKDOWN, path="a.md")], Config(each=True), least=Confidence.LOW)
    (rewrite,) = done.rewrites
    assert rewrite.after.decode() == source.replace(posts, "")


def article() -> str:
    lines = (PAGES / "planted-phrase" / "good.txt").read_text(encoding="utf-8").splitlines()
    return "# " + "\n".join(lines)


def test_a_diff_is_shown_that_git_applies_and_nothing_is_written(site: Path) -> None:
    before = {path: path.read_bytes() for path in site.iterdir()}
    shown = run("--each", ".")
    assert shown.exit_code == 1
    assert shown.stderr.endswith("2 findings in 2 files can be taken out; --write does it\n")
    assert {path: path.read_bytes() for path in site.iterdir()} == before
    copy = site / "copy"
    copy.mkdir()
    for path in before:
        (copy / path.name).write_bytes(before[path])
    done = subprocess.run(["git", "apply", "-"], input=shown.stdout_bytes, cwd=copy, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    written = run("--each", "planted-link.html", "hidden-link.html", "--write")
    assert (written.exit_code, written.stdout) == (0, "")
    for path in before:
        assert path.read_bytes() == (copy / path.name).read_bytes() != before[path]


def test_a_second_run_has_nothing_to_do(site: Path) -> None:
    assert run("--each", ".", "--write").exit_code == 0
    again = run("--each", ".")
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "auditor: nothing to take out\n"


def test_mode_and_link_stay(site: Path) -> None:
    real, link = site / "planted-link.html", site / "elsewhere.html"
    real.chmod(0o640)
    link.symlink_to(real.name)
    assert run("--each", "elsewhere.html", "--write").exit_code == 0
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert b"planted" not in run("--each", "planted-link.html").stdout_bytes


def test_what_has_changed_meanwhile_is_left(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fix

    def slow(*given: Any, **named: Any) -> Any:
        done = real(*given, **named)
        (site / "planted-link.html").write_text("new")
        return done

    monkeypatch.setattr("auditor.fix.rounds.fix", slow)
    done = run("--each", ".", "--write")
    assert done.exit_code == 2
    assert "error: ./planted-link.html: it has changed since it was read" in done.stderr
    assert (site / "planted-link.html").read_text() == "new"
    assert "1 file written" in done.stderr


def test_what_cannot_be_rewritten_safely_is_left_and_said(site: Path) -> None:
    file = site / "planted-link.html"
    text = file.read_text(encoding="utf-8")
    start = text.index("<a href", text.index("<article"))
    end = text.index("</a>", start)
    file.write_text(f"{text[:start]}<b>{text[start:end].replace('>', '>x</b>', 1)}{text[end:]}", encoding="utf-8")
    before = file.read_bytes()
    done = run("--each", "planted-link.html", "--write")
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "left: planted-link.html: where its <a> ends cannot be told; close the elements in it"
    )
    assert file.read_bytes() == before


def test_only_what_is_asked_for(site: Path) -> None:
    assert run("--each", ".", "--ignore", "spam,hacked").exit_code == 0
    assert "hidden-link.html" not in run("--each", ".", "--select", "planted-link").stdout
    assert run("-").exit_code == 2
    assert "standard input cannot be rewritten" in run("-").stderr
    assert run("https://example.com/").exit_code == 2
    assert run("nowhere.html").exit_code == 2


def test_what_a_page_suppresses_stays(site: Path) -> None:
    file = site / "hidden-link.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("<body", "<!-- auditor: ignore-page[hidden-link, vice-link] A joke. -->\n<body"), encoding="utf-8"
    )
    assert run("--each", "hidden-link.html").exit_code == 0


def test_marking_leaves_the_words(site: Path) -> None:
    before = (site / "planted-link.html").read_bytes()
    assert run("--each", "planted-link.html", "--how", "nofollow", "--write").exit_code == 0
    after = (site / "planted-link.html").read_bytes()
    assert after.count(b' rel="sponsored nofollow"') == 1
    assert after.replace(b' rel="sponsored nofollow"', b"") == before
    assert run("--each", "planted-link.html", "--how", "nofollow").exit_code == 0


def test_several_documents_of_one_file_are_left() -> None:
    body = (PAGES / "planted-link" / "bad.html").read_bytes()
    (rewrite,) = fix([Snapshot(body, path="e.xml"), Snapshot(body, path="e.xml")], Config(each=True)).rewrites
    assert rewrite.left == "an export is not rewritten; correct the post where it comes from (line 22)"
    assert rewrite.after == rewrite.before


def test_a_check_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ConfigError):
        fix([], Config(select=frozenset({"nope"})))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\nc", b"a\nc"),
        (b"a\r\nb\r\n", b"a\r\n"),
        (b"a\rb\nc\x0cd\n", b"a\rb\nd\n"),
        (b"a", b""),
        (b"\n" * 30 + b"x\n" + b"\n" * 30 + b"y", b"\n" * 30 + b"z\n" + b"\n" * 30 + b"y\n"),
    ],
)  # fmt: skip
def test_diffs_of_odd_bodies_and_names_apply(before: bytes, after: bytes, tmp_path: Path) -> None:
    name = 'a folder/caf\xe9 "x".md'
    file = tmp_path / name
    file.parent.mkdir()
    file.write_bytes(before)
    patch = b"".join(diff(name, before, after))
    done = subprocess.run(
        ["git", "apply", "-"], input=patch, cwd=tmp_path, capture_output=True, check=False, env=_no_git()
    )
    assert done.returncode == 0, (done.stderr, patch)
    assert file.read_bytes() == after
    assert not list(diff(name, before, before))


def _no_git() -> dict[str, str]:
    return {**os.environ, "GIT_CEILING_DIRECTORIES": "/"}


def test_a_terminal_is_not_steered_by_a_line() -> None:
    assert escape_line(b"+\ta\x1b[31m\xff\r\n") == b"+\ta\\x1b[31m\\xff\n"


# The benchmark with fewer pages.


@pytest.mark.parametrize("format", [Format.HTML, Format.MARKDOWN])
def test_planted_links_go_and_nothing_else_changes(format: Format) -> None:
    found = operate(21, format)
    assert found.flagged >= 21
    assert found.still <= 0.05 * found.flagged
    assert (found.touched, found.again) == (0, 0)


def test_the_measure_sees_a_touched_byte() -> None:
    page = Doctored("one <a>two</a> three", ((4, 14),), "x")
    assert untouched(page, "one  three")
    assert untouched(page, "one two three")
    assert not untouched(page, "one  Three")
    assert not untouched(page, "one three")
