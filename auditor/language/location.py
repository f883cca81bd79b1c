"""Where the learned files lie, and how one array of them is read without trusting it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError


def models_folder() -> Path:
    """The folder with one sub-folder per model.

    The environment variable AUDITOR_MODELS wins; then `_models` inside the installed package; then `models` beside
    the package, as in a checkout.

    Raises:
        ModelError: none of them exists.
    """
    package = Path(__file__).resolve().parent.parent
    named = os.environ.get("AUDITOR_MODELS")
    if named:
        folder = Path(named)
        if folder.is_dir():
            return folder
        raise ModelError(f"AUDITOR_MODELS names no folder: {named!r}; unset it or point it at the models folder")
    for folder in (package / "_models", package.parent / "models"):
        if folder.is_dir():
            return folder
    raise ModelError("the models are missing; reinstall the package or set AUDITOR_MODELS to the folder they are in")


def array(path: Path, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """A memory-mapped array, checked against the type and shape its model declares. Nothing is ever unpickled.

    Raises:
        ModelError: the file is missing, cut short, damaged, or of another type or shape.
    """
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise ModelError(f"{path.name} is missing from {path.parent}; reinstall the package or train again") from None
    except (OSError, ValueError, EOFError, TypeError, OverflowError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{path.name} is damaged ({reason}); reinstall the package or train again") from None
    if not isinstance(found, np.ndarray) or found.dtype != np.dtype(dtype) or found.shape != shape:
        raise ModelError(f"{path.name} is not the {dtype} array of shape {shape} its model declares; train again")
    return np.asarray(found)  # still mapped, but without the subclass, whose every index costs a call
