"""`auditor scan`: crawl a site and audit what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import typer

from auditor.cli import access as acc
from auditor.cli import options as opt
from auditor.cli.options import FailOn, Format
from auditor.cli.output import Output, deliver
from auditor.cli.progress import Progress
from auditor.cli.selection import selection
from auditor.config import Config, CrawlLimits
from auditor.config import user_agent as named
from auditor.page.snapshot import Failure
from auditor.report import Confidence, Report

_USUAL = CrawlLimits()


# fmt: off
def scan(
    urls: opt.Urls, max_pages: opt.MaxPages = _USUAL.max_pages, depth: opt.Depth = _USUAL.max_depth,
    rate: opt.Rate = _USUAL.rate, concurrency: opt.Concurrency = _USUAL.concurrency,
    timeout: opt.Timeout = _USUAL.total_timeout, max_bytes: opt.MaxBytes = _USUAL.max_bytes,
    user_agent: opt.UserAgent = "", contact: acc.Contact = "",
    include: opt.Include = None, exclude: opt.Exclude = None, subdomains: opt.Subdomains = False,
    allow_private: opt.AllowPrivate = False, no_robots: opt.NoRobots = False,
    header: acc.Header = None, cookie: acc.Cookie = None, basic_auth: acc.BasicAuth = "", bearer: acc.Bearer = False,
    proxy: acc.Proxy = "",
    select: opt.Select = None, ignore: opt.Ignore = None,
    format: opt.FormatOption = Format.TERMINAL, output: opt.OutputFile = None,
    fail_on: opt.FailOnOption = FailOn.HIGH, min_confidence: opt.MinConfidence = Confidence.HIGH,
    quiet: opt.Quiet = False, verbose: opt.Verbose = False,
) -> None:
    # fmt: on
    """Crawl a site from its front page, politely, and audit every page.

    Exit code: 0 nothing at or above --fail-on, 1 findings at or above it, 2 a start address could not be fetched.
    """
    out = Output(format, output, fail_on, min_confidence, quiet, verbose)
    acc.refuse_secrets(urls)
    opened = acc.access(header or (), cookie or (), basic_auth, bearer, proxy)
    limits = CrawlLimits(
        max_pages=max_pages, max_depth=depth, rate=rate, concurrency=concurrency,
        user_agent=user_agent or named(contact),
        connect_timeout=min(timeout, _USUAL.connect_timeout), read_timeout=min(timeout, _USUAL.read_timeout),
        total_timeout=timeout, max_bytes=max_bytes, include=tuple(include or ()), exclude=tuple(exclude or ()),
        include_subdomains=subdomains, allow_private=allow_private, obey_robots=not no_robots,
    )  # fmt: skip
    if not (user_agent or contact or quiet):
        _ask_for_contact(urls)
    config = Config(select=selection(select), ignore=selection(ignore), crawl=limits, access=opened)
    report = _audited(urls, config, quiet)
    deliver(report, out, unreached(report, urls))


def _audited(starts: Sequence[str], config: Config, quiet: bool) -> Report:
    from auditor.audit import audit
    from auditor.web.crawl import Crawl

    started = datetime.now(UTC)
    with Progress(quiet) as progress:
        crawl = Crawl(
            starts,
            config.crawl,
            lambda p: progress.show(f"{p.pages:,} pages, {p.queued:,} addresses wait"),
            access=config.access,
        )
        return audit(crawl, config, source=starts, started_at=started)


def _ask_for_contact(starts: Sequence[str]) -> None:
    """Say once that hosts like to know whom to write to, unless the crawl stays on this machine."""
    from auditor import urls

    hosts = {urls.host(start if "://" in start else f"https://{start}") for start in starts}
    if any(host and host != "localhost" and not host.startswith(("127.", "::1")) for host in hosts):
        note = "note: hosts like to know who asks; give a web or mail address with --contact or AUDITOR_CONTACT"
        typer.echo(note, err=True)


def unreached(report: Report, starts: Sequence[str]) -> tuple[Failure, ...]:
    """The failures that are errors: start addresses with no page to show. A page missing inside a site is not.

    Schemes are not compared: one that was not given is guessed, and a start may lead from http to https.
    """
    named = {_bare(start) for start in starts} - {_bare(page.url or "") for page in report.pages}
    return tuple(failure for failure in report.failures if _bare(failure.url or "") in named)


def _bare(address: str) -> str:
    from auditor import urls

    absolute = address if "://" in address else f"https://{address.removeprefix('//')}"
    return (urls.normalise(absolute) or absolute).partition("://")[2]
