"""What changed between two reports: what is called new and fixed, and what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import SourceError
from auditor.history import compare as comparing
from auditor.history.compare import Named, compare
from auditor.history.difference import Difference, Fate
from auditor.history.saved import saved
from auditor.history.score import Score, counted
from auditor.history.trend import arrow, trend
from auditor.page.snapshot import Failure, FailureKind
from auditor.render.json import render_json
from auditor.report import (
    Confidence,
    Finding,
    Label,
    LinkLabel,
    LinkResult,
    Omission,
    PageResult,
    Report,
    Severity,
    Silence,
    SiteResult,
    Skipped,
    Suppressed,
)
from tests.reports import finding, full_report, page, report, verdict

CHECKS = ("missing-alt", "missing-date", "new-domain", "planted-link")


def a_page(name: str, *checks: str, label: Label = Label.CLEAN, **changes: object) -> PageResult:
    return page(name, label, findings=tuple(finding(check, name) for check in checks), **changes)


def of(*pages: PageResult, **changes: object) -> Report:
    return report(*pages, **{"checks": CHECKS, **changes})


def between(before: Report, after: Report) -> Difference:
    return compare(Named("run 1", before), Named("run 2", after))


def told(difference: Difference) -> dict[Fate, list[tuple[str, str]]]:
    """Check and document by fate, of fates that anything has."""
    return {
        fate: [(one.finding.check, one.document) for one in changes.listed]
        for fate, changes in difference.changes.items()
        if changes.total
    }


def test_a_report_held_against_itself_has_no_difference() -> None:
    difference = between(full_report(), full_report())
    assert difference.quiet
    assert sum(difference.unchanged.values()) == sum(1 for _ in full_report().findings) - len(full_report().notices)


def test_new_and_fixed_are_told_of_pages_that_both_have() -> None:
    difference = between(
        of(a_page("a.md", "missing-alt", "missing-date"), a_page("b.md")),
        of(a_page("a.md", "missing-date"), a_page("b.md", "planted-link")),
    )
    assert told(difference) == {Fate.NEW: [("planted-link", "b.md")], Fate.FIXED: [("missing-alt", "a.md")]}
    assert difference.unchanged == {Severity.MEDIUM: 1}
    assert difference.notes == ()


def test_findings_on_pages_that_came_and_went_are_neither_new_nor_fixed() -> None:
    gone = Failure(FailureKind.STATUS, "the server answers 410", path="old.md")
    difference = between(
        of(a_page("a.md"), a_page("old.md", "missing-alt", label=Label.SPAM)),
        of(a_page("a.md"), a_page("fresh.md", "planted-link", label=Label.SPAM), failures=(gone,)),
    )
    assert told(difference) == {
        Fate.NEW_PAGE: [("planted-link", "fresh.md")],
        Fate.GONE_PAGE: [("missing-alt", "old.md")],
    }
    (came,), (went,) = difference.new_pages.listed, difference.gone_pages.listed
    assert (came.name, came.before, came.after, came.worse) == ("fresh.md", None, Label.SPAM, True)
    assert (went.name, went.before, went.after, went.why) == ("old.md", Label.SPAM, None, "the server answers 410")


def test_a_check_that_was_off_has_fixed_nothing() -> None:
    whole, part = of(a_page("a.md", "missing-alt")), of(a_page("a.md"), checks=("planted-link",))
    difference = between(whole, part)
    assert told(difference) == {Fate.UNTOLD_NOW: [("missing-alt", "a.md")]}
    assert difference.changes[Fate.UNTOLD_NOW].listed[0].why == "the check was off"
    assert told(between(part, whole)) == {Fate.UNTOLD_BEFORE: [("missing-alt", "a.md")]}


@pytest.mark.parametrize(("pages", "fate"), [(2, Fate.UNTOLD_NOW), (1, Fate.FIXED)])
def test_a_check_that_was_skipped_everywhere_has_fixed_nothing(pages: int, fate: Fate) -> None:
    after = of(a_page("a.md"), a_page("b.md"), skipped=(Skipped("missing-alt", "the article is in German", pages),))
    difference = between(of(a_page("a.md", "missing-alt"), a_page("b.md")), after)
    assert told(difference) == {fate: [("missing-alt", "a.md")]}
    assert any("missing-alt on 1 pages (0 before)" in note for note in difference.notes) == (fate is Fate.FIXED)


def test_a_site_check_that_was_skipped_once_has_fixed_nothing() -> None:
    wide = SiteResult("posts", 2, (), (finding("near-duplicates", "posts"),))
    skipped = (Skipped("near-duplicates", "fewer than 10 pages"),)
    pages = (a_page("a.md"), a_page("b.md"))
    difference = between(of(*pages, sites=(wide,)), of(*pages, skipped=skipped))
    assert told(difference) == {Fate.UNTOLD_NOW: [("near-duplicates", "posts")]}
    assert told(between(of(*pages, sites=(wide,)), of(*pages))) == {Fate.FIXED: [("near-duplicates", "posts")]}


def test_what_was_suppressed_in_one_of_them_is_told_apart() -> None:
    shown = of(a_page("a.md", "missing-alt"))
    silent = of(page("a.md", suppressed=(Suppressed(finding("missing-alt", "a.md"), Silence.COMMENT, "line 2"),)))
    assert told(between(shown, silent)) == {Fate.UNTOLD_NOW: [("missing-alt", "a.md")]}
    assert told(between(silent, shown)) == {Fate.UNTOLD_BEFORE: [("missing-alt", "a.md")]}


def folding(pages: int) -> Report:
    """Pages that share a fault of the theme: told of each, or once of the site from three pages on."""
    from auditor.fold import folded

    results = [
        page(f"{n}.md", findings=(replace(finding("missing-alt", f"{n}.md"), template="header > img"),))
        for n in range(pages)
    ]
    common, own = folded("posts", results)
    return of(*own, sites=(SiteResult("posts", pages, (), common),))


def test_what_is_told_of_the_site_instead_of_its_pages_is_nothing_new() -> None:
    apart, once = folding(2), folding(3)
    assert [len(one.sites[0].findings) for one in (apart, once)] == [0, 1]
    assert told(between(apart, once)) == {}
    assert told(between(once, apart)) == {}


def test_a_second_fault_on_a_page_is_new_although_the_site_has_one_in_common() -> None:
    before, after = folding(3), folding(3)
    first, *others = after.pages
    worse = replace(first, findings=(finding("missing-alt", first.name, message="Another image."),))
    assert told(between(before, replace(after, pages=(worse, *others)))) == {Fate.NEW: [("missing-alt", "0.md")]}


def test_a_domain_that_was_new_last_time_is_not_fixed_now() -> None:
    wide = SiteResult("posts", 1, (), (finding("new-domain", "posts"),))
    assert told(between(of(a_page("a.md"), sites=(wide,)), of(a_page("a.md")))) == {}
    assert told(between(of(a_page("a.md")), of(a_page("a.md"), sites=(wide,)))) == {}


def test_verdicts_that_changed_come_with_the_worst_first() -> None:
    before = of(
        a_page("a.md"), a_page("b.md", label=Label.SPAM), a_page("c.md"), a_page("d.md", label=Label.LOW_QUALITY)
    )
    after = of(
        a_page("a.md", label=Label.LOW_QUALITY), a_page("b.md"), a_page("c.md", label=Label.SPAM, spam=verdict(("x", 9.0))),
        a_page("d.md", label=Label.LOW_QUALITY),
    )  # fmt: skip
    turns = between(before, after).verdicts
    assert [(one.name, one.worse) for one in turns.listed] == [("c.md", True), ("a.md", True), ("b.md", False)]
    assert turns.total == 3
    assert turns.listed[0].spam_after == pytest.approx(0.99945, abs=1e-4)


def linking(name: str, *domains: str) -> PageResult:
    links = tuple(LinkResult(f"https://{d}/x", "words", (), "article", 1, 1, None, LinkLabel.OK) for d in domains)
    return page(name, url=f"https://own.example/{name}", links=links)


def test_domains_that_came_and_went() -> None:
    difference = between(
        of(linking("a", "stays.example", "goes.example")),
        of(linking("a", "stays.example"), linking("b", "came.example", "came.example")),
    )
    (came,), (went,) = difference.new_domains, difference.gone_domains
    assert (came.name, came.pages, came.links, came.examples) == ("came.example", 1, 2, ("b",))
    assert went.name == "goes.example"


def test_domains_of_a_site_that_was_not_looked_at_before_are_not_new() -> None:
    elsewhere = page("z", url="https://other.example/z")
    difference = between(of(elsewhere), of(linking("a", "any.example")))
    assert difference.new_domains == ()
    assert "no page in common" in difference.notes[0]


def test_notes_say_what_else_may_have_changed() -> None:
    before, after = (
        of(a_page("a.md"), a_page("b.md")),
        of(a_page("a.md"), omitted=(Omission("example.org", "over the limit", 12),)),
    )
    assert between(before, after).notes == (
        "The later run left out 12 known addresses; pages that are gone from it may be among them.",
    )
    (note,) = between(before, replace(before, version="0.2.0")).notes
    assert note == "Audited by version 0.1.0, then 0.2.0; some changes may be the program's."
    (note,) = between(before, replace(before, models={"link": "2"})).notes
    assert note == "Judged by other models than before; some verdicts may have changed without the pages."
    (note,) = between(before, replace(before, checks=())).notes
    assert "does not say which checks were on" in note


def test_of_very_many_findings_all_are_counted_and_the_gravest_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "LISTED", 3)
    many = tuple(
        finding("missing-alt", "a.md", message=f"{n}", severity=Severity.HIGH if n % 5 == 0 else Severity.LOW)
        for n in range(20)
    )
    new = between(of(a_page("a.md")), of(page("a.md", findings=many))).changes[Fate.NEW]
    assert new.total == 20
    assert [one.finding.severity for one in new.listed] == [Severity.HIGH] * 3
    assert new.at_or_above(Severity.HIGH, Confidence.HIGH) == 4


def test_the_score_is_the_share_of_clean_pages_without_a_high_finding() -> None:
    high = page("c.md", findings=(finding("planted-link", severity=Severity.HIGH),))
    found = counted(of(a_page("a.md"), a_page("b.md", "missing-alt"), high, a_page("d.md", label=Label.LOW_QUALITY)))
    assert found.score == Score(2, 4)
    assert found.score.percent == 50
    assert Score(999, 1000).percent == 99, "100 is every page"
    assert Score(0, 0).percent is None
    assert [arrow(Score(1, 2), Score(n, 4)) for n in (1, 2, 3)] == ["↓", "→", "↑"]
    assert arrow(None, Score(1, 2)) == ""


def test_a_trend_is_in_the_order_of_time() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (3, 1, 2)]
    runs = [
        (number, day, of(*(a_page(f"{n}.md", "missing-alt") for n in range(number))))
        for number, day in zip((7, 5, 6), days, strict=True)
    ]
    found = trend(runs)
    assert [(one.run, one.pages, one.severities[Severity.MEDIUM]) for one in found] == [(5, 5, 5), (6, 6, 6), (7, 7, 7)]
    assert [one.started_at.day for one in found] == [1, 2, 3]


# Reports read back from JSON


def in_file(folder: Path, told: Report, name: str = "report.json") -> Path:
    file = folder / name
    file.write_text(render_json(told), encoding="utf-8")
    return file


def lean(told: Report) -> Report:
    """What a report in a file keeps."""

    def odds(one: object) -> object:
        return replace(one, contributions=()) if one else None  # type: ignore[type-var]

    def plain(one: Finding) -> Finding:
        return replace(one, evidence=json.loads(json.dumps({k: v for k, v in one.evidence.items() if v == v})))

    pages = tuple(
        replace(
            one, health=None, card=None, related=(), suppressed=(), spam=odds(one.spam), quality=odds(one.quality),
            links=tuple(replace(k, injected=None) for k in one.links if k.href is None or "://" in k.href or k.injected),
            findings=tuple(map(plain, one.findings)),
        )
        for one in told.pages
    )  # fmt: skip
    return replace(told, pages=pages)


def same(one: Report, other: Report) -> None:
    strip = [replace(page, findings=tuple(replace(f, evidence={}) for f in page.findings)) for page in one.pages]
    assert strip == [
        replace(page, findings=tuple(replace(f, evidence={}) for f in page.findings)) for page in lean(other).pages
    ]
    for key in ("source", "started_at", "version", "models", "skipped", "failures", "omitted", "checks"):
        assert getattr(one, key) == getattr(other, key), key
    assert [f.fingerprint for f in one.findings] == [f.fingerprint for f in other.findings]
    assert [s.finding.fingerprint for s in one.suppressed] == [s.finding.fingerprint for s in other.suppressed]
    assert len(one.pages) == len(other.pages)


@pytest.mark.parametrize("block", [1 << 20, 1, 7, 64])
def test_a_report_comes_back_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr("auditor.history.saved._BLOCK", block)
    given = replace(full_report(), checks=CHECKS)
    back = saved(in_file(tmp_path, given))
    same(back, given)
    assert list(back.pages) == list(back.pages), "as often as they are asked for"


def test_a_report_of_no_page_comes_back(tmp_path: Path) -> None:
    failures = (Failure(FailureKind.MISSING, "no such file", path="x"),)
    given = report(failures=failures, notices=(finding("unused-suppression", evidence={"a": [{"b": 1}]}),))
    same(saved(in_file(tmp_path, given)), given)


@pytest.mark.parametrize("indent", [None, 4])
def test_a_report_that_was_laid_out_anew_comes_back(tmp_path: Path, indent: int | None) -> None:
    given = full_report()
    file = tmp_path / "other.json"
    file.write_text(json.dumps(json.loads(render_json(given)), indent=indent), encoding="utf-8")
    same(saved(file), given)


def test_a_large_file_that_was_laid_out_anew_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.history.saved.WHOLE", 100)
    file = tmp_path / "other.json"
    file.write_text(json.dumps(json.loads(render_json(full_report()))), encoding="utf-8")
    with pytest.raises(SourceError, match="too large"):
        saved(file)


def test_a_report_of_an_earlier_version_comes_back(tmp_path: Path) -> None:
    """Without the keys that were added since."""
    plain = json.loads(render_json(full_report()))
    for key in ("outbound", "omitted", "notices", "checks"):
        del plain[key]
    file = tmp_path / "older.json"
    file.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    assert [page.name for page in saved(file).pages] == [page.name for page in full_report().pages]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no report of auditor"),
        ("<html>", "is no report of auditor"),
        ("[]", "is no report of auditor"),
        ("{}", "is no report of auditor"),
        ('{"version": "2.1.0", "runs": []}', "is no report of auditor"),
        ('{"schema": 2, "tool": {"name": "auditor"}}', "reads schema 1"),
        ('{"schema": 1, "tool": {"name": "auditor"}}', "is no report of auditor"),
        ('{\n  "schema": 1,\n', "is no report of auditor"),
    ],
)
def test_what_is_no_report_is_said_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=says) as caught:
        saved(file)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_broken_off_is_said_to_be(tmp_path: Path) -> None:
    text = render_json(full_report())
    file = tmp_path / "x.json"
    for share in (0.3, 0.6, 0.9):
        file.write_text(text[: int(len(text) * share)], encoding="utf-8")
        with pytest.raises(SourceError, match=r"broken off|no report"):
            saved(file)
    with pytest.raises(SourceError, match="cannot read"):
        saved(tmp_path / "nowhere.json")


def test_a_page_that_is_damaged_is_said_when_it_is_reached(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(render_json(full_report()).replace('"label": "spam"', '"label": "bogus"', 1), encoding="utf-8")
    back = saved(file)
    with pytest.raises(SourceError, match="bogus"):
        list(back.pages)


def test_a_run_and_its_file_have_no_difference(tmp_path: Path) -> None:
    given = replace(full_report(), checks=CHECKS)
    assert between(given, saved(in_file(tmp_path, given))).quiet
    assert between(saved(in_file(tmp_path, given)), given).quiet
