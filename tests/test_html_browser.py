"""The HTML report in real Chromium, from disk: it can be used by all, asks for nothing, and runs nothing that was crawled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from auditor.history.trend import Past
from auditor.render.brand import Brand
from auditor.render.html import html_parts
from auditor.render.html_data import page_id
from auditor.report import Confidence, Label, Report, Severity
from auditor.web.browser import NAMES
from tests.hostile import HOSTILE, hostile_report
from tests.reports import finding, full_report, page, report

PROGRAM = next((found for name in NAMES if (found := shutil.which(name))), None)
AXE = find_spec("axe_playwright_python")
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>parent.pwned=1</script></svg>'

pytestmark = pytest.mark.skipif(
    PROGRAM is None or find_spec("playwright") is None,
    reason="no Chromium or no Playwright on this machine (Debian: apt-get install chromium)",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A window that opened a report, and everything that must not happen in it."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        self.wrong: list[str] = []
        self._context = browser.new_context(**context)
        self.page = self._context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda message: self.wrong.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("popup", lambda _: self.wrong.append("a window was opened"))
        self.page.on("request", self._requested)
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.log('CSP', e.violatedDirective, e.blockedURI))"
        )
        self.address = file.as_uri()
        self.page.goto(self.address)

    def _requested(self, request: Any) -> None:
        # A logo is in the document itself; nothing else is asked for.
        if not request.url.startswith("data:image/") and request.url.partition("#")[0] != self.address:
            self.wrong.append(f"request: {request.url[:200]}")

    def read(self, selector: str) -> str:
        return " ".join(self.page.inner_text(selector).split())

    def filtered(self, words: str) -> None:
        """Wait until the lists were filtered down to so many pages and findings."""
        self.page.wait_for_function("words => document.getElementById('f-status').textContent === words", arg=words)

    def close(self) -> None:
        self._context.close()
        assert self.wrong == []


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    windows: list[Window] = []

    def open_(of: Report, context: dict[str, Any] | None = None, **more: Any) -> Window:
        file = tmp_path / f"report{len(windows)}.html"
        file.write_text("".join(html_parts(of, **more)), encoding="utf-8")
        windows.append(Window(chromium, file, **(context or {})))
        return windows[-1]

    yield open_
    for window in windows:
        window.close()


def test_it_opens_with_the_worst_first(opened: Any) -> None:
    window = opened(full_report())
    assert window.read("#f-status") == "9 pages, 11 findings"
    assert "sleep-cure" in window.read("#pages-table tbody tr:first-child")
    assert "Dunmore roof repair" in window.read("#findings-list article:first-child mark")


def test_filters_narrow_pages_and_findings(opened: Any) -> None:
    window = opened(full_report())
    window.page.select_option("#f-label", "spam")
    window.filtered("1 page, 3 findings")
    window.page.select_option("#f-severity", "high")
    window.filtered("1 page, 1 finding")
    window.page.click("button[type=reset]")
    window.filtered("9 pages, 11 findings")
    window.page.select_option("#f-label", "advice")
    window.filtered("1 page, 3 findings")
    window.page.click("button[type=reset]")
    window.page.select_option("#f-check", "missing-date")
    window.filtered("6 pages, 6 findings")
    window.page.click("button[type=reset]")
    window.page.fill("#f-text", "valerian offers")
    window.filtered("1 page, 1 finding")
    window.page.fill("#f-text", "dunmore-roofs.example")  # no finding's words: the target of a link
    window.filtered("1 page, 0 findings")
    assert window.read("#findings-pager") == "No finding is like this."


def test_a_check_of_the_table_filters_by_it(opened: Any) -> None:
    window = opened(full_report())
    window.page.click("#by-check summary")
    window.page.click("button.pick:text('missing-date')")
    window.filtered("6 pages, 6 findings")


def test_tables_sort_and_say_so(opened: Any) -> None:
    window = opened(full_report())
    heading = "#pages-table th[data-key=title]"
    window.page.click(f"{heading} button")
    assert window.page.get_attribute(heading, "aria-sort") == "ascending"
    titles = window.page.eval_on_selector_all("#pages-table tbody a", "all => all.map(one => one.textContent)")
    assert titles == sorted(titles, key=str.lower)
    window.page.keyboard.press("Enter")  # the button has the focus
    assert window.page.get_attribute(heading, "aria-sort") == "descending"
    assert window.read("#pages-table tbody tr:first-child a") == "The one herb that cures sleepless nights"
    window.page.click("#outbound th:first-child button")
    window.page.click("#outbound th:first-child button")
    assert window.read("#outbound tbody tr:first-child").startswith("example.org")


def test_long_lists_come_in_stretches(opened: Any) -> None:
    pages = [page(f"p{n:03}.md", findings=(finding(page=f"p{n:03}.md"),)) for n in range(60)]
    window = opened(report(*pages))
    assert window.read("#pages-pager") == "Previous Next 1–25 of 60 pages"
    window.page.click("#pages-pager button:text('Next')")
    window.page.click("#pages-pager button:text('Next')")
    assert window.read("#pages-pager") == "Previous Next 51–60 of 60 pages"
    assert len(window.page.query_selector_all("#pages-table tbody tr")) == 10
    assert len(window.page.query_selector_all("#findings-list article")) == 25


def test_a_page_has_an_address_of_its_own(opened: Any) -> None:
    window = opened(full_report())
    window.page.click("#pages-table tbody tr:first-child a")
    address = page_id("posts/sleep-cure.md")
    assert window.page.url.endswith("#" + address)
    window.page.goto("about:blank")
    window.page.goto(f"{window.address}#{address}")
    assert window.page.evaluate("document.activeElement.id") == f"{address}-title"
    told = window.read("#page-view")
    for words in (
        "The one herb that cures sleepless nights", "The article is foreign to its site", "+2.50", "−0.50",
        "nobody is named who checked it", "Delete the phrase and its link", "https://dunmore-roofs.example/",
        "a phrase that nothing links", "Ten kitchens for small boats", "1 finding suppressed", "roof",
    ):  # fmt: skip
        assert words in " ".join(window.page.text_content("#page-view").split()), words
    assert "not known" in window.page.text_content("#page-view .card")
    assert window.page.is_hidden("#overview") and "Health card" in told
    assert window.page.query_selector("#page-view a[href*='dunmore']") is None
    window.page.click(".back a")
    assert window.page.is_visible("#overview") and window.page.is_hidden("#page-view")


def test_back_leads_to_where_the_reader_was(opened: Any) -> None:
    pages = [page(f"p{n:03}.md", findings=(finding(page=f"p{n:03}.md"),)) for n in range(60)]
    window = opened(report(*pages))
    window.page.locator("#pages-table tbody tr:nth-child(20) a").click()
    window.page.wait_for_selector("#page-view h2")
    window.page.go_back()
    window.page.wait_for_selector("#pages-table", state="visible")
    assert window.page.evaluate("scrollY") > 300


def test_pages_of_the_site_are_followed_without_telling_from_where(opened: Any) -> None:
    window = opened(report(page(url="https://site.example/a", path=None, findings=(finding(),))))
    window.page.click("#pages-table tbody a")
    link = window.page.query_selector("#page-view a.path")
    assert link.get_attribute("href") == "https://site.example/a"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"


def test_all_can_be_done_with_the_keyboard(opened: Any) -> None:
    window = opened(full_report())
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.className") == "skip"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "content"
    window.page.focus("#f-text")
    for _ in range(4):
        window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.type") == "reset"
    window.page.focus("#pages-table tbody a")
    assert window.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#page-view h2")


def test_on_paper_everything_is_open_and_nothing_is_a_control(opened: Any) -> None:
    window = opened(full_report())
    window.page.evaluate(
        "addEventListener('beforeprint', () => window.seen = ["
        "document.querySelectorAll('details:not([open])').length, document.querySelectorAll('#print-view section.page').length])"
    )
    assert window.page.pdf(format="A4").startswith(b"%PDF")
    assert window.page.evaluate("seen") == [0, 7]  # the two clean pages without a finding are in the table alone
    assert window.page.evaluate("document.querySelectorAll('#print-view section').length") == 0
    window.page.emulate_media(media="print")
    assert window.page.is_hidden("#filters") and window.page.is_hidden("nav") and window.page.is_hidden("#pages-pager")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(opened: Any, width: int) -> None:
    window = opened(hostile_report(), {"viewport": {"width": width, "height": 900}})
    assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    window.page.click("#pages-table tbody a")
    assert window.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_worst_can_be_read(opened: Any) -> None:
    window = opened(full_report(), {"java_script_enabled": False})
    assert "Without scripts this report shows" in window.page.text_content("body")
    assert window.page.is_visible("#findings-list mark") and window.page.is_hidden("#filters")


def test_nothing_that_was_crawled_runs(opened: Any) -> None:
    window = opened(hostile_report())
    allowed = window.page.evaluate("[...document.scripts].length")
    for number, text in enumerate(HOSTILE):
        window.page.evaluate("id => location.hash = '#' + id", page_id(f"{number}{text}"))
        window.page.wait_for_function("id => document.querySelector('#page-view section')?.getAttribute('aria-labelledby') === id + '-title'",
                                      arg=page_id(f"{number}{text}"))  # fmt: skip
        window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    window.page.evaluate("location.hash = '#findings'")
    window.page.wait_for_selector("#overview", state="visible")
    for text in (HOSTILE[0], "__proto__", "{{7*7}}", ".*("):
        window.page.fill("#f-text", text)
        window.page.wait_for_timeout(200)
    window.page.click("button[type=reset]")
    window.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    state = window.page.evaluate(
        """() => ({
            pwned: typeof pwned,
            scripts: document.scripts.length,
            strangers: document.querySelectorAll("img, iframe, object, embed, base, video, source, math, dialog, use, animate").length,
            handlers: [...document.querySelectorAll("*")].flatMap(n => n.getAttributeNames()).filter(n => /^(on|src|style$)/.test(n)),
            links: [...document.querySelectorAll("[href]")].map(n => n.getAttribute("href")).filter(h => !/^#/.test(h)),
            title: document.title,
        })"""
    )
    assert state["pwned"] == "undefined"
    assert state["scripts"] == allowed == 2
    assert (state["strangers"], state["handlers"]) == (0, [])
    assert all(link.startswith("https://site.example/") for link in state["links"])
    assert "49" not in state["title"]


def test_a_logo_that_holds_a_script_is_a_picture(opened: Any) -> None:
    window = opened(report(page()), brand=Brand("Agency", LOGO))
    assert window.page.evaluate("document.querySelector('.logo').naturalWidth") == 9
    assert window.page.evaluate("typeof pwned") == "undefined"


@pytest.mark.skipif(AXE is None, reason="axe-core is not there (pip install axe-playwright-python)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(opened: Any, scheme: Any, width: int) -> None:
    assert AXE is not None and AXE.origin is not None
    axe = Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    past = [Past(datetime(2026, 1, 1, tzinfo=UTC), {Label.CLEAN: 3, Label.SPAM: 2}, {Severity.HIGH: 2})]
    of = full_report()
    low = finding("vague", confidence=Confidence.LOW, severity=Severity.INFO)
    of = replace(of, pages=(*of.pages, page("x.md", findings=(low,), status=404)))
    window = opened(
        of, {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}, trend=past, brand=Brand("A", b"")
    )
    window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    window.page.evaluate(axe)

    def serious() -> list[str]:
        found = window.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {' '.join(node['html'].split())[:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical", "moderate")
            for node in one["nodes"]
        ]

    assert serious() == []
    window.page.evaluate("id => location.hash = '#' + id", page_id("posts/sleep-cure.md"))
    window.page.wait_for_selector("#page-view h2")
    window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert serious() == []
