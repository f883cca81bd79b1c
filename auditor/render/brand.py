"""Brand: whose report it is: a name, a logo and a colour, checked before they enter a document."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from auditor.errors import ConfigError

LARGEST = 500_000
"""Bytes of a logo; it stands in every report."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    # A browser runs no scripts of an image and asks for nothing that it names.
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]", re.DOTALL), "image/svg+xml"),
)


@dataclass(frozen=True, slots=True)
class Brand:
    """Raises ConfigError for a colour or a logo that no report could show."""

    name: str = ""
    logo: bytes = b""
    """A PNG, JPEG, GIF, WebP or SVG file of at most 500 kB; empty for none."""
    accent: str = ""
    """Of stripes and bars, as #rrggbb; empty for the usual one. Text is never set in it, so that it can be read whatever it is."""
    accent_dark: str = ""
    """The same on a dark ground; empty for `accent`."""

    def __post_init__(self) -> None:
        for colour in (self.accent, self.accent_dark):
            if colour and not _COLOUR.fullmatch(colour):
                raise ConfigError(f"{colour[:40]!r} is no colour of a brand; give one like #1a5fb4")
        if len(self.logo) > LARGEST:
            raise ConfigError(f"the logo has {len(self.logo):,} bytes; at most {LARGEST:,} fit into a report")
        if self.logo and not self.media_type:
            raise ConfigError("the logo is no PNG, JPEG, GIF, WebP or SVG file; convert it")

    @property
    def media_type(self) -> str:
        """Of the logo, by its first bytes; empty where they are of no image."""
        return next((kind for signature, kind in _SIGNATURES if signature.match(self.logo)), "")

    @property
    def logo_url(self) -> str:
        """The logo as a `data:` address; empty where there is none."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.logo).decode()}" if self.logo else ""

    @property
    def style(self) -> str:
        """Its colours as rules of a style sheet; empty where it has none of its own."""
        light, dark = self.accent, self.accent_dark or self.accent
        rules = f":root{{--accent:{light}}}" if light else ""
        return rules + (f"@media screen and (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}" if dark else "")
