"""`auditor check`: audit files, folders and standard input."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from auditor.cli import domains as dom
from auditor.cli import options as opt
from auditor.cli import tabular
from auditor.cli.formats import Format, targets
from auditor.cli.options import FailOn, TablesFormat
from auditor.cli.output import Output, deliver
from auditor.cli.progress import Progress
from auditor.cli.wishes import gate, settle, wished
from auditor.config import Config
from auditor.errors import ConfigError
from auditor.page.snapshot import Failure, FailureKind
from auditor.report import Confidence, Report


# fmt: off
def check(
    context: typer.Context,
    paths: opt.Paths = None, files_from: opt.FilesFrom = None, changed_since: opt.ChangedSince = None,
    each: opt.Each = False, jobs: opt.Jobs = 0, stdin_name: opt.StdinName = "-", max_bytes: opt.MaxBytes = 10_000_000,
    select: opt.Select = None, ignore: opt.Ignore = None,
    format: opt.FormatOption = Format.TERMINAL, output: opt.Outputs = None,
    tables: opt.TablesPlace = None, tables_format: opt.TablesOption = TablesFormat.CSV,
    fail_on: opt.FailOnOption = FailOn.HIGH, min_confidence: opt.MinConfidence = Confidence.HIGH,
    fail_on_verdict: opt.FailOnVerdictOption = None, allow_empty: opt.AllowEmpty = False,
    domains: dom.DomainsFile = None, allow_domain: dom.AllowDomains = None, fail_on_new_domains: dom.FailOnNewDomains = False,
    baseline: opt.BaselineFile = None, update_baseline: opt.UpdateBaseline = False,
    quiet: opt.Quiet = False, verbose: opt.Verbose = False,
    config: opt.ConfigFile = None, no_config: opt.NoConfig = False,
) -> None:
    # fmt: on
    """Audit pages that are files: a built site, a folder of Markdown, one draft, or standard input.

    Exit code: 0 nothing at or above --fail-on, 1 findings at or above it, or what --fail-on-verdict and
    --fail-on-new-domains stop at, 2 something named could not be audited.
    """
    if fail_on_new_domains and domains is None:
        raise ConfigError(
            "--fail-on-new-domains needs to know which domains are not new; name their file with --domains FILE "
            "(`auditor links … --accept` writes it)"
        )
    named = named_paths(paths or (), files_from)
    known = dom.known_from(domains, allow_domain or ())
    wishes = wished(context, select, ignore, baseline, update_baseline)
    stops = gate(fail_on, min_confidence, fail_on_verdict, wishes)
    out = Output(targets(format, output or ()), stops, quiet, verbose, fail_on_new_domains)
    wanted = tabular.wanted(tables, tables_format)
    wishes["select"] = dom.gated(wishes["select"], wishes["ignore"], fail_on_new_domains)
    asked = Config(**wishes, each=each, max_bytes=max_bytes, allow_domains=tuple(allow_domain or ()))
    # Before numpy is loaded: a page's tables are small, and threads that wait for more would take time from other processes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from auditor.built import built
    from auditor.crew.together import audit_together
    from auditor.files import read

    only = None
    if changed_since is not None:
        from auditor.changed import changed_since as changes

        only = changes(changed_since, named)
    started = datetime.now(UTC)
    with Progress(quiet) as progress:
        documents = progress.counting(read(named, max_bytes=max_bytes, stdin_name=stdin_name, only=only), "read")
        report = audit_together(
            documents, asked, jobs=jobs, source=named, started_at=started, follow=built, known=known, watch=progress.judged
        )
    out = settle(report, out, asked, baseline, update_baseline)
    tabular.deliver(report, wanted, quiet)
    bad = unread(report, (*named, stdin_name), allow_empty)
    partial = only is not None or (files_from is not None and not named)
    if partial and not report.pages and not bad:
        why = f"no document changed since {changed_since}" if only is not None else f"{files_from} lists no document"
        typer.echo(f"nothing to audit: {why}", err=True)
    deliver(report, out, bad, allow_empty=allow_empty or partial)


def named_paths(paths: Sequence[str], files_from: Path | None) -> list[str]:
    """What to audit: the paths of the command line and those of a list.

    Raises ConfigError where neither is given or both are standard input; SourceError where the list cannot be read.
    """
    if files_from is None:
        if not paths:
            raise ConfigError("nothing to audit was named; give files, folders, - for standard input, or --files-from FILE")
        return list(paths)
    from auditor.changed import listed

    if str(files_from) == "-" and "-" in paths:
        raise ConfigError("standard input is either a document or the list of files; name one of them as a file")
    return [*paths, *listed(str(files_from))]


def unread(report: Report, named: Sequence[str], allow_empty: bool = False) -> tuple[Failure, ...]:
    """The failures that are errors: whatever was named, and what a folder holds and would not give.

    An empty or binary file that a search came upon has nothing to hide; it is reported and no error.
    """
    harmless = (FailureKind.EMPTY, FailureKind.BINARY)
    empty = FailureKind.EMPTY if allow_empty else None
    silent = (empty, FailureKind.LEFT_OUT)
    return tuple(f for f in report.failures if f.kind not in silent and (f.name in named or f.kind not in harmless))
