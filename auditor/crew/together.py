"""Together: an audit by several processes where there are many documents; the report is the one that one process gives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain, islice

from auditor.audit import Follow, audit, put_together
from auditor.config import Config
from auditor.outbound.known import Known
from auditor.page.snapshot import Failure, Snapshot
from auditor.report import Report
from auditor.result import Judges

LEAST = 100
"""Documents from which processes are worth their start."""


def usable_cores() -> int:
    """Cores that this process may use, eight at most: more workers than that wait for the one who gathers what they say."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, 8))


def audit_together(
    documents: Iterable[Snapshot | Failure],
    config: Config | None = None,
    *,
    jobs: int = 0,
    source: Sequence[str] = (),
    started_at: datetime,
    follow: Follow | None = None,
    known: Known | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Report:
    """Audit documents as `auditor.audit.audit` does, in several processes where there are many.

    Args:
        jobs: how many processes read and judge; 0 for one a core, at most eight.
        watch: told how many of how many pages have been judged.

    Raises as `audit` does.
    """
    jobs = jobs or usable_cores()
    coming = iter(documents)
    first = list(islice(coming, LEAST)) if jobs > 1 else []
    if len(first) < LEAST:
        return audit(chain(first, coming), config, source=source, started_at=started_at, follow=follow, known=known)
    config = config or Config()
    judges = Judges.load(config)
    from auditor.crew.crew import Crew  # one file is checked without what only several processes need

    with Crew(judges, config, [*first, *coming], jobs, watch) as crew:
        return put_together(
            crew,
            judges,
            config,
            source=source,
            started_at=started_at,
            reached=None,
            crawled=None,
            follow=follow,
            known=known,
        )
