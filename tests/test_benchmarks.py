"""Benchmarks: what they measure is what they say, and a wrong name is an error."""

from __future__ import annotations

import pytest

from auditor.page.page import Role
from benchmarks.__main__ import REGISTRY, main
from benchmarks.scoring import LINKS, typical


def test_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(REGISTRY)
    assert main(["nope"]) == 2
    assert capsys.readouterr().err == "error: no benchmark named nope; there are scoring\n"


def test_a_figure_beyond_its_reach_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "benchmarks.__main__.REGISTRY", {"slow": lambda: ("9 ms", False), "fast": lambda: ("1 ms", True)}
    )
    assert [main(["slow"]), main(["fast"]), main([])] == [1, 0, 1]


def test_the_typical_page_is_as_large_as_it_says() -> None:
    page = typical()
    assert sum(link.external for link in page.links) == LINKS
    assert sum(block.role is Role.RELATED for block in page.blocks) == 1
