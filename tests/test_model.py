"""The additive scorer: equal to the model it was exported from, its contributions add up, and damaged files are refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import ModelError
from auditor.features.content import SPAM
from auditor.features.feature import Catalogue
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.related import RELATED
from auditor.model.additive import Additive, Table, load_model, logistic, parse_model
from auditor.model.verdict import Shares, Verdict

SHIPPED: dict[str, Catalogue] = {"link": LINK, "related": RELATED, "page/spam": SPAM, "page/quality": QUALITY}


def small() -> Additive:
    main = Table((0,), ((0.5,),), np.array([-1.0, 2.0, 0.25]))
    pair = Table((0, 1), ((0.0,), (1.0, 2.0)), np.arange(12, dtype=float).reshape(3, 4) / 10)
    return Additive.build("small", "1", ["a", "b"], ["is a", "is b"], [1, -1], -0.5, [main, pair], {"warn": 0.5})


def test_values_at_an_edge_fall_to_its_left() -> None:
    rows = np.array([[0.5, 1.0], [0.50001, 2.00001], [math.nan, math.nan], [-9.0, 1.5]])
    # bias + main + pair, by hand
    assert small().log_odds(rows).tolist() == pytest.approx(
        [-0.5 - 1 + 0.4, -0.5 + 2 + 0.6, -0.5 + 0.25 + 1.1, -0.5 - 1 + 0.1]
    )


@given(st.lists(st.tuples(st.floats(allow_infinity=True), st.floats(allow_infinity=True)), min_size=1, max_size=8))
def test_contributions_add_up_to_the_log_odds(rows: list[tuple[float, float]]) -> None:
    for verdict in small().verdicts(np.array(rows)):
        assert verdict.log_odds == pytest.approx(
            verdict.bias + math.fsum(c.weight for c in verdict.contributions), abs=1e-9
        )
        assert verdict.probability == pytest.approx(logistic(verdict.log_odds))


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6))
def test_contributions_are_a_sequence_with_the_largest_first(weights: list[float]) -> None:
    names = [f"f{i}" for i in range(len(weights))]
    shares = Shares(names, names, [0] * len(names), weights, weights)
    assert len(shares) == len(weights)
    assert [abs(c.weight) for c in shares] == sorted(map(abs, weights), reverse=True)
    assert shares == tuple(shares) and shares[:1] == (shares[0],)
    assert hash(shares) == hash(Shares(names, names, [0] * len(names), weights, weights))


def test_a_model_without_tables_says_its_bias() -> None:
    (verdict,) = Additive.build("empty", "1", ["a"], ["is a"], [0], 0.5, [], {}).verdicts(np.zeros((1, 1)))
    assert (verdict.log_odds, [c.weight for c in verdict.contributions]) == (0.5, [0.0])


def test_dump_and_parse_give_the_same_model() -> None:
    rows = np.random.default_rng(1).normal(size=(50, 2)) * 2
    again = parse_model(small().dump(), "small")
    assert again.dump() == small().dump()
    assert np.array_equal(again.log_odds(rows), small().log_odds(rows))


@pytest.mark.parametrize("seed", [0, 1])
def test_export_equals_the_trained_model(seed: int) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from auditor.training.export import export

    random = np.random.default_rng(seed)
    rows = random.normal(size=(1500, 6))
    rows[random.random(rows.shape) < 0.15] = np.nan
    rows[:, 2] = np.round(rows[:, 2])
    label = (np.nan_to_num(rows[:, 0]) * np.nan_to_num(rows[:, 1]) + np.nan_to_num(rows[:, 2]) > 0.3).astype(int)
    model = HistGradientBoostingClassifier(interaction_cst="pairwise", max_iter=40, max_bins=32, random_state=seed).fit(
        rows, label
    )
    names = [f"f{i}" for i in range(6)]
    made = export(
        model,
        rows,
        name="t",
        version="1",
        features=names,
        phrases=names,
        signs=[0] * 6,
        thresholds={},
        scale=0.8,
        shift=0.1,
    )
    unseen = np.vstack([rows, random.normal(size=(500, 6)) * 4])
    assert np.abs(0.8 * model.decision_function(unseen) + 0.1 - made.log_odds(unseen)).max() < 1e-9


def test_export_refuses_three_way_interactions() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from auditor.training.export import export

    rows = np.random.default_rng(0).normal(size=(800, 3))
    label = (rows.prod(axis=1) > 0).astype(int)
    model = HistGradientBoostingClassifier(max_iter=20).fit(rows, label)
    with pytest.raises(ValueError, match="pairwise"):
        export(
            model,
            rows,
            name="t",
            version="1",
            features=list("abc"),
            phrases=list("abc"),
            signs=[0, 0, 0],
            thresholds={},
        )


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_read_this_programs_features(name: str) -> None:
    model = load_model(name)
    assert model.features == SHIPPED[name].names
    assert all(0 < t <= 1 for t in model.thresholds.values())


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=25)
@given(data=st.data())
def test_shipped_models_explain_themselves_exactly(name: str, data: st.DataObject) -> None:
    model = load_model(name)
    row = data.draw(
        st.lists(st.floats(-50, 50) | st.just(math.nan), min_size=len(model.features), max_size=len(model.features))
    )
    (verdict,) = model.verdicts(np.array([row]))
    assert verdict.log_odds == pytest.approx(float(model.log_odds(np.array([row]))[0]), abs=1e-9)
    assert verdict.log_odds == pytest.approx(
        verdict.bias + math.fsum(c.weight for c in verdict.contributions), abs=1e-9
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_directions_hold_in_the_shipped_models(name: str) -> None:
    """A feature with a direction never pushes against it: the constraint is on the whole model, whatever the other features say."""
    model = load_model(name)
    random = np.random.default_rng(0)
    for index, feature in enumerate(SHIPPED[name].features):
        if feature.sign == 0:
            continue
        rows = np.repeat(random.normal(size=(6, len(model.features))) * 3, 40, axis=0)
        rows[:, index] = np.tile(np.linspace(-10, 60, 40), 6)
        steps = np.diff(model.log_odds(rows).reshape(6, 40), axis=1) * feature.sign
        assert steps.min() > -1e-9, feature.name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw["tables"][0]["values"].append(1.0),
        lambda raw: raw["tables"][0]["values"].__setitem__(0, None),
        lambda raw: raw["tables"][0].update(features=["nobody"]),
        lambda raw: raw["tables"][0].update(edges=[[2.0, 1.0]]),
        lambda raw: raw.update(format=99),
        lambda raw: raw.pop("bias"),
        lambda raw: raw.update(bias="NaN"),
        lambda raw: raw.update(
            features=[{"name": "a", "phrase": "", "sign": 0}, {"name": "a", "phrase": "", "sign": 0}]
        ),
    ],
)
def test_damaged_files_are_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    raw = json.loads(small().dump())
    spoil(raw)
    with pytest.raises(ModelError):
        parse_model(json.dumps(raw), "small")


@given(st.text(max_size=60) | st.builds(lambda cut: small().dump()[:cut], st.integers(0, 300)))
def test_any_text_is_a_model_or_a_model_error(text: str) -> None:
    with pytest.raises(ModelError):
        parse_model(text, "small")


def test_what_is_not_known_is_no_reason() -> None:
    shares = Shares(("a", "b"), ("the host is odd", "the site is far"), (1, 1), [1.0, float("nan")], [0.5, 2.0])
    made = Verdict(0.9, 2.5, 0.0, shares)
    assert [c.feature for c in made.contributions] == ["b", "a"]
    assert [c.feature for c in made.reasons()] == ["a"]
