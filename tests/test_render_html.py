"""The HTML report as a document: what stands in it, that it can be nothing but text, and that it is the same each time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from auditor.cli import app
from auditor.errors import ConfigError
from auditor.history.trend import Past
from auditor.render import html as rendering
from auditor.render.brand import LARGEST, Brand
from auditor.render.html import html_parts
from auditor.render.html_data import address, in_script, page_data, page_id, shown
from auditor.render.html_overview import FIRST
from auditor.render.trend import columns
from auditor.report import Label, LinkLabel, LinkResult, Location, Report, Severity
from tests.hostile import HOSTILE, hostile_report
from tests.reports import STARTED, finding, full_report, page, report, spammed_page, verdict

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def written(of: Report, **more: Any) -> LexborHTMLParser:
    return LexborHTMLParser("".join(html_parts(of, **more)))


def text(document: LexborHTMLParser, selector: str) -> str:
    return " ".join(" ".join(node.text(separator=" ") for node in document.css(selector)).split())


def data(document: LexborHTMLParser) -> Any:
    node = document.css_first("script#data")
    assert node is not None
    return json.loads(node.text())


def test_equal_reports_give_equal_bytes() -> None:
    first = "".join(html_parts(full_report()))
    assert first == "".join(html_parts(full_report()))
    assert first.encode("utf-8")
    later = replace(full_report(), started_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert first != "".join(html_parts(later))


def test_the_summary_counts_what_the_report_counts() -> None:
    document = written(full_report())
    assert text(document, ".lead") == "2 of 9 pages need attention: 1 spam and 1 low quality."
    assert text(document, "#summary .tiles:not(.small)") == "spam 1 low quality 1 clean 7 not read 2"
    assert text(document, "#summary .small") == "high 1 medium 2 low 7 info 1"
    assert text(document, "#summary .bars") == "boating 86% health 14%"
    assert text(written(report()), ".lead") == "No page could be audited."
    assert "none of them looks like spam" in text(written(report(page())), ".lead")


def test_the_worst_stands_in_the_document_itself() -> None:
    document = written(full_report())
    rows = document.css("#pages-table tbody tr")
    assert [row.css_first(".path").text() for row in rows][:2] == ["posts/sleep-cure.md", "posts/p1.md"]
    first = document.css("#findings-list article")[0]
    assert first.css_first("mark").text() == "Dunmore roof repair"
    assert (
        first.css_first("blockquote").text().startswith("By calming the mind before bed, Dunmore roof repair valerian")
    )
    assert "Delete the phrase and its link" in first.text()
    assert first.css_first("a").attributes["href"] == "#" + page_id("posts/sleep-cure.md")


def test_only_the_first_pages_and_findings_are_written_twice() -> None:
    pages = [page(f"p{n:03}.md", findings=(finding(page=f"p{n:03}.md"),)) for n in range(3 * FIRST)]
    document = written(report(*pages))
    assert len(document.css("#pages-table tbody tr")) == len(document.css("#findings-list article")) == FIRST
    assert len(data(document)["pages"]) == len(data(document)["order"]) == 3 * FIRST


def test_advice_is_told_once_for_all_findings() -> None:
    told = data(written(full_report()))
    assert sorted(told["fixes"]) == sorted({one.fix for one in full_report().findings})
    numbers = [one["fix"] for one in told["pages"] for one in one.get("findings", ())]
    assert all(isinstance(number, int) for number in numbers) and len(numbers) == 9


def test_what_was_not_looked_at_and_not_shown_is_told() -> None:
    limits = text(written(full_report()), "#limits")
    for words in (
        "2 documents could not be read", "posts/nowhere.md", "robots.txt asks not to fetch them", "12 addresses",
        "no block of related posts", "off-topic-related-posts (8 pages)", "1 finding suppressed", "An undated page.",
    ):  # fmt: skip
        assert words in limits


def test_outbound_domains_are_text_and_the_bad_ones_first() -> None:
    document = written(full_report())
    domains = [node.text() for node in document.css("#outbound tbody th > bdi")]
    assert domains == ["dunmore-roofs.example", "example.org"]
    assert "injected" in document.css("#outbound tbody tr")[0].text()


def test_every_way_out_is_in_the_document_or_to_a_harmless_page() -> None:
    links = [node.attributes["href"] or "" for node in written(hostile_report()).css("[href]")]
    assert links and all(link.startswith("#") for link in links)


@pytest.mark.parametrize(
    ("url", "label", "followed"),
    [
        ("https://site.example/a?b=c#d", Label.CLEAN, True),
        ("http://site.example:8080/", Label.LOW_QUALITY, True),
        ("https://site.example/a", Label.SPAM, False),
        ("https://user:secret@site.example/", Label.CLEAN, False),
        ("javascript:alert(1)", Label.CLEAN, False),
        ("https://site.example/\u202e", Label.CLEAN, False),
        ("https://xn--/<b>", Label.CLEAN, False),
        ("https://s\u0456te.example/", Label.CLEAN, False),
        (None, Label.CLEAN, False),
    ],
)
def test_addresses_that_can_be_followed(url: str | None, label: Label, followed: bool) -> None:
    assert bool(address(page(url=url, label=label))) is followed


def test_no_hostile_string_becomes_markup() -> None:
    whole = "".join(html_parts(hostile_report()))
    document = LexborHTMLParser(whole)
    assert len(HOSTILE) >= 50
    assert len(document.css("script")) == 2
    for name in ("img", "iframe", "object", "embed", "link", "base", "marquee", "video", "math", "dialog", "textarea"):
        assert not document.css(name), name
    assert (
        len(document.css("meta[http-equiv]")) == 1
        and len(document.css("form")) == 1
        and len(document.css("#data")) == 1
    )
    names = {name for node in document.css("*") for name in node.attributes}
    assert not {
        name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc", "action", "formaction")
    }
    assert "49" not in text(document, "h1")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2028\u2029\u2066-\u2069]", whole)


def test_data_cannot_end_its_element() -> None:
    assert in_script("</script><!--\u2028&") == '"\\u003c/script\\u003e\\u003c!--\\u2028\\u0026"'
    raw = "".join(html_parts(hostile_report()))
    inside = raw[raw.index('id="data">') :]
    assert inside.count("<") == inside[inside.index("</script>") :].count("<")
    assert len(data(LexborHTMLParser(raw))["pages"]) == len(HOSTILE)


def test_its_policy_allows_its_own_script_and_styles_alone() -> None:
    document = written(full_report(), brand=Brand("Agency", PNG, "#aa3300"))
    policy = document.css_first("meta[http-equiv]").attributes["content"] or ""

    def hashed(node: Any) -> str:
        return base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()

    script = document.css("script")[-1]
    assert f"script-src 'sha256-{hashed(script)}';" in policy
    styles = " ".join(f"'sha256-{hashed(style)}'" for style in document.css("style"))
    assert f"style-src {styles};" in policy and len(document.css("style")) == 2
    assert policy.startswith("default-src 'none';") and "img-src data:;" in policy
    assert "unsafe" not in policy and "http" not in policy and "'self'" not in policy


def test_the_script_never_parses_markup() -> None:
    script = written(report()).css("script")[-1].text()
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "import(",
    ):
        assert sink not in script


def test_a_page_is_bounded_whatever_it_holds() -> None:
    long = "x" * 100_000
    link = LinkResult(f"https://a.example/{long}", long, (long,), long, 1, 1, verdict((long, 3.0)), LinkLabel.INJECTED)
    fine = replace(link, label=LinkLabel.OK, injected=None)
    bad = finding(message=long, location=Location(snippet=long), evidence={long: [long] * 1000})
    told = page_data(page(title=long, links=(link,) * 500 + (fine,) * 500, findings=(bad,)))
    assert len(json.dumps(told)) < 160_000
    assert (told["more_flagged"], told["more_links"]) == (440, 460)


def test_text_is_made_visible_and_short() -> None:
    assert shown("a\u202eb\x00c\nd") == "a\\u202eb\\x00c d"
    assert len(shown("y" * 10_000, 100)) == 100


def test_a_brand_is_shown_and_checked() -> None:
    document = written(full_report(), brand=Brand("Agency <b>", PNG, "#aa3300", "#ffaa88"))
    logo = document.css_first("img.logo")
    assert logo.attributes["alt"] == "Agency <b>"
    assert (logo.attributes["src"] or "").startswith("data:image/png;base64,")
    assert "--accent:#aa3300" in document.css("style")[1].text()
    assert text(written(report(), brand=Brand("Agency <b>")), ".owner") == "Agency <b>"
    assert Brand(logo=b'<?xml version="1.0"?>\n<svg xmlns="x">').media_type == "image/svg+xml"
    for wrong, words in (
        ({"accent": "red;}*{display:none"}, "is no colour"),
        ({"logo": b"<html>"}, "no PNG"),
        ({"logo": PNG + b"\x00" * LARGEST}, "at most 500,000"),
    ):
        with pytest.raises(ConfigError, match=words):
            Brand(**wrong)  # type: ignore[arg-type]


def test_the_trend_ends_with_this_run() -> None:
    past = [
        Past(datetime(2026, 2, 1, tzinfo=UTC), {Label.SPAM: 4, Label.CLEAN: 4}, {Severity.HIGH: 9}),
        Past(datetime(2026, 1, 1, tzinfo=UTC), {Label.CLEAN: 9}, {}),
    ]
    of = full_report()
    drawn = columns(past, of, of.tally())
    assert [column.date for column in drawn] == ["2026-01-01", "2026-02-01", f"{STARTED:%Y-%m-%d}"]
    assert drawn[0].blocks == (("clean", 0.0, 100.0),)
    assert drawn[1].blocks == (("spam", 55.56, 44.44), ("clean", 11.11, 44.44))
    document = written(of, trend=past)
    assert text(document, "#summary table tbody tr:nth-child(2)") == "2026-02-01 4 0 4 9 0 0 0"
    assert not written(of).css(".trend")


def test_long_trends_show_the_latest_runs() -> None:
    past = [Past(datetime(2020 + n // 12, n % 12 + 1, 1, tzinfo=UTC), {Label.CLEAN: 1}, {}) for n in range(60)]
    drawn = columns(past, report(page()), report(page()).tally())
    assert len(drawn) == 24 and drawn[-1].date == "2026-03-14" and drawn[0].date == "2023-02-01"


def test_without_jinja_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    rendering._template.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ConfigError, match=r"pip install 'auditor\[report\]'"):
        list(html_parts(report()))
    monkeypatch.undo()
    rendering._template.cache_clear()


def test_a_page_keeps_its_address_from_report_to_report() -> None:
    assert page_id("posts/a.md") == "page-44c4138db4a5"
    assert page_data(spammed_page())["id"] == page_id("posts/sleep-cure.md")


def test_the_command_line_writes_it_beside_another_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = str(Path(__file__).parent.parent / "fixtures" / "pages" / "planted-link" / "bad.html")
    file = tmp_path / "report.html"
    command = ["check", example, "--fail-on", "never", "--format", "json", "--output", f"html={file}"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["summary"]["pages"] == 1
    assert "planted" in text(LexborHTMLParser(file.read_text(encoding="utf-8")), "#findings-list")
    file.unlink()
    monkeypatch.setattr("auditor.cli.formats.find_spec", lambda name: None)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2 and "pip install 'auditor[report]'" in done.output and not file.exists()
