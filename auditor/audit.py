"""Audit: documents in, report out. Pure but for the models, which are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from auditor.built import Ways
from auditor.config import Config
from auditor.fold import folded
from auditor.hands import Alone, Brief, Hands, Reader, Task
from auditor.outbound.arrivals import arrivals, sightings
from auditor.outbound.known import Known
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, Snapshot
from auditor.report import (
    PageResult,
    Report,
    SiteResult,
    Skipped,
)
from auditor.result import Judges, notices, site_result
from auditor.site.crawled import Crawled
from auditor.site.site import assemble
from auditor.spread import Mark, Spread
from auditor.spread import spread as spread_of
from auditor.targets import Targets, told_by
from auditor.version import __version__


def audit(
    documents: Iterable[Snapshot | Failure],
    config: Config | None = None,
    *,
    source: Sequence[str] = (),
    started_at: datetime,
    reached: Mapping[str, Reached] | None = None,
    crawled: Mapping[str, Crawled] | None = None,
    follow: Follow | None = None,
    known: Known | None = None,
) -> Report:
    """Audit documents of any number of sites, in this process (`auditor.crew` does it in several).

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
    alone = Alone(Reader(judges, config.each), documents)
    return put_together(
        alone,
        judges,
        config,
        source=source,
        started_at=started_at,
        reached=reached,
        crawled=crawled,
        follow=follow,
        known=known,
    )


Follow = Callable[[Sequence[Ways]], Mapping[str, Reached] | None]


def put_together(
    hands: Hands,
    judges: Judges,
    config: Config,
    *,
    source: Sequence[str],
    started_at: datetime,
    reached: Mapping[str, Reached] | None,
    crawled: Mapping[str, Crawled] | None,
    follow: Follow | None,
    known: Known | None,
) -> Report:
    """The report on what `hands` read and judge; for the arguments see `audit`."""
    pages: list[Brief] = []
    failures: list[Failure] = []
    for found in hands.read():
        if isinstance(found, Failure):
            failures.append(found)
        else:
            pages.append(found)
    pages.sort(key=lambda page: (page.domain, page.name))
    if follow is not None:
        reached = follow([page.ways for page in pages])
    targets = None
    if len(pages) > 1 and not config.each:
        targets = Targets((page.ways.url, page.ways.path, told_by(page.entry)) for page in pages)
    hands.settle(reached, targets)
    groups: dict[str, list[Brief]] = {}
    for page in pages:
        groups.setdefault(page.site, []).append(page)
    pages = [page for _, members in sorted(groups.items()) for page in members]
    company = {name: assemble(name, [page.entry for page in members]) for name, members in groups.items()}
    nothing = Spread()
    looks = hands.judge([Task(page.number, company[page.site], nothing) for page in pages])
    marks: dict[str, list[Mark]] = {}
    for page, one in zip(pages, looks, strict=True):
        marks.setdefault(page.site, []).append(one.mark)
    spreads = {name: spread_of(of_site) for name, of_site in marks.items()}
    reopened = [place for place, page in enumerate(pages) if spreads[page.site].reopens(looks[place].mark)]
    again = hands.judge(
        [Task(pages[place].number, company[pages[place].site], spreads[pages[place].site]) for place in reopened]
    )
    for place, one in zip(reopened, again, strict=True):
        looks[place] = one
    of_site: dict[str, list[PageResult]] = {name: [] for name in groups}
    for page, one in zip(pages, looks, strict=True):
        judges.skipped.update(one.skipped)
        if isinstance(one.result, Failure):
            failures.append(one.result)
        else:
            of_site[page.site].append(one.result)
    results: list[PageResult] = []
    sites: list[SiteResult] = []
    for name, members in sorted(groups.items()):
        common, own = folded(judges.wishes.called(name), of_site[name])
        results += own
        came = None
        if known is not None:
            came = arrivals(sightings((page.entry, page.number) for page in members), known, hands.page)
        sites.append(site_result(company[name], spreads[name], judges, (crawled or {}).get(name), came, common))
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


def skipped(counted: Mapping[tuple[str, str], int]) -> tuple[Skipped, ...]:
    """What could not be looked at, in report order."""
    return tuple(Skipped(check, reason, count) for (check, reason), count in sorted(counted.items()))
