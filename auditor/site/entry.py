"""Entry: what a site keeps of one page; small, so that a site of many pages fits in memory or on disk."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditor import identity, urls
from auditor.page.page import Page, Role
from auditor.page.sections import claims_relation
from auditor.page.standing import Standing, by_address, standing
from auditor.site.digest import Digest, Vector
from auditor.site.signature import Signature, signature

FRAME_LINKS = 5
"""Links to its own site outside of the article from which a page has a frame."""
_FRAME = frozenset({Role.NAVIGATION, Role.FOOTER, Role.SIDEBAR})
NOINDEX = frozenset({"noindex", "none"})
"""Directives by which a page asks not to be found."""
_CREDITS = 30
"""Links of menus and footers to other sites that are kept of a page."""
_NO_CODES = np.zeros(0, dtype=np.int64)
_NO_SIGNATURE = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page, as far as its site is concerned."""

    name: str
    url: str
    title: str
    canonical: str
    topic: str
    vector: Vector
    """Of the article; zeros where none is known."""
    shares: NDArray[np.float64]
    """Probability of each topic; zeros where none is known."""
    related: frozenset[str]
    """Addresses that its related block points to."""
    hosts: frozenset[str]
    """External domains that its article links to."""
    standing: frozenset[Standing]
    """Which standing pages it links to or is: about, contact, privacy …"""
    framed: bool
    """Whether it has a menu or a footer, in which such links would stand."""
    code: int = 0
    """Its address as `auditor.identity.code` has it; 0 for a page without one."""
    description: str = ""
    noindex: bool = False
    hreflang: tuple[tuple[str, str], ...] = ()
    """Language codes and addresses of its translations, as it names them."""
    inward: NDArray[np.int64] = field(default_factory=lambda: _NO_CODES)
    """Codes of the addresses of its own site that it links to, each once, itself left out."""
    signature: Signature = field(default_factory=lambda: _NO_SIGNATURE)
    """Of its article, see `auditor.site.signature`; empty for a short one."""
    words: int = 0
    """Of its article."""
    outward: int = 0
    """Links of its article to other sites."""
    published: str = ""
    """ISO 8601 date; empty where unknown."""
    authors: tuple[str, ...] = ()
    credits: frozenset[tuple[str, str]] = frozenset()
    """Domain and anchor of links to other sites that stand in its menus, sidebars and footers."""
    outbound: frozenset[str] = frozenset()
    """External domains that any link of it leads to, hidden ones and those of the theme included; as `urls.spelt`."""


def entry(page: Page, read: Digest) -> Entry:
    """What a site keeps of a page."""
    related = [
        block for block in page.blocks if block.role is Role.RELATED and block.items and claims_relation(block.heading)
    ]
    own = by_address(page.url)
    metadata = page.metadata
    code, inward = _addresses(page)
    return Entry(
        name=page.name,
        url=page.url,
        title=page.title,
        canonical=metadata.canonical,
        topic=read.topic,
        vector=read.vector,
        shares=read.shares,
        related=frozenset(item.url for block in related for item in block.items),
        hosts=frozenset(read.hosts),
        standing=frozenset(standing(page)) | ({own} if own else set()),
        framed=_framed(page),
        code=code,
        description=metadata.description,
        noindex=not metadata.robots.isdisjoint(NOINDEX),
        hreflang=metadata.hreflang,
        inward=inward,
        signature=signature(read),
        words=read.words,
        outward=sum(read.hosts.values()),
        published=metadata.published,
        authors=metadata.authors,
        credits=_credits(page),
        outbound=frozenset(
            urls.spelt(host) for host in {link.host for link in page.links if link.external and link.host}
        ),
    )


def _addresses(page: Page) -> tuple[int, NDArray[np.int64]]:
    """The code of the page's own address, and those of the addresses of its site that it links to."""
    code = identity.code_of(page.url)
    if not code:
        return 0, _NO_CODES
    urls = {link.url for link in page.links if not link.external and link.url}
    found = {identity.code_of(url) for url in urls} - {code, 0}
    return code, np.array(sorted(found), dtype=np.int64)


def _credits(page: Page) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for link in page.links:
        if link.external and link.anchor and page.role(link.block) in _FRAME:
            found.add((link.host, link.anchor[:120]))
            if len(found) >= _CREDITS:
                break
    return frozenset(found)


def _framed(page: Page) -> bool:
    """Whether a page has the links of a menu or a footer; an exported article has none, and one that scripts build shows none."""
    return sum(page.role(link.block) in _FRAME and not link.external for link in page.links) >= FRAME_LINKS
