"""Checks on what a page promises for health: the claims by which authorities know fraud, and whether its advice can be relied on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.check import Hit, check
from auditor.features.claims import Claim, claims
from auditor.features.selling import sells
from auditor.features.trust import published
from auditor.judge import JudgedHealth
from auditor.page.page import Page
from auditor.page.prose import snippet
from auditor.report import Confidence, Degree, Severity

WEIGHT: Mapping[str, str] = {
    "lose-fast": "a fast loss without diet or exercise",
    "eat-anything": "a loss whatever one eats",
    "permanent": "a loss that lasts after stopping",
    "blocks": "fat or calories that are kept from being absorbed",
    "over-three": "more than three pounds a week, safely and for weeks",
    "everyone": "a loss for everyone",
    "rub-on": "a loss by wearing something or rubbing it in",
}
TIP_OFFS: Mapping[str, str] = {
    "does-it-all": "one product for many illnesses",
    "testimonial": "a personal story as proof",
    "quick-fix": "a cure in no time",
    "all-natural": "safe or a cure because it is natural",
    "miracle": "a miracle, a secret or a breakthrough",
    "conspiracy": "a cure that is kept from the public",
}
CURES: Mapping[str, str] = {
    "cure": "a cure for what medicine cannot cure, or not with this",
    "certainty": "a certainty that no treatment has",
    "off-label": "a drug or procedure for what it is not approved for",
    "replace": "treatment that readers are told to do without",
}
APPROVALS: Mapping[str, str] = {"fda-approved": "an approval that the FDA does not give to such products"}


def _hits(page: Page, medical: JudgedHealth, groups: Mapping[str, str]) -> Iterator[Hit]:
    """One hit a group, at its surest and first place."""
    selling = sells(page)
    if not selling and medical.degree is not Degree.ADVICE:
        return
    by_group: dict[str, list[Claim]] = {}
    for claim in claims(page):
        if claim.group in groups:
            by_group.setdefault(claim.group, []).append(claim)
    for group in filter(by_group.__contains__, groups):
        found = by_group[group]
        sure = [claim for claim in found if claim.sure]
        first = (sure or found)[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        # What happened to somebody is told on honest pages too; it is a tip-off where it helps to sell.
        told = group == "testimonial" and not selling
        at = first.occurrence
        yield Hit(
            message=f"“{at.words[:120]}”{more}: {groups[group]}.",
            key=group,
            spot=at.spot,
            snippet=snippet(
                page.title if at.paragraph is None else page.paragraphs[at.paragraph].text, at.start, at.end
            ),
            confidence=Confidence.LOW if not sure or told else Confidence.HIGH,
            severity=None if sure and not told else Severity.LOW,
            evidence={
                "group": group,
                "claims": [{"words": c.occurrence.words, "sure": c.sure} for c in found[:20]],
                "count": len(found),
                "sells": selling,
            },
        )


@check(
    title="It promises a weight loss that no product gives",
    severity=Severity.MEDIUM,
    policy="health-claims",
    fix="Say what a reader can expect, with the trial that shows it, and that it takes eating less and moving more.",
)
def weight_loss_claim(page: Page, medical: JudgedHealth) -> Iterator[Hit]:
    """Seven promises cannot be true of any pill, tea, patch or cream, and the FTC asks publishers not to print them
    (“Gut Check: A Reference Guide for Media on Spotting False Weight Loss Claims”). Readers lose money and put off what works."""
    yield from _hits(page, medical, WEIGHT)


@check(
    title="It uses the words by which health fraud is known",
    severity=Severity.MEDIUM,
    policy="health-claims",
    fix="Name the one condition that there is evidence for and link that evidence; leave out stories, secrets and speed.",
)
def fraud_tip_off(page: Page, medical: JudgedHealth) -> Iterator[Hit]:
    """One product that does it all, success stories, quick fixes, “all natural”, miracles and conspiracies are the six signs by
    which the FDA tells consumers to know health fraud (“6 Tip-offs to Rip-offs”). Raters are told to rate such pages lowest."""
    yield from _hits(page, medical, TIP_OFFS)


@check(
    title="It claims a cure, or tells readers to leave off treatment",
    severity=Severity.HIGH,
    policy="health-claims",
    fix="Take the claim out, or limit it to what a guideline says of an approved treatment, and send readers to a doctor.",
)
def cure_claim(page: Page, medical: JudgedHealth) -> Iterator[Hit]:
    """A product that is said to cure an illness is a drug in the eyes of the law, and unapproved (21 USC 321(g), 355); the FDA's
    warning letters and the FTC's Health Products Compliance Guidance are about such sentences. People who believe them die."""
    yield from _hits(page, medical, CURES)


@check(
    title="It says that the FDA approved what it does not approve",
    severity=Severity.MEDIUM,
    policy="health-claims",
    fix="Take it out: the FDA approves drugs and some devices, no supplement, cosmetic or factory.",
)
def false_approval_claim(page: Page, medical: JudgedHealth) -> Iterator[Hit]:
    """Supplements are sold without approval, and a registered facility is not an approved one, as the FDA explains (“Is It
    Really ‘FDA Approved’?”). Readers take the words for a proof that somebody has tested it."""
    yield from _hits(page, medical, APPROVALS)


@check(
    title="Health advice that a reader should not rely on",
    severity=Severity.MEDIUM,
    policy="medical-content",
    fix="Say what is known and how well, name the risks and who should see a clinician, link the evidence, and sell somewhere else.",
)
def unreliable_health_advice(page: Page, medical: JudgedHealth) -> Iterator[Hit]:
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
        },
    )
