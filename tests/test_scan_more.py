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
