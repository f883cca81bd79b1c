"""Rel: the words that own up to a paid link, written into a start tag without touching its other attributes."""

from __future__ import annotations

import re
from html import escape, unescape

from auditor.fix.edit import Edit
from auditor.report import Finding

WORDS = ("sponsored", "nofollow")
_ATTRIBUTE = re.compile(r"""([^\s/>=]+)(?:(\s*=\s*)("[^"]*"|'[^']*'|[^\s>]*))?""")
_UNTRUE = frozenset(("follow", "dofollow"))


def marked(source: str, start: int, end: int, finding: Finding) -> list[Edit]:
    """The edit that gives the start tag `source[start:end]` these words; none where it has them."""
    for attribute in _ATTRIBUTE.finditer(source, start + 2, end - 1):
        if attribute[1].lower() != "rel":
            continue
        value = (attribute[3] or "").strip("\"'")
        old = unescape(value).split()
        known = {word.lower() for word in old}
        if known.issuperset(WORDS):
            return []
        words = [word for word in old if word.lower() not in _UNTRUE] + [word for word in WORDS if word not in known]
        quote = "'" if (attribute[3] or "").startswith("'") else '"'
        spelt = f"{attribute[1]}{attribute[2] or '='}{quote}{escape(' '.join(words))}{quote}"
        return [Edit(attribute.start(), attribute.end(), spelt, finding)]
    at = end - 1
    return [Edit(at, at, f' rel="{" ".join(WORDS)}"', finding)]
