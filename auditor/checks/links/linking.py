"""Checks on how a page is joined to its site: what it leads to, whether at all, and how much at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.checks.check import Hit, check
from auditor.checks.links.gathered import visible
from auditor.checks.markup import whole
from auditor.checks.words import name, shown
from auditor.page.page import Link, Page, Role
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest

# Where nofollow is right: what is no page for a search engine.
_NO_PAGE = re.compile(
    r"log-?in|log-?out|sign-?(?:in|up|out)|register|cart|basket|checkout|account|wishlist|compare|reply|replytocom|comment|respond|"
    r"search|[?&](?:s|q|sort|order|filter|share|print|add)[=-]|/(?:go|out|outbound|recommends?|redirect|refer|link|visit|jump|click|track|ads?|partner)/|"
    r"add-to|share|print|feed|rss|wp-|admin|action=|edit|download|report|vote|flag|like|follow|subscribe|privacy|terms|legal|cookie|e?mail|"
    r"\.(?:pdf|zip|jpe?g|png|gif|webp|svg|docx?|xlsx?)\Z|cdn-cgi|calendar|date=|booking|reserv|affiliate|deal|"
    r"/(?:posts?|members?|users?|profiles?|misc|whats-new|q|newsletters?|favou?rites?|tags?)(?:[-/?]|\Z)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def _is_no_page(href: str) -> bool:
    return _NO_PAGE.search(href[:500]) is not None


@check(
    title="Links to the own site ask not to be followed",
    severity=Severity.INFO,
    fix="Take nofollow out of links to own pages; a page that should not be found says noindex itself.",
)
def nofollow_internal_link(page: Page) -> Iterator[Hit]:
    """nofollow says that the site does not vouch for what it links to, and that is its own page. A search engine finds that page late or
    weighs it less, and a reader gains nothing (Google Search Central on qualifying outbound links)."""
    own: list[Link] = []
    shared: list[Link] = []
    for link in visible(page):
        if link.rel and "nofollow" in link.rel and link.url and not link.external and not _is_no_page(link.href):
            (own if page.role(link.block) is Role.ARTICLE else shared).append(link)
    for links, template in ((own, ""), (shared, "nofollow")):
        if links:
            targets = list(dict.fromkeys(link.href for link in links))
            outside = " outside of the article" if template else ""
            yield Hit(
                message=f"{len(targets)} link{'s' if len(targets) > 1 else ''}{outside} to the own site "
                f"{'ask' if len(targets) > 1 else 'asks'} not to be followed, such as {name(links[0])} to {targets[0][:120]}.",
                key=template or "|".join(sorted(targets))[:300],
                spot=links[0].spot,
                snippet=shown(page, links[0]),
                template=template,
                evidence={"count": len(targets), "links": targets[:20]},
            )


MOST_LINKS = 1000


@check(
    title="The page has more links than anybody can use",
    severity=Severity.INFO,
    fix="Split the list over pages, or show a part of the menu at a time.",
)
def link_overload(page: Page) -> Iterator[Hit]:
    """Among a thousand links a reader finds none, and one who listens to the page has to pass all of them. A search engine gives each the
    smaller a share and may not follow the last ones (Bing's and Google's guides ask for a reasonable number)."""
    count = len(page.links)
    if count > MOST_LINKS:
        outside = sum(page.role(link.block) is not Role.ARTICLE for link in page.links)
        yield Hit(
            message=f"The page has {count:,} links, {outside:,} of them outside of the article.",
            key="links",
            template="links" if outside > count / 2 else "",
            evidence={"links": count, "outside": outside, "most": MOST_LINKS},
        )


@check(
    title="No link leads on to the own site",
    severity=Severity.LOW,
    fix="Link the front page and two or three articles that a reader of this one will want next.",
)
def dead_end_page(page: Page, article: Digest) -> Iterator[Hit]:
    """A reader who came from a search has nowhere to go but back. A search engine that reached the page learns nothing of the rest of the
    site from it (Google Search Central on crawlable links)."""
    if not whole(page) or page.truncated or any(_leads_on(page, link) for link in page.links):
        return
    if not page.url and any(link.external for link in page.links):
        return  # a file that does not say where it belongs: its own site cannot be told from others
    external = sum(link.external for link in page.links)
    yield Hit(
        message="The page has no link to its own site"
        f"{f', and {external} to others' if external > 1 else ', and one to another' if external else ''}.",
        key="dead end",
        template="dead end",
        confidence=Confidence.MEDIUM if page.links else Confidence.LOW,
        evidence={"external": external, "links": len(page.links)},
    )


def _leads_on(page: Page, link: Link) -> bool:
    return bool(link.url) and not link.external and link.url != page.url
