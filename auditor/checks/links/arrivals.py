"""Checks on domains that a site did not link to before."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.outbound.arrivals import Arrival, Arrivals
from auditor.outbound.kind import Kind
from auditor.page.page import Role
from auditor.report import Location, Severity

_NAMED = 1_000
"""Domains that are named where they are too many to be told one by one."""


_BLOCKS = {Role.RELATED: "related posts", Role.AUTHOR: "author's box", Role.NAVIGATION: "menu"}


@check(
    title="The site links to a domain that it did not link to before",
    severity=Severity.LOW,
    fix="Look at the link. If it belongs there, accept the domain (`auditor links --accept --domains FILE`); if not, take it out "
    "and find out who put it there.",
)
def new_domain(arrivals: Arrivals) -> Iterator[Hit]:
    """Planted links lead to domains that a site never linked to: whoever looks at each new one once sees them on the day they appear.
    A search engine holds a site to what it links to, whoever wrote the link (Google Search Essentials on link spam and hacked content)."""
    for one in arrivals.found:
        yield Hit(
            message=_message(one, arrivals.source),
            key=one.domain,
            location=_location(one),
            evidence=_evidence(one, arrivals.source),
        )
    if arrivals.more:
        count = len(arrivals.more)
        yield Hit(
            message=f"{count:,} more domains are new, {arrivals.more[0]} and {arrivals.more[-1]} among them."
            if count > 1
            else f"One more domain is new: {arrivals.more[0]}.",
            key="more",
            evidence={"domains": list(arrivals.more[:_NAMED]), "count": count, "compared_with": arrivals.source},
        )


def _message(one: Arrival, source: str) -> str:
    kind = "" if one.kind is Kind.OTHER else f" ({one.kind.value})"
    pages = "" if one.pages == 1 else f", and {one.pages - 1:,} more page{'' if one.pages == 2 else 's'}"
    link = one.link
    if link is None:
        return f"{one.domain}{kind} is new: {one.page}{pages} link to it; it is not in {source}."
    anchor = f"“{link.anchor[:80]}”" if link.anchor else "a link without text"
    hidden = ", hidden from readers" if link.hidden else ""
    block = _BLOCKS.get(link.block, link.block.value)
    where = f"in the {block} of {one.page}{hidden}{pages}"
    return f"{one.domain}{kind} is new: {anchor} {where}; it is not in {source}."


def _location(one: Arrival) -> Location:
    link = one.link
    place = link.place if link else None
    return Location(
        url=one.url or (None if one.path else one.page),
        path=one.path,
        line=place.line if place else None,
        column=place.column if place else None,
        snippet=link.sentence if link else "",
    )


def _evidence(one: Arrival, source: str) -> dict[str, object]:
    told: dict[str, object] = {
        "domain": one.domain,
        "kind": one.kind,
        "topic": one.topic,
        "pages": [one.page],
        "page_count": one.pages,
        "compared_with": source,
    }
    if one.link:
        told |= {
            "href": one.link.href,
            "anchor": one.link.anchor,
            "rel": list(one.link.rel),
            "block": one.link.block,
            "hidden": one.link.hidden,
        }
    return told
