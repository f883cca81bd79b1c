"""Use: one link to another site, as an inventory counts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor import urls
from auditor.page.page import Page, Place, Spot
from auditor.report import LinkLabel, PageResult


@dataclass(frozen=True, slots=True)
class Use:
    """One link to another site."""

    site: str
    """Registrable domain of the page; empty for a file without an address."""
    page: str
    domain: str
    """Registrable domain of the target, as `urls.spelt`."""
    href: str
    """As written."""
    anchor: str
    rel: tuple[str, ...]
    block: str
    label: LinkLabel | None
    """None where nobody judged it."""
    topic: str
    """Of the page; empty where it cannot be told."""
    line: int | None = None
    column: int | None = None


def of_result(page: PageResult) -> Iterator[Use]:
    """The links to other sites that a page's result names."""
    site = urls.site(page.url or "")
    for link in page.links:
        if link.href and (name := urls.site(link.href.strip())):
            yield Use(
                site, page.name, urls.spelt(name), link.href, link.anchor, link.rel, link.block, link.label, page.topic,
                link.line, link.column,
            )  # fmt: skip


def of_page(page: Page, places: Mapping[Spot, Place] | None = None) -> Iterator[Use]:
    """The links to other sites of a page that nobody judged; hidden ones too."""
    places = places or {}
    site = urls.site(page.url)
    for link in page.links:
        if link.external and link.host:
            place = places.get(link.spot)
            yield Use(
                site, page.name, urls.spelt(link.host), link.href, link.anchor, tuple(sorted(link.rel)),
                page.role(link.block).value, None, "", place.line if place else None, place.column if place else None,
            )  # fmt: skip
