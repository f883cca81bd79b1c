"""Crisis: is a page about what a reader in danger looks up, and does it say whom to call?

The WHO's resource for media professionals (Preventing suicide, 2023) and the guides of Samaritans and Beat want a line to call beside such
subjects; a reader may be looking for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.features.balance import CRISES, balance
from auditor.features.spoken import listed, said
from auditor.page.page import Page, Role

_OFTEN = 3
"""Sentences from which an article whose title names such a subject is about it."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """A subject of a page that a reader in danger may be looking up."""

    subject: str
    """self harm, eating disorder, overdose or addiction."""
    words: str
    """As the title names it."""
    sentences: int
    """How many of the article speak of it or another."""


def urgent(page: Page) -> Urgent | None:
    """The gravest such subject that the title or the first heading names, where the article goes on about it."""
    count = balance(page).subjects.count
    if count < _OFTEN:
        return None
    heads = [h.text for h in page.headings if page.role(h.block) is Role.ARTICLE][:1]
    named = [
        (section, " ".join(sentence.words[i : i + n]))
        for sentence in said(list(enumerate((page.title, *heads))))
        for i, n, section in sentence.marks
        if section in CRISES
    ]
    if not named:
        return None
    subject, words = min(named, key=lambda name: CRISES.index(name[0]))
    return Urgent(subject, words, count)


def line(page: Page) -> bool:
    """Whether the page says whom to call: by name or number anywhere on it, or by a link to a line's own site."""
    if balance(page).lines:
        return True
    sites = listed("line sites")
    return any(link.host in sites or link.href.startswith("tel:") for link in page.links if link.hidden is None)
