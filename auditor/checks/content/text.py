"""Checks on the text itself: letters that came out wrong, and wordings that a theme put in and nobody replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from auditor.checks.check import Hit, check
from auditor.language.terms import sections
from auditor.language.words import tokens
from auditor.page.page import Kind, Page, Paragraph, Spot
from auditor.page.prose import snippet
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest

# UTF-8 read as Windows-1252 or Latin-1. Only pairs that no language writes: “SÃO” and the quotation mark after “IRMÃ” are none.
_BROKEN = re.compile(
    r"â€[\u0080-\u009f™œ˜š\u201c\u201d\u2018\u2019¦¢¡“”•–—]?|â\u0080[\u0080-\u00bf]"
    r"|Ã[¡¢£¤¥¦§¨©ª¬\u00ad®¯°±²³´µ¶·¸¹º¼½¾¿\u0080-\u009f]|Ã(?=\xa0)"
    r"|Â[£°·©®§½¼¾±²³¢¥´¿¡\u0080-\u009f]|(?:[ÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){3}|ï¿½|\ufffd+"
)
# Looked for before the pattern is tried, each after its letter alone.
_SIGNS = tuple(
    (sign[0], re.compile(sign))
    for sign in ("â[€\x80]", "Ã[\x80-\xbf]", "Â[\x80-\xbf]", r"Ð[^A-Za-z\s]", r"Ñ[^A-Za-z\s]", "ï¿", "\ufffd")
)
_EXPLAINED = re.compile(
    r"mojibake|utf-?8|unicode|charset|character (?:encoding|set)|code ?page|latin-1|iso-?8859", re.IGNORECASE
)
_MANY = 5  # from which on it is no slip of one quotation


@check(
    title="Letters came out wrong",
    severity=Severity.LOW,
    fix="Save text and database as UTF-8, declare it, and convert what was converted wrongly; search the text for the groups of letters.",
)
def broken_characters(page: Page, digest: Digest) -> Iterator[Hit]:
    """“donâ€™t” is hard to read, and a word with a letter broken is not found under its name. It shows that the text was moved between
    systems and nobody looked at the result (W3C on declaring character encodings)."""
    title = page.metadata.title[:1000]
    if not _suspect(digest.text) and not _suspect(title):
        return
    found: list[tuple[Paragraph, re.Match[str]]] = []
    for paragraph in page.article if _suspect(digest.text) else ():
        if paragraph.kind is not Kind.CODE and _suspect(paragraph.text):
            found.extend((paragraph, match) for match in islice(_BROKEN.finditer(paragraph.text), _MOST))
            if len(found) >= _MOST:
                break
    named = _BROKEN.findall(title)
    if not (found or named) or _EXPLAINED.search(digest.text):
        return
    spot: Spot | None
    if found:
        paragraph, match = found[0]
        start, end = _word(paragraph.text, match)
        where, spot, shown = "", paragraph.spot, snippet(paragraph.text, start, end)
        words = paragraph.text[start:end]
    else:
        where, spot, shown = " in the title", Spot("title") if page.format is Format.HTML else None, ""
        words = title
    words = _UNSEEN.sub("", words)[:80]
    count = len(found) + len(named)
    yield Hit(
        message=f"{count}{' or more' if count >= _MOST else ''} letter{'s' if count > 1 else ''} came out wrong{where}, "
        f"as in “{words}”.",
        key="characters",
        spot=spot,
        snippet=shown,
        severity=Severity.MEDIUM if count >= 2 * _MANY or named else Severity.LOW,
        confidence=Confidence.HIGH if count >= _MANY else Confidence.MEDIUM,
        evidence={"count": count, "groups": sorted({m.group() for _, m in found} | set(named))[:20]},
    )


_MOST = 200
_UNSEEN = re.compile(r"[\x80-\x9f\xad]")


def _suspect(text: str) -> bool:
    return not text.isascii() and any(letter in text and sign.search(text) is not None for letter, sign in _SIGNS)


def _word(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The word around broken letters."""
    start = text.rfind(" ", max(0, match.start() - 30), match.start()) + 1 or match.start()
    end = text.find(" ", match.end(), match.end() + 30)
    return start, end if end >= 0 else min(len(text), match.end() + 30)


@check(
    title="A theme's sample text was published",
    severity=Severity.MEDIUM,
    fix="Write what belongs there, or take the page or block down.",
)
def placeholder_text(page: Page, digest: Digest) -> Iterator[Hit]:
    """“Lorem ipsum” and “Just another WordPress site” tell a reader that the page is not finished and that nobody has looked at it. A
    search engine finds the same words on thousands of sites and nothing that belongs to this one."""
    named = _folded(f"{page.metadata.title}\n{page.metadata.description}"[:2000])
    known = {*digest.vocabulary, *tokens(named)}
    found = [one for one in _wordings() if one.words <= known]
    text = _folded(digest.text) if found else ""
    for sought, filler, _ in found:
        if filler and _explains(text):
            continue
        if sought in named:
            yield Hit(
                message=f"Title or description says “{sought}”, as the theme came.",
                key=sought,
                spot=Spot("title") if page.format is Format.HTML and sought in _folded(page.metadata.title) else None,
                template=sought,
                evidence={"words": sought},
            )
            return
        for paragraph in page.article if sought in text else ():
            at = _folded(paragraph.text).find(sought)
            if at < 0 or paragraph.kind is Kind.CODE or paragraph.text[at - 1 : at] in _QUOTES:
                continue
            yield Hit(
                message=f"“{paragraph.text[at : at + 80]}” stands in the text, as the theme or editor came.",
                key=sought,
                spot=paragraph.spot,
                snippet=snippet(paragraph.text, at, at + len(sought)),
                confidence=Confidence.HIGH if filler or len(sought) > 30 else Confidence.MEDIUM,
                template=sought,
                evidence={"words": sought},
            )
            return


def _explains(text: str) -> bool:
    """Whether a text speaks of made-up Latin: it quotes it, or says what it is."""
    return _QUOTED.search(text) is not None or any(one in text for one in sections("defaults.txt")["filler explained"])


_QUOTED = re.compile(r"[“\"‘'«]\s?(?:lorem|dolor)")


class _Wording(NamedTuple):
    text: str
    filler: bool
    """Made-up Latin."""
    words: frozenset[str]
    """Where one of them does not occur the wording need not be sought."""


@cache
def _wordings() -> tuple[_Wording, ...]:
    return tuple(
        _Wording(text, section == "filler", frozenset(tokens(text)))
        for section in ("placeholder text", "filler")
        for text in sections("defaults.txt")[section]
    )


_QUOTES = frozenset("“\"‘'«[")
"""What is quoted is talked about; in square brackets it is told by `unfilled-template`."""


def _folded(text: str) -> str:
    """In lower case with straight apostrophes, character for character."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).replace("’", "'")
