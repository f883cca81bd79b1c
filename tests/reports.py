"""Reports built by hand, for the tests of renderers and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import exp, nan
from typing import Any

from auditor.model.verdict import Contribution, Verdict
from auditor.page.snapshot import Failure, FailureKind
from auditor.report import (
    CardLine,
    Confidence,
    Degree,
    Finding,
    HealthCard,
    Label,
    LinkLabel,
    LinkResult,
    Location,
    Omission,
    PageResult,
    RelatedItem,
    RelatedResult,
    Report,
    Severity,
    Silence,
    SiteResult,
    Skipped,
    Suppressed,
    TopicShare,
)

STARTED = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def verdict(*weights: tuple[str, float], bias: float = -1.5) -> Verdict:
    """A verdict whose contributions add up; the phrase of each is what it is called here."""
    contributions = [
        Contribution(feature=phrase.split()[0].lower(), phrase=phrase, value=1.0, weight=weight, sign=1)
        for phrase, weight in weights
    ]
    contributions.sort(key=lambda c: -abs(c.weight))
    log_odds = bias + sum(weight for _, weight in weights)
    return Verdict(1 / (1 + exp(-log_odds)), log_odds, bias, tuple(contributions))


def finding(check: str = "injected-link", page: str = "posts/a.md", **changes: Any) -> Finding:
    message = changes.get("message", "Something is wrong.")
    usual = Finding(
        check=check,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=message,
        fix="Put it right.",
        fingerprint=f"{check}:{page}:{message}",
        location=Location(path=page, line=3, column=5),
    )
    return replace(usual, **changes)


def page(path: str = "posts/a.md", label: Label = Label.CLEAN, **changes: Any) -> PageResult:
    usual = PageResult(
        url=None,
        path=path,
        status=None,
        language="en",
        title="A title",
        topic="gardening",
        health=Degree.NONE,
        label=label,
        spam=verdict(("Dull things", -2.0)),
        quality=verdict(("Short text", 0.25)),
        links=(),
        related=(),
        findings=(),
    )
    return replace(usual, **changes)


def report(*pages: PageResult, failures: Sequence[Failure] = (), **changes: Any) -> Report:
    usual = Report(
        source=("posts",),
        started_at=STARTED,
        version="0.1.0",
        models={"link": "1", "page": "1"},
        sites=(SiteResult("posts", len(pages), (), ()),) if pages else (),
        pages=pages,
        skipped=(),
        failures=tuple(failures),
    )
    return replace(usual, **changes)


def spammed_page(path: str = "posts/sleep-cure.md") -> PageResult:
    """A health article on a boating site, with a planted phrase and posts that have nothing to do with it."""
    planted = finding(
        page=path,
        severity=Severity.HIGH,
        message="The phrase “Dunmore roof repair” was planted in a sentence about sleep.",
        fix="Delete the phrase and its link, and read the sentence again.",
        location=Location(
            path=path,
            line=14,
            column=33,
            snippet="By calming the mind before bed, «Dunmore roof repair» valerian offers a gentler night to most.",
        ),
        evidence={
            "reasons": ["The phrase names a place and a trade", "The sentence reads better without it"],
            "similarity": nan,
            "words": ("roof", "repair"),
        },
    )
    related = finding(
        "off-topic-related-posts",
        path,
        message="None of 3 related posts has to do with the article.",
        fix="Show posts of the same category, or remove the block.",
        location=Location(path=path, line=41, column=1),
    )
    author = finding(
        "missing-author",
        path,
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        message="Nobody is named as the author of a health article.",
        fix="Name the author and say what qualifies them.",
        location=Location(path=path),
    )
    items = (
        RelatedItem("Ten kitchens for small boats", "/ten-kitchens", 0.08),
        RelatedItem("What a captain earns", "/captain", nan),
    )
    return page(
        path,
        Label.SPAM,
        title="The one herb that cures sleepless nights",
        topic="health",
        health=Degree.ADVICE,
        card=HealthCard(
            (
                CardLine("author", True, "written by admin (no person)", "meta"),
                CardLine("reviewer", False, "nobody is named who checked it"),
                CardLine("figures", None, "not looked for in this format"),
            )
        ),
        spam=verdict(("The article is foreign to its site", 2.5), ("A link was planted in it", 2.25), ("Age", -0.5)),
        quality=verdict(("Nobody is named as its author", 1.5), ("It promises a cure", 1.25)),
        links=(
            LinkResult(
                href="https://dunmore-roofs.example/",
                anchor="Dunmore roof repair",
                rel=(),
                block="article",
                line=14,
                column=33,
                injected=verdict(("The phrase names a place and a trade", 4.0)),
                label=LinkLabel.INJECTED,
            ),
            LinkResult("/about", "About us", (), "navigation", 2, 1, None, LinkLabel.OK),
            LinkResult("https://example.org/study", "a study", ("nofollow",), "article", 20, 4, None, LinkLabel.OK),
            LinkResult(None, "best payday loans", (), "article", 22, 9, verdict(("Vice", 3.0)), LinkLabel.SUSPICIOUS),
        ),
        related=(RelatedResult("You may also like", items, verdict(("Unlike the article", 5.0))),),
        findings=(author, related, planted),
        suppressed=(
            Suppressed(
                finding("missing-date", path, message="No date is given."),
                Silence.COMMENT,
                "line 2",
                "An undated page.",
            ),
        ),
    )


def full_report() -> Report:
    """One of everything that a report can hold."""
    undated = [
        finding(
            "missing-date",
            f"posts/p{n}.md",
            severity=Severity.LOW,
            message="No date is given.",
            fix="Give the day it was published.",
            location=Location(path=f"posts/p{n}.md"),
        )
        for n in range(1, 7)
    ]
    low = page(
        "posts/p1.md",
        Label.LOW_QUALITY,
        title="Knots",
        quality=verdict(("The text is thin", 3.5), ("Headings repeat", 1.0)),
        findings=(undated[0],),
    )
    others = [page(f"posts/p{n}.md", findings=(undated[n - 1],)) for n in range(2, 7)]
    mixed = finding(
        "foreign-articles",
        "posts",
        message="1 of 9 articles is about a topic that the site does not have.",
        fix="Ask who published it.",
        location=Location(),
    )
    return report(
        page("posts/clean-1.md"),
        low,
        *others,
        spammed_page(),
        page("posts/clean-2.md"),
        sites=(SiteResult("posts", 9, (TopicShare("boating", 0.86), TopicShare("health", 0.14)), (mixed,)),),
        skipped=(
            Skipped("off-topic-related-posts", "no block of related posts", 8),
            Skipped("injected-link", "the article is in German (de)", 1),
            Skipped("near-duplicates", "fewer than 10 pages"),
        ),
        notices=(
            finding(
                "unused-suppression",
                "auditor.toml",
                severity=Severity.INFO,
                message="auditor.toml: suppress[1] suppresses nothing in this run (missing-alt).",
                location=Location(path="auditor.toml"),
            ),
        ),
        failures=(
            Failure(FailureKind.MISSING, "no such file or folder; check its spelling", path="posts/nowhere.md"),
            Failure(FailureKind.TIMEOUT, "no answer in 20 s; try again later", url="https://example.org/slow"),
        ),
        omitted=(
            Omission("example.org", "robots.txt asks not to fetch them", 12, "https://example.org/private/a"),
            Omission(
                "example.org", "addresses without end; look at some of them with --url-list", 3_400, "/calendar/DATE"
            ),
        ),
    )
