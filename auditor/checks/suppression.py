"""Suppression: what somebody asked the report to be silent about, to no use, by a wrong name, without a reason or without the right."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.page.page import Spot
from auditor.report import Confidence, Severity, Silence
from auditor.suppression import Ask, Noted


@check(
    title="A suppression is of no use",
    severity=Severity.LOW,
    fix="Take the suppression out, put its name right, or give it a reason.",
)
def unused_suppression(suppressions: tuple[Noted, ...]) -> Iterator[Hit]:
    """A comment that outlives its fault silences the next one of the kind, which readers will meet and nobody will be told of.
    Search engines read no such comments: what is suppressed here still counts there (ESLint and Ruff report unused ones too).
    """
    explained: set[Ask] = set()
    for noted in suppressions:
        ask = noted.ask
        if problem := _problem(noted):
            severity = Severity.MEDIUM if noted.fate == "barred" else Severity.INFO if _settings(ask) else None
            yield _hit(ask, problem, f"{noted.fate} {noted.check}", severity)
        elif not ask.reason and ask not in explained and ask.by is not Silence.BASELINE:
            explained.add(ask)
            named = ", ".join(ask.checks)
            yield _hit(ask, f"The suppression of {named} gives no reason.", f"reason {named}", Severity.INFO)


def _hit(ask: Ask, message: str, key: str, severity: Severity | None) -> Hit:
    return Hit(
        message,
        key,
        spot=None if _settings(ask) else Spot(offset=ask.offset),
        confidence=Confidence.HIGH,
        severity=severity,
        evidence={"where": ask.where},
    )


def _settings(ask: Ask) -> bool:
    """Whether it is the run's settings that ask, and not a page."""
    return ask.by in (Silence.CONFIG, Silence.BASELINE)


def _problem(noted: Noted) -> str:
    """What is wrong, in a sentence; empty for nothing."""
    from auditor.checks import all_checks

    checks, name = all_checks(), noted.check
    if noted.ask.by is Silence.CONFIG:
        return f"{noted.ask.where} suppresses nothing in this run ({name})." if noted.fate == "unused" else ""
    if noted.ask.by is Silence.BASELINE:
        return f"{name} of {noted.ask.where} can no longer be found; --update-baseline takes them out."
    if not name:
        return "A suppression names no check; write `auditor: ignore[check-id] reason`."
    if name == "*":
        return "A suppression asks for silence about everything (`*`); name the checks."
    if name not in checks:
        if name in {check.group for check in checks.values()}:
            return f"A suppression names the group “{name}”; in a page it has to name checks."
        near = difflib.get_close_matches(name, checks, 1, 0.6)
        advice = f"did you mean {near[0]}?" if near else "`auditor explain` lists all of them."
        return f"A suppression names “{name[:60]}”, which is no check; {advice}"
    if noted.fate == "barred":
        return f"The page asks for silence about {name}; one that was fetched cannot, for whoever broke in may have written that."
    if noted.fate != "unused":
        return ""
    if checks[name].scope == "site":
        return f"A page cannot suppress {name}, which is about its whole site; auditor.toml can."
    return f"The suppression of {name} suppresses nothing."
