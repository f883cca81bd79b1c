"""Who stands for a page: is it an article at all, who wrote or checked it, and do its dates agree?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from auditor import urls
from auditor.features.occurrence import Occurrence, occurrence, phrases, plain
from auditor.page.dates import visible_dates
from auditor.page.names import person_like
from auditor.page.page import Kind, Page, Role
from auditor.page.snapshot import Format
from auditor.page.structured import kinds

_FILE = "trust.txt"

# --- is it a published article? ---------------------------------------------------------------------------------------

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "BlogPosting",
        "MedicalScholarlyArticle",
        "ScholarlyArticle",
        "TechArticle",
        "Report",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "BackgroundNewsArticle",
    ]
)
_OTHER_TYPES = frozenset(
    [
        "Product",
        "Recipe",
        "Event",
        "JobPosting",
        "LocalBusiness",
        "ContactPage",
        "AboutPage",
        "CollectionPage",
        "SearchResultsPage",
        "QAPage",
        "DiscussionForumPosting",
        "VideoObject",
        "ProfilePage",
        "ItemList",
    ]
)
_STANDING = re.compile(
    r"/(?:about|about-us|contact|contact-us|privacy|privacy-policy|terms|terms-of-service|terms-and-conditions|imprint|impressum|"
    r"legal|disclaimer|cookies?|cookie-policy|faqs?|careers|jobs|team|our-team|services?|products?|pricing|shop|cart|login|search|tags?|"
    r"category|categories|author|authors|topics?|archive|archives|sitemap|home|index)(?:[./?]|$)(?!(?:.*/)?[^/]{20,})",
    re.IGNORECASE,
)


def published(page: Page) -> bool:
    """Whether a page says that it is an article: by structured data, Open Graph, byline and date, or front matter.

    About, contact and policy pages of many publishing systems call themselves articles too; their address tells.
    """
    metadata = page.metadata
    types = {kind for node in metadata.structured for kind in kinds(node)}
    if types & ARTICLE_TYPES:
        return True
    parts = urls.split(page.url)
    path = parts.path if parts is not None else ""
    if path in ("", "/") and page.url:
        return False
    if _STANDING.search(path[:300]) or types & _OTHER_TYPES:
        return False
    dated = bool(metadata.published or metadata.modified)
    if page.format is not Format.HTML:
        return dated or bool(metadata.authors)
    return metadata.og.get("og:type", "").lower() == "article" or (dated and bool(metadata.authors))


# --- authors ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Bylines behind which no person can be found."""

    names: tuple[str, ...]
    role: bool
    """A bare role or account (`admin`), not a body that could be held to it (the firm, its editors)."""


def anonymous_authors(page: Page) -> Anonymous | None:
    """The bylines where none of them names a person: a role, a team, or the site itself. None where one does.

    A site that bears a person's name is that person's.
    """
    names = page.metadata.authors
    if not names:
        return None
    brand = {_squeeze(name) for name in (page.metadata.site_name, page.site, page.site.partition(".")[0]) if name}
    nobody = frozenset(phrases(_FILE)["nobody"])
    bodies = frozenset(phrases(_FILE)["bodies"])
    role = False
    for name in names:
        words = plain(name).split()
        if " ".join(words) in nobody:
            role = True
        # "Edith Staff" is a person, "the staff" and "Podium Staff" of podium.com are not.
        elif words and words[-1] in bodies and (len(words) > 2 or words[-1] != "staff" or _squeeze(words[0]) in brand):
            continue
        elif _squeeze(name) not in brand or person_like(name):
            return None
    return Anonymous(names, role)


def _squeeze(name: str) -> str:
    return re.sub(r"[\W_]+", "", plain(name).removeprefix("the "))


# --- dates ------------------------------------------------------------------------------------------------------------

_SLACK = 31  # days: a post scheduled ahead carries the day of its last edit as "modified"
_DECLARED = frozenset({"json-ld", "microdata", "meta", "front-matter"})
_HEAD = 12  # paragraphs of the article in which its date line stands


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two dates of one page that cannot both be right."""

    message: str
    """Both dates in words."""
    days: int
    occurrence: Occurrence | None
    """Where one of them is visible."""


@lru_cache(maxsize=2)
def dated(page: Page) -> bool:
    """Whether the page bears a date of its own. One that was read off the page's text and stands in a list of related
    posts alone is another page's."""
    metadata = page.metadata
    if not (metadata.published or metadata.modified):
        return False
    if metadata.date_route not in ("text", "markup"):
        return True
    known = {metadata.published, metadata.modified} - {""}
    years = [day[2:4] for day in known]
    elsewhere = own = False
    for paragraph in page.paragraphs:
        if len(paragraph.text) > 300 or not any(year in paragraph.text for year in years):
            continue
        seen = visible_dates(paragraph.text)
        if known & {seen.published, seen.modified}:
            if page.role(paragraph.block) in (Role.RELATED, Role.COMMENTS, Role.SIDEBAR):
                elsewhere = True
            else:
                own = True
    return own or not elsewhere


@lru_cache(maxsize=2)
def contradictory_dates(page: Page) -> tuple[Contradiction, ...]:
    """Dates of one page that contradict each other by more than a month. Only what the page itself says is compared."""
    metadata = page.metadata
    if metadata.date_route not in _DECLARED or not metadata.published:
        return ()
    issued, changed = metadata.published, metadata.modified
    found = []
    if changed and (days := _days(changed, issued)) > _SLACK:
        found.append(
            Contradiction(f"it says it was changed on {changed}, before it was published on {issued}", days, None)
        )
    article = [
        (i, p) for i, p in enumerate(page.paragraphs) if page.role(p.block) is Role.ARTICLE and p.hidden is None
    ][:_HEAD]
    for index, paragraph in article:
        if len(paragraph.text) > 140 or paragraph.kind is Kind.HEADING:
            continue
        seen = visible_dates(paragraph.text)
        if seen.modified and not seen.published and (days := _days(seen.modified, issued)) > _SLACK:
            place = occurrence(page, index, 0, len(paragraph.text))
            found.append(
                Contradiction(
                    f"readers see “updated {seen.modified}”, search engines “published {issued}”", days, place
                )
            )
            break
    return tuple(found)


def _days(earlier: str, later: str) -> int:
    try:
        return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days
    except ValueError:
        return 0
