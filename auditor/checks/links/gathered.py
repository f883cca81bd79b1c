"""A page's links put together once for the checks on them: as one text to look through, and as hits about the few at fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from auditor.checks.check import Hit
from auditor.checks.words import shown
from auditor.page.page import Link, Page, Role
from auditor.report import Confidence

_NAMED = 3
_TOLD = 3  # addresses of the theme that are told one by one


class Gathered(NamedTuple):
    """The links of one page."""

    text: str
    """Every address in lower case, a line end before and after each. What is not in it need not be looked for link by link."""
    odd: tuple[Link, ...]
    """Those whose address begins neither with a scheme of the web nor with `/` or `#`."""
    hosts: frozenset[str]
    """Registrable domains that they lead to."""


@lru_cache(maxsize=2)
def gathered(page: Page) -> Gathered:
    """The links of a page that a reader can see, comments aside: what visitors write is theirs."""
    links = visible(page)
    text = "\n".join(["", *[link.href for link in links], ""]).lower()
    odd = [link for link in links if not link.href.startswith(_PLAIN)]
    return Gathered(text, tuple(odd[:_MOST]), frozenset([link.host for link in links]))


_PLAIN = ("/", "https://", "http://", "#")
_MOST = 2000


@lru_cache(maxsize=2)
def visible(page: Page) -> list[Link]:
    """The links that were gathered."""
    comments = {index for index, block in enumerate(page.blocks) if block.role is Role.COMMENTS}
    return [link for link in page.links if link.hidden is None and link.block not in comments]


def start_tag(page: Page, link: Link) -> str:
    """The start tag of a link's first twin in the source; empty where it cannot be found."""
    for quoted in (f'"{link.href}"', f"'{link.href}'"):
        at = page.source.find(quoted)
        if at >= 0:
            start, end = page.source.rfind("<", 0, at), page.source.find(">", at)
            return page.source[start : min(end, start + 4000)]
    return ""


def at_fault(page: Page, faults: Iterable[tuple[Link, str]], what: str, confidence: Confidence) -> Iterator[Hit]:
    """Hits about links with what is wrong with each: one for all of the article's, one for each address elsewhere, since the theme shows
    that on every page.

    Args:
        what: what they are, after a number ("link leads to a private address"), the first word taking the plural.
    """
    own: dict[str, tuple[Link, str]] = {}
    shared: dict[str, tuple[Link, str]] = {}
    for link, why in faults:
        (own if page.role(link.block) is Role.ARTICLE else shared).setdefault(link.href, (link, why))
    if own:
        yield _hit(page, list(own.values()), what, confidence)
    for href, found in list(shared.items())[:_TOLD]:
        if href not in own:
            yield _hit(page, [found], what, confidence, target=href[:300])


def _hit(page: Page, found: list[tuple[Link, str]], what: str, confidence: Confidence, target: str = "") -> Hit:
    named = [f"“{link.href.strip()[:80]}”{f' ({why})' if why else ''}" for link, why in found[:_NAMED]]
    noun, _, rest = what.partition(" ")
    verb, _, rest = rest.partition(" ")
    count = f"{len(found)} {noun}s {_PLURAL.get(verb, verb)}" if len(found) > 1 else f"A {noun} {verb}"
    return Hit(
        message=f"{count} {rest}: {', '.join(named)}{' …' if len(found) > _NAMED else ''}.",
        key=target or "|".join(sorted(link.href for link, _ in found))[:300],
        spot=found[0][0].spot,
        snippet=shown(page, found[0][0]),
        confidence=confidence,
        target=target,
        evidence={"count": len(found), "links": [link.href[:300] for link, _ in found[:20]]},
    )


_PLURAL = {"is": "are", "leads": "lead", "asks": "ask", "has": "have"}
