"""What many pages share is told once of their site, whatever the order of the pages, and what is left stays with them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from auditor import fold
from auditor.fold import PAGES, Shared, folded, marks
from auditor.report import Finding, PageResult, Severity
from tests.reports import finding, page


def leading(path: str, *targets: str, **more: str) -> PageResult:
    """A page with one finding for each target and one for each template."""
    found = [finding("broken-link", path, message=f"Leads to {t}.", target=t) for t in targets]
    found += [
        finding(check.replace("_", "-"), path, message="It lacks one.", template=what) for check, what in more.items()
    ]
    return page(path, findings=tuple(found))


def told(pages: list[PageResult], site: str = "s") -> tuple[list[Finding], list[PageResult]]:
    common, own = folded(site, pages)
    return list(common), own


@pytest.mark.parametrize(("count", "once"), [(PAGES - 1, False), (PAGES, True), (40, True)])
def test_a_target_is_told_once_from_three_pages_on(count: int, once: bool) -> None:
    pages = [leading(f"{n}.html", *(["https://gone.example/"] if n < count else [])) for n in range(40)]
    common, own = told(pages)
    assert len(common) == once
    assert sum(len(one.findings) for one in own) == (0 if once else count)
    if once:
        assert common[0].evidence["count"] == count
        assert common[0].evidence["pages"] == [f"{n}.html" for n in range(count)]
        assert common[0].message == f"Leads to https://gone.example/ (on {count} of 40 pages)."


@pytest.mark.parametrize(("having", "pages", "once"), [(2, 2, False), (3, 3, True), (19, 40, False), (20, 40, True)])
def test_a_fault_of_the_theme_is_told_once_where_most_pages_have_it(having: int, pages: int, once: bool) -> None:
    made = [leading(f"{n}.html", **({"missing_viewport": "viewport"} if n < having else {})) for n in range(pages)]
    common, own = told(made)
    assert (len(common), sum(len(one.findings) for one in own)) == ((1, 0) if once else (0, having))


def test_the_order_of_pages_does_not_matter() -> None:
    chance = random.Random(4)
    pages = [
        leading(f"{n:02}.html", *(f"https://{chance.randrange(9)}.example/" for _ in range(2)), missing_viewport="v")
        for n in range(20)
    ]
    marked = [marks("s", one.findings) for one in pages]
    expected = set(_many(marked))
    for _ in range(5):
        chance.shuffle(marked)
        assert set(_many(marked)) == expected


def _many(marked: list[tuple[int, ...]]) -> frozenset[int]:
    shared = Shared()
    for of_page in marked:
        shared.add(of_page)
    return shared.many(len(marked))


def test_of_more_marks_than_are_kept_the_same_ones_are_kept_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "MOST", 20)
    chance = random.Random(7)
    marked = [tuple(2 * chance.randrange(1, 1 << 40) for _ in range(10)) for _ in range(30)]
    marked = [*marked, *marked, *marked]
    kept = _many(marked)
    assert 0 < len(kept) <= 20
    for _ in range(5):
        chance.shuffle(marked)
        assert _many(marked) == kept


def test_two_sites_that_lead_to_one_target_are_told_of_each() -> None:
    pages = [leading(f"{n}.html", "https://gone.example/") for n in range(3)]
    (one,), _ = told(pages, "a.example")
    (other,), _ = told(pages, "b.example")
    assert one.fingerprint != other.fingerprint
    assert not set(marks("a.example", pages[0].findings)) & set(marks("b.example", pages[0].findings))


def test_the_gravest_page_decides_how_grave_it_is() -> None:
    pages = [leading(f"{n}.html", "https://gone.example/") for n in range(3)]
    worst = replace(pages[1], findings=(replace(pages[1].findings[0], severity=Severity.HIGH),))
    (common,), _ = told([pages[0], worst, pages[2]])
    assert common.severity is Severity.HIGH


def test_a_page_that_leads_to_a_target_twice_counts_once() -> None:
    pages = [
        leading("a.html", "https://gone.example/", "https://gone.example/"),
        leading("b.html", "https://gone.example/"),
    ]
    common, own = told(pages)
    assert common == [] and [len(one.findings) for one in own] == [2, 1]


def test_what_is_a_pages_own_stays() -> None:
    pages = [
        replace(
            leading(f"{n}.html", "https://gone.example/"),
            findings=(*leading(f"{n}.html", "https://gone.example/").findings, finding()),
        )
        for n in range(4)
    ]
    common, own = told(pages)
    assert len(common) == 1
    assert [[found.check for found in one.findings] for one in own] == [["injected-link"]] * 4
