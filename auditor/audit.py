"""Audit: documents in, report out. Pure but for the models, which are read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.config import Config
from auditor.fold import folded
from auditor.judge import judge, look
from auditor.outbound.arrivals import arrivals, sightings
from auditor.outbound.known import Known
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.page.told import Told
from auditor.report import (
    PageResult,
    Report,
    SiteResult,
    Skipped,
)
from auditor.result import Judges, notices, page_result, site_result
from auditor.site.crawled import Crawled
from auditor.site.digest import Digest, digest
from auditor.site.site import Site, gather, site_names
from auditor.spread import Mark, Spread, mark
from auditor.spread import spread as spread_of
from auditor.targets import Targets
from auditor.version import __version__


def audit(
    documents: Iterable[Snapshot | Failure],
    config: Config | None = None,
    *,
    source: Sequence[str] = (),
    started_at: datetime,
    reached: Mapping[str, Reached] | None = None,
    crawled: Mapping[str, Crawled] | None = None,
    follow: Callable[[Sequence[Page]], Mapping[str, Reached] | None] | None = None,
    known: Known | None = None,
) -> Report:
    """Audit documents of any number of sites.

    Documents are taken in one by one, as a crawl yields them; a site's pages are judged once all are there. The report is the
    same for the same documents in any order, `started_at` aside.

    Args:
        reached: what is known of where links lead, by their addresses; None where nobody looked.
        crawled: what a crawl knows of the addresses of sites, by the site's name; None where nobody crawled.
        follow: says where the links of all pages lead, in place of `reached` (`auditor.built`).
        known: domains that the sites are known to link to; None where nothing is known to compare with.

    Raises:
        ConfigError: a check is named that does not exist.
        ModelError: a shipped model is missing or damaged.
    """
    config = config or Config()
    judges = Judges.load(config)
    pages: list[tuple[Page, Digest]] = []
    failures: list[Failure] = []
    for document in documents:
        match document if isinstance(document, Failure) else read(document, judges):
            case Failure() as failure:
                failures.append(failure)
            case pair:
                pages.append(pair)
    pages.sort(key=lambda pair: (pair[0].site, pair[0].name))
    if follow is not None:
        reached = follow([page for page, _ in pages])
    groups: dict[str, list[tuple[Page, Digest]]] = {}
    for name, pair in zip(site_names([page for page, _ in pages], config.each), pages, strict=True):
        groups.setdefault(name, []).append(pair)
    targets = Targets(pages) if len(pages) > 1 and not config.each else None
    results: list[PageResult] = []
    sites: list[SiteResult] = []
    for name, members in sorted(groups.items()):
        site = gather(name, members)
        leads = [targets.told(page) if targets else None for page, _ in members]
        looks = [
            judged(page, digest, site, Spread(), judges, reached, told)
            for (page, digest), told in zip(members, leads, strict=True)
        ]
        spread = spread_of(one.mark for one in looks)
        looks = [
            judged(page, digest, site, spread, judges, reached, told) if spread.reopens(one.mark) else one
            for (page, digest), one, told in zip(members, looks, leads, strict=True)
        ]
        for one in looks:
            judges.skipped.update(one.skipped)
        failures += [one.result for one in looks if isinstance(one.result, Failure)]
        common, own = folded(
            judges.wishes.called(name), [one.result for one in looks if isinstance(one.result, PageResult)]
        )
        results += own
        came = None
        if known is not None:
            seen = sightings((one, page) for one, (page, _) in zip(site.entries, members, strict=True))
            came = arrivals(seen, known, lambda page: page)
        sites.append(site_result(site, spread, judges, (crawled or {}).get(name), came, common))
    skips = skipped(judges.skipped)
    return Report(
        source=tuple(source),
        started_at=started_at,
        version=__version__,
        models=judges.versions,
        sites=tuple(sites),
        pages=tuple(results),
        skipped=skips,
        failures=tuple(sorted(failures, key=lambda failure: (failure.name, failure.kind))),
        notices=notices(sites, results, skips, judges),
        checks=tuple(sorted(judges.wishes.usual)),
    )


def read(document: Snapshot, judges: Judges) -> tuple[Page, Digest] | Failure:
    """A document as a page with what the language statistics say of it; a failure where there is nothing to audit."""
    try:
        page = parse(document)
        digested = digest(page, judges.language)
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
    page: Page,
    read: Digest,
    site: Site,
    spread: Spread,
    judges: Judges,
    reached: Mapping[str, Reached] | None = None,
    told: Mapping[str, Told] | None = None,
) -> Judged:
    """Judge one page against its site.

    Args:
        spread: how far over the site what looks planted has spread. That is known only when every page has been judged: judge them
            with an empty one first, and then those again that it reopens.
        reached: what is known of where its links lead, by their addresses; None where nobody looked.
        told: what the pages tell of themselves that its article links to, by the links' addresses; None where nobody read any.
    """
    before, judges.skipped = judges.skipped, Counter()
    try:
        signs = look(page, read, site, judges.language, judges.models)
        sign = mark(page, signs, judges.models)
        result: PageResult | Failure = page_result(
            page, read, site, judge(signs, judges.models, spread.linked), spread, judges, reached, told
        )
        return Judged(result, sign, judges.skipped)
    except Exception as error:
        return Judged(_defect(page.snapshot, error), mark(page, None, judges.models), Counter())
    finally:
        judges.skipped = before


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
