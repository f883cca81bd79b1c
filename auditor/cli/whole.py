"""Files that are written whole or not at all: whoever is killed meanwhile leaves them as they were."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from auditor.errors import ConfigError


def write_whole(file: Path, text: str | bytes, called: str, advice: str) -> None:
    """Put a file in the place of the one that is there, with its permissions; a link stays one.

    Args:
        called: the file's name in front of people.
        advice: what to do where it cannot be written.

    Raises:
        ConfigError: the folder cannot be written.
    """
    target = file.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        made = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8") if isinstance(text, str) else text)
            made.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            made.replace(target)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"cannot write {called} ({error.strerror}); {advice}") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
