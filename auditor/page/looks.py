"""Looks: one page as a reader and as a search bot get it, from the variants of its snapshot."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from auditor.page.contrast import Contrast, Runs, contrast, runs, runs_of, says, words
from auditor.page.page import Kind, Link, Page, Paragraph, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Variant

SUBSTANCE = 60
"""Words of its own below which a browser's look is a shell or a wall, where the bot gets far more."""

NOTHING = 20
"""Words of its own below which a bot was shown nothing to judge."""

_READ = frozenset({Kind.TEXT, Kind.HEADING, Kind.ITEM, Kind.QUOTE})
_FRAME = frozenset({Role.NAVIGATION, Role.FOOTER})

# What stands on a page instead of the page: a question whether one is human, whether one agrees, whether one may.
_WALL = re.compile(
    r"captcha|just a moment|checking your browser|(?:are|you're) (?:you )?(?:a |not a )?(?:human|robot)|access (?:is )?denied|"
    r"unusual traffic|enable (?:javascript|cookies)|javascript (?:is )?(?:disabled|required)|attention required|"
    r"been blocked|request unsuccessful|security (?:check|service|solution)|cookies?\b|\bconsent\b|your privacy|personal data|"
    r"\bpartners\b|incident id|\bray id\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Looks:
    """The same address as two kinds of visitors got it; each page parsed as if it stood alone."""

    bot: Page
    browser: Page
    again: tuple[Page, Page] | None
    """Bot and browser once more; None where they were not asked twice."""
    own: Page
    """As the crawl got it under its own name, before scripts."""
    rendered: Page | None
    """As scripts made it of that; None where they were not run."""

    @property
    def unscripted(self) -> bool:
        """Whether what scripts write for readers is known, so that a bot's copy of it is not taken for the bot's alone."""
        return self.rendered is not None or not self.browser.resources


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one kind of visitor gets in every look and the other in none."""

    links: tuple[Link, ...]
    text: tuple[Paragraph, ...]
    words: int
    common: float
    """Share of what it gets that the other gets too."""


def variant(page: Page, which: Variant) -> Page | None:
    """A variant of a page's snapshot, parsed; None where there is none."""
    body = page.snapshot.variants.get(which)
    return None if body is None else parse(replace(page.snapshot, body=body, variants={}))


def looks(page: Page) -> Looks | None:
    """Both looks at a page; None where either is missing, or shows no page: a shell for scripts to fill, a wall.

    Where scripts were run, a shell is enough: what they make of it is known.
    """
    bot, browser = variant(page, Variant.BOT), variant(page, Variant.BROWSER)
    if bot is None or browser is None:
        return None
    raw = variant(page, Variant.RAW)
    seen = substance(browser)
    if raw is None and seen < SUBSTANCE and substance(bot) > 2 * seen + SUBSTANCE:
        return None
    if substance(bot) < NOTHING and seen >= SUBSTANCE:
        return None
    second = variant(page, Variant.BOT_AGAIN), variant(page, Variant.BROWSER_AGAIN)
    again = (second[0], second[1]) if second[0] is not None and second[1] is not None else None
    return Looks(bot, browser, again, raw or page, page if raw is not None else None)


def substance(page: Page) -> int:
    """Words of the page itself: menus, footer and what a wall says left out."""
    return sum(
        len(words(p.text))
        for p in page.paragraphs
        if p.kind in _READ and p.hidden is None and page.role(p.block) not in _FRAME and not _asks(p)
    )


def _asks(paragraph: Paragraph) -> bool:
    """Whether it is of a wall or a banner: not the page's own, and shown to whom the site pleases."""
    return _WALL.search(paragraph.text) is not None


def for_bots(seen: Looks) -> Withheld:
    """What only the search bot gets; what scripts make for readers counts as theirs."""
    made = contrast(seen.rendered, seen.own, shown=True) if seen.rendered is not None else None
    return _withheld(seen.bot, seen.browser, seen.again, made)


def for_browsers(seen: Looks) -> Withheld:
    """What only the browser gets."""
    again = (seen.again[1], seen.again[0]) if seen.again is not None else None
    return _withheld(seen.browser, seen.bot, again, None)


def _withheld(one: Page, other: Page, again: tuple[Page, Page] | None, made: Contrast | None) -> Withheld:
    found = contrast(one, other)
    links = tuple(link for link in found.links if link.paragraph is None or not _asks(one.paragraphs[link.paragraph]))
    text = tuple(p for p in found.text if not _asks(p))
    if again is not None:
        sure = contrast(again[0], other), contrast(one, again[1])
        hosts = {link.host for link in sure[0].links} & {link.host for link in sure[1].links}
        kept, known = runs_of(again[0], shown=True), runs_of(again[1])
        links = tuple(link for link in links if link.host in hosts)
        text = tuple(p for p in text if says(kept, p.text) and not says(known, p.text))
    if made is not None:
        added = {link.host for link in made.links}
        spoken: Runs = frozenset().union(*(runs(p.text) for p in made.text))
        links = tuple(link for link in links if link.host not in added)
        text = tuple(p for p in text if not says(spoken, p.text))
    return Withheld(links, text, sum(len(words(p.text)) for p in text), found.common)
