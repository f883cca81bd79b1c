"""Suppression: what a page, a configuration or a baseline asks the report to be silent about. A finding is suppressed, never lost."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from auditor.page.frontmatter import read_front_matter
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.preferences import Names, Wishes
from auditor.report import Finding, PageResult, Silence, SiteResult, Suppressed, fingerprint

MARK = "auditor:"
MOST = 500
"""Comments that are read of one page."""
LONG = 2000
"""Characters of one comment that are read."""
_FAR = 200
"""Lines after a comment in which the one that it is about is looked for."""
_SCRIPT = 100_000
"""Characters before a comment in which the script that it may stand in is looked for."""

_CLOSING = {"<!--": "-->", "{/*": "*/}", "{#": "#}", "%}": "{%"}
"""What ends a comment, by what begins it: HTML, MDX, Jinja and Liquid (`{% comment %}`)."""
_OPENED = re.compile(r"(<!--|\{/\*|\{#|\{%-?\s{0,5}comment\s{0,5}-?%\})\s{0,20}\Z")
_ASKS = re.compile(r"(ignore(?:-page)?)\s*(?:\[([^\[\]]*)\])?\s*(.*)", re.DOTALL)
_ID = re.compile(r"[^\s,]+")
_FENCE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)*(```+|~~~+)", re.MULTILINE)
_KEY = re.compile(r"^[\"']?auditor(?:_ignore)?[\"']?\s*[:=]|^\[auditor\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that somebody asks the report to be silent about."""

    by: Silence
    checks: tuple[str, ...]
    """As written; none where what is written cannot be understood."""
    reason: str
    where: str
    """For people."""
    offset: int = 0
    """Where in the source it stands."""
    lines: frozenset[int] | None = None
    """Lines that it is about, beside what concerns the page as a whole; None: all of them."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one check of one ask."""

    ask: Ask
    check: str
    """Empty: no check is named."""
    fate: str
    """used; unused; unasked (the check was off, or could not look); barred (a page that was fetched may not ask that)."""


def asks(page: Page) -> tuple[Ask, ...]:
    """What a page's own source asks for, in the order of the source. Bounded; comments in code and scripts are none."""
    return (*_of_front_matter(page), *_of_comments(page))


