"""Checks on what a break-in leaves behind: hidden links and text, links after the document, spam in the comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.words import name, shown
from auditor.features.hiding import hidden_stretches, questionable_links, sells
from auditor.language.vice import vice, vice_address
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
    ends = list(_CLOSE.finditer(page.source))
    if not ends:
        return
    end = ends[-1]
    if end.end() < len(page.source) / 2:
        return  # the words stand in a script, or the page was put together from two
    rest = page.source[end.end() :]
    if "<a" not in rest and "<A" not in rest:
        return
    before = page.source[: end.start()]
    stray = [link for link in page.links if link.external and link.href in rest and link.href not in before]
    if stray:
        hosts = sorted({link.host for link in stray})
        yield Hit(
            message=f"{len(stray)} link{'s' if len(stray) > 1 else ''} to {', '.join(hosts[:3])} after the end of the document.",
            key="|".join(hosts),
            spot=stray[0].spot,
            snippet=shown(page, stray[0]),
            evidence={"links": [{"href": x.href, "anchor": x.anchor} for x in stray[:50]]},
        )


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
    bad = [x for x in links if any(hit.hard for hit in vice(x.anchor)) or ((hit := vice_address(x.url)) and hit.hard)]
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
