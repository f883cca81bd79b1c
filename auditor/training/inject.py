"""Injection: plant a link of a chosen family into an honest page, in the page's own markup, so that page and twin differ in nothing else.

Families follow what was seen on hacked and sold pages. Terms are split in two halves by a hash, one for training and one for testing,
so that no phrase and no host is met twice.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from auditor.language.words import STOPWORDS, content, tokens
from auditor.page.page import Block, Hidden, Kind, Page, Paragraph, Role, Spot
from auditor.page.prose import sentences
from auditor.training.planting import Planted, append, gaps, insert, native_link, roomy

FAMILIES = (
    "geo-service", "product", "vice", "brand", "on-topic", "generic", "sentence", "paragraph", "re-anchored", "hidden", "footer",
    "bare", "foreign",
)  # fmt: skip


@cache
def terms() -> dict[str, tuple[str, ...]]:
    """The generator's own vocabulary by section, from `terms.txt` beside this module."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in (Path(__file__).parent / "terms.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            section = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            section.extend(term.strip() for term in line.split("|") if term.strip())
    return {name: tuple(entries) for name, entries in found.items()}


def half(term: str) -> int:
    """Which half of the vocabulary a term belongs to, 0 or 1."""
    return hashlib.sha256(term.lower().encode()).digest()[0] & 1


