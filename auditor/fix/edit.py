"""Edits of a source: spans that go or are replaced, put together and spliced into its bytes; every other byte stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.page.parse import BOMS
from auditor.report import Finding


class RefusedError(Exception):
    """Why a source is left as it is, in words that follow a file's name and a colon."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`source[start:end]` becomes `replacement`; offsets in characters of the decoded source."""

    start: int
    end: int
    replacement: str
    finding: Finding | None = None
    """What it answers; None for what follows from other edits, such as a definition that nothing uses any more."""


def combined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in order of place, without overlaps: what stands within a span that goes is part of it.

    Raises:
        RefusedError: two of them overlap and neither holds the other, or they replace the same span by different words.
    """
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, -one.end, one.replacement)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
            continue
        last = kept[-1]
        if edit.end <= last.end and (not last.replacement or (edit.start, edit.end) == (last.start, last.end)):
            if last.replacement == edit.replacement or not last.replacement:
                continue
        elif not last.replacement and not edit.replacement:  # two that go and overlap: all of both goes
            kept[-1] = Edit(last.start, edit.end, "", last.finding)
            continue
        raise RefusedError("two of its corrections stand in each other's way; correct it by hand")
    return tuple(kept)


def spliced(source: str, edits: Sequence[Edit]) -> str:
    """The source with `combined` edits made."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (source[at : edit.start], edit.replacement)
        at = edit.end
    return "".join((*parts, source[at:]))


def rewritten(body: bytes, source: str, encoding: str, edits: Sequence[Edit]) -> bytes:
    """The file's bytes with `combined` edits made, each other byte as it was.

    Raises:
        RefusedError: the bytes are not what the decoded source would be written as.
    """
    mark = next((mark for mark, name in BOMS if body.startswith(mark)), b"")
    old: list[bytes] = [mark]
    new: list[bytes] = [mark]
    at = 0
    try:
        for edit in (*edits, Edit(len(source), len(source), "")):
            kept = source[at : edit.start].encode(encoding)
            old += (kept, source[edit.start : edit.end].encode(encoding))
            new += (kept, edit.replacement.encode(encoding))
            at = edit.end
    except (UnicodeError, LookupError):
        raise RefusedError(f"it holds what its encoding ({encoding}) cannot write; save it as UTF-8") from None
    if b"".join(old) != body:
        raise RefusedError(f"it has bytes that are wrong in its encoding ({encoding}); save it as UTF-8")
    return b"".join(new)
