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
LIKELY = (0.4, 8.0)
CERTAIN = (0.7, 3.0)
"""Probability of the topic Health, with the words of treating and ailing for each thousand that an article then needs to be advice."""


def gives_health_advice(page: Page, digest: Digest, language: Language) -> bool:
    """Whether the article is on health and speaks of ailments and what to do about them."""
    if not digest.shares.any() or digest.words < 100:
        return False
    share = float(digest.shares[language.topics.names.index("Health")])
    if share < LIKELY[0]:
        return False
    rate = len(_ADVICE.findall(digest.text)) * 1000.0 / digest.words
    return rate >= LIKELY[1] or (share >= CERTAIN[0] and rate >= CERTAIN[1])
