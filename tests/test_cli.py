"""The command line: exit codes with one meaning each, data on stdout, errors in one line on stderr."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

import auditor.checks
from auditor import __version__
from auditor.checks.check import Check
from auditor.cli import app
from auditor.cli.check import unread
from auditor.cli.progress import Progress
from auditor.cli.scan import unreached
from auditor.config import Config, Preferences
from auditor.errors import ModelError
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.report import Confidence, Finding, Label, Report, Severity
from auditor.store.run import Moved, Run
from auditor.store.store import Store
from auditor.web.frontier import page as target
from tests.reports import finding, page, report

whole = pytest.mark.skipif(find_spec("auditor.audit") is None, reason="needs the audit itself")


class Audit:
    """Stands in for the audit: remembers what it was asked, answers with the findings it was given."""

    def __init__(self) -> None:
        self.findings: tuple[Finding, ...] = ()
        self.config = Config()
        self.error: BaseException | None = None

    def __call__(
        self,
        documents: Iterable[Snapshot | Failure],
        config: Config,
        *,
        source: Sequence[str],
        started_at: datetime,
        known: Any = None,
        follow: Any = None,
        **how: Any,
    ) -> Report:
        assert started_at.tzinfo is not None
        self.config = config
        if self.error:
            raise self.error
        had = list(documents)
        pages = [
            page(d.path or "", Label.CLEAN, url=d.final_url, findings=self.findings)
            for d in had
            if isinstance(d, Snapshot)
        ]
        return report(*pages, source=tuple(source), failures=[d for d in had if isinstance(d, Failure)])


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> Audit:
    stub = Audit()
    module = ModuleType("auditor.crew.together")
    module.audit_together = stub  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "auditor.crew.together", module)
    return stub


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Check]:
    made = {
        name: Check(
            id=name,
            title=f"A title of {name}",
            severity=severity,
            group=group,
            policy=policy,
            fix="Delete the link and read the sentence again.",
            docs="Readers are misled. Search engines call it spam.",
            needs=("page",),
            judge=lambda page: iter(()),
        )
        for name, severity, group, policy in (
            ("injected-link", Severity.HIGH, "spam", "link-spam"),
            ("missing-author", Severity.LOW, "trust", ""),
            ("missing-date", Severity.LOW, "trust", ""),
        )
    }
    monkeypatch.setattr(auditor.checks, "all_checks", lambda: made, raising=False)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "good.html").write_text("<p>Some words.</p>")
    (tmp_path / "other.md").write_text("Some words.")
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, input: str | bytes | None = None) -> Any:
    return CliRunner().invoke(app, arguments, input=input, prog_name="auditor")


def only_line(text: str) -> str:
    [line] = text.splitlines()
    return line


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"auditor {__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "-h"], ["scan", "-h"], ["explain", "-h"]])
def test_help(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["nope"], ["check"], ["scan"], ["check", "--nope", "x"], ["check", "x", "--format", "xml"]),
        *(["check", "x", "--fail-on", "worst"], ["scan", "x", "--rate", "-1"], ["scan", "x", "--max-pages", "0"]),
    ],
)
def test_bad_arguments_are_no_finding(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_paths_that_are_missing_are_asked_for() -> None:
    done = run("check")
    assert (done.exit_code, "--files-from FILE" in done.stderr) == (2, True)


def test_clean_pages_exit_with_0(audit: Audit, folder: Path) -> None:
    result = run("check", "good.html", "other.md")
    assert result.exit_code == 0
    assert "2 pages with nothing to report." in result.stdout
    assert only_line(result.stderr).endswith("exit code 0")


@pytest.mark.parametrize(
    ("severity", "confidence", "options", "code"),
    [
        ("high", "high", [], 1),
        ("high", "medium", [], 0),
        ("medium", "high", [], 0),
        ("medium", "high", ["--fail-on", "medium"], 1),
        ("medium", "high", ["--fail-on", "info"], 1),
        ("high", "low", ["--min-confidence", "low"], 1),
        ("high", "low", ["--min-confidence", "medium"], 0),
        ("low", "low", ["--fail-on", "low", "--min-confidence", "low"], 1),
        ("high", "high", ["--fail-on", "never"], 0),
    ],
)
def test_gate(audit: Audit, folder: Path, severity: str, confidence: str, options: list[str], code: int) -> None:
    audit.findings = (finding(severity=Severity(severity), confidence=Confidence(confidence)),)
    result = run("check", "good.html", *options)
    assert result.exit_code == code
    assert "Something is wrong." in result.stdout


@pytest.mark.parametrize("bad", ["nowhere.html", "empty.html", "image.html", "nothing/*.md", "https://example.com/"])
def test_input_that_is_bad_is_one_line_and_the_rest_is_audited(audit: Audit, folder: Path, bad: str) -> None:
    audit.findings = (finding(severity=Severity.HIGH),)
    result = run("check", bad, "good.html", "--format", "json")
    assert result.exit_code == 2
    error, _ = result.stderr.splitlines()
    assert error.startswith(f"error: {bad}: ")
    document = json.loads(result.stdout)
    assert [p["path"] for p in document["pages"]] == ["good.html"]
    assert document["summary"]["failures"] == 1


def test_each_bad_input_has_its_line(audit: Audit, folder: Path) -> None:
    result = run("check", "a", "b", "good.html", "--quiet")
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == [" a", " b"]


def test_empty_files_that_a_folder_holds_are_reported_and_no_error(audit: Audit, folder: Path) -> None:
    result = run("check", ".", "--format", "json", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["summary"]["failures"] == 2


def test_what_a_folder_will_not_give_is_an_error() -> None:
    hidden = Failure(FailureKind.UNREADABLE, "no permission", path="site/page.html")
    empty = Failure(FailureKind.EMPTY, "empty", path="site/empty.html")
    made = report(page(), failures=[hidden, empty])
    assert unread(made, ["site"]) == (hidden,)
    assert unread(made, ["site", "site/empty.html"]) == (hidden, empty)


def test_no_page_at_all_is_never_a_pass(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("")
    result = run("check", str(tmp_path), "--quiet")
    assert result.exit_code == 2
    assert only_line(result.stderr).startswith("error: ")


def test_crawled_names_cannot_steer_the_terminal_from_an_error(audit: Audit) -> None:
    result = run("check", "a\x1b[31m\nb", "--quiet")
    assert only_line(result.stderr).startswith(r"error: a\x1b[31m b: ")


def test_standard_input(audit: Audit) -> None:
    result = run("check", "-", "--stdin-name", "post.md", "--format", "json", input="Some words.")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["pages"][0]["path"] == "post.md"
    assert run("check", "-", "--stdin-name", "post.md", input="").exit_code == 2


def test_json_alone_is_on_stdout(audit: Audit, folder: Path) -> None:
    audit.findings = (finding(message="naïve “日本語” \u202e"),)
    result = run("check", "good.html", "--format", "json")
    assert json.loads(result.stdout_bytes.decode("utf-8"))["pages"][0]["findings"][0]["message"].endswith("\u202e")


def test_quiet_is_one_line(audit: Audit, folder: Path) -> None:
    audit.findings = (finding(severity=Severity.HIGH),)
    result = run("check", "good.html", "--quiet")
    assert (result.exit_code, result.stderr) == (1, "")
    assert only_line(result.stdout) == "1 finding (1 high); 1 page: 1 clean."


def test_verbose_lists_clean_pages(audit: Audit, folder: Path) -> None:
    assert "good.html" not in run("check", "good.html").stdout.partition("\n")[2]
    assert "good.html" in run("check", "good.html", "--verbose").stdout.partition("\n")[2]


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_output_file(audit: Audit, folder: Path, form: str) -> None:
    result = run("check", "good.html", "--format", form, "--output", "report.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    written = (folder / "report.txt").read_text("utf-8")
    assert "\x1b" not in written
    assert ("1 page with nothing to report." in written) == (form == "terminal")


@pytest.mark.parametrize("file", ["nowhere/report.json", "."])
def test_output_that_cannot_be_written_is_told_before_the_work(audit: Audit, folder: Path, file: str) -> None:
    audit.error = AssertionError("the work was done")
    result = run("check", "good.html", "--output", file)
    assert result.exit_code == 2
    assert only_line(result.stderr).startswith("error: cannot write ")


def test_options_reach_the_audit(audit: Audit, folder: Path, checks: dict[str, Check]) -> None:
    run("check", "good.html", "--each", "--select", "injected-link,Missing_Author", "--ignore", "missing-date")
    assert replace(audit.config, preferences=Preferences()) == Config(
        select=frozenset({"injected-link", "missing-author"}), ignore=frozenset({"missing-date"}), each=True
    )


def test_largest_document(audit: Audit, folder: Path) -> None:
    result = run("check", "good.html", "--max-bytes", "5", "--quiet")
    assert result.exit_code == 2
    assert "larger than 5 bytes" in result.stderr


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_unknown_check_is_answered_with_the_nearest(
    audit: Audit, folder: Path, checks: dict[str, Check], option: str
) -> None:
    result = run("check", "good.html", option, "injected-lnk")
    assert result.exit_code == 2
    assert only_line(result.stderr) == "error: no check is named 'injected-lnk'; did you mean injected-link?"


def test_errors_of_the_package_are_one_line(audit: Audit, folder: Path) -> None:
    audit.error = ModelError("the model is damaged;\n install the package again")
    result = run("check", "good.html")
    assert result.exit_code == 2
    assert only_line(result.stderr) == "error: the model is damaged; install the package again"


def test_a_defect_is_no_finding(audit: Audit, folder: Path) -> None:
    audit.error = ZeroDivisionError("oh")
    result = run("check", "good.html")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("error: a defect of this program (ZeroDivisionError)")


def test_interrupt(audit: Audit, folder: Path) -> None:
    audit.error = KeyboardInterrupt()
    result = run("check", "good.html")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_explain_lists_all_checks_by_group(checks: dict[str, Check]) -> None:
    result = run("explain")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Spam",
        "  high    injected-link   A title of injected-link",
        "",
        "Trust",
        "  low     missing-author  A title of missing-author",
        "  low     missing-date    A title of missing-date",
        "",
        "3 checks. `auditor explain CHECK` says more of one.",
    ]


def test_explain_one(checks: dict[str, Check]) -> None:
    result = run("explain", "injected-link")
    assert result.exit_code == 0
    for words in ("A title of injected-link", "high", "link-spam", "Readers are misled.", "Delete the link"):
        assert words in result.stdout


def test_explain_unknown(checks: dict[str, Check]) -> None:
    near, far = run("explain", "mising-date"), run("explain", "zzz")
    assert near.exit_code == far.exit_code == 2
    assert only_line(near.stderr).endswith("did you mean missing-date?")
    assert only_line(far.stderr).endswith("run `auditor explain` for all of them")


@pytest.fixture
def crawl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Stands in for crawl and audit: `answers` is what the crawl had, `config` and `starts` what it was asked."""
    told: dict[str, Any] = {"answers": []}

    class Scan:
        def __init__(self, config: Config, store: Store, kept: Run, watch: Any, jobs: int, known: Any) -> None:
            told["config"], told["jobs"] = config, jobs

        def __enter__(self) -> Scan:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def crawl(self, starts: Sequence[str]) -> None:
            told["starts"] = list(starts)

        def audit(self, source: Sequence[str], started_at: datetime) -> Report:
            assert started_at.tzinfo is not None
            had = told["answers"]
            pages = [page("", Label.CLEAN, url=d.final_url) for d in had if isinstance(d, Snapshot)]
            return report(*pages, source=tuple(source), failures=[d for d in had if isinstance(d, Failure)])

    module = ModuleType("auditor.scan.scan")
    module.Scan = Scan  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "auditor.scan.scan", module)
    monkeypatch.setenv("AUDITOR_STORE", str(tmp_path / "store"))
    return told


