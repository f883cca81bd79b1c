"""Links and text that readers cannot see and that no honest layout explains."""

from __future__ import annotations

from auditor.language import lexicons
from auditor.language.lexicons import HostKind
from auditor.language.vice import vice, vice_address
from auditor.page.page import Hidden, Link, Page, Paragraph, Role

_DELIBERATE = frozenset({Hidden.OFFSCREEN, Hidden.TINY, Hidden.CAMOUFLAGE})
"""Techniques that responsive layouts and scripts hardly use; `display: none` is everyday."""

_EVERYDAY = frozenset(
    {HostKind.SOCIAL, HostKind.WIDGET, HostKind.PLATFORM, HostKind.SHORTENER, HostKind.OFFICIAL, HostKind.SCHOLARLY}
)


def questionable_links(page: Page) -> tuple[Link, ...]:
    """Hidden external links that no honest layout explains, in document order.

    What is off-screen, of no size or in the ground's colour counts unless it leads to the same brand under another suffix.
    `display: none` and its like hide dialogues, second menus and cookie notices on one clean page in forty, so there only links
    that sell a grey trade or a local service count. Menus, share buttons and targets that the page also links to visibly never do.
    """
    shown = {link.host for link in page.links if link.external and link.hidden is None}
    brand = page.site.partition(".")[0]
    found = []
    for link in page.links:
        if link.hidden is None or not link.external or not link.anchor.strip() or link.image:
            continue
        if page.role(link.block) is Role.NAVIGATION or link.host in shown or not link.url.lower().startswith("http"):
            continue
        label = link.host.partition(".")[0]
        if lexicons.host_kind(link.host) in _EVERYDAY or (len(brand) > 2 and label.startswith(brand)):
            continue
        if link.hidden in _DELIBERATE or sells(link):
            found.append(link)
    return tuple(found)


def sells(link: Link) -> bool:
    """Whether anchor or address plainly sells a grey trade, or the anchor a local service."""
    target = vice_address(link.url)
    return (
        (target is not None and target.hard)
        or any(hit.hard for hit in vice(link.anchor))
        or lexicons.place_and_trade(link.anchor)
    )


def hidden_stretches(page: Page) -> tuple[tuple[int, Paragraph], ...]:
    """Hidden running text of at least 25 words by a deliberate technique, links aside: (index, paragraph), one a reason."""
    linked = {link.paragraph for link in page.links if link.external}
    found: dict[Hidden, tuple[int, Paragraph]] = {}
    for index, paragraph in enumerate(page.paragraphs):
        reason = paragraph.hidden
        if reason not in _DELIBERATE or reason is None or index in linked or reason in found:
            continue
        if page.role(paragraph.block) in (Role.ARTICLE, Role.WIDGET, Role.FOOTER) and len(paragraph.text.split()) >= 25:
            found[reason] = (index, paragraph)
    return tuple(found.values())
