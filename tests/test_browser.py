"""Rendering in real Chromium: what scripts make of a page, and what hostile ones cannot do. Skipped where Chromium is absent."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.errors import ConfigError
from auditor.page.snapshot import Failure, FailureKind
from auditor.web import browser as browsing
from auditor.web import showing
from auditor.web.browser import Browser, executable
from auditor.web.showing import Rendered
from tests.servers import Reply, Server

URL = "https://page.example/a"
LIMITS = CrawlLimits(total_timeout=30.0)
HURRIED = CrawlLimits(total_timeout=2.0)
"""For pages that never end."""

needs_chromium = pytest.mark.skipif(
    not any(shutil.which(name) for name in browsing.NAMES),
    reason="no Chromium on this machine (Debian: apt-get install chromium)",
)


class Web:
    """What the crawl's `get` would fetch, and a log of what it was asked for."""

    def __init__(self, files: Mapping[str, str | Answer | Failure] | None = None, default: str | None = None) -> None:
        self.files = files or {}
        self.default = default
        self.log: list[tuple[str, str]] = []

    async def get(self, url: str, accept: str) -> Answer | Failure:
        self.log.append((url, accept))
        match self.files.get(url, self.default):
            case None:
                return Failure(FailureKind.UNREACHABLE, "not there", url)
            case str() as body:
                return _answer(body, url=url, type="text/javascript")
            case other:
                return other

    @property
    def urls(self) -> list[str]:
        return [url for url, _ in self.log]


