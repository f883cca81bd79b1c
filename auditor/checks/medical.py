"""Checks on health advice as a whole: can a reader rely on it?"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.features.trust import published
from auditor.judge import JudgedHealth
from auditor.page.page import Page
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest


@check(
    title="Health advice that a reader should not rely on",
    severity=Severity.MEDIUM,
    policy="medical-content",
    fix="Say what is known and how well, name the risks and who should see a clinician, link the evidence, and sell somewhere else.",
)
def unreliable_health_advice(page: Page, medical: JudgedHealth, health: Digest) -> Iterator[Hit]:
    """It speaks as pages do that raters found unreliable: of wonders and nature, of prices and orders, hardly of research, risks and
    doctors. Whether its claims are true it does not say. Google's rater guidelines hold advice on health to the highest standard."""
    verdict = medical.quality
    if verdict is None or not medical.unreliable:
        return
    yield Hit(
        message=f"The way it speaks is that of health pages nobody should rely on ({verdict.probability:.0%} likely).",
        key="reliance",
        # A shop's page sells for a living; what it must not say, the checks on claims know.
        confidence=Confidence.MEDIUM if published(page) else Confidence.LOW,
        evidence={
            "probability": round(verdict.probability, 4),
            "reasons": [reason.words for reason in verdict.reasons()],
            "words": health.words,
        },
    )
