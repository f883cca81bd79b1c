"""Words for people: escaping for terminals, counts, probabilities and cuts."""

from __future__ import annotations

import re
from math import isnan

from auditor.report import Finding

# What a terminal, or an eye, would take for something else than text: control codes (C0, DEL, C1), lone surrogates,
# marks and overrides of the writing direction (Unicode TR36, section 2.6), invisible letters, tag characters.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_POST = re.compile(r"(?<=\.xml)#\d+\Z", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


def escape_terminal(text: str) -> str:
    """`text` on one line, with nothing left in it that could steer a terminal or turn the reading direction.

    White space becomes one space; what is unsafe becomes visible: ESC is written `\\x1b`, an override `\\u202e`.
    """
    if text.isprintable() and "  " not in text:  # nothing unsafe is printable; most text is, and need not be searched
        return text.strip()
    return _UNSAFE.sub(_visible, _SPACE.sub(" ", text).strip())


def visible(text: str) -> str:
    """As `escape_terminal`, but that spaces at both ends stay: for text that stands between other text."""
    return _UNSAFE.sub(_visible, _SPACE.sub(" ", text))


def escape_line(line: bytes) -> bytes:
    """A line of a file with its line end, for a terminal: tabs stay, what could steer it or cannot be read becomes visible."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
    return "\t".join(_UNSAFE.sub(_visible, part) for part in text.split("\t")).encode() + b"\n"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 page`, `1,204 pages`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """A probability or share, 0 to 1, in whole per cent that never rounds to certainty."""
    if isnan(share):
        return "unknown"
    if 0 < share < 0.01:
        return "under 1%"
    return "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def likelihood(probability: float) -> str:
    """A probability in words for people."""
    steps = ((0.98, "almost certainly"), (0.9, "very likely"), (0.7, "probably"), (0.5, "more likely than not"))
    return next((words for least, words in steps if probability >= least), "possibly")


def cut(text: str, length: int) -> str:
    """`text` in at most `length` characters, its end replaced by an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def cut_around(snippet: str, length: int) -> str:
    """A snippet in about `length` characters, cut on both sides of what stands between « and »."""
    if len(snippet) <= length:
        return snippet
    start, end = snippet.find("«"), snippet.find("»")
    if start < 0 or end < start:
        return cut(snippet, length)
    marked = snippet[start + 1 : end]
    if len(marked) > length // 2:
        marked = f"{marked[: length // 3].rstrip()} … {marked[-length // 8 :].lstrip()}"
    side = (length - len(marked)) // 2
    before, after = snippet[:start], snippet[end + 1 :]
    if len(before) > side:
        before = "…" + before[len(before) - side :].partition(" ")[2]
    if len(after) > side:
        after = after[:side].rpartition(" ")[0] + "…"
    return f"{before}«{marked}»{after}"


def code_span(text: str, length: int = 160) -> str:
    """Text as a Markdown code span on one line, in a table too: nothing in it is a link, an image, a mention or HTML.

    Backticks, which could end the span, become apostrophes; bars, which could end a cell, become broken ones.
    """
    plain = cut(escape_terminal(text), length).replace("`", "'").replace("|", "¦").strip()
    return f"`{plain}`" if plain else "`-`"


def files_at_fault(finding: Finding) -> list[str]:
    """The files that a finding can be shown at: its own, else those of the pages that a finding of a whole site names."""
    if finding.location.path:
        return [file_of(finding.location.path)]
    named = finding.evidence.get("pages")
    pages = [page for page in named if isinstance(page, str)] if isinstance(named, list | tuple) else []
    return [file_of(page) for page in pages if page and not page.startswith(("https://", "http://"))]


def file_of(path: str) -> str:
    """The file that a document is from, with `/` between folders; of a post in an export that is the export."""
    return _POST.sub("", path.replace("\\", "/").removeprefix("./"))
