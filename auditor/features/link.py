"""The features of one external link, complete: its anchor, then its target, then its place."""

from __future__ import annotations

from auditor.features.position import LINK

__all__ = ["LINK"]
