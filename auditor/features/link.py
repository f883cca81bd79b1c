"""The features of one external link, complete: its anchor, its target, its place, its company."""

from __future__ import annotations

from auditor.features.company import LINK

__all__ = ["LINK"]
