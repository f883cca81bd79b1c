"""Checks on what menus and footers of a whole site link to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.language.lexicons import HostKind, commercial, host_kind, place_and_trade, vice, vice_address
from auditor.report import Confidence, Severity
from auditor.site.site import MINIMUM_PAGES, Site

_SHARE = 0.8
"""Of the pages that have menus or a footer."""
_CREDITS = (
    "design",
    "theme",
    "template",
    "powered",
    "hosting",
    "hosted",
    "developed",
    "built by",
    "made by",
    "website by",
)
_KNOWN = frozenset(
    {HostKind.SOCIAL, HostKind.PLATFORM, HostKind.OFFICIAL, HostKind.SCHOLARLY, HostKind.WIDGET, HostKind.NEWS}
)


@check(
    title="An advertising link stands in the footer of every page",
    severity=Severity.MEDIUM,
    policy="link-spam",
    fix='Take it out of the theme; if it is paid for, keep it on one page and mark it rel="sponsored".',
)
def sitewide_advertising_link(site: Site) -> Iterator[Hit]:
    """Free themes and sold footers carry such links: readers have nothing of them, and search engines count widely distributed links
    in footers and templates as link spam (Google Search Central, spam policies)."""
    if site.framed < MINIMUM_PAGES:
        return
    counts = Counter(credit for one in site.entries if one.framed for credit in one.credits)
    for (host, anchor), count in sorted(counts.items()):
        if count >= _SHARE * site.framed and (why := _advertises(host, anchor)):
            yield Hit(
                message=f"The link “{anchor[:80]}” to {host} stands in the menus or footers of {count:,} of {site.framed:,} pages.",
                key=f"{host}\n{anchor.casefold()}",
                confidence=Confidence.HIGH if why == "vice" else Confidence.MEDIUM,
                evidence={"host": host, "anchor": anchor, "pages_with_it": count, "reason": why},
            )


def _advertises(host: str, anchor: str) -> str:
    named = vice_address(f"https://{host}/")
    if any(hit.hard for hit in vice(anchor)) or (named is not None and named.hard):
        return "vice"
    said = anchor.casefold()
    if any(word in said for word in _CREDITS) or host_kind(host) in _KNOWN:
        return ""
    return "trade" if place_and_trade(anchor) else "commercial" if commercial(anchor) > 1 else ""
