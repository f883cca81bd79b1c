"""Addresses: absolute, normalised, and by registrable domain; offline, with the public suffix list's bundled snapshot."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}

# Nearly all addresses are spelled plainly and come out as they went in; only the others pay for the standard library's care.
_HOST = re.compile(r"https?://([A-Za-z0-9._-]+)(?::[1-9]\d{0,3}|:[1-5]\d{4})?(?=[/?#]|\Z)", re.ASCII)
_WHOLE = re.compile(
    r"(https?://[A-Za-z0-9._-]+(?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?(?:/[^\s?#;]*)?(?:\?[^\s#]+)?)(?:#\S*)?"
)
_ROOTED = re.compile(r"((?:/(?![./])[^\s/?#;]*)+(?:\?[^\s#]+)?)(?:#\S*)?")
# Addresses that lead to the same place from every page of a site, and how many of them are kept.
_FIXED = re.compile(r"/(?![/\s])|https?://[A-Za-z0-9]")
_PLAIN = re.compile(r"https?://(?:www\.)?(?!www\.)([a-z0-9.-]+)((?:/[A-Za-z0-9_.~-]*)*)(\?[^\s#]+)?", re.ASCII)
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_SHORT = 300
_KEPT = 4096


@cache
def _suffixes() -> frozenset[str] | None:
    """Every rule of the public suffix list that tldextract ships, as written (`co.uk`, `*.ck`, `!www.ck`).

    Only the list is read: importing tldextract brings in an HTTP client and costs half of a cold start. None where a version of
    tldextract keeps its list elsewhere; then the library itself answers.
    """
    spec = find_spec("tldextract")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            text = (Path(folder) / ".tld_set_snapshot").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        rules = {line.strip() for line in text.splitlines() if line and not line.startswith("//")}
        if {"com", "co.uk"} <= rules:
            return frozenset(_ascii(rule) for rule in rules)
    return None


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in name.split(".")
        )
    except UnicodeError:
        return name


@cache
def _library() -> Callable[[str], str]:
    import tldextract

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def answer(host: str) -> str:
        parts = extract(host, include_psl_private_domains=True)
        return f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else host

    return answer


@lru_cache(maxsize=1024)
def registrable(host: str) -> str:
    """Registrable domain (eTLD+1) of a host name: `blog.example.co.uk` → `example.co.uk`.

    By the public suffix list, its private section included: two blogs on one hosting service (`a.github.io`, `b.github.io`) are
    two sites. Under a suffix that the list does not know, the last two labels. An IP address, `localhost` or a bare suffix is its own
    domain.
    """
    host = host.strip().rstrip(".").lower()
    rules = _suffixes()
    if rules is None:
        return _library()(host)
    labels = _ascii(host).split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return host
    # The longest rule wins; a rule with ! names a domain below a wildcard (publicsuffix.org, "Algorithm").
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if f"!{name}" in rules:
            return ".".join(host.split(".")[start:])
        if name in rules or (start + 1 < len(labels) and "*." + ".".join(labels[start + 1 :]) in rules):
            return ".".join(host.split(".")[start - 1 :]) if start else host
    return ".".join(host.split(".")[-2:])


def split(url: str) -> SplitResult | None:
    """`urlsplit` that answers None where it would raise (bad brackets, bad port)."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def host(url: str) -> str:
    """Host name of a URL in lower case; empty for none."""
    if plain := _HOST.match(url):
        return plain[1].lower()
    parts = split(url)
    return (parts.hostname or "") if parts else ""


def site(url: str) -> str:
    """Registrable domain of a URL; empty for none."""
    name = host(url)
    return registrable(name) if name else ""


_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:[?:/].{0,300})?\Z", re.IGNORECASE)


def is_picture(url: str) -> bool:
    """Whether an address names an image file."""
    return _PICTURE.search(url) is not None


