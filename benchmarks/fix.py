"""Fix: pages with planted links, and what `auditor fix` makes of them: how much it takes out, and whether it touches anything else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from auditor.config import Config
from auditor.fix.aims import FIXED
from auditor.fix.rounds import Fixed
from auditor.fix.rounds import fix as fixed
from auditor.page.page import Hidden, Kind, Link, Page, Paragraph, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Confidence
from auditor.training.inject import FAMILIES, Generator
from benchmarks.blog import Blog

REACH = 0.95
PAGES = 200
_LEAD, _TAIL = 14, 2
"""Characters before and after a link that may go along with it: words that lead to it, a bracket, a blank."""
_FRESH = 9000
"""The number that the generator gives paragraphs of its own."""
_STYLES = {
    Hidden.OFFSCREEN: "position:absolute;left:-9999px",
    Hidden.DISPLAY: "display:none",
    Hidden.TINY: "font-size:0;height:0",
}
_PASSAGES = (
    "The same can be said of many other things that people like to have around them.",
    "Whoever has tried this knows how long an afternoon can be, and how short a week.",
    "There are three ways to go about it, and none of them is as cheap as it looks.",
)


@dataclass(frozen=True, slots=True)
class Doctored:
    """A page as somebody left it, and where his stretches of it are."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Of every link with the few words that may lead to it, and of every paragraph that was planted whole."""
    family: str


def doctored(pages: int, format: Format) -> Iterator[Doctored]:
    """Articles of the made blog, each with one, two or four planted links of one of the generator's families."""
    blog = Blog(pages + 1, "https://hollow-lane.example")
    generator = Generator(None, [f"https://county-{n}.example/records/{n}" for n in range(50)], _PASSAGES)
    for number in range(1, pages + 1):
        page = parse(Snapshot(f"<article><h1>Odd houses</h1>{blog.markup(number)}</article>".encode()))
        family = FAMILIES[number % len(FAMILIES)]
        chance = random.Random(f"fix {number}")  # noqa: S311
        for _ in range(chance.choice((1, 1, 2, 4))):
            made = generator.plant(page, family, chance)
            page = made.page if made else page
        yield _written(page, family, format)


def _written(page: Page, family: str, format: Format) -> Doctored:
    """A page written out by its paragraphs and links, each paragraph on its line."""
    html = format is Format.HTML
    text = "<!DOCTYPE html>\n<html lang=en><title>Odd houses</title>\n<article>\n" if html else ""
    spans: list[tuple[int, int]] = []
    for index, paragraph in enumerate(page.paragraphs):
        if paragraph.hidden and not html:
            continue  # Markdown knows no hidden text
        begin = len(text)
        opening, closing = _frame(page, paragraph, html)
        text += opening
        at = 0
        for link in sorted((link for link in page.links if link.paragraph == index), key=lambda link: link.start):
            text += _text(paragraph.text[at : link.start], html)
            start = len(text)
            text += _link(link, html)
            spans.append((max(begin, start - _LEAD), len(text) + _TAIL))
            at = link.end
        text += _text(paragraph.text[at:], html) + closing
        if paragraph.spot.nth == _FRESH:
            spans.append((begin, len(text)))
    return Doctored(text + ("</article>\n" if html else ""), tuple(_joined(spans)), family)


def _frame(page: Page, paragraph: Paragraph, html: bool) -> tuple[str, str]:
    if not html:
        return {0: "", 1: "# ", 2: "## "}.get(paragraph.level, ""), "\n\n"
    if paragraph.hidden:
        return f'<div style="{_STYLES[paragraph.hidden]}">', "</div>\n"
    if paragraph.kind is Kind.HEADING:
        return f"<h{paragraph.level}>", f"</h{paragraph.level}>\n"
    match page.role(paragraph.block):
        case Role.FOOTER:
            return "<footer><p>", "</p></footer>\n"
        case Role.COMMENTS:
            return '<div class="comments"><p>', "</p></div>\n"
    return "<p>", "</p>\n"


def _text(text: str, html: bool) -> str:
    return escape(text, quote=False) if html else re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _link(link: Link, html: bool) -> str:
    if html:
        return f'<a href="{escape(link.href)}">{_text(link.anchor, html)}</a>'
    return f"[{_text(link.anchor, html)}]({link.href})"


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def untouched(page: Doctored, after: str, phrases: Sequence[str] = ()) -> bool:
    """Whether `after` is the page with parts of its spans missing, and of flagged phrases, and every other character in its place."""
    flagged = [found.span() for one in phrases for found in re.finditer(re.escape(one), page.text)]
    spans = _joined([*page.spans, *((max(0, start - _LEAD), end + _TAIL) for start, end in flagged)])
    kept = [
        page.text[start:end]
        for start, end in zip((0, *(e for _, e in spans)), (*(s for s, _ in spans), None), strict=True)
    ]
    rooms = [f"(?s:.{{0,{end - start}}}?)" for start, end in spans]
    pattern = "".join(re.escape(part) + room for part, room in zip(kept, (*rooms, ""), strict=True))
    return re.fullmatch(pattern, after) is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of doctored pages."""

    pages: int
    flagged: int
    """Findings at high confidence, before."""
    still: int
    """After."""
    touched: int
    """Pages of which something else changed."""
    again: int
    """Files that a second run would change."""
    left: int
    """Files left alone."""


def operate(pages: int, format: Format) -> Outcome:
    """Doctor pages, fix them, and audit what came of it."""
    suffix = "html" if format is Format.HTML else "md"
    made = {f"page-{number:03}.{suffix}": one for number, one in enumerate(doctored(pages, format))}
    config = Config(each=True)
    done = fixed([Snapshot(one.text.encode(), format, path=path) for path, one in made.items()], config)
    after = {path: one.text.encode() for path, one in made.items()} | {one.path: one.after for one in done.rewrites}
    phrases = {
        one.path: [str(f.evidence["phrase"]) for f in one.taken if "phrase" in f.evidence] for one in done.rewrites
    }
    second = fixed([Snapshot(body, format, path=path) for path, body in after.items()], config)
    return Outcome(
        pages,
        _flagged(done),
        _flagged(second),
        sum(not untouched(made[path], body.decode(), phrases.get(path, ())) for path, body in after.items()),
        sum(one.after != one.before for one in second.rewrites),
        sum(bool(one.left) for one in done.rewrites),
    )


def _flagged(done: Fixed) -> int:
    return sum(
        one.check in FIXED and one.confidence is Confidence.HIGH for page in done.report.pages for one in page.findings
    )


def fix() -> tuple[str, bool]:
    """Share of the findings at high confidence that are gone from 200 pages of HTML and 200 of Markdown; other changes."""
    told, good = [], True
    for format in (Format.HTML, Format.MARKDOWN):
        found = operate(PAGES, format)
        share = 1 - found.still / max(found.flagged, 1)
        told.append(
            f"{format}: {share:.1%} of {found.flagged} findings at high confidence taken out of {found.pages} pages "
            f"({found.left} left alone), {found.touched} pages with another change, {found.again} changed by a second run"
        )
        good = good and share >= REACH and not found.touched and not found.again and found.flagged > 0
    return f"{'; '.join(told)}; reach {REACH:.0%}, 0, 0", good
