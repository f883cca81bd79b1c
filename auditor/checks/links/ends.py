"""Checks on where links lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.check import Hit, check
from auditor.page.page import Link, Page
from auditor.page.prose import snippet
from auditor.page.reached import Reached, State
from auditor.report import Confidence, Severity


@check(
    title="A link leads nowhere",
    severity=Severity.MEDIUM,
    fix="Lead the link to where the page has gone, or take it out and leave the words.",
)
def broken_link(page: Page, reached: Mapping[str, Reached]) -> Iterator[Hit]:
    """A reader who follows it stands before an error, and a search engine takes many of them for a site that nobody looks after.
    A domain that was given up may be bought by whoever wants the site's readers (Google Search Central on crawlable links)."""
    for end, links in _to(page, reached, State.BROKEN, State.UNREACHABLE):
        sure = end.state is State.BROKEN
        yield Hit(
            message=f"{_named(links)} to {_short(end.url)}: {end.detail}.",
            key=end.url,
            spot=links[0].spot,
            snippet=_sentence(page, links[0]),
            severity=Severity.MEDIUM if sure else Severity.LOW,
            confidence=Confidence.HIGH if sure else Confidence.LOW,
            evidence={"href": end.url, "status": end.status, "state": end.state, "links": len(links)},
            target=end.url,
        )


@check(
    title="A link leads to where a page used to be",
    severity=Severity.INFO,
    fix="Write the new address into the link.",
)
def moved_link(page: Page, reached: Mapping[str, Reached]) -> Iterator[Hit]:
    """The page has moved for good and the old address only leads to the new one: every reader waits for one answer more, and
    on the day that the redirect is taken away the link is broken."""
    for end, links in _to(page, reached, State.MOVED):
        yield Hit(
            message=f"{_named(links)} to {_short(end.url)}, which has moved to {_short(end.final_url)}.",
            key=end.url,
            spot=links[0].spot,
            snippet=_sentence(page, links[0]),
            evidence={"href": end.url, "final_url": end.final_url, "links": len(links)},
            target=end.url,
        )


def _to(page: Page, reached: Mapping[str, Reached], *states: State) -> Iterator[tuple[Reached, list[Link]]]:
    """Each target in one of these states once, with the links that lead to it."""
    found: dict[str, list[Link]] = {}
    for link in page.links:
        end = reached.get(link.url)
        if end is not None and end.state in states and link.hidden is None:
            found.setdefault(link.url, []).append(link)
    for url, links in found.items():
        yield reached[url], links


def _sentence(page: Page, link: Link) -> str:
    return "" if link.paragraph is None else snippet(page.paragraphs[link.paragraph].text, link.start, link.end)


def _named(links: list[Link]) -> str:
    anchor = " ".join(links[0].anchor.split())
    words = f"“{anchor[:80]}” leads" if anchor else "A link leads"
    return words if len(links) == 1 else f"{words}, one of {len(links)} links,"


def _short(url: str) -> str:
    return url if len(url) <= 120 else url[:119] + "…"
