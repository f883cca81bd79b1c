"""Features of a link's company: do the article's other external links bear the signs of planted ones?

Planted links seldom come alone on hacked hosts. On a page that carries one only, all of these are zero and say nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from auditor.features.anchor import article_overlap, interrupting_address, stranded_anchor, vice_anchor, vice_target
from auditor.features.position import LINK as LINK
from auditor.features.reading import LinkView, cosine
from auditor.features.target import scrambled_path
from auditor.language.lexicons import HostKind

feature = LINK.feature
FOREIGN = 0.05
"""Cosine with the article below which an anchor is about something else."""


def sells(view: LinkView) -> float:
    """Its anchor or its target plainly sells a grey trade."""
    return float(max(vice_anchor(view), vice_target(view)) > 1)


def foreign(view: LinkView) -> float:
    """An anchor of an unknown target whose words the article does not use and whose subject is another."""
    if view.target.kind is not HostKind.OTHER or not view.anchor.stems.weights or view.anchor.bare:
        return 0.0
    return float(article_overlap(view) == 0 and cosine(view.vector, view.reading.digest.vector) < FOREIGN)


def _others(view: LinkView, sign: Callable[[LinkView], float]) -> float:
    shown, count = view.reading.signs(sign)
    return float(min(count - shown[view.number], 5))


@feature("other links of the article stand between two sentences", +1)
def stranded_company(view: LinkView) -> float:
    return _others(view, stranded_anchor)


@feature("other links of the article are addresses amid a sentence", +1)
def interrupting_company(view: LinkView) -> float:
    return _others(view, interrupting_address)


@feature("other links of the article lead to folders of random letters", +1)
def scrambled_company(view: LinkView) -> float:
    return _others(view, scrambled_path)


@feature("other links of the article sell grey trades", +1)
def vice_company(view: LinkView) -> float:
    return _others(view, sells)


@feature("other links of the article have nothing to do with it", +1)
def foreign_company(view: LinkView) -> float:
    return _others(view, foreign)
