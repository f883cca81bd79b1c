"""What a report is silent about, for a terminal: what was suppressed, and what a crawl left out; by whom and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from auditor.render.text import count, cut, escape_terminal
from auditor.report import Report, Silence

LISTED = 10
"""Findings that are listed where not all are asked for."""
OMISSIONS = 10
"""Reasons that are listed for what a crawl left out."""

_WORDS = {
    Silence.COMMENT: "comments in pages",
    Silence.FRONT_MATTER: "front matter",
    Silence.CONFIG: "the configuration",
    Silence.BASELINE: "the baseline",
}


def suppressed_lines(report: Report, verbose: bool) -> Iterator[tuple[Text, int]]:
    """Lines with their indent. All are counted, so that nobody has to wonder what a report leaves out; `verbose` lists all."""
    suppressed = list(report.suppressed)
    if not suppressed:
        return
    limit = None if verbose else LISTED
    by = Counter(one.by for one in suppressed)
    listed = ", ".join(f"{by[who]:,} by {words}" for who, words in _WORDS.items() if by[who])
    yield Text(), 0
    yield Text(f"{count(len(suppressed), 'finding')} suppressed: {listed}", "bold"), 0
    for one in suppressed[:limit]:
        place = one.finding.location
        at = f"{place.path or place.url or '-'}" + (f":{place.line}" if place.line else "")
        yield Text(escape_terminal(f"{one.finding.check} · {at} · {cut(one.finding.message, 200)}")), 4
        reason = (
            "" if one.by is Silence.BASELINE else f": {cut(one.reason, 200)}" if one.reason else ", without a reason"
        )
        yield Text(escape_terminal(f"by {one.where}{reason}"), "dim"), 6
    if limit is not None and len(suppressed) > limit:
        yield Text(f"… and {len(suppressed) - limit:,} more; --verbose shows all."), 2


def omitted_lines(report: Report, verbose: bool) -> Iterator[tuple[Text, int]]:
    """What a crawl left out: a reader must not take what was not looked at for clean."""
    omitted = report.omitted
    if not omitted:
        return
    yield Text(), 0
    yield Text("Known of and not fetched", "bold"), 0
    shown = omitted if verbose else sorted(omitted, key=lambda one: -one.count)[:OMISSIONS]
    for one in shown:
        example = f" ({cut(escape_terminal(one.example), 160)})" if one.example else ""
        addresses = count(one.count, "address", "addresses")
        yield Text(f"{escape_terminal(one.host)}: {addresses}{example}: {escape_terminal(one.reason)}"), 2
    if len(shown) < len(omitted):
        yield Text(f"… and {count(len(omitted) - len(shown), 'more reason')}; --verbose shows all."), 2
