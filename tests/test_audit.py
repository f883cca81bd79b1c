"""The audit as a whole: what it answers for odd documents, and that equal snapshots give equal reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.checks import all_checks
from auditor.checks.check import Check, Hit
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.files import read
from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot
from auditor.render.json import render_json
from auditor.report import Confidence, Label, Report, Severity
from auditor.result import wishes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Path(__file__).parent.parent / "fixtures" / "sites" / "harbor-lane"


def run(*documents: Snapshot | Failure, config: Config | None = None) -> Report:
    return audit(documents, config, source=["test"], started_at=NOW)


def test_equal_snapshots_give_equal_bytes_in_any_order() -> None:
    documents = list(read([str(SITE)], max_bytes=10**7))
    one = audit(documents, source=["x"], started_at=NOW)
    two = audit(reversed(documents), source=["x"], started_at=NOW)
    assert render_json(one) == render_json(two)


def test_failures_stand_beside_what_could_be_read() -> None:
    failure = Failure(FailureKind.TIMEOUT, "no answer in 20 s; try again", url="https://slow.example/")
    report = run(failure, Snapshot(b"<h1>Soup</h1><p>Leek and potato, for six.</p>", path="soup.html"))
    assert report.failures == (failure,)
    assert [page.path for page in report.pages] == ["soup.html"]


def test_a_document_without_a_word_is_a_failure() -> None:
    report = run(Snapshot(b"<html><body><script>1</script></body></html>", path="blank.html"))
    assert [f.kind for f in report.failures] == [FailureKind.EMPTY]


def test_other_languages_are_skipped_and_said_so() -> None:
    german = (
        "<p>Der Leuchtturm steht seit hundert Jahren auf der Klippe, und der Weg dorthin ist bei Flut nicht zu benutzen.</p>"
        * 12
    )
    report = run(Snapshot(f"<html lang=de><body><article>{german}</article></body></html>".encode(), path="turm.html"))
    (page,) = report.pages
    assert (page.language, page.spam, page.label) == ("de", None, Label.CLEAN)
    skipped = {s.check: s.reason for s in report.skipped}
    assert "English" in skipped["planted-link"]
    assert "English" in skipped["spam-article"]


def test_a_check_that_breaks_is_skipped_and_the_rest_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(page: object) -> Iterator[Hit]:
        raise ZeroDivisionError
        yield

    bad = Check("broken", "It breaks", Severity.LOW, "content", "", "Mend it.", "Because.", ("page",), broken)
    monkeypatch.setattr("auditor.result.all_checks", lambda: {"broken": bad, **all_checks()})
    report = run(Snapshot(b"<html><body><p>Leek and potato.</p></body></html>", path="soup.html"))
    assert [s.reason for s in report.skipped if s.check == "broken"] == [
        "the check broke (ZeroDivisionError); please report it"
    ]
    assert report.findings


def test_checks_are_chosen_by_name() -> None:
    assert sorted(wishes(Config(select=frozenset({"hidden-link", "missing-title"}))).usual) == [
        "hidden-link",
        "missing-title",
    ]
    assert "hidden-link" not in wishes(Config(ignore=frozenset({"hidden-link"}))).usual
    with pytest.raises(ConfigError, match="no check named nonsense"):
        wishes(Config(select=frozenset({"nonsense"})))


def test_files_of_one_folder_are_one_site_and_each_makes_them_their_own() -> None:
    files = [Snapshot(f"<h1>Soup {i}</h1><p>Leek.</p>".encode(), path=f"kitchen/{i}.html") for i in range(3)]
    assert [(s.site, s.pages) for s in run(*files).sites] == [("kitchen", 3)]
    assert [s.pages for s in run(*files, config=Config(each=True)).sites] == [1, 1, 1]


def test_fingerprints_survive_moved_lines_and_tell_faults_apart() -> None:
    body = "<article><h1>A long walk</h1>{}<p>Text that stands here.</p></article><div style='position:absolute;left:-9999px'>{}</div>"
    casino = "<a href='https://spin-palace.example/'>online casino bonus</a>"
    pills = "<a href='https://pill-barn.example/'>cheap viagra online</a>"

    def marks(gap: str, hidden: str) -> set[str]:
        report = run(Snapshot(body.format(gap, hidden).encode(), path="walk.html"))
        return {f.fingerprint for f in report.findings if f.check == "hidden-link"}

    assert marks("", casino) == marks("\n" * 40, casino) != set()
    assert marks("", casino).isdisjoint(marks("", pills))


def test_scales_order_by_rank() -> None:
    assert sorted(Severity, reverse=True)[0] is Severity.HIGH
    assert Confidence.LOW < Confidence.MEDIUM <= Confidence.HIGH
    assert not Severity.MEDIUM >= Severity.HIGH


def test_markdown_phrase_without_a_link_has_no_href_and_its_line() -> None:
    text = (Path(__file__).parent.parent / "fixtures" / "pages" / "planted-phrase" / "bad.txt").read_bytes()
    report = run(Snapshot(text, format=Format.TEXT, path="draft.txt"))
    (finding,) = [f for f in report.findings if f.check == "planted-phrase"]
    line, column = finding.location.line or 0, finding.location.column or 0
    phrase = finding.evidence["phrase"]
    assert text.decode().splitlines()[line - 1][column - 1 :].startswith(phrase.split()[0])


def test_labels_do_not_depend_on_what_the_report_shows() -> None:
    page = Snapshot((SITE / "posts" / "houseboat-winter-berth.html").read_bytes(), path="berth.html")
    whole, part = run(page), run(page, config=Config(select=frozenset({"missing-title"})))
    assert whole.pages[0].label is part.pages[0].label is Label.SPAM
    assert list(part.findings) == []


def test_link_labels_agree_with_findings() -> None:
    page = Snapshot((SITE / "posts" / "ketamine-therapy-for-addiction.html").read_bytes(), path="ketamine.html")
    (result,) = run(page).pages
    planted = [f for f in result.findings if f.check == "planted-link"]
    assert planted
    for finding in planted:
        (link,) = [x for x in result.links if x.href == finding.evidence["href"]]
        assert link.label != "ok" and (link.line, link.column) == (finding.location.line, finding.location.column)


def test_a_document_that_breaks_the_program_is_a_failure_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    import auditor.hands as module

    real = module.parse

    def parse(document: Snapshot) -> object:
        if document.path == "bad.html":
            raise IndexError("somewhere")
        return real(document)

    monkeypatch.setattr(module, "parse", parse)
    report = run(Snapshot(b"<p>Leek soup.</p>", path="bad.html"), Snapshot(b"<p>Pea soup.</p>", path="good.html"))
    assert [f.path for f in report.failures] == ["bad.html"]
    assert [p.path for p in report.pages] == ["good.html"]
