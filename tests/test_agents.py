"""Looks under other names: which there are, whose sites they may be used on, how often an address is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from auditor.answer import Answer
from auditor.errors import ConfigError
from auditor.page.snapshot import Failure, FailureKind, Variant
from auditor.web.agents import KNOWN, Agents, agents, is_mine, require_mine
from auditor.web.compare import MAX_REDIRECTS, compare

URL = "https://shop.example/a"
PAIR = Agents(bot="bot", browser="browser")
PAGE = b"<p>One page for everybody who comes.</p>"
LINKED = PAGE + b'<a href="https://lucky-reel.example/">casino</a>'


@pytest.mark.parametrize("name", KNOWN)
def test_bot_and_browser_are_of_the_same_kind_of_device(name: str) -> None:
    pair = agents(name)
    assert name.partition("-")[0] in pair.bot.lower()
    assert "bot" not in pair.browser.lower()
    assert ("Mobile" in pair.bot) == ("Mobile" in pair.browser)
    assert agents(f" {name.upper()}") == pair


def test_an_unknown_bot_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="googlebot, googlebot-desktop, bingbot"):
        agents("yetibot")


@pytest.mark.parametrize(
    ("url", "mine", "expected"),
    [
        ("https://shop.example/a", ["shop.example"], True),
        ("https://www.shop.example/a", ["shop.example"], True),
        ("https://blog.shop.example/a", ["other.example", "SHOP.example"], True),
        ("https://shop.example/a", ["www.shop.example"], True),
        ("https://shop.example/a", ["https://shop.example/b"], True),
        ("http://127.0.0.1:8080/", ["127.0.0.1"], True),
        ("https://evilshop.example/", ["shop.example"], False),
        ("https://shop.example/", ["blog.shop.example"], False),
        ("https://shop.co.uk/", ["co.uk"], False),
        ("https://shop.com/", ["com"], False),
        ("https://a.github.io/", ["github.io"], False),
        ("https://shop.example/", [], False),
        ("https://shop.example/", [""], False),
        ("", [""], False),
    ],
)
def test_what_is_mine(url: str, mine: list[str], expected: bool) -> None:
    assert is_mine(url, mine) is expected


def test_every_start_has_to_be_owned() -> None:
    require_mine(["shop.example", "https://www.shop.example/de/"], ["shop.example"])
    with pytest.raises(ConfigError, match=r"if other[.]example is yours, say so with --mine other[.]example"):
        require_mine(["shop.example", "https://blog.other.example/"], ["shop.example"])
    with pytest.raises(ConfigError, match="--mine"):
        require_mine(["mailto:x"], ["shop.example"])


class Site:
    """Answers by agent, in turn; the last one again and again."""

    def __init__(self, answers: Mapping[str, list[Answer | Failure]]) -> None:
        self.answers = {agent: list(listed) for agent, listed in answers.items()}
        self.log: list[tuple[str, str]] = []

    async def get(self, url: str, agent: str) -> Answer | Failure:
        self.log.append((url, agent))
        listed = self.answers[agent]
        return listed.pop(0) if len(listed) > 1 else listed[0]


def compared(site: Site) -> Mapping[Variant, bytes] | Failure:
    return asyncio.run(compare(URL, PAIR, site.get))


def ok(body: bytes, url: str = URL) -> Answer:
    return Answer(url, 200, {"content-type": "text/html"}, body, datetime.now(UTC))


def moved(to: str, url: str = URL) -> Answer:
    return Answer(url, 302, {"location": to}, b"", datetime.now(UTC))


def test_looks_that_are_alike_cost_two_requests() -> None:
    site = Site({"bot": [ok(PAGE)], "browser": [ok(PAGE)]})
    assert compared(site) == {Variant.BOT: PAGE, Variant.BROWSER: PAGE}
    assert sorted(site.log) == [(URL, "bot"), (URL, "browser")]


def test_looks_that_differ_are_taken_twice() -> None:
    site = Site({"bot": [ok(LINKED), ok(PAGE)], "browser": [ok(PAGE)]})
    assert compared(site) == {
        Variant.BOT: LINKED,
        Variant.BROWSER: PAGE,
        Variant.BOT_AGAIN: PAGE,
        Variant.BROWSER_AGAIN: PAGE,
    }
    assert len(site.log) == 4


def test_redirects_are_followed_for_each() -> None:
    site = Site({"bot": [moved("/b"), ok(PAGE, "https://shop.example/b")], "browser": [ok(PAGE)]})
    assert compared(site) == {Variant.BOT: PAGE, Variant.BROWSER: PAGE}
    site = Site({"bot": [moved(URL)], "browser": [ok(PAGE)]})
    found = compared(site)
    assert isinstance(found, Failure) and found.kind is FailureKind.REDIRECT
    assert len(site.log) == MAX_REDIRECTS + 2


def test_a_bot_that_is_led_to_another_site_is_told() -> None:
    away = "https://lucky-reel.example/"
    found = compared(Site({"bot": [moved(away), ok(LINKED, away)], "browser": [ok(PAGE)]}))
    assert isinstance(found, Failure)
    assert found.detail.startswith("a search bot is led to lucky-reel.example, a browser to shop.example; ")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(URL, 403, {}, b"", datetime.now(UTC)), "as a search bot: could not look: 403"),
        (
            Failure(FailureKind.TIMEOUT, "the server stopped answering", URL),
            "as a search bot: the server stopped answering",
        ),
    ],
)
def test_a_look_that_was_refused_says_whose(answer: Answer | Failure, detail: str) -> None:
    found = compared(Site({"bot": [answer], "browser": [ok(PAGE)]}))
    assert isinstance(found, Failure) and found.detail == detail
