"""Wording: the anchors and addresses of planted links by family, from one half of the generator's own vocabulary.

Terms are split in two halves by a hash, one for training and one for testing, so that no phrase and no host is met twice.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from auditor import urls
from auditor.language.words import STOPWORDS, content, tokens
from auditor.page.page import Page

ANCHORS = ("geo-service", "product", "vice", "brand", "on-topic", "generic", "bare", "foreign", "query")
"""Families that differ by what the anchor says."""

_SUFFIXES = ("com",) * 5 + (
    "net",
    "org",
    "co.uk",
    "co",
    "io",
    "ca",
    "com.au",
    "us",
    "info",
    "in",
    "de",
    "com.br",
    "pl",
    "xyz",
    "top",
    "club",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_DISTRICTS = ("West", "East", "North", "South", "New", "Lake", "Fort", "Port")
_BROKEN_INTO = frozenset({"vice", "foreign", "query", "hidden"})
"""Families whose targets mostly lie on hosts that were themselves broken into."""


@cache
def terms() -> dict[str, tuple[str, ...]]:
    """The generator's own vocabulary by section, from `terms.txt` beside this module."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in (Path(__file__).parent / "terms.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]") and "|" not in line:
            section = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            section.extend(term.strip() for term in line.split("|") if term.strip())
    return {name: tuple(entries) for name, entries in found.items()}


def half(term: str) -> int:
    """Which half of the vocabulary a term belongs to, 0 or 1."""
    return hashlib.sha256(term.lower().encode()).digest()[0] & 1


@cache
def _choices(section: str, part: int | None) -> tuple[str, ...]:
    return tuple(term for term in terms()[section] if part is None or half(term) == part)


