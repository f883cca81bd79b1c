"""Differences, digests and indexes for people and programs: short, deterministic, and harmless whatever a page holds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from auditor.cli.agency import file_name
from auditor.errors import ConfigError
from auditor.history.card import ScoreCard, score_card
from auditor.history.compare import Named, compare
from auditor.history.difference import Difference
from auditor.history.score import Score
from auditor.render.agency import index_csv, index_html, index_xlsx
from auditor.render.brand import Brand
from auditor.render.diff_html import diff_html
from auditor.render.diff_json import diff_json
from auditor.render.diff_text import diff_text
from auditor.render.digest import LINES, digest, first_digest
from auditor.render.text import code_span
from auditor.report import (
    Label,
    LinkLabel,
    LinkResult,
    Location,
    Omission,
    PageResult,
    Severity,
    SiteResult,
    Skipped,
)
from tests.poison import POISON
from tests.reports import finding, full_report, page, report

DAY = datetime(2026, 3, 14, tzinfo=UTC)
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def poisoned(text: str, name: str) -> PageResult:
    """A page with the text wherever a page can put one."""
    found = finding(
        "missing-alt", name, message=text, location=Location(path=name, line=3, snippet=f"so «{text}» it"), fix=text
    )
    link = LinkResult(f"https://shop.example/{text}", text, (text,), "article", 1, 1, None, LinkLabel.OK)
    return page(name, title=text, topic=text, findings=(found,), links=(link,))


def pair(text: str) -> Difference:
    """Two reports with the text everywhere: in what is new, fixed, gone and untold."""
    wide = SiteResult(text, 3, (), (finding("infested-site", text, message=text),))
    before = report(
        poisoned(text, "a"), poisoned(text, f"gone/{text}"), page("b", title=text), sites=(wide,), checks=("missing-alt", "x"),
        version=text, models={text: text},
    )  # fmt: skip
    worse = poisoned(text, "b")
    after = report(
        page("a", label=Label.SPAM, title=text), replace(worse, label=Label.SPAM), poisoned(text, f"new/{text}"),
        sites=(replace(wide, findings=()),), checks=("missing-alt",), skipped=(Skipped("infested-site", text, 9),),
        omitted=(Omission(text, text, 1, text),),
    )  # fmt: skip
    return compare(Named(f"{text}.json", before), Named(text, after))


def cards(text: str) -> list[ScoreCard]:
    return [
        ScoreCard(text, 2, DAY, 31, 8, 6, 25, Score(17, 31), Score(18, 32), 9, 1, f"sites/{file_name(text)}"),
        ScoreCard("calm.example", 1, DAY, 0, 0, 0, 0, Score(0, 0), None, None, None, "sites/calm.example"),
    ]


# Harmless


@pytest.mark.parametrize("text", POISON)
def test_no_text_steers_a_terminal(text: str) -> None:
    lines = list(diff_text(pair(text), verbose=True))
    assert not any(_STEERING.search(line) or "\n" in line for line in lines)


@pytest.mark.parametrize("text", POISON)
def test_programs_get_the_text_as_it_is(text: str) -> None:
    written = "".join(diff_json(pair(text)))
    assert written.isascii()
    assert json.loads(written)["verdicts"]["listed"][0]["title"] == text


def skeleton(parts: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Tags and their attributes, in their order."""
    tree = LexborHTMLParser("".join(parts))
    assert tree.root is not None
    return [(node.tag or "", tuple(sorted(node.attributes))) for node in tree.root.traverse(include_text=False)]


@pytest.mark.parametrize("text", POISON)
def test_no_text_adds_a_tag_or_an_attribute_to_a_document(text: str) -> None:
    assert skeleton(diff_html(pair(text))) == skeleton(diff_html(pair("harmless words")))
    brand = Brand(text.replace("\ud800", ""))
    assert skeleton(index_html(cards(text), brand)) == skeleton(index_html(cards("harmless words"), Brand("Name")))
    written = "".join(index_html(cards(text), brand)).encode()
    assert re.findall(rb'href="([^"]*)"', written)[1].startswith(b"sites/")


@pytest.mark.parametrize("text", POISON)
def test_no_text_is_markdown(text: str) -> None:
    poisoned_report = report(poisoned(text, f"a/{text}"), sites=(SiteResult(text, 1, (), ()),))
    for lines in (list(digest(pair(text))), list(first_digest(poisoned_report, text))):
        assert len(lines) <= LINES
        written = "\n".join(lines)
        assert not _STEERING.search(written)
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(written):
            assert token.type in ALLOWED, token
            for inner in token.children or ():
                assert inner.type in ("text", "code_inline", "strong_open", "strong_close", "softbreak"), inner
                if inner.type == "text":
                    assert re.fullmatch(r"[A-Za-z0-9 ,.:;()%+→↑↓–/-]*", inner.content), inner.content


ALLOWED = frozenset(
    f"{what}_{end}" for what in ("paragraph", "bullet_list", "list_item") for end in ("open", "close")
) | {"inline"}


@pytest.mark.parametrize("text", POISON)
def test_the_workbook_of_the_index_holds_text_alone(text: str, tmp_path: Path) -> None:
    file = tmp_path / "index.xlsx"
    index_xlsx(cards(text), file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    table = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in table] == ["score", 54, None]
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", POISON)
def test_no_cell_is_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO("".join(index_csv(cards(text))), newline="")))
    assert len(rows) == 3 and {len(row) for row in rows} == {len(rows[0])}
    assert not any(
        re.match(r"[\s\x00-\x1f]*[=+\-@|%＝＋－＠]", cell) or _STEERING.search(cell) for row in rows for cell in row
    )


# The same and short


