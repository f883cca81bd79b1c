"""Standing pages: about, contact, privacy and the like, by the links that a page carries in whatever block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from auditor.page.page import Link, Page, Role


class Standing(StrEnum):
    """What a site tells of itself beside its articles."""

    ABOUT = "about"
    CONTACT = "contact"
    PRIVACY = "privacy"
    EDITORIAL = "editorial"
    """How articles are written, checked and corrected, and by whom."""
    ADVERTISING = "advertising"
    """Who pays: advertising, affiliate and sponsorship policies."""
    DISCLAIMER = "disclaimer"


DIGITS = 7
"""Of a telephone number; fewer are a help line's."""
MAX_CHARACTERS = 60
"""Of an anchor; a longer one is a headline."""
_MORE = 7  # words of a link to a privacy policy
_EDGES = " .:,›»→▾▼[](){}\u200b"
_OTHERS = frozenset({Role.COMMENTS, Role.RELATED})
_MENUS = frozenset({Role.NAVIGATION, Role.FOOTER, Role.SIDEBAR})
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)\Z")
_BLANKS = re.compile(r"[\s_+-]+|%20")


@cache
def _phrases() -> tuple[Mapping[str, Standing], Mapping[str, Standing]]:
    """Whole phrases, and first words that may be followed by others, each with its kind."""
    whole: dict[str, Standing] = {}
    opening: dict[str, Standing] = {}
    kind = Standing.ABOUT
    for line in (Path(__file__).parent / "standing.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = Standing(line.strip("[]"))
        elif line.endswith(" …"):
            opening[line.removesuffix(" …")] = kind
        elif line and not line.startswith("#"):
            whole[line] = kind
    return whole, opening


@lru_cache(maxsize=2)
def standing(page: Page) -> Mapping[Standing, Link]:
    """The first link to each kind of standing page, wherever on the page it stands.

    Links whose words say so come before those of which only the address does. A page of another site counts where a menu or a footer
    links to it, a privacy policy anywhere: groups of sites share such pages. An address to write to and a number to call are ways of
    contact.
    """
    said: dict[Standing, Link] = {}
    addressed: dict[Standing, Link] = {}
    brand = _letters(f"{page.metadata.site_name} {page.site}")
    roles = [block.role for block in page.blocks]
    for link in page.links:
        role = roles[link.block]
        if len(link.anchor) > MAX_CHARACTERS:
            continue
        if role in _OTHERS:
            # A footer that is taken for one of them; their own headlines and names are none of the phrases.
            if link.url and (kind := _phrases()[0].get(_words(link.anchor))):
                said.setdefault(kind, link)
        elif link.href[:7] == "mailto:":
            if "@" in link.href.partition("?")[0]:  # else it shares the page
                addressed.setdefault(Standing.CONTACT, link)
        elif link.href[:4] == "tel:":
            if sum(map(str.isdigit, link.href)) >= DIGITS:
                addressed.setdefault(Standing.CONTACT, link)
        elif link.url and link.host not in _WIDGETS:
            if kind := by_words(link.anchor, brand):
                if not link.external or role in _MENUS or kind is Standing.PRIVACY:
                    said.setdefault(kind, link)
            elif not link.external and (kind := by_address(link.href)):
                addressed.setdefault(kind, link)
    return {**addressed, **said}


# Whose terms a form or a counter has to name.
_WIDGETS = frozenset(
    {"google.com", "hcaptcha.com", "cloudflare.com", "automattic.com", "akismet.com", "facebook.com", "addtoany.com"}
)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _words(anchor: str) -> str:
    return _BLANKS.sub(" ", anchor.lower()).strip(_EDGES)


@lru_cache(maxsize=1024)
def by_words(anchor: str, brand: str = "") -> Standing | None:
    """Which kind of standing page a link's words announce.

    Args:
        brand: the letters of the site's names; "About" and "Contact" may be followed by them and by nothing else, for many sites
            have articles "About …".
    """
    whole, opening = _phrases()
    words = _words(anchor)
    if kind := whole.get(words):
        return kind
    if "privacy" in words and words.count(" ") < _MORE:
        return Standing.PRIVACY
    first, _, rest = words.partition(" ")
    letters = _letters(rest.removeprefix("the "))
    return opening[first] if first in opening and letters and letters in brand else None


@lru_cache(maxsize=1024)
def by_address(href: str) -> Standing | None:
    """Which kind of standing page the last part of an address names."""
    path = href.partition("?")[0].partition("#")[0].rstrip("/").lower()
    return _phrases()[0].get(_BLANKS.sub(" ", _ENDING.sub("", path.rpartition("/")[2])))
