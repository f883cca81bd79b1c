"""Intake: documents from elsewhere as a run of a store."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from auditor.archive.warc import Outcome
from auditor.errors import SourceError
from auditor.page.snapshot import Failure, Snapshot
from auditor.store.run import Moved
from auditor.store.store import IMPORTED, State, Store
from auditor.version import __version__

AGAIN = "further answers of the same address"


def into_store(
    store: Store, documents: Iterable[Outcome], source: Sequence[str], left: Counter[str] | None = None
) -> int:
    """Keep documents as a new run, of each address the first; the run's id. `left` counts what was left out.

    Raises:
        SourceError: there is not one document; then there is no run either.
        StoreError: the disk will not have it.
    """
    run = store.begin(source, {IMPORTED: True}, __version__)
    known: set[bytes] = set()
    pages = 0
    try:
        with store.hold(run.id):
            for one in documents:
                name = one.source if isinstance(one, Moved) else one.name
                mark = hashlib.blake2b(
                    f"{type(one).__name__} {name}".encode("utf-8", "replace"), digest_size=8
                ).digest()
                if mark in known:
                    if left is not None:
                        left[AGAIN] += 1
                    continue
                known.add(mark)
                run.keep(one)
                pages += isinstance(one, Snapshot)
            if not pages:
                raise SourceError(f"there is no page in {' '.join(source)}; {_why(run.failures())}")
            store.end(run.id, State.DONE)
    except BaseException:
        store.remove([run.id])
        raise
    return run.id


def _why(failures: Sequence[Failure]) -> str:
    if not failures:
        return "name an archive of HTML, Markdown or text"
    return f"of {len(failures):,} failures the first: {failures[0].detail}"
