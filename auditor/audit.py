"""Audit: documents in, report out. Pure but for the models, which are read once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from auditor import __version__, language, urls
from auditor.card import health_card
from auditor.checks import all_checks
from auditor.checks.check import Check, Hit
from auditor.checks.label import page_label
from auditor.checks.subject import REASONS, Subject
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.judge import Judgement, Models, judge, look
from auditor.language import Language
from auditor.model.verdict import Verdict
from auditor.page.looks import looks, variant
from auditor.page.page import Page, Place, Role, Spot
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, FailureKind, Snapshot, Variant
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
    Report,
    SiteResult,
    Skipped,
    TopicShare,
)
from auditor.site.digest import Digest, digest
from auditor.site.site import MINIMUM_PAGES, Site, gather, site_names
from auditor.spread import Mark, Spread, mark
from auditor.spread import spread as spread_of

ARTICLE_WORDS = 150
"""Words from which a page's article counts as one for the checks on articles."""


@dataclass(slots=True)
class Run:
    """What one run carries along: the checks asked for, the models, and what was skipped."""

    chosen: frozenset[str]
    """Ids of the checks that the report shows."""
    models: Models
    language: Language = field(default_factory=language.load)
    checks: Sequence[Check] = field(default_factory=lambda: list(all_checks().values()))
    """Every check there is: the label of a page rests on all of them, whatever the report was asked to show."""
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def load(cls, config: Config) -> Run:
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


def audit(
    documents: Iterable[Snapshot | Failure],
    config: Config | None = None,
    *,
    source: Sequence[str] = (),
    started_at: datetime,
    reached: Mapping[str, Reached] | None = None,
) -> Report:
    """Audit documents of any number of sites.

    Documents are taken in one by one, as a crawl yields them; a site's pages are judged once all are there. The report is the
    same for the same documents in any order, `started_at` aside.

    Args:
        reached: what is known of where links lead, by their addresses; None where nobody looked.

    Raises:
        ConfigError: a check is named that does not exist.
        ModelError: a shipped model is missing or damaged.
    """
    config = config or Config()
    run = Run.load(config)
    pages: list[tuple[Page, Digest]] = []
    failures: list[Failure] = []
    for document in documents:
        match document if isinstance(document, Failure) else read(document, run):
            case Failure() as failure:
                failures.append(failure)
            case pair:
                pages.append(pair)
    pages.sort(key=lambda pair: (pair[0].site, pair[0].name))
    groups: dict[str, list[tuple[Page, Digest]]] = {}
    for name, pair in zip(site_names([page for page, _ in pages], config.each), pages, strict=True):
        groups.setdefault(name, []).append(pair)
    results: list[PageResult] = []
    sites: list[SiteResult] = []
    for name, members in sorted(groups.items()):
        site = gather(name, members)
        looks = [judged(page, digest, site, Spread(), run, reached) for page, digest in members]
        spread = spread_of(one.mark for one in looks)
        looks = [
            judged(page, digest, site, spread, run, reached) if spread.reopens(one.mark) else one
            for (page, digest), one in zip(members, looks, strict=True)
        ]
        for one in looks:
            run.skipped.update(one.skipped)
            (results if isinstance(one.result, PageResult) else failures).append(one.result)  # type: ignore[arg-type]
        sites.append(site_result(site, spread, run))
    return Report(
        source=tuple(source),
        started_at=started_at,
        version=__version__,
        models=run.versions,
        sites=tuple(sites),
        pages=tuple(results),
        skipped=skipped(run.skipped),
        failures=tuple(sorted(failures, key=lambda failure: (failure.name, failure.kind))),
    )


