"""Result: what an audit has to say about one page or site, put together from checks and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from auditor.listing import links, phrases, quality, related
from auditor.outbound.arrivals import Arrivals
from auditor.page.looks import looks, variant
from auditor.page.page import Page, Place, Spot
from auditor.page.places import locate
from auditor.page.reached import Reached
from auditor.page.snapshot import Variant
from auditor.page.told import Told
from auditor.preferences import Names, Wishes
from auditor.report import (
    Degree,
    Finding,
    LinkLabel,
    Location,
    PageResult,
    SiteResult,
    Skipped,
    TopicShare,
    fingerprint,
)
from auditor.site.crawled import Crawled
from auditor.site.digest import Digest
from auditor.site.site import ARTICLE_WORDS, MINIMUM_PAGES, Site
from auditor.site.survey import survey
from auditor.spread import Spread
from auditor.suppression import Silenced, asks, idle, silence

UNTRUSTED = frozenset({"spam", "hacked"})
"""Groups of checks that a page which was fetched cannot silence: whoever plants links can plant a comment."""


@dataclass(slots=True)
class Judges:
    """Who judges: the checks asked for and the models; and what they could not look at."""

    wishes: Wishes
    """Which checks the report shows, and how."""
    models: Models
    language: Language = field(default_factory=language.load)
    checks: Sequence[Check] = field(default_factory=lambda: list(all_checks().values()))
    """Every check there is: the label of a page rests on all of them, whatever the report was asked to show."""
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def load(cls, config: Config) -> Judges:
        """Raises ConfigError where a check is named that does not exist, ModelError where a model is missing or damaged."""
        return cls(wishes(config), Models.load())

    @property
    def versions(self) -> dict[str, str]:
        return {"language": self.language.version, **self.models.versions}


def wishes(config: Config) -> Wishes:
    """What a run is asked for, with the groups of checks spelt out.

    Raises:
        ConfigError: a name that no check and no group has.
    """
    groups = {check.id: check.group for check in all_checks().values()}
    for name in sorted(config.select | config.ignore):
        if name not in groups and name not in groups.values():
            raise ConfigError(f"there is no check named {name}; see `auditor explain` for all of them")
    return Wishes.of(config, groups)


def site_result(
    site: Site,
    spread: Spread,
    judges: Judges,
    crawled: Crawled | None = None,
    arrivals: Arrivals | None = None,
    common: Sequence[Finding] = (),
) -> SiteResult:
    """What a run has to say about a site as a whole.

    Args:
        crawled: what a crawl knows of its addresses beside the pages; None where nobody crawled it.
        arrivals: domains that it did not link to before; None where nothing is known to compare with.
        common: what its pages have in common and is told of it, severities settled (`auditor.fold`).
    """
    subject = Subject(
        site=site,
        many=site if site.known >= MINIMUM_PAGES else None,
        spread=spread,
        survey=survey(site),
        crawled=crawled,
        whole=crawled if crawled and crawled.complete else None,
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
    names = judges.wishes.names(None if home else site.name, home)
    wanted = judges.wishes.chosen(names)
    findings = []
    for check in judges.checks:
        if check.scope == "site" and check.id in wanted:
            for hit in _hits(check, subject, judges, wanted) or ():
                where = hit.location or Location(url=home, path=None if home else site.name, snippet=hit.snippet)
                findings.append(_finding(check, hit, where, site.name if home else names.plain))
    told = silence((*judges.wishes.weighed(findings, names), *common), names, judges.wishes)
    return SiteResult(site.name, site.pages, tuple(theme), told.findings, told.suppressed)


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
    names = judges.wishes.names(page.snapshot.path, page.url)
    wanted = judges.wishes.chosen(names)
    hits: list[tuple[Check, Hit]] = []
    looked: set[str] = set()
    for check in judges.checks:
        if check.scope == "page" and not check.last:
            fired = _hits(check, subject, judges, wanted)
            if fired is not None:
                looked.add(check.id)
                hits += [(check, hit) for hit in fired]
    spots = {hit.spot for _, hit in hits if hit.spot is not None}
    spots |= {j.link.spot for j in judged.links or () if j.label is not LinkLabel.OK}
    if spots:  # one reading places them all
        spots |= {link.spot for link in page.links if link.external}
    places = locate(page, spots)
    found = tuple(_finding(check, hit, _location(page, hit, places), _identity(page, names)) for check, hit in hits)
    shown = judges.wishes.weighed((finding for finding in found if finding.check in wanted), names)
    asked = asks(page)
    silenced = silence(
        shown, names, judges.wishes, asked, _barred(page, judges), _unasked(judges, looked & wanted), site.name
    )
    if asked:
        silenced = _with_last(page, silenced, subject, names, judges, wanted)
    planted = {hit.spot: hit.confidence for check, hit in hits if check.id == "planted-link"}
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
        quality=quality(judged),
        links=links(page, judged, places, planted) + phrases(shown),
        related=related(judged),
        findings=silenced.findings,
        suppressed=silenced.suppressed,
        card=health_card(page, site) if health else None,
    )


def _told(reached: Mapping[str, Reached], told: Mapping[str, Told] | None) -> Mapping[str, Told] | None:
    """What is known of targets on the page's own site and on others together; None where nobody read any."""
    outside = {url: end.told for url, end in reached.items() if end.told and not end.rerouted}
    return {**outside, **told} if told is not None else outside or None


