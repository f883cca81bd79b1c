"""What stops a publication: findings, verdicts, and neither of what was there before or holds nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import auditor
from auditor.cli import app
from auditor.gate import Gate
from auditor.report import Confidence, Finding, Location, Severity

SITES = Path(__file__).parents[1] / "fixtures" / "sites"
GOOD = SITES / "harbor-lane" / "posts" / "sash-windows-worth-saving.html"
SPAM = SITES / "harbor-lane" / "posts" / "best-online-casino-bonuses.html"
NEITHER = ("--fail-on", "never")


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


@pytest.mark.parametrize("least", [None, *Severity])
@pytest.mark.parametrize("sure", list(Confidence))
def test_a_finding_stops_where_it_is_as_severe_and_as_sure(least: Severity | None, sure: Confidence) -> None:
    gate = Gate(least, sure)
    for at, severity in enumerate(Severity):
        for place, confidence in enumerate(Confidence):
            finding = Finding("a", severity, confidence, "m", "f", "0" * 16, Location())
            expected = least is not None and at >= list(Severity).index(least) and place >= list(Confidence).index(sure)
            assert gate.stops(finding) is expected
            assert Gate(least, sure, checks=frozenset(("a",))).stops(finding)


@pytest.mark.parametrize(
    ("page", "verdict", "code"),
    [(SPAM, "spam", 1), (SPAM, "low-quality", 1), (GOOD, "low-quality", 0), (GOOD, "spam", 0)],
)
def test_a_verdict_stops_only_where_that_is_asked_for(page: Path, verdict: str, code: int) -> None:
    result = check(page, *NEITHER, "--fail-on-verdict", verdict)
    assert result.exit_code == code
    found = "1 page" if code else "no page"
    assert f"auditor: {found} judged {verdict}" in result.stderr
    assert check(page, *NEITHER).exit_code == 0


def test_a_page_that_was_no_better_before_stops_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "post.html"
    shutil.copy(SPAM, page)
    gate = (*NEITHER, "--fail-on-verdict", "spam", "--baseline", "known.json")
    assert check("post.html", *gate, "--update-baseline").exit_code == 0
    assert check(page, *gate).exit_code == 0
    shutil.copy(SPAM, tmp_path / "another.html")
    assert check(".", *gate).exit_code == 1
    shutil.copy(GOOD, page)
    assert check("post.html", *gate, "--update-baseline").exit_code == 0
    shutil.copy(SPAM, page)
    assert check("post.html", *gate).exit_code == 1


def test_nothing_in_a_document_is_an_error_unless_it_is_allowed(tmp_path: Path) -> None:
    empty, binary = tmp_path / "_index.md", tmp_path / "image.md"
    empty.write_bytes(b"")
    binary.write_bytes(b"\x89PNG\r\n")
    assert check(empty).exit_code == 2
    result = check(empty, "--allow-empty")
    assert (result.exit_code, "error" in result.stderr) == (0, False)
    assert check(empty, GOOD, "--allow-empty").exit_code == 0
    assert check(empty, binary, "--allow-empty").exit_code == 2
    assert check(tmp_path / "missing.md", "--allow-empty").exit_code == 2


EXAMPLES = sorted(
    path for path in (SITES.parent / "pages").glob("*/bad.html") if not list(path.parent.glob("bad.*.json"))
)


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_finding_is_known_again_though_lines_move_and_a_neighbour_is_reworded(page: Path) -> None:
    text = page.read_text()
    start, tag, rest = text.partition("<p>")
    before, after = (
        {finding.fingerprint for finding in auditor.audit_html(one).findings}
        for one in (text, f"\n\n\n{start}\n{tag}In the end, {rest}")
    )
    assert before
    assert before <= after
