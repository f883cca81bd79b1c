"""Show: parts of a result as markup: findings with their evidence, verdicts with what speaks for and against, links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from auditor.model.verdict import Verdict
from auditor.render.text import count, cut, cut_around, percent
from auditor.report import Finding, HealthCard, LinkResult, RelatedResult, Severity, Suppressed, plain
from auditor.view.markup import Html, joined, table, tag

SHARES = 12
"""Contributions to a verdict that are shown, the weightiest first."""
LINKS = 1_000
"""Links of a page that are shown."""
FINDINGS = 500
"""Findings of a page or site that are shown."""
LONGEST = 2_000
"""Characters of one text that are shown."""


def label(value: str) -> Html:
    """A verdict or severity as a badge; the word says it, the colour only repeats it."""
    return tag("span", value, class_=f"badge {value}")


def severities(counts: Sequence[int]) -> str:
    """`2 high, 1 low`; the counts are those of the severities, the worst first."""
    return ", ".join(f"{n:,} {one}" for n, one in zip(counts, reversed(Severity), strict=True) if n) or "none"


def findings(found: Sequence[Finding]) -> Html:
    """Findings, the worst first, each with its words, evidence and what to do."""
    ordered = sorted(found, key=lambda one: (-one.severity.rank, -one.confidence.rank))
    more = _more(len(ordered), FINDINGS)
    return joined((*(tag("article", *_finding(one), class_="finding") for one in ordered[:FINDINGS]), more))


def suppressed(silenced: Sequence[Suppressed]) -> Html | None:
    """Findings that somebody asked to be silent about, folded up."""
    if not silenced:
        return None
    shown = (
        tag("article", *_finding(one.finding), tag("p", _why(one)), class_="finding") for one in silenced[:FINDINGS]
    )
    return tag("details", tag("summary", f"{len(silenced):,} suppressed"), *shown, _more(len(silenced), FINDINGS))


def _why(one: Suppressed) -> str:
    return f"Suppressed by {one.by}, {cut(one.where, 300)}: {cut(one.reason, 300)}"


def _finding(finding: Finding) -> Iterable[Html | None]:
    place = finding.location
    where = f"line {place.line}, column {place.column or 1}" if place.line is not None else "the page as a whole"
    yield tag("h3", label(finding.severity), " ", cut(finding.message, LONGEST))
    yield tag("p", f"{finding.check} · confidence {finding.confidence} · {where}", class_="quiet")
    if place.snippet:
        yield tag("blockquote", marked(cut_around(place.snippet, LONGEST)))
    yield tag("p", tag("b", "Do: "), cut(finding.fix, LONGEST))
    if finding.evidence:
        spelt = json.dumps(plain(finding.evidence), ensure_ascii=False, sort_keys=True)
        yield tag("details", tag("summary", "Evidence"), tag("code", cut(spelt, 5 * LONGEST)))


def marked(snippet: str) -> Html:
    """A snippet with what it is about, which stands between « and », highlighted."""
    start, end = snippet.find("«"), snippet.rfind("»")
    if start < 0 or end < start:
        return joined((snippet,))
    return joined((snippet[:start], tag("mark", snippet[start + 1 : end]), snippet[end + 1 :]))


def verdict(name: str, given: Verdict | None) -> Html | None:
    """How likely something is, and what each feature adds to the log-odds."""
    if given is None:
        return None
    shares = [one for one in given.contributions if one.weight][:SHARES]
    most = max((abs(one.weight) for one in shares), default=1.0)
    rows = (
        (
            one.words,
            tag("meter", min="0", max=f"{most:.4f}", value=f"{abs(one.weight):.4f}", class_="for" if one.weight > 0 else "against"),
            f"{one.weight:+.2f}",
        )
        for one in shares
    )  # fmt: skip
    sum_ = f"log-odds {given.log_odds:.2f}, of which {given.bias:+.2f} before anything is known"
    return tag(
        "details",
        tag("summary", f"{name}: {percent(given.probability)}"),
        tag("p", sum_, class_="quiet"),
        table(("feature", "share", "log-odds"), rows),
    )


def links(listed: Sequence[LinkResult]) -> Html:
    """Links to other sites, suspicious ones first; addresses are text, nothing of a page can be followed from here."""
    ordered = sorted(listed, key=lambda one: -(one.injected.probability if one.injected else 0.0))
    ordered.sort(key=lambda one: ("injected", "suspicious", "ok").index(one.label))
    rows = (
        (
            label(one.label),
            cut(one.anchor, 200) or tag("i", "no text"),
            tag("code", cut(one.href, 400)) if one.href is not None else tag("i", "no link"),
            cut(" ".join((one.block, *one.rel)), 200),
            f"{one.line}:{one.column}" if one.line is not None else "",
            verdict("injected", one.injected) or "not judged",
        )
        for one in ordered[:LINKS]
    )
    return joined(
        (table(("label", "anchor", "address", "where, rel", "line", "why"), rows), _more(len(ordered), LINKS))
    )


def related(blocks: Sequence[RelatedResult]) -> Html | None:
    """Blocks of related posts."""
    if not blocks:
        return None
    shown = (
        joined((
            tag("h3", cut(block.block, 200) or "Without a heading"),
            verdict("off topic", block.off_topic),
            table(("title", "address", "near the article"), (
                (cut(item.title, 200), tag("code", cut(item.href, 400)), f"{item.similarity:.2f}") for item in block.items[:100]
            )),
        ))
        for block in blocks[:50]
    )  # fmt: skip
    return joined((tag("h2", "Related posts"), *shown))


def card(given: HealthCard | None) -> Html | None:
    """What a reader of health advice wants to know first."""
    if given is None:
        return None
    found = {True: "yes", False: "missing", None: "not known"}
    rows = ((line.topic, found[line.found], cut(line.answer, 500), cut(line.route, 100)) for line in given.lines)
    return joined((tag("h2", "Health card"), table(("topic", "told", "what", "found by"), rows)))


def _more(number: int, shown: int) -> Html | None:
    return tag("p", f"and {count(number - shown, 'more', 'more')}", class_="quiet") if number > shown else None
