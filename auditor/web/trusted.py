"""Trusted: the hosts that a user's secrets are sent to."""

from __future__ import annotations

from collections.abc import Iterable

from auditor import identity, urls
from auditor.web import scope


class Trusted:
    """Whether an address may get the secrets of a crawl: a host that a start names, in the start's own scheme or https.

    Narrower than the crawl's scope, which grows by where a start redirects: a login page on another host of the
    domain gets nothing. `www.` and bare name are one. With `subdomains`, hosts below a start's are trusted too.
    """

    def __init__(self, starts: Iterable[str], subdomains: bool = False) -> None:
        # A start without a scheme counts as https alone: nobody said that a password may travel in the clear.
        self._starts = [url for given in starts if (url := scope.start(given).url)]
        self._subdomains = subdomains

    def __call__(self, url: str) -> bool:
        return any(self._is_of(url, start) for start in self._starts)

    def _is_of(self, url: str, start: str) -> bool:
        if url.startswith("http://") and not start.startswith("http://"):
            return False
        own, other = identity.authority(start), identity.authority(url)
        if own == other:
            return True
        return self._subdomains and other.endswith(f".{own}") and urls.site(url) == urls.site(start)
