"""`auditor scan`: crawl a site and audit what it answers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from auditor import urls
from auditor.cli import access as acc
from auditor.cli import domains as dom
from auditor.cli import options as opt
from auditor.cli import tabular
from auditor.cli.formats import Format, targets
from auditor.cli.options import FailOn, TablesFormat
from auditor.cli.output import Output, deliver
from auditor.cli.progress import Progress
from auditor.cli.wishes import gate, settle, wished
from auditor.config import LISTED, Config, CrawlLimits
from auditor.config import user_agent as named
from auditor.errors import ConfigError, SourceError, StoreError
from auditor.page.snapshot import Failure
from auditor.report import Confidence, Report
from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.outbound.known import Known
    from auditor.store.run import Run
    from auditor.store.store import Store

_USUAL = CrawlLimits()


# fmt: off
def scan(
    context: typer.Context, addresses: opt.Urls = None, url_list: opt.UrlList = None,
    max_pages: opt.MaxPages = _USUAL.max_pages, max_seconds: opt.MaxSeconds = _USUAL.max_seconds,
    depth: opt.Depth = _USUAL.max_depth, rate: opt.Rate = _USUAL.rate, concurrency: opt.Concurrency = _USUAL.concurrency,
    timeout: opt.Timeout = _USUAL.total_timeout, max_bytes: opt.MaxBytes = _USUAL.max_bytes,
    user_agent: opt.UserAgent = "", contact: acc.Contact = "",
    include: opt.Include = None, exclude: opt.Exclude = None, subdomains: opt.Subdomains = False,
    allow_private: opt.AllowPrivate = False, no_robots: opt.NoRobots = False,
    header: acc.Header = None, cookie: acc.Cookie = None, basic_auth: acc.BasicAuth = "", bearer: acc.Bearer = False,
    proxy: acc.Proxy = "",
    check_external: opt.CheckExternal = False, check_targets: opt.CheckTargets = False,
    render: opt.Render = False, chromium: opt.Chromium = None,
    compare_as: opt.CompareAs = "", mine: opt.Mine = None,
    store: opt.StoreFolder = None, no_store: opt.NoStore = False,
    resume: opt.Resume = False, from_run: opt.FromRun = None,
    select: opt.Select = None, ignore: opt.Ignore = None, jobs: opt.Jobs = 0,
    format: opt.FormatOption = Format.TERMINAL, output: opt.Outputs = None,
    tables: opt.TablesPlace = None, tables_format: opt.TablesOption = TablesFormat.CSV,
    fail_on: opt.FailOnOption = FailOn.HIGH, min_confidence: opt.MinConfidence = Confidence.HIGH,
    fail_on_verdict: opt.FailOnVerdictOption = None,
    min_pages: opt.MinPages = 1, baseline: opt.BaselineFile = None, update_baseline: opt.UpdateBaseline = False,
    domains: dom.DomainsFile = None, allow_domain: dom.AllowDomains = None, fail_on_new_domains: dom.FailOnNewDomains = False,
    quiet: opt.Quiet = False, verbose: opt.Verbose = False,
    config: opt.ConfigFile = None, no_config: opt.NoConfig = False,
) -> None:
    # fmt: on
    """Crawl a site from its front page, politely, and audit every page.

    What was fetched is kept: the next scan asks only for what has changed, --resume goes on with one that was broken off, and
    --from-run audits an earlier one again without network.

    Exit code: 0 nothing at or above --fail-on, 1 findings at or above it, new domains with --fail-on-new-domains or fewer
    pages than --min-pages, 2 a start address could not be fetched, or no page at all.
    """
    wishes = wished(context, select, ignore, baseline, update_baseline)
    stops = gate(fail_on, min_confidence, fail_on_verdict, wishes)
    out = Output(targets(format, output or ()), stops, quiet, verbose, fail_on_new_domains)
    wanted = tabular.wanted(tables, tables_format)
    known = dom.known_from(domains, allow_domain or ())
    listed = _listed(url_list) if url_list else []
    starts = [*(addresses or ()), *listed]
    if not starts and not resume and from_run is None:
        raise SourceError("nothing to scan; name an address like https://example.com/, or use --resume or --from-run")
    if no_store and (resume or from_run or _given(context, "store")):
        raise ConfigError("--no-store keeps nothing that could be resumed or audited again; leave it out")
    if no_store and fail_on_new_domains and domains is None:
        raise ConfigError("--no-store keeps no run that the next could be held against; name a file with --domains")
    acc.refuse_secrets(starts)
    opened = acc.access(header or (), cookie or (), basic_auth, bearer, proxy)
    limits = CrawlLimits(
        max_pages=max(max_pages, len(starts)), max_seconds=max_seconds,
        max_depth=0 if listed and not addresses and not _given(context, "depth") else depth,
        rate=rate, concurrency=concurrency, user_agent=user_agent or named(contact),
        connect_timeout=min(timeout, _USUAL.connect_timeout), read_timeout=min(timeout, _USUAL.read_timeout),
        total_timeout=timeout, max_bytes=max_bytes, include=tuple(include or ()), exclude=tuple(exclude or ()),
        include_subdomains=subdomains, allow_private=allow_private, obey_robots=not no_robots,
        render=render, chromium=str(chromium or ""), compare_as=compare_as, mine=tuple(mine or ()),
    )  # fmt: skip
    if compare_as:
        from auditor.web.agents import agents, require_mine

        agents(compare_as)
        require_mine(starts, limits.mine)
    wishes["select"] = dom.gated(wishes["select"], wishes["ignore"], fail_on_new_domains)
    asked = Config(
        **wishes, crawl=limits, access=opened, check_external=check_external or check_targets, check_targets=check_targets,
        allow_domains=tuple(allow_domain or ()),
    )  # fmt: skip
    if from_run is None and not (user_agent or contact or quiet):
        _ask_for_contact(starts)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a page's sums are small; threads would only cost memory
    from auditor.store.store import Store, default_folder

    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        folder = store or default_folder()
        if no_store:
            import tempfile

            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="auditor-")))
        kept = stack.enter_context(Store(folder))
        run, asked = _run(kept, starts, len(listed), asked, context, stack, resume=resume, from_run=from_run)
        report = audited(kept, run, asked, quiet, jobs, known, crawls=from_run is None, keeps=not no_store)
        bad = () if from_run else unreached(report, _named(kept, run), run)
        out = settle(report, out, asked, baseline, update_baseline)
        tabular.deliver(report, wanted, quiet)
        deliver(report, out, bad, min_pages)


# fmt: off
def _run(
    store: Store, starts: list[str], listed: int, config: Config, context: typer.Context, stack: ExitStack,
    *, resume: bool, from_run: int | None,
) -> tuple[Run, Config]:
    # fmt: on
    """The run that is meant, with its settings: a new one, one that goes on, or one to be audited again.

    Args:
        listed: how many of the starts, the last ones, are from a list.
        stack: holds the run until the scan is over.
    """
    from auditor.result import wishes

    wishes(config)  # complains of a check that does not exist before a run is begun
    if from_run is not None:
        stack.enter_context(store.hold(from_run))
        return store.open(from_run), config
    info = store.latest(starts) if resume else None
    if info is None and starts:  # one that was killed before it had begun has left nothing to go on with
        run = store.begin(starts, _settings(config.crawl, listed), __version__)
        stack.enter_context(store.hold(run.id))
        return run, config
    if info is None or store.finished(info.id):
        raise StoreError("there is no run to resume; leave --resume out to begin one, or see `auditor runs`")
    stack.enter_context(store.hold(info.id))
    if info.version != __version__:  # what another version read of the pages is not what this one would
        from auditor.store.findings import Findings

        Findings(store.connection, store.file, info.id).clear()
    limits = _resumed(info.settings, config.crawl, context)
    settings = _settings(limits, info.settings.get(LISTED, 0))
    return store.reopen(info.id, settings, __version__), replace(config, crawl=limits)


# fmt: off
def audited(
    store: Store, run: Run, config: Config, quiet: bool, jobs: int, known: Known | None, *, crawls: bool, keeps: bool
) -> Report:
    # fmt: on
    """Crawl and audit a run, or only audit what there is of it; the report."""
    from auditor.scan.scan import Scan

    started = datetime.now(UTC)
    starts = store.info(run.id).starts
    with Progress(quiet) as progress, Scan(config, store, run, progress.watch, jobs, known) as scan:
        try:
            if crawls:
                scan.crawl(starts)
            else:
                scan.findings.clear()
            return scan.audit(starts, started)
        except KeyboardInterrupt:
            if keeps:
                typer.echo(f"\n{_kept(store, run)}", err=True)
            raise


def _stop(number: int, frame: object) -> None:
    """End as Ctrl-C does, whoever asks: a shell, a service manager, a CI that has waited long enough."""
    raise KeyboardInterrupt


def _kept(store: Store, run: Run) -> str:
    """What there is of a run that was stopped, and how to go on."""
    from auditor.store.store import State

    pages = run.counts()[0]
    again = f"`auditor scan --from-run {run.id}` reports on"
    if store.info(run.id).state is State.DONE:
        return f"stopped; all {pages:,} pages are kept as run {run.id}. {again} them."
    return f"stopped; {pages:,} pages are kept as run {run.id}. `auditor scan --resume` goes on, {again} what is there."


def _settings(limits: CrawlLimits, listed: int) -> Mapping[str, Any]:
    return {**asdict(limits), LISTED: listed}


def _named(store: Store, run: Run) -> tuple[str, ...]:
    """The starts that were named one by one: of a list, a few may well be gone."""
    info = store.info(run.id)
    return info.starts[: len(info.starts) - info.settings.get(LISTED, 0)]


def _resumed(settings: Mapping[str, Any], asked: CrawlLimits, context: typer.Context) -> CrawlLimits:
    """The limits of a run that goes on: its own, but for those that the command line names."""
    names = {
        "depth": "max_depth", "timeout": "total_timeout", "subdomains": "include_subdomains", "no_robots": "obey_robots",
        "contact": "user_agent",
    }  # fmt: skip
    named = {names.get(name, name) for name in context.params if _given(context, name)}
    known = {one.name for one in fields(CrawlLimits)}
    own: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in settings.items()
        if name in known and name not in named
    }
    return replace(asked, **own)


def _given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _listed(file: Path) -> list[str]:
    """Addresses of a list: one a line, blank lines and those that begin with # left out."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {file} ({error.strerror}); name a file with one address a line") from error
    text = data.decode("utf-8-sig", "replace")
    found = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not found:
        raise SourceError(f"there is no address in {file}; put one on each line")
    return found