def _answer(body: str, *, url: str = URL, type: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(url, 200, {"content-type": type, **named}, body.encode(), datetime.now(UTC))


Work = Callable[..., Coroutine[Any, Any, Any]]


class Shared:
    """One browser for all tests that do not end it: starting one takes longer than most of them."""

    def __init__(self) -> None:
        self.web = Web()
        self._runner = asyncio.Runner()
        self._browser = Browser(LIMITS, lambda url, accept: self.web.get(url, accept))
        self._runner.run(self._browser.__aenter__())

    def run(self, work: Work, web: Web, limits: CrawlLimits) -> Any:
        self.web, self._browser._limits = web, limits
        found = self._runner.run(work(self._browser))
        assert self._browser.restarts == 0
        return found

    def close(self) -> None:
        self._runner.run(self._browser.__aexit__(None, None, None))
        self._runner.close()


_shared: list[Shared] = []


@pytest.fixture(scope="module", autouse=True)
def _close_the_browser() -> Iterator[None]:
    yield
    while _shared:
        _shared.pop().close()


def shown(work: Work, web: Web | None = None, limits: CrawlLimits = LIMITS) -> Any:
    """What `work` answers, done in the shared browser."""
    if not _shared:
        _shared.append(Shared())
    return _shared[0].run(work, web or Web(), limits)


def alone(work: Work, web: Web | None = None) -> Any:
    """The same in a browser of its own, which it may end."""

    async def run() -> Any:
        async with Browser(LIMITS, (web or Web()).get) as opened:
            return await work(opened, {*_descendants(os.getpid())} - before)

    before = {*_descendants(os.getpid())}
    return asyncio.run(run())


def rendered(body: str, web: Web | None = None, limits: CrawlLimits = LIMITS, **headers: str) -> Rendered | Failure:
    return shown(lambda opened: opened.render(_answer(body, **headers)), web, limits)


def made(body: str, web: Web | None = None, **headers: str) -> str:
    found = rendered(body, web, **headers)
    assert isinstance(found, Rendered), found
    return found.body.decode()


# What scripts make


@needs_chromium
def test_the_document_is_what_scripts_made_of_the_bytes_already_fetched() -> None:
    web = Web({"https://page.example/app.js": "document.getElementById('app').textContent = 'by a script: é'"})
    text = made("<!doctype html><title>T</title><p id=app>raw</p><script src=/app.js></script>", web)
    assert text.startswith("<!DOCTYPE html>")
    assert '<p id="app">by a script: é</p>' in text
    assert web.log == [("https://page.example/app.js", "*/*")], "the document itself is not asked for again"


@needs_chromium
def test_data_that_a_script_fetches_is_waited_for() -> None:
    web = Web({"https://page.example/text": "late words", "https://page.example/more": "later words"})
    script = "fetch('/text').then(r => r.text()).then(t => {document.body.append(t); return fetch('/more')})"
    text = made(f"<p>raw</p><script>{script}.then(r => r.text()).then(t => document.body.append(t))</script>", web)
    assert "late words" in text and "later words" in text


@needs_chromium
def test_only_what_can_change_the_text_is_fetched() -> None:
    web = Web(default="")
    page = """<link rel=stylesheet href=/s.css><link rel=preload as=font href=/f.woff2 crossorigin><img src=/i.png><video src=/v.mp4></video>
    <iframe src=/frame></iframe><script>fetch('/post', {method: 'POST', body: 'x'}); navigator.sendBeacon('/beacon', 'x');
    new EventSource('/events'); fetch('ftp://page.example/x').catch(() => 0); fetch('/get')</script>"""
    made(page, web)
    assert sorted(web.urls) == ["https://page.example/get", "https://page.example/s.css"]


@needs_chromium
def test_redirects_of_scripts_are_followed_through_the_crawls_own_way() -> None:
    moved = Answer("https://page.example/old.js", 302, {"location": "/new.js"}, b"", datetime.now(UTC))
    web = Web({moved.url: moved, "https://page.example/new.js": "document.body.append('moved in')"})
    assert "moved in" in made("<p>raw</p><script src=/old.js></script>", web)
    loop = Answer("https://page.example/l.js", 302, {"location": "/l.js"}, b"", datetime.now(UTC))
    web = Web({loop.url: loop})
    made("<p>raw</p><script src=/l.js></script>", web)
    assert len(web.log) == showing.MAX_REDIRECTS + 1


@needs_chromium
def test_a_policy_of_the_page_is_kept() -> None:
    text = made("<p id=x>raw</p><script>x.textContent = 'made'</script>", content_security_policy="script-src 'none'")
    assert '<p id="x">raw</p>' in text


@needs_chromium
def test_errors_and_dialogues_do_not_stop_a_page() -> None:
    assert "went on" in made("<p>raw</p><script>alert(1); document.body.append('went on'); nothing()</script>")


@needs_chromium
def test_no_visit_leaves_anything_to_the_next() -> None:
    script = """<p id=x></p><script>x.textContent = 'found:' + document.cookie + (localStorage.k || '');
    document.cookie = 'k=1'; localStorage.k = '1'</script>"""

    async def twice(opened: Browser) -> list[Rendered | Failure]:
        return [await opened.render(_answer(script)) for _ in range(2)]

    for found in shown(twice):
        assert isinstance(found, Rendered) and b">found:<" in found.body


@needs_chromium
def test_where_scripts_lead_is_told_and_not_followed() -> None:
    web = Web(default="<p>elsewhere")
    found = rendered("<p>raw</p><script>location = 'https://other.example/x'</script>", web)
    assert isinstance(found, Rendered) and b"raw" in found.body
    assert found.leads_to == "https://other.example/x"
    assert web.log == []
    refreshed = rendered('<meta http-equiv=refresh content="0;url=/b"><p>raw</p>', web)
    assert isinstance(refreshed, Rendered) and refreshed.leads_to == "https://page.example/b"


# Limits


@needs_chromium
def test_requests_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<p>raw</p><script>for (let n = 0; n < 30; n++) fetch('/' + n)</script>"
    monkeypatch.setattr(showing, "MAX_REQUESTS", 10)
    web = Web(default="x")
    found = rendered(page, web)
    assert isinstance(found, Rendered) and (found.cut, found.requests, len(web.log)) == ("requests", 10, 10)
    monkeypatch.setattr(showing, "MAX_TRAFFIC", 1000)
    found = rendered(
        "<p>raw</p><script>(async () => {for (;;) await (await fetch('/')).text()})()</script>", Web(default="x" * 300)
    )
    assert isinstance(found, Rendered) and (found.cut, found.requests) == ("bytes", 4)


@needs_chromium
def test_a_page_that_asks_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "MAX_ATTEMPTS", 100)
    web = Web(default="x")
    found = rendered("<p>raw</p><script>setInterval(() => {for (let n = 0; n < 9; n++) fetch('/')}, 1)</script>", web)
    assert isinstance(found, Failure) and "more than 100 requests" in found.detail
    assert len(web.log) <= 100


