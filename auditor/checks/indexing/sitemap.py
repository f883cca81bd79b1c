"""Checks of the sitemaps against what the crawl met."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditor.checks.check import Hit, check
from auditor.checks.several import NAMED, evidence, pages, shown
from auditor.report import Confidence, Severity
from auditor.site.crawled import Crawled
from auditor.site.survey import Survey

_FEW = 10
"""Pages below which a site needs no sitemap."""
_ARTICLE = 150
"""Words of a page that belongs into one."""

_UNFIT = {
    "moved": "only lead elsewhere",
    "broken": "are gone, or the server failed",
    "barred": "may not be fetched by robots.txt",
    "noindex": "ask not to be indexed",
    "canonical": "name another address as their original",
}


@check(
    title="Sitemaps list addresses that search engines cannot take",
    severity=Severity.LOW,
    fix="List only pages that answer with 200 under this very address and want to be found; leave the others out.",
)
def unfit_sitemap_entry(survey: Survey, crawled: Crawled) -> Iterator[Hit]:
    """A sitemap says which pages to take; one that lists redirects, errors and noindex pages is trusted less and costs the
    crawler requests that good pages would need (Google Search Central on sitemaps)."""
    found: dict[str, list[str]] = {why: [] for why in _UNFIT}
    counts = dict.fromkeys(_UNFIT, 0)
    for one in crawled.listed:
        row = int(survey.rows(np.array([one.code]))[0])
        if row >= 0:
            why = "noindex" if survey.noindex[row] else "canonical" if survey.canonicals[row] != one.code else ""
        else:
            moved, broken = one.code in crawled.hops, one.code in crawled.broken
            why = "moved" if moved else "broken" if broken else "barred" if one.barred else ""
        if why:
            counts[why] += 1
            if len(found[why]) < NAMED:
                found[why].append(one.url)
    for why, urls in found.items():
        if urls:
            yield Hit(
                message=f"{counts[why]:,} addresses in the sitemaps {_UNFIT[why]}: {shown(urls, counts[why])}."
                if counts[why] > 1
                else f"An address in the sitemaps is one of those that {_UNFIT[why]}: {urls[0]}.",
                key=why,
                evidence=evidence(urls, counts[why], reason=why),
            )


@check(
    title="Articles are missing from the sitemaps",
    severity=Severity.INFO,
    fix="Let the sitemap be made from the same list as the pages, so that no article is left out.",
)
def unlisted_page(survey: Survey, whole: Crawled) -> Iterator[Hit]:
    """Search engines find new pages by the sitemap first. What is missing from it is found later, by links, if at all
    (Google Search Central on sitemaps)."""
    listed = np.fromiter((one.code for one in whole.listed), dtype=np.int64)
    if not len(listed):
        return
    rows = np.flatnonzero(survey.listable & ~np.isin(survey.codes, listed))
    missing = [one.name for _, one in survey.entries(rows.tolist()) if one.words >= _ARTICLE]
    if missing:
        yield Hit(
            message=f"{pages(len(missing))} with an article {'is' if len(missing) == 1 else 'are'} in no sitemap: {shown(missing)}.",
            key="unlisted",
            confidence=Confidence.MEDIUM,
            evidence=evidence(missing),
        )


@check(
    title="The site has no sitemap",
    severity=Severity.INFO,
    fix="Let the publishing system write a sitemap.xml and name it in robots.txt.",
)
def missing_sitemap(survey: Survey, crawled: Crawled) -> Iterator[Hit]:
    """With a sitemap search engines know all pages and when they changed; without one they have to stumble on them by links
    (Google Search Central on sitemaps)."""
    count = len(survey.codes)
    if count >= _FEW and crawled.front and not any(True for _ in crawled.listed):
        yield Hit(
            message=f"Neither robots.txt nor the usual addresses lead to a sitemap, and the site has {pages(count)}.",
            key="sitemap",
        )