def _ask_for_contact(starts: Sequence[str]) -> None:
    """Say once that hosts like to know whom to write to, unless the crawl stays on this machine."""
    hosts = {urls.host(start if "://" in start else f"https://{start}") for start in starts}
    if any(host and host != "localhost" and not host.startswith(("127.", "::1")) for host in hosts):
        note = "note: hosts like to know who asks; give a web or mail address with --contact or AUDITOR_CONTACT"
        typer.echo(note, err=True)


def unreached(report: Report, starts: Sequence[str], run: Run) -> tuple[Failure, ...]:
    """The failures that are errors: start addresses with no page to show. A page missing inside a site is not.

    Schemes are not compared: one that was not given is guessed, and a start may lead from http to https.
    """
    named = {_bare(start) for start in starts}
    for url in [f"{scheme}://{bare}" for bare in named for scheme in ("https", "http")]:
        for _ in range(_USUAL.max_redirects + 1):
            moved = run.moved(url)
            if moved is None:
                break
            url = moved.target
            named.add(_bare(url))
    failed = [failure for failure in report.failures if _bare(failure.url or "") in named]
    if not failed:
        return ()
    reached = {_bare(page.url or "") for page in report.pages}
    return tuple(failure for failure in failed if _bare(failure.url or "") not in reached)


def _absolute(address: str) -> str:
    address = address.encode("utf-8", "replace").decode()  # a command line may hold bytes that are no text
    absolute = address if "://" in address else f"https://{address.removeprefix('//')}"
    return urls.normalise(absolute) or absolute


def _bare(address: str) -> str:
    return _absolute(address).partition("://")[2]
