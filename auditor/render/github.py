"""Report → annotations of a GitHub workflow: commands on standard output that mark lines of a change."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.gate import Gate
from auditor.render.text import cut, escape_terminal, file_of, files_at_fault
from auditor.report import Finding, Report, Severity

_LONGEST = 1_000
"""Characters of a message; GitHub cuts at 4 KB."""
_TITLE = 120


def github_parts(report: Report, gate: Gate) -> Iterator[str]:
    """A command a finding: an error where the gate stops, a warning for the others of medium severity and above, a notice for low ones.

    Errors come first: of each kind GitHub shows ten a step and fifty a job. What is merely informative is not annotated. Goes over the
    pages twice.
    """
    for page in report.pages:
        if gate.rejects(page):
            yield _command(
                "error", page.path, None, None, f"The page is judged {page.label}", f"Its verdict stops ({page.name})."
            )
    for finding in report.findings:
        if gate.stops(finding):
            yield _annotation("error", finding)
    for failure in report.failures:
        yield _command("warning", failure.path, None, None, "Could not be audited", f"{failure.name}: {failure.detail}")
    for finding in report.findings:
        if not gate.stops(finding) and finding.severity > Severity.INFO:
            yield _annotation("warning" if finding.severity >= Severity.MEDIUM else "notice", finding)


def _annotation(kind: str, finding: Finding) -> str:
    place = finding.location
    where = "" if place.path else f" ({place.url})" if place.url else ""
    file = next(iter(files_at_fault(finding)), None)
    return _command(
        kind,
        file,
        place.line if file else None,
        place.column,
        f"{finding.check} ({finding.severity}, {finding.confidence} confidence)",
        f"{finding.message}{where} What to do: {finding.fix}",
    )


def _command(kind: str, path: str | None, line: int | None, column: int | None, title: str, message: str) -> str:
    given = {"file": file_of(path or ""), "line": line, "col": column if line else None}
    properties = [
        f"{name}={_property(str(value))}" for name, value in given.items() if value and "://" not in str(value)
    ]
    properties.append(f"title={_property(cut(title, _TITLE))}")
    return f"::{kind} {','.join(properties)}::{_data(cut(escape_terminal(message), _LONGEST))}\n"


def _data(text: str) -> str:
    return escape_terminal(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
