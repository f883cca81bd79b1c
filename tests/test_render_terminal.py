"""The terminal report: whole outputs at two widths, limits that are said, and nothing that steers the terminal."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from auditor.page.snapshot import Failure, FailureKind
from auditor.render.terminal import FINDINGS, PAGES, render_terminal
from auditor.render.text import count, cut, cut_around, escape_terminal, likelihood, percent
from auditor.report import Label, Location, Report, Severity, Silence, SiteResult, Skipped, Suppressed
from tests.reports import finding, full_report, page, report, verdict

SNAPSHOTS = Path(__file__).parent / "snapshots"


def rendered(made: Report, width: int = 80, *, terminal: bool = False, verbose: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, highlight=False, emoji=False, markup=False)
    render_terminal(made, console, verbose=verbose)
    return file.getvalue()


@pytest.mark.parametrize(("width", "verbose"), [(100, False), (46, False), (80, True)])
def test_whole_output(width: int, verbose: bool) -> None:
    """To accept a change, run with AUDITOR_UPDATE_SNAPSHOTS=1 and read the difference."""
    text = rendered(full_report(), width, verbose=verbose)
    expected = SNAPSHOTS / f"terminal-{width}{'-verbose' if verbose else ''}.txt"
    if os.environ.get("AUDITOR_UPDATE_SNAPSHOTS"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(text, "utf-8")
    assert text == expected.read_text("utf-8")


def test_piped_text_has_no_control_codes_and_no_trailing_space() -> None:
    lines = rendered(full_report()).split("\n")
    assert not any("\x1b" in line or line != line.rstrip() for line in lines)


def test_colour_on_a_terminal() -> None:
    assert "\x1b[1;31mSPAM" in rendered(full_report(), terminal=True)


@pytest.mark.parametrize("width", [40, 50, 60, 80, 120])
def test_lines_fit_the_terminal(width: int) -> None:
    url = "https://example.com/" + "very-long-path/" * 20
    long = finding(
        message="Überlänge" * 40, fix="日本語" * 60, location=Location(url=url, line=3, column=4, snippet="w " * 400)
    )
    made = report(page(url, Label.SPAM, url=url, title="T" * 500, findings=(long,)), source=(url,))
    plain = re.sub("\x1b\\[[0-9;]*m", "", rendered(made, width, terminal=True))
    assert max(cell_len(line) for line in plain.split("\n")) <= width


def test_paths_stay_whole_in_a_pipe() -> None:
    path = "content/" + "a-long-folder-name/" * 8 + "post.md"
    made = report(page(path, findings=(finding(location=Location(path=path, line=7, column=2)),)))
    assert f"{path}:7:2" in rendered(made, 50)


def test_worst_pages_come_first() -> None:
    high = finding(severity=Severity.HIGH, location=Location())
    made = report(
        page("clean-low.md", findings=(finding("missing-date", severity=Severity.LOW),)),
        page("low-quality.md", Label.LOW_QUALITY),
        page("spam-unsure.md", Label.SPAM, spam=verdict(("x", 2.0))),
        page("clean-high.md", findings=(high,)),
        page("spam-sure.md", Label.SPAM, spam=verdict(("x", 9.0))),
        page("spam-high.md", Label.SPAM, findings=(high,)),
    )
    heads = re.findall(r"^(?:SPAM|LOW QUALITY|CLEAN)  (.*)$", rendered(made), re.MULTILINE)
    assert heads == [
        "spam-high.md",
        "spam-sure.md",
        "spam-unsure.md",
        "low-quality.md",
        "clean-high.md",
        "clean-low.md",
    ]


def test_what_limits_leave_out_is_counted() -> None:
    many = tuple(finding(message=f"Link {n} was planted.") for n in range(FINDINGS + 3))
    pages = [page(f"p{n:02}.md", Label.SPAM, findings=(finding(message=f"Only {n}."),)) for n in range(PAGES + 4)]
    made = report(
        page("a.md", Label.SPAM, findings=many, spam=verdict(("x", 9.0))),
        *pages,
        failures=[Failure(FailureKind.EMPTY, "empty", path=f"e{n}.md") for n in range(12)],
        skipped=tuple(Skipped("missing-date", f"reason {n}") for n in range(7)),
    )
    short, long = rendered(made), rendered(made, verbose=True)
    for left in (
        "3 more findings here",
        "5 more pages with findings",
        "2 more; --verbose",
        "1 check could not look everywhere; --verbose shows which and why",
    ):
        assert left in short
    assert "--verbose" not in long
    assert all(f"Link {n} was planted." in long and f"Only {n}." in long for n in range(FINDINGS + 3))
    assert all(f"e{n}.md" in long for n in range(12))


def test_advice_is_given_once_for_neighbours_of_one_kind() -> None:
    found = tuple(finding(message=f"Link {n} was planted.", fix="Delete it.") for n in range(3))
    text = rendered(report(page(findings=(*found, finding("missing-date", fix="Delete it.")))))
    assert text.count("Delete it.") == 2


def test_same_finding_on_many_pages_is_told_once() -> None:
    same = [page(f"p{n}.md", findings=(finding("missing-date", f"p{n}.md", message="No date."),)) for n in range(5)]
    text = rendered(report(*same))
    assert text.count("No date.") == 1
    assert "on 5 pages" in text
    assert "and 2 more pages" in text
    assert rendered(report(*same[:2])).count("No date.") == 2


def test_sentences_of_a_page_are_never_grouped() -> None:
    place = Location(path="p.md", line=2, column=1, snippet="In «the same» place.")
    same = [page(f"p{n}.md", findings=(finding(message="Planted.", location=place),)) for n in range(5)]
    assert rendered(report(*same)).count("Planted.") == 5


def test_value_stands_beside_the_phrase_of_a_verdict() -> None:
    text = rendered(report(page(label=Label.SPAM, spam=verdict(("the anchor occurs in the article", 5.0)))))
    assert "why  the anchor occurs in the article: yes" in text


def test_label_that_the_model_alone_would_not_give() -> None:
    text = rendered(report(page(label=Label.SPAM, spam=verdict(("x", -3.0)), findings=(finding(),))))
    assert "Counts as spam for the findings below (its words and structure alone: 1%)" in text


def test_report_of_nothing() -> None:
    assert rendered(report(source=())).splitlines()[-1] == "0 findings; 0 pages."


HOSTILE = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["[bold red]x[/]", "\x1b[2J\x1b]0;title\x07", ":smile:", "\u202egnp.exe", "\x9b31m", "a\rb", "«", "»«", "[link=x]y"]
)


@given(HOSTILE)
@settings(max_examples=60)
def test_nothing_crawled_steers_the_terminal(text: str) -> None:
    place = Location(url=text, path=text, line=1, column=1, snippet=f"{text}«{text}»{text}")
    bad = finding("injected-link", text, message=text, fix=text, location=place, evidence={"reasons": [text, text]})
    made = report(
        page(
            text,
            Label.SPAM,
            title=text,
            spam=verdict((f"x{text}", 5.0)),
            findings=(bad,),
            suppressed=(Suppressed(bad, Silence.COMMENT, text, text),),
        ),
        source=(text,),
        skipped=(Skipped("injected-link", text),),
        failures=[Failure(FailureKind.EMPTY, text, path=text)],
    )
    for verbose in (False, True):
        written = rendered(made, 60, verbose=verbose)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)


def test_markup_and_emoji_codes_are_plain_words() -> None:
    text = rendered(report(page(label=Label.SPAM, title="[bold]:smile:[/bold]")))
    assert "[bold]:smile:[/bold]" in text


def test_escaping_shows_what_it_took_out() -> None:
    assert escape_terminal("a\x1b[31m \r\n\tb\u202e\x9b\ud800\U000e0041c") == (
        r"a\x1b[31m b\u202e\x9b\ud800\U000e0041" + "c"
    )
    assert escape_terminal("naïve 👩‍🔬 日本語") == "naïve 👩‍🔬 日本語"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (0.001, "under 1%"),
        (0.4, "40%"),
        (0.985, "98%"),
        (0.995, "over 99%"),
        (1, "100%"),
        (float("nan"), "unknown"),
    ],
)
def test_percent_never_rounds_to_certainty(share: float, words: str) -> None:
    assert percent(share) == words


def test_likelihood_rises_with_probability() -> None:
    words = [likelihood(p / 100) for p in range(101)]
    assert list(dict.fromkeys(words)) == [
        "possibly",
        "more likely than not",
        "probably",
        "very likely",
        "almost certainly",
    ]


def test_counts_and_cuts() -> None:
    assert [count(0, "page"), count(1, "page"), count(1204, "page")] == ["0 pages", "1 page", "1,204 pages"]
    assert cut("words", 5) == "words"
    assert cut("words and", 6) == "words…"


@given(st.text(max_size=200), st.text(min_size=1, max_size=200), st.text(max_size=200))
def test_cut_keeps_what_is_marked(before: str, marked: str, after: str) -> None:
    before, marked, after = (re.sub("[«»]", "", part) for part in (before, marked, after))
    short = cut_around(f"{before}«{marked}»{after}", 90)
    assert len(short) <= 100
    assert short.count("«") == short.count("»") == 1
    if len(marked) <= 45:
        assert f"«{marked}»" in short


def test_a_site_in_danger_comes_before_its_pages() -> None:
    def order(severity: Severity) -> list[int]:
        found = finding("infested-site", severity=severity, message="Nine articles carry planted links.")
        made = report(page("posts/worst.md", Label.SPAM), sites=(SiteResult("posts", 1, (), (found,)),))
        text = rendered(made, 60)
        return [text.index("Nine articles carry planted"), text.index("posts/worst.md")]

    high, low = order(Severity.HIGH), order(Severity.LOW)
    assert high == sorted(high) and low == sorted(low, reverse=True)
