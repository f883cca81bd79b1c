"""Spelling: words as a source may write them, and words without all that is no letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CHARACTERS = {
    "&": "&(?:amp;)?", "'": "(?:'|&#0?39;|&apos;)", "’": "(?:’|&rsquo;|&#8217;)", "“": "(?:“|&ldquo;|&#8220;)",
    "”": "(?:”|&rdquo;|&#8221;)", '"': '(?:"|&quot;)', "–": "(?:–|&ndash;|&#8211;)", "—": "(?:—|&mdash;|&#8212;)",
}  # fmt: skip


def spelt(words: str) -> str:
    """A pattern for words as a source may write them: other white space, characters by their names."""
    return r"(?:\s|&nbsp;)+".join(
        "".join(_CHARACTERS.get(letter) or re.escape(letter) for letter in word) for word in words.split()
    )


def squeezed(texts: Iterable[str]) -> str:
    """Letters and digits alone."""
    return "".join(letter for text in texts for letter in text if letter.isalnum())


def beside(source: str, start: int, end: int, lead: str, tail: str) -> tuple[int, int]:
    """The stretch with the words that lead to it and the marks that follow it, where the source has them just there."""
    if lead.strip():
        found = re.compile(rf"{spelt(lead)}\s*\Z").search(source, max(0, start - 200), start)
        start = found.start() if found else start
    if tail.strip():
        after = re.compile(rf"\s*{spelt(tail)}").match(source, end)
        end = after.end() if after else end
    return start, end
