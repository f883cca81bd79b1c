"""What the tool knows of English: word vectors, topics and phrase statistics, read once from the models folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from auditor.errors import ModelError
from auditor.language.location import models_folder
from auditor.language.phrases import Phrases
from auditor.language.topics import Topics
from auditor.language.vectors import Vectors

FORMAT: Final = 1

__all__ = ["FORMAT", "Language", "Phrases", "Topics", "Vectors", "load", "models_folder", "read"]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The three language models, made to fit each other by one training run; `version` names that run. Compared by identity, so that
    what they say of a text can be kept beside it."""

    version: str
    vectors: Vectors
    topics: Topics
    phrases: Phrases


def read(folder: Path) -> Language:
    """Read the language models from one folder.

    Raises:
        ModelError: a file is missing, damaged, or of a format this version does not read.
    """
    try:
        declared = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise ModelError(f"no readable model.json in {folder}; reinstall the package or set AUDITOR_MODELS") from None
    if not isinstance(declared, dict) or declared.get("format") != FORMAT:
        raise ModelError(f"the language model is not of format {FORMAT}; install matching versions of code and models")
    try:
        vectors = Vectors.load(folder, declared["vectors"])
        topics = Topics.load(folder, declared["topics"], vectors.dimensions)
        phrases = Phrases.load(folder, declared["phrases"], vectors)
        return Language(str(declared["version"]), vectors, topics, phrases)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the language model's description is damaged ({error!r}); reinstall or train again") from None


@cache
def load() -> Language:
    """The language models of this installation, read once a process.

    Raises:
        ModelError: they are missing or damaged; the message says what to do.
    """
    return read(models_folder() / "language")
