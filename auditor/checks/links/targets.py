"""Checks on what stands where links lead: does it give what they promise?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.links.ends import led_to, named, sentence, short
from auditor.features.promise import promises
from auditor.judge import JudgedLink
from auditor.language import Language
from auditor.language.lexicons import HostKind, affiliate, host_kind
from auditor.page.page import Page
from auditor.page.reached import Reached, State
from auditor.page.told import Told
from auditor.report import Confidence, LinkLabel, Severity
from auditor.site.digest import Digest

_PASSING_ON = frozenset({HostKind.SHORTENER, HostKind.AFFILIATE, HostKind.WIDGET})


@check(
    title="A link leads to something else than it promises",
    severity=Severity.LOW,
    policy="link-spam",
    fix="Lead the link to the page that its words speak of, or take it out; if you did not write it, look for who did.",
)
def mismatched_anchor(
    page: Page, english: Digest, links: tuple[JudgedLink, ...], told: Mapping[str, Told], language: Language
) -> Iterator[Hit]:
    """A reader who follows a link on one subject to a page on another has lost the way and some trust; so it is with links whose
    target was swapped, and with domains that somebody else bought. Google reads anchor and surrounding words as what the target is
    about (Search Central on link best practices)."""
    seen = {judged.link.url for judged in links if judged.label is not LinkLabel.OK}  # `planted-link` has told of these
    for one in promises(page, english, told, language):
        link = one.link
        if not one.broken or link.url in seen:
            continue
        seen.add(link.url)
        yield Hit(
            message=f"{named([link])} to {short(link.url)}, whose title is “{one.told.title[:80]}”: nothing that the anchor, its "
            "sentence or the article speaks of.",
            key=f"{link.url}|{link.anchor[:80]}",
            spot=link.spot,
            snippet=sentence(page, link),
            severity=Severity.MEDIUM if one.surely else Severity.LOW,
            confidence=Confidence.MEDIUM if one.surely else Confidence.LOW,
            evidence={
                "href": link.url,
                "anchor": link.anchor,
                "title": one.told.title,
                "topic": one.told.topic,
                "similarity": round(one.fit, 3),
            },
            target=link.url,
        )


@check(
    title="A link to a page leads to a front page instead",
    severity=Severity.LOW,
    fix="Find where the page has gone and lead the link there, to an archived copy or to another source, or take it out.",
)
def rerouted_link(page: Page, reached: Mapping[str, Reached]) -> Iterator[Hit]:
    """The page is gone and its site sends everybody who asks for it to its front page: the reader finds nothing of what was cited.
    Search engines treat such redirects as missing pages (Google Search Central on soft 404 errors)."""
    for end, links in led_to(page, reached, State.ALIVE, State.MOVED):
        if not end.rerouted or _passes_on(end.url) or (end.told and end.told.parked):
            continue
        # A visitor without cookies may be sent to a front page as well; for good is for good.
        lasting = end.state is State.MOVED and end.final_url == end.landed
        own = urls.site(end.url) == urls.site(end.landed)
        yield Hit(
            message=f"{named(links)} to {short(end.url)}, but everybody is sent to the front page {short(end.landed)} instead.",
            key=end.url,
            spot=links[0].spot,
            snippet=sentence(page, links[0]),
            confidence=Confidence.HIGH if lasting and own else Confidence.MEDIUM if lasting or own else Confidence.LOW,
            evidence={"href": end.url, "landed": end.landed, "status": end.status, "links": len(links)},
            target=end.url,
        )


@check(
    title="A link leads to a domain that is for sale",
    severity=Severity.MEDIUM,
    policy="link-spam",
    fix="Take the link out, or lead it to where the page has gone or to an archived copy of it.",
)
def parked_target(page: Page, reached: Mapping[str, Reached]) -> Iterator[Hit]:
    """Whoever buys the domain buys this link and its readers with it, and until then they find advertisements. Expired domains are
    bought for the links that lead to them (Google's spam policy on expired domain abuse)."""
    for end, links in led_to(page, reached, State.ALIVE, State.MOVED):
        if not end.told or not end.told.parked:
            continue
        yield Hit(
            message=f"{named(links)} to {short(end.url)}, a domain that is for sale: {end.told.parked}.",
            key=end.url,
            spot=links[0].spot,
            snippet=sentence(page, links[0]),
            evidence={"href": end.url, "title": end.told.title, "mark": end.told.parked, "links": len(links)},
            target=end.url,
        )


def _passes_on(url: str) -> bool:
    """Whether an address is there to lead elsewhere."""
    return host_kind(urls.site(url), urls.host(url)) in _PASSING_ON or affiliate(url)
