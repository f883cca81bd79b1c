"""Entry: what a site keeps of one page; small, so that a site of many pages fits in memory or on disk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor import urls
from auditor.page.page import Page, Role
from auditor.page.sections import claims_relation
from auditor.page.standing import Standing, by_address, standing
from auditor.site.digest import Digest, Vector

FRAME_LINKS = 5
"""Links to its own site outside of the article from which a page has a frame."""
_FRAME = frozenset({Role.NAVIGATION, Role.FOOTER, Role.SIDEBAR})


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
    outbound: frozenset[str]
    """External domains that any link of it leads to, hidden ones and those of the theme included; as `urls.spelt`."""


def entry(page: Page, read: Digest) -> Entry:
    """What a site keeps of a page."""
    related = [
        block for block in page.blocks if block.role is Role.RELATED and block.items and claims_relation(block.heading)
    ]
    own = by_address(page.url)
    return Entry(
        name=page.name,
        url=page.url,
        title=page.title,
        canonical=page.metadata.canonical,
        topic=read.topic,
        vector=read.vector,
        shares=read.shares,
        related=frozenset(item.url for block in related for item in block.items),
        hosts=frozenset(read.hosts),
        standing=frozenset(standing(page)) | ({own} if own else set()),
        framed=_framed(page),
        outbound=frozenset(
            urls.spelt(host) for host in {link.host for link in page.links if link.external and link.host}
        ),
    )


def _framed(page: Page) -> bool:
    """Whether a page has the links of a menu or a footer; an exported article has none, and one that scripts build shows none."""
    return sum(page.role(link.block) in _FRAME and not link.external for link in page.links) >= FRAME_LINKS
