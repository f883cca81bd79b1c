"""What only search bots or only browsers get is found; what honest sites send differently is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit import audit
from auditor.checks.check import Hit
from auditor.config import Config
from auditor.page import contrast as contrasting
from auditor.page.contrast import alike, contrast
from auditor.page.looks import looks
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot, Variant
from auditor.report import Confidence, Label, Severity
from tests.subjects import FIXTURES, PROSE, article, hits, page_of, with_variants

URL = "https://bench.example/two"
CASINO = '<p>See <a href="https://lucky-reel.example/">online casino real money</a> too.</p>'
GARDEN = '<p>See <a href="https://rake-house.example/">the rakes of Rake House</a> too.</p>'
PILLS = (
    "<p>Buy tramadol online without prescription at the lowest price. Our pharmacy ships generic viagra and cialis overnight, with free "
    "pills on every second order, and no questions are asked by anybody about cheap xanax, ambien or valium, by day or by night, at all.</p>"
)
LONG = (
    "<p>Rakes are made from ash, because ash gives and does not break, and the teeth are of the same wood, driven in wet and left to dry. "
    "A rake that has been left out over one winter is a poor rake, and after two it is kindling, whatever was paid for it in the shop.</p>"
)
SHELL = article('<div id="app"></div><p>Loading</p>')


def seen(own: str, **others: str) -> Page:
    """A page as it was had, with the same page as others got it: `bot`, `browser`, `bot_again`, `browser_again`, `raw`."""
    variants = {Variant(name.replace("_", "-")): html.encode() for name, html in others.items()}
    return parse(Snapshot(own.encode(), url=URL, final_url=URL, variants=variants))


def pair(bot: str, browser: str, *, twice: bool = True) -> Page:
    again = {"bot_again": article(bot), "browser_again": article(browser)} if twice else {}
    return seen(article(browser), bot=article(bot), browser=article(browser), **again)


def links(page: Page) -> list[Hit]:
    return hits("cloaked-links", page)


def text(page: Page) -> list[Hit]:
    return hits("cloaked-text", page)


# Found


def test_links_for_bots_alone_are_named() -> None:
    [hit] = links(pair(PROSE + CASINO, PROSE))
    assert hit.message == "Only search bots get 1 link, such as “online casino real money” to lucky-reel.example."
    assert (hit.severity, hit.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert "«online casino real money»" in hit.snippet
    assert hit.evidence["links"] == [{"href": "https://lucky-reel.example/", "anchor": "online casino real money"}]


def test_an_ordinary_link_for_bots_is_sure_only_when_seen_twice_and_not_by_the_crawl() -> None:
    assert [hit.confidence for hit in links(pair(PROSE + GARDEN, PROSE))] == [Confidence.HIGH]
    assert [hit.confidence for hit in links(pair(PROSE + GARDEN, PROSE, twice=False))] == [Confidence.MEDIUM]
    both = {"bot": article(PROSE + GARDEN), "browser": article(PROSE)}
    again = {"bot_again": both["bot"], "browser_again": both["browser"]}
    assert [hit.confidence for hit in links(seen(both["bot"], **both, **again))] == [Confidence.MEDIUM]


def test_where_scripts_may_write_it_for_readers_too_less_is_sure() -> None:
    script = '<script src="/app.js"></script>'
    page = pair(PROSE + GARDEN + LONG + script, PROSE + script)
    assert [hit.confidence for hit in links(page)] == [Confidence.MEDIUM]
    assert [hit.confidence for hit in text(page)] == [Confidence.LOW]
    assert [hit.confidence for hit in links(pair(PROSE + CASINO + script, PROSE + script))] == [Confidence.HIGH]
    bot, browser = article(PROSE + GARDEN + LONG), article(PROSE + script)
    page = seen(browser, raw=browser, bot=bot, browser=browser, bot_again=bot, browser_again=browser)
    assert [hit.confidence for hit in links(page)] == [Confidence.HIGH]
    assert [hit.confidence for hit in text(page)] == [Confidence.MEDIUM]


def test_links_for_browsers_alone_are_a_weaker_sign() -> None:
    [hit] = links(pair(PROSE, PROSE + GARDEN))
    assert hit.message.startswith("Search bots do not get 1 link, such as “the rakes of Rake House”")
    assert (hit.severity, hit.confidence) == (Severity.MEDIUM, Confidence.LOW)


def test_text_for_bots_alone_is_counted_and_shown() -> None:
    [hit] = text(pair(PROSE + LONG, PROSE))
    assert hit.message == "Only search bots get 55 words of this page."
    assert (hit.severity, hit.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)
    assert hit.snippet.startswith("«Rakes are made from ash")


def test_a_page_that_is_another_one_for_bots_is_found() -> None:
    [hit] = text(pair(PILLS, PROSE))
    assert (hit.severity, hit.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert hit.evidence["common"] < 0.2


def test_hidden_words_for_bots_count() -> None:
    assert text(pair(PROSE + f'<div style="position:absolute;left:-9999px">{LONG}</div>', PROSE))


# Left alone


def test_the_same_page_to_everybody_is_left_alone() -> None:
    page = pair(PROSE + CASINO, PROSE + CASINO)
    assert links(page) == text(page) == []


def test_two_layouts_on_trial_are_left_alone_when_asked_twice() -> None:
    a, b = article(PROSE + GARDEN + LONG), article(PROSE)
    page = seen(a, bot=a, browser=b, bot_again=b, browser_again=a)
    assert links(page) == text(page) == []
    page = seen(a, bot=a, browser=b, bot_again=a, browser_again=a)
    assert links(page) == text(page) == []


@pytest.mark.parametrize(
    "extra",
    [
        '<a rel="sponsored" href="https://rake-house.example/">Rakes</a>',
        '<a href="https://www.facebook.com/sharer.php?u=1">Share</a>',
        '<a href="https://rake-house.example/?tag=bench-20&amp;affiliate=7">Rakes</a>',
        '<p>We value your privacy and use cookies. <a href="https://consent-desk.example/">Choices</a></p>',
        '<a href="https://bench.test/">Our other house</a>',
    ],
)
def test_advertisements_share_buttons_and_banners_for_browsers_are_left_alone(extra: str) -> None:
    assert links(pair(PROSE, PROSE + extra)) == []


def test_a_link_that_a_script_of_the_browsers_page_writes_is_left_alone() -> None:
    data = '<script>render({"more": "https://rake-house.example/"})</script>'
    assert links(pair(PROSE + GARDEN, PROSE + data)) == []


def test_text_that_stands_in_the_data_of_a_script_is_left_alone() -> None:
    data = LONG.replace("<p>", '<script type="application/json">{"html": "\\u003cp\\u003e').replace(
        "</p>", '"}</script>'
    )
    assert text(pair(PROSE + LONG, PROSE + data)) == []


def test_an_article_behind_a_declared_paywall_is_left_alone() -> None:
    ld = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": "False"}</script>'
    full, lead = article(PROSE + LONG, head=ld), article(PROSE, head=ld)
    assert text(seen(lead, bot=full, browser=lead)) == []


@pytest.mark.parametrize(
    "wall",
    [
        SHELL,
        "<title>Just a moment...</title><p>Checking your browser before you go on. Ray ID 8a1.</p>",
        article(
            "<h2>Before you go on</h2>"
            + "<p>We and our partners store cookies on your device to count visits.</p>" * 20
        ),
    ],
)
def test_where_readers_get_a_shell_or_a_wall_nothing_is_said(wall: str) -> None:
    page = seen(wall, bot=article(PROSE + CASINO + LONG), browser=wall)
    assert looks(page) is None
    page = seen(wall, bot=wall, browser=article(PROSE + CASINO + LONG))
    assert looks(page) is None


def test_what_scripts_write_for_readers_is_not_for_bots_alone() -> None:
    rendered = article(PROSE + GARDEN + LONG)
    page = seen(rendered, raw=SHELL, bot=rendered, browser=SHELL)
    assert looks(page) is not None
    assert links(page) == text(page) == []
    page = seen(rendered, raw=SHELL, bot=article(PROSE + GARDEN + LONG + CASINO), browser=SHELL)
    assert [hit.evidence["hosts"] for hit in links(page)] == [["lucky-reel.example"]]


def test_counters_dates_tokens_and_greetings_are_no_contrast() -> None:
    one = article(PROSE + "<p>Visit 40118 on 3 May at 10:14, session a81f3c9e77d0, and a good morning to you.</p>")
    other = article(PROSE + "<p>Visit 40119 on 3 May at 10:15, session 00b1e2f9a344, and a good evening to you.</p>")
    assert contrast(page_of(one), page_of(other)).words == 0
    assert alike(one.encode(), other.encode())


# Scripts


def test_how_much_scripts_write_decides_how_bad_it_is() -> None:
    [hit] = hits("script-made-text", seen(article(PROSE), raw=SHELL))
    assert hit.severity is Severity.MEDIUM and hit.evidence["share"] > 0.9
    [hit] = hits("script-made-text", seen(article(PROSE + LONG + PILLS), raw=article(PROSE)))
    assert hit.severity is Severity.LOW and hit.evidence["words"] == 99
    assert hits("script-made-text", seen(article(PROSE + LONG), raw=article(PROSE))) == []


def test_text_that_scripts_only_reveal_is_in_the_html() -> None:
    hidden = article(f'<div hidden id="S:0">{PROSE}</div>')
    assert hits("script-made-text", seen(article(PROSE), raw=hidden)) == []


# In a report


def test_pages_that_nobody_compared_are_counted_as_skipped_once_a_check() -> None:
    documents = [Snapshot(article(PROSE).encode(), path=f"{n}.html") for n in range(3)]
    report = audit(documents, Config(), started_at=datetime(2026, 1, 1, tzinfo=UTC))
    told = {s.check: (s.reason, s.pages) for s in report.skipped}
    assert "--compare-as" in told["cloaked-links"][0] and told["cloaked-links"] == told["cloaked-text"]
    assert "--render" in told["script-made-text"][0] and told["script-made-text"][1] == 3


def test_a_page_with_links_for_bots_alone_is_spam() -> None:
    snapshot = with_variants(FIXTURES / "pages" / "cloaked-links" / "bad.html")
    report = audit([snapshot], Config(), started_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [page.label for page in report.pages] == [Label.SPAM]


# The comparison itself


def test_alike_tells_links_and_text_apart_without_parsing() -> None:
    page = article(PROSE).encode()
    assert alike(page, page)
    assert not alike(article(PROSE + CASINO).encode(), page)
    assert not alike(article(PROSE + LONG).encode(), page)
    assert not alike(page, article(PROSE + LONG).encode())
    assert alike(article(PROSE + "<script>let nonce = 'a b c d e f g'</script>").encode(), page)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_can_be_held_against_any(one: bytes, other: bytes) -> None:
    first, second = parse(Snapshot(one)), parse(Snapshot(other))
    found = contrast(first, second)
    assert 0.0 <= found.common <= 1.0
    assert contrast(first, first).words == 0 and contrast(first, first).links == ()
    assert alike(one, one) and alike(one, other) == alike(other, one)


@pytest.mark.parametrize("piece", [b"<script>", b"<!--", b"<", b"href=http://a", b"\\u", b"&", b"<p>a b c"])
def test_hostile_bytes_are_compared_in_one_pass(piece: bytes) -> None:
    """Would not end within minutes if any pattern looked for an absent end from every start."""
    body = piece * 100_000
    assert not alike(body, body + b'<a href="https://other.example/">')
    assert contrast(parse(Snapshot(body[:50_000])), parse(Snapshot(b"<p>one"))).links == ()


def test_words_of_scripts_without_spaces_are_told_apart() -> None:
    assert contrasting.words("東京 is 3rd") == ["東", "京", "is"]