def answer(url: str) -> Snapshot:
    return Snapshot(b"<p>words", url=url, final_url=url, status=200)


def test_scan_hands_its_options_on(crawl: dict[str, Any]) -> None:
    crawl["answers"] = [answer("https://example.com/")]
    options = (
        "--max-pages 7 --depth 2 --rate 0 --concurrency 3 --timeout 5 --user-agent me --include */a/* --include */b"
    )
    more = "--exclude *.pdf --subdomains --allow-private --no-robots --jobs 2"
    result = run("scan", "example.com", *options.split(), *more.split())
    assert result.exit_code == 0
    limits = crawl["config"].crawl
    assert crawl["starts"] == ["example.com"]
    assert (limits.max_pages, limits.max_depth, limits.rate, limits.concurrency) == (7, 2, 0, 3)
    assert (limits.connect_timeout, limits.read_timeout, limits.total_timeout) == (5, 5, 5)
    assert (limits.user_agent, limits.include, limits.exclude) == ("me", ("*/a/*", "*/b"), ("*.pdf",))
    assert (limits.include_subdomains, limits.allow_private, limits.obey_robots) == (True, True, False)
    assert crawl["jobs"] == 2


def test_scan_is_polite_unless_told(crawl: dict[str, Any]) -> None:
    run("scan", "https://example.com/")
    assert replace(crawl["config"], preferences=Preferences()) == Config()


