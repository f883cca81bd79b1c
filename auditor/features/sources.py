"""What an article rests on: sources that can be followed or not, and links that pay the site, owned up to or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor import urls
from auditor.features.occurrence import Occurrence, folded, occurrence, pattern
from auditor.features.prose import prose_of
from auditor.features.references import announces
from auditor.language.lexicons import HostKind, affiliate, host_kind
from auditor.page.page import Kind, Link, Page, Paragraph, Role

_FILE = "trust.txt"

# --- citations --------------------------------------------------------------------------------------------------------

_LEARNED = (
    r"(?:journal|university|institutes?|academy|college|lancet|nature|science|medicine|proceedings|annals|archives|"
    r"review|stud(?:y|ies)|research|survey|report|harvard|stanford|oxford|cambridge|johns hopkins|mayo clinic|jama|bmj|"
    r"nejm|plos|nih|cdc|fda|who|national|association|society|foundation|department|bureau|ministry)"
)
_SOURCE_LINE = re.compile(rf"\(?sources?\s?:\s*(?=[^.]{{0,200}}\b{_LEARNED}\b)(?!.*\bauthor's\b)\S.{{2,240}}\Z")
_WORK = r"(?:study|trial|meta-analysis|review|survey|paper)"
_STUDY = re.compile(
    r"\b(?:according to|published in|reported in|in)\s+(?:an?|the|one)?\s*"
    r"(?:(?:19|20)\d\d|recent|new|large|major|landmark)\s+"
    rf"(?:[a-z-]+\s+){{0,3}}(?:{_WORK}|report)\b(?:\s+(?:published\s+)?(?:in|by|from|at|conducted)\b[^.;]{{3,120}})"
    rf"|\ba\s+(?:19|20)\d\d\s+(?:[a-z-]+\s+){{0,3}}{_WORK}\b"
    r"|\b(?:study|trial|review|paper|research|findings)\s+(?:was\s+|were\s+)?published\s+(?:in\s+(?:19|20)\d\d\s+)?"
    r"in\s+(?:the\s+)?(?:journal\b|[a-z]+\s+journal\b|lancet\b)"
)
# How references are marked, each behind words without which it cannot stand.
_MARKS = (
    (("[",), re.compile(r"\[\d{1,3}\]")),
    ((".", ",", ";"), re.compile(r"[.,;](?<=[a-z].)\d{1,2}(?=\s|\Z)")),
    (("doi", "pmid", "et al"), re.compile(r"\b(?:doi|pmid|et al)\b")),
    (("http",), re.compile(r"https?://")),
    (("www.",), re.compile(r"www\.")),
    (tuple("⁰¹²³⁴⁵⁶⁷⁸⁹"), re.compile(r"[⁰¹²³⁴-⁹]")),
    (("(",), re.compile(r"\([A-Z][\w-]{0,40}(?: (?:and|&) [A-Z][\w-]{0,40})?,? (?:19|20)\d\d[a-z]?\)")),
)
_STUDIES = ("stud", "trial", "meta", "review", "survey", "paper", "report", "research", "findings")
"""A study is named with one of these."""
_NO_SOURCE = frozenset({HostKind.SOCIAL, HostKind.SHOP, HostKind.AFFILIATE, HostKind.WIDGET})
_VAGUE = 3  # vague claims from which an article that links to nothing is at fault


@dataclass(frozen=True, slots=True)
class UnlinkedSource:
    """A source that a reader cannot follow; `named` where it is at least named."""

    occurrence: Occurrence
    named: bool


def unlinked_sources(page: Page) -> tuple[UnlinkedSource, ...]:
    """Sources alluded to without a link: "Source: Journal of …", "a 2021 study in …", and "studies show" three times
    over in an article that links to nothing.

    Reference lists, footnote marks, DOIs and years in brackets count as references, wherever on the page they stand.
    Captions and table cells are left out: pictures are credited there.
    """
    roles = [block.role for block in page.blocks]
    body = [
        (i, p) for i, p in enumerate(page.paragraphs)
        if roles[p.block] is Role.ARTICLE and p.hidden is None and p.kind in (Kind.TEXT, Kind.ITEM, Kind.QUOTE)
    ]  # fmt: skip
    if _referenced(page, body):
        return ()
    read = folded(page)
    running = prose_of(page)
    quoted = {index for index, paragraph in body if paragraph.kind is Kind.QUOTE}
    studies, claims = running.holding(_STUDIES) | quoted, running.able(_FILE, "vague") | quoted
    linked = {link.paragraph for link in page.links if link.paragraph is not None and link.url}
    lines: list[UnlinkedSource] = []
    named: list[UnlinkedSource] = []
    vague: list[UnlinkedSource] = []
    for index, _ in body:
        text = read.texts[index]
        if index in linked:
            continue
        if len(text) < 260 and text.startswith(("source", "(source")) and (line := _SOURCE_LINE.match(text)):
            lines.append(UnlinkedSource(occurrence(page, index, 0, line.end()), True))
            continue
        if {index - 1, index + 1} & linked:
            continue
        if index in studies:
            named.extend(UnlinkedSource(occurrence(page, index, *m.span()), True) for m in _STUDY.finditer(text))
        if index in claims:
            places = pattern(_FILE, "vague").finditer(text)
            vague.extend(UnlinkedSource(occurrence(page, index, *m.span()), False) for m in places)
    outward = any(page.role(link.block) is Role.ARTICLE and leads_to_source(link) for link in page.links)
    if outward:
        return tuple(lines)
    found = (*lines, *named, *(vague if len(vague) + len(named) >= _VAGUE else ()))
    return tuple(sorted(found, key=lambda s: (s.occurrence.paragraph or 0, s.occurrence.start)))


def leads_to_source(link: Link) -> bool:
    """Whether a link may be somebody's source: not a shop's, a network's or a social site's."""
    return link.external and bool(link.url) and host_kind(link.host, urls.host(link.url)) not in _NO_SOURCE


def _referenced(page: Page, body: list[tuple[int, Paragraph]]) -> bool:
    if any(announces(heading.text) for heading in page.headings):
        return True
    short = (p.text for _, p in body if len(p.text) < 40)
    if any(announces(text) for text in short):
        return True
    text = "\n".join(p.text for _, p in body)
    return any(any(cue in text for cue in cues) and mark.search(text) for cues, mark in _MARKS)


# --- paid links -------------------------------------------------------------------------------------------------------


def affiliate_links(page: Page) -> tuple[Link, ...]:
    """Links in the article that pay the site for the visit, by their network or parameters."""
    return tuple(
        link
        for link in page.links
        if link.external
        and page.role(link.block) in (Role.ARTICLE, Role.WIDGET)
        and link.hidden is None
        and affiliate(link.url)
    )
