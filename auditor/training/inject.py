"""Injection: plant links of a chosen family into an honest page, in the page's own markup, so that page and twin differ in nothing else.

Families follow what was seen on hacked and sold pages: what the anchor says (`wording.ANCHORS`), and ways of planting that go beyond
an anchor wedged into a sentence or stranded between two.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.page.page import Block, Hidden, Kind, Page, Paragraph, Role, Spot
from auditor.page.prose import sentences
from auditor.training.planting import Planted, append, gaps, insert, native_link, put, roomy
from auditor.training.wording import ANCHORS, Wording

WAYS = (
    "sentence", "paragraph", "re-anchored", "hidden", "footer", "widget", "call", "trailing", "heap", "comment", "spun", "empty",
)  # fmt: skip
FAMILIES = (*ANCHORS, *WAYS)
_STRANDED = frozenset({"geo-service", "product", "vice", "foreign", "query", "bare"})
"""Families whose anchors also stand between two sentences, part of neither."""
_LEADS = ("from a ", "with ", "by ", "at ", "such as ", "like ", "through ", "from ", "for ", "and ", "(", "- ")


class Generator:
    """Plants links with one half of the vocabulary. `passages` are sentences of other pages, for planted paragraphs."""

    def __init__(self, part: int | None, targets: Sequence[str], passages: Sequence[str]) -> None:
        self.wording = Wording(part, targets)
        self.passages = passages

    def plant(self, page: Page, family: str, rng: random.Random, company: int = 0) -> Planted | None:
        """Plant one link; None where the page has no paragraph that could take it.

        Args:
            company: how many more of the same family are planted first.
        """
        if company:
            return self._accompanied(page, family, rng, company)
        spots = roomy(page)
        if not spots:
            return None
        index = rng.choice(spots)
        match family:
            case "sentence":
                return self._sentence(page, index, rng)
            case "paragraph" | "spun":
                return self._paragraph(page, index, family, rng)
            case "re-anchored":
                return self._re_anchor(page, index, rng)
            case "hidden" | "footer" | "widget":
                return self._margin(page, family, rng)
            case "call" | "trailing":
                return self._alone(page, spots, family, rng)
            case "heap":
                return self._heap(page, index, rng)
            case "comment":
                return self._comment(page, rng)
            case "empty":
                ends = [end for _, end in sentences(page.paragraphs[index].text)]
                href = self.wording.address(self.wording.vice(rng), rng, "telling")
                return insert(page, index, rng.choice(ends), "", "", "", href, family)
            case _:
                return self._wedge(page, index, *self.wording.phrase(page, family, rng), family, rng)

    def _accompanied(self, page: Page, family: str, rng: random.Random, company: int) -> Planted | None:
        """A link among others of its family, which lead each to its own target or all to one."""
        own = len(page.links)
        for _ in range(company):
            earlier = self.plant(page, family, rng)
            if earlier is None:
                return None
            page = earlier.page
        made = self.plant(page, family, rng)
        if made is None or family == "bare" or rng.random() < 0.65:
            return made
        last = made.page.links[made.link]
        links = [replace(x, href=last.href, url=last.url, host=last.host) for x in made.page.links[own:]]
        return replace(made, page=replace(made.page, links=(*made.page.links[:own], *links)))

    # --- ways of planting ---------------------------------------------------------------------------------------------

    def _wedge(self, page: Page, index: int, anchor: str, href: str, family: str, rng: random.Random) -> Planted:
        text = page.paragraphs[index].text
        if family in _STRANDED and rng.random() < 0.3:
            ends = [0, *(end for _, end in sentences(text))]
            at = rng.choice(ends)
            return insert(page, index, at, " " if at else "", anchor, "" if at else " ", href, family)
        free = gaps(page, index)
        at = rng.choice(free) if free else len(text)
        lead = rng.choice(_LEADS) if rng.random() < 0.25 and family != "query" else ""
        return insert(page, index, at, f" {lead}", anchor, ")" if lead == "(" else "", href, family)

    def _sentence(self, page: Page, index: int, rng: random.Random) -> Planted:
        family = rng.choice(("geo-service", "product", "brand", "on-topic", "vice", "generic"))
        anchor, href = self.wording.phrase(page, family, rng)
        about = anchor if family != "generic" else self.wording.product(rng)
        lead, _, tail = self.wording.pick(rng, "sentences").partition("{}")
        lead, tail = lead.replace("[]", about), tail.replace("[]", about)
        ends = [end for _, end in sentences(page.paragraphs[index].text)]
        return insert(page, index, rng.choice(ends), f" {lead}", anchor, tail, href, "sentence")

    def _paragraph(self, page: Page, index: int, family: str, rng: random.Random) -> Planted:
        """A paragraph of another page with a phrase wedged in; `spun`: its words exchanged for odd ones."""
        anchor, href = self.wording.phrase(page, rng.choice(("geo-service", "product", "brand", "vice")), rng)
        own = (
            [rng.choice(self.passages) for _ in range(rng.choice((1, 2, 3)))]
            if self.passages
            else ["Have a look at this"]
        )
        text = " ".join(own)
        if family == "spun":
            text = self._spun(text)
        cut = text.find(" ", rng.randrange(max(len(text) - 20, 1)))
        cut = len(text) if cut < 0 else cut
        fresh = Paragraph(
            f"{text[:cut]} {anchor}{text[cut:]}", Kind.TEXT, page.paragraphs[index].block, Spot("p", "", 9000)
        )
        return append(page, index + 1, fresh, anchor, cut + 1, href, family, None)

    def _spun(self, text: str) -> str:
        odd = self.wording.synonyms()
        return re.sub(r"[A-Za-z]+", lambda m: odd.get(m[0].lower(), m[0]), text)

    def _re_anchor(self, page: Page, index: int, rng: random.Random) -> Planted | None:
        """Ordinary words of the sentence made into the anchor of a target that tells on itself: nothing else does."""
        text = page.paragraphs[index].text
        words = list(re.finditer(r"[A-Za-z][\w'-]*(?: [A-Za-z][\w'-]*){0,2}", text))
        taken = [(x.start, x.end) for x in page.links if x.paragraph == index]
        words = [m for m in words if all(m.end() <= s or m.start() >= e for s, e in taken)]
        if not words:
            return None
        chosen = rng.choice(words)
        href = self.wording.address(self.wording.vice(rng), rng, "telling")
        block = page.paragraphs[index].block
        made = native_link(page, chosen.group(), href, index, chosen.start(), block, None)
        return Planted(replace(page, links=(*page.links, made)), len(page.links), "re-anchored")

    def _alone(self, page: Page, spots: list[int], family: str, rng: random.Random) -> Planted:
        """A paragraph that is nothing but an anchor: a call to action anywhere, a keyword at the article's end."""
        if family == "call":
            about = rng.choice((self.wording.product, self.wording.vice))(rng)
            anchor = self.wording.pick(rng, "calls").replace("[]", about.upper() if rng.random() < 0.7 else about)
            href, index = self.wording.address(about, rng, rng.choice(("vice", "product"))), rng.choice(spots)
        else:
            anchor, href = self.wording.phrase(
                page, rng.choice(("geo-service", "product", "vice", "query", "bare")), rng
            )
            index = spots[-1] + 1
        fresh = Paragraph(anchor, Kind.TEXT, page.paragraphs[spots[-1]].block, Spot("p", "", 9000))
        return append(page, index, fresh, anchor, 0, href, family, None)

    def _heap(self, page: Page, index: int, rng: random.Random) -> Planted:
        """A paragraph of loose words full of anchors."""
        block = page.paragraphs[index].block
        loose = [self.wording.pick(rng, "loose") for _ in range(rng.randrange(20, 60))]
        page = put(page, index + 1, Paragraph(" ".join(loose), Kind.TEXT, block, Spot("p", "", 9000)))
        made = None
        for _ in range(rng.randrange(6, 14)):
            anchor, href = self.wording.phrase(page, rng.choice(("vice", "product", "geo-service", "foreign")), rng)
            free = gaps(page, index + 1)
            made = insert(page, index + 1, rng.choice(free) if free else 0, " ", anchor, "", href, "heap")
            page = made.page
        assert made is not None
        return made

    def _comment(self, page: Page, rng: random.Random) -> Planted:
        """A reader's comment that praises and links; a keyword as its writer's name."""
        anchor, href = self.wording.phrase(
            page, rng.choice(("product", "vice", "geo-service", "bare", "query", "brand")), rng
        )
        praise = self.wording.pick(rng, "praise")
        block = len(page.blocks)
        page = replace(page, blocks=(*page.blocks, Block(Role.COMMENTS, "", Spot("div", "", 9000))))
        text, at = (f"{anchor} says: {praise}", 0) if rng.random() < 0.5 else (f"{praise} {anchor}", len(praise) + 1)
        return append(
            page,
            len(page.paragraphs),
            Paragraph(text, Kind.TEXT, block, Spot("p", "", 9000)),
            anchor,
            at,
            href,
            "comment",
            None,
        )

    def _margin(self, page: Page, family: str, rng: random.Random) -> Planted:
        """A list of links in a hidden box, in the footer, or in a box beside the article as sold links stand there."""
        hidden = rng.choice((Hidden.OFFSCREEN, Hidden.DISPLAY, Hidden.TINY)) if family == "hidden" else None
        role = {"hidden": Role.ARTICLE, "footer": Role.FOOTER}.get(family) or rng.choice((Role.SIDEBAR, Role.WIDGET))
        kinds = (
            ("product", "geo-service", "brand", "query")
            if family == "widget"
            else ("vice", "vice", "product", "geo-service")
        )
        count = rng.choice((1, 3, 6, 10))
        block = len(page.blocks)
        page = replace(page, blocks=(*page.blocks, Block(role, "", Spot("div", "", 9000))))
        made = None
        for _ in range(count):
            anchor, href = self.wording.phrase(page, rng.choice(kinds), rng)
            fresh = Paragraph(anchor, Kind.ITEM if count > 1 else Kind.TEXT, block, Spot("li", "", 9000), 0, hidden)
            made = append(page, len(page.paragraphs), fresh, anchor, 0, href, family, hidden)
            page = made.page
        assert made is not None
        return made
