"""Omissions: what a crawl knew of and did not fetch, host by host."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.report import Omission
from auditor.store.run import DROPPED, EXCLUDED, WAITING, Run
from auditor.web.record import HostRecord, restored

_REASONS = {
    EXCLUDED: "robots.txt asks not to fetch them",
    WAITING: "a limit was reached; go on with --resume and a larger --max-pages or --max-seconds",
    DROPPED: "the host stopped answering; go on later with a new scan",
}


def omissions(run: Run) -> tuple[Omission, ...]:
    """By host: what robots.txt excludes, what limits and silent hosts left, endless places, sitemaps that could not be read."""
    found = [
        Omission(lane, reason, count, example)
        for why, reason in _REASONS.items()
        for lane, (count, example) in run.left_out(why).items()
    ]
    for host, kept in run.notes().items():
        found += _of(restored(host, kept))
    return tuple(sorted(found, key=lambda one: (one.host, one.reason, one.example)))


def _of(record: HostRecord) -> Iterator[Omission]:
    for shape, count in record.traps.items():
        yield Omission(record.host, "addresses without end; look at some of them with --url-list", count, shape)
    promised = {url for rules in record.robots.values() for url in rules.sitemaps}
    for file in record.sitemaps:
        # Of the usual place and of feeds nobody said that there is a list.
        unasked = file.url not in promised and (file.url.endswith("/sitemap.xml") or file.url in record.feeds)
        if file.problem and not unasked:
            yield Omission(record.host, f"a sitemap was not read to its end: {file.problem}", 1, file.url)
