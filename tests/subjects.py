"""Subjects built from a few lines of HTML, Markdown or text, for the tests of checks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from auditor import language
from auditor.checks import all_checks
from auditor.checks.check import Hit
from auditor.checks.subject import Subject
from auditor.judge import JudgedHealth
from auditor.model.verdict import Verdict
from auditor.page.looks import looks, variant
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.snapshot import Format, Redirect, Snapshot, Variant
from auditor.report import Degree
from auditor.site.digest import digest
from auditor.site.site import Site, gather

FIXTURES = Path(__file__).parent.parent / "fixtures"
FORMATS = {".html": Format.HTML, ".md": Format.MARKDOWN, ".txt": Format.TEXT}
ENOUGH_WORDS = 150


_NO_VERDICT = Verdict(0.5, 0.0, 0.0, ())


def page_of(text: str, format: Format = Format.HTML, url: str | None = None) -> Page:
    return parse(Snapshot(body=text.encode(), format=format, url=url, final_url=url, path=None if url else "page"))


def page_at(path: Path) -> Page:
    return parse(Snapshot(body=path.read_bytes(), format=FORMATS[path.suffix], path=str(path)))


def with_variants(path: Path) -> Snapshot:
    """An example with what stands beside it: `bad.bot.html` is `bad.html` as a search bot got it (see `Variant`), `bad.answer.json`
    says from where and how the server answered."""
    others = {which: path.with_name(f"{path.stem}.{which}{path.suffix}") for which in Variant}
    beside = path.with_suffix(".answer.json")
    answer = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return Snapshot(
        body=path.read_bytes(),
        format=FORMATS[path.suffix],
        url=answer.get("url"),
        final_url=answer.get("final_url", answer.get("url")),
        path=str(path),
        status=answer.get("status"),
        headers=answer.get("headers", {}),
        redirects=tuple(Redirect(url, status) for url, status in answer.get("redirects", ())),
        variants={which: other.read_bytes() for which, other in others.items() if other.exists()},
    )


def subject_of(page: Page, health: bool = False) -> Subject:
    """What an audit would hand to the checks that need no trained judge; `health` says the article is health advice."""
    read = digest(page, language.load())
    article = read if read.words >= ENOUGH_WORDS else None
    english = article if read.english else None
    return Subject(
        page=page,
        digest=read,
        article=article,
        english=english,
        health=read if health else None,
        medical=JudgedHealth(Degree.ADVICE if health else Degree.NONE, _NO_VERDICT, _NO_VERDICT, None, False),
        site=site_of([page]),
        raw=variant(page, Variant.RAW),
        looks=looks(page),
        language=language.load(),
    )


def site_of(pages: Sequence[Page]) -> Site:
    return gather("test", [(page, digest(page, language.load())) for page in pages])


def hits(check: str, page: Page, health: bool = False) -> list[Hit]:
    """What one check says of a page; a check whose input is missing says nothing."""
    subject = subject_of(page, health)
    declared = all_checks()[check]
    wanted = {name: getattr(subject, name) for name in declared.needs}
    return [] if None in wanted.values() else list(declared.judge(**wanted))


def site_hits(check: str, pages: Sequence[Page]) -> list[Hit]:
    return list(all_checks()[check].judge(site=site_of(pages)))


def line(page: Page, hit: Hit) -> int | None:
    """The line a hit is reported at, None for the page as a whole."""
    if hit.spot is None:
        return None
    place = locate(page, [hit.spot]).get(hit.spot)
    return place.line if place else None


def article(body: str, head: str = "", title: str = "A Bench for Two") -> str:
    """An HTML page that says it is an article, with author and date."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}'
        '<meta name="viewport" content="width=device-width"><meta name="description" content="On a bench.">'
        '<script type="application/ld+json">{"@type": "Article", "headline": "A Bench", "datePublished": "2024-03-05",'
        ' "author": {"@type": "Person", "name": "Oona Vale"}}</script></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    )


PROSE = """
<p>The bench stands where the path leaves the river, and somebody oils it every spring. In 1987 it was moved by four men
and a donkey, because the mayor, Ruth Calloway, wanted to see the weir from it. She sat there daily until she died.</p>
<p>Now the oak has gone silver. Two planks are newer than the others, of larch, screwed on after the flood of 2011 by a
joiner from Brackley who would take no money. He carved a small fish under the seat instead.</p>
<p>Children know about the fish. They lie down on the gravel to touch it before an exam, and the gravel has a hollow there
by now. Dogs know the left leg. A heron stands on the back rest at dawn when nobody has come by yet.</p>
<p>Last winter the council put up a sign about ticks. It fell into the water in a week, and nobody put it up again. There
is talk of a second bench on the far bank, facing this one, so that people could wave to each other.</p>
"""
"""A hundred and seventy words without a fault."""
