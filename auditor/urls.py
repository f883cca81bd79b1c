"""Addresses: absolute, normalised, and by registrable domain; offline, with the public suffix list's bundled snapshot."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import tldextract

DEFAULT_PORTS = {"http": 80, "https": 443}

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=16384)
def registrable(host: str) -> str:
    """Registrable domain (eTLD+1) of a host name: `blog.example.co.uk` → `example.co.uk`.

    Private suffixes count as domains of their owner's company (`a.github.io` → `github.io`) only where the list says
    so; here they are kept apart, since two blogs on one host are two sites: `a.github.io` stays `a.github.io`.
    An IP address, `localhost` or an unknown suffix is its own domain.
    """
    host = host.strip().rstrip(".").lower()
    parts = _extract(host, include_psl_private_domains=True)
    return f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else host


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
    parts = split(url)
    return (parts.hostname or "") if parts else ""


def site(url: str) -> str:
    """Registrable domain of a URL; empty for none."""
    name = host(url)
    return registrable(name) if name else ""


def absolute(base: str, href: str) -> str:
    """Where `href` on a page at `base` leads, without fragment; empty for `#`, `javascript:`, `mailto:` and what is broken.

    With an empty base, relative addresses stay relative.
    """
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
