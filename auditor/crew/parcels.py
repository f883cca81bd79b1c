"""Parcels: answers on the way between two processes of one program, as bytes and back; exact, and of no use to any other program."""

from __future__ import annotations

import io
import pickle
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from auditor.hands import Brief, Judged
from auditor.judge import Models
from auditor.model.verdict import Shares
from auditor.page.snapshot import Failure

Reply = Brief | Judged | Failure


class Parcels:
    """Between answers and bytes. Of a verdict's contributions only the numbers are sent; what they are about is the model's."""

    def __init__(self, models: Models) -> None:
        self._tables = [(m.features, m.phrases, m.signs) for m in models.additive]
        self._numbers = {id(features): number for number, (features, _, _) in enumerate(self._tables)}

    def packed(self, reply: Reply) -> bytes:
        """Raises whatever pickle does where something in it cannot be carried."""
        file = io.BytesIO()
        packer = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
        packer.dispatch_table = {Shares: self._thin}
        packer.dump(reply)
        return file.getvalue()

    def opened(self, data: bytes) -> Reply:
        """What was packed."""
        reply: Reply = _Opener(io.BytesIO(data), self._tables).load()
        return reply

    def _thin(self, shares: Shares) -> tuple[Callable[..., Shares], tuple[int, array[float], array[float]]]:
        number = self._numbers[id(shares.table[0])]
        return _shares, (number, array("d", shares.values), array("d", shares.weights))


class _Opener(pickle.Unpickler):
    """Puts the tables back."""

    def __init__(self, file: io.BytesIO, tables: Sequence[tuple[Sequence[str], Sequence[str], Sequence[int]]]) -> None:
        super().__init__(file)
        self._tables = tables

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, _shares.__name__):
            return lambda number, values, weights: Shares(*self._tables[number], values, weights)
        return super().find_class(module, name)


def _shares(number: int, values: Sequence[float], weights: Sequence[float]) -> Shares:
    """Stands in a parcel for a verdict's contributions; whoever opens it has the tables (`_Opener`)."""
    raise NotImplementedError
