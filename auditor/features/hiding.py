"""Links and text that readers cannot see and that no honest layout explains."""

from __future__ import annotations

from auditor.language import lexicons
from auditor.language.lexicons import HostKind
from auditor.page.page import Hidden, Link, Page, Paragraph, Role

_DELIBERATE = frozenset({Hidden.OFFSCREEN, Hidden.TINY, Hidden.CAMOUFLAGE})
"""Techniques that responsive layouts and scripts hardly use; `display: none` is everyday."""

_EVERYDAY = frozenset(
    {HostKind.SOCIAL, HostKind.WIDGET, HostKind.PLATFORM, HostKind.SHORTENER, HostKind.OFFICIAL, HostKind.SCHOLARLY}
)


def questionable_links(page: Page) -> tuple[Link, ...]:
    """Hidden external links with an anchor of their own, in document order; share buttons and menus left out.

    For `display: none` and its like, the target must also be one that the page does not link to visibly: menus and buttons
    are often there twice, once for each screen size.
    """
    shown = {link.host for link in page.links if link.external and link.hidden is None}
    found = []
    for link in page.links:
        if link.hidden is None or not link.external or not link.anchor.strip() or link.image:
            continue
        if page.role(link.block) is Role.NAVIGATION or link.host in shown:
            continue
        if lexicons.host_kind(link.host) in _EVERYDAY or not link.url.lower().startswith("http"):
            continue
        found.append(link)
    return tuple(found)


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
