"""Checks on who stands for an article: author, reviewer, dates, sources, and who paid."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.words import around
from auditor.features.facts import unsourced_figures as unsourced
from auditor.features.notices import notices
from auditor.features.people import anybody, qualified
from auditor.features.sources import affiliate_links, unlinked_sources
from auditor.features.trust import anonymous_authors, dated, published
from auditor.features.trust import contradictory_dates as contradictions
from auditor.language.lexicons import HostKind, host_kind
from auditor.page.page import Page
from auditor.page.prose import snippet
from auditor.page.snapshot import Format
from auditor.page.standing import Standing
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest
from auditor.site.site import MINIMUM_PAGES, Site


@check(
    title="Nobody is named as author",
    severity=Severity.LOW,
    fix="Name the person who wrote it, in the byline and in the structured data, with a page that says who that is.",
)
def missing_author(page: Page, digest: Digest) -> Iterator[Hit]:
    """A reader cannot ask an article without an author how it knows what it says. Google's guide to helpful content
    asks for a byline where one is expected, and its rater guidelines look for who is responsible."""
    if published(page) and digest.words >= _ARTICLE and not anybody(page) and page.format is not Format.TEXT:
        yield Hit(
            message="The article names nobody who wrote it.",
            key="author",
            confidence=Confidence.MEDIUM,
            template="author",
            evidence={"looked": ["structured data", "meta elements", "byline", "author's box", "copyright line"]},
        )


_ARTICLE = 60  # words; less is a notice


@check(
    title="The author is an account, not a person",
    severity=Severity.LOW,
    fix="Put the name of the person who wrote it in place of the account's.",
)
def anonymous_author(page: Page) -> Iterator[Hit]:
    """“admin” has written nothing: the byline is the publishing system's default and says that nobody stands for the
    article. Google's rater guidelines and NewsGuard's criteria both ask for a person behind the text."""
    found = anonymous_authors(page)
    if found is None or not published(page):
        return
    names = ", ".join(f"“{name}”" for name in found.names[:3])
    yield Hit(
        message=f"The byline is {names}, {'an account' if found.role else 'the site or a team'} and not a person.",
        key="|".join(sorted(name.lower() for name in found.names)),
        confidence=Confidence.HIGH if found.role else Confidence.MEDIUM,
        severity=Severity.LOW if found.role else Severity.INFO,
        evidence={"authors": list(found.names), "route": page.metadata.author_route},
        template=names,
    )


@check(
    title="Health advice that nobody qualified stands for",
    severity=Severity.MEDIUM,
    policy="medical-content",
    fix="Have it checked by somebody who may treat the condition; give that person's name, qualification and the date.",
)
def unreviewed_health_advice(page: Page, health: Digest) -> Iterator[Hit]:
    """A reader who is ill may act on it, and cannot see whether anybody who knows has read it. Google's rater
    guidelines hold advice on health to the highest standard (“Your Money or Your Life”), the HONcode asks for
    the author's qualification."""
    if qualified(page):
        return
    authors = page.metadata.authors
    cited = sorted(host for host in health.hosts if host_kind(host) in (HostKind.SCHOLARLY, HostKind.OFFICIAL))
    who = f"by {', '.join(authors[:2])}, whose qualification it does not give," if authors else "by nobody it names"
    yield Hit(
        message=f"The page gives health advice in {health.words} words {who} and names no medical reviewer.",
        key="review",
        template="review",
        confidence=Confidence.MEDIUM,
        # Sources of rank can be checked in the reviewer's stead, if a reader takes the trouble.
        severity=Severity.LOW if len(cited) > 1 else Severity.MEDIUM,
        evidence={"authors": list(authors), "topic": health.topic, "cited": cited},
    )


@check(
    title="The article bears no date",
    severity=Severity.LOW,
    fix="Show when it was published and last checked, and put both into the structured data.",
)
def missing_date(page: Page, digest: Digest) -> Iterator[Hit]:
    """Without a date a reader cannot tell whether prices, laws or doses still hold. Search engines show the date with
    the result and ask for it in the structured data of articles."""
    if digest.words >= _ARTICLE and published(page) and not dated(page) and page.format is not Format.TEXT:
        yield Hit(
            message="The article says neither when it was published nor when it was last changed.",
            key="date",
            confidence=Confidence.MEDIUM,
            template="date",
        )


@check(
    title="The dates contradict each other",
    severity=Severity.LOW,
    fix="Show the date of the last real change, and the same one in the structured data.",
)
def contradictory_dates(page: Page) -> Iterator[Hit]:
    """A page changed years before it was published has at least one date that somebody made up. Readers take an old
    text for a new one, and Google's advice on byline dates is to keep visible and structured ones the same."""
    for found in contradictions(page):
        yield Hit(
            message=f"The dates cannot both be right: {found.message}.",
            key="dates",
            spot=found.occurrence.spot if found.occurrence else None,
            snippet=around(page, found.occurrence) if found.occurrence else "",
            evidence={"published": page.metadata.published, "modified": page.metadata.modified, "days": found.days},
        )
        return


