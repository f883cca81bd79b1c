"""Differences and indexes in real Chromium, from disk: they sort, can be used by all, ask for nothing, and run nothing crawled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.history.card import ScoreCard
from auditor.history.compare import Named, compare
from auditor.history.score import Score
from auditor.render.agency import index_html
from auditor.render.brand import Brand
from auditor.render.diff_html import diff_html
from auditor.report import SiteResult
from tests.poison import POISON
from tests.reports import finding, report
from tests.test_html_browser import AXE, PROGRAM, Window
from tests.test_html_browser import pytestmark as pytestmark
from tests.test_render_diff import DAY, cards, pair, poisoned


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def shown(browser: Any, tmp_path: Path) -> Iterator[Any]:
    windows: list[Window] = []

    def show(parts: Iterator[str], **context: Any) -> Window:
        file = tmp_path / f"{len(windows)}.html"
        file.write_text("".join(parts), encoding="utf-8")
        windows.append(Window(browser, file, **context))
        return windows[-1]

    yield show
    for window in windows:
        window.close()


def many() -> list[ScoreCard]:
    """Four sites whose order is another one in each column."""
    figures = (
        ("b.example", 9, 10, 3),
        ("a.example", 100, 100, 12),
        ("d.example", 2, 20, None),
        ("c.example", 0, 0, 100),
    )
    return [
        ScoreCard(site, 1, DAY, pages, 0, 0, 0, Score(sound, pages), None, new, None, f"sites/{site}")
        for site, sound, pages, new in figures
    ]


def test_a_click_on_a_heading_sorts(shown: Any) -> None:
    window = shown(index_html(many(), Brand("Example Ltd")))

    def order() -> str:
        return "".join(text[0] for text in window.page.locator("tbody th").all_inner_texts())

    def click(column: int) -> str:
        window.page.locator("thead button").nth(column).click()
        return order()

    assert order() == "dbac", "the lowest score first, unknown ones last"
    assert [click(0), click(0)] == ["abcd", "dcba"]
    assert [click(3), click(3)] == ["cbda", "adbc"], "by number: 0, 10, 20, 100"
    assert window.page.get_attribute("thead th >> nth=3", "aria-sort") == "descending"
    assert window.page.get_attribute("thead th >> nth=0", "aria-sort") is None
    window.page.locator("thead button").nth(7).focus()
    window.page.keyboard.press("Enter")
    assert order() == "dbac", "new findings, unknown first"


def test_nothing_that_was_crawled_runs(shown: Any) -> None:
    """All of it at once; that none of it alters a document's tags is tested one by one (tests/test_render_diff.py)."""
    sites = tuple(SiteResult(text, 1, (), (finding("infested-site", text, message=text),)) for text in POISON)
    before = report(*(poisoned(text, f"gone/{text}") for text in POISON), sites=sites)
    after = report(*(poisoned(text, f"new/{text}") for text in POISON), sites=sites[:3], version="2")
    window = shown(diff_html(compare(Named("a", before), Named("b", after))))
    assert window.page.locator("#new-pages ~ .wide tbody tr").count() == len(POISON)
    window = shown(index_html([card for text in POISON for card in cards(text)[:1]]))
    assert window.page.locator("tbody tr").count() == len(POISON)


@pytest.mark.skipif(AXE is None, reason="axe-core is not there (pip install axe-playwright-python)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(shown: Any, scheme: Any, width: int) -> None:
    assert AXE is not None and AXE.origin is not None
    axe = Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    context = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    for parts in (diff_html(pair("Some words")), index_html(many(), Brand("Example Ltd"))):
        window = shown(parts, **context)
        window.page.evaluate(axe)
        found = window.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [one["id"] for one in found if one["impact"] in ("moderate", "serious", "critical")] == []
