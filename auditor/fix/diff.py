"""Diff: two versions of a file as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

CONTEXT = 3
"""Lines around each change."""
_NO_END = b"\\ No newline at end of file\n"


def diff(name: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The lines of a diff, each with its line feed; none where nothing changed.

    Args:
        name: the file's path as git would say it: relative, with slashes.
    """
    old, new = _lines(before), _lines(after)
    # autojunk would take frequent lines of a long file for noise, and tell a far larger change than there is.
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    groups = list(matcher.get_grouped_opcodes(CONTEXT))
    if not groups:
        return
    yield b"--- %s\n" % _named("a/", name)
    yield b"+++ %s\n" % _named("b/", name)
    for group in groups:
        first, last = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for kind, i, j, k, m in group:
            if kind == "equal":
                yield from _marked(b" ", old[i:j])
                continue
            yield from _marked(b"-", old[i:j])
            yield from _marked(b"+", new[k:m])


def _lines(body: bytes) -> list[bytes]:
    """Lines as git parts them: a line feed ends one, and nothing else."""
    parts = body.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _marked(sign: bytes, lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + _NO_END


def _range(start: int, stop: int) -> bytes:
    length = stop - start
    return b"%d" % (start + 1) if length == 1 else b"%d,%d" % (start + (length > 0), length)


def _named(side: str, name: str) -> bytes:
    """A path as git writes it: in quotation marks, its odd bytes as octal numbers, where it has any."""
    raw = (side + name).encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in raw):
        return raw + b"\t" if b" " in raw else raw
    spelt = (
        b"\\" + bytes([byte]) if byte in b'"\\' else bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte
        for byte in raw
    )
    return b'"' + b"".join(spelt) + b'"'