@check(
    title="A source is named that cannot be followed",
    severity=Severity.LOW,
    fix="Link the study itself, best by its DOI, or take the claim out.",
)
def unlinked_source(page: Page, english: Digest) -> Iterator[Hit]:
    """“Source: Journal of …” looks like evidence and is none, for nobody can look it up. The JAMA benchmarks for
    health information and Google's rater guidelines both ask for sources that can be checked."""
    found = unlinked_sources(page)
    if not found:
        return
    first = next((source for source in found if source.named), found[0])
    others = f", and {len(found) - 1} more like it" if len(found) > 1 else ""
    sure = first.occurrence.words.lower().startswith(("source", "(source"))
    yield Hit(
        message=f"“{first.occurrence.words[:100]}”{others}: "
        f"{'no link leads there' if first.named else 'nobody is named, nothing is linked'}.",
        key=first.occurrence.words.lower()[:80],
        spot=first.occurrence.spot,
        snippet=around(page, first.occurrence),
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM if first.named else Confidence.LOW,
        severity=Severity.LOW if first.named else Severity.INFO,
        evidence={"words": [source.occurrence.words for source in found[:20]], "article_words": english.words},
    )


@check(
    title="Figures without a source",
    severity=Severity.LOW,
    policy="medical-content",
    fix="Link the study, the guideline or the statistic that each figure is from, or list the sources at the end.",
)
def unsourced_figures(page: Page, health: Digest) -> Iterator[Hit]:
    """“42 % get better in a week” sounds as if somebody had counted, and nobody can look up who. DISCERN and the JAMA
    benchmarks ask where the information comes from; figures that sound exact are what readers believe first."""
    found = unsourced(page)
    if not found:
        return
    first = found[0].occurrence
    some = ", ".join(f"“{words}”" for words in dict.fromkeys(figure.occurrence.words for figure in found[:4]))
    yield Hit(
        message=f"{len(found)} figures ({some} …) and no link, cite or name by which a reader could check one of them.",
        key="figures",
        spot=first.spot,
        snippet=around(page, first),
        confidence=Confidence.MEDIUM,
        evidence={"figures": [figure.occurrence.words for figure in found[:30]], "article_words": health.words},
    )


@check(
    title="A health site that says neither who it is nor how to reach it",
    severity=Severity.LOW,
    policy="medical-content",
    fix="Have a page that says who runs the site and one that says how to reach them, and link both from every page.",
)
def missing_trust_pages(site: Site) -> Iterator[Hit]:
    """Who is ill and reads advice wants to know whose it is and whom to ask. The HONcode and NewsGuard's criteria ask
    for both, and Google's rater guidelines look for both on pages on health."""
    about_health = sum(entry.topic == "Health" for entry in site.entries)
    if site.framed < _FRAMED or 2 * about_health < site.pages:
        return
    missing = [kind.value for kind in (Standing.ABOUT, Standing.CONTACT, Standing.PRIVACY) if kind not in site.standing]
    if not {"about", "contact"} <= set(missing):
        return
    yield Hit(
        message=f"None of the {site.framed} pages that have a menu or a footer links to a page on {_listed(missing)}.",
        key="standing",
        confidence=Confidence.MEDIUM if site.framed >= MINIMUM_PAGES else Confidence.LOW,
        evidence={"missing": missing, "found": sorted(site.standing), "pages_read": site.pages},
    )


_FRAMED = 3  # pages with a menu from which a site can be said to lack a link
_SUBJECTS = {"about": "who runs the site", "contact": "how to reach them", "privacy": "what it does with readers' data"}


def _listed(missing: list[str]) -> str:
    words = [_SUBJECTS[kind] for kind in missing]
    return ", ".join(words[:-1]) + f" or {words[-1]}"


@check(
    title="Affiliate links are not owned up to",
    severity=Severity.MEDIUM,
    policy="link-spam",
    fix='Say before the first such link that the site is paid for purchases, and mark the links rel="sponsored".',
)
def undisclosed_affiliate_links(page: Page) -> Iterator[Hit]:
    """Readers weigh a recommendation differently once they know that it is paid for, which is why the FTC's
    Endorsement Guides (16 CFR 255) want it said. Search engines want the links marked as sponsored."""
    links = affiliate_links(page)
    if not links or notices(page).hint:
        return
    first = links[0]
    hosts = sorted({link.host for link in links})
    marked = all("sponsored" in link.rel for link in links)
    yield Hit(
        message=f"{len(links)} affiliate link{'s' if len(links) > 1 else ''} ({', '.join(hosts[:3])}) and not a word "
        f"to the reader that the site is paid for {'them' if len(links) > 1 else 'it'}.",
        key="|".join(hosts),
        spot=first.spot,
        snippet=snippet(page.paragraphs[first.paragraph].text, first.start, first.end)
        if first.paragraph is not None
        else "",
        confidence=Confidence.HIGH if len(links) > 1 else Confidence.MEDIUM,
        severity=Severity.LOW if marked or len(links) == 1 else Severity.MEDIUM,
        evidence={
            "links": [{"href": link.href, "anchor": link.anchor, "rel": sorted(link.rel)} for link in links[:30]]
        },
    )
