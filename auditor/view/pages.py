"""Pages: what the viewer shows of a store, a run, its outbound domains and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from auditor.render.text import count, cut, percent
from auditor.report import Label, PageResult
from auditor.store.store import RunInfo
from auditor.view import show
from auditor.view.markup import Html, document, joined, table, tag
from auditor.view.overview import Line, Overview, worst

AT_ONCE = 100
"""Rows of a list that stand on one page."""
RUNS = 20
"""Runs that do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages of a run are to be shown."""

    label: str = ""
    check: str = ""
    words: str = ""
    by_name: bool = False
    number: int = 1
    """Of the hundred, from 1."""

    def takes(self, line: Line) -> bool:
        text = f"{line.name}\n{line.title}".casefold()
        return (
            self.label in ("", line.label)
            and (not self.check or self.check in line.checks)
            and all(word in text for word in self.words.casefold().split())
        )

    def at(self, number: int) -> str:
        """The query of another hundred of the same."""
        asked = {"label": self.label, "check": self.check, "q": self.words, "sort": "name" if self.by_name else ""}
        return "?" + urlencode({**{name: value for name, value in asked.items() if value}, "page": number})


def runs(listed: Sequence[tuple[RunInfo, Mapping[Label, int] | None, bool]], total: int, number: int) -> bytes:
    """The runs of a store, the latest first.

    Args:
        listed: those of this page, each with its verdicts, where they are known, and whether it was audited to its end.
    """
    if not total:
        return document("Runs", tag("p", "No runs are kept; `auditor scan` makes one."))
    rows = (
        (
            tag("a", f"run {run.id}", href=f"/run/{run.id}/"),
            _starts(run), f"{run.began:%Y-%m-%d %H:%M} UTC", run.state, f"{run.pages:,}", f"{run.failures:,}",
            _labels(labels) if labels is not None else "open it to count" if audited else "not audited to its end",
        )
        for run, labels, audited in listed
    )  # fmt: skip
    head = ("run", "site", "began", "state", "pages", "failures", "verdicts")
    return document("Runs", table(head, rows), _turning(total, number, RUNS, lambda n: f"?page={n}"))


def run(info: RunInfo, seen: Overview | None, wanted: Wanted) -> bytes:
    """One run: what is said of its sites, and its pages."""
    counts = f"{count(info.pages, 'page')}, {count(info.failures, 'failure')}"
    facts = tag("p", f"{_starts(info)} · {info.began:%Y-%m-%d %H:%M} UTC · {info.state} · {counts}")
    title = f"Run {info.id}"
    if seen is None:
        how = f"This run was not audited to its end; `auditor scan --from-run {info.id}` does that."
        return document(title, facts, tag("p", how))
    chosen = sorted(filter(wanted.takes, seen.lines), key=(lambda one: (one.name,)) if wanted.by_name else worst)
    at = AT_ONCE * (wanted.number - 1)
    rows = (
        (
            show.label(line.label),
            tag("a", cut(line.title, 120) or "Without a title", href=f"/run/{info.id}/page/{line.document}/"),
            tag("code", cut(line.name, 200)),
            show.severities(line.severities),
            f"{line.links:,}",
            percent(line.spam) if line.spam is not None else "",
        )
        for line in chosen[at : at + AT_ONCE]
    )
    return document(
        title, facts,
        tag("p", _labels(seen.labels), " · ", tag("a", count(len(seen.domains), "outbound domain"), href=f"/run/{info.id}/domains")),
        *_sites(seen),
        tag("h2", "Pages"), _filters(seen, wanted),
        tag("p", f"{len(chosen):,} of {count(len(seen.lines), 'page')}", class_="quiet"),
        table(("verdict", "title", "address", "findings", "links", "spam"), rows),
        _turning(len(chosen), wanted.number, AT_ONCE, wanted.at),
        _failures(seen),
    )  # fmt: skip


def page(info: RunInfo, number: int, result: PageResult) -> bytes:
    """One page of a run with its findings and links."""
    health = f" · health: {result.health}" if result.health else ""
    status = f" · status {result.status}" if result.status else ""
    return document(
        cut(result.title, 200) or "Without a title",
        tag("p", tag("a", f"Run {info.id}", href=f"/run/{info.id}/"), " · ", tag("code", cut(result.name, 1_000))),
        tag("p", show.label(result.label), f" {result.topic or 'no topic'} · {result.language}{health}{status} · ",
            tag("a", "source as text", href=f"/run/{info.id}/page/{number}/source")),
        show.verdict("spam", result.spam), show.verdict("low quality", result.quality),
        tag("h2", count(len(result.findings), "finding")),
        show.findings(result.findings), show.suppressed(result.suppressed), show.card(result.card),
        tag("h2", count(len(result.links), "link to another site", "links to other sites")),
        show.links(result.links) if result.links else None,
        show.related(result.related),
    )  # fmt: skip


def domains(info: RunInfo, seen: Overview, number: int) -> bytes:
    """The domains that a run's sites link to, those with the most pages first."""
    ordered = sorted(seen.domains, key=lambda one: (-one.pages, one.name, one.site))
    at = AT_ONCE * (number - 1)
    rows = (
        (
            one.name, one.kind, f"{one.pages:,}", f"{one.links:,}",
            show.label(one.label) if one.label else "", one.site,
            " · ".join(cut(anchor, 60) for anchor, _ in one.anchors), cut(", ".join(one.blocks), 100),
        )
        for one in ordered[at : at + AT_ONCE]
    )  # fmt: skip
    head = ("domain", "kind", "pages", "links", "worst link", "from", "anchors", "where")
    return document(
        f"Outbound domains of run {info.id}",
        tag("p", tag("a", f"Run {info.id}", href=f"/run/{info.id}/")),
        table(head, rows),
        _turning(len(ordered), number, AT_ONCE, lambda n: f"?page={n}"),
    )


