"""`auditor runs`: the list, what is pruned, and the way from an archive to a report and back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auditor.cli import app, runs
from auditor.cli.runs import superfluous
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.store.store import RunInfo, State, Store

SITE = Path(__file__).parent.parent / "fixtures" / "sites" / "harbor-lane"
HTML = b"<!DOCTYPE html><title>t</title><p>" + b"A page of its own, with words. " * 40


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "store"
    with Store(place) as store:
        for number, starts in enumerate((["https://a.example/"], ["https://b.example/", "c"], ["https://a.example/"])):
            run = store.begin(starts, {}, "0")
            run.keep(Snapshot(HTML + b"%d" % number, url=starts[0], final_url=starts[0], status=200))
            run.keep(Failure(FailureKind.MISSING, "404", "https://a.example/no"))
            if number != 1:
                store.end(run.id, State.DONE)
    yield place


def call(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


def numbers(folder: Path) -> list[int]:
    return [run["id"] for run in json.loads(call("runs", "--store", folder, "--format", "json"))["runs"]]


def test_runs_are_listed_the_latest_first(folder: Path) -> None:
    head, last, second, first, blank, total = call("runs", "--store", folder).splitlines()
    assert head.split() == ["id", "began", "state", "pages", "failures", "starts"]
    assert last.split()[0] == "3" and last.split()[3:] == ["done", "1", "1", "https://a.example/"]
    assert "broken off" in second and second.endswith("https://b.example/ and 1 more")
    assert first.split()[0] == "1"
    assert not blank
    assert total.startswith("3 runs, 0.") and total.endswith(f"in {folder}")


def test_a_run_that_somebody_holds_is_running(folder: Path) -> None:
    with Store(folder) as store, store.hold(2):
        assert "running" in call("runs", "--store", folder)
        listed = json.loads(call("runs", "--store", folder, "--format", "json"))
    assert [(run["id"], run["state"], run["held"]) for run in listed["runs"]] == [
        (3, "done", False),
        (2, "running", True),
        (1, "done", False),
    ]
    assert listed["store"] == str(folder) and listed["bytes"] > 0
    assert listed["runs"][0]["starts"] == ["https://a.example/"]


@pytest.mark.parametrize("width", [10, 40, 71, 80, 200])
def test_a_narrow_terminal_is_not_written_over(folder: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr(runs.shutil, "get_terminal_size", lambda: os.terminal_size((width, 24)))
    monkeypatch.setattr(runs.sys, "stdout", type("Terminal", (), {"isatty": lambda self: True})())
    with Store(folder) as store:
        listed = store.runs()
    lines = list(runs._table(Path("st"), 1, listed, set()))
    monkeypatch.undo()
    assert all(len(line) <= max(width, 40) for line in lines)
    assert len(lines) == (10 if width < runs.NARROW else 6)


def test_what_was_crawled_does_not_steer_the_terminal(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.begin(["https://x.example/\x1b[2J\u202e"], {}, "0")
    said = call("runs", "--store", tmp_path)
    assert "\x1b" not in said and "\u202e" not in said
    assert "\\x1b[2J\\u202e" in said


def test_where_nothing_is_kept_nothing_is_made(tmp_path: Path) -> None:
    place = tmp_path / "none"
    assert call("runs", "--store", place) == f"No runs are kept in {place}.\n"
    assert json.loads(call("runs", "--store", place, "--format", "json"))["runs"] == []
    call("runs", "prune", "--store", place, "--yes")
    assert "there is no store" in call("runs", "remove", 1, "--store", place, code=2)
    assert "there is no store" in call("runs", "export", 1, "--warc", tmp_path / "x", "--store", place, code=2)
    assert not place.exists()


def test_pruning_says_what_it_would_do_and_does_it_when_told(folder: Path) -> None:
    said = call("runs", "prune", "--keep", 1, "--store", folder)
    assert said.startswith("would remove run 1, ") and said.endswith("Nothing was removed; --yes does it.\n")
    assert numbers(folder) == [3, 2, 1]
    said = call("runs", "prune", "--keep", 1, "--yes", "--store", folder)
    assert said.startswith("removed run 1, ") and said.endswith(" MB freed.\n")
    assert numbers(folder) == [3, 2]
    assert call("runs", "prune", "--store", folder) == "Nothing to remove.\n"
    with Store(folder) as store, store.hold(2):
        assert "run 2" not in call("runs", "prune", "--keep", 0, "--yes", "--store", folder)
    assert numbers(folder) == [2]


def test_the_latest_of_each_site_and_what_is_young_are_kept() -> None:
    now = datetime(2024, 5, 10, tzinfo=UTC)
    one = RunInfo(9, ("a",), {}, "", now, None, State.DONE, 0, 0, 0)
    kept = [
        replace(one, id=9 - age, starts=(site,), began=now - timedelta(days=age)) for age, site in enumerate("aabaabab")
    ]
    assert [run.id for run in superfluous(kept, 3, None, now)] == [5, 3]
    assert [run.id for run in superfluous(kept, 1, None, now)] == [8, 6, 5, 4, 3, 2]
    assert [run.id for run in superfluous(kept, 0, 5.5, now)] == [3, 2]
    assert superfluous(kept, 3, 90, now) == []


def test_runs_are_removed_by_number(folder: Path) -> None:
    assert "no run 7" in call("runs", "remove", 1, 7, "--store", folder, code=2)
    assert numbers(folder) == [3, 2, 1]
    assert "removed run 1, " in call("runs", "--store", folder, "remove", 1, 3, 1)
    assert numbers(folder) == [2]
    with Store(folder) as store, store.hold(2):
        assert "in use by another process" in call("runs", "remove", 2, "--store", folder, code=2)


@pytest.mark.parametrize(("option", "name"), [("--warc", "x.warc.gz"), ("--folder", "out")])
def test_a_run_goes_out_and_comes_back(folder: Path, tmp_path: Path, option: str, name: str) -> None:
    place = tmp_path / name
    assert call("runs", "export", 2, option, place, "--store", folder) == f"1 page of run 2 written to {place}.\n"
    said = call("runs", "import", place, "--store", folder)
    assert said.splitlines()[0] == f"run 4: 1 page and 1 failure from {place}"
    assert said.splitlines()[-1] == f"Audit it with `auditor scan --from-run 4 --store {folder}`."
    with Store(folder) as store:
        before, after = store.open(2), store.open(4)
        assert [after.document(one) for one in after.documents()] == [
            before.document(one) for one in before.documents()
        ]
        assert after.failures() == before.failures()
    assert "leave --url-base out" in call("runs", "import", place, "--url-base", "https://x.example/", code=2)
    assert "exists" in call("runs", "export", 2, "--warc", folder, "--store", folder, code=2)


def test_an_export_goes_to_one_place(folder: Path, tmp_path: Path) -> None:
    assert "name one place" in call("runs", "export", 2, "--store", folder, code=2)
    both = ("--warc", tmp_path / "a", "--folder", tmp_path / "b")
    assert "name one place" in call("runs", "export", 2, *both, "--store", folder, code=2)
    assert "no run 9" in call("runs", "export", 9, "--warc", tmp_path / "a", "--store", folder, code=2)


def test_what_cannot_be_imported_is_said_and_makes_no_run(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no archive")
    (tmp_path / "empty").mkdir()
    for source, said in (("text", "no WARC file"), ("empty", "no page in"), ("none", "there is no")):
        line = call("runs", "import", tmp_path / source, "--store", folder, code=2)
        assert said in line and line.count("\n") == 1
    line = call("runs", "import", SITE, "--url-base", "nowhere", "--store", folder, code=2)
    assert "no web address" in line
    assert numbers(folder) == [3, 2, 1]


def test_a_built_site_is_audited_at_its_address(tmp_path: Path) -> None:
    place = tmp_path / "store"
    said = call("runs", "import", SITE, "--url-base", "https://harbor-lane.example/", "--store", place)
    assert said.startswith("run 1: 32 pages and 0 failures")
    with Store(place) as store:
        run = store.open(1)
        urls = {run.document(number).url for number in run.documents()}
    assert "https://harbor-lane.example/" in urls
    report = json.loads(
        call("scan", "--from-run", 1, "--store", place, "--format", "json", "--fail-on", "never", "--quiet")
    )
    assert len(report["pages"]) == 32
    assert all(page["url"].startswith("https://harbor-lane.example/") for page in report["pages"])


def test_a_run_that_is_crawled_cannot_be_resumed_or_audited(folder: Path) -> None:
    with Store(folder) as store, store.hold(2):
        for words in (("https://b.example/", "c", "--resume"), ("--from-run", 2)):
            said = call("scan", *words, "--store", folder, "--quiet", code=2)
            assert "run 2 is in use by another process" in said
        assert store.info(2).settings == {}, "a refused --resume changes nothing"


def test_help_names_every_command() -> None:
    said = call("runs", "--help")
    assert all(f"  {name} " in said for name in ("prune", "remove", "export", "import"))
