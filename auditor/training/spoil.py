"""Spoiling: give an honest page the faults of low-effort ones, so that page and twin differ in nothing else."""

from __future__ import annotations

import random
from dataclasses import replace

from auditor.page.page import Block, Kind, List, Page, Paragraph, Role, Spot
from auditor.training.planting import put
from auditor.training.wording import terms


def spoil(page: Page, rng: random.Random) -> Page | None:
    """The page with four to seven faults of different kinds; None where its article is too short to take them."""
    article = [i for i, p in enumerate(page.paragraphs) if page.role(p.block) is Role.ARTICLE and p.kind is Kind.TEXT]
    if len(article) < 4:
        return None
    faults = [_nobody, _filler, _figure, _source, _numbering, _again, _stuffed, _bare]
    for fault in rng.sample(faults, rng.randrange(4, 8)):
        page = fault(page, rng)
    return page


def _spots(page: Page) -> list[int]:
    return [i for i, p in enumerate(page.paragraphs) if page.role(p.block) is Role.ARTICLE and p.kind is Kind.TEXT]


def _put(page: Page, index: int, text: str) -> Page:
    block = page.paragraphs[min(index, len(page.paragraphs) - 1)].block
    return put(page, index, Paragraph(text, Kind.TEXT, block, Spot("p", "", 9000)))


def _nobody(page: Page, rng: random.Random) -> Page:
    """No author, reviewer or date."""
    metadata = replace(
        page.metadata,
        authors=(),
        author_route="",
        author_url="",
        reviewers=(),
        published="",
        modified="",
        date_route="",
        structured=(),
    )
    blocks = tuple(replace(b, role=Role.WIDGET) if b.role is Role.AUTHOR else b for b in page.blocks)
    return replace(page, metadata=metadata, blocks=blocks)


def _filler(page: Page, rng: random.Random) -> Page:
    """A lead and a conclusion that say nothing."""
    spots = _spots(page)
    page = _put(page, spots[-1] + 1, rng.choice(terms()["conclusions"]))
    return _put(page, spots[0], rng.choice(terms()["leads"]))


def _figure(page: Page, rng: random.Random) -> Page:
    """A figure announced; the page's images and tables taken away."""
    page = replace(page, images=(), source="", resources=())
    return _put(page, rng.choice(_spots(page)[1:]), rng.choice(terms()["figures"]))


def _source(page: Page, rng: random.Random) -> Page:
    """Sources alluded to, no external link left in the article."""
    links = tuple(x for x in page.links if not (x.external and page.role(x.block) is Role.ARTICLE))
    page = replace(page, links=links)
    for _ in range(2):
        page = _put(page, rng.choice(_spots(page)[1:]), rng.choice(terms()["dangling"]))
    return page


def _numbering(page: Page, rng: random.Random) -> Page:
    """Four numbered lists of one entry each."""
    block = page.paragraphs[_spots(page)[0]].block
    lists = tuple(List(True, 1, 1, block, Spot("ol", "", 9000 + i)) for i in range(4))
    return replace(page, lists=(*page.lists, *lists))


def _again(page: Page, rng: random.Random) -> Page:
    """Two of its longer paragraphs once more."""
    long = [i for i in _spots(page) if len(page.paragraphs[i].text.split()) >= 25]
    for index in rng.sample(long, min(2, len(long))):
        page = _put(page, _spots(page)[-1] + 1, page.paragraphs[index].text)
    return page


def _stuffed(page: Page, rng: random.Random) -> Page:
    """Its title's words worked into every second paragraph."""
    key = " ".join(page.title.split()[:4]).lower() or "the best choice"
    for index in _spots(page)[::2]:
        old = page.paragraphs[index]
        text = f"{old.text} When it comes to {key}, {key} matters."
        page = replace(
            page, paragraphs=(*page.paragraphs[:index], replace(old, text=text), *page.paragraphs[index + 1 :])
        )
    return page


def _bare(page: Page, rng: random.Random) -> Page:
    """Empty categories and tags under the article."""
    blocks = (*page.blocks, Block(Role.WIDGET, "", Spot("div", "", 9000)))
    fresh = Paragraph("Tags: , , ,", Kind.TEXT, len(page.blocks), Spot("div", "", 9000))
    return replace(page, blocks=blocks, paragraphs=(*page.paragraphs, fresh))
