"""The generators: what they plant stands where they say, the twin differs in nothing else, and both halves share no term."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from auditor.page.page import Page, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.training.figures import auc, calibration_error, share, threshold_at, wilson
from auditor.training.fit import Rows, balanced
from auditor.training.honest import KINDS, vouch
from auditor.training.inject import FAMILIES, Generator
from auditor.training.parallel import in_order
from auditor.training.spoil import spoil
from auditor.training.wording import Wording, half, terms

POST = Path(__file__).parent.parent / "fixtures" / "sites" / "harbor-lane" / "posts" / "grain-silo-house.html"


@pytest.fixture(scope="module")
def page() -> Page:
    return parse(Snapshot(POST.read_bytes(), url="https://harbor-lane.example/silo"))


def consistent(page: Page) -> None:
    for link in page.links:
        if link.paragraph is not None and not link.image:
            assert page.paragraphs[link.paragraph].text[link.start : link.end] == link.anchor


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(4))
def test_planted_links_stand_where_they_say(page: Page, family: str, seed: int) -> None:
    generator = Generator(
        seed % 2, ["https://real.example/deep/page"], ["A sentence from somewhere else, of some length."]
    )
    made = generator.plant(page, family, random.Random(seed))
    assert made is not None
    assert made.family == family
    consistent(made.page)
    planted = made.page.links[made.link]
    assert planted.external and planted.host and planted not in page.links
    assert (planted.hidden is not None) == (family == "hidden")
    assert made.page.metadata == page.metadata and made.page.headings == page.headings
    changed = [p.text for p in made.page.paragraphs if p not in page.paragraphs]
    assert len(changed) <= (10 if family in ("hidden", "footer", "widget") else 1)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"heap"}))
def test_company_is_planted_beside(page: Page, family: str) -> None:
    generator = Generator(0, [], ["A sentence from somewhere else, of some length."])
    targets = []
    for seed in range(12):
        made = generator.plant(page, family, random.Random(seed), company=3)
        assert made is not None
        consistent(made.page)
        fresh = made.page.links[len(page.links) :]
        assert len(fresh) >= 4 and made.page.links[made.link] in fresh
        targets.append(len({link.host for link in fresh}))
    assert max(targets) > 1
    assert family == "bare" or min(targets) == 1  # at times all of them lead to one place


def test_equal_seeds_plant_the_same(page: Page) -> None:
    one, two = (Generator(0, [], []).plant(page, "sentence", random.Random(7)) for _ in range(2))
    assert one is not None and two is not None
    assert one.page.paragraphs == two.page.paragraphs and one.page.links == two.page.links


@pytest.mark.parametrize("kind", KINDS)
def test_honest_links_stand_in_the_article(page: Page, kind: str) -> None:
    disclosed = 0
    for seed in range(20):
        made = vouch(page, kind, Wording(None, []), random.Random(seed))
        assert made is not None and made.family == kind
        consistent(made.page)
        link = made.page.links[made.link]
        assert made.page.role(link.block) is Role.ARTICLE and link.external
        text = " ".join(p.text for p in made.page.paragraphs)
        disclosed += any(word in text for word in ("affiliate", "sponsored", "paid", "Paid"))
    assert kind != "disclosed" or disclosed == 20


def test_work_is_shared_out_in_order() -> None:
    assert in_order(lambda index: index * index, 205) == [index * index for index in range(205)]


def test_work_that_breaks_breaks_the_run() -> None:
    def work(index: int) -> int:
        return 1 // (index - 150)

    with pytest.raises((RuntimeError, ZeroDivisionError)):
        in_order(work, 200)


# Frames whose halves are chosen by other means, or that both halves share.
_SHARED = ("sentences", "leads", "conclusions", "figures", "dangling")


def test_halves_of_the_vocabulary_share_nothing() -> None:
    for section, entries in terms().items():
        if section in _SHARED:
            continue
        halves = [{term.lower() for term in entries if half(term) == part} for part in (0, 1)]
        assert all(halves), section
        assert not halves[0] & halves[1]


@pytest.mark.parametrize("seed", range(6))
def test_spoiled_pages_hold_together(page: Page, seed: int) -> None:
    made = spoil(page, random.Random(seed))
    assert made is not None
    consistent(made)
    assert made.paragraphs != page.paragraphs or made.metadata != page.metadata


def rows(label: list[int], group: list[str], source: list[str]) -> Rows:
    count = len(label)
    return Rows(
        np.zeros((count, 1)),
        np.array(label),
        np.array(group),
        np.array(source),
        np.ones(count, bool),
        np.arange(count),
        np.ones(count),
        np.array([""] * count),
    )


def test_weights_balance_classes_and_keep_real_hosts_heard() -> None:
    table = rows(
        [0] * 90 + [1] * 10 + [1] * 400,
        ["a"] * 90 + ["h"] * 10 + ["b"] * 400,
        ["clean"] * 90 + ["hacked_x"] * 10 + ["family:y"] * 400,
    )
    weight = balanced(table).weight
    assert weight[:90].sum() == pytest.approx(250)
    assert weight[90:100].sum() == pytest.approx(100)
    assert weight[100:].sum() == pytest.approx(150)


def test_figures_by_hand() -> None:
    assert threshold_at(np.arange(100.0), 0.01) == 98.0
    assert auc(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == 0.875  # three pairs won, one tied
    assert share(np.array([True, False, True, True]))["value"] == 0.75
    low, high = wilson(0, 100)
    assert low == pytest.approx(0.0, abs=1e-12) and high == pytest.approx(0.037, abs=1e-3)
    assert calibration_error(np.array([0.9, 0.9]), np.array([1, 0]), np.ones(2)) == pytest.approx(0.4)