def said(title: str, message: str) -> bytes:
    """A page with one line: what could not be had, and what to do."""
    return document(title, tag("p", message))


def _starts(run: RunInfo) -> str:
    more = f" and {len(run.starts) - 1:,} more" if len(run.starts) > 1 else ""
    return (cut(run.starts[0], 100) if run.starts else "-") + more


def _labels(labels: Mapping[Label, int]) -> str:
    return ", ".join(f"{labels.get(one, 0):,} {one}" for one in reversed(Label))


def _sites(seen: Overview) -> list[Html | None]:
    made: list[Html | None] = []
    for site in seen.report.sites[:100]:
        if site.findings or site.suppressed or site.theme:
            theme = ", ".join(f"{one.topic} {percent(one.share)}" for one in site.theme[:5])
            made += [tag("h2", site.site or "Files without an address"), tag("p", theme, class_="quiet"),
                     show.findings(site.findings), show.suppressed(site.suppressed)]  # fmt: skip
    return made


def _failures(seen: Overview) -> Html | None:
    failures = seen.report.failures
    if not failures:
        return None
    rows = ((one.kind, tag("code", cut(one.name, 300)), cut(one.detail, 500)) for one in failures[: 2 * AT_ONCE])
    return tag(
        "details", tag("summary", f"{count(len(failures), 'failure')}, the first {2 * AT_ONCE} shown"),
        table(("kind", "address", "why"), rows),
    )  # fmt: skip


def _filters(seen: Overview, wanted: Wanted) -> Html:
    return tag(
        "form",
        _choice("label", "Verdict", [(one.value, one.value) for one in Label], wanted.label),
        _choice("check", "Check", [(name, f"{name} ({number:,})") for name, number in seen.checks.items()], wanted.check),
        _choice("sort", "Order", [("name", "by address")], "name" if wanted.by_name else "", "worst first"),
        tag("label", "Words ", tag("input", type="search", name="q", value=wanted.words)),
        tag("button", "Show", type="submit"),
        method="get", action="?",
    )  # fmt: skip


def _choice(name: str, said: str, values: Sequence[tuple[str, str]], chosen: str, usual: str = "any") -> Html:
    options = (tag("option", words, value=value, selected=value == chosen) for value, words in (("", usual), *values))
    return tag("label", f"{said} ", tag("select", *options, name=name))


def _turning(total: int, number: int, size: int, at: Callable[[int], str]) -> Html | None:
    """The way to the pages of a list before and after this one."""
    last = max(1, -(-total // size))
    if last == 1 and number == 1:
        return None
    before = tag("a", "earlier", href=at(min(number - 1, last)), rel="prev") if number > 1 else None
    after = tag("a", "more", href=at(number + 1), rel="next") if number < last else None
    return tag(
        "p", joined((part for part in (before, f"page {number:,} of {last:,}", after) if part is not None), " · ")
    )
