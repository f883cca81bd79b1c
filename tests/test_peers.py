"""What went wrong in other tools, each as a test: noise, misjudged pages, crawls that found nothing and passed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from auditor.audit import audit
from auditor.cli import app
from auditor.page.snapshot import Snapshot
from auditor.report import Degree, Report
from tests.servers import Reply, Server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROSE = (
    "The ferry leaves at six and again at noon, and whoever misses it walks around the bay. The road is dry until the bend, "
    "then it follows the old wall, past the shed where the nets hang, to the steps below the church. On a clear day the "
    "island seems near enough to touch. "
)


def audited(*bodies: str) -> Report:
    documents = [
        Snapshot(body.encode(), url=f"https://bay.example/{n}", final_url=f"https://bay.example/{n}", status=200)
        for n, body in enumerate(bodies)
    ]
    return audit(documents, started_at=NOW)


def html(main: str, aside: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><title>The ferry across the bay</title><meta name="viewport" '
        'content="width=device-width"><meta name="description" content="When it leaves."></head><body>'
        f"<main><article><h1>The ferry across the bay</h1>{main}</article></main><aside>{aside}</aside></body></html>"
    )


def test_links_without_a_title_attribute_are_no_findings() -> None:
    """98 % of 24,634 findings of one tool were “anchor missing title”: what every good page does is no fault."""
    links = "".join(f'<p>{PROSE} <a href="/walk-{n}">The walk of day {n}</a></p>' for n in range(150))
    report = audited(html(links))
    assert sum(1 for _ in report.findings) <= 3, [finding.message for finding in report.findings]


def test_the_sidebar_does_not_decide_what_a_page_is_about() -> None:
    """One tool called all 333 pages of a site health, because of the sidebar."""
    aside = "".join(
        f"<h3>Blood pressure and diabetes, part {n}</h3><p>Doctors treat patients with insulin and statins in the clinic.</p>"
        for n in range(8)
    )
    report = audited(html(f"<p>{PROSE * 4}</p>", aside))
    (page,) = report.pages
    assert page.health is not Degree.ADVICE and page.topic != "Health"


def test_a_fault_of_the_theme_is_one_finding_of_the_site() -> None:
    bodies = [html(f"<p>{PROSE * 4} Day {n}.</p>").replace("viewport", "view") for n in range(30)]
    report = audited(*bodies)
    assert [finding.check for finding in report.findings].count("missing-viewport") == 1


def test_a_port_in_the_address_is_crawled_and_nothing_crawled_is_no_pass(tmp_path: Path) -> None:
    """An address with a port had one tool crawl no page and exit with 0."""
    with Server({"/": html(f"<p>{PROSE * 4}</p>").encode(), "/robots.txt": Reply(status=404)}) as server:
        where = [
            "--allow-private",
            "--store",
            str(tmp_path),
            "--rate",
            "0",
            "--format",
            "json",
            "--fail-on",
            "never",
            "--quiet",
        ]
        had = CliRunner().invoke(app, ["scan", server.url, *where])
        none = CliRunner().invoke(app, ["scan", f"{server.url}/nowhere", *where])
    assert (had.exit_code, json.loads(had.stdout)["summary"]["pages"]) == (0, 1)
    assert none.exit_code == 2


def test_a_page_is_asked_for_once(tmp_path: Path) -> None:
    """35,717 requests for 333 pages; 1,453 sockets at once (`tests/test_manners.py` counts those)."""
    menu = "".join(f'<a href="/{n}?utm_source=menu">Day {n}</a> <a href="/{n}#top">top</a> ' for n in range(20))
    routes: dict[str, Reply | bytes] = {f"/{n}": html(f"<p>{PROSE * 4} Day {n}.</p>", menu).encode() for n in range(20)}
    routes |= {"/": html(f"<p>{PROSE}</p>", menu).encode(), "/robots.txt": Reply(status=404)}
    with Server(routes) as server:
        where = ["--allow-private", "--store", str(tmp_path), "--rate", "0", "--fail-on", "never", "--quiet"]
        CliRunner().invoke(app, ["scan", server.url, *where])
        asked = Counter(request.path.partition("?")[0] for request in server.log)
    assert {asked[f"/{n}"] for n in range(20)} == {1}
