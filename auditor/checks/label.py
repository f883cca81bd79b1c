"""The label of a page: what the models say, raised by facts and by signs that agree."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks import all_checks
from auditor.judge import JudgedPage
from auditor.report import Confidence, Finding, Label, Severity

_PLANTED = frozenset({"spam", "hacked"})
_FAULTY = frozenset({"structure", "trust"})
_CLAIMS = "health"
_RELIANCE = "unreliable-health-advice"
_FAULTS = 4
"""Points of faults (low 1, medium 2, high 3) from which a page is of low quality whatever the model says, one of them structural."""


def page_label(judged: JudgedPage | None, findings: Sequence[Finding]) -> Label:
    """The models' label, raised by facts.

    A near-certain planted or hidden link makes a page spam whatever the page model says of the rest; so do two different signs of
    spam that agree, such as a suspicious link in an article foreign to its site, or on a site that is full of such links. So do claims
    that regulators warn of, where two kinds of them are made outright, or one in advice that speaks as unreliable advice does. One of
    the two alone makes it low quality, and so does a stray advertising phrase, a structural fault of medium severity or several small
    faults together.
    """
    checks = all_checks()
    points = structural = 0
    parties: set[str] = set()
    claimed: set[str] = set()
    stray = unreliable = doubtful = False
    for finding in findings:
        group = checks[finding.check].group
        certain = finding.confidence is Confidence.HIGH
        if group in _PLANTED and certain and finding.severity is Severity.HIGH:
            return Label.SPAM
        if group == _CLAIMS and certain and finding.severity >= Severity.MEDIUM:
            claimed.add(finding.check)
        if finding.check == _RELIANCE:
            doubtful, unreliable = True, unreliable or finding.confidence >= Confidence.MEDIUM
        stray = stray or bool(finding.evidence.get("stray"))
        if (
            group in ("spam", "related")
            and finding.severity >= Severity.MEDIUM
            and finding.confidence >= Confidence.MEDIUM
        ):
            parties.add("stray" if finding.evidence.get("stray") else finding.check)
            if finding.evidence.get("infested"):
                parties.add("infested")
        if group in _FAULTY and finding.severity is not Severity.INFO and finding.confidence >= Confidence.MEDIUM:
            points += finding.severity.rank
            structural = max(structural, finding.severity.rank * (1 + certain) if group == "structure" else 0)
    if len(parties) >= 2 or len(claimed) + doubtful >= 2:
        return Label.SPAM
    label = judged.label if judged else Label.CLEAN
    if label is Label.CLEAN and (
        stray or claimed or unreliable or structural >= 4 or (structural and points >= _FAULTS)
    ):
        return Label.LOW_QUALITY
    return label
