"""Ends: what the two ends of a link, its anchor and its target, say by themselves; read once, however many pages bear them."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from auditor import urls
from auditor.features import surroundings
from auditor.features.feature import NAN
from auditor.language import Language, lexicons
from auditor.language.compound import Compound, part
from auditor.language.lexicons import HostKind
from auditor.language.phrases import marks
from auditor.language.places import place_and_trade, places, trades
from auditor.language.vectors import Floats, Vectors
from auditor.language.vice import ViceHit, vice, vice_address
from auditor.language.words import STOPWORDS, content, stem, tokens

_INFORMING = frozenset({HostKind.REFERENCE, HostKind.NEWS})
_SLUG = re.compile(r"[^\W\d_]+")
_KEPT = 512
"""Anchors and targets remembered: the menus, footers and badges of a site bear the same ones on every page."""
_LONG_ANCHOR = 200
_LONG_TARGET = 400


class Stems:
    """Distinct stems that carry a subject, each with its inverse document frequency."""

    __slots__ = ("total", "weights")

    def __init__(self, words: Sequence[str], vectors: Vectors) -> None:
        self.weights = {word: vectors.idf(word) for word in map(stem, content(words))}
        # Exact sums: the order of words must not show in them.
        self.total = math.fsum(self.weights.values())

    def share(self, others: Container[str]) -> float:
        """Weighted share of them that are among `others`; NaN where there are none."""
        if not self.total > 0:
            return NAN
        return math.fsum([weight for word, weight in self.weights.items() if word in others]) / self.total


@dataclass(slots=True, eq=False)
class Anchor:
    """The words that are linked."""

    text: str
    words: list[str]
    stems: Stems
    marks: list[str]
    """As the phrase statistics read it: an address reads as a name, not as the words it is made of."""
    bare: bool
    """It is an address."""
    generic: bool
    sells: ViceHit | None
    places: tuple[tuple[str, frozenset[str]], ...]
    """Names of places that are nothing else, each with its words."""
    trade: bool
    place_and_trade: bool
    commerce: int
    functional: float
    """Share of function words."""
    unknown: float
    """Share of its words that English text hardly knows."""
    foreign: float
    """Share of its letters that are of another script."""
    capitals: float
    symbols: int
    loud: float
    vector: Floats | None = field(default=None, init=False)
    """Left to whoever has many to ask for."""


@dataclass(slots=True, eq=False)
class Target:
    """Where a link leads, by its address alone."""

    url: str
    label: str
    """The first part of its registrable domain."""
    path: str
    slug: list[str]
    """Words of the address: those run together in its host's name, and its path's."""
    stems: Stems
    roots: frozenset[str]
    """The stems of all words of the slug."""
    known: float
    """Share of the host name's letters that stand in English words."""
    kind: HostKind
    sells: ViceHit | None
    commerce: int
    affiliate: bool
    below: int
    """How many parts its host's name has more than its domain's."""
    vector: Floats | None = field(default=None, init=False)


def anchor(text: str, language: Language) -> Anchor:
    """Read an anchor."""
    return _anchor_kept(text, language) if len(text) <= _LONG_ANCHOR else _anchor(text, language)


def target(url: str, host: str, language: Language) -> Target:
    """Read an address; `host` is its registrable domain."""
    return _target_kept(url, host, language) if len(url) <= _LONG_TARGET else _target(url, host, language)


def _anchor(text: str, language: Language) -> Anchor:
    words = tokens(text)
    hits = vice(text)
    bare = surroundings.is_address(text)
    letters = [c for c in text if c.isalpha()]
    spelled = [word for word in words if not word.isdigit() and word not in STOPWORDS]
    written = text.split()
    return Anchor(
        text=text,
        words=words,
        stems=Stems(words, language.vectors),
        marks=["Somewhere"] if bare else marks(text),
        bare=bare,
        generic=lexicons.is_generic(text),
        sells=max(hits, key=lambda hit: hit.hard) if hits else None,
        places=tuple((span.name, frozenset(tokens(span.name))) for span in places(text) if not span.ambiguous),
        trade=bool(trades(text)),
        place_and_trade=place_and_trade(text),
        commerce=lexicons.commercial(text),
        functional=sum(word in STOPWORDS for word in words) / len(words) if words else NAN,
        unknown=1.0 - len(language.vectors.ids(spelled)) / len(spelled) if spelled else NAN,
        foreign=sum(ord(c) > 0x24F for c in letters) / len(letters) if letters else NAN,
        capitals=sum(word[:1].isupper() for word in written) / len(written) if written else NAN,
        symbols=surroundings.symbols(text),
        loud=surroundings.loud(text),
    )


def _target(url: str, host: str, language: Language) -> Target:
    parts = urls.split(url)
    path = unquote(parts.path) if parts else ""
    full = (parts.hostname or "") if parts else ""
    label = host.partition(".")[0]
    named = compound(label, language.vectors)
    slug = [*named.words, *_SLUG.findall(path.lower().replace("_", " "))]
    kind = lexicons.host_kind(host, full)
    return Target(
        url=url,
        label=label,
        path=path,
        slug=slug,
        stems=Stems(slug, language.vectors),
        roots=frozenset(map(stem, slug)),
        known=named.known,
        kind=kind,
        # "Gambling_in_the_United_States" in an encyclopedia sells nothing.
        sells=None if kind in _INFORMING else vice_address(url),
        commerce=lexicons.commercial(" ".join(slug)),
        affiliate=lexicons.affiliate(url),
        below=full.count(".") - host.count("."),
    )


@lru_cache(maxsize=1024)
def compound(label: str, vectors: Vectors) -> Compound:
    """A part of a host name read as words of the vocabulary."""
    return part(label, vectors.index)


_anchor_kept = lru_cache(maxsize=_KEPT)(_anchor)
_target_kept = lru_cache(maxsize=_KEPT)(_target)
