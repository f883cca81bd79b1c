"""Checks on what a break-in leaves behind: hidden links and text, links after the document, spam in the comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.check import Hit, check
from auditor.checks.words import name, shown
from auditor.features.hiding import hidden_stretches, questionable_links, sells
from auditor.language import lexicons
from auditor.language.lexicons import HostKind
from auditor.language.vice import vice, vice_address
from auditor.page.looks import Looks, Withheld, for_bots, for_browsers
from auditor.page.page import Link, Page, Role
from auditor.report import Confidence, Severity
from auditor.spread import Spread


@check(
    title="What looks planted is all over the site",
    severity=Severity.HIGH,
    policy="hacked-content",
    fix="Find out who can publish here: change all passwords, update the software, look for unknown users and for posts that nobody wrote. "
    "Then take the pages down one by one, beginning with those in the report.",
)
def infested_site(spread: Spread) -> Iterator[Hit]:
    """One odd link is a mistake or a favour; odd links in one article after the other, each to another site, or articles in
    languages that the site does not speak, are an operation. Somebody else publishes here, or sells what is published, and search
    engines lower the whole site for it."""
    if spread.linked:
        yield Hit(
            message=f"{len(spread.marked)} of {spread.articles} articles carry links that look planted, "
            f"to {len(spread.targets)} other sites.",
            key="links",
            evidence={"pages": list(spread.marked), "targets": list(spread.targets)},
        )
    if spread.babel:
        yield Hit(
            message=f"{len(spread.strangers)} articles are in languages that their pages do not declare ({', '.join(spread.tongues)}).",
            key="languages",
            evidence={"pages": list(spread.strangers), "languages": list(spread.tongues)},
        )


@check(
    title="Links are hidden from readers",
    severity=Severity.HIGH,
    policy="hidden-text-and-links",
    fix="Take the hidden element out of the template or the database, change the passwords, and look for the code that writes it.",
)
def hidden_link(page: Page) -> Iterator[Hit]:
    """Nobody hides a link from readers for the readers' sake: it is there for search engines, mostly after a break-in. Google's
    spam policy on hidden text and links names each of these techniques."""
    groups: dict[str, list[Link]] = {}
    for link in questionable_links(page):
        groups.setdefault(str(link.hidden), []).append(link)
    for reason, links in groups.items():
        first = links[0]
        sold = any(map(sells, links))
        hosts = sorted({link.host for link in links})
        yield Hit(
            message=f"{len(links)} link{'s' if len(links) > 1 else ''} to {', '.join(hosts[:3])}"
            f"{' and others' if len(hosts) > 3 else ''} {'are' if len(links) > 1 else 'is'} hidden from readers ({reason}).",
            key="|".join(hosts),
            spot=first.spot,
            snippet=shown(page, first),
            confidence=Confidence.HIGH if sold else Confidence.MEDIUM,
            evidence={
                "why": reason,
                "links": [{"href": x.href, "anchor": x.anchor} for x in links[:50]],
                "count": len(links),
            },
        )


@check(
    title="Text is hidden from readers",
    severity=Severity.MEDIUM,
    policy="hidden-text-and-links",
    fix="Show the text or take it out.",
)
def hidden_text(page: Page) -> Iterator[Hit]:
    """Text that only search engines get is meant to deceive them, and a reader who selects the page finds it. Accordions, tabs
    and screen-reader text are not meant (Google's spam policy on hidden text and links)."""
    for index, paragraph in hidden_stretches(page):
        yield Hit(
            message=f"{len(paragraph.text.split())} words are hidden from readers ({paragraph.hidden}).",
            key=paragraph.text[:80].lower(),
            spot=paragraph.spot,
            snippet=f"«{paragraph.text[:160]}»",
            confidence=Confidence.MEDIUM,
            evidence={"why": str(paragraph.hidden), "text": paragraph.text[:400], "paragraph": index},
        )


_CLOSE = re.compile(r"</[hH][tT][mM][lL]\s*>")  # spelled out: three times as fast as folding the case of a whole source


@check(
    title="Links stand after the end of the document",
    severity=Severity.HIGH,
    policy="hacked-content",
    fix="Take out what stands after </html>; it is appended by an infected theme, plugin or server rule.",
)
def stray_link(page: Page) -> Iterator[Hit]:
    """No editor writes after `</html>`: what stands there was appended by a program, mostly after a break-in. Browsers show it
    all the same and search engines follow it (Google on hacked content)."""
    stray = appended_links(page)
    if stray:
        hosts = sorted({link.host for link in stray})
        yield Hit(
            message=f"{len(stray)} link{'s' if len(stray) > 1 else ''} to {', '.join(hosts[:3])} after the end of the document.",
            key="|".join(hosts),
            spot=stray[0].spot,
            snippet=shown(page, stray[0]),
            evidence={"links": [{"href": x.href, "anchor": x.anchor} for x in stray[:50]]},
        )


def appended_links(page: Page) -> list[Link]:
    """External links whose targets the source names only after its last `</html>`."""
    half = len(page.source) // 2
    ends = list(_CLOSE.finditer(page.source, max(0, half - 100)))
    if not ends:
        return []
    end = ends[-1]
    if end.end() < len(page.source) / 2:
        return []  # the words stand in a script, or the page was put together from two
    rest = page.source[end.end() :]
    if "<a" not in rest and "<A" not in rest:
        return []
    before = page.source[: end.start()]
    return [link for link in page.links if link.external and link.href in rest and link.href not in before]


@check(
    title="The comments are full of spam links",
    severity=Severity.MEDIUM,
    policy="user-generated-spam",
    fix='Delete the comments, close old threads or moderate, and mark links in comments rel="ugc nofollow".',
)
def spam_comments(page: Page) -> Iterator[Hit]:
    """Drug and casino links under an honest article tell readers that nobody looks after it, and search engines hold the site
    to account for what its users post (Google's spam policy on user-generated spam)."""
    links = [x for x in page.links if x.external and page.role(x.block) is Role.COMMENTS]
    bad = spam_in_comments(page)
    if len(bad) < 2:
        return
    yield Hit(
        message=f"{len(bad)} of {len(links)} links in the comments sell grey trades, such as {name(bad[0])} to {bad[0].host}.",
        key="comments",
        spot=bad[0].spot,
        snippet=shown(page, bad[0]),
        evidence={
            "links": [{"href": x.href, "anchor": x.anchor} for x in bad[:50]],
            "count": len(bad),
            "of": len(links),
        },
    )


def spam_in_comments(page: Page) -> list[Link]:
    """The links of its comments that sell a grey trade, by their words or by their address."""
    links = (x for x in page.links if x.external and page.role(x.block) is Role.COMMENTS)
    return [x for x in links if any(hit.hard for hit in vice(x.anchor)) or ((hit := vice_address(x.url)) and hit.hard)]


_ADVERTISING = frozenset({HostKind.WIDGET, HostKind.AFFILIATE, HostKind.SOCIAL, HostKind.OFFICIAL})
"""Where links lead that a page shows to people and spares bots: advertisements, share buttons, notices of the law."""

_SAME_PAGE = 0.5
"""Share of the browser's words that the bot has to get too, for what the bot lacks to mean anything."""


@check(
    title="Search bots and readers get different links",
    severity=Severity.HIGH,
    policy="cloaking",
    fix="Look for the code that asks who is visiting (a plugin, a changed index.php or .htaccess), take it out, change the passwords, "
    "and ask for the page as a search bot again.",
)
def cloaked_links(looks: Looks) -> Iterator[Hit]:
    """Links that only search bots get are there to be counted and not to be seen: the owner never meets them, and the search engine
    holds the site to account for them (Google's spam policy on cloaking). Links that only browsers get sell the site's visitors."""
    found = for_bots(looks)
    links = [link for link in found.links if lexicons.host_kind(link.host) is not HostKind.WIDGET]
    if links:
        own = {link.host for link in looks.own.links}
        twice = looks.again is not None and all(link.host not in own for link in links)
        sure = (twice and looks.unscripted) or any(map(sells, links))
        yield _links(
            links, "Only search bots get", "bots", looks.bot, found, Confidence.HIGH if sure else Confidence.MEDIUM
        )
    found = for_browsers(looks)
    links = [
        link
        for link in found.links
        if "sponsored" not in link.rel
        and lexicons.host_kind(link.host) not in _ADVERTISING
        and not lexicons.affiliate(link.url)
    ]
    if links and found.common >= _SAME_PAGE:
        sure = any(map(sells, links))
        yield _links(
            links, "Search bots do not get", "browsers", looks.browser, found,
            Confidence.MEDIUM if sure else Confidence.LOW, Severity.MEDIUM,
        )  # fmt: skip


def _links(
    links: list[Link],
    claim: str,
    side: str,
    page: Page,
    found: Withheld,
    confidence: Confidence,
    severity: Severity = Severity.HIGH,
) -> Hit:
    hosts = sorted({link.host for link in links})
    return Hit(
        message=f"{claim} {len(links)} link{'s' if len(links) > 1 else ''}, such as {name(links[0])} to {', '.join(hosts[:3])}"
        f"{' and others' if len(hosts) > 3 else ''}.",
        key=f"{side}|{'|'.join(hosts)}",
        snippet=shown(page, links[0]),
        confidence=confidence,
        severity=severity,
        evidence={
            "side": side,
            "links": [{"href": x.href, "anchor": x.anchor} for x in links[:50]],
            "hosts": hosts[:50],
            "count": len(links),
            "common": round(found.common, 2),
        },
    )


_TOLD = 40
"""Words for bots alone that are worth a finding: less is a greeting, a hint on cookies, a label."""


@check(
    title="Search bots get text that readers do not",
    severity=Severity.MEDIUM,
    policy="cloaking",
    fix="Find out what writes it: where it is not yours, look for the code that asks who is visiting; where it stands behind a paywall, "
    "say so in the structured data (isAccessibleForFree).",
)
def cloaked_text(looks: Looks) -> Iterator[Hit]:
    """A reader who comes for words that the page does not show him feels cheated, and is: search engines take a page out for it
    (Google's spam policy on cloaking). An article behind a paywall that declares itself is no such page."""
    if any(_paid(node) for node in (*looks.bot.metadata.structured, *looks.browser.metadata.structured)):
        return
    found = for_bots(looks)
    if found.words < _TOLD:
        return
    bad = any(hit.hard for paragraph in found.text for hit in vice(paragraph.text))
    longest = max(found.text, key=lambda paragraph: len(paragraph.text))
    if bad:
        confidence = Confidence.HIGH if looks.again is not None else Confidence.MEDIUM
    else:
        confidence = Confidence.MEDIUM if looks.unscripted else Confidence.LOW
    yield Hit(
        message=f"Only search bots get {found.words:,} words of this page.",
        key=longest.text[:80].lower(),
        snippet=f"«{longest.text[:160]}»",
        confidence=confidence,
        severity=Severity.HIGH if bad else Severity.MEDIUM,
        evidence={
            "words": found.words,
            "common": round(found.common, 2),
            "text": [paragraph.text[:400] for paragraph in found.text[:10]],
        },
    )


def _paid(node: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether structured data says that not everybody may read all of it (schema.org, isAccessibleForFree)."""
    if str(node.get("isAccessibleForFree", "")).lower() in (
        "false",
        "http://schema.org/false",
        "https://schema.org/false",
    ):
        return True
    parts = node.get("hasPart")
    inner = parts if isinstance(parts, list) else [parts]
    return depth < 3 and any(_paid(part, depth + 1) for part in inner[:50] if isinstance(part, dict))
