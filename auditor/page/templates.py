"""Templates: what a site generator puts in the place of words, taken out of a document before it is read as Markdown.

Nothing moves: what is taken out is overwritten by as many characters, so that every offset stays the source's.
"""

from __future__ import annotations

import re

TEMPLATE = r"\{\{[^{}\n]{0,300}\}\}|\{%[^{}\n]{0,300}%\}|\{: {0,150}\}"
"""A Hugo shortcode, an expression or tag of Liquid and Nunjucks on one line, or what `without_jsx` leaves; as a pattern."""
_TEMPLATE = re.compile(TEMPLATE)

MAX_EXPRESSION = 20_000
"""Characters of a JSX expression or a module statement; a longer one stays as it is."""
_DEEPEST = 200
_MARK = re.compile(
    r"^(?:[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(?=[^`\n]*$)|[ \t]{0,3}(import|export)\b(?=[ \t{*'\"]))|(`+)|(\{)",
    re.MULTILINE,
)
_CODE = re.compile(r"[{}()\[\]]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|/\*|//|\n", re.DOTALL)
_LINKS = re.compile(r"<a\b|\]\(|https?://", re.IGNORECASE)
_ANCHORS = re.compile(r"<a\b|\]\(|\b(?:href|to)\s{0,5}=", re.IGNORECASE)
_WRITTEN = re.compile(r"\{\s{0,5}([\"'`])[^\"'`{}\n]{0,500}\1\s{0,5}\}")
_COMMENT = re.compile(r"\{\s{0,20}/\*")
_GOES_ON = re.compile(r"(?:[=(,{\[+?:|&]|=>)[ \t]*\Z")
_CHUNK = 150


def target(written: str) -> str | None:
    """The address that a link's target leads to, where the generator would put the site's own before it; None where only the
    generator knows (`{{< ref "post.md" >}}`)."""
    if "{" not in written:
        return written
    rest = _TEMPLATE.sub("", written)
    return written if rest == written else rest if rest.startswith(("/", "#", "?")) else None


def readable(name: str, source: str, start: int) -> str:
    """A document as Markdown's reader may have it; of MDX alone braces hold expressions."""
    return without_jsx(source, start) if "{" in source and name.lower().endswith(".mdx") else source


def without_jsx(source: str, start: int) -> str:
    """An MDX document without its modules' statements and its expressions; code keeps its own. Time is linear in the length.

    An expression that holds a link stays as it is: what readers get to see must not hide in braces. Comments go, and so do
    addresses that are a module's data. An attribute's value that is a mere string (`href={"/x"}`) stays.

    Args:
        start: the first character behind the front matter.
    """
    parts: list[str] = []
    kept = at = start
    budget = 20 * len(source) + MAX_EXPRESSION  # characters looked at within braces that never close
    while budget > 0 and (mark := _MARK.search(source, at)) is not None:
        at = mark.end()
        if mark[1]:
            closing = re.compile(rf"^[ \t>]*{mark[1]}{mark[1][0]}*[ \t]*\r?$", re.MULTILINE).search(source, at)
            at = closing.end() if closing else len(source)
            continue
        if mark[3]:
            closes = source.find(mark[3], at, at + 2000)
            at = closes + len(mark[3]) if closes >= 0 else at
            continue
        first = mark.start(2) if mark[2] else mark.start(4)
        if mark[2] and not _alone(source, mark.start(), start):
            continue
        if mark[4] and source[first - 1 : first] == "=" and (written := _WRITTEN.match(source, first)):
            at = written.end()
            continue
        end = _end(source, first, braces=not mark[2])
        budget -= (end if end > 0 else first + MAX_EXPRESSION) - first
        if end < 0 or (
            (_ANCHORS if mark[2] else _LINKS).search(source, first, end) and not _comment(source, first, end)
        ):
            continue
        parts += [source[kept:first], " " * (end - first) if mark[2] else _nothing(end - first)]
        kept = at = end
    return source[:start] + "".join(parts) + source[kept:] if parts else source


def _comment(source: str, first: int, end: int) -> bool:
    """Whether an expression is a comment and nothing else."""
    opening = _COMMENT.match(source, first, end)
    return opening is not None and not source[source.find("*/", opening.end(), end) + 2 : end - 1].strip()


def _alone(source: str, at: int, start: int) -> bool:
    """Whether a line begins a block: nothing before it, a blank line, or the end of another statement."""
    before = source[max(start, at - 400) : at].rstrip(" \t")
    return at == start or not before.strip() or before.endswith(("\n\n", "\r\n\r\n", "\r\r")) or _module_before(before)


def _module_before(before: str) -> bool:
    lines = before.splitlines()
    return bool(lines) and (
        lines[-1].lstrip().startswith(("import ", "export ", "}")) or lines[-1].rstrip().endswith(";")
    )


def _end(source: str, first: int, braces: bool) -> int:
    """Where an expression's brace is closed, or a statement ends: at the end of a line with all brackets closed. -1 for nowhere."""
    depth, at, limit = 0, first, min(len(source), first + MAX_EXPRESSION)
    while (found := _CODE.search(source, at, limit)) is not None:
        at = found.end()
        match found[0][0]:
            case "{" | "(" | "[":
                depth += 1
                if depth > _DEEPEST:
                    return -1
            case "}" | ")" | "]":
                depth -= 1
                if depth < 0:
                    return -1
                if braces and not depth:
                    return at
            case "/" if found[0] == "/*":
                closes = source.find("*/", at, limit)
                if closes < 0:
                    return -1
                at = closes + 2
            case "/":
                line = source.find("\n", at, limit)
                # An address in text between elements is no comment.
                at = line if line >= 0 and source[found.start() - 1 : found.start()] != ":" else at
            case "\n" if (
                not braces and not depth and not _GOES_ON.search(source, max(first, found.start() - 80), found.start())
            ):
                return found.start() - (source[found.start() - 1] == "\r")
    return len(source) if not braces and not depth and limit == len(source) else -1


def _nothing(length: int) -> str:
    """So many characters that Markdown's reader makes nothing of: attributes in kramdown's way, without any."""
    made = []
    while length > 0:
        size = min(length, _CHUNK) if length - _CHUNK not in (1, 2) else _CHUNK - 3
        made.append("{:" + " " * (size - 3) + "}" if size >= 3 else " " * size)
        length -= size
    return "".join(made)
