"""Kind: what a linked domain is, in one word."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a linked domain is."""

    SCHOLARLY = "scholarly"
    OFFICIAL = "official"
    REFERENCE = "reference"
    NEWS = "news"
    SOCIAL = "social"
    COMMERCE = "commerce"
    VICE = "vice"
    AFFILIATE = "affiliate"
    SHORTENER = "shortener"
    PLATFORM = "platform"
    WIDGET = "widget"
    OTHER = "other"
