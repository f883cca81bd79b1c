"""Checks on parts of a site that have nothing to do with the rest of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.several import NAMED, evidence, shown
from auditor.language.lexicons import commercial, vice
from auditor.report import Confidence, Severity
from auditor.site.entry import Entry
from auditor.site.site import ARTICLE_WORDS, Site

_LEAST = 5
"""Articles of a section."""
_SECTION = 0.6
"""Share of its titles that sell, from which a section is a shop window."""
_REST = 0.1
"""Share of the other titles that may sell: a casino's own site is no host to a parasite."""


@check(
    title="A section sells what the rest of the site has nothing to do with",
    severity=Severity.MEDIUM,
    policy="site-reputation-abuse",
    fix="Find out who publishes there and why; take the section down, or keep it out of the index.",
)
def parasite_section(many: Site) -> Iterator[Hit]:
    """Third parties rent a corner of a well-known site, or take it, to rank with its name: search engines call it site reputation abuse
    and take the section, or the site, out of the results (Google Search Central, spam policies)."""
    sections: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in many.entries:
        if one.words >= ARTICLE_WORDS and (section := _section(one)):
            sections[section][0] += 1
            sections[section][1] += _sells(one.title)
    total = sum(count for count, _ in sections.values())
    selling = sum(sold for _, sold in sections.values())
    for section, (count, sold) in sorted(sections.items()):
        others = total - count
        if count < _LEAST or others < max(count, _LEAST) or sold < _SECTION * count or selling - sold > _REST * others:
            continue
        names = [one.name for one in many.entries if one.words >= ARTICLE_WORDS and _section(one) == section]
        yield Hit(
            message=f"{sold} of the {count} articles under {section} sell by their titles, {selling - sold} of the {others} others do: "
            f"{shown(names)}.",
            key=section,
            confidence=Confidence.MEDIUM,
            evidence=evidence(names[:NAMED], count, section=section),
        )


def _section(one: Entry) -> str:
    """Host and first folder of a page; empty for one at the top or without an address."""
    parts = urls.split(one.url) if one.url else None
    if parts is None or not parts.hostname:
        return ""
    folder, slash, rest = parts.path.lstrip("/").partition("/")
    return f"{parts.hostname}/{folder}/" if slash and rest else f"{parts.hostname}/"


def _sells(title: str) -> bool:
    return any(hit.hard for hit in vice(title)) or commercial(title) > 1
