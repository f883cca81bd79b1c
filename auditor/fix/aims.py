"""Aims: what of a page its findings point at, told from the page itself so that nothing else is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.checks.hacked import appended_links, spam_in_comments
from auditor.checks.spam import sold_links
from auditor.features.hiding import hidden_stretches, questionable_links
from auditor.fix.edit import RefusedError
from auditor.page.page import Link, Page, Place, Role, Spot
from auditor.page.places import locate
from auditor.report import Finding

FIXED = (
    "planted-link", "planted-phrase", "vice-link", "hidden-link", "hidden-text", "stray-link", "spam-comments",
    "off-topic-related-posts",
)  # fmt: skip
"""The checks whose findings name what can be taken out."""


@dataclass(slots=True)
class Aims:
    """What is to go, by its index in the page; each with the finding that asks for it."""

    planted: dict[int, Finding] = field(default_factory=dict)
    """Links that stand among a reader's words."""
    hidden: dict[int, Finding] = field(default_factory=dict)
    """Links that readers cannot see."""
    unseen: dict[int, Finding] = field(default_factory=dict)
    """Paragraphs that readers cannot see."""
    appended: dict[int, Finding] = field(default_factory=dict)
    """Links after the end of the document."""
    phrases: dict[tuple[int, int, int], Finding] = field(default_factory=dict)
    """(paragraph, start, end) of phrases without a link."""
    related: dict[int, Finding] = field(default_factory=dict)
    """Blocks of related posts."""

    def links(self) -> frozenset[int]:
        """Every link that is meant, those of related posts aside."""
        return frozenset((*self.planted, *self.hidden, *self.appended))

    def without(self, other: Aims) -> None:
        """Leave out what `other` means too."""
        barred = other.links()
        for links in (self.planted, self.hidden, self.appended):
            for index in barred & links.keys():
                del links[index]
        for mine, its in ((self.unseen, other.unseen), (self.related, other.related)):
            for index in mine.keys() & its.keys():
                del mine[index]
        for phrase in self.phrases.keys() & other.phrases.keys():
            del self.phrases[phrase]

    def __bool__(self) -> bool:
        return any((self.planted, self.hidden, self.unseen, self.appended, self.phrases, self.related))


def aims(page: Page, findings: Iterable[Finding]) -> Aims:
    """What these findings of a page mean; findings of checks that nothing can be taken out for mean nothing.

    Raises:
        RefusedError: what a finding means is not on the page any more.
    """
    found = Aims()
    listed = [finding for finding in findings if finding.check in FIXED]
    if not listed:
        return found
    number = {id(link): index for index, link in enumerate(page.links)}
    places = _Places(page)
    for finding in listed:
        match finding.check:
            case "planted-link":
                found.planted[number[id(places.link(finding))]] = finding
            case "vice-link":
                host = places.link(finding).host
                sold = (link for link, _, _ in sold_links(page) if link.host == host and link.hidden is None)
                found.planted.update((number[id(link)], finding) for link in sold)
            case "spam-comments":
                found.planted.update((number[id(link)], finding) for link in spam_in_comments(page))
            case "stray-link":
                found.appended.update((number[id(link)], finding) for link in appended_links(page))
            case "hidden-link":
                why = finding.evidence.get("why")
                meant = (link for link in questionable_links(page) if str(link.hidden) == why)
                found.hidden.update((number[id(link)], finding) for link in meant)
            case "hidden-text":
                meant_by = {index for index, _ in hidden_stretches(page)}
                if (index := finding.evidence.get("paragraph")) in meant_by and isinstance(index, int):
                    found.unseen[index] = finding
            case "planted-phrase":
                found.phrases[places.phrase(finding)] = finding
            case "off-topic-related-posts":
                found.related[places.block(finding)] = finding
    for index in [*found.hidden, *found.appended]:
        found.planted.pop(index, None)
    return found


class _Places:
    """What of a page stands where a finding says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        spots: set[Spot] = {link.spot for link in page.links if link.external}
        spots |= {paragraph.spot for paragraph in page.paragraphs}
        spots |= {block.spot for block in page.blocks}
        self.places: Mapping[Spot, Place] = locate(page, spots)

    def at(self, spot: Spot, finding: Finding) -> bool:
        place = self.places.get(spot)
        return place is not None and (place.line, place.column) == (finding.location.line, finding.location.column)

    def link(self, finding: Finding) -> Link:
        found = next((link for link in self.page.links if link.external and self.at(link.spot, finding)), None)
        if found is None:
            raise RefusedError("a link that was found cannot be found again; correct it by hand")
        return found

    def phrase(self, finding: Finding) -> tuple[int, int, int]:
        page, phrase = self.page, str(finding.evidence.get("phrase", ""))
        for index, paragraph in enumerate(page.paragraphs):
            if phrase and phrase in paragraph.text and page.role(paragraph.block) is Role.ARTICLE:
                if paragraph.spot.offset is None and not self.at(paragraph.spot, finding):
                    continue
                if paragraph.text.count(phrase) > 1:
                    raise RefusedError(f"“{phrase[:60]}” stands in its paragraph more than once; correct it by hand")
                start = paragraph.text.index(phrase)
                return index, start, start + len(phrase)
        raise RefusedError("a phrase that was found cannot be found again; correct it by hand")

    def block(self, finding: Finding) -> int:
        titles = finding.evidence.get("titles")
        for index, block in enumerate(self.page.blocks):
            if (
                block.role is Role.RELATED
                and [item.title for item in block.items] == titles
                and self.at(block.spot, finding)
            ):
                return index
        raise RefusedError("a block that was found cannot be found again; correct it by hand")
