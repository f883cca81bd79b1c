"""Repair: one document and its findings → its new bytes, read again and proven to miss nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.fix.aims import aims
from auditor.fix.edit import Edit, RefusedError, rewritten
from auditor.fix.manuscript import Clerk
from auditor.fix.proof import prove
from auditor.fix.rel import WORDS
from auditor.language import Language
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Finding

MOST = 500
"""Planted links and phrases of one page; the time that they take grows with their square, a second or two for so many."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document with what was found in it taken out."""

    body: bytes
    edits: tuple[Edit, ...]
    """In order of place, in characters of the old source."""

    @property
    def taken(self) -> tuple[Finding, ...]:
        """The findings that were answered, each once, in order of place."""
        return tuple({one.finding.fingerprint: one.finding for one in self.edits if one.finding}.values())


def repair(
    snapshot: Snapshot,
    findings: Iterable[Finding],
    suppressed: Iterable[Finding],
    language: Language,
    mark: bool = False,
) -> Repaired:
    """Take out what these findings of a document point at, every other byte as it is.

    Args:
        suppressed: findings that somebody accepted: what they point at stays, whatever else points at it.
        mark: give links that readers see `rel="sponsored nofollow"` and leave them.

    Raises:
        RefusedError: it cannot be done safely; nothing is to be written then.
    """
    page = parse(snapshot)
    aim = aims(page, findings)
    aim.without(aims(page, suppressed))
    if mark:
        for index in [index for index in aim.planted if page.links[index].rel.issuperset(WORDS)]:
            del aim.planted[index]
    if not aim:
        return Repaired(snapshot.body, ())
    if page.truncated:
        raise RefusedError(f"only a part of it was read ({page.truncated}); correct it by hand")
    if len(aim.planted) + len(aim.phrases) > MOST or len(aim.links()) > 10 * MOST:
        raise RefusedError(f"more than {MOST} links and phrases would go; take the page down, or correct it by hand")
    surgeon = _surgeon(snapshot.format)(page, language.phrases, aim, mark)
    edits = surgeon.operate()
    body = rewritten(snapshot.body, page.source, page.encoding, edits)
    prove(page, body, surgeon.gone, surgeon.words, aim.planted if mark else ())
    return Repaired(body, edits)


def _surgeon(format: Format) -> type[Clerk]:
    if format is not Format.HTML:
        return Clerk
    from auditor.fix.html import Surgeon  # BeautifulSoup is for those alone who have HTML to rewrite

    return Surgeon  # type: ignore[return-value]
