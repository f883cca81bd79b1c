"""Lexicons: places, trades, vice, wordings and kinds of hosts, from data files, loaded when first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from urllib.parse import parse_qsl, urlsplit

from auditor.language.places import place_and_trade, places, trades
from auditor.language.terms import Span, Words, fold, listed, read, sections, words
from auditor.language.vice import ViceHit, vice, vice_address
from auditor.language.words import stem

__all__ = [
    "HostKind",
    "Span",
    "ViceHit",
    "affiliate",
    "against_vice",
    "buying",
    "clickbait",
    "commercial",
    "connector",
    "disclosure",
    "host_kind",
    "is_generic",
    "place_and_trade",
    "places",
    "pointing",
    "trades",
    "vice",
    "vice_address",
    "walled",
]

_CUES = "cues.txt"
_CONNECTOR_REACH = 12
_FILLERS = frozenset(
    ["a", "an", "the", "this", "these", "our", "their", "your", "some", "any", "for", "with", "to", "at", "of", "like"]
)
_HASHTAG = re.compile(r"(?<![\w#])#(?:ad|sponsored|affiliate)\b")
_ASSOCIATE = re.compile(r"-2[0-9]$")
_NUMBER = re.compile(r"^(?:top |the |here are |these )?\d{1,3}\b")


class HostKind(StrEnum):
    """What a target is, by its host alone."""

    SCHOLARLY = "scholarly"
    OFFICIAL = "official"
    REFERENCE = "reference"
    NEWS = "news"
    SOCIAL = "social"
    SHOP = "shop"
    SHORTENER = "shortener"
    AFFILIATE = "affiliate"
    PLATFORM = "platform"
    WIDGET = "widget"
    OTHER = "other"


@cache
def _generic() -> frozenset[str]:
    return frozenset(" ".join(words(entry)) for entry in sections(_CUES)["generic anchors"])


def is_generic(anchor: str) -> bool:
    """Whether an anchor says nothing about its target ("click here", "this site", "→", "[1]")."""
    found = words(anchor)
    return not any(not word.isdigit() for word in found) or " ".join(found) in _generic()


@cache
def pointing() -> frozenset[str]:
    """Stems of words that only point at what is linked ("an earlier post", "this study", "March")."""
    return frozenset(map(stem, sections(_CUES)["pointing"]))


@lru_cache(maxsize=1024)
def walled(title: str) -> bool:
    """Whether a page stands in another one's place, by its title: a log-in, a check for robots, an error."""
    return any(listed(_CUES, "walls").find(read(title)))


def commercial(text: str) -> int:
    """How many words and phrases of buying and hiring a text holds (catalogue L10)."""
    return sum(1 for _ in listed(_CUES, "commercial").find(read(text)))


def buying(anchor: str) -> bool:
    """Whether an anchor says that something is sold at its target."""
    return any(listed(_CUES, "buying").find(read(anchor)))


def against_vice(domain: str) -> bool:
    """Whether a domain's name says that it helps against a grey trade or watches over it (`problemgambling.example`)."""
    return any(word in domain for word in sections(_CUES)["against vice"])


def connector(text_before: str) -> bool:
    """Whether the words before a link lead up to an offer: "if you're looking for", "check out …" (catalogue L24).

    A short cue must stand right before the link, articles aside; one of three words or more, within the last twelve.
    """
    text = Words(fold(text_before[-240:]).replace("'", "").replace("’", ""))
    end = len(text.words)
    first = max(end - _CONNECTOR_REACH, 0)
    while end > first and text.words[end - 1] in _FILLERS:
        end -= 1
    cues = listed(_CUES, "connectors")
    spans = [(i, hit[0]) for i in range(first, len(text.words)) if (hit := cues.at(text, i))]
    return any(i + n >= end or n >= 3 for i, n in spans)


def disclosure(text: str) -> Span | None:
    """The first words by which a page owns up to being paid: sponsored, affiliate, guest post … (T13, T14)."""
    words = read(text)
    first: Span | None = None
    skipped: set[int] | None = None
    for i, n, cue in listed(_CUES, "disclosure").find(words):
        if skipped is None:
            skipped = {k for at, m, _ in listed(_CUES, "disclosure never").find(words) for k in range(at, at + m)}
        if i not in skipped:
            first = Span(words.span(i)[0], words.span(i + n - 1)[1], cue)
            break
    tag = _HASHTAG.search(words.folded) if "#" in words.folded else None
    if tag and (first is None or tag.start() < first.start):
        return Span(tag.start(), tag.end(), tag[0])
    return first


@lru_cache(maxsize=1024)
def clickbait(title: str) -> bool:
    """Whether a headline baits: a listed wording, a numbered list for "you", net worths (B11, B12)."""
    folded = fold(title).replace("'", "").replace("’", "")
    text = Words(folded)
    if any(listed(_CUES, "clickbait").find(text)):
        return True
    weak = sum(1 for _ in listed(_CUES, "clickbait weak").find(text))
    return weak >= 3 or (weak >= 1 and _NUMBER.match(folded.strip()) is not None)


@cache
def _hosts() -> tuple[Mapping[str, HostKind], Mapping[str, HostKind]]:
    exact: dict[str, HostKind] = {}
    suffixes: dict[str, HostKind] = {}
    for kind in HostKind:
        for name in sections("hosts.txt").get(kind.value, ()):
            if name.startswith("."):
                suffixes[name[1:]] = kind
            else:
                exact[name] = kind
    return exact, suffixes


@lru_cache(maxsize=1024)
def host_kind(registrable: str, full_host: str = "") -> HostKind:
    """What a target is, by its host name and the domains above it; the longest listed name decides."""
    exact, suffixes = _hosts()
    for name in (full_host, registrable):
        labels = name.lower().rstrip(".").split(".")
        chain = [".".join(labels[i:]) for i in range(len(labels))]
        for parent in chain[:12]:
            if kind := exact.get(parent) or suffixes.get(parent):
                return kind
    return HostKind.OTHER


@cache
def _affiliate_parameters() -> frozenset[str]:
    return frozenset(sections("hosts.txt")["affiliate parameters"])


@lru_cache(maxsize=1024)
def affiliate(url: str) -> bool:
    """Whether somebody is paid for the visit: a network, a partner's parameter, a `/go/` redirector."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        query = parse_qsl(parts.query, max_num_fields=100) if parts.query else ()
    except ValueError:
        return False
    if host and host_kind(host, host) is HostKind.AFFILIATE:
        return True
    for name, value in query:
        name, value = name.lower(), value.lower()
        if name in _affiliate_parameters() or (name == "tag" and ("amazon." in host or _ASSOCIATE.search(value))):
            return True
        if name in ("utm_medium", "utm_source", "medium") and value.startswith("affiliate"):
            return True
    if host_kind(host, host) in (HostKind.OFFICIAL, HostKind.SCHOLARLY, HostKind.REFERENCE):
        return False
    return parts.path.lower().startswith(sections("hosts.txt")["affiliate paths"])
