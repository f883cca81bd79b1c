"""Result: what an audit has to say about one page or site, put together from checks and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from auditor import language, urls
from auditor.card import health_card
from auditor.checks import all_checks
from auditor.checks.check import Check, Hit
from auditor.checks.label import page_label
from auditor.checks.subject import REASONS, Subject
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.judge import Judgement, Models
from auditor.language import Language
from auditor.model.verdict import Verdict
from auditor.outbound.arrivals import Arrivals
from auditor.page.looks import looks, variant
from auditor.page.page import Page, Place, Role, Spot
from auditor.page.places import locate
from auditor.page.reached import Reached
from auditor.page.snapshot import Variant
from auditor.page.told import Told
from auditor.report import (
    Confidence,
    Degree,
    Finding,
    LinkLabel,
    LinkResult,
    Location,
    PageResult,
    RelatedItem,
    RelatedResult,
    SiteResult,
    TopicShare,
    fingerprint,
)
from auditor.site.crawled import Crawled
from auditor.site.digest import Digest
from auditor.site.site import ARTICLE_WORDS, MINIMUM_PAGES, Site
from auditor.site.survey import survey
from auditor.spread import Spread


@dataclass(slots=True)
class Judges:
    """Who judges: the checks asked for and the models; and what they could not look at."""

    chosen: frozenset[str]
    """Ids of the checks that the report shows."""
    models: Models
    language: Language = field(default_factory=language.load)
    checks: Sequence[Check] = field(default_factory=lambda: list(all_checks().values()))
    """Every check there is: the label of a page rests on all of them, whatever the report was asked to show."""
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def load(cls, config: Config) -> Judges:
        """Raises ConfigError where a check is named that does not exist, ModelError where a model is missing or damaged."""
        return cls(frozenset(check.id for check in chosen(config)), Models.load())

    @property
    def versions(self) -> dict[str, str]:
        return {"language": self.language.version, **self.models.versions}


def chosen(config: Config) -> list[Check]:
    """The checks that a run is asked for, in report order.

    Raises:
        ConfigError: a name that no check has.
    """
    known = all_checks()
    for name in sorted(config.select | config.ignore):
        if name not in known:
            raise ConfigError(f"there is no check named {name}; see `auditor explain` for all of them")
    return [
        c for name, c in known.items() if (not config.select or name in config.select) and name not in config.ignore
    ]


def site_result(
    site: Site, spread: Spread, judges: Judges, crawled: Crawled | None = None, arrivals: Arrivals | None = None
) -> SiteResult:
    """What a run has to say about a site as a whole.

    Args:
        crawled: what a crawl knows of its addresses beside the pages; None where nobody crawled it.
        arrivals: domains that it did not link to before; None where nothing is known to compare with.
    """
    subject = Subject(
        site=site,
        many=site if site.known >= MINIMUM_PAGES else None,
        spread=spread,
        survey=survey(site),
        crawled=crawled,
        arrivals=arrivals,
        language=judges.language,
    )
    order = np.argsort(-site.shares, kind="stable").tolist()
    theme = [
        TopicShare(judges.language.topics.names[i], round(float(site.shares[i]), 4))
        for i in order
        if site.shares[i] >= 0.02
    ]
    first = next(iter(site.entries), None)
    parts = urls.split(first.url) if first else None
    home = f"{parts.scheme}://{parts.netloc}/" if parts and parts.netloc else None
    findings = []
    for check in judges.checks:
        if check.scope == "site" and check.id in judges.chosen:
            for hit in _hits(check, subject, judges):
                where = hit.location or Location(url=home, path=None if home else site.name, snippet=hit.snippet)
                findings.append(_finding(check, hit, where, site.name))
    return SiteResult(site.name, site.pages, tuple(theme), tuple(findings))


def page_result(
    page: Page,
    read: Digest,
    site: Site,
    judged: Judgement,
    spread: Spread,
    judges: Judges,
    reached: Mapping[str, Reached] | None = None,
    told: Mapping[str, Told] | None = None,
) -> PageResult:
    """Everything that a run has to say about one page of a site."""
    article = read if read.words >= ARTICLE_WORDS else None
    english = article if read.english and page.language == "en" else None
    health = judged.health is not None and judged.health.degree is Degree.ADVICE
    subject = Subject(
        page=page,
        digest=read,
        article=article,
        english=english,
        health=english if health else None,
        site=site,
        many=site if site.known >= MINIMUM_PAGES else None,
        spread=spread,
        links=judged.links,
        related=judged.related,
        judged=judged.page,
        medical=judged.health,
        raw=variant(page, Variant.RAW),
        looks=looks(page),
        reached=reached,
        told=_told(reached or {}, told),
        language=judges.language,
    )
    hits = [(check, hit) for check in judges.checks if check.scope == "page" for hit in _hits(check, subject, judges)]
    spots = {hit.spot for _, hit in hits if hit.spot is not None}
    spots |= {j.link.spot for j in judged.links or () if j.label is not LinkLabel.OK}
    if spots:  # one reading places them all
        spots |= {link.spot for link in page.links if link.external}
    places = locate(page, spots)
    found = tuple(_finding(check, hit, _location(page, hit, places), _identity(page)) for check, hit in hits)
    findings = tuple(finding for finding in found if finding.check in judges.chosen)
    return PageResult(
        url=page.url or None,
        path=page.snapshot.path,
        status=page.snapshot.status,
        language=page.language,
        title=page.title,
        topic=read.topic,
        health=judged.health.degree if judged.health else None,
        label=page_label(judged.page, found),
        spam=judged.page.spam if judged.page else None,
        quality=_quality(judged),
        links=_links(page, judged, places, hits) + _phrases(findings),
        related=_related(judged),
        findings=findings,
        card=health_card(page, site) if health else None,
    )


def _told(reached: Mapping[str, Reached], told: Mapping[str, Told] | None) -> Mapping[str, Told] | None:
    """What is known of targets on the page's own site and on others together; None where nobody read any."""
    outside = {url: end.told for url, end in reached.items() if end.told and not end.rerouted}
    return {**outside, **told} if told is not None else outside or None


