"""Spread: one odd page is chance, one after the other an operation; a shop that every article links to is one target."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import language
from auditor.audit import audit
from auditor.files import read
from auditor.judge import Models, Signs, judge, link_label, look
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.report import Label, LinkLabel, Report
from auditor.site.digest import digest
from auditor.site.site import gather
from auditor.spread import Mark, Spread, mark, spread, stranger

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"


def report(folder: Path) -> Report:
    return audit(read([str(folder)], max_bytes=10_000_000), started_at=datetime(2026, 1, 1, tzinfo=UTC))


def names(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


@pytest.mark.parametrize(
    ("articles", "marked", "targets", "linked"),
    [
        (10, 5, 5, True),
        (9, 9, 9, False),  # too few to have a norm
        (10, 4, 4, False),
        (100, 15, 15, True),
        (100, 14, 20, False),
        (100, 60, 1, False),  # the house's own shop
        (1000, 60, 60, False),
        (0, 0, 0, False),
    ],
)
def test_many_marked_articles_to_many_targets_are_an_operation(
    articles: int, marked: int, targets: int, linked: bool
) -> None:
    found = Spread(articles, names(marked), names(targets))
    assert found.linked is linked and found.infested is linked


def test_several_languages_in_one_theme_are_an_operation() -> None:
    assert Spread(strangers=names(5), tongues=("de", "ru", "tr")).babel
    assert not Spread(strangers=names(50), tongues=("de", "fr")).babel  # a bilingual site whose template declares one
    assert not Spread(strangers=names(4), tongues=("de", "fr", "ru", "tr")).babel


GERMAN = (PAGES / "foreign-language-article" / "bad" / "boot-im-winter.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "declared", "strange"),
    [
        ("https://boats.example/boot", "en", True),
        ("https://boats.example/boot", "en-US", True),
        ("https://boats.example/boot", "de", False),
        ("https://boats.example/boot", "de-AT", False),
        ("https://boats.example/de/boot", "en", False),
        ("https://boats.example/de-at/boot", "en", False),
        ("https://de.boats.example/boot", "en", False),
        ("https://boats.example/de", "en", False),
        ("https://boats.example/boot", "", False),
    ],
)
def test_strangers_are_in_a_language_that_nothing_declares(address: str, declared: str, strange: bool) -> None:
    html = GERMAN.replace('lang="en"', f'lang="{declared}"' if declared else "")
    assert stranger(parse(Snapshot(html.encode(), url=address))) is strange


def test_short_texts_are_no_strangers() -> None:
    html = '<html lang="en"><title>Boot</title><article><p>Das Boot ist alt und der Winter ist lang und kalt.</p></article></html>'
    assert not stranger(parse(Snapshot(html.encode(), url="https://boats.example/boot")))


def looks(folder: Path) -> list[tuple[Page, Signs | None]]:
    models, learned = Models.load(), language.load()
    pages = [parse(Snapshot(f.read_bytes(), path=str(f))) for f in sorted(folder.iterdir())]
    reads = [digest(page, learned) for page in pages]
    site = gather("boats", list(zip(pages, reads, strict=True)))
    return [(p, look(p, r, site, learned, models)) for p, r in zip(pages, reads, strict=True)]


def marks(folder: Path) -> list[Mark]:
    models = Models.load()
    return [mark(page, signs, models) for page, signs in looks(folder)]


def test_spread_counts_articles_and_targets() -> None:
    found = spread(marks(PAGES / "infested-site" / "bad"))
    assert found.articles == 10 and found.linked
    assert len(found.targets) >= 5 and all(target.endswith(".example") for target in found.targets)
    honest = spread(marks(PAGES / "infested-site" / "good"))
    assert honest.articles == 10 and len(honest.marked) <= 1 and not honest.infested


def test_on_an_infested_site_a_likely_link_is_enough() -> None:
    model = Models.load().link
    between = (0.5 + model.thresholds["suspicious"]) / 2
    assert link_label(between, model) is LinkLabel.OK
    assert link_label(between, model, infested=True) is LinkLabel.SUSPICIOUS
    assert link_label(0.49, model, infested=True) is LinkLabel.OK


def test_judging_needs_no_text() -> None:
    (page, signs), *_ = looks(PAGES / "infested-site" / "bad")
    assert signs is not None
    models = Models.load()
    found = judge(signs, models)
    assert found.links is not None and len(found.links) == len(signs.links) == sum(link.external for link in page.links)
    assert [j.verdict.log_odds for j in found.links] == pytest.approx(signs.link_odds.tolist(), abs=1e-9)
    # Nothing to be asked, nothing said.
    assert judge(None, models).links is None
    assert judge(replace(signs, spam_row=None), models).page is None


# --- what becomes of the pages ------------------------------------------------------------------------------------------


def test_articles_with_planted_links_on_an_infested_site_are_spam() -> None:
    found = report(PAGES / "infested-site" / "bad")
    assert sum(page.label is Label.SPAM for page in found.pages) >= 8
    assert [f.severity.value for f in found.sites[0].findings if f.check == "infested-site"] == ["high"]


def test_one_odd_link_is_reported_and_condemns_no_other_page() -> None:
    found = report(PAGES / "infested-site" / "good")
    odd = [page for page in found.pages if any(link.label is not LinkLabel.OK for link in page.links)]
    assert [page.title for page in odd] == ["A Shelf for Wet Oilskins"]
    assert [page.label for page in found.pages if page not in odd] == [Label.CLEAN] * 9


def test_articles_in_several_undeclared_languages_are_spam() -> None:
    found = report(PAGES / "foreign-language-article" / "bad")
    assert {page.label for page in found.pages} == {Label.SPAM}
    honest = report(PAGES / "foreign-language-article" / "good")
    assert Label.SPAM not in {page.label for page in honest.pages}
