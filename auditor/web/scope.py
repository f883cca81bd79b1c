"""Scope: which addresses belong to a crawl, and what a user's word for a start means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import translate

from auditor import identity, urls
from auditor.config import CrawlLimits

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}:(?!\d)")


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a crawl as it was given, and the address tried first."""

    given: str
    url: str
    """Empty where it is no web address."""
    guessed: bool = False
    """The user gave no scheme: https is tried first, http where nothing answers."""


def start(given: str) -> Start:
    """`example.com`, `example.com/blog` and `localhost:8000` are taken for https; other schemes for no address."""
    text = given.strip()
    if text.startswith("//"):
        text = text[2:]
    if "://" not in text and not _SCHEME.match(text):
        return Start(given, identity.clean(f"https://{text}"), guessed=True)
    return Start(given, identity.clean(text))


def plain_http(url: str) -> str:
    """What is tried where nothing answers at the https address that a start was taken for."""
    return identity.clean("http://" + url.partition("://")[2])


@dataclass(slots=True)
class Scope:
    """The sites of a crawl. Grows only by where a start's own redirects lead within its registrable domain."""

    limits: CrawlLimits
    _authorities: set[str] = field(default_factory=set)
    _domains: set[str] = field(default_factory=set)
    _include: re.Pattern[str] | None = field(init=False)
    _exclude: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        self._include = _any_of(self.limits.include)
        self._exclude = _any_of(self.limits.exclude)

    def admit(self, url: str) -> None:
        """Take the site of this address in."""
        self._authorities.add(identity.authority(url))
        self._domains.add(urls.site(url))

    def may_move(self, source: str, target: str) -> bool:
        """Whether a start's redirect stays with its owner: the same registrable domain, any scheme, host or port."""
        return urls.site(source) == urls.site(target)

    def has_site(self, url: str) -> bool:
        """Whether an address is on one of the sites, the patterns aside."""
        if identity.authority(url) in self._authorities:
            return True
        return self.limits.include_subdomains and urls.site(url) in self._domains

    def covers(self, url: str) -> bool:
        """Whether an address may be fetched as a page: on one of the sites, included, not excluded."""
        if not self.has_site(url):
            return False
        if self._include is None and self._exclude is None:
            return True
        path = "/" + url.partition("://")[2].partition("/")[2]
        if self._include is not None and not (self._include.match(url) or self._include.match(path)):
            return False
        return self._exclude is None or not (self._exclude.match(url) or self._exclude.match(path))


def _any_of(globs: Sequence[str]) -> re.Pattern[str] | None:
    """One pattern for all globs, on the whole address or, for those that begin with `/`, on path and query."""
    return re.compile("|".join(translate(one) for one in globs)) if globs else None
