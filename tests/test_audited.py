"""The figures of whole audits and of plain text, taken on the example sites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.judge import Models
from auditor.report import Label
from auditor.training.added import added
from auditor.training.audited import Audited, audited, figures
from auditor.training.datasets import Sample
from auditor.training.plain import measure
from tests.subjects import FIXTURES, PROSE, article


def samples(tmp_path: Path, lines: list[dict[str, object]]) -> list[Sample]:
    file = tmp_path / "my.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    return added([file], lambda line: None)


def folder(kind: str) -> list[dict[str, object]]:
    pages = sorted((FIXTURES / "pages" / "infested-site" / kind).iterdir())
    return [{"path": str(path), "site": kind, "label": "clean"} for path in pages]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Sample], list[Audited]]:
    read = samples(tmp_path_factory.mktemp("labels"), folder("bad") + folder("good"))
    return read, audited(read, lambda site: Models.load())


def test_sites_are_audited_whole(found: tuple[list[Sample], list[Audited]]) -> None:
    read, pages = found
    assert sorted(page.sample for page in pages) == list(range(20))
    by_site = {name: [p for p in pages if read[p.sample].site_name == name] for name in ("bad", "good")}
    assert all(page.infested for page in by_site["bad"]) and not any(page.infested for page in by_site["good"])
    assert sum(page.label is Label.SPAM for page in by_site["bad"]) >= 8
    assert sum(page.alarms > 0 for page in by_site["good"]) <= 1


def test_figures_count_labels_by_host(found: tuple[list[Sample], list[Audited]]) -> None:
    read, pages = found
    told = [
        replace(s, set="hacked_teampro", label="spam_post" if s.site_name == "bad" else "legit", site_name="teampro")
        for s in read
    ]
    host = figures(told, pages)["hosts"]["teampro"]
    spam = [p for p in pages if read[p.sample].site_name == "bad"]
    assert host["any_language_not_clean"]["count"] == 10
    assert host["any_language_not_clean"]["hits"] == sum(p.label is not Label.CLEAN for p in spam)
    assert host["spam_posts_spam"]["count"] <= 10  # those of fewer than 120 words are not judged by the page models
    assert (
        host["honest_spam"]["count"] == 10 and host["honest_spam"]["hits"] <= 1
    )  # one of them does carry a planted link
    assert figures(told, pages)["clean_spam"]["value"] is None


def test_phrases_in_plain_text_are_counted_by_family(tmp_path: Path) -> None:
    pages = [{"url": f"https://s{i}.example/", "html": article(f"{PROSE}{PROSE}"), "label": "clean"} for i in range(30)]
    figured = measure(samples(tmp_path, pages), 0)
    assert figured["clean_flagged"] == {**figured["clean_flagged"], "hits": 0, "count": 30}
    assert figured["recall"]["geo-service"]["count"] == 30
    assert figured["recall"]["geo-service"]["hits"] >= 15