def test_equal_reports_give_equal_bytes() -> None:
    for render in (diff_json, diff_html, diff_text, digest):
        assert list(render(pair("x"))) == list(render(pair("x")))  # type: ignore[operator]
    assert list(index_html(cards("x"))) == list(index_html(cards("x")))


def test_a_digest_of_very_much_is_twenty_lines_at_most() -> None:
    def pages(offset: int) -> list[PageResult]:
        return [
            page(
                f"{n}", label=list(Label)[(n + offset) % 3],
                findings=tuple(finding(f"check-{k}", f"{n}", message=f"{k + offset}") for k in range(5)),
                links=(LinkResult(f"https://{n}-{offset}.example/", "x", (), "article", 1, 1, None, LinkLabel.OK),),
            )
            for n in range(40)
        ]  # fmt: skip

    lines = list(digest(compare(Named("run 1", report(*pages(0))), Named("run 2", report(*pages(1), version="2")))))
    assert len(lines) == 19 <= LINES
    assert max(map(len, lines)) < 1_000


def test_a_digest_says_what_changed() -> None:
    before, after = full_report(), full_report()
    first, *others = after.pages
    bad = finding("planted-link", first.name, severity=Severity.HIGH, message="The link was planted.")
    worse = replace(first, label=Label.SPAM, findings=(bad, replace(bad, fingerprint="2")))
    difference = compare(Named("run 1", before), Named("run 2", replace(after, pages=(worse, *others))))
    assert list(digest(difference)) == [
        "**What changed on `posts`**: `run 1 of 2026-03-14` → `run 2 of 2026-03-14`",
        "",
        "- Pages: 9; in order: 77% → 66% ↓",
        "- Pages judged bad: spam 1 → 2, low-quality 1",
        "- New findings: 2 + 0 on new pages (2 high)",
        "- Fixed: 0; unchanged: 10",
        "- clean → spam: `posts/clean-1.md`",
        "- Note: `One of the reports does not say which checks were on; what a check that was off did not tell may pass for new or fixed.`",
        "",
        "**The gravest of what is new**",
        "- high, planted-link: `The link was planted.` on `posts/clean-1.md:3`, and 1 more like it",
    ]


def test_the_digest_of_a_first_report_says_how_it_stands() -> None:
    assert list(first_digest(full_report(), "run 1"))[:6] == [
        "**`posts`**: `run 1` of 2026-03-14, the first to compare with",
        "",
        "- Pages: 9; in order: 77%",
        "- Pages judged bad: spam 1, low-quality 1",
        "- Findings: 11 (1 high, 2 medium, 7 low, 1 info)",
        "",
    ]


def test_a_code_span_is_never_empty_nor_broken_out_of() -> None:
    assert code_span("") == code_span(" \n") == "`-`"
    assert code_span("a`b``c") == "`a'b''c`"
    assert len(code_span("x" * 500, 20)) == 22


def test_nothing_changed_is_said() -> None:
    difference = compare(Named("run 1", full_report()), Named("run 2", full_report()))
    assert "Nothing changed." in list(diff_text(difference))
    assert "<p>Nothing changed.</p>" in "".join(diff_html(difference))


def test_a_terminal_shows_some_and_says_how_many_more() -> None:
    many = report(*(page(f"{n:02}", findings=(finding("missing-alt", f"{n}"),)) for n in range(30)))
    plain = report(*(page(f"{n:02}") for n in range(30)))
    difference = compare(Named("run 1", plain), Named("run 2", many))
    short, whole = list(diff_text(difference, 60)), list(diff_text(difference, verbose=True))
    assert "  … and 10 more" in short and max(map(len, short)) <= 60
    assert sum("missing-alt" in line for line in short) == 20
    assert sum("missing-alt" in line for line in whole) == 30


# The index


def test_the_index_has_the_lowest_score_first_and_says_what_is_unknown() -> None:
    rows = list(csv.DictReader(io.StringIO("".join(index_csv(list(reversed(cards("busy.example"))))), newline="")))
    assert [row["site"] for row in rows] == ["busy.example", "calm.example"]
    assert rows[0]["score"] == "54" and rows[0]["score_before"] == "56" and rows[0]["new_findings"] == "9"
    assert rows[1]["score"] == rows[1]["score_before"] == rows[1]["new_findings"] == rows[1]["new_domains"] == ""
    document = "".join(index_html(cards("busy.example")))
    assert "↓ from 56%" in document and "first run" in document


def test_a_card_is_made_of_a_difference() -> None:
    difference = pair("x")
    card = score_card("x", 2, DAY, difference.after.tally, difference.after.score, difference, "sites/x")
    assert (card.pages, card.spam, card.new, card.new_domains) == (3, 2, 2, 0)
    assert card.before == difference.before.score


def test_a_brand_is_shown() -> None:
    logo = b"\x89PNG\r\n\x1a\n" + bytes(20)
    document = "".join(index_html(cards("x"), Brand("Example Ltd", logo, "#8a1c7c")))
    assert '<img src="data:image/png;base64,' in document and 'alt="Example Ltd"' in document
    assert "--accent:#8a1c7c" in document


def test_names_of_files_are_safe_and_apart() -> None:
    names = ["example.com", "Example.com", "../../etc/passwd", "a/b", "a-b", "", ".", "con", "x" * 500, *POISON]
    made = [file_name(name) for name in names]
    assert len(set(made)) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,90}", name) and not name.endswith(".") for name in made)
    assert made[0] == "example.com"


def test_html_without_jinja_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.render import sheet

    sheet._environment.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(ConfigError, match=r"auditor\[report\]"):
        list(diff_html(pair("x")))
    sheet._environment.cache_clear()
