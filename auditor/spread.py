"""Spread: how far over a site what looks planted has spread. One odd page is a mistake; one after the other is an operation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.judge import EVEN, Models, Signs
from auditor.model.additive import logit
from auditor.page.page import Page
from auditor.site.site import MINIMUM_PAGES

_SHARE = 0.15
"""Share of marked articles from which a site is infested. Of clean sites of 200 articles and more at most one in twenty is marked, of
hacked hosts more than one in four (`audited, marked` in the card of the spam model); small sites are kept out by `_MARKED`."""
_MARKED = 5
_TONGUES = 3
_WORDS = 100
"""Words of article from which its language is sure."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What looks planted, over the articles of one site."""

    articles: int = 0
    """Articles that the link model reads."""
    marked: tuple[str, ...] = ()
    """Names of those with a link that looks planted."""
    targets: tuple[str, ...] = ()
    """The sites that those links lead to: a shop that an honest blog links to from every article is one."""
    strangers: tuple[str, ...] = ()
    """Names of articles in another language than their page declares."""
    tongues: tuple[str, ...] = ()
    """The languages of those."""

    @property
    def linked(self) -> bool:
        """Whether so many articles are marked that one more link of the kind is hardly chance."""
        marked = min(len(self.marked), len(self.targets))
        return self.articles >= MINIMUM_PAGES and marked >= max(_MARKED, _SHARE * self.articles)

    @property
    def babel(self) -> bool:
        """Whether articles in several languages stand in pages that declare one: whoever breaks in does not translate the theme."""
        return len(self.strangers) >= _MARKED and len(self.tongues) >= _TONGUES

    @property
    def infested(self) -> bool:
        return self.linked or self.babel

    def reopens(self, mark: Mark) -> bool:
        """Whether a page that was judged before this was known has to be judged again."""
        return (self.linked and mark.open) or (self.infested and bool(mark.tongue))


@dataclass(frozen=True, slots=True)
class Mark:
    """What one page adds to the spread of its site."""

    name: str
    article: bool
    """Whether the link model reads its article."""
    targets: frozenset[str]
    """The sites that links of the article lead to which look planted."""
    tongue: str
    """Its language, where it is another than its page declares; else empty."""
    open: bool
    """Whether a verdict on it hangs on the spread: one of its links is more likely planted than not."""


def mark(page: Page, signs: Signs | None, models: Models) -> Mark:
    """What one page adds to the spread of its site."""
    suspicious = models.link.thresholds["suspicious"]
    limit, least = logit(suspicious), logit(min(EVEN, suspicious))
    tongue = page.language if stranger(page) else ""
    if signs is None:
        return Mark(page.name, False, frozenset(), tongue, False)
    placed = list(zip(signs.links, signs.link_odds.tolist(), signs.in_article, strict=True))
    targets = frozenset(link.host for link, odds, inside in placed if inside and odds >= limit)
    return Mark(page.name, True, targets, tongue, any(odds >= least for _, odds, _ in placed))


def spread(marks: Iterable[Mark], quiet: int = 0) -> Spread:
    """How far it has spread over the pages of one site, in the order given.

    Args:
        quiet: further articles whose marks have nothing to tell.
    """
    articles = quiet
    marked: list[str] = []
    strangers: list[str] = []
    targets: set[str] = set()
    tongues: set[str] = set()
    for one in marks:
        if one.tongue:
            strangers.append(one.name)
            tongues.add(one.tongue)
        articles += one.article
        if one.targets:
            marked.append(one.name)
            targets |= one.targets
    return Spread(articles, tuple(marked), tuple(sorted(targets)), tuple(strangers), tuple(sorted(tongues)))


def stranger(page: Page) -> bool:
    """Whether the article is in another language than its page declares. A translation that bears its language in the address
    (`/de/`, `de.site.example`) is none, whatever a template says."""
    declared = page.metadata.language[:2].lower()
    if not declared or not page.language or page.language == declared:
        return False
    if re.search(rf"[/.]{page.language}(?:-[a-z]{{2}})?[/.]", f"/{page.url.partition('//')[2].lower()}/"):
        return False
    return sum(len(p.text.split()) for p in page.article) >= _WORDS