@dataclass(slots=True)
class Silenced:
    """Findings of one document, told apart."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    noted: tuple[Noted, ...] = ()


def silence(
    findings: Sequence[Finding],
    names: Names,
    wishes: Wishes,
    asked: Sequence[Ask] = (),
    barred: Collection[str] = (),
    unasked: Collection[str] = (),
    site: str = "",
) -> Silenced:
    """Tell findings that the report is to be silent about from the others: by the configuration, else the page, else the baseline.

    Args:
        asked: what the page itself asks for.
        barred: checks that the page cannot silence.
        unasked: checks that did not look at the page: nothing can be said of an ask about them.
        site: the name of a page's site. What a baseline knows of the site as a whole (`auditor.fold`) it knows of its pages.
    """
    preferences = wishes.preferences
    if not (asked or preferences.suppress or preferences.baseline):
        return Silenced(tuple(findings), ())
    rules = [rule for rule in preferences.suppress if wishes.concerns(rule, names)]
    used: set[tuple[int, str]] = set()
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        by: Suppressed | None = None
        for rule in rules:
            if wishes.means(rule, finding.check):
                by = Suppressed(finding, Silence.CONFIG, rule.where, rule.reason)
                break
        for number, ask in enumerate(asked):
            if finding.check in ask.checks and finding.check not in barred and _about(ask, finding):
                used.add((number, finding.check))
                by = by or Suppressed(finding, ask.by, ask.where, ask.reason)
        if by is None and preferences.baseline:
            by = _known(finding, wishes, site)
        if by is None:
            kept.append(finding)
        else:
            suppressed.append(by)
    noted = tuple(
        Noted(ask, check, _fate((number, check) in used, check, barred, unasked))
        for number, ask in enumerate(asked)
        for check in ask.checks or ("",)
    )
    return Silenced(tuple(kept), tuple(suppressed), noted)


def _known(finding: Finding, wishes: Wishes, site: str) -> Suppressed | None:
    """The finding under the fingerprint by which the baseline knows it: of its page, or of its site."""
    preferences = wishes.preferences
    marks = [finding.fingerprint]
    if site and (finding.target or finding.template):
        marks.append(fingerprint(finding.check, wishes.called(site), finding.target or finding.template))
    for mark in marks:
        if mark in preferences.baseline:
            return Suppressed(replace(finding, fingerprint=mark), Silence.BASELINE, preferences.baseline_file)
    return None


def idle(
    wishes: Wishes, sites: Iterable[SiteResult], pages: Iterable[PageResult], skipped: Collection[str]
) -> Iterator[Noted]:
    """The suppressions of a run's settings that suppressed nothing in it, as far as that can be told.

    A rule about no document of the run, or about checks that were off or could not look somewhere, is left alone; so are
    a baseline's findings in documents that were not audited.
    """
    preferences = wishes.preferences
    used: set[str] = set()
    met: set[int] = set()
    seen: set[str] = set()
    audited: set[str] = set()
    results: Iterable[SiteResult | PageResult] = chain(sites, pages)
    for one in results:
        name, names = _called(one, wishes)
        audited.add(wishes.called(name))
        seen.update(finding.fingerprint for finding in one.findings)
        seen.update(gone.finding.fingerprint for gone in one.suppressed)
        used.update(gone.where for gone in one.suppressed if gone.by is Silence.CONFIG)
        met.update(n for n, rule in enumerate(preferences.suppress) if n not in met and wishes.concerns(rule, names))
    asked = wishes.usual - frozenset(skipped)
    for number, rule in enumerate(preferences.suppress):
        checks = {check for check in wishes.groups if wishes.means(rule, check)}
        if rule.where not in used and number in met and checks & asked:
            named = ", ".join(sorted(rule.checks))
            yield Noted(Ask(Silence.CONFIG, tuple(sorted(rule.checks)), rule.reason, rule.where), named, "unused")
    lost = sum(
        entry.fingerprint not in seen and entry.name in audited and entry.check in asked
        for entry in preferences.baseline.values()
    )
    if lost:
        ask = Ask(Silence.BASELINE, (), "", preferences.baseline_file)
        yield Noted(ask, f"{lost:,} finding{'s' if lost > 1 else ''}", "unused")


def _called(one: SiteResult | PageResult, wishes: Wishes) -> tuple[str, Names]:
    if isinstance(one, PageResult):
        return one.name, wishes.names(one.path, one.url)
    place = next((f.location for f in (*one.findings, *(s.finding for s in one.suppressed))), None)
    return one.site, wishes.names(place.path if place else one.site, place.url if place else None)


def _about(ask: Ask, finding: Finding) -> bool:
    return ask.lines is None or finding.location.line is None or finding.location.line in ask.lines


def _fate(used: bool, check: str, barred: Collection[str], unasked: Collection[str]) -> str:
    return "used" if used else "barred" if check in barred else "unasked" if check in unasked else "unused"


def _of_comments(page: Page) -> Iterator[Ask]:
    source = page.source
    at = source.find(MARK)
    if at < 0:
        return
    written: list[tuple[int, int, re.Match[str]]] = []
    for _ in range(20 * MOST):
        if at < 0 or len(written) == MOST:
            break
        comment = _comment(source, at)
        if comment is not None:
            written.append(comment)
        at = source.find(MARK, at + len(MARK))
    if not written:
        return
    shown = _shown(page, [start for start, _, _ in written])
    found = [comment for comment in written if comment[0] not in shown]
    breaks = [match.start() for match in re.finditer("\n", source)]
    asking = {bisect_left(breaks, start): bisect_left(breaks, end - 1) for start, end, _ in found}
    for start, end, said in found:
        first, last = bisect_left(breaks, start), bisect_left(breaks, end - 1)
        checks = tuple(dict.fromkeys(name.lower() for name in _ID.findall(said[2] or "")[:50]))
        lines = None
        if said[1] == "ignore":
            lines = frozenset((*range(first + 1, last + 2), _next(source, breaks, last, asking) + 1))
        yield Ask(Silence.COMMENT, checks, _words(said[3]), f"line {first + 1}", start, lines)


def _comment(source: str, at: int) -> tuple[int, int, re.Match[str]] | None:
    """The comment that begins with the mark at a character: where it starts and ends, and what it asks for."""
    opened = _OPENED.search(source, max(at - 60, 0), at)
    if opened is None:
        return None
    start = at + len(MARK)
    closing = _CLOSING[opened[1] if opened[1] in _CLOSING else "%}"]
    end = source.find(closing, start, start + LONG)
    said = _ASKS.fullmatch(source[start : end if end >= 0 else start].strip())
    return (opened.start(), end + len(closing), said) if said else None


def _shown(page: Page, offsets: Sequence[int]) -> set[int]:
    """Of characters of the source, in rising order, those where what stands is shown or run: in code of Markdown, a script of HTML."""
    source = page.source
    if page.format is Format.HTML:
        scripts = [(at, source.rfind("<script", max(at - _SCRIPT, 0), at)) for at in offsets]
        return {at for at, opened in scripts if opened >= 0 and source.find("</script", opened, at) < 0}
    found: set[int] = set()
    fences = _FENCE.finditer(source, 0, offsets[-1])
    mark = next(fences, None)
    fence = ""
    for at in offsets:
        while mark is not None and mark.start() < at:
            fence = mark[1] if not fence else "" if mark[1].startswith(fence) else fence
            mark = next(fences, None)
        line = source[source.rfind("\n", max(at - LONG, 0), at) + 1 : at]
        if fence or line.count("`") % 2:
            found.add(at)
    return found


def _next(source: str, breaks: list[int], line: int, asking: Mapping[int, int]) -> int:
    """The next line (from 0) that is neither blank nor another comment of ours alone."""
    for number in range(line + 1, min(line + _FAR, len(breaks) + 1)):
        text = _line(source, breaks, number).strip()
        if text and not (number in asking and text.startswith(("<!--", "{/*", "{#", "{%")) and _alone(text)):
            return number
    return line


def _alone(text: str) -> bool:
    return text.endswith(("-->", "*/}", "#}", "%}")) and text.count(MARK) == 1


def _line(source: str, breaks: list[int], number: int) -> str:
    return source[breaks[number - 1] + 1 if number else 0 : breaks[number] if number < len(breaks) else len(source)]


def _of_front_matter(page: Page) -> Iterator[Ask]:
    """`auditor: {ignore: [id, …], reason: …}` or `auditor_ignore: [id, …]`; ids may be keys whose values are reasons."""
    source = page.source
    if (
        page.format is Format.HTML
        or not source.startswith(("---", "+++", "\ufeff"))
        or "auditor" not in source[:65_536]
    ):
        return
    front = read_front_matter(source)
    key = _KEY.search(source, 0, front.end)
    offset = key.start() if key else 0
    own = front.fields.get("auditor")
    fields: Mapping[Any, Any] = own if isinstance(own, dict) else {}
    reason = fields.get("reason")
    for ignored in (fields.get("ignore"), front.fields.get("auditor_ignore")):
        for checks, why in _listed(ignored):
            said = _words(why or (reason if isinstance(reason, str) else ""))
            yield Ask(Silence.FRONT_MATTER, checks, said, "front matter", offset)


def _listed(ignored: object) -> Iterable[tuple[tuple[str, ...], str]]:
    match ignored:
        case str() if ignored.strip():
            return [(tuple(dict.fromkeys(_ID.findall(ignored.lower())[:50])), "")]
        case list():
            return [(tuple(dict.fromkeys(str(one)[:100].lower() for one in ignored[:50])), "")] if ignored else []
        case dict():
            return [
                ((str(check)[:100].lower(),), why if isinstance(why, str) else "")
                for check, why in list(ignored.items())[:50]
            ]
    return []


def _words(reason: str) -> str:
    return " ".join(reason.split())[:300]
