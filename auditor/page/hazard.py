"""Hazard: whether an HTML document would cost its parser time or memory out of all proportion to its size.

The HTML standard makes two kinds of small documents expensive for every parser that follows it: block elements nested
ten thousands deep (each start tag looks back through all open elements), and formatting elements that are left open
(every later paragraph gets a copy of each: 37 KB make 4 million elements, 1.8 GB). Both are found in one linear scan.
"""

from __future__ import annotations

import re

MAX_DEPTH = 4_000
"""Elements open at once; browsers stop at 512, honest pages stay below 100."""

MAX_COPIES = 300_000
"""Formatting elements that may be opened again for later blocks."""

FEW_TAGS = 500
"""With fewer tags neither can happen."""

_TAG = re.compile(rb"<(/?)([a-z][a-z0-9]{0,15})", re.IGNORECASE)

_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# Both cases are spelled out, and one class holds all first letters: a pattern that folds case, or tries name after name, takes twice
# as long.
_FORMATTING_TAG = re.compile(
    rb"</?(?:[%b](?![a-zA-Z0-9])|[%b](?:%b)(?![a-zA-Z0-9]))"
    % (
        b"".join(name + name.upper() for name in sorted(_FORMATTING) if len(name) == 1),
        bytes({c for name in _FORMATTING if len(name) > 1 for c in (name[0], name[0] - 32)}),
        b"|".join(
            b"".join(b"[%c%c]" % (c, c - 32) for c in rest)
            for rest in sorted({name[1:] for name in _FORMATTING if len(name) > 1})
        ),
    )
)
_SLASH = ord("/")
_NOT_COUNTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"html head body p li dt dd tr td th tbody thead tfoot option optgroup rp rt colgroup".split()
)
"""Void elements, and those whose end tag may be left out and which therefore cannot nest by being left open."""


def is_hazardous(body: bytes) -> bool:
    """Whether to keep a tree-building parser away from a document; linear in its length, errs on the safe side."""
    tags = body.count(b"<")
    if tags < FEW_TAGS:
        return False
    most = _most_formatting(body)
    if tags > MAX_DEPTH or most * tags > MAX_COPIES:
        tags -= body.count(b"</")
    if tags <= MAX_DEPTH and most * tags <= MAX_COPIES:
        return False  # not even if every tag were the deepest, and opened all of them again
    opened: dict[bytes, int] = {}
    depth = formatting = copies = 0
    for slash, written in _TAG.findall(body):
        name = written.lower()
        if name in _NOT_COUNTED:
            copies += formatting
        elif slash:
            # An end tag without its start closes nothing, whatever it is meant to hide.
            if opened.get(name):
                opened[name] -= 1
                depth -= 1
                if name in _FORMATTING:
                    formatting -= 1
            continue
        else:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if name in _FORMATTING:
                formatting += 1
            else:
                copies += formatting
        if depth > MAX_DEPTH or copies > MAX_COPIES:
            return True
    return False


def _most_formatting(body: bytes) -> int:
    """How many formatting elements are open at once, at most; `<ctrong>`, which the pattern lets pass, counts too."""
    opened: dict[bytes, int] = {}
    most = now = 0
    for tag in _FORMATTING_TAG.findall(body):
        if tag[1] != _SLASH:
            name = tag[1:].lower()
            opened[name] = opened.get(name, 0) + 1
            now += 1
            if now > most:
                most = now
        elif opened.get(name := tag[2:].lower()):
            opened[name] -= 1
            now -= 1
    return most


_KEPT = re.compile(
    r"<(?!/?(?:a|p|li|ol|ul|h[1-6]|br|title|meta|link|img|script|style|html|head|body|base)[\s/>])/?[a-z][^<>]{0,4000}>",
    re.IGNORECASE,
)


def flattened(source: str, body: bytes | None = None) -> str | None:
    """The document without the tags that can nest, where nesting would cost its parser too much; None for honest documents.

    `body` is what it was read from, where that is ASCII but for what stands for other letters.
    """
    if not is_hazardous(source.encode("utf-8", "replace") if body is None else body):
        return None
    return _KEPT.sub(" ", source)
