"""The linear scorer over a text's vector: what the wording of a text says, all words together."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError
from auditor.language.location import models_folder

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights over the dimensions of `auditor.language` vectors, learned by a logistic regression. Nothing in its file is executed."""

    name: str
    weights: NDArray[np.float64]
    """Shape (dimensions,)."""
    bias: float

    def log_odds(self, vector: NDArray[Any]) -> float:
        """Of one text's vector of unit length, shape (dimensions,); NaN for a vector of zeros, no word being known."""
        if not vector.any():
            return math.nan
        return self.bias + float(vector.astype(np.float64) @ self.weights)

    def dump(self) -> str:
        """The file's text; equal models give equal bytes."""
        return (
            json.dumps(
                {"format": FORMAT, "name": self.name, "bias": self.bias, "weights": self.weights.tolist()}, indent=0
            )
            + "\n"
        )


def parse_linear(text: str, name: str) -> Linear:
    """Read a file's text.

    Raises:
        ModelError: not JSON, another format, or weights that are no finite numbers.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        weights = np.array(raw["weights"], dtype=np.float64)
        bias = float(raw["bias"])
        if raw["format"] != FORMAT or weights.ndim != 1 or not np.isfinite([*weights, bias]).all():
            raise ValueError("format or weights")
        return Linear(str(raw["name"]), weights, bias)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ModelError(
            f"model {name} is damaged ({type(error).__name__}); reinstall the package or train again"
        ) from None


@cache
def load_linear(name: str) -> Linear:
    """The shipped wording of this model, read once per process.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        text = (models_folder() / name / "wording.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"the wording of model {name} is missing; reinstall the package or train again") from None
    return parse_linear(text, name)
