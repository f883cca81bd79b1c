"""Told: what the page that a link leads to tells of itself, as far as anybody read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.page.page import Page
from auditor.page.parked import parked

LONGEST = 300
"""Characters of a title or description that are kept; nobody's is longer in earnest."""


@dataclass(frozen=True, slots=True)
class Told:
    """The target of a link, in its own words."""

    title: str
    description: str = ""
    language: str = ""
    """ISO 639-1 code; empty where it cannot be told."""
    topic: str = ""
    """Largest topic of its article; empty where its article is not known."""
    parked: str = ""
    """By what it shows that its domain is only for sale; empty where nothing does."""
    vector: NDArray[np.float32] | None = field(default=None, compare=False)
    """Of its article; None where that is not known, not English, or too short to be about anything."""

    def plain(self) -> dict[str, Any]:
        """What a look at another site found, in JSON's own types."""
        return {
            "title": self.title,
            "description": self.description,
            "language": self.language,
            "parked": self.parked,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Told:
        """What `plain` was made of."""
        return cls(kept["title"], kept["description"], kept["language"], parked=kept["parked"])


def told(page: Page) -> Told:
    """What a page says in its head, and nothing of its text."""
    described = page.metadata.description or page.metadata.og.get("og:description", "")
    return Told(_cut(page.title), _cut(described), page.language, parked=parked(page))


def _cut(text: str) -> str:
    return " ".join(text[: 4 * LONGEST].split())[:LONGEST]
