"""JSON: valid against its schema, deterministic, lossless in numbers, harmless where it is printed."""

from __future__ import annotations

import json
import re
from datetime import date
from enum import StrEnum
from importlib.resources import files
from math import inf, nan
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.page.snapshot import FailureKind
from auditor.render.json import render_json
from auditor.report import Confidence, Label, LinkLabel, Severity
from tests.reports import finding, full_report, page, report, spammed_page

SCHEMA: dict[str, Any] = json.loads(files("auditor.render").joinpath("report.schema.json").read_text("utf-8"))
validator = jsonschema.Draft202012Validator(SCHEMA)


def loaded(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def every_key(value: Any, path: str = "") -> set[str]:
    match value:
        case dict():
            return {f"{path}.{key}" for key in value} | set().union(
                *(every_key(v, f"{path}.{k}") for k, v in value.items())
            )
        case list():
            return set().union(*(every_key(v, path) for v in value))
    return set()


def test_schema_is_a_schema_and_knows_every_enum() -> None:
    validator.check_schema(SCHEMA)
    defined = SCHEMA["$defs"]
    verdict = defined["page"]["properties"]["verdict"]["properties"]["label"]["enum"]
    link = defined["page"]["properties"]["links"]["items"]["properties"]["label"]["enum"]
    for members, listed in (
        (Severity, defined["severity"]["enum"]),
        (Confidence, defined["confidence"]["enum"]),
        (FailureKind, defined["kind"]["enum"]),
        (Label, verdict),
        (LinkLabel, link),
    ):
        assert {m.value for m in members} == set(listed)


@pytest.mark.parametrize("made", [report(), report(page()), full_report()], ids=["nothing", "clean", "full"])
def test_reports_are_valid(made: Any) -> None:
    validator.validate(loaded(render_json(made)))


def test_schema_describes_every_key_that_is_written() -> None:
    def described(schema: dict[str, Any], path: str = "") -> set[str]:
        found: set[str] = set()
        if "$ref" in schema:
            return described(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
        for option in (*schema.get("oneOf", ()), *schema.get("allOf", ())):
            found |= described(option, path)
        if "items" in schema:
            found |= described(schema["items"], path)
        for key, inner in schema.get("properties", {}).items():
            found |= {f"{path}.{key}"} | described(inner, f"{path}.{key}")
        return found

    written = {key for key in every_key(loaded(render_json(full_report()))) if ".evidence." not in key}
    written -= {key for key in written if key.startswith(".models.")}
    assert written == described(SCHEMA)


def test_summary_counts() -> None:
    assert loaded(render_json(full_report()))["summary"] == {
        "pages": 9,
        "failures": 2,
        "findings": {"info": 1, "low": 7, "medium": 2, "high": 1},
        "verdicts": {"clean": 7, "low-quality": 1, "spam": 1},
    }


def test_contributions_add_up_after_a_round_trip() -> None:
    [spammed] = loaded(render_json(report(spammed_page())))["pages"]
    verdicts = [spammed["verdict"]["spam"], spammed["verdict"]["quality"], spammed["links"][0]["injected"]]
    for verdict in [*verdicts, spammed["related"][0]["off_topic"]]:
        total = verdict["bias"] + sum(c["weight"] for c in verdict["contributions"])
        assert abs(total - verdict["log_odds"]) < 1e-9


def test_links_that_lead_out_or_were_judged_are_listed() -> None:
    [spammed] = loaded(render_json(report(spammed_page())))["pages"]
    assert [(link["href"], link["label"]) for link in spammed["links"]] == [
        ("https://dunmore-roofs.example/", "injected"),
        ("https://example.org/study", "ok"),
        (None, "suspicious"),
    ]


def test_what_could_not_be_had_is_null() -> None:
    text = render_json(report(spammed_page()))
    [spammed] = loaded(text)["pages"]
    assert [item["similarity"] for item in spammed["related"][0]["items"]] == [0.08, None]
    assert spammed["findings"][2]["evidence"]["similarity"] is None


def test_keys_come_in_the_order_of_the_schema() -> None:
    document = loaded(render_json(full_report()))
    assert list(document) == list(SCHEMA["properties"])
    assert list(document["pages"][0]) == list(SCHEMA["$defs"]["page"]["properties"])
    assert list(document["pages"][7]["findings"][0]) == list(SCHEMA["$defs"]["finding"]["properties"])


def test_equal_reports_give_equal_bytes() -> None:
    one = finding(evidence={"b": {"x", "y", "z"}, "a": 1})
    other = finding(evidence={"a": 1, "b": {"z", "y", "x"}})
    assert render_json(report(page(findings=(one,)))) == render_json(report(page(findings=(other,))))


def test_layout_is_two_spaces_and_one_line_a_contribution() -> None:
    lines = render_json(full_report()).splitlines()
    assert lines[:3] == ["{", '  "schema": 1,', '  "tool": {']
    assert all((len(line) - len(line.lstrip(" "))) % 2 == 0 for line in lines)
    assert sum('"feature"' in line for line in lines) == sum(line.count('"feature"') for line in lines) > 5


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (inf, None),
        (nan, None),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1, 2]), [1, 2]),
        (Colour.RED, "red"),
        (date(2026, 1, 2), "2026-01-02"),
        ((1, ("a",)), [1, ["a"]]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({1: nan}, {"1": None}),
        ({}, {}),
        ([], []),
        ([{}], [{}]),
        ([[1], {"a": [{}]}], [[1], {"a": [{}]}]),
        (1 + 2j, "(1+2j)"),
    ],
    ids=repr,
)
def test_evidence_of_any_type(value: Any, expected: Any) -> None:
    document = loaded(render_json(report(page(findings=(finding(evidence={"it": value}),)))))
    assert document["pages"][0]["findings"][0]["evidence"] == {"it": expected}


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_survives_and_steers_no_terminal(text: str) -> None:
    written = render_json(report(page(title=text)))
    expected = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert loaded(written)["pages"][0]["title"] == expected
    written.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)