@needs_chromium
def test_a_page_whose_server_never_answers_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SETTLE_SHARE", 0.05)

    class Silent(Web):
        async def get(self, url: str, accept: str) -> Answer | Failure:
            await asyncio.Event().wait()
            raise AssertionError

    found = rendered("<p>raw</p><script src=/a.js></script>", Silent())
    assert isinstance(found, Rendered) and found.cut == "time" and b"raw" in found.body


@needs_chromium
def test_a_document_that_grows_over_the_limit_is_too_large() -> None:
    limits = CrawlLimits(total_timeout=30.0, max_bytes=10_000)
    found = rendered("<p>raw</p><script>document.body.append('é'.repeat(6000))</script>", limits=limits)
    assert isinstance(found, Failure) and found.kind is FailureKind.TOO_LARGE


@needs_chromium
@pytest.mark.parametrize(
    "script",
    ["while (true) {}", "setTimeout(() => {while (true) {}}, 50)", "while (true) alert(1)"],
)
def test_scripts_that_never_end_are_ended_and_the_next_page_is_not(script: str) -> None:
    async def both(opened: Browser) -> tuple[Rendered | Failure, Rendered | Failure]:
        bad = await opened.render(_answer(f"<p>raw</p><script>onbeforeunload = () => {{for (;;);}}; {script}</script>"))
        opened._limits = LIMITS
        return bad, await opened.render(_answer("<p>honest</p>"))

    bad, good = shown(both, limits=HURRIED)
    assert isinstance(bad, Failure) and bad.kind is FailureKind.TIMEOUT, bad
    assert isinstance(good, Rendered) and b"honest" in good.body


@needs_chromium
@pytest.mark.parametrize(
    "address", ["'about:blank'", "URL.createObjectURL(new Blob(['<p>another'], {type: 'text/html'}))"]
)
def test_a_page_that_replaces_itself_fails(address: str) -> None:
    found = rendered(f"<p>raw</p><script>location = {address}</script>")
    assert isinstance(found, Failure) and found.kind is FailureKind.REDIRECT, found


@needs_chromium
@pytest.mark.parametrize(
    "script",
    [
        "for (;;) document.write('<p>' + 'x'.repeat(10000))",
        "const a = []; for (;;) a.push(new Array(1e6).fill(Math.random()))",
        "document.body.innerHTML = '<b></b>'.repeat(400000)",
    ],
    ids=["flood", "heap", "elements"],
)
def test_a_page_that_eats_memory_is_ended(script: str) -> None:
    found = rendered(f"<p>raw</p><script>{script}</script>")
    assert isinstance(found, Failure) and found.kind in (FailureKind.UNREADABLE, FailureKind.TOO_LARGE), found


@needs_chromium
@pytest.mark.parametrize(
    "script",
    [
        "for (let i = 0; i < 300; i++) window.open('https://popup.example/' + i)",
        "location.reload()",
        "setInterval(() => {throw Error('x'.repeat(1000))}, 0)",
        "setInterval(() => console.log('x'.repeat(1000)), 0)",
        "Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'spoofed'}); document.getElementsByTagName = () => []",
        "navigator.serviceWorker && navigator.serviceWorker.register('/sw.js').catch(() => 0)",
        "Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => 0)",
        "const a = document.createElement('a'); a.download = 'x'; a.href = 'data:application/zip,x'; a.click()",
        "window.print()",
    ],
    ids=lambda value: str(value)[:30],
)
def test_mischief_changes_nothing(script: str) -> None:
    web = Web(default="x")
    found = rendered(f"<p>raw</p><script>{script}</script>", web)
    assert isinstance(found, Rendered) and b"<p>raw</p>" in found.body
    assert web.log == []


@needs_chromium
def test_chromium_itself_reaches_no_network() -> None:
    with Server({"/": Reply(b"secret")}) as server:
        port = server.port
        page = f"""<link rel=preconnect href={server.url}><link rel=dns-prefetch href={server.url}><img src={server.url}/i.png><p>raw</p>
        <script>const s = new WebSocket('ws://127.0.0.1:{port}/'); s.onerror = () => document.body.append('no socket');
        s.onopen = () => document.body.append('a socket'); new Worker('{server.url}/w.js')</script>"""
        text = made(page, url=f"{server.url}/")
        assert server.connections == 0
    assert text.endswith("no socket</body></html>")


