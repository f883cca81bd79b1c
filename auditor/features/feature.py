"""A feature: one number read off a link, a related block or a page, declared in one place with its phrase and direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ConfigError

T = TypeVar("T")
U = TypeVar("U")
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Feature(Generic[T]):
    """One number read off a subject; NaN where it cannot be had, never 0 for "not found"."""

    name: str
    phrase: str
    """What the number says, for people: completes "because …"."""
    sign: int
    """+1: larger raises the risk; −1: larger lowers it; 0: the model may decide."""
    read: Callable[[T], float]


class Catalogue(Generic[T]):
    """The features of one kind of subject, in the order of their declaration."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._features: list[Feature[T]] = []
        self._asked: dict[tuple[str, ...], list[Callable[[T], float]]] = {}

    def adopt(self, known: Feature[U], part: Callable[[T], U]) -> None:
        """Declare another catalogue's feature, read off a part of this one's subject."""
        self._add(Feature(known.name, known.phrase, known.sign, lambda subject: known.read(part(subject))))

    def feature(self, phrase: str, sign: int = 0) -> Callable[[Callable[[T], float]], Callable[[T], float]]:
        """Declare the function below as a feature; its name, with hyphens, is the feature's name."""

        def declare(read: Callable[[T], float]) -> Callable[[T], float]:
            self._add(Feature(read.__name__.strip("_").replace("_", "-"), phrase, sign, read))
            return read

        return declare

    def _add(self, found: Feature[T]) -> None:
        if any(known.name == found.name for known in self._features):
            raise ConfigError(f"two {self.subject} features are named {found.name}; rename one")
        self._features.append(found)

    @property
    def features(self) -> tuple[Feature[T], ...]:
        return tuple(self._features)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self._features)

    def matrix(self, subjects: Iterable[T], names: Sequence[str] | None = None) -> NDArray[np.float64]:
        """One row a subject, one column a feature, in the catalogue's order or that of `names`.

        Raises:
            ConfigError: a name that is not declared.
        """
        readers = self._readers(self.names if names is None else tuple(names))
        rows = [[float(read(subject)) for read in readers] for subject in subjects]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(readers))

    def _readers(self, names: tuple[str, ...]) -> list[Callable[[T], float]]:
        if names not in self._asked:
            self._asked[names] = [self.named(name).read for name in names]
        return self._asked[names]

    def named(self, name: str) -> Feature[T]:
        for known in self._features:
            if known.name == name:
                return known
        raise ConfigError(f"no {self.subject} feature is named {name}; the model and the program do not match")
