"""Place: where an export goes; there it is whole or not at all, and nothing that was there is written over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from auditor.errors import ConfigError


@contextmanager
def making(file: Path) -> Iterator[BinaryIO]:
    """A new file, under its name only once it is complete.

    Raises:
        ConfigError: it exists, or cannot be written.
    """
    if file.exists():
        raise ConfigError(f"{file} exists; name a new file, or move that one away")
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(file)
    except OSError as error:
        raise ConfigError(f"cannot write {file} ({error.strerror or error}); name another file") from error
    finally:
        part.unlink(missing_ok=True)
