"""Difference of two reports → lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.history.difference import Change, Changes, Difference, Fate, Side, Turn, Turns
from auditor.history.trend import arrow
from auditor.outbound.inventory import Domain
from auditor.render.text import count, cut, cut_around, escape_terminal, percent
from auditor.report import Label, Severity

SHOWN = 20
"""Findings, pages and domains of a kind that are shown unless all are asked for."""
_TEXT = 200

TITLES = {
    Fate.NEW: "New",
    Fate.NEW_PAGE: "On new pages",
    Fate.UNTOLD_BEFORE: "Not told before (whether they are new is not known)",
    Fate.FIXED: "Fixed",
    Fate.GONE_PAGE: "On pages that are gone",
    Fate.UNTOLD_NOW: "Not told now (whether they are fixed is not known)",
}


def diff_text(difference: Difference, width: int = 0, *, verbose: bool = False) -> Iterator[str]:
    """Lines of at most `width` columns; 0 for as long as they come. All that is listed with `verbose`."""
    lines = _lines(difference, 10**9 if verbose else SHOWN)
    return (cut(line, width) if width else line for line in lines)


def called(side: Side) -> str:
    """A report with its day: `run 12 of 2026-03-14`."""
    return f"{escape_terminal(side.name)} of {side.began:%Y-%m-%d}"


def breakdown(changes: Changes) -> str:
    """`2 high, 7 low`, the gravest first."""
    return ", ".join(f"{changes.of(one):,} {one}" for one in reversed(Severity) if changes.of(one))


def from_to(before: int | str, after: int | str) -> str:
    """`3 → 5`; one figure where the two are the same."""
    then, now = (f"{one:,}" if isinstance(one, int) else one for one in (before, after))
    return now if then == now else f"{then} → {now}"


def score(side: Side) -> str:
    """The share of pages in order, for people."""
    return "unknown" if side.score.percent is None else f"{side.score.percent}%"


def sites(difference: Difference) -> str:
    """What the reports are of, in at most three names."""
    names = [escape_terminal(name) for name in difference.after.sites or difference.before.sites if name]
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more or "files"


def page_counts(difference: Difference) -> str:
    """Pages before and after, and how many came and went."""
    before, after = difference.before.tally, difference.after.tally
    moved = [
        f"{turns.total:,} {what}"
        for turns, what in ((difference.new_pages, "new"), (difference.gone_pages, "gone"))
        if turns.total
    ]
    return from_to(before.pages, after.pages) + (f" ({', '.join(moved)})" if moved else "")


def verdict_counts(difference: Difference) -> str:
    """Pages by label that are no clean ones, before and after."""
    before, after = difference.before.tally.labels, difference.after.tally.labels
    bad = (Label.SPAM, Label.LOW_QUALITY)
    return ", ".join(f"{label} {from_to(before.get(label, 0), after.get(label, 0))}" for label in bad)


def place(change: Change) -> str:
    """Page or site, with the line where one is known."""
    line = change.finding.location.line
    return escape_terminal(change.document) + (f":{line}" if line is not None else "")


def turned(turn: Turn) -> str:
    """`clean → spam`, `new page: spam`, `gone: clean`."""
    if turn.before is None:
        return f"{turn.after}"
    return f"{turn.before}" if turn.after is None else f"{turn.before} → {turn.after}"


def _lines(difference: Difference, most: int) -> Iterator[str]:
    before, after = difference.before, difference.after
    yield f"{sites(difference)}: {called(before)} → {called(after)}"
    way = arrow(before.score, after.score)
    yield f"pages {page_counts(difference)} · in order {from_to(score(before), score(after))} {way} · {verdict_counts(difference)}"
    for note in difference.notes:
        yield f"note: {escape_terminal(note)}"
    if difference.quiet:
        yield ""
        yield "Nothing changed."
    for fate, title in TITLES.items():
        yield from _findings(title, difference.changes[fate], most)
    yield from _turns("Verdicts", difference.verdicts, most, spam=True)
    yield from _turns("New pages", difference.new_pages, most)
    yield from _turns("Gone pages", difference.gone_pages, most)
    yield from _domains("New outbound domains", difference.new_domains, most)
    yield from _domains("Gone outbound domains", difference.gone_domains, most)
    yield ""
    yield summary(difference)


def summary(difference: Difference) -> str:
    """The difference in one line."""
    changes = difference.changes
    new = changes[Fate.NEW].total + changes[Fate.NEW_PAGE].total
    fixed, gone = changes[Fate.FIXED].total, changes[Fate.GONE_PAGE].total
    untold = changes[Fate.UNTOLD_BEFORE].total + changes[Fate.UNTOLD_NOW].total
    parts = [f"{count(new, 'new finding')}", f"{fixed:,} fixed", f"{sum(difference.unchanged.values()):,} unchanged"]
    parts += [f"{gone:,} on gone pages"] if gone else []
    parts += [f"{untold:,} told in one report alone"] if untold else []
    return ", ".join(parts)


def _findings(title: str, changes: Changes, most: int) -> Iterator[str]:
    if not changes.total:
        return
    yield ""
    yield f"{title}: {count(changes.total, 'finding')} ({breakdown(changes)})"
    for change in changes.listed[:most]:
        finding = change.finding
        why = f" · {escape_terminal(change.why)}" if change.why else ""
        yield f"  {finding.severity:<7} {cut(escape_terminal(finding.message), _TEXT)}"
        yield f"          {cut(place(change), _TEXT)} · {finding.check}{why}"
        if finding.location.snippet:
            yield f"          {cut_around(escape_terminal(finding.location.snippet), 120)}"
    yield from _more(changes.total, changes.listed, most)


def _turns(title: str, turns: Turns, most: int, *, spam: bool = False) -> Iterator[str]:
    if not turns.total:
        return
    yield ""
    yield f"{title}: {count(turns.total, 'page')}"
    for turn in turns.listed[:most]:
        odds = ""
        if spam and turn.spam_before is not None and turn.spam_after is not None:
            odds = f" · spam {percent(turn.spam_before)} → {percent(turn.spam_after)}"
        words = f" · {cut(escape_terminal(turn.title), 80)}" if turn.title else ""
        why = f" · {escape_terminal(turn.why)}" if turn.why else ""
        yield f"  {turned(turn)}  {cut(escape_terminal(turn.name), _TEXT)}{words}{odds}{why}"
    yield from _more(turns.total, turns.listed, most)


def _domains(title: str, domains: Sequence[Domain], most: int) -> Iterator[str]:
    if not domains:
        return
    yield ""
    yield f"{title}: {len(domains):,}"
    for one in domains[:most]:
        anchor = next((text for text, _ in one.anchors if text), "")
        words = f" · “{cut(escape_terminal(anchor), 60)}”" if anchor else ""
        first = cut(escape_terminal(one.examples[0]), _TEXT) if one.examples else ""
        yield f"  {escape_terminal(one.name)} · {one.kind.value} · {count(one.pages, 'page')}, first {first}{words}"
    yield from _more(len(domains), domains, most)


def _more(total: int, listed: Sequence[object], most: int) -> Iterable[str]:
    left = total - min(len(listed), most)
    return [f"  … and {left:,} more"] if left else []
