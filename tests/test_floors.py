"""Floors: a figure may rise and takes its floor along; it may not fall unseen."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli import app
from auditor.errors import ConfigError
from auditor.training import train as training
from auditor.training.evaluate import HEALTH_MODELS, PAGE_MODELS, TARGETS, below, met, notes, records, table
from auditor.training.floors import LARGE, SLACK, SLACK_ALARMS, SMALL, Record, fallen, flat, raised, record
from auditor.training.train import Trained, Written

ROOT = Path(__file__).parent.parent
MODELS = (*PAGE_MODELS, *HEALTH_MODELS)


def figures(recall: float, alarms: float) -> dict[str, Any]:
    share = {"value": recall, "hits": 1, "count": 2, "interval": [0.0, 1.0]}
    nothing = {"value": None, "hits": 0, "count": 0, "interval": [0.0, 1.0]}
    return {
        "hosts": {"one": {"recall": share}, "two": {"recall": nothing}},
        "editorial_flagged": {**share, "value": alarms},
        "seen_families": {"vice": share},
        "floors": {"hosts.one.recall": 9.0},
        "features": ["a"],
        "seed": 0,
    }


def test_figures_are_named_by_their_path() -> None:
    found = flat(figures(0.5, 0.01))
    assert found == {"hosts.one.recall": 0.5, "editorial_flagged": 0.01, "seen_families.vice": 0.5, "seed": 0}


def test_floors_are_set_with_some_slack_for_the_figures_that_matter() -> None:
    assert raised("link", figures(0.5, 0.01), Record()) == {
        "hosts.one.recall": pytest.approx(0.5 - SLACK),
        "editorial_flagged": pytest.approx(0.01 + SLACK_ALARMS),
    }


def test_floors_rise_with_the_figures_and_stay_where_they_fall_within_the_slack() -> None:
    known = Record(floors={"hosts.one.recall": 0.49, "editorial_flagged": 0.012})
    better = raised("link", figures(0.6, 0.004), known)
    assert better == {"hosts.one.recall": pytest.approx(0.59), "editorial_flagged": pytest.approx(0.006)}
    assert raised("link", figures(0.495, 0.011), known) == known.floors
    assert fallen("link", figures(0.495, 0.011), known) == []


def test_what_fell_is_said_from_what_to_what() -> None:
    known = Record(
        {"hosts.one.recall": 0.5}, {"hosts.one.recall": 0.49, "editorial_flagged": 0.012, "ranked_first": 0.9}
    )
    lines = [str(figure) for figure in fallen("link", figures(0.4, 0.02), known)]
    assert lines == [
        "link: editorial_flagged 0.0200 now, ceiling 0.0120",
        "link: hosts.one.recall 0.4000 now, 0.5000 recorded, floor 0.4900",
        "link: ranked_first no longer measured, floor 0.9000",
    ]
    assert raised("link", figures(0.4, 0.02), known) == {  # lowered on demand; what is gone is dropped
        "hosts.one.recall": pytest.approx(0.39),
        "editorial_flagged": pytest.approx(0.022),
    }


def test_families_that_were_not_asked_for_are_not_missed() -> None:
    known = Record(floors={"left_out_families.vice": 0.9})
    assert fallen("link", {}, known, "left_out_families.") == []
    assert len(fallen("link", {}, known)) == 1


def test_targets_are_met_or_missed() -> None:
    assert [met(0.6, "≥ 0.60"), met(0.59, "≥ 0.60"), met(0.02, "≤ 0.02"), met({"value": 0.1}, "≤ 0.02")] == [
        "met",
        "missed",
        "met",
        "missed",
    ]
    assert [met({"value": None}, "≥ 0.60"), met(0.5, "")] == ["", ""]


def test_every_target_has_a_floor_in_its_direction() -> None:
    from fnmatch import fnmatchcase

    for title, model, path, target in TARGETS:
        patterns = (SMALL if target.startswith("≤") else LARGE)[model]
        assert any(fnmatchcase(".".join(path), pattern) for pattern in patterns), title


def test_the_table_marks_every_target() -> None:
    shipped = {name: json.loads((ROOT / "models" / name / "metrics.json").read_text("utf-8")) for name in MODELS}
    tasks = [SimpleNamespace(name=name, metrics=metrics) for name, metrics in shipped.items()]
    families = {
        "vice": shipped["link"]["left_out_families"]["vice"],
        "bare": shipped["link"]["left_out_families"]["bare"],
    }
    lines = table(Trained(tasks, {}, 0, families)).splitlines()  # type: ignore[arg-type]
    assert len(lines) == len(TARGETS) + 2
    for line, (title, _, _, target) in zip(lines, TARGETS, strict=False):
        assert line.startswith(title) and ((" met " in line) != (" missed " in line)) is bool(target), line
    assert lines[-2].startswith("injection family left out: bare") and " met " not in lines[-2]
    assert (" met " in lines[-1]) != (" missed " in lines[-1])


@pytest.mark.parametrize("name", MODELS)
def test_shipped_models_hold_their_floors(name: str) -> None:
    found = json.loads((ROOT / "models" / name / "metrics.json").read_text(encoding="utf-8"))
    known = record(ROOT / "models", name)
    assert known is not None and known.floors
    assert fallen(name, found, known) == []
    assert set(raised(name, found, Record())) == set(known.floors), "a figure has no floor; train again"


# --- the commands -------------------------------------------------------------------------------------------------------


class Task:
    """Stands in for a trained model: a name, figures, and a file of one line."""

    def __init__(self, name: str, recall: float) -> None:
        self.name = name
        self.metrics: dict[str, Any] = figures(recall, 0.01) if name == "link" else {}
        self.catalogue = SimpleNamespace(names=("a",))

    def final(self, seed: int, version: str) -> Any:
        return SimpleNamespace(version=version, thresholds={}, dump=lambda: f"{self.name} {self.metrics}\n")


def trained(recall: float, corpus: str = "c1") -> Trained:
    return Trained([Task(name, recall) for name in MODELS], dict.fromkeys(MODELS, corpus), 0, {})  # type: ignore[misc]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pages").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give(monkeypatch: pytest.MonkeyPatch, made: Trained) -> None:
    monkeypatch.setattr(training, "train", lambda *args, **options: made)
    monkeypatch.setattr("auditor.training.evaluate.table", lambda found: "the table")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments)


def floor(data: Path) -> float:
    found = json.loads((data / "models" / "link" / "metrics.json").read_text(encoding="utf-8"))
    return float(found["floors"]["hosts.one.recall"])


def test_train_keeps_a_higher_floor(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for recall, kept in ((0.5, 0.49), (0.6, 0.59), (0.595, 0.59)):
        give(monkeypatch, trained(recall))
        assert run("train", "--data", str(data)).exit_code == 0
        assert floor(data) == pytest.approx(kept)
    before = (data / "models" / "link" / "model.json").read_text()
    give(monkeypatch, trained(0.4))
    result = run("train", "--data", str(data))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "link: hosts.one.recall 0.4000 now, 0.5950 recorded, floor 0.5900",
        "nothing was written; --lower-floors writes all the same",
    ]
    assert (data / "models" / "link" / "model.json").read_text() == before
    result = run("train", "--data", str(data), "--lower-floors")
    assert result.exit_code == 0 and "0.4000 now" in result.stderr
    assert floor(data) == pytest.approx(0.39)


def test_train_does_not_lose_floors_that_it_cannot_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "models" / "link").mkdir(parents=True)
    (data / "models" / "link" / "metrics.json").write_text("{")
    monkeypatch.setattr(training, "train", lambda *args, **options: pytest.fail("the work was done"))
    result = run("train", "--data", str(data), "--lower-floors")
    assert result.exit_code == 2 and "is damaged" in result.stderr


@pytest.fixture
def recorded(data: Path) -> Path:
    for name in MODELS:
        (data / "models" / name).mkdir(parents=True)
        known = {**figures(0.5, 0.01), "floors": {"hosts.one.recall": 0.49}, "corpus": "c1"}
        (data / "models" / name / "metrics.json").write_text(
            json.dumps(known if name == "link" else known | {"hosts": {"one": {"recall": 1.0}}})
        )
    return data


def test_evaluate_lists_what_is_below_and_writes_nothing(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: file.read_text() for file in recorded.rglob("*.json")}
    made = trained(0.4, corpus="c2")
    for task in made.tasks[1:]:
        task.metrics = figures(0.5, 0.01)
    give(monkeypatch, made)
    result = run("evaluate", "--data", str(recorded))
    assert (result.exit_code, result.stdout) == (1, "the table\n")
    note, line = result.stderr.splitlines()
    assert note.startswith("note: the pages differ from those recorded (corpus c2, recorded c1)")
    assert line == "link: hosts.one.recall 0.4000 now, 0.5000 recorded, floor 0.4900"
    assert {file: file.read_text() for file in recorded.rglob("*.json")} == before


def test_another_corpus_alone_is_no_failure(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trained(0.5, corpus="c2")
    for task in made.tasks:
        task.metrics = figures(0.5, 0.01)
    give(monkeypatch, made)
    assert run("evaluate", "--data", str(recorded)).exit_code == 0
    assert below(made, records(recorded / "models")) == []
    assert len(notes(made, records(recorded / "models"))) == 1


def test_without_floors_there_is_nothing_to_hold_to(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, trained(0.5))
    result = run("evaluate", "--data", str(data))
    assert result.exit_code == 2 and "run `auditor train` first" in result.stderr
    with pytest.raises(ConfigError):
        records(data / "models")


def test_nothing_is_written_without_leave(tmp_path: Path) -> None:
    assert trained(0.5).write(tmp_path).folders
    found = trained(0.4).write(tmp_path)
    assert isinstance(found, Written) and found.folders == () and len(found.fallen) == 1