def test_scan_takes_secrets_from_the_environment(crawl: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    crawl["answers"] = [answer("https://example.com/")]
    monkeypatch.setenv("AUDITOR_PASSWORD", "s3cret")
    monkeypatch.setenv("AUDITOR_CONTACT", "me@example.com")
    monkeypatch.setenv("AUDITOR_PROXY", "http://proxy:3128")
    result = run("scan", "https://example.com/", "--basic-auth", "me", "--header", "X-Preview: yes", "--cookie", "a=b")
    assert result.exit_code == 0
    opened = crawl["config"].access
    assert (opened.basic, opened.headers, opened.cookies) == (("me", "s3cret"), {"X-Preview": "yes"}, {"a": "b"})
    assert opened.proxy == "http://proxy:3128"
    assert "+me@example.com" in crawl["config"].crawl.user_agent
    assert "s3cret" not in result.output + repr(crawl["config"])


def test_scan_asks_for_a_contact_once_and_not_on_this_machine(crawl: dict[str, Any]) -> None:
    crawl["answers"] = [answer("https://example.com/")]
    assert run("scan", "example.com", "https://b.example/").stderr.count("--contact") == 1
    assert "--contact" not in run("scan", "http://127.0.0.1:8000/", "localhost:1").stderr
    assert "--contact" not in run("scan", "example.com", "--contact", "https://me.example/").stderr
    assert "--contact" not in run("scan", "example.com", "--quiet").stderr


def test_scan_refuses_a_password_in_an_address(crawl: dict[str, Any]) -> None:
    result = run("scan", "https://me:s3cret@example.com/")
    assert result.exit_code == 2
    assert "s3cret" not in result.output
    assert "--basic-auth" in only_line(result.stderr)


def test_page_missing_inside_a_site_is_no_error(crawl: dict[str, Any]) -> None:
    lost = Failure(FailureKind.MISSING, "404", url="https://example.com/lost")
    crawl["answers"] = [answer("https://example.com/"), lost]
    assert run("scan", "example.com").exit_code == 0


@pytest.mark.parametrize("start", ["https://example.com/blog", "example.com/blog", "http://EXAMPLE.com/blog#top"])
def test_start_that_cannot_be_fetched_is_an_error(crawl: dict[str, Any], start: str) -> None:
    lost = Failure(FailureKind.TIMEOUT, "no answer in 20 s; try again", url="http://example.com/blog")
    crawl["answers"] = [answer("https://other.example/"), lost]
    result = run("scan", "https://other.example", start, "--quiet")
    assert result.exit_code == 2
    assert only_line(result.stderr).startswith("error: http://example.com/blog: no answer")


def test_start_that_was_reached_another_way_is_no_error(tmp_path: Path) -> None:
    lost = Failure(FailureKind.TLS, "no certificate", url="https://example.com/")
    found = report(page(url="http://example.com/"), failures=[lost])
    with Store(tmp_path) as store:
        assert unreached(found, ["example.com"], store.begin(["example.com"], {}, "0")) == ()


def test_start_that_leads_to_a_failure_is_an_error(tmp_path: Path) -> None:
    lost = Failure(FailureKind.MISSING, "404", url="https://example.com/home")
    found = report(page(url="https://example.com/other"), failures=[lost])
    with Store(tmp_path) as store:
        kept = store.begin(["example.com"], {}, "0")
        assert unreached(found, ["example.com"], kept) == ()
        kept.queue([target("https://example.com/")])
        (waiting,) = kept.waiting("example.com", 1)
        kept.finish(waiting, Moved("https://example.com/", 301, "https://example.com/home"))
        assert unreached(found, ["example.com"], kept) == (lost,)


def test_crawl_of_nothing_is_never_a_pass(crawl: dict[str, Any]) -> None:
    assert run("scan", "https://example.com/").exit_code == 2


def program(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "auditor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def test_program_starts_without_what_it_does_not_need() -> None:
    code = "import sys, auditor.cli; print(sorted(set(sys.modules) & set(sys.argv[1:])))"
    heavy = [
        "rich",
        "httpx",
        "bs4",
        "yaml",
        "numpy",
        "selectolax",
        "tldextract",
        "sklearn",
        "asyncio",
        "auditor.audit",
        "auditor.cli.scan",
    ]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_program_as_a_module() -> None:
    assert program("--version").stdout == f"auditor {__version__}\n"
    assert program("check").returncode == 2


STUBBED = """
import sys
from tests.test_cli import Audit, ModuleType
from tests.reports import finding
from auditor.report import Severity
module = ModuleType("auditor.crew.together")
module.audit_together = Audit()
module.audit_together.findings = tuple(finding(severity=Severity.HIGH, message=f"{n} " * 20) for n in range(4000))
sys.modules["auditor.crew.together"] = module
from auditor.cli import app
app(prog_name="auditor")
"""


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_reader_that_leaves_changes_no_exit_code(folder: Path, form: str) -> None:
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", STUBBED, "check", "good.html", "--verbose", "--format", form]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert process.wait(60) == 1
    assert only_line(errors).endswith("exit code 1")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_one_line(folder: Path) -> None:
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", STUBBED, "check", "good.html", "--format", "json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONPATH": root},
        )
    assert done.returncode == 2
    assert only_line(done.stderr).startswith("error: cannot write the report")


@whole
def test_program_audits_a_file(folder: Path) -> None:
    root = str(Path(__file__).parents[1])
    done = program("check", "good.html", "nowhere.html", "--format", "json", env={**os.environ, "PYTHONPATH": root})
    assert done.returncode == 2, done.stderr
    assert [p["path"] for p in json.loads(done.stdout)["pages"]] == ["good.html"]
    assert done.stderr.splitlines()[0].startswith("error: nowhere.html: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("quiet", "stream"), [(False, Terminal), (True, Terminal), (False, io.StringIO)])
def test_progress_is_for_terminals_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch, quiet: bool, stream: type[io.StringIO]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream())
    with Progress(quiet) as progress:
        assert list(progress.counting("abc", "read")) == ["a", "b", "c"]
    written = sys.stderr.getvalue()  # type: ignore[attr-defined]
    if stream is Terminal and not quiet:
        assert "1 read" in written
        assert written.endswith("\r\x1b[K")
    else:
        assert written == ""
