"""Checks on what several pages of a site have in common and should not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from auditor.checks.check import Hit, check
from auditor.checks.several import NAMED, evidence, pages, shown
from auditor.report import Confidence, Severity
from auditor.site.entry import Entry
from auditor.site.site import Site
from auditor.site.survey import Survey
from auditor.site.twins import twins

_ALIKE = 0.8
"""Share of their runs of four words from which two articles are nearly the same; a template's own sentences are not in them."""


@check(
    title="Several pages have the same description",
    severity=Severity.INFO,
    fix="Give each page a description that is true of it alone, or none: then the text speaks for itself.",
)
def duplicate_description(site: Site) -> Iterator[Hit]:
    """In the results the pages cannot be told apart, and a search engine that notices takes words of the text instead (Google Search
    Central on snippets)."""
    seen: Counter[int] = Counter(hash(_folded(entry.description)) for entry in site.entries if entry.description)
    repeated: dict[str, list[Entry]] = defaultdict(list)
    for entry in site.entries if seen and seen.most_common(1)[0][1] > 1 else ():
        words = _folded(entry.description)
        if words and seen[hash(words)] > 1 and not entry.noindex:
            repeated[words].append(entry)
    for words, members in sorted(repeated.items()):
        if len({entry.canonical or entry.name for entry in members}) > 1:
            names = sorted({entry.name for entry in members})
            yield Hit(
                message=f"{pages(len(names))} have the description “{members[-1].description[:100]}”.",
                key=words[:120],
                evidence=evidence(names, description=members[-1].description[:300]),
            )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


@check(
    title="Articles are nearly the same",
    severity=Severity.LOW,
    fix="Keep one of them and lead the others there, or name it as their canonical address; if each is needed, write what sets it apart.",
)
def near_duplicate_pages(survey: Survey) -> Iterator[Hit]:
    """A search engine shows one of them and drops the others, not always the right ones; pages made by exchanging a word or two
    count as doorways (Google Search Central on canonicalization and on spam policies)."""
    rows: list[int] = []
    signatures: list[np.ndarray] = []
    alone = (survey.canonicals == survey.codes) & ~survey.noindex
    known: set[int] = set()
    for row, one in enumerate(survey.site.entries):
        if (
            len(one.signature) and alone[row] and (one.code == 0 or one.code not in known)
        ):  # of files: two copies of one page
            known.add(one.code)
            rows.append(row)
            signatures.append(one.signature)
    groups = twins(np.array(signatures), _ALIKE) if len(signatures) > 1 else []
    members = [[rows[at] for at in group] for group in groups]
    named = {row: one.name for row, one in survey.entries([row for group in members for row in group[:NAMED]])}
    for group, own in zip(groups, members, strict=True):
        names = [named[row] for row in own[:NAMED]]
        alike = float(np.mean([np.mean(signatures[group[0]] == signatures[at]) for at in group[1:NAMED]]))
        yield Hit(
            message=f"{pages(len(own))} have {'the same article' if alike == 1 else 'nearly the same article'}: {shown(names, len(own))}.",
            key=names[0],
            confidence=Confidence.HIGH if alike >= 0.9 else Confidence.MEDIUM,
            evidence=evidence(names, len(own), alike=round(alike, 2)),
        )