def _quality(judged: Judgement) -> Verdict | None:
    """Of health advice the verdict of the model that was made for it."""
    if judged.health is not None and judged.health.quality is not None:
        return judged.health.quality
    return judged.page.quality if judged.page else None


def _hits(check: Check, subject: Subject, judges: Judges) -> list[Hit]:
    """What one check finds; where it cannot look or breaks, the report says so and goes on."""
    needed = {name: getattr(subject, name) for name in check.needs}
    for name, value in needed.items():
        if value is None:
            if check.id in judges.chosen:
                judges.skipped[check.id, REASONS.get(name, f"there is no {name}")] += 1
            return []
    try:
        return list(check.judge(**needed))
    except Exception as error:  # a check that breaks must not take the report with it
        if check.id in judges.chosen:
            judges.skipped[check.id, f"the check broke ({type(error).__name__}); please report it"] += 1
        return []


def _identity(page: Page) -> str:
    """What names a document in fingerprints: its address without the host's spelling, else its path as given."""
    parts = urls.split(page.url) if page.url else None
    return f"{page.site}{parts.path}?{parts.query}" if parts else page.snapshot.path or "-"


def _finding(check: Check, hit: Hit, location: Location, identity: str) -> Finding:
    return Finding(
        check=check.id,
        severity=hit.severity or check.severity,
        confidence=hit.confidence,
        message=hit.message,
        fix=check.fix,
        fingerprint=fingerprint(check.id, identity, hit.key),
        location=location,
        evidence=dict(hit.evidence),
        target=hit.target,
        template=hit.template,
    )


def _location(page: Page, hit: Hit, places: Mapping[Spot, Place]) -> Location:
    place = places.get(hit.spot) if hit.spot is not None else None
    return Location(
        url=page.url or None,
        path=page.snapshot.path,
        line=place.line if place else None,
        column=place.column if place else None,
        snippet=hit.snippet,
    )


def _links(
    page: Page, judged: Judgement, places: Mapping[Spot, Place], hits: Sequence[tuple[Check, Hit]]
) -> tuple[LinkResult, ...]:
    verdicts = {id(j.link): j for j in judged.links or ()}
    planted = {
        hit.spot: LinkLabel.INJECTED if hit.confidence is Confidence.HIGH else LinkLabel.SUSPICIOUS
        for check, hit in hits
        if check.id == "planted-link"
    }
    made = []
    for link in page.links:
        if not link.external:
            continue
        found = verdicts.get(id(link))
        place = places.get(link.spot)
        made.append(
            LinkResult(
                href=link.href if "//" in link.href else link.url,  # what `<base>` leads elsewhere does not tell where
                anchor=link.anchor,
                rel=tuple(sorted(link.rel)),
                block=page.role(link.block).value,
                line=place.line if place else None,
                column=place.column if place else None,
                injected=found.verdict if found else None,
                label=planted.get(link.spot) or (found.label if found else LinkLabel.OK),
            )
        )
    return tuple(made)


def _phrases(findings: Sequence[Finding]) -> tuple[LinkResult, ...]:
    """Planted phrases that no markup links, as links without an address."""
    return tuple(
        LinkResult(
            href=None,
            anchor=finding.evidence["phrase"],
            rel=(),
            block=Role.ARTICLE.value,
            line=finding.location.line,
            column=finding.location.column,
            injected=None,
            label=LinkLabel.INJECTED if finding.confidence is Confidence.HIGH else LinkLabel.SUSPICIOUS,
        )
        for finding in findings
        if finding.check == "planted-phrase"
    )


def _related(judged: Judgement) -> tuple[RelatedResult, ...]:
    return tuple(
        RelatedResult(
            block=b.block.heading,
            items=tuple(
                RelatedItem(item.title, item.href, near)
                for item, near in zip(b.block.items, b.similarities, strict=True)
            ),
            off_topic=b.verdict,
        )
        for b in judged.related or ()
    )
