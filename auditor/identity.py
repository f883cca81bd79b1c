"""Identity of addresses: what is asked for, without tracking and session parameters, and when two are one page."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

from auditor import urls

MAX_ADDRESS = 2_000
"""Characters; longer ones come from loops that append to themselves. Browsers and proxies start to fail there too."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRACKING = _words(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_cid mc_eid _ga _gl _hsenc _hsmi mkt_tok "
    "oly_enc_id oly_anon_id vero_id s_cid ref_src replytocom"
)
"""Parameters that say where a visitor came from; `replytocom` is WordPress's reply button on every comment."""

SESSIONS = _words("phpsessid jsessionid aspsessionid sid sessionid session_id sessid cfid cftoken oscsid zenid")
MIN_SESSION = 16
"""Characters of a session's value; a shorter `sid` may well be a section or a story."""

_PATH_SESSION = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SAFE = "%/:=&?~#+!$,;'@()*[]|^`{}\\\"<>"


@lru_cache(maxsize=4096)
def clean(url: str) -> str:
    """The address to ask for: normalised, in ASCII, without tracking and session parameters.

    Empty for what no crawler can ask for: another scheme, no host, a host that is no name, or too long.
    """
    url = urls.normalise(url)
    if not url or len(url) > MAX_ADDRESS:
        return ""
    scheme, _, rest = url.partition("://")
    authority, slash, tail = rest.partition("/")
    if not authority.isascii():
        authority = _ascii_host(authority)
    if not _AUTHORITY.fullmatch(authority):
        return ""
    path, _, query = tail.partition("?")
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    if query:
        query = "&".join(part for part in query.split("&") if part and not _is_noise(part))
    tail = f"{path}?{query}" if query else path
    if not tail.isascii() or not tail.isprintable() or " " in tail:
        tail = quote(tail, safe=_SAFE)
    return f"{scheme}://{authority}{slash or '/'}{tail}"


def _ascii_host(authority: str) -> str:
    name, colon, port = authority.partition(":")
    try:
        return name.encode("idna").decode("ascii") + colon + port
    except UnicodeError:
        return ""


def _is_noise(part: str) -> bool:
    name, _, value = part.partition("=")
    name = name.lower()
    if name.startswith("utm_") or name in TRACKING:
        return True
    return name in SESSIONS and len(value) >= MIN_SESSION and value.isalnum()


def key(url: str) -> str:
    """What two cleaned addresses of one page have in common: neither scheme nor `www.` nor the case of escapes count.

    `http://www.example.com/a` and `https://example.com/a` are one page in all but broken sites, and asking for both
    would double the requests to a site that mixes its links.
    """
    rest = url.partition("://")[2].removeprefix("www.")
    return _ESCAPE.sub(lambda match: match[0].upper(), rest) if "%" in rest else rest


def code(url: str) -> int:
    """`key` as a signed 64-bit number: the same in every process, and small enough to remember hundreds of thousands."""
    return int.from_bytes(hashlib.blake2b(key(url).encode(), digest_size=8).digest(), "big", signed=True)


def spellings(url: str) -> list[str]:
    """A cleaned address and what else `key` takes for the same: the other scheme, with `www.` or without."""
    rest = url.partition("://")[2].removeprefix("www.")
    return [url, *(one for s in ("https", "http") for w in ("", "www.") if (one := f"{s}://{w}{rest}") != url)]


def code_of(url: str | None) -> int:
    """`code` of an address as a link has it; 0 for none, and for what no crawl can ask for."""
    address = clean(url) if url else ""
    return code(address) if address else 0


def authority(url: str) -> str:
    """Host and port as one word, without `www.` and the scheme's own port: `example.com`, `127.0.0.1:8000`."""
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def machine(url: str) -> str:
    """Host name without `www.` or port: what is behind them is one machine more often than not."""
    return urls.host(url).removeprefix("www.")


def origin(url: str) -> str:
    """Scheme and authority of a cleaned address: `https://www.example.com`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
