"""What the user wants to hear, from options and settings; and the baseline, read before a run and written after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from auditor.baseline import Baseline, accepted, parse_baseline, spell_baseline
from auditor.cli.options import FailOn, FailOnVerdict
from auditor.cli.output import Output
from auditor.cli.selection import selection
from auditor.cli.settings import current, shown
from auditor.cli.whole import write_whole
from auditor.config import Config, Preferences
from auditor.errors import ConfigError
from auditor.gate import Gate
from auditor.report import Confidence, Label, Report, Severity


def wished(
    context: typer.Context,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    baseline: Path | None = None,
    update: bool = False,
) -> dict[str, Any]:
    """The fields of `Config` that say what a report shows.

    Args:
        update: the baseline is to be written: it may be missing.
    """
    settings = current(context)
    if update and baseline is None:
        raise ConfigError("--update-baseline needs to know where; add --baseline FILE")
    known = _read(baseline, update) if baseline is not None else Baseline()
    tables = settings.tables
    preferences = Preferences(
        severity=tables.severity,
        paths=tables.paths,
        suppress=tables.suppress,
        baseline=known.findings,
        verdicts=known.verdicts,
        baseline_file=shown(baseline) if baseline is not None else "",
        root=settings.file.absolute().parent.as_posix() if settings.file is not None else "",
        folder=Path.cwd().as_posix(),
    )
    return {"select": selection(select), "ignore": selection(ignore), "preferences": preferences}


def gate(
    fail_on: FailOn, min_confidence: Confidence, fail_on_verdict: FailOnVerdict | None, wishes: Mapping[str, Any]
) -> Gate:
    """The gate that the options ask for, over the fields that `wished` gave."""
    return Gate(
        severity=None if fail_on is FailOn.NEVER else Severity(fail_on.value),
        confidence=min_confidence,
        verdict=Label(fail_on_verdict.value) if fail_on_verdict else None,
        preferences=wishes["preferences"],
    )


def settle(report: Report, output: Output, config: Config, baseline: Path | None, update: bool) -> Output:
    """Write the baseline where that was asked for; what it takes in stops no gate.

    Raises ConfigError where it cannot be written.
    """
    if not update or baseline is None or not len(report.pages):
        return output
    from auditor.render.text import count
    from auditor.result import wishes

    known = config.preferences.baseline
    found = accepted(report, wishes(config))
    write_whole(baseline, spell_baseline(found), shown(baseline), "choose another --baseline")
    entries = found.findings
    new, gone = len(entries.keys() - known.keys()), len(known.keys() - entries.keys())
    typer.echo(
        f"auditor: {shown(baseline)} lists {count(len(entries), 'finding')}; {new:,} new, {gone:,} gone", err=True
    )
    return replace(output, gate=Gate(severity=None))


def _read(file: Path, update: bool) -> Baseline:
    try:
        return parse_baseline(file.read_bytes(), shown(file))
    except FileNotFoundError as error:
        if update and file.absolute().parent.is_dir():
            return Baseline()
        advice = "its folder does not exist" if update else "add --update-baseline to write it"
        raise ConfigError(f"there is no baseline {shown(file)}; {advice}") from error
    except OSError as error:
        raise ConfigError(f"cannot read the baseline {shown(file)} ({error.strerror}); name another file") from error
