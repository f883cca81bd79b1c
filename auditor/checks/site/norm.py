"""Checks of a page against what is usual on its own site; silent where there are too few pages to have a norm."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.page.page import Page
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest
from auditor.site.site import Site

_LEAST = 15
_TIMES = 5


@check(
    title="The article links out far more than its site does",
    severity=Severity.LOW,
    fix="Look at the links one by one: who put them there, and does each help a reader of this article?",
)
def outlying_link_count(page: Page, article: Digest, many: Site) -> Iterator[Hit]:
    """Some articles are lists of links, and that is fine. One among articles that hardly link out at all may have been sold or changed
    from outside, and search engines judge a page by whom it links to."""
    count = sum(article.hosts.values())
    usual = many.outward
    if count >= _LEAST and count > _TIMES * max(usual, 1.0):
        hosts = sorted(article.hosts, key=lambda host: (-article.hosts[host], host))
        yield Hit(
            message=f"The article has {count} links to {len(hosts)} other sites; of the site's {many.known:,} articles nineteen in "
            f"twenty have {usual:.0f} at most.",
            key="links",
            confidence=Confidence.MEDIUM,
            evidence={"links": count, "hosts": hosts[:30], "usual": usual},
        )
