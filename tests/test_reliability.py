"""Reliability: the curve by hand, bands that hold on what they were not chosen on, and a card that shows them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.additive import logistic
from auditor.training.card import write_card
from auditor.training.fit import Rows, balanced
from auditor.training.reliability import MINIMUM_ROWS, Scores, bands, curve, describe, thresholds, within


def scores(odds: list[float], label: list[int], folds: int = 5) -> Scores:
    count = len(odds)
    return Scores(np.array(odds, dtype=float), np.array(label), np.ones(count), np.arange(count) % folds)


def separated() -> Scores:
    """Rows whose label is drawn from their own probability."""
    random = np.random.default_rng(0)
    odds = random.normal(size=20000) * 4
    label = (random.random(20000) < 1 / (1 + np.exp(-odds))).astype(int)
    return Scores(odds, label, np.ones(20000), np.arange(20000) % 5)


def test_curve_by_hand() -> None:
    found = curve(scores([-20.0, -20.0, 20.0, 20.0], [0, 1, 1, 1]))
    assert found == [
        {"predicted": 0.0, "observed": 0.5, "count": 2},
        {"predicted": 1.0, "observed": 1.0, "count": 2},
    ]


def test_thresholds_stand_where_a_verdict_is_likely_enough() -> None:
    high, medium, low = thresholds(separated(), 0.5)
    assert high is not None and medium is not None and low is not None
    assert [logistic(high), logistic(medium), logistic(low)] == pytest.approx([0.95, 0.80, 0.50], abs=0.06)


def test_bands_keep_their_word_on_rows_that_they_were_not_chosen_on() -> None:
    for prevalence in (0.5, 0.1):
        found = bands(separated(), prevalence)
        assert found["high"]["precision"] >= 0.94
        assert found["medium"]["precision"] >= 0.75
        assert found["high"]["threshold"] > found["medium"]["threshold"] > found["low"]["threshold"]


def test_what_is_rare_needs_surer_verdicts() -> None:
    common, rare = (thresholds(separated(), prevalence)[0] for prevalence in (0.5, 0.1))
    assert common is not None and rare is not None and rare > common


def test_too_few_rows_make_no_band() -> None:
    few = scores([9.0] * (MINIMUM_ROWS - 1) + [-9.0] * 200, [1] * (MINIMUM_ROWS - 1) + [0] * 200)
    assert thresholds(few, 0.5) == [None, None, None]
    assert bands(few, 0.5)["high"] == {"threshold": None, "precision": None, "recall": 0.0, "right": 0, "wrong": 0}


@given(st.lists(st.tuples(st.floats(-30, 30), st.integers(0, 1)), min_size=1, max_size=80))
@settings(deadline=None)
def test_any_scores_have_bands_in_order(rows: list[tuple[float, int]]) -> None:
    made = scores([odds for odds, _ in rows], [label for _, label in rows])
    cuts = [cut for cut in thresholds(made, 0.1) if cut is not None]
    assert cuts == sorted(cuts, reverse=True)
    found = bands(made, 0.1)
    assert sum(band["right"] + band["wrong"] for band in found.values()) <= len(rows)


def test_rows_fall_in_the_surest_band_that_they_reach() -> None:
    assert within(np.array([3.0, 2.0, 1.0, 0.0]), [2.0, None, 1.0]).tolist() == [0, 0, 2, -1]


def test_the_card_shows_curve_and_bands() -> None:
    made = separated()
    count = len(made.odds)
    rows = Rows(
        np.zeros((count, 1)),
        made.label,
        made.fold.astype(str),
        np.array(["set"] * count),
        np.ones(count, bool),
        np.arange(count),
        np.ones(count),
        np.array([""] * count),
    )
    found = describe(rows, balanced(rows).weight, made.odds, made.fold)
    card = write_card(
        "link",
        {
            "version": "v", "seed": 0, "corpus": "c", "features": [], "thresholds": {"injected": 0.9},
            "floors": {"worst_host": 0.1}, "worst_host": 0.2, "reliability": found,
        },
    )  # fmt: skip
    assert "| worst host | 0.2 | | |" in card and "floors" not in card
    bin = found["curve"][0]
    assert f"| {bin['predicted']} | {bin['observed']} | {bin['count']} |" in card
    high = found["bands"]["0.5"]["high"]
    assert f"| 0.5 | high | {high['threshold']} | {high['precision']} | {high['recall']} |" in card