class Generator:
    """Plants links with one half of the vocabulary (`part` 0 or 1; None: all of it).

    `targets` are real external addresses of other honest pages: a share of the planted links lead there, so that the shape of an
    address alone cannot give a planted link away. `passages` are sentences of other pages, for planted paragraphs.
    """

    def __init__(self, part: int | None, targets: Sequence[str], passages: Sequence[str]) -> None:
        self.part = part
        self.targets = targets
        self.passages = passages

    def pick(self, rng: random.Random, section: str) -> str:
        known = [term for term in terms()[section] if self.part is None or half(term) == self.part]
        return rng.choice(known)

    def plant(self, page: Page, family: str, rng: random.Random) -> Planted | None:
        """Plant one link; None where the page has no paragraph that could take it."""
        spots = roomy(page)
        if not spots:
            return None
        index = rng.choice(spots)
        match family:
            case "sentence":
                return self._sentence(page, index, rng)
            case "paragraph":
                return self._paragraph(page, index, rng)
            case "re-anchored":
                return self._re_anchor(page, index, rng)
            case "hidden" | "footer":
                return self._margin(page, family, rng)
            case _:
                anchor, href = self.phrase(page, family, rng)
                return self._wedge(page, index, anchor, href, family, rng)

    def phrase(self, page: Page, family: str, rng: random.Random) -> tuple[str, str]:
        """(anchor, address) of one family."""
        make: dict[str, Callable[[], str]] = {
            "geo-service": lambda: self._geo(rng),
            "product": lambda: self._product(rng),
            "vice": lambda: self._vice(rng),
            "brand": lambda: self._brand(rng),
            "on-topic": lambda: self._on_topic(page, rng),
            "generic": lambda: self.pick(rng, "generic"),
            "foreign": lambda: self.pick(rng, "foreign"),
            "bare": lambda: "",
        }
        anchor = make[family]()
        if family == "bare":
            href = self.address(rng.choice((self._vice, self._product, self._geo))(rng), rng, "vice")
            shown = href.removeprefix("https://") if rng.random() < 0.3 else href
            return shown.rstrip("/") if rng.random() < 0.5 else shown, href
        about = anchor if family not in ("generic",) else self._product(rng)
        return anchor, self.address(about, rng, family)

    def _place(self, rng: random.Random) -> str:
        place = self.pick(rng, "places")
        if rng.random() < 0.25:
            place = f"{rng.choice(('West', 'East', 'North', 'South', 'New', 'Lake', 'Fort', 'Port'))} {place}"
        return f"{place} {self.pick(rng, 'states')}" if rng.random() < 0.2 else place

    def _geo(self, rng: random.Random) -> str:
        place, trade = self._place(rng), self.pick(rng, "trades")
        shape = rng.random()
        if shape < 0.45:
            text = f"{place} {trade}"
        elif shape < 0.7:
            text = f"{trade} in {place}"
        elif shape < 0.85:
            text = f"{trade} {place}"
        else:
            text = f"{rng.choice(('best', 'top', 'affordable', 'local'))} {trade} {place}"
        return text.lower() if rng.random() < 0.3 else text

    def _product(self, rng: random.Random) -> str:
        product = self.pick(rng, "products")
        shape = rng.random()
        if shape < 0.3:
            return product
        if shape < 0.75:
            return f"{self.pick(rng, 'selling')} {product}"
        return f"{product} {rng.choice(('online', 'for sale', 'near me', 'reviews', 'store', 'deals', 'price'))}"

    def _vice(self, rng: random.Random) -> str:
        return self.pick(rng, "vice")

    def _brand(self, rng: random.Random) -> str:
        start, end = self.pick(rng, "syllables"), self.pick(rng, "syllables")
        name = (
            (start + end).capitalize()
            if rng.random() < 0.6
            else f"{start.capitalize()} {self.pick(rng, 'brand tails')}"
        )
        return f"{name} {self.pick(rng, 'brand tails')}" if rng.random() < 0.3 else name

    def _on_topic(self, page: Page, rng: random.Random) -> str:
        words = [w for w in content(tokens(page.title)) if len(w) > 3] or ["home"]
        at = rng.randrange(len(words))
        key = " ".join(words[at : at + rng.choice((1, 2, 2))])
        shape = rng.random()
        if shape < 0.5:
            return f"{self.pick(rng, 'selling')} {key}"
        tails = (
            "services",
            "company",
            "experts",
            "solutions",
            "online",
            "for sale",
            "agency",
            "consultants",
            "near me",
            "store",
        )
        return f"{key} {rng.choice(tails)}"

    def address(self, about: str, rng: random.Random, family: str) -> str:
        """A target of one of the shapes that paid links have, or an honest page's real one."""
        if self.targets and rng.random() < (0.0 if family in ("vice", "hidden", "footer") else 0.2):
            return rng.choice(self.targets)
        words = [w for w in tokens(about) if w not in STOPWORDS and not w.isdigit()] or ["home"]
        if rng.random() < 0.55:
            label = rng.choice(("", "", "the", "my", "get", "go")) + "".join(words[:3])
            label = label + rng.choice(("", "", "", "pro", "hub", "hq", "online", "group", "24"))
        else:
            label = (
                self.pick(rng, "syllables")
                + self.pick(rng, "syllables")
                + rng.choice(("", "", "ltd", "co", "media", "labs"))
            )
        if rng.random() < 0.2 and len(words) > 1:
            label = "-".join(words[:3])
        label = re.sub(r"[^a-z0-9-]", "", label.lower())[:40].strip("-") or "site"
        suffix = rng.choice(
            ("com", "com", "com", "com", "com", "net", "org", "co.uk", "co", "io", "ca", "com.au", "us", "info", "in")
        )
        path = "/"
        if rng.random() < 0.5:
            slug = "-".join(words[:5])
            code = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(rng.randrange(7, 12)))
            path = rng.choice(
                (
                    f"/{code}/",
                    f"/{slug}/",
                    f"/{slug}",
                    f"/services/{slug}",
                    f"/blog/{slug}/",
                    f"/{slug}.html",
                    f"/p/{slug}",
                    f"/{rng.randrange(1000)}/{slug}",
                )
            )
        return f"https://{rng.choice(('www.', ''))}{label}.{suffix}{path}"

    def mention(self, page: Page, rng: random.Random) -> Planted | None:
        """The opposite: an honest sentence of the article's own that links a local business, a maker or a tool by name.

        The place is named a second time, the address is the business's own. A model that has only ever seen such names planted would
        take every clinic that names its city for spam.
        """
        spots = roomy(page)
        if len(spots) < 3:
            return None
        place, trade, brand = self._place(rng), self.pick(rng, "trades"), self._brand(rng)
        frame = self.pick(rng, "honest").replace("[place]", place).replace("[trade]", trade).replace("[brand]", brand)
        lead, _, rest = frame.partition("{")
        anchor, _, tail = rest.partition("}")
        first, second = rng.sample(spots, 2)
        if "[place]" not in frame and place in frame:
            end = rng.choice([end for _, end in sentences(page.paragraphs[second].text)])
            text = page.paragraphs[second].text
            again = rng.choice(
                (
                    f" In {place} this is nothing new.",
                    f" The same goes for {place}.",
                    f" People in {place} know it well.",
                )
            )
            changed = replace(page.paragraphs[second], text=text[:end] + again + text[end:])
            moved = tuple(
                replace(x, start=x.start + len(again), end=x.end + len(again))
                if x.paragraph == second and x.start >= end
                else x
                for x in page.links
            )
            page = replace(
                page, paragraphs=(*page.paragraphs[:second], changed, *page.paragraphs[second + 1 :]), links=moved
            )
        ends = [end for _, end in sentences(page.paragraphs[first].text)]
        href = self.address(anchor if rng.random() < 0.6 else brand, rng, "vice")
        return insert(page, first, rng.choice(ends), f" {lead}", anchor, tail, href, "honest")

    # --- ways of planting ---------------------------------------------------------------------------------------------

    def _wedge(self, page: Page, index: int, anchor: str, href: str, family: str, rng: random.Random) -> Planted:
        text = page.paragraphs[index].text
        free = gaps(page, index)
        at = rng.choice(free) if free else len(text)
        lead, tail = "", ""
        if rng.random() < 0.25:
            lead = rng.choice(
                ("from a ", "with ", "by ", "at ", "such as ", "like ", "through ", "from ", "for ", "and ", "(", "- ")
            )
            tail = ")" if lead == "(" else ""
        return insert(page, index, at, f" {lead}", anchor, f"{tail}", href, family)

    def _sentence(self, page: Page, index: int, rng: random.Random) -> Planted:
        family = rng.choice(("geo-service", "product", "brand", "on-topic", "vice", "generic"))
        anchor, href = self.phrase(page, family, rng)
        about = anchor if family != "generic" else self._product(rng)
        frame = self.pick(rng, "sentences")
        lead, _, tail = frame.partition("{}")
        lead, tail = lead.replace("[]", about), tail.replace("[]", about)
        text = page.paragraphs[index].text
        ends = [end for _, end in sentences(text)] or [len(text)]
        return insert(page, index, rng.choice(ends), f" {lead}", anchor, tail, href, "sentence")

    def _paragraph(self, page: Page, index: int, rng: random.Random) -> Planted:
        family = rng.choice(("geo-service", "product", "brand", "vice"))
        anchor, href = self.phrase(page, family, rng)
        own = (
            [rng.choice(self.passages) for _ in range(rng.choice((1, 2, 3)))]
            if self.passages
            else ["Have a look at this"]
        )
        text = " ".join(own)
        cut = text.find(" ", rng.randrange(max(len(text) - 20, 1)))
        cut = len(text) if cut < 0 else cut
        whole = f"{text[:cut]} {anchor}{text[cut:]}"
        block = page.paragraphs[index].block
        fresh = Paragraph(whole, Kind.TEXT, block, Spot("p", "", 9000))
        return append(page, index + 1, fresh, anchor, cut + 1, href, "paragraph", None)

    def _re_anchor(self, page: Page, index: int, rng: random.Random) -> Planted | None:
        """Ordinary words of the sentence made into the anchor of a foreign target."""
        text = page.paragraphs[index].text
        words = list(re.finditer(r"[A-Za-z][\w'-]*(?: [A-Za-z][\w'-]*){0,2}", text))
        taken = [(x.start, x.end) for x in page.links if x.paragraph == index]
        words = [m for m in words if all(m.end() <= s or m.start() >= e for s, e in taken)]
        if not words:
            return None
        chosen = rng.choice(words)
        about = rng.choice((self._vice, self._product, self._geo))(rng)
        made = native_link(
            page,
            chosen.group(),
            self.address(about, rng, "vice"),
            index,
            chosen.start(),
            page.paragraphs[index].block,
            None,
        )
        return Planted(replace(page, links=(*page.links, made)), len(page.links), "re-anchored")

    def _margin(self, page: Page, family: str, rng: random.Random) -> Planted:
        """A list of links in a hidden box or in the footer."""
        hidden = rng.choice((Hidden.OFFSCREEN, Hidden.DISPLAY, Hidden.TINY)) if family == "hidden" else None
        role = Role.ARTICLE if family == "hidden" else Role.FOOTER
        count = rng.choice((1, 3, 6, 10))
        anchors = [self.phrase(page, rng.choice(("vice", "vice", "product", "geo-service")), rng) for _ in range(count)]
        block = len(page.blocks)
        page = replace(page, blocks=(*page.blocks, Block(role, "", Spot("div", "", 9000))))
        made = None
        for anchor, href in anchors:
            fresh = Paragraph(anchor, Kind.ITEM if count > 1 else Kind.TEXT, block, Spot("li", "", 9000), 0, hidden)
            made = append(page, len(page.paragraphs), fresh, anchor, 0, href, family, hidden)
            page = made.page
        assert made is not None
        return made
