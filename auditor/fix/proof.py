"""Proof: the rewritten document read again, and held against what it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from auditor.fix.edit import RefusedError
from auditor.fix.rel import WORDS
from auditor.fix.spelling import squeezed
from auditor.page.page import Link, Page
from auditor.page.parse import parse

_ADVICE = "correct it by hand"


def prove(page: Page, body: bytes, gone: Collection[int], words: Sequence[str], owned: Collection[int] = ()) -> Page:
    """The page that these bytes are.

    Args:
        gone: links of the page that are to be missing, by index.
        words: what a reader is to miss, in any order.
        owned: links that are to own up to being paid for.

    Raises:
        RefusedError: another link, another word or a picture changed with it, or one of these is still there.
    """
    after = parse(replace(page.snapshot, body=body))
    if after.encoding != page.encoding:
        raise RefusedError(f"without it its encoding would be taken for another; {_ADVICE}")
    expected = [_key(link, index in owned) for index, link in enumerate(page.links) if index not in gone]
    if expected != [_key(link) for link in after.links]:
        raise RefusedError(f"other links of the page would change with it; {_ADVICE}")
    before, left = _seen(page), _seen(after)
    if not _within(left, before) or Counter(before) - Counter(squeezed(" ".join(words))) != Counter(left):
        raise RefusedError(f"other words of the page would change with it; {_ADVICE}")
    if not _within([x.src for x in after.images], [x.src for x in page.images]) or page.title != after.title:
        raise RefusedError(f"its title or pictures would change with it; {_ADVICE}")
    return after


def _key(link: Link, owned: bool = False) -> tuple[str, str, tuple[str, ...]]:
    rel = (link.rel - {"follow", "dofollow"}) | set(WORDS) if owned else link.rel
    return link.href, squeezed(link.anchor), tuple(sorted(rel))


def _seen(page: Page) -> str:
    return squeezed("".join(paragraph.text for paragraph in page.paragraphs if paragraph.hidden is None))


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `part` is `whole` with some left out, in the same order."""
    rest = iter(whole)
    return all(one in rest for one in part)
