"""Checks on when a site's articles were published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.several import NAMED, evidence
from auditor.report import Confidence, Severity
from auditor.site.site import ARTICLE_WORDS, Site

_LEAST = 20
"""Dated articles from which a site has a rhythm."""
_BURST = 12
_SHARE = 0.3


@check(
    title="A large part of the articles was published on one day",
    severity=Severity.INFO,
    fix="If they were imported, give them their own dates; if they were made in one go, read them before readers do.",
)
def burst_publishing(many: Site) -> Iterator[Hit]:
    """People write an article at a time. A hundred on one day come from a machine, an import that lost their dates, or somebody who broke
    in (Google Search Central on scaled content abuse; NewsGuard)."""
    days = Counter(one.published[:10] for one in many.entries if one.published and one.words >= ARTICLE_WORDS)
    dated = days.total()
    for day, count in sorted(days.items()) if dated >= _LEAST else ():
        if count >= max(_BURST, _SHARE * dated):
            names = [one.name for one in many.entries if one.published[:10] == day and one.words >= ARTICLE_WORDS]
            yield Hit(
                message=f"{count:,} of the {dated:,} articles with a date were published on {day}.",
                key=day,
                confidence=Confidence.MEDIUM,
                evidence=evidence(names[:NAMED], count, day=day),
            )
