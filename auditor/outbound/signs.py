"""Signs: what the links to a domain say of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor import urls
from auditor.language.lexicons import HostKind, affiliate, against_vice, buying, host_kind, vice, vice_address
from auditor.outbound.kind import Kind

_KINDS = {kind: Kind.COMMERCE if kind is HostKind.SHOP else Kind(kind.value) for kind in HostKind}

_NAMELESS = frozenset({HostKind.OTHER, HostKind.SHORTENER, HostKind.AFFILIATE, HostKind.WIDGET})
"""Hosts that can be anybody: what is linked there says what they are. A listed newspaper sells nothing of a grey trade, whatever it
reports on."""
_PAID = _NAMELESS | {HostKind.SHOP}
_HONEST_NAMES = frozenset({"replica", "essay", "documents"})
"""Trades whose words stand in honest names too ("jerseys"): an anchor has to say the same."""
ENOUGH = 0.5
"""Share of a domain's links that has to say so."""


@dataclass(slots=True)
class Signs:
    """What the links to one domain say of it; a few counts."""

    links: int = 0
    hosts: dict[HostKind, int] = field(default_factory=dict)
    vice: int = 0
    sold: int = 0
    paid: int = 0

    def add(self, domain: str, href: str, anchor: str) -> None:
        """Count a link in."""
        self.links += 1
        host = urls.host(href.strip()) or domain
        kind = host_kind(domain, host)
        self.hosts[kind] = self.hosts.get(kind, 0) + 1
        if kind in _PAID:
            self.paid += affiliate(href)
        if kind in _NAMELESS:
            self.vice += _hard(anchor) or (_grey(href) and not against_vice(domain))
            self.sold += _offer(anchor)

    def kind(self) -> Kind:
        """The kind that most of the links speak for."""
        kind = min(self.hosts, key=lambda kind: (-self.hosts[kind], kind), default=HostKind.OTHER)
        enough = max(self.links * ENOUGH, 1)
        if kind in _NAMELESS and self.vice >= enough:
            return Kind.VICE
        if kind in _PAID and self.paid >= enough:
            return Kind.AFFILIATE
        if kind is HostKind.OTHER and self.sold >= enough:
            return Kind.COMMERCE
        return _KINDS[kind]


_READ = 200
"""Characters of an anchor, or an address, that are read."""


_OFFER_WORDS = 6
"""Words of the longest anchor that offers something; a longer one is a headline."""


def _offer(anchor: str) -> bool:
    return "://" not in anchor[:_READ] and len(anchor[:_READ].split()) <= _OFFER_WORDS and buying(anchor[:_READ])


def _hard(anchor: str) -> bool:
    return any(hit.hard for hit in vice(anchor[:_READ]))


def _grey(address: str) -> bool:
    hit = vice_address(address[:_READ])
    return hit is not None and hit.hard and hit.trade not in _HONEST_NAMES
