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


MAX_CHARACTERS = 60
"""Of an anchor; a longer one is a headline."""
_MORE = 5  # words that may follow an open phrase ("About the Larch and Oak Weekly")
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
    """The first link to each kind of standing page, wherever on the page it stands; comments and related posts aside.

    A page of another site counts where a menu or a footer links to it: groups of sites share such pages.
    """
    found: dict[Standing, Link] = {}
    brand = _letters(f"{page.metadata.site_name} {page.site}")
    roles = [block.role for block in page.blocks]
    for link in page.links:
        role = roles[link.block]
        if role is Role.COMMENTS or role is Role.RELATED or len(link.anchor) > MAX_CHARACTERS:
            continue
        if link.href[:7] == "mailto:":
            found.setdefault(Standing.CONTACT, link)
        elif link.url and (not link.external or role in _MENUS):
            for kind in kinds(link.anchor, "" if link.external else link.href, brand):
                found.setdefault(kind, link)
    return found


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


@lru_cache(maxsize=8192)
def kinds(anchor: str, address: str = "", brand: str = "") -> frozenset[Standing]:
    """Which kinds of standing page a link leads to, by its anchor and by the last part of its address.

    Args:
        brand: the letters of the site's names; "About" and "Contact" may be followed by them and by nothing else, for many sites
            have articles "About …".
    """
    whole, opening = _phrases()
    found: set[Standing] = set()
    words = _BLANKS.sub(" ", anchor.lower()).strip(" .:›»→")
    first, _, rest = words.partition(" ")
    if kind := whole.get(words):
        found.add(kind)
    elif (
        first in opening
        and 0 <= rest.count(" ") < _MORE
        and (letters := _letters(rest.removeprefix("the ")))
        and letters in brand
    ):
        found.add(opening[first])
    parts = address.partition("?")[0].partition("#")[0].rstrip("/").lower().split("/")
    if kind := whole.get(_BLANKS.sub(" ", _ENDING.sub("", parts[-1]))):
        found.add(kind)
    return frozenset(found)
