"""Agents: under which names a page is asked for when a look as a search bot is held against a look as a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor import urls
from auditor.errors import ConfigError
from auditor.web import scope

CHROME_LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
CHROME_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
CHROME_ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)
GOOGLEBOT_SMARTPHONE = (
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)
GOOGLEBOT_DESKTOP = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) "
    "Chrome/140.0.0.0 Safari/537.36"
)
BINGBOT = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) "
    "Chrome/140.0.0.0 Safari/537.36"
)


@dataclass(frozen=True, slots=True)
class Agents:
    """A search bot, and the browser that it is to be compared with: of the same kind of device, since many sites send
    telephones another page."""

    bot: str
    browser: str


KNOWN: Mapping[str, Agents] = {
    "googlebot": Agents(GOOGLEBOT_SMARTPHONE, CHROME_ANDROID),
    "googlebot-desktop": Agents(GOOGLEBOT_DESKTOP, CHROME_LINUX),
    "bingbot": Agents(BINGBOT, CHROME_WINDOWS),
}


def agents(name: str) -> Agents:
    """The agents of a look as `name`.

    Raises:
        ConfigError: a name that is not known.
    """
    try:
        return KNOWN[name.strip().lower()]
    except KeyError:
        raise ConfigError(f"no search bot is named {name[:40]}; --compare-as takes {', '.join(KNOWN)}") from None


def is_mine(url: str, mine: Sequence[str]) -> bool:
    """Whether an address is on one of the domains that the user owns, or below one. A public suffix (`co.uk`) owns nothing."""
    host = urls.host(url)
    for given in mine:
        domain = urls.host(scope.start(given).url).removeprefix("www.")
        if host and (host in (domain, f"www.{domain}") or _below(host, domain)):
            return True
    return False


def _below(host: str, domain: str) -> bool:
    return host.endswith(f".{domain}") and urls.registrable(host) == urls.registrable(domain)


def require_mine(starts: Sequence[str], mine: Sequence[str]) -> None:
    """Let only owners be taken for a search bot: every start has to be on a domain named with --mine.

    Raises:
        ConfigError: one is not.
    """
    for given in starts:
        if not is_mine(scope.start(given).url, mine):
            domain = urls.site(scope.start(given).url) or given[:80]
            raise ConfigError(
                f"--compare-as is for sites of your own; if {domain} is yours, say so with --mine {domain}"
            )
