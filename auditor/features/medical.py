"""The features of health content that a reader can or cannot trust: what it claims, what it sells, what it leaves out, how it words it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from auditor.features.balance import Mentions, balance
from auditor.features.claims import claims
from auditor.features.content import PageView
from auditor.features.facts import facts
from auditor.features.feature import NAN, Catalogue
from auditor.features.health import HealthReading
from auditor.features.quality import QUALITY


@dataclass(slots=True)
class MedicalView:
    """A health article as the model of its quality sees it."""

    health: HealthReading
    page: PageView
    wording: float
    """Log-odds by the wording alone (`auditor.model.linear`); NaN where it is left out."""


MEDICAL: Catalogue[MedicalView] = Catalogue("health quality")
feature = MEDICAL.feature


# --- how it speaks ----------------------------------------------------------------------------------------------------


@feature("words of alternative medicine for each thousand", +1)
def alternative_rate(view: MedicalView) -> float:
    return min(view.health.rate("alternative"), 80.0)


@feature("words of wonders for each thousand", +1)
def wonder_rate(view: MedicalView) -> float:
    return min(view.health.rate("wonder"), 80.0)


@feature("words of a shop for each thousand", +1)
def shop_rate(view: MedicalView) -> float:
    return min(view.health.rate("selling"), 80.0)


@feature("words of research and its limits for each thousand", -1)
def study_rate(view: MedicalView) -> float:
    return min(view.health.rate("study"), 80.0)


@feature("words of caution for each thousand", -1)
def caution_words(view: MedicalView) -> float:
    return min(view.health.rate("caution"), 60.0)


@feature("words of doctors and patients for each thousand", -1)
def care_words(view: MedicalView) -> float:
    return min(view.health.rate("care"), 60.0)


@feature("its wording is that of health pages nobody should rely on", +1)
def wording(view: MedicalView) -> float:
    return view.wording


# --- what it claims, and what it keeps silent --------------------------------------------------------------------------


@feature("claims by which health fraud is known, for each thousand words", +1)
def claim_rate(view: MedicalView) -> float:
    return min(
        sum(claim.sure for claim in claims(view.health.page)) * 1000.0 / max(view.health.digest.words, 400), 10.0
    )


@feature("it denies that there are side effects", +1)
def denied_harms(view: MedicalView) -> float:
    found = balance(view.health.page).denials
    return NAN if found is None else float(min(found.count, 3))


@feature("it sends the reader to a clinician, for each thousand words", -1)
def clinician_rate(view: MedicalView) -> float:
    return _rate(view, balance(view.health.page).clinicians)


def _rate(view: MedicalView, found: Mentions | None) -> float:
    """Mentions for each thousand words, at most 20; NaN where they were not looked for."""
    return NAN if found is None else min(found.count * 1000.0 / max(view.health.digest.words, 200), 20.0)


# --- whom and what it rests on -------------------------------------------------------------------------------------------


@feature("somebody qualified wrote or checked it", -1)
def qualified(view: MedicalView) -> float:
    found = facts(view.health.page)
    return (
        NAN
        if found.credentials is None and found.reviewer is None
        else float(bool(found.credentials or found.reviewer))
    )


@feature("links to scholarly and official sources, references and cites for each thousand words", -1)
def sources_rate(view: MedicalView) -> float:
    found = facts(view.health.page)
    if math.isnan(found.scholarly):
        return NAN
    listed = found.scholarly + found.official + found.references.length + found.references.cites
    return min(listed * 1000.0 / max(view.health.digest.words, 300), 20.0)


# --- what it shares with articles on anything ---------------------------------------------------------------------------

for _name in ("hedges", "hype", "commerce-rate"):
    MEDICAL.adopt(QUALITY.named(_name), lambda view: view.page)
