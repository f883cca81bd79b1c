"""Topics: which of the IAB's first-tier subjects a text vector belongs to, by a multinomial logistic regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError
from auditor.language.location import array

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Topics:
    """`names` in the order of the columns; `coefficients` (dimensions, topics) and `intercepts` (topics,)."""

    names: tuple[str, ...]
    coefficients: Floats
    intercepts: Floats

    @classmethod
    def load(cls, folder: Path, declared: Mapping[str, Any], dimensions: int) -> Topics:
        """Read the regression's weights.

        Raises:
            ModelError: a file is missing or does not have the declared size.
        """
        names = tuple(str(name) for name in declared["names"])
        if len(set(names)) != len(names) or not names:
            raise ModelError("the topics' names are empty or doubled; reinstall the package or train again")
        return cls(
            names=names,
            coefficients=array(folder / "topic_coefficients.npy", "float32", (dimensions, len(names))),
            intercepts=array(folder / "topic_intercepts.npy", "float32", (len(names),)),
        )

    def shares(self, vectors: Floats) -> Floats:
        """Probability of each topic, summing to 1: shape (topics,) for one vector, (n, topics) for a batch.

        A zero vector ("no known word") gives NaN in every place.
        """
        scores = vectors @ self.coefficients + self.intercepts
        scores -= scores.max(axis=-1, keepdims=True)
        powers = np.exp(scores)
        shares: Floats = (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float32)
        return np.where(np.any(vectors, axis=-1, keepdims=True), shares, np.float32(np.nan))

    def top(self, vector: Floats) -> str:
        """The most probable topic of one vector; an empty string where nothing is known."""
        return self.names[int(np.argmax(self.shares(vector)))] if np.any(vector) else ""
