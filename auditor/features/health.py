"""Does an article give health advice? By its own words, never those of menus and sidebars."""

from __future__ import annotations

import re

from auditor.language import Language
from auditor.page.page import Page
from auditor.site.digest import Digest

_ADVICE = re.compile(
    r"\b(?:symptoms?|treatments?|treat|therap(?:y|ies)|dos(?:e|age)|"
    r"side effects?|medications?|medicines?|supplements?|diagnos\w+|disorders?|"
    r"disease|patients?|clinical|remed(?:y|ies)|cure[sd]?|relie(?:f|ve)|pain|chronic|"
    r"doctor|physician|blood pressure|cholesterol|diet|vitamins?|"
    r"infection|anxiety|depression|addiction|inflammation|immune|hormones?|surgery|cancer|diabetes|prevent\w*)\b",
    re.IGNORECASE,
)
SHARE = 0.4
"""Probability of the topic Health from which an article is on health."""
RATE = 8.0
"""Words of treating and ailing for each thousand from which it is advice; see the issue on health for its measurement."""


def gives_health_advice(page: Page, digest: Digest, language: Language) -> bool:
    """Whether the article is on health and speaks of ailments and what to do about them."""
    if not digest.shares.any() or digest.words < 100:
        return False
    share = float(digest.shares[language.topics.names.index("Health")])
    if share < SHARE:
        return False
    return len(_ADVICE.findall(digest.text)) * 1000.0 / digest.words >= RATE
