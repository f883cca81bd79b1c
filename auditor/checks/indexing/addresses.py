"""Checks on a page's own address, and on what it loads from addresses that are not secure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity

_LONG = 115
"""Characters of an address up to which it is shown, copied and read out whole."""

_MANY = 4
"""Parameters of an address."""

_UPPER = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])[A-Z]")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]|%(?:[01][0-9A-F]|7F|E2%80%(?:8[BCDEF]|A[8-9A-E])|EF%BB%BF)",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"[;?&](?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|sessid|cfid|cftoken|oscsid|zenid)=",
    re.IGNORECASE,
)


@check(
    title="The page's address is untidy",
    severity=Severity.INFO,
    fix="For new pages use short addresses of words in lower case with hyphens; redirect old ones only where you rename them anyway.",
)
def untidy_address(page: Page) -> Iterator[Hit]:
    """Capitals, underscores, doubled slashes and session ids make several addresses of one page, and such an address is hard to read
    out, to copy and to recognise in a result list (Google Search Central on URL structure)."""
    address = page.url
    parts = urls.split(address) if address else None
    if page.format is not Format.HTML or parts is None or parts.scheme not in urls.DEFAULT_PORTS:
        return
    path = parts.path
    faults = []
    if _UPPER.search(path):
        faults.append("capitals")
    if "_" in path:
        faults.append("underscores")
    if "%20" in path or " " in path:
        faults.append("spaces")
    if _UNSEEN.search(address):
        faults.append("characters that cannot be seen")
    if "//" in path.replace("://", ""):
        faults.append("doubled slashes")
    if _SESSION.search(address):
        faults.append("a session id")
    if parts.query.count("&") >= _MANY - 1:
        faults.append(f"{parts.query.count('&') + 1} parameters")
    if len(address) > _LONG:
        faults.append(f"{len(address):,} characters")
    if faults:
        kinds = re.sub(r"[\d,]+ ", "", "|".join(faults))
        listed = " and ".join([", ".join(faults[:-1]), faults[-1]] if len(faults) > 1 else faults)
        yield Hit(
            message=f"The page's address has {listed}: {address[:160]}.",
            key=kinds,
            template=f"address {kinds}",
            evidence={"address": address[:500], "faults": faults},
        )


@check(
    title="The page is served without encryption",
    severity=Severity.LOW,
    fix="Serve the site over https, redirect http to it for good (301), and name https addresses as canonical and in the sitemap.",
)
def insecure_page(page: Page) -> Iterator[Hit]:
    """Whoever sits between reader and server can read the page and change it, browsers call it “not secure”, and search engines
    prefer the https page (Google Search Central, "Secure your site with HTTPS")."""
    asked = page.snapshot.final_url or page.snapshot.url
    address = asked or page.url
    if page.format is not Format.HTML or address[:7].lower() != "http://" or is_inner(urls.host(address)):
        return
    yield Hit(
        message=f"The page {'is served over' if asked else 'names an address on'} plain http: {address[:160]}.",
        key="http",
        confidence=Confidence.HIGH if asked else Confidence.MEDIUM,
        template="http",
        evidence={"address": address[:500]},
    )


def is_inner(host: str) -> bool:
    """Whether a host is this machine or of an inner network, where no certificate is to be had."""
    if "." not in host.strip(".") and ":" not in host:
        return True
    if host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa", ".onion")):
        return True
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


_ACTIVE = frozenset(("script", "link", "iframe", "frame", "embed", "object"))
_MOST = 10
"""Resources that are told one by one."""

_READ = 100
"""Images that are looked at."""

_NEAR = 600
"""Characters in which a `<noscript>` around an image has to begin."""


@check(
    title="A secure page loads insecure parts",
    severity=Severity.LOW,
    fix="Load them over https, from the same host where it offers that, from your own otherwise.",
)
def mixed_content(page: Page) -> Iterator[Hit]:
    """Browsers refuse scripts, styles and frames that a page on https asks for over http, so part of it is missing; images may be
    changed on the way, and what a form sends to http anybody on the way can read (W3C, Mixed Content)."""
    if page.format is not Format.HTML or page.url[:8].lower() != "https://":
        return
    insecure = page.metadata.insecure
    shown = [image for image in page.images if image.src.startswith("http://")]
    if not (insecure or shown) or _upgrades(page):
        return
    told = 0
    for tag, address in insecure:
        active, form = tag in _ACTIVE, tag == "form"
        if told == _MOST or is_inner(urls.host(address)) or not (active or form):
            continue
        told += 1
        what = {"link": "a style sheet", "form": "a form", "iframe": "a frame"}.get(tag, f"a {tag}")
        yield Hit(
            message=f"The page is on https and {'sends' if form else 'loads'} {what} {'to' if form else 'from'} {address[:160]}.",
            key=f"{tag}|{address[:300]}",
            spot=element(page, tag, partial(_names, address.partition("&")[0])),
            severity=Severity.MEDIUM,
            target=address,
            evidence={"element": tag, "address": address[:500]},
        )
    passive = dict.fromkeys(address for tag, address in insecure if tag in ("audio", "video", "source"))
    passive.update((i.src, None) for i in shown[:_READ] if not is_inner(urls.host(i.src)) and _is_shown(page, i.src))
    addresses = [*passive]
    if addresses:
        many = len(addresses) > 1
        what = f"{len(addresses):,} images or media files" if many else "an image or media file"
        yield Hit(
            message=f"The page is on https and loads {what} over http{', among them' if many else ':'} {addresses[0][:160]}.",
            key="images",
            spot=next((image.spot for image in shown if image.src == addresses[0]), None),
            target="" if many else addresses[0],
            template="http images" if many else "",
            evidence={"count": len(addresses), "addresses": [address[:500] for address in addresses[:20]]},
        )


def _names(address: str, opening: str, _: str) -> bool:
    return address in opening


def _upgrades(page: Page) -> bool:
    """Whether the page tells browsers to ask for https instead."""
    asked = "upgrade-insecure-requests"
    return asked in page.snapshot.headers.get("content-security-policy", "").lower() or asked in page.source


def _is_shown(page: Page, address: str) -> bool:
    """Whether browsers ask for an image: not for one in a `<noscript>`, and not before a script has filled its slots."""
    if "{" in address:
        return False
    at = page.source.find(address.partition("&")[0])
    before = page.source[max(0, at - _NEAR) : max(0, at)].lower()
    return before.rfind("<noscript") <= before.rfind("</noscript")
