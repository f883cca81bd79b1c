"""Difference of two reports → one HTML file."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.history.difference import Difference
from auditor.history.trend import arrow
from auditor.render.brand import Brand
from auditor.render.diff_text import (
    TITLES,
    breakdown,
    from_to,
    page_counts,
    place,
    score,
    sites,
    summary,
    turned,
    verdict_counts,
)
from auditor.render.sheet import sheet

SHOWN = 1_000
"""Rows of a table; more make a document that nobody reads."""


def diff_html(difference: Difference, brand: Brand | None = None) -> Iterator[str]:
    """The difference as a document, piece by piece. Raises ConfigError as `sheet`."""
    before, after = difference.before, difference.after
    figures = (
        ("Pages", page_counts(difference)),
        ("In order", f"{from_to(score(before), score(after))} {arrow(before.score, after.score)}".strip()),
        ("Pages judged bad", verdict_counts(difference)),
        ("Findings", summary(difference)),
    )
    findings = [
        (title, fate.value, changes.total, breakdown(changes), [(one, place(one)) for one in changes.listed[:SHOWN]])
        for fate, title in TITLES.items()
        if (changes := difference.changes[fate]).total
    ]
    pages = [
        (title, name, turns.total, [(one, turned(one)) for one in turns.listed[:SHOWN]])
        for title, name, turns in (
            ("Verdicts", "verdicts", difference.verdicts),
            ("New pages", "new-pages", difference.new_pages),
            ("Gone pages", "gone-pages", difference.gone_pages),
        )
        if turns.total
    ]
    domains = [
        (title, name, len(listed), listed[:SHOWN])
        for title, name, listed in (
            ("New outbound domains", "new-domains", difference.new_domains),
            ("Gone outbound domains", "gone-domains", difference.gone_domains),
        )
        if listed
    ]
    return sheet(
        "diff.html.j2", brand, difference=difference, sites=sites(difference), figures=figures, findings=findings,
        pages=pages, domains=domains,
    )  # fmt: skip
