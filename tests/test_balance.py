"""Balance: each aspect is found where it is spoken of, and not where it is denied or said of something else; the criteria add up."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from auditor.errors import ModelError, SourceError
from auditor.features.balance import Balance, balance, balance_in
from auditor.features.crisis import line, urgent
from auditor.features.results import PHRASES, results
from auditor.features.spoken import said
from auditor.model import criteria
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot

TREATED = ("benefits", "quantified", "praised", "harms", "denials", "alternatives", "untreated", "life", "costs")


def page(body: str, title: str = "A page") -> Page:
    html = (
        f'<html lang="en"><head><title>{title}</title></head><body><main><article>{body}</article></main></body></html>'
    )
    return parse(Snapshot(body=html.encode(), url="https://clinic.example/a"))


def spoken(text: str) -> set[str]:
    """The aspects that a text speaks of."""
    found = balance_in(text)
    return {name for name in Balance.__slots__ if getattr(found, name)}


@pytest.mark.parametrize(
    "text",
    [
        "The tablets often have side effects in the first week.",
        "Two patients had serious adverse events on the drug.",
        "The medicine can cause nausea and headaches.",
        "Blood thinners are drugs that increase the risk of bleeding.",
        "Screening leads to false positives in one woman out of ten.",
        "St John's wort interacts with other medicines, the pill among them.",
        "This supplement is not without risk for people with weak kidneys.",
        "Not only does the drug have side effects, it is dear.",
        "There is no doubt that side effects occur with this drug.",
        "The drug is not without side effects.",
        "The herb is no food, but side effects are rare at that dose of the supplement.",
    ],
)
def test_harms_of_a_treatment_are_found(text: str) -> None:
    assert "harms" in spoken(text)


@pytest.mark.parametrize(
    "text",
    [
        "The supplement has no side effects.",
        "It is a treatment without any side effects.",
        "Enjoy a side effect free therapy.",
        "The drug lowers the risk of stroke and prevents complications.",
        "Untreated diabetes can cause nerve damage, so take the drug.",
        "The infection may cause fever and vomiting; a test will tell.",
        "Smoking increases the risk of cancer more than any drug lowers it.",
        "Milk protein eases the side effects of chemotherapy.",
        "The drug is safe and well tolerated.",
        "The treatment does not cause headaches.",
    ],
)
def test_harms_denied_lessened_or_of_the_illness_are_none(text: str) -> None:
    assert "harms" not in spoken(text)


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Our herbal drops have no side effects.", True),
        ("A natural remedy with zero side-effects!", True),
        ("Relief without the harmful side effects of drugs.", True),
        ("In the trial no side effects were reported with the drug.", False),
        ("The drug has side effects.", False),
        ("There is not much to read about the side effects of this drug.", False),
    ],
)
def test_a_claim_that_there_are_none_is_told_from_a_report(text: str, claimed: bool) -> None:
    assert ("denials" in spoken(text)) is claimed


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("Statins reduce heart attacks.", "benefits"),
        ("Statins reduce heart attacks by 25 percent.", "quantified"),
        ("Ginkgo extract improves memory.", "praised"),
        ("Surgery is one way to treat it; physiotherapy is an alternative.", "alternatives"),
        ("The new drug was compared with a placebo.", "alternatives"),
        ("Most ear infections go away on their own without treatment.", "untreated"),
        ("With a small tumour, watchful waiting may spare you the surgery.", "untreated"),
        ("After the operation it takes a month to return to work; the treatment affects daily life.", "life"),
        ("The drug costs about $30 a month.", "costs"),
        ("Generic tablets are cheaper.", "costs"),
        ("The injections are not covered by insurance, so the price matters for this treatment.", "costs"),
        ("More research is needed.", "limits"),
        ("The study was small and cannot prove cause and effect.", "limits"),
        ("In a randomized trial, 400 people were followed for a year.", "evidence"),
        ("Ask your doctor before you start.", "clinicians"),
        ("This page is no substitute for medical advice.", "clinicians"),
        ("Take 200 mg twice daily.", "doses"),
        ("You can take two teaspoons every morning.", "doses"),
        ("If you are thinking of suicide, call 988.", "lines"),
        ("After an overdose call poison control.", "lines"),
    ],
)
def test_every_aspect_is_found(text: str, aspect: str) -> None:
    assert aspect in spoken(text)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("The drug is free.", "costs"),
        ("The vaccine is given at no cost.", "costs"),
        ("He wanted the treatment at any cost.", "costs"),
        ("Diabetes treatment costs the country 200 billion dollars.", "costs"),
        ("The drug trial was funded by a grant and cost its donors a year's income.", "costs"),
        ("The drug does not improve memory.", "benefits"),
        ("I took 200 mg twice daily for a month.", "doses"),
        ("Patients received 20 mg daily.", "doses"),
        ("My doctor wears a tie.", "clinicians"),
        ("The supplement does not help.", "praised"),
    ],
)
def test_traps(text: str, aspect: str) -> None:
    assert aspect not in spoken(text)


def test_what_does_not_apply_is_none_and_not_nothing() -> None:
    found = balance_in("The harbour was rebuilt after the storm.\nIt costs $3 to cross.")
    assert all(getattr(found, name) is None for name in TREATED)
    assert found.lines is None
    assert found.limits.count == 0 and found.limits.first is None
    found = balance_in("The drug helps. Suicide is spoken of nowhere else.")
    assert found.harms is not None and not found.harms
    assert found.lines is not None and not found.lines


def test_occurrences_stand_where_they_say() -> None:
    text = "About tablets.\nThe tablets can’t be split. They have side effects.\nSide effects pass."
    found = balance_in(text)
    assert found.harms is not None and found.harms.count == 2 and found.harms.first is not None
    first = found.harms.first
    assert (first.paragraph, first.words) == (1, "side effects")
    assert first.spot.offset is not None and text[first.spot.offset :].startswith("side effects")

    shown = page("<h2>The drug</h2><p>It helps.</p><ul><li>Side effects: nausea</li></ul><pre>adverse events</pre>")
    seen = balance(shown).harms
    assert seen is not None and seen.count == 1 and seen.first is not None
    assert shown.paragraphs[seen.first.paragraph or 0].text[seen.first.start : seen.first.end] == "Side effects"


def test_a_sentence_ends_the_reach_of_its_words() -> None:
    first, second = said([(0, "The drug helps 3.5 times. Diabetes can cause bleeding!")])
    assert first.words == ["the", "drug", "helps", "3.5", "times"] and second.start == 6
    assert "harms" not in spoken("The drug helps 3.5 times. Diabetes can cause bleeding!")


STORY = "<h1>{0}</h1><p>{0} is hard. Somebody with {0} needs friends.</p><p>You can live with {0}.</p>"


def test_a_line_to_call_may_stand_anywhere_on_the_page() -> None:
    body = STORY.format("bulimia")
    bare = page(body, "Bulimia in the family")
    found = urgent(bare)
    assert found is not None and found.subject == "eating disorder" and not line(bare)
    assert line(page(body + "<p>Our helpline is open all night.</p>", "Bulimia"))
    assert line(page(body + '<p><a href="tel:+15550100">Call us</a></p>', "Bulimia"))
    assert line(page(body + '<p><a href="https://www.samaritans.org/">Samaritans</a></p>', "Bulimia"))
    aside = page(body + "</article></main><aside><p>In a crisis, text 741741.</p></aside><main><article>", "Bulimia")
    assert line(aside)


def test_a_subject_in_passing_is_not_urgent() -> None:
    assert urgent(page("<h1>Sleep</h1><p>Suicide. Suicide. Suicide.</p>", "Sleep")) is None
    assert urgent(page("<h1>Suicide in opera</h1><p>Two tenors sing.</p>", "Suicide in opera")) is None


def test_results_tell_absolute_from_relative() -> None:
    both = results(
        ["After a year 9 percent of the group on the drug had a stroke compared with 21 percent of those on placebo."]
    )
    assert both["alike"] == 1 and both["relative"] == 0 and both["group-figure"] == 1
    less = results(["The odds of a stroke were 29 percent lower with the drug."])
    assert less["relative"] == 1 and less["alike"] == 0
    assert results(["A stroke kills 9 percent of Americans, compared with none of the mice on the drug."])["alike"] == 0
    assert set(both) == set(PHRASES)


def test_results_leave_the_publisher_out() -> None:
    body = [
        "The drug helps.",
        "It is new.",
        "About Hill Clinic",
        "Side effects of its drugs were found in 9 percent of patients.",
    ]
    assert results(body)["harm"] == 0
    assert results(body[3:])["harm"] == 1


def test_prices_and_budgets() -> None:
    assert results(["The drug costs $30 a month."])["cost-figure"] == 1
    grant = results(["The drug trial cost $3 million, paid by a grant."])
    assert grant["cost"] == 0 and grant["cost-elsewhere"] == 1 and grant["money"] == 0


def test_the_criteria_add_up() -> None:
    found = criteria.load()
    assert set(found) == {"costs", "benefits", "harms"}
    counts = results(
        ["The drug costs $30 a month.", "Among 40 patients 9 percent had serious side effects such as nausea."]
    )
    for one in found.values():
        verdict = one.judge(counts)
        assert math.isclose(verdict.log_odds, verdict.bias + sum(c.weight for c in verdict.contributions), abs_tol=1e-9)
        assert one.met(counts) == (verdict.log_odds > one.threshold)
    assert found["harms"].met(counts) and found["costs"].met(counts)
    assert not found["harms"].met(results(["The drug helps."]))


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"format": 2}', '{"format": 1, "criteria": {"costs": {}}}', '{"format": 1, "criteria": []}',
     json.dumps({"format": 1, "criteria": {"costs": {"bias": 0, "threshold": 0, "weights": {"moon": 1}}}})],
)  # fmt: skip
def test_a_damaged_file_is_said_to_be(tmp_path: Path, content: str) -> None:
    (tmp_path / "balance.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError):
        criteria.read(tmp_path / "balance.json")


def test_weights_keep_their_sign() -> None:
    signed = pytest.importorskip("auditor.training.signed")
    rng = np.random.default_rng(0)
    label = (rng.random(200) < 0.4).astype(np.int64)
    features = np.c_[label + rng.normal(0, 1, 200), -label + rng.normal(0, 1, 200), rng.normal(0, 1, 200)]
    bias, weights = signed.fit(features, label, np.array([1, 1, 1]), 0.1)
    assert weights[0] > 0.1 and weights[1] == 0 and weights[2] >= 0
    assert math.isfinite(bias)
    parts = np.arange(200)[None, :] % signed.INNER
    _, again, cut = signed.chosen(features, label, parts, np.array([1, 1, 1]))
    assert again[0] > 0 and math.isfinite(cut)


def test_figures_ask_for_the_data(tmp_path: Path) -> None:
    training = pytest.importorskip("auditor.training.balance")
    with pytest.raises(SourceError):
        training.balance_figures(tmp_path, 0)
