"""Does a page sell something? By what it declares, and by the buttons that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auditor.page.page import Page, Role
from auditor.page.structured import kinds

_OFFERS = frozenset(["Product", "Offer", "AggregateOffer", "ProductGroup"])
_BUTTONS = (
    "add to bag", "add to basket", "add to cart", "buy here", "buy it now", "buy now", "buy online", "buy today",
    "choose your package", "claim my", "claim your bottle", "claim your discount", "claim your free", "click here to buy",
    "click here to order", "click to order", "get my bottle", "get your bottle", "money back guarantee",
    "money-back guarantee", "order here", "order it", "order now", "order online", "order today", "order your",
    "proceed to checkout", "reserve your bottle", "rush my", "select package",
)  # fmt: skip
"""How the labels begin behind which something is bought."""
_BEGINNINGS = frozenset(button[:4] for button in _BUTTONS)
_LABEL = 60  # characters
_ASIDE = frozenset([Role.COMMENTS, Role.RELATED])


@lru_cache(maxsize=2)
def sells(page: Page) -> bool:
    """Whether a page offers a product: by its structured data or Open Graph type, or by a shop's words on a button."""
    metadata = page.metadata
    if metadata.og.get("og:type", "").lower().startswith("product"):
        return True
    if any(_OFFERS & set(kinds(node)) for node in metadata.structured):
        return True
    return any(label[:4].lower() in _BEGINNINGS and label.lower().startswith(_BUTTONS) for label in _labels(page))


def _labels(page: Page) -> Iterator[str]:
    for link in page.links:
        if len(link.anchor) < _LABEL:
            yield link.anchor.strip()
    roles = [block.role for block in page.blocks]
    for paragraph in page.paragraphs:
        if len(paragraph.text) < _LABEL and roles[paragraph.block] not in _ASIDE:
            yield paragraph.text
