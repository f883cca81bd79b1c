"""Subject: what a check may ask for. A field that is None was not to be had, and checks that need it are skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.judge import JudgedBlock, JudgedHealth, JudgedLink, JudgedPage
from auditor.language import Language
from auditor.outbound.arrivals import Arrivals
from auditor.page.looks import Looks
from auditor.page.page import Page
from auditor.page.reached import Reached
from auditor.page.told import Told
from auditor.site.crawled import Crawled
from auditor.site.digest import Digest
from auditor.site.site import Site
from auditor.site.survey import Survey
from auditor.spread import Spread
from auditor.suppression import Noted


@dataclass(frozen=True, slots=True)
class Subject:
    """One page with all that was read off it. The names are those of the parameters of checks."""

    page: Page | None = None
    """Every page."""
    digest: Digest | None = None
    """Every page: tokens, topic and vector of its article."""
    article: Digest | None = None
    """Pages that have an article of at least 150 words: the digest once more, for checks that only make sense on one."""
    english: Digest | None = None
    """The same where the article is English."""
    health: Digest | None = None
    """The same where it is English health advice."""
    site: Site | None = None
    """The page's site, of one page or many."""
    many: Site | None = None
    """The site where it has enough pages to have a norm."""
    spread: Spread | None = None
    """How far over the site what looks planted has spread; always there."""
    survey: Survey | None = None
    """The site's pages in columns; for checks of sites, there always."""
    crawled: Crawled | None = None
    """For checks of sites: what a crawl knows of the site's addresses beside the pages."""
    whole: Crawled | None = None
    """The same where the crawl left nothing out that it found."""
    arrivals: Arrivals | None = None
    """Domains that the site did not link to before, where something is known to compare with."""
    links: tuple[JudgedLink, ...] | None = None
    related: tuple[JudgedBlock, ...] | None = None
    judged: JudgedPage | None = None
    medical: JudgedHealth | None = None
    """How far the article gives health advice, and whether a reader can rely on it."""
    raw: Page | None = None
    """The page before its scripts ran, where they were run."""
    looks: Looks | None = None
    """The page as a reader and as a search bot got it, where that was asked for."""
    reached: Mapping[str, Reached] | None = None
    """Where its links lead, by their addresses, as far as somebody looked."""
    told: Mapping[str, Told] | None = None
    """What the targets of its article's links tell of themselves, by the links' addresses, as far as somebody read them."""
    suppressions: tuple[Noted, ...] | None = None
    """What became of the suppressions that the page, or the run's settings, ask for; there once all other checks have looked."""
    language: Language | None = None
    """What the tool knows of English; always there."""


REASONS = {
    "article": "the page has no article of 150 words or more",
    "english": "the article is not in English, or too short",
    "health": "the article gives no health advice",
    "medical": "the article is not in English, or too short to tell whether it is about health",
    "many": "the site has fewer than 10 articles",
    "links": "the page is not in English, so the link model does not apply",
    "related": "the page has no related posts, or is not in English",
    "raw": "nobody ran the scripts; `auditor scan --render` does",
    "looks": "nobody compared what readers and search bots get; `auditor scan --compare-as` does",
    "reached": "nobody followed the links; `auditor scan` does (to other sites with --check-external), `auditor check` within a built site",
    "told": "nobody read what the links lead to; `auditor scan` does, for other sites with --check-targets",
    "crawled": "nobody crawled the site; `auditor scan` does",
    "whole": "nobody crawled the whole site; `auditor scan` does, where no limit, list or pattern leaves pages out",
    "arrivals": "nothing is known to compare with; a second `auditor scan` of the site does, or a file of known domains (--domains)",
    "judged": "the page has no English article, so the page model does not apply",
}
"""Why a field can be None, in words for the report."""
