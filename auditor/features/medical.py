"""The features of health content that a reader can or cannot trust: what it claims, what it sells, what it leaves out, how it words it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.features.content import PageView
from auditor.features.feature import Catalogue
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


# --- what it shares with articles on anything ---------------------------------------------------------------------------

for _name in ("hedges", "hype", "title-closeness", "commerce-rate", "function-words", "fluency"):
    MEDICAL.adopt(QUALITY.named(_name), lambda view: view.page)
