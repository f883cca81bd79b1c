"""The brand that a configuration names: whose reports they are."""

from __future__ import annotations

from pathlib import Path

import typer

from auditor.cli.settings import current, shown
from auditor.errors import ConfigError
from auditor.render.brand import LARGEST, Brand


def brand(context: typer.Context) -> Brand | None:
    """What `[brand]` says; None where there is none. Raises ConfigError for a logo or a colour that no report could show."""
    settings = current(context)
    told = settings.tables.brand
    if not told:
        return None
    logo = b""
    if "logo" in told:
        folder = settings.file.parent if settings.file is not None else Path()
        file = folder / Path(told["logo"]).expanduser()
        try:
            with file.open("rb") as stream:
                logo = stream.read(LARGEST + 1)
        except OSError as error:
            raise ConfigError(f"cannot read the logo {shown(file)} ({error.strerror}); put brand.logo right") from error
    return Brand(told.get("name", ""), logo, told.get("colour", ""))