def read(document: Snapshot, run: Run) -> tuple[Page, Digest] | Failure:
    """A document as a page with what the language statistics say of it; a failure where there is nothing to audit."""
    try:
        page = parse(document)
        digested = digest(page, run.language)
    except Exception as error:  # one document must not take the report of all others with it
        return _defect(document, error)
    if not page.paragraphs and not page.links and not page.title:
        return Failure(FailureKind.EMPTY, "there is no text in it; nothing to audit", document.url, document.path)
    return page, digested


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run has to say about one page, and what that adds to its site."""

    result: PageResult | Failure
    mark: Mark
    skipped: Counter[tuple[str, str]]
    """(check, reason) of the checks that could not look at it."""


def judged(
    page: Page, read: Digest, site: Site, spread: Spread, run: Run, reached: Mapping[str, Reached] | None = None
) -> Judged:
    """Judge one page against its site.

    Args:
        spread: how far over the site what looks planted has spread. That is known only when every page has been judged: judge them
            with an empty one first, and then those again that it reopens.
        reached: what is known of where its links lead, by their addresses; None where nobody looked.
    """
    before, run.skipped = run.skipped, Counter()
    try:
        signs = look(page, read, site, run.language, run.models)
        sign = mark(page, signs, run.models)
        result: PageResult | Failure = page_result(
            page, read, site, judge(signs, run.models, spread.linked), spread, run, reached
        )
        return Judged(result, sign, run.skipped)
    except Exception as error:
        return Judged(_defect(page.snapshot, error), mark(page, None, run.models), Counter())
    finally:
        run.skipped = before


def skipped(counted: Mapping[tuple[str, str], int]) -> tuple[Skipped, ...]:
    """What could not be looked at, in report order."""
    return tuple(Skipped(check, reason, count) for (check, reason), count in sorted(counted.items()))


def _defect(document: Snapshot, error: Exception) -> Failure:
    return Failure(
        FailureKind.UNREADABLE,
        f"a defect of this program ({type(error).__name__}); please report it with the document",
        document.url,
        document.path,
    )


def site_result(site: Site, spread: Spread, run: Run) -> SiteResult:
    """What a run has to say about a site as a whole."""
    subject = Subject(
        site=site, many=site if site.known >= MINIMUM_PAGES else None, spread=spread, language=run.language
    )
    order = np.argsort(-site.shares, kind="stable").tolist()
    theme = [
        TopicShare(run.language.topics.names[i], round(float(site.shares[i]), 4))
        for i in order
        if site.shares[i] >= 0.02
    ]
    first = next(iter(site.entries), None)
    parts = urls.split(first.url) if first else None
    home = f"{parts.scheme}://{parts.netloc}/" if parts and parts.netloc else None
    findings = []
    for check in run.checks:
        if check.scope == "site" and check.id in run.chosen:
            for hit in _hits(check, subject, run):
                where = Location(url=home, path=None if home else site.name, snippet=hit.snippet)
                findings.append(_finding(check, hit, where, site.name))
    return SiteResult(site.name, site.pages, tuple(theme), tuple(findings))


def page_result(
    page: Page,
    read: Digest,
    site: Site,
    judged: Judgement,
    spread: Spread,
    run: Run,
    reached: Mapping[str, Reached] | None = None,
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
        language=run.language,
    )
    hits = [(check, hit) for check in run.checks if check.scope == "page" for hit in _hits(check, subject, run)]
    spots = {hit.spot for _, hit in hits if hit.spot is not None}
    spots |= {j.link.spot for j in judged.links or () if j.label is not LinkLabel.OK}
    if spots:  # one reading places them all
        spots |= {link.spot for link in page.links if link.external}
    places = locate(page, spots)
    found = tuple(_finding(check, hit, _location(page, hit, places), _identity(page)) for check, hit in hits)
    findings = tuple(finding for finding in found if finding.check in run.chosen)
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


def _quality(judged: Judgement) -> Verdict | None:
    """Of health advice the verdict of the model that was made for it."""
    if judged.health is not None and judged.health.quality is not None:
        return judged.health.quality
    return judged.page.quality if judged.page else None


def _hits(check: Check, subject: Subject, run: Run) -> list[Hit]:
    """What one check finds; where it cannot look or breaks, the report says so and goes on."""
    needed = {name: getattr(subject, name) for name in check.needs}
    for name, value in needed.items():
        if value is None:
            if check.id in run.chosen:
                run.skipped[check.id, REASONS.get(name, f"there is no {name}")] += 1
            return []
    try:
        return list(check.judge(**needed))
    except Exception as error:  # a check that breaks must not take the report with it
        if check.id in run.chosen:
            run.skipped[check.id, f"the check broke ({type(error).__name__}); please report it"] += 1
        return []


def _identity(page: Page) -> str:
    """What names a document in fingerprints: its address without the host's spelling, else its path as given."""
    parts = urls.split(page.url) if page.url else None
    return f"{page.site}{parts.path}?{parts.query}" if parts else page.snapshot.path or "-"


def _finding(check: Check, hit: Hit, location: Location, identity: str) -> Finding:
    mark = hashlib.sha256(f"{check.id}\n{identity}\n{hit.key}".encode()).hexdigest()[:16]
    return Finding(
        check=check.id,
        severity=hit.severity or check.severity,
        confidence=hit.confidence,
        message=hit.message,
        fix=check.fix,
        fingerprint=mark,
        location=location,
        evidence=dict(hit.evidence),
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
        if not link.external or page.role(link.block) is Role.RELATED:
            continue
        found = verdicts.get(id(link))
        place = places.get(link.spot)
        made.append(
            LinkResult(
                href=link.href,
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
