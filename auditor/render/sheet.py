"""Sheet: small documents of tables in one file, which load nothing and run no script but their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ConfigError
from auditor.render.brand import Brand
from auditor.render.text import escape_terminal

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")


def sheet(template: str, brand: Brand | None = None, **data: Any) -> Iterator[str]:
    """A document of `templates/`, piece by piece; every text in it is escaped.

    Raises:
        ConfigError: Jinja2, which the extra `report` brings, is not there.
    """
    brand = brand or Brand()
    styles = [text for text in (_text("sheet.css"), brand.style) if text]
    script = _text("sort.js")
    policy = (
        f"default-src 'none'; style-src {' '.join(map(_hash, styles))}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    document = _environment().get_template(template)
    return document.generate(brand=brand, styles=styles, script=script, policy=policy, **data)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise ConfigError("HTML needs Jinja2; install it with: pip install 'auditor[report]'") from None
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["shown"] = _shown
    found.filters["thousands"] = lambda number: f"{number:,}"
    return found


def _shown(text: str, longest: int = 300) -> str:
    """Text as a reader sees it: on one line, with nothing that turns its direction, cut; the template escapes it."""
    plain = escape_terminal(text)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
