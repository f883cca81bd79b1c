"""Checks on how readers and crawlers reach the pages of a site by its links."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditor import identity
from auditor.checks.check import Hit, check
from auditor.checks.several import evidence, pages, shown
from auditor.report import Confidence, Severity
from auditor.site.crawled import Crawled
from auditor.site.survey import Survey

_DEEP = 5
"""Clicks from the front page from which a page is deep."""
_MOST = 0.5
"""Share of a site's pages; where more have no links, its menus are made by scripts."""


@check(
    title="No page links to these pages",
    severity=Severity.LOW,
    fix="Link each from a page that it belongs to, or take it down.",
)
def orphaned_page(survey: Survey, whole: Crawled) -> Iterator[Hit]:
    """Readers cannot come upon it, and a search engine takes a page that its own site does not link to for unimportant (Google Search
    Central on crawlable links). Pages that somebody put there without the owner's knowledge often stand like this."""
    led_to = {identity.code_of(hop.target) for hop in whole.hops.values()}
    known = np.fromiter(led_to | set(whole.ends(whole.starts)), dtype=np.int64)
    copies = survey.canonicals[survey.canonicals != survey.codes]
    alone = survey.listable & (survey.inlinks == 0) & ~np.isin(survey.codes, known) & ~np.isin(survey.codes, copies)
    rows = np.flatnonzero(alone)
    if len(rows):
        names = survey.names(rows.tolist())
        many = len(rows) > _MOST * len(survey.codes)
        yield Hit(
            message=f"{pages(len(rows))} {'is' if len(rows) == 1 else 'are'} known from sitemaps or feeds alone, no page of the site "
            f"links there: {shown(names)}.",
            key="orphans",
            confidence=Confidence.LOW if many else Confidence.HIGH,
            evidence=evidence(names),
        )


@check(
    title="Pages are many clicks away from the front page",
    severity=Severity.INFO,
    fix="Link them from overview pages that are nearer: topics, years, the best of the archive.",
)
def deep_page(survey: Survey, crawled: Crawled) -> Iterator[Hit]:
    """Few readers go so far, and search engines take what is far from the front page for less important and visit it less often
    (Google Search Central on site structure)."""
    if not crawled.front:
        return
    depths = survey.depths(np.array(crawled.ends(crawled.front), dtype=np.int64))
    rows = np.flatnonzero((depths > _DEEP) & survey.listable)
    if len(rows):
        names = survey.names(rows.tolist())
        yield Hit(
            message=f"{pages(len(rows))} {'is' if len(rows) == 1 else 'are'} more than {_DEEP} clicks away from the front page, "
            f"the farthest {int(depths[rows].max())}: {shown(names)}.",
            key="depth",
            evidence=evidence(names, depth=int(depths[rows].max())),
        )
