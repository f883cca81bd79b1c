"""Health content: told from other subjects, judged by how it speaks, shown on a card."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from auditor import language
from auditor.audit import audit
from auditor.checks.label import page_label
from auditor.config import Config
from auditor.errors import ModelError
from auditor.features.health import SUBJECT, HealthReading
from auditor.features.medical import MEDICAL
from auditor.judge import Models
from auditor.language.health import health_words, section_names
from auditor.model.linear import Linear, load_linear, parse_linear
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Confidence, Degree, Finding, Label, Location, PageResult, Severity
from auditor.site.digest import digest

ROOT = Path(__file__).parents[1]
PAIR = ROOT / "fixtures" / "pages" / "unreliable-health-advice"
MIRACLE = ROOT / "fixtures" / "health" / "miracle.html"


def result(body: bytes, form: Format = Format.HTML) -> PageResult:
    document = Snapshot(body=body, path="page", format=form)
    (page,) = audit([document], Config(), started_at=datetime(2026, 1, 1, tzinfo=UTC)).pages
    return page


# --- words --------------------------------------------------------------------------------------------------------------


def found(text: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(word.at, word.sections) for word in health_words(text.split())]


def test_the_longest_phrase_counts_for_every_section_that_lists_it() -> None:
    ((at, named),) = found("side effects")
    assert at == 0 and {"ailments", "advice", "caution"} <= set(named)
    assert [at for at, _ in found("the home remedies of old")] == [1]
    assert "alternative" in found("home remedies")[0][1]


def test_plurals_and_stems_are_understood_and_words_that_only_begin_alike_are_not() -> None:
    assert found("migraines")[0][1] == ("ailments",) and found("migraine")[0][1] == ("ailments",)
    assert "alternative" in found("homeopathic")[0][1]
    assert found("alzheimer's")[0][1] == ("ailments",)
    assert found("cancerous") == [] and found("seizures of drugs")[0][0] == 0


def test_every_section_has_terms_in_lower_case_without_punctuation() -> None:
    from auditor.language.terms import sections

    for name in section_names():
        terms = sections("health.txt")[name]
        assert len(terms) == len(set(terms)), name
        for term in terms:
            assert term == term.lower() and term.rstrip("*").replace(" ", "").isalnum(), (name, term)


# --- degree ---------------------------------------------------------------------------------------------------------------

GARDEN = (
    "The bed along the fence was dug over in March and left to settle for two weeks before anything was planted in it. Carrots want a "
    "loose soil without stones, and ours is full of them, so half of the afternoon went into picking. The seed was sown in rows a hand "
    "apart and covered with sand. It rained on the third day and the first green showed after twelve. Snails came from the compost heap "
    "at night; a ring of ash kept most of them off until the leaves were tougher than they like. By June the rows had to be thinned, "
    "which is a pity every year, and the thinnings went into a salad. The first roots were pulled in July, short and forked where a "
    "stone had been overlooked, and the last ones stood in the ground until the frost. Next spring the bed will hold beans."
)
POLICY = (
    "The state senate passed the hospital funding bill on Tuesday by a vote of 31 to 17 after two years of argument over who should pay "
    "for uncompensated care. Under the bill the twelve rural hospitals that reported losses last year will share a fund of 90 million "
    "dollars, financed by a fee on insurers. The governor has said that she will sign it. Insurers warned that premiums would rise; the "
    "hospital association called the fund a lifeline and said that three of its members had been weeks from closing their maternity "
    "wards. Medicaid covers about a third of the patients in the counties concerned, and the program's rates have not kept up with "
    "costs since 2019. An amendment that would have tied the money to staffing levels for nurses failed. The department of health will "
    "publish the rules for applications in the spring, and an auditor is to report on the fund every year."
)


def degree(text: str) -> Degree | None:
    page = result(f"<html lang=en><title>Notes</title><article><h1>Notes</h1><p>{text}</p></article>".encode())
    return page.health


def test_a_garden_is_no_health_advice_and_a_surgery_note_is() -> None:
    assert degree(GARDEN) is Degree.NONE
    assert result((PAIR / "good.html").read_bytes()).health is Degree.ADVICE


def test_health_policy_is_no_advice() -> None:
    assert degree(POLICY) in (Degree.RELATED, Degree.NONE)


def test_what_is_too_short_to_tell_has_no_degree() -> None:
    assert degree("Take one aspirin.") is None


def test_words_of_menus_and_sidebars_have_no_part_in_it() -> None:
    menu = "".join(f"<li><a href='/{i}'>Diabetes symptoms and treatment {i}</a></li>" for i in range(60))
    body = f"<html lang=en><title>Carrots</title><nav><ul>{menu}</ul></nav><article><h1>Carrots</h1><p>{GARDEN}</p></article>"
    assert result(body.encode()).health is Degree.NONE


def test_features_of_the_subject_are_rates_of_the_articles_words() -> None:
    learned = language.load()
    page = parse(Snapshot(body=(PAIR / "bad.html").read_bytes(), path="bad.html"))
    view = HealthReading(page, digest(page, learned), learned)
    row = dict(zip(SUBJECT.names, SUBJECT.matrix([view])[0], strict=True))
    assert (
        row["health-words-rate"] == pytest.approx(min(view.rate("ailments", "treatments", "care", "body"), 120.0))
        and row["health-title"] >= 1
    )
    assert 0 < row["spread"] <= 1


# --- reliance -------------------------------------------------------------------------------------------------------------


def test_a_physicians_post_is_clean() -> None:
    page = result((PAIR / "good.html").read_bytes())
    assert page.label is Label.CLEAN and not [f for f in page.findings if f.severity >= Severity.MEDIUM]
    assert page.quality is not None and page.quality.probability < 0.1


def test_an_anonymous_unsourced_listicle_is_low_quality_for_what_a_person_would_name() -> None:
    page = result((PAIR / "bad.html").read_bytes())
    assert page.label is Label.LOW_QUALITY
    fired = {f.check for f in page.findings}
    assert {"unreliable-health-advice", "anonymous-author", "unreviewed-health-advice"} <= fired
    (reliance,) = (f for f in page.findings if f.check == "unreliable-health-advice")
    assert any("wonders" in reason for reason in reliance.evidence["reasons"])


def test_a_miracle_cure_is_spam() -> None:
    page = result(MIRACLE.read_bytes())
    assert page.label is Label.SPAM
    assert page.quality is not None and page.quality.probability > 0.95


def test_the_verdicts_contributions_add_up() -> None:
    page = result((PAIR / "bad.html").read_bytes())
    assert page.quality is not None
    total = page.quality.bias + math.fsum(c.weight for c in page.quality.contributions)
    assert total == pytest.approx(page.quality.log_odds, abs=1e-9)


def test_monotone_directions_hold_in_the_shipped_model() -> None:
    model = Models.load().health.quality
    rng = np.random.default_rng(0)
    rows = rng.uniform(0, 12, size=(200, len(model.features)))
    for index, feature in enumerate(MEDICAL.features):
        if feature.sign:
            more = rows.copy()
            more[:, index] += rng.uniform(0, 5, size=len(rows))
            assert ((model.log_odds(more) - model.log_odds(rows)) * feature.sign >= -1e-9).all(), feature.name


def claim(check: str, severity: Severity = Severity.HIGH, confidence: Confidence = Confidence.HIGH) -> Finding:
    return Finding(check, severity, confidence, "", "", "", Location())


def test_one_outright_claim_makes_low_quality_and_a_second_of_another_kind_spam() -> None:
    from auditor.checks import all_checks

    kinds = [c.id for c in all_checks().values() if c.group == "health" and c.id != "unreliable-health-advice"]
    one, two = kinds[:2]
    assert page_label(None, [claim(one)]) is Label.LOW_QUALITY
    assert page_label(None, [claim(one), claim(one)]) is Label.LOW_QUALITY
    assert page_label(None, [claim(one), claim(two)]) is Label.SPAM
    reliance = claim("unreliable-health-advice", Severity.MEDIUM, Confidence.MEDIUM)
    assert page_label(None, [claim(one), reliance]) is Label.SPAM
    assert page_label(None, [reliance]) is Label.LOW_QUALITY
    assert page_label(None, [claim(one, confidence=Confidence.MEDIUM)]) is Label.CLEAN


# --- wording --------------------------------------------------------------------------------------------------------------


def test_the_wording_is_a_weighted_sum_and_survives_its_file() -> None:
    linear = Linear("x", np.array([0.5, -1.0]), 0.25)
    assert linear.log_odds(np.array([1.0, 0.5], dtype=np.float32)) == pytest.approx(0.25)
    assert math.isnan(linear.log_odds(np.zeros(2)))
    again = parse_linear(linear.dump(), "x")
    assert again.dump() == linear.dump()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "name": "x", "bias": 0, "weights": [1]}',
                                  '{"format": 1, "name": "x", "bias": 0, "weights": ["a"]}',
                                  '{"format": 1, "name": "x", "bias": NaN, "weights": [1]}'])  # fmt: skip
def test_a_damaged_wording_is_one_clear_error(text: str) -> None:
    with pytest.raises(ModelError, match="damaged"):
        parse_linear(text, "x")


def test_the_shipped_wording_fits_the_vectors() -> None:
    assert load_linear("health/quality").weights.shape == (language.load().vectors.dimensions,)


# --- card -----------------------------------------------------------------------------------------------------------------


def card(path: Path) -> dict[str, tuple[bool | None, str]]:
    page = result(path.read_bytes())
    assert page.card is not None
    return {line.topic: (line.found, line.answer) for line in page.card.lines}


def test_the_card_says_who_when_and_on_what() -> None:
    told = card(PAIR / "good.html")
    assert told["author"][0] and "Miriam Oduya" in told["author"][1]
    assert told["reviewer"][0] and "Peter Hallam" in told["reviewer"][1]
    assert "2025-02-11" in told["date"][1] and "2025-09-30" in told["date"][1]
    assert told["sources"][0] and told["contact"][0] and told["claims"][0] and told["clinician"][0]


def test_the_card_says_what_is_missing() -> None:
    page = result((PAIR / "bad.html").read_bytes())
    assert page.card is not None
    assert {"reviewer", "date", "sources", "clinician"} <= set(page.card.missing)


def test_other_pages_have_no_card() -> None:
    page = result(f"<html lang=en><title>Carrots</title><article><h1>Carrots</h1><p>{GARDEN}</p></article>".encode())
    assert page.card is None
