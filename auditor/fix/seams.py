"""Seams: what goes along with words that are taken out, so that no double space, comma or empty bracket stays behind."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[ \t]*")
_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", '"': '"'}
_CLOSING = frozenset(",.;:!?)]”’…")
_BLOCK_END = re.compile(r"</(?:p|li|td|th|div|h[1-6]|dd|dt|blockquote|ul|ol|body|html)\b|<br", re.IGNORECASE)
_BLOCK_START = re.compile(r"<(?:p|li|td|th|div|h[1-6]|dd|dt|blockquote|br)\b[^<>]*>\s*\Z", re.IGNORECASE)


def closed(source: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the marks and blanks around it that would be left without a use; never past a line's end, but where the line
    would be left empty."""
    while True:
        left, right = _around(source, start, end)
        opening, closing = source[left - 1 : left], source[right : right + 1]
        if not opening or opening not in _PAIRS or _PAIRS[opening] != closing:
            break
        start, end = left - 1, right + 1
    left, right = _around(source, start, end)
    before, after = source[left - 1 : left], source[right : right + 1]
    first = before in ("", "\n", "\r") or (before == ">" and _BLOCK_START.search(source, max(0, left - 300), left))
    last = after in ("", "\n", "\r")
    if first and last:
        return line(source, start, end)
    if first:
        return start, right
    if before == "," and after in _CLOSING:
        return left - 1, right
    if last or after in _CLOSING or _BLOCK_END.match(source, right):
        return left, end if last else right
    return (start, right) if left < start and right > end else (start, end)


def line(source: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with its line, where nothing else stands on it."""
    left, right = _around(source, start, end)
    if source[left - 1 : left] not in ("", "\n", "\r") or source[right : right + 1] not in ("", "\n", "\r"):
        return start, end
    if source.startswith("\r\n", right):
        return left, right + 2
    if right < len(source):
        return left, right + 1
    return left, right  # the last line: the end of the line before it stays


def _around(source: str, start: int, end: int) -> tuple[int, int]:
    left = start
    while left and source[left - 1] in " \t":
        left -= 1
    found = _BLANKS.match(source, end)
    return left, found.end() if found else end
