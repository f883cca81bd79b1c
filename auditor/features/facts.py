"""Facts: what a reader can look at before trusting a page — who wrote and checked it, when, on what sources, who pays, whom to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from auditor import urls
from auditor.features import people
from auditor.features.fact import MISSING, Fact
from auditor.features.feature import NAN
from auditor.features.figures import Claim, Figure, Support, figures
from auditor.features.notices import notices
from auditor.features.references import References, references
from auditor.features.sources import affiliate_links, leads_to_source
from auditor.features.trust import Contradiction, contradictory_dates, dated
from auditor.language.lexicons import HostKind, host_kind
from auditor.page.page import Page, Role
from auditor.page.snapshot import Format
from auditor.page.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Facts:
    """Trust facts of one page.

    A `Fact` that is false was looked for and is not there; None and NaN mean that it could not be looked for: text cues on a page that
    is not English, links and menus in a plain text.
    """

    author: Fact
    """Who wrote it, a person or a house account."""
    person: bool | None
    """Whether that is a person; None where nobody is named."""
    credentials: Fact | None
    """What qualifies the author."""
    reviewer: Fact | None
    """Who checked it."""
    biography: Fact | None
    """The author's own page, or fifty words about the author."""
    publisher: Fact
    """Whose site it is; route `host` for public bodies, universities and journals."""
    published: Fact
    updated: Fact
    contradictions: tuple[Contradiction, ...]
    """Dates that cannot both be right."""
    references: References
    scholarly: float
    """Links of the article and its reference list to journals, databases and universities, each address once; NaN without links."""
    official: float
    """The same to public bodies."""
    figures: tuple[Figure, ...] | None
    """Claims with numbers, each with what stands near it."""
    affiliates: float
    """Links that pay the site; NaN without links."""
    disclosure: Fact | None
    """That somebody pays."""
    disclaimer: Fact | None
    """That it is no medical advice."""
    standing: Mapping[Standing, Fact] | None
    """Links to about, contact, privacy and other standing pages *on this page*; what is missing here may be linked from another page of
    the site (`Site.standing`)."""
    address: Fact | None
    phone: Fact | None

    @property
    def sourced(self) -> float:
        """Share of the claims with numbers that have a link or a cite near them, 0 to 1; NaN without any."""
        if not self.figures:
            return NAN
        return sum(f.support in (Support.LINK, Support.CITE) for f in self.figures) / len(self.figures)


@lru_cache(maxsize=2)
def facts(page: Page) -> Facts:
    """Gather the trust facts of a page: by markup, and failing that by its text."""
    linked = page.format is not Format.TEXT
    english = page.language in ("en", "")
    metadata = page.metadata
    author = people.author(page)
    told = notices(page) if english else None
    kinds = _sources(page) if linked else None
    own = dated(page)
    return Facts(
        author=author,
        person=any(people.is_person(page, name) for name in metadata.authors or (author.words,)) if author else None,
        credentials=people.credentials(page) if english else None,
        reviewer=people.reviewer(page) if english or metadata.reviewers else None,
        biography=people.biography(page) if linked else None,
        publisher=people.publisher(page),
        published=Fact(metadata.published, metadata.date_route) if own and metadata.published else MISSING,
        updated=Fact(metadata.modified, metadata.date_route) if own and metadata.modified else MISSING,
        contradictions=contradictory_dates(page),
        references=references(page),
        scholarly=float(kinds[HostKind.SCHOLARLY]) if kinds is not None else NAN,
        official=float(kinds[HostKind.OFFICIAL]) if kinds is not None else NAN,
        figures=figures(page) if english else None,
        affiliates=float(len(affiliate_links(page))) if linked else NAN,
        disclosure=told.disclosure if told else None,
        disclaimer=told.disclaimer if told else None,
        standing=_standing(page) if page.format is Format.HTML else None,
        address=told.address if told else None,
        phone=told.phone if told else None,
    )


LEAST_FIGURES = 5
"""Different claims with numbers from which an article that shows no source at all is at fault."""


def unsourced_figures(page: Page) -> tuple[Figure, ...]:
    """Shares, ratios and counts of an article that shows no source for anything: no link to another site, no cite, no list of references,
    nobody who said so. Doses are left out: a label gives them as well. Empty where there are few, or one source."""
    read = facts(page)
    found = tuple(figure for figure in read.figures or () if figure.claim is not Claim.DOSE)
    if len({figure.occurrence.words.lower() for figure in found}) < LEAST_FIGURES:
        return ()
    sourced = (
        read.references.route or read.publisher.route == "host" or any(figure.support for figure in read.figures or ())
    )
    linked = any(leads_to_source(link) and page.role(link.block) in _CITING for link in page.links)
    return () if sourced or linked else found


_CITING = frozenset({Role.ARTICLE, Role.WIDGET, Role.AUTHOR})


def _sources(page: Page) -> Counter[HostKind]:
    addresses = {
        link.url: host_kind(link.host, urls.host(link.url))
        for link in page.links
        if link.external and link.hidden is None and page.role(link.block) in _CITING
    }
    return Counter(addresses.values())


def _standing(page: Page) -> dict[Standing, Fact]:
    return {kind: Fact(link.anchor or link.url or link.href, "link") for kind, link in standing(page).items()}
