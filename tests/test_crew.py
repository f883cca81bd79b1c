"""Several processes: what they report is what one does, whoever dies meanwhile; and nobody outlives an interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.built import built
from auditor.config import Config
from auditor.crew import crew, together
from auditor.crew.crew import Crew
from auditor.crew.together import audit_together
from auditor.files import read
from auditor.hands import Reader
from auditor.outbound.known import Known
from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot
from auditor.render.json import render_json
from auditor.report import Report
from auditor.result import Judges
from auditor.spread import Spread
from benchmarks.folder import write_posts
from tests.test_resume import children, runs

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes from two documents on."""
    monkeypatch.setattr(together, "LEAST", 2)


def documents(*folders: str) -> list[Snapshot | Failure]:
    return list(read([str(FIXTURES / folder) for folder in folders], max_bytes=10**7))


def same(one: Report, other: Report) -> None:
    """Values that are not known (NaN) are equal to nothing, so the reports are compared as they are spelt."""
    assert repr(one) == repr(other) and render_json(one) == render_json(other)


def both(found: Sequence[Snapshot | Failure], jobs: int, config: Config | None = None) -> tuple[Report, Report]:
    known = Known(frozenset({"known.example"}), "what is known")
    alone = audit(found, config, source=["x"], started_at=NOW, follow=built, known=known)
    return alone, audit_together(found, config, jobs=jobs, source=["x"], started_at=NOW, follow=built, known=known)


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.parametrize("each", [False, True])
def test_the_report_is_that_of_one_process(eager: None, jobs: int, each: bool) -> None:
    alone, many = both(documents("sites", "pages/planted-link", "pages/hidden-link"), jobs, Config(each=each))
    assert len(alone.pages) > 20 and alone.sites
    same(many, alone)


def test_what_is_not_kept_is_read_again(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "ROOM", 0)
    alone, many = both(documents("sites/harbor-lane"), 2)
    same(many, alone)


def test_an_infested_site_is_judged_twice(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that `Spread.reopens` names go out again, with a spread of their own."""
    usual, reopened = Spread.reopens, []
    monkeypatch.setattr(Spread, "reopens", lambda spread, mark: reopened.append(usual(spread, mark)) or reopened[-1])
    alone, many = both(documents("pages/foreign-language-article/bad"), 2)
    assert any(reopened)
    same(many, alone)


def test_few_documents_need_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(Crew, "_start", never)
    report = audit_together(documents("sites/harbor-lane"), jobs=2, started_at=NOW)
    assert len(report.pages) > 5


@pytest.mark.parametrize("when", ["read", "judge"])
@pytest.mark.skipif(sys.platform != "linux", reason="what is patched here is inherited by forked processes only")
def test_a_process_that_dies_costs_the_document_that_it_was_at(
    eager: None, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    found = documents("sites/harbor-lane")
    fatal = next(one for one in found if isinstance(one, Snapshot) and "grain-silo" in one.name)
    usual = getattr(Reader, when)

    def deadly(self: Reader, *arguments: object) -> object:
        if fatal in arguments:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(self, *arguments)

    monkeypatch.setattr(Reader, when, deadly)
    report = audit_together(found, jobs=2, started_at=NOW)
    (failure,) = report.failures
    assert (failure.kind, failure.path) == (FailureKind.UNREADABLE, fatal.path)
    assert "stopped while it was at this document" in failure.detail
    assert len(report.pages) == sum(isinstance(one, Snapshot) for one in found) - 1


@pytest.mark.skipif(sys.platform != "linux", reason="what is patched here is inherited by forked processes only")
def test_memory_that_ran_out_is_a_failure_of_its_document(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(document: Snapshot) -> None:
        raise MemoryError

    monkeypatch.setattr("auditor.hands.parse", hungry)
    report = audit_together(documents("sites/harbor-lane-text"), jobs=2, started_at=NOW)
    assert not report.pages and all("MemoryError" in failure.detail for failure in report.failures)


def test_spawned_processes_say_the_same(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems that do not fork."""
    monkeypatch.setattr(crew.sys, "platform", "other")
    found = documents("sites/harbor-lane-markdown")
    with Crew(Judges.load(Config()), Config(), found, 1) as one:
        briefs = [brief for brief in one.read() if not isinstance(brief, Failure)]
    assert [brief.name for brief in briefs] == [one.name for one in found if one.name.endswith(".md")]


def test_evidence_that_cannot_be_carried_is_a_failure(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Reader.read

    def odd(self: Reader, number: int, document: Snapshot) -> object:
        return (lambda: None) if number == 0 else usual(self, number, document)

    monkeypatch.setattr(Reader, "read", odd)
    found: list[Snapshot | Failure] = [
        Snapshot(b"# Soup\n\nLeek and potato, for six.\n", Format.MARKDOWN, path=f"{name}.md") for name in "abc"
    ]
    report = audit_together(found, jobs=2, started_at=NOW)
    assert [page.path for page in report.pages] == ["b.md", "c.md"]
    assert [failure.path for failure in report.failures] == ["a.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_interruption_leaves_nobody_behind(tmp_path: Path) -> None:
    write_posts(tmp_path, 300)
    command = [sys.executable, "-m", "auditor", "check", str(tmp_path), "--jobs", "2", "--no-config"]
    root = str(Path(__file__).parents[1])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}, text=True,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        pause = threading.Event()
        workers: set[int] = set()
        while len(workers) < 2 and process.poll() is None:
            workers = set(children(process.pid))
            pause.wait(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, said, errors) == (130, "", "interrupted\n")
    assert len(workers) == 2 and not any(map(runs, workers))