def notices(
    sites: Iterable[SiteResult], pages: Iterable[PageResult], skips: Iterable[Skipped], judges: Judges
) -> tuple[Finding, ...]:
    """What is to be said of a run's own settings: suppressions in them that suppressed nothing."""
    preferences = judges.wishes.preferences
    checks = [check for check in judges.checks if check.last and check.id in judges.wishes.usual]
    if not checks or not (preferences.suppress or preferences.baseline):
        return ()
    noted = tuple(idle(judges.wishes, sites, pages, {one.check for one in skips}))
    subject = Subject(suppressions=noted, language=judges.language)
    findings = [
        _finding(
            check, hit, Location(path=hit.evidence["where"].rpartition(": ")[0] or hit.evidence["where"]), "settings"
        )
        for check in checks
        for hit in _hits(check, subject, judges, judges.wishes.usual) or ()
    ]
    return judges.wishes.weighed(findings, Names())


def _with_last(
    page: Page, told: Silenced, subject: Subject, names: Names, judges: Judges, wanted: frozenset[str]
) -> Silenced:
    """What the checks add that are about suppressions; no page can suppress these."""
    subject = replace(subject, suppressions=told.noted)
    hits = [
        (check, hit)
        for check in judges.checks
        if check.last and check.id in wanted
        for hit in _hits(check, subject, judges, wanted) or ()
    ]
    places = locate(page, [hit.spot for _, hit in hits if hit.spot is not None])
    found = [_finding(check, hit, _location(page, hit, places), _identity(page, names)) for check, hit in hits]
    more = silence(judges.wishes.weighed(found, names), names, judges.wishes)
    return Silenced((*told.findings, *more.findings), (*told.suppressed, *more.suppressed))


def _barred(page: Page, judges: Judges) -> frozenset[str]:
    """What a page cannot silence: of one that was fetched nobody knows who wrote it."""
    if page.snapshot.path is not None:
        return frozenset()
    return frozenset(check.id for check in judges.checks if check.group in UNTRUSTED)


def _unasked(judges: Judges, looked: set[str] | frozenset[str]) -> frozenset[str]:
    """Checks of pages that did not look at this one."""
    return frozenset(
        check.id for check in judges.checks if check.scope == "page" and not check.last and check.id not in looked
    )


def _hits(check: Check, subject: Subject, judges: Judges, wanted: frozenset[str]) -> list[Hit] | None:
    """What one check finds; where it cannot look or breaks, the report says so and goes on, and it is None."""
    needed = {name: getattr(subject, name) for name in check.needs}
    for name, value in needed.items():
        if value is None:
            if check.id in wanted:
                judges.skipped[check.id, REASONS.get(name, f"there is no {name}")] += 1
            return None
    try:
        return list(check.judge(**needed))
    except Exception as error:  # a check that breaks must not take the report with it
        if check.id in wanted:
            judges.skipped[check.id, f"the check broke ({type(error).__name__}); please report it"] += 1
        return None


def _identity(page: Page, names: Names) -> str:
    """What names a document in fingerprints: its address without the host's spelling, else its path."""
    parts = urls.split(page.url) if page.url else None
    return f"{page.site}{parts.path}?{parts.query}" if parts else names.plain or "-"


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
