"""Checks on what pages name as their original and their translations, held against what is there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditor import identity
from auditor.checks.check import Hit, check
from auditor.checks.several import NAMED, evidence, pages
from auditor.report import Confidence, Severity
from auditor.site.crawled import Crawled
from auditor.site.survey import Survey

_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)

_UNFIT = {
    "broken": "which is gone, or the server failed",
    "moved": "which only leads elsewhere",
    "noindex": "which asks not to be indexed",
    "canonical": "which itself names another one",
}


@check(
    title="The canonical address is none that could be indexed",
    severity=Severity.MEDIUM,
    fix="Name the address under which the page answers with 200 and wants to be found, on each of its copies the same.",
)
def unfit_canonical(survey: Survey, crawled: Crawled) -> Iterator[Hit]:
    """The page gives its standing to an address that search engines cannot take, and may end up with neither in the results
    (Google Search Central on canonical URLs)."""
    away = np.flatnonzero((survey.canonicals != survey.codes) & ~survey.noindex)
    ends = survey.rows(survey.canonicals[away])
    reasons: dict[str, list[int]] = {why: [] for why in _UNFIT}
    for row, end in zip(away.tolist(), ends.tolist(), strict=True):
        code = int(survey.canonicals[row])
        if end >= 0:
            why = "noindex" if survey.noindex[end] else "canonical" if survey.canonicals[end] != code else ""
        else:
            why = "broken" if code in crawled.broken else "moved" if code in crawled.hops else ""
        if why:
            reasons[why].append(row)
    for why, rows in reasons.items():
        if rows:
            entries = [one for _, one in survey.entries(rows[:NAMED])]
            first = entries[0]
            yield Hit(
                message=f"{pages(len(rows))} {'names' if len(rows) == 1 else 'name'} as canonical an address {_UNFIT[why]}: "
                f"{first.name[:160]} names {first.canonical[:160]}.",
                key=why,
                evidence=evidence([one.name for one in entries], len(rows), reason=why, canonical=first.canonical),
            )


@check(
    title="Translations do not name each other",
    severity=Severity.LOW,
    fix="Let each page of a set name all others and itself with hreflang; one side alone does not count.",
)
def one_way_hreflang(survey: Survey) -> Iterator[Hit]:
    """Search engines believe that two pages are translations of each other only where both say so; otherwise readers are sent to
    the wrong language (Google Search Central on localized versions)."""
    sources: list[int] = []
    targets: list[int] = []
    for row, one in enumerate(survey.site.entries):
        for _, url in one.hreflang if one.code else ():
            code = identity.code_of(url)
            if code and code != one.code:
                sources.append(row)
                targets.append(code)
    if not sources:
        return
    ends = np.array(targets, dtype=np.int64)
    rows = survey.rows(ends)
    begins = survey.codes[np.array(sources, dtype=np.int64)]
    # Of pages that were not read, and of copies of another page, nothing is asked.
    asked = np.flatnonzero((rows >= 0) & survey.listable[rows])
    one_way = asked[~np.isin(_pairs(begins[asked], ends[asked]), _pairs(ends, begins))]
    if len(one_way):
        linking = sorted({sources[at] for at in one_way.tolist()})
        first = next(at for at in one_way.tolist() if sources[at] == linking[0])
        named = dict(survey.entries([*linking[:NAMED], int(rows[first])]))
        yield Hit(
            message=f"{pages(len(linking))} {'names a translation that does' if len(linking) == 1 else 'name translations that do'} "
            f"not name it in return: {named[linking[0]].name[:160]} names {named[int(rows[first])].name[:160]}.",
            key="hreflang",
            evidence=evidence([named[row].name for row in linking[:NAMED]], len(linking), links=len(one_way)),
        )


def _pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Ordered pairs of codes as one number each."""
    return np.asarray(left.view(np.uint64) * _MIX[0] ^ right.view(np.uint64) * _MIX[1])


@check(
    title="Redirects lead to further redirects",
    severity=Severity.LOW,
    fix="Lead the first address straight to the last one.",
)
def chained_redirects(crawled: Crawled) -> Iterator[Hit]:
    """Every hop makes readers wait for another answer, and search engines give up after a few (Google Search Central on redirects).
    Chains grow with each relaunch, until one of their links breaks."""
    inner = {hop.target for hop in crawled.hops.values()}
    chains = [
        chain
        for code, hop in sorted(crawled.hops.items(), key=lambda item: item[1].source)
        if hop.source not in inner and len(chain := crawled.chain(code)) > 1
    ]
    if chains:
        sources = [chain[0].source for chain in chains]
        longest = max(chains, key=len)
        way = " → ".join([longest[0].source[:160], *(hop.target[:160] for hop in longest[:5])])
        yield Hit(
            message=f"{len(chains):,} {'address leads' if len(chains) == 1 else 'addresses lead'} on over more than one redirect; "
            f"the longest way has {len(longest)}: {way}.",
            key="chain",
            confidence=Confidence.HIGH,
            evidence={**evidence(sources), "hops": [[hop.source, hop.status, hop.target] for hop in longest[:20]]},
        )
