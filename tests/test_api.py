"""The functions that build scripts call, and that importing the package imports nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import auditor

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
BAD = PAGES / "vice-link" / "bad.html"


def test_a_page_is_audited_from_text_and_from_bytes_alike() -> None:
    data = BAD.read_bytes()
    text, raw = (auditor.audit_html(one, url="https://clinic.example/post/") for one in (data.decode(), data))
    assert [page.findings for page in text.pages] == [page.findings for page in raw.pages]
    (page,) = text.pages
    found = next(finding for finding in page.findings if finding.check == "vice-link")
    assert found.severity is auditor.Severity.HIGH
    assert (found.location.url, found.location.path) == ("https://clinic.example/post/", None)
    assert found.location.line


def test_text_counts_as_text_whatever_the_document_declares() -> None:
    html = '<meta charset="iso-8859-1"><title>Übungen für Läufer</title><p>Wer läuft, dehnt sich.'
    (page,) = auditor.audit_html(html).pages
    assert (page.title, page.path, page.url) == ("Übungen für Läufer", "page.html", None)


def test_what_is_run_can_be_chosen() -> None:
    report = auditor.audit_html(BAD.read_text(), config=auditor.Config(select=frozenset({"vice-link"})))
    assert {finding.check for finding in report.findings} == {"vice-link"}


def test_files_are_audited_together(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(BAD.read_bytes())
    (tmp_path / "b.md").write_text("# On tea\n\nTea is made with water.\n")
    report = auditor.audit_files(tmp_path)
    assert {page.path for page in report.pages} == {str(tmp_path / "a.html"), str(tmp_path / "b.md")}
    both = auditor.audit_files([tmp_path / "a.html", str(tmp_path / "missing.md")])
    assert (len(both.pages), [failure.kind.value for failure in both.failures]) == (1, ["missing"])


def test_the_report_is_written_as_the_command_line_writes_it() -> None:
    read = json.loads(auditor.render_json(auditor.audit_html(BAD.read_bytes(), path="post.html")))
    assert (read["schema"], read["pages"][0]["path"]) == (1, "post.html")


def test_nothing_in_a_page_is_a_failure_not_an_exception() -> None:
    assert [failure.kind.value for failure in auditor.audit_html("").failures] == ["empty"]


@pytest.mark.parametrize("url", ["post", "/post/", "javascript:alert(1)", "https://"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(auditor.ConfigError, match="no address"):
        auditor.audit_html("<p>text</p>", url=url)


def test_a_check_that_does_not_exist_is_said() -> None:
    with pytest.raises(auditor.AuditorError, match="no check named"):
        auditor.audit_html("<p>text</p>", config=auditor.Config(select=frozenset({"speling"})))


def test_every_public_name_is_there_and_no_other() -> None:
    for name in auditor.__all__:
        assert getattr(auditor, name) is not None
    assert set(auditor.__all__) <= set(dir(auditor))
    with pytest.raises(AttributeError, match="no attribute 'audits'"):
        auditor.audits  # noqa: B018


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import sys, auditor; print(*(name for name in sys.modules if name.startswith(('auditor.', 'numpy'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["auditor.version"]