# The browser


@needs_chromium
def test_pages_are_rendered_side_by_side_and_bounded() -> None:
    class Meeting(Web):
        working = most = 0

        async def get(self, url: str, accept: str) -> Answer | Failure:
            self.working += 1
            self.most = max(self.most, self.working)
            await together.wait()  # goes on only with as many pages as may be open
            self.working -= 1
            return await super().get(url, accept)

    together = asyncio.Barrier(browsing.MAX_PAGES)
    web = Meeting(default="document.body.append('made')")

    async def many(opened: Browser) -> list[Rendered | Failure]:
        page = "<p>raw</p><script src=/a.js></script>"
        return list(await asyncio.gather(*(opened.render(_answer(page)) for _ in range(6))))

    found = shown(many, web)
    assert all(isinstance(one, Rendered) and b"made" in one.body for one in found)
    assert web.most == browsing.MAX_PAGES


@needs_chromium
def test_a_browser_that_dies_is_started_again() -> None:
    async def killed(opened: Browser, started: set[int]) -> tuple[Rendered | Failure, Rendered | Failure, int]:
        async def get(url: str, accept: str) -> Answer | Failure:
            if url not in asked:
                asked.append(url)
                _kill_chromium(started)
            return _answer("document.body.append('made')", url=url, type="text/javascript")

        asked: list[str] = []
        opened._get = get
        first = await opened.render(_answer("<p>raw</p><script src=/a.js></script>"))
        return first, await opened.render(_answer("<p>honest</p>")), opened.restarts

    first, second, restarts = alone(killed)
    assert isinstance(first, Rendered) and b"made" in first.body
    assert isinstance(second, Rendered)
    assert restarts == 1


@needs_chromium
def test_a_page_that_kills_the_browser_each_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "ATTEMPTS", 2)

    async def deadly(opened: Browser, started: set[int]) -> tuple[Rendered | Failure, Rendered | Failure]:
        async def get(url: str, accept: str) -> Answer | Failure:
            _kill_chromium({*_descendants(os.getpid())} - others)
            return Failure(FailureKind.UNREACHABLE, "not there", url)

        others = {*_descendants(os.getpid())} - started
        opened._get = get
        bad = await opened.render(_answer("<p>raw</p><script src=/a.js></script>"))
        return bad, await opened.render(_answer("<p>honest</p>"))

    bad, good = alone(deadly)
    assert isinstance(bad, Failure) and bad.kind is FailureKind.UNREADABLE
    assert isinstance(good, Rendered)


@needs_chromium
def test_nothing_of_the_browser_is_left_behind() -> None:
    async def ids(opened: Browser, started: set[int]) -> set[int]:
        await opened.render(_answer("<p>raw</p>"))
        return started | {*_descendants(os.getpid())}

    before = {*_descendants(os.getpid())}
    started = alone(ids) - before
    assert started
    assert not [process for process in started if _runs(process)]


def _runs(process: int) -> bool:
    """Whether a process is there and no zombie, which is for init to clear away."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _children(process: int) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def _descendants(process: int) -> Iterator[int]:
    for child in _children(process):
        yield child
        yield from _descendants(child)


def _kill_chromium(started: set[int]) -> None:
    """End the browsers among these processes: each is a child of Playwright's driver."""
    drivers = started & {*_children(os.getpid())}
    for child in (child for driver in drivers for child in _children(driver)):
        os.kill(child, signal.SIGKILL)


# What is missing


def test_an_absent_browser_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="apt-get install chromium"):
        executable()
    with pytest.raises(ConfigError, match="not a program"):
        executable(tmp_path / "chromium")
    program = tmp_path / "chromium-browser"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert executable() == program == executable(program)


def test_a_program_that_is_no_browser_is_said(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)

    async def enter() -> None:
        async with Browser(LIMITS, Web().get, program):
            raise AssertionError

    with pytest.raises(ConfigError, match="does not start"):
        asyncio.run(enter())


def test_an_absent_playwright_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "playwright.async_api", None)

    async def enter() -> None:
        async with Browser(LIMITS, Web().get, Path("/bin/sh")):
            raise AssertionError

    with pytest.raises(ConfigError, match="auditor\\[render\\]"):
        asyncio.run(enter())
