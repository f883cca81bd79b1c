"""Every check fires on its bad example at the right place and is silent on its good one; the demo sites come out as their manifests say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.checks import GROUPS, all_checks
from auditor.config import Config
from auditor.files import read
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, Snapshot
from auditor.report import Finding, PageResult, Report
from tests import crawls
from tests.subjects import with_variants

FIXTURES = Path(__file__).parent.parent / "fixtures"
SITES = ("harbor-lane", "harbor-lane-markdown", "harbor-lane-text")


@cache
def report(folder: Path, each: bool = False) -> Report:
    config = Config(each=each)
    told = crawls.beside(folder)
    documents: Iterable[Snapshot | Failure]
    if told is not None:
        documents = crawls.documents(folder, told["base"])
    else:
        documents = read([str(folder)], max_bytes=config.max_bytes) if folder.is_dir() else [with_variants(folder)]
    return audit(
        documents,
        config,
        source=[str(folder)],
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        reached=reached_from(folder),
        crawled=crawls.crawled(told) if told is not None else None,
    )


def reached_from(folder: Path) -> dict[str, Reached] | None:
    """Where the links of an example lead, as the file beside it says (`bad.reached.json`)."""
    beside = folder.with_suffix(".reached.json")
    if not beside.exists():
        return None
    return {url: Reached.restored(url, kept) for url, kept in json.loads(beside.read_text(encoding="utf-8")).items()}


def example(check: str, kind: str) -> Path:
    found = (FIXTURES / "pages" / check).iterdir()
    return next(path for path in found if path.stem == kind and path.suffix != ".json")


def of(found: Report, check: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.check == check]


@pytest.mark.parametrize("check", all_checks())
def test_bad_example_is_found(check: str) -> None:
    found = report(example(check, "bad"))
    assert of(found, check), [finding.check for finding in found.findings] + [
        s for s in found.skipped if s.check == check
    ]


@pytest.mark.parametrize("check", all_checks())
def test_good_example_is_left_alone(check: str) -> None:
    assert [finding.message for finding in of(report(example(check, "good")), check)] == []


PLACES: list[dict[str, Any]] = json.loads((FIXTURES / "pages" / "places.json").read_text(encoding="utf-8"))["places"]


@pytest.mark.parametrize("place", [p for p in PLACES if p["check"] in all_checks()], ids=lambda place: place["check"])
def test_bad_example_is_placed(place: dict[str, Any]) -> None:
    found = [finding.location for finding in of(report(example(place["check"], "bad")), place["check"])]
    assert place["line"] in {location.line for location in found}, found


def test_every_check_is_declared_whole() -> None:
    for check in all_checks().values():
        assert check.group in GROUPS
        assert check.title and check.fix.endswith(".") and len(check.docs) > 60, check.id
        assert not check.title.endswith(".")
    assert len(all_checks()) >= 25


def manifest() -> list[tuple[str, dict[str, Any]]]:
    return [
        (site, page)
        for site in SITES
        for page in json.loads((FIXTURES / "sites" / site / "expected.json").read_text(encoding="utf-8"))["pages"]
    ]


def result(site: str, path: str) -> PageResult:
    return next(p for p in report(FIXTURES / "sites" / site).pages if p.path and p.path.endswith(path))


@pytest.mark.parametrize(
    ("site", "page"), manifest(), ids=lambda value: value if isinstance(value, str) else value["path"]
)
def test_demo_page_has_its_label(site: str, page: dict[str, Any]) -> None:
    found = result(site, page["path"])
    assert found.label in (page["label"], *page.get("accept", ())), [(f.check, f.message) for f in found.findings]


@pytest.mark.parametrize(
    ("site", "page"), manifest(), ids=lambda value: value if isinstance(value, str) else value["path"]
)
def test_demo_page_has_its_findings(site: str, page: dict[str, Any]) -> None:
    found = result(site, page["path"])
    fired = {finding.check for finding in found.findings}
    known = set(all_checks())
    assert {wanted["check"] for wanted in page["fires"]} & known <= fired
    assert not fired & set(page["silent"]), [f.message for f in found.findings if f.check in page["silent"]]
    for wanted in page["fires"]:
        if "line" in wanted and wanted["check"] in known:
            lines = [f.location.line for f in found.findings if f.check == wanted["check"]]
            same = [w["line"] for w in page["fires"] if w["check"] == wanted["check"]]
            assert set(lines) & set(same), (wanted, lines)
