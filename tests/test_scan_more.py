"""A scan that asks for more than pages: links to other sites, rendered pages, the look of a search bot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Reply, Request, Server, page

WORDS = (
    "The barn stood empty for a decade before the roof was mended, and the first winter was spent with two stoves and a "
    "great many blankets. Nobody in the village had thought that it would be lived in again. "
)
PILLS = (
    '<p>Buy <a href="https://cheap-pills.example/viagra">cheap viagra online</a> without a prescription, and play at the '
    '<a href="https://best-casino.example/slots">best online casino slots</a> with a bonus for every new player today.</p>'
)


def scan(tmp_path: Path, url: str, *options: str) -> tuple[int, dict[str, Any], str]:
    """(exit code, report, what was said on stderr) of a real scan."""
    out = tmp_path / "report.json"
    command = [
        sys.executable, "-m", "auditor", "scan", url, "--store", str(tmp_path / "store"), "--allow-private", "--rate", "0",
        "--format", "json", "--output", str(out), "--fail-on", "never", "--jobs", "1", *options,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, json.loads(out.read_text()) if out.exists() else {}, done.stderr


def findings(report: dict[str, Any], check: str) -> list[dict[str, Any]]:
    return [finding for one in report["pages"] for finding in one["findings"] if finding["check"] == check]


def html(body: str) -> bytes:
    return f"<!doctype html><html lang=en><title>A barn</title><main><article>{body}</article></main></html>".encode()


def test_where_links_lead(tmp_path: Path) -> None:
    with Server(
        {"/alive": page(), "/moved": Reply(status=301, headers={"Location": "/alive"})}, host="127.0.0.2"
    ) as other:
        links = (f"{other.url.replace('127.0.0.1', '127.0.0.2')}/{name}" for name in ("alive", "gone", "moved"))
        with Server({"/": page("/there", "/not-there", *links), "/there": page("/not-there")}) as server:
            _, without, _ = scan(tmp_path, server.url)
            _, report, _ = scan(tmp_path, server.url, "--check-external")
    assert {f["evidence"]["href"].rpartition("/")[2] for f in findings(without, "broken-link")} == {"not-there"}
    assert {f["evidence"]["href"].rpartition("/")[2] for f in findings(report, "broken-link")} == {"not-there", "gone"}
    (moved,) = findings(report, "moved-link")
    assert moved["evidence"]["final_url"].endswith("/alive")
    asked = sorted(f"{request.method} {request.path}" for request in other.log)
    # The one that moved leads to the one that is alive, which is asked for on its account once more.
    assert asked == ["GET /gone", "GET /robots.txt", "HEAD /alive", "HEAD /alive", "HEAD /gone", "HEAD /moved"]


def test_a_look_as_a_search_bot(tmp_path: Path) -> None:
    def post(request: Request) -> Reply:
        bot = "Googlebot" in request.headers["user-agent"]
        return Reply(html(f"<h1>A barn</h1><p>{WORDS * 6}</p>{PILLS if bot else ''}"))

    with Server({"/": post}) as server:
        code, _, said = scan(tmp_path, server.url, "--compare-as", "googlebot")
        assert code == 2 and "--mine 127.0.0.1" in said
        code, report, _ = scan(tmp_path, server.url, "--compare-as", "googlebot", "--mine", "127.0.0.1")
    assert code == 0
    (found,) = findings(report, "cloaked-links")
    assert "cheap-pills.example" in json.dumps(found)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_what_scripts_make_of_a_page(tmp_path: Path) -> None:
    script = (
        f"<div id=a></div><script>document.getElementById('a').innerHTML = {json.dumps(f'<p>{WORDS * 6}</p>')}</script>"
    )
    with Server({"/": Reply(html(f"<h1>A barn</h1>{script}"))}) as server:
        code, report, _ = scan(tmp_path, server.url, "--render")
        assert [request.path for request in server.log if request.path == "/"] == ["/"]
        again, stored, _ = scan(tmp_path, server.url, "--from-run", "1")
    assert code == again == 0
    assert len(findings(report, "script-made-text")) == 1
    assert [p["findings"] for p in stored["pages"]] == [p["findings"] for p in report["pages"]]


def site_findings(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["check"]: finding for site in report["sites"] for finding in site["findings"]}


def essay(number: int) -> str:
    """An article of over 150 words that shares no run of words with another one."""
    return " ".join(f"word{number}x{place} and other{number}x{place}" for place in range(60))


def test_a_site_is_held_against_what_the_crawl_met(tmp_path: Path) -> None:
    def post(number: int, links: str = "", head: str = "") -> bytes:
        return (
            f'<!doctype html><html lang="en"><head><title>Post {number}</title>{head}</head><body><nav>{links}</nav><main>'
            f"<article><h1>Post {number}</h1><p>{essay(number)}</p></article></main></body></html>"
        ).encode()

    with Server({}) as server:
        url = server.url
        listed = "".join(
            f"<url><loc>{url}{path}</loc></url>" for path in ("/", "/a", "/alone", "/old", "/quiet", "/gone")
        )
        server.routes |= {
            "/robots.txt": f"User-agent: *\nSitemap: {url}/sitemap.xml".encode(),
            "/sitemap.xml": Reply(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode(), type="text/xml"),
            "/": post(0, '<a href="/a">a</a> <a href="/b">b</a> <a href="/older">o</a> <a href="/quiet">q</a>'),
            "/a": post(1, head=f'<link rel="alternate" hreflang="de" href="{url}/b">'),
            "/b": post(2, '<a href="/a">a</a>'),
            "/alone": post(1, '<a href="/">home</a>'),
            "/quiet": post(4, head='<meta name="robots" content="noindex">'),
            "/older": Reply(status=301, headers={"Location": "/old"}),
            "/old": Reply(status=301, headers={"Location": "/b"}),
        }  # fmt: skip
        _, report, _ = scan(tmp_path, url)
        _, part, _ = scan(tmp_path, url, "--max-pages", "2")
    found = site_findings(report)
    assert found["orphaned-page"]["evidence"]["pages"] == [f"{url}/alone"]
    assert found["unlisted-page"]["evidence"]["pages"] == [f"{url}/b"]
    assert found["chained-redirects"]["evidence"]["hops"] == [
        [f"{url}/older", 301, f"{url}/old"],
        [f"{url}/old", 301, f"{url}/b"],
    ]
    assert found["one-way-hreflang"]["evidence"]["pages"] == [f"{url}/a"]
    assert found["near-duplicate-pages"]["evidence"]["pages"] == [f"{url}/a", f"{url}/alone"]
    reasons = {
        f["evidence"]["reason"] for s in report["sites"] for f in s["findings"] if f["check"] == "unfit-sitemap-entry"
    }
    assert reasons == {"moved", "broken", "noindex"}
    assert not {"orphaned-page", "unlisted-page"} & set(site_findings(part))
    assert {"orphaned-page", "unlisted-page"} <= {one["check"] for one in part["skipped"]}
