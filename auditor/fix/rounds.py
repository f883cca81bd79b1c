"""Rounds: documents audited and repaired again and again, until an audit of the result finds nothing more to take out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from auditor.audit import Follow, audit
from auditor.config import Config
from auditor.fix.aims import FIXED
from auditor.fix.edit import RefusedError
from auditor.fix.repair import repair
from auditor.language import load
from auditor.page.snapshot import Failure, Snapshot
from auditor.report import Confidence, Finding, PageResult, Report

ROUNDS = 6
"""Repairs at most. With one planted link gone another can stand out more, but each round takes something out."""


@dataclass(slots=True)
class Rewrite:
    """One document that holds something to take out."""

    path: str
    before: bytes
    after: bytes
    """Equal to `before` where it was left alone."""
    taken: list[Finding] = field(default_factory=list)
    """What was taken out, in the order in which it was found."""
    left: str = ""
    """Why it still holds something, in one line; empty where it does not."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a run took out, by path, and the report of what there was."""

    report: Report
    rewrites: tuple[Rewrite, ...]


def fix(
    documents: Iterable[Snapshot | Failure],
    config: Config,
    *,
    least: Confidence = Confidence.HIGH,
    mark: bool = False,
    source: Sequence[str] = (),
    follow: Follow | None = None,
) -> Fixed:
    """Take out of documents what an audit finds in them, and audit again until it finds no more. Nothing is written.

    Args:
        config: as for `audit`; what it leaves out or suppresses is not touched.
        least: how sure a finding has to be.
        mark: give links that readers see `rel="sponsored nofollow"` in place of taking them out.

    Raises:
        ConfigError, ModelError: as `audit`.
    """
    held: list[Snapshot | Failure] = list(documents)
    many = Counter(one.path for one in held if isinstance(one, Snapshot))
    language = load()
    rewrites: dict[str, Rewrite] = {}
    first = report = audit(held, config, source=source, started_at=datetime.now(UTC), follow=follow)
    for _ in range(ROUNDS):
        asked = {page.path: (page, wanted) for page in report.pages if page.path and (wanted := _wanted(page, least))}
        changed = False
        for number, document in enumerate(held):
            if not isinstance(document, Snapshot) or document.path is None or document.path not in asked:
                continue
            page, wanted = asked[document.path]
            rewrite = rewrites.setdefault(document.path, Rewrite(document.path, document.body, document.body))
            if rewrite.left:
                continue
            try:
                if many[document.path] > 1 or not document.whole:
                    raise RefusedError("an export is not rewritten; correct the post where it comes from")
                done = repair(document, wanted, [one.finding for one in page.suppressed], language, mark)
            except RefusedError as refused:
                rewrite.left = _line(str(refused), wanted)
                continue
            if done.body != document.body:
                changed = True
                rewrite.after = done.body
                rewrite.taken += done.taken
                held[number] = replace(document, body=done.body)
        if not changed:
            break
        report = audit(held, config, source=source, started_at=datetime.now(UTC), follow=follow)
    else:
        for page in report.pages:
            if page.path in rewrites and _wanted(page, least) and not rewrites[page.path].left:
                rewrites[page.path].left = "each audit finds more to take out; run again, or correct it by hand"
    told = tuple(one for _, one in sorted(rewrites.items()) if one.left or one.after != one.before)
    return Fixed(first, told)


def _wanted(page: PageResult, least: Confidence) -> list[Finding]:
    return [one for one in page.findings if one.check in FIXED and one.confidence >= least]


def _line(reason: str, findings: Sequence[Finding]) -> str:
    line = next((one.location.line for one in findings if one.location.line is not None), None)
    return f"{reason} (line {line})" if line is not None and len(findings) == 1 else reason
