"""Checks on what a health text leaves out: harms, a clinician, a line to call."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.words import around
from auditor.features.balance import balance
from auditor.features.crisis import line, urgent
from auditor.features.people import credentials
from auditor.page.page import Page
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest

_PRAISES = 3
"""Sentences of praise from which a text recommends what it speaks of."""
_SPARSE = 600
"""Words for each such sentence beyond which it speaks of something else."""
_DOSES = 2
"""Sentences of instruction from which a text prescribes."""
_ADDRESSED = 5
"""Times that a text says "you" from which it speaks to its reader; and one word in 200."""


@check(
    title="A remedy is praised and its risks are not mentioned",
    severity=Severity.LOW,
    policy="medical-content",
    fix="Say what can go wrong with it, how often, and for whom: side effects, interactions, who should not take it.",
)
def unmentioned_harms(page: Page, health: Digest) -> Iterator[Hit]:
    """Whatever works has side effects, and a reader who weighs it up needs both sides. DISCERN asks a text on treatment to describe the
    risks of each (question 11), HealthNewsReview.org to explain its harms."""
    found = balance(page)
    if not found.praised or found.harms:
        return
    denied = found.denials.first if found.denials else None
    if denied is None and (found.praised.count < _PRAISES or found.praised.count * _SPARSE < health.words):
        return
    first = denied or found.praised.first
    if first is None:
        return
    careful = found.clinicians.count > 0 or found.evidence.count > 1
    words = found.praised.first.words if found.praised.first else ""
    praise = f"{found.praised.count} sentence{'s praise' if found.praised.count > 1 else ' praises'} what is to be taken (“{words}”)"
    yield Hit(
        message=f"{praise}; harm is mentioned only to be denied (“{first.words}”)."
        if denied
        else f"{praise} and none says what can go wrong with it.",
        key="harms",
        spot=first.spot,
        snippet=around(page, first),
        confidence=Confidence.MEDIUM,
        severity=Severity.INFO if careful and not denied else Severity.LOW,
        evidence={
            "praised": found.praised.count,
            "denied": found.denials.count if found.denials else 0,
            "words": health.words,
        },
    )


@check(
    title="Doses are given and no clinician is mentioned",
    severity=Severity.LOW,
    policy="medical-content",
    fix="Say who should ask a doctor or pharmacist first, and when to stop and see one.",
)
def missing_clinician_advice(page: Page, health: Digest) -> Iterator[Hit]:
    """What is right for most can be wrong for somebody pregnant, old, or on other medicines, and only who treats them knows. The HONcode
    asks health pages to support the relationship of patient and doctor, not to replace it."""
    found = balance(page)
    if found.doses.count < _DOSES or found.doses.first is None or found.clinicians or credentials(page):
        return
    first = found.doses.first
    yield Hit(
        message=f"The page says how much to take in {found.doses.count} sentences and nowhere when "
        "to ask a doctor or pharmacist.",
        key="clinician",
        spot=first.spot,
        snippet=around(page, first),
        confidence=Confidence.MEDIUM,
        evidence={"doses": found.doses.count, "words": health.words},
    )


@check(
    title="No line to call for a reader in danger",
    severity=Severity.MEDIUM,
    policy="medical-content",
    fix="Put a line to call at the top, with its number and when it is open: 988 in the United States, Samaritans 116 123 in Britain and "
    "Ireland, or findahelpline.com for anywhere.",
)
def missing_crisis_line(page: Page, health: Digest) -> Iterator[Hit]:
    """Who looks up suicide, self-harm, an overdose or an eating disorder may need help within the hour. The WHO's guide for media and the
    guides of Samaritans and Beat ask for a line to call beside the text."""
    found = urgent(page)
    if found is None or line(page):
        return
    grave = found.subject in ("self harm", "eating disorder")
    addressed = health.count({"you", "your"})
    spoken_to = addressed >= _ADDRESSED and addressed * 200 >= health.words
    # News and essays about such a subject are not read for help first; the WHO's guide asks it of them all the same where it is suicide.
    if not grave and (not spoken_to or balance(page).clinicians):
        return
    severity = Severity.INFO if not spoken_to else Severity.MEDIUM if grave else Severity.LOW
    yield Hit(
        message=f"The page is about “{found.words}” and names no line to call.",
        key=found.subject,
        confidence=Confidence.MEDIUM,
        severity=severity,
        evidence={
            "subject": found.subject,
            "sentences": found.sentences,
            "addressed": addressed,
            "words": health.words,
        },
    )