_ODD = re.compile(r"[^a-z0-9._:%-]")
_LONGEST_NAME = 253


def spelt(name: str) -> str:
    """A host name in one spelling that no terminal, table or list takes for anything else: lower case, ASCII (`xn--…`), at most 253
    characters, what no name may hold as `%` and figures."""
    name = _ascii(name.strip().rstrip(".").lower())
    if _ODD.search(name):
        name = _ODD.sub(lambda match: "".join(f"%{byte:02x}" for byte in match[0].encode("utf-8", "replace")), name)
    return name[:_LONGEST_NAME]


def absolute(base: str, href: str) -> str:
    """Where `href` on a page at `base` leads, without fragment; empty for `#`, `javascript:`, `mailto:` and what is broken.

    With an empty base, relative addresses stay relative.
    """
    if plain := _WHOLE.fullmatch(href):
        return plain[1]
    if (plain := _ROOTED.fullmatch(href)) and (root := _root(base)):
        return root + plain[1]
    href = href.strip()
    if not href or href.startswith("#"):
        return ""
    head = href[:11].lower()
    if head.startswith(("javascript:", "mailto:", "tel:", "data:", "sms:", "about:", "blob:", "whatsapp:", "skype:")):
        return ""
    try:
        url = urljoin(base, href) if base else href
        return url.partition("#")[0]
    except ValueError:
        return ""


def targets(base: str) -> Callable[[str], tuple[str, str]]:
    """A function that says of each `href` of a page at `base` where it leads (see `absolute`) and to which registrable domain; the
    domain is empty for what has none. Menus repeat on every page of a site, so what leads to one place from all of them is kept."""
    root = _root(base)
    known = _known(root)

    def target(href: str) -> tuple[str, str]:
        found = known.get(href)
        if found is None:
            url = absolute(base, href)
            found = url, site(url) if url[:4].lower() == "http" or url.startswith("//") else ""
            if root and len(href) <= _SHORT and _FIXED.match(href):
                if len(known) >= _KEPT:
                    known.clear()
                known[href] = found
        return found

    return target


@lru_cache(maxsize=8)
def _known(root: str) -> dict[str, tuple[str, str]]:
    """What `targets` has found out for pages below `root`."""
    return {}


@lru_cache(maxsize=256)
def _root(base: str) -> str:
    """Scheme and host of a plainly spelled address; empty for others."""
    return base[: plain.end()] if _WHOLE.fullmatch(base) and (plain := _HOST.match(base)) else ""


def normalise(url: str) -> str:
    """One spelling per address: scheme and host in lower case, no default port, no fragment, `/` for an empty path.

    Path and query keep their spelling: servers may tell them apart (RFC 3986, section 6.2.2).
    Returns an empty string for what is no http(s) address.
    """
    parts = split(url.strip())
    if parts is None or parts.scheme.lower() not in DEFAULT_PORTS or not parts.hostname:
        return ""
    scheme = parts.scheme.lower()
    name = parts.hostname.lower()
    if ":" in name:
        name = f"[{name}]"
    netloc = name if parts.port in (None, DEFAULT_PORTS[scheme]) else f"{name}:{parts.port}"
    return urlunsplit((scheme, netloc, parts.path or "/", parts.query, ""))


def same_page(url: str) -> str:
    """What the addresses of one page have in common: no scheme, `www.`, default port, fragment or last slash; escapes in one case.

    For comparing what a page says of itself with where it was found; what is no http(s) address comes out as it went in.
    """
    if plain := _PLAIN.fullmatch(url):
        return f"{plain[1]}{plain[2].rstrip('/')}{plain[3] or ''}"
    address = normalise(url)
    if not address:
        return url.strip()
    parts = urlsplit(address)
    path = _ESCAPED.sub(lambda escape: escape[0].upper(), quote(parts.path, safe="%/:@!$&'()*+,;=~")).rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}{f'?{parts.query}' if parts.query else ''}"