class Wording:
    """Writes anchors and addresses with one half of the vocabulary (`part` 0 or 1; None: all of it).

    `targets` are real external addresses of other honest pages: a share of the planted links lead there, so that the shape of an
    address alone cannot give a planted link away.
    """

    def __init__(self, part: int | None, targets: Sequence[str]) -> None:
        self.part = part
        self.targets = targets

    def pick(self, rng: random.Random, section: str) -> str:
        return rng.choice(_choices(section, self.part))

    def phrase(self, page: Page, family: str, rng: random.Random) -> tuple[str, str]:
        """(anchor, address) of one family of `ANCHORS`."""
        make: dict[str, Callable[[], str]] = {
            "geo-service": lambda: self.geo(rng),
            "product": lambda: self.product(rng),
            "vice": lambda: self.pick(rng, "vice"),
            "brand": lambda: self.brand(rng),
            "on-topic": lambda: self._on_topic(page, rng),
            "generic": lambda: self.pick(rng, "generic"),
            "foreign": lambda: self.pick(rng, "foreign"),
            "query": lambda: self.query(rng),
        }
        if family == "bare":
            href = self.address(rng.choice((self.vice, self.product, self.geo, self.query))(rng), rng, "bare")
            shown = href.removeprefix("https://") if rng.random() < 0.3 else href
            return shown.rstrip("/") if rng.random() < 0.5 else shown, href
        anchor = make[family]()
        return anchor, self.address(self.product(rng) if family == "generic" else anchor, rng, family)

    def synonyms(self) -> dict[str, str]:
        """Everyday words with the odd ones that spinning programs put in their place."""
        pairs = (entry.partition("=") for entry in terms()["synonyms"] if self.part is None or half(entry) == self.part)
        return {usual: odd for usual, _, odd in pairs}

    def place(self, rng: random.Random) -> str:
        place = self.pick(rng, "places")
        if rng.random() < 0.25:
            place = f"{rng.choice(_DISTRICTS)} {place}"
        return f"{place} {self.pick(rng, 'states')}" if rng.random() < 0.2 else place

    def geo(self, rng: random.Random) -> str:
        place, trade = self.place(rng), self.pick(rng, "trades")
        shape = rng.random()
        if shape < 0.45:
            text = f"{place} {trade}"
        elif shape < 0.7:
            text = f"{trade} in {place}"
        elif shape < 0.85:
            text = f"{trade} {place}"
        else:
            text = f"{rng.choice(('best', 'top', 'affordable', 'local'))} {trade} {place}"
        return text.lower() if rng.random() < 0.3 else text

    def product(self, rng: random.Random) -> str:
        product = self.pick(rng, "products")
        shape = rng.random()
        if shape < 0.3:
            return product
        if shape < 0.75:
            return f"{self.pick(rng, 'selling')} {product}"
        return f"{product} {rng.choice(('online', 'for sale', 'near me', 'reviews', 'store', 'deals', 'price'))}"

    def vice(self, rng: random.Random) -> str:
        return self.pick(rng, "vice")

    def query(self, rng: random.Random) -> str:
        """What somebody types into a search box, in lower case."""
        about = self.pick(rng, rng.choice(("drugs", "drugs", "products", "trades")))
        return self.pick(rng, "queries").replace("[]", about).lower() + ("?" if rng.random() < 0.15 else "")

    def brand(self, rng: random.Random) -> str:
        start, end = self.pick(rng, "syllables"), self.pick(rng, "syllables")
        name = (
            (start + end).capitalize()
            if rng.random() < 0.6
            else f"{start.capitalize()} {self.pick(rng, 'brand tails')}"
        )
        return f"{name} {self.pick(rng, 'brand tails')}" if rng.random() < 0.3 else name

    def _on_topic(self, page: Page, rng: random.Random) -> str:
        words = [w for w in content(tokens(page.title)) if len(w) > 3] or ["home"]
        at = rng.randrange(len(words))
        key = " ".join(words[at : at + rng.choice((1, 2, 2))])
        if rng.random() < 0.5:
            return f"{self.pick(rng, 'selling')} {key}"
        return f"{key} {self.pick(rng, 'offer tails')}"

    def address(self, about: str, rng: random.Random, family: str) -> str:
        """A target of one of the shapes that paid links and broken hosts have, or an honest page's real one."""
        if self.targets and family not in ("vice", "hidden", "footer", "telling") and rng.random() < 0.2:
            return rng.choice(self.targets)
        words = [w for w in tokens(about) if w not in STOPWORDS and not w.isdigit()] or ["home"]
        scrambled = rng.random() < (0.45 if family in _BROKEN_INTO else 0.08)
        if scrambled and self.targets and rng.random() < 0.7:
            host = urls.host(rng.choice(self.targets))
        else:
            host = f"{rng.choice(('www.', '', ''))}{self._label(words, rng, family)}.{rng.choice(_SUFFIXES)}"
        if scrambled:
            if rng.random() < 0.15:
                host = f"{self._code(rng, 3, 6).strip('0123456789') or 'x'}.{host.removeprefix('www.')}"
            return f"https://{host}{self._scrambled_path(words, rng)}"
        return f"https://{host}{self._path(words, rng, family)}"

    def _label(self, words: list[str], rng: random.Random, family: str) -> str:
        if family == "telling" or rng.random() < 0.55:
            label = rng.choice(("", "", "the", "my", "get", "go")) + "".join(words[:3])
            label += rng.choice(("", "", "", "pro", "hub", "hq", "online", "group", "24"))
        else:
            label = self.pick(rng, "syllables") + self.pick(rng, "syllables")
            label += rng.choice(("", "", "ltd", "co", "media", "labs"))
        if rng.random() < 0.2 and len(words) > 1:
            label = "-".join(words[:3])
        return re.sub(r"[^a-z0-9-]", "", label.lower())[:40].strip("-") or "site"

    def _path(self, words: list[str], rng: random.Random, family: str) -> str:
        if rng.random() < 0.5 and family != "telling":
            return "/"
        slug = re.sub(r"[^a-z0-9-]", "", "-".join(words[:5]).lower()) or "page"
        if family == "bare" and rng.random() < 0.5:
            slug = "-".join(tokens(self.pick(rng, "sentences").replace("[]", words[0]).replace("{}", words[-1])))
        return rng.choice(
            (f"/{slug}/", f"/{slug}", f"/services/{slug}", f"/blog/{slug}/", f"/{slug}.html", f"/p/{slug}",
             f"/{rng.randrange(1000)}/{slug}", f"/20{rng.randrange(10, 25)}/0{rng.randrange(1, 10)}/{rng.randrange(10, 29)}/{slug}/")
        )  # fmt: skip

    def _scrambled_path(self, words: list[str], rng: random.Random) -> str:
        code = self._code(rng, 6, 12)
        slug = re.sub(r"[^a-z0-9-]", "", "-".join(words[:3]).lower()) or "page"
        number = str(rng.randrange(10**7, 10**8))
        return rng.choice(
            (f"/{code}/", f"/{number}/", f"/{slug}/{code}/", f"/?p={code}/", f"/blog/{number}/", f"/{code}/{slug}")
        )

    def _code(self, rng: random.Random, low: int, high: int) -> str:
        return "".join(rng.choice(_LETTERS) for _ in range(rng.randrange(low, high)))
