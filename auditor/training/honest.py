"""Honest links that look like planted ones: local businesses, disclosed sponsors, warnings, made by the same hand as the planted.

A model that has only ever seen a town beside a trade where somebody planted it would take every clinic that names its city for spam.
"""

from __future__ import annotations

import random
from dataclasses import replace

from auditor.page.page import Page
from auditor.page.prose import sentences
from auditor.training.planting import Planted, insert, roomy
from auditor.training.wording import Wording

KINDS = ("mention", "institution", "disclosed", "warning")


def vouch(page: Page, kind: str, wording: Wording, rng: random.Random) -> Planted | None:
    """Write a sentence with an honest link into the article; None where it has too few paragraphs.

    Args:
        kind: `mention`, a local business or maker in a sentence of its own, its place named a second time; `institution`, a hospital
            or university that carries its town's name; `disclosed`, an offer that the page owns up to being paid for; `warning`, a
            sentence that tells readers to beware of a grey trade and links to somebody who helps.
    """
    spots = roomy(page)
    if len(spots) < 3:
        return None
    place, trade, brand = wording.place(rng), wording.pick(rng, "trades"), wording.brand(rng)
    names = {
        "[place]": place,
        "[trade]": trade,
        "[brand]": brand,
        "[vice]": wording.pick(rng, "vice"),
        "[product]": wording.pick(rng, "products"),
    }
    frame = wording.pick(rng, f"honest {kind}")
    for slot, name in names.items():
        frame = frame.replace(slot, name)
    lead, _, rest = frame.partition("{")
    anchor, _, tail = rest.partition("}")
    first, second = rng.sample(spots, 2)
    if kind == "mention" and place in frame:
        page = _again(page, second, place, rng)
    if kind == "disclosed":
        page = _add(page, spots[0], f" {wording.pick(rng, 'disclosures').replace('[brand]', brand)}", 0)
    ends = [end for _, end in sentences(page.paragraphs[first].text)]
    href = _address(kind, anchor, brand, wording, rng)
    made = insert(page, first, rng.choice(ends), f" {lead}", anchor, tail, href, kind)
    if kind == "disclosed" and rng.random() < 0.5:
        link = replace(made.page.links[made.link], rel=frozenset({"sponsored"} if rng.random() < 0.7 else {"nofollow"}))
        made = replace(made, page=replace(made.page, links=(*made.page.links[: made.link], link)))
    return made


def _address(kind: str, anchor: str, brand: str, wording: Wording, rng: random.Random) -> str:
    about = anchor if rng.random() < 0.6 else brand
    match kind:
        case "institution":
            label = "".join(c for c in about.lower() if c.isalpha())[:30]
            return f"https://www.{label}.{rng.choice(('org', 'edu', 'org', 'com', 'ac.uk'))}/{rng.choice(('', '', 'about', 'departments'))}"
        case "disclosed":
            href = wording.address(about, rng, "honest")
            return (
                f"{href}?{rng.choice(('ref', 'aff', 'tag', 'utm_source'))}={brand.split()[0].lower()}"
                if rng.random() < 0.4
                else href
            )
        case "warning":
            return wording.address(
                rng.choice(("helpline", "consumer advice", "regulator")) + " " + brand, rng, "telling"
            )
        case _:
            return wording.address(about, rng, "honest")


def _again(page: Page, index: int, place: str, rng: random.Random) -> Page:
    """Name the place once more, in another paragraph."""
    text = rng.choice(
        (f" In {place} this is nothing new.", f" The same goes for {place}.", f" People in {place} know it well.")
    )
    return _add(page, index, text, rng.choice([end for _, end in sentences(page.paragraphs[index].text)]))


def _add(page: Page, index: int, added: str, at: int) -> Page:
    """Write words into a paragraph, moving its links along; at its start the blank stands behind them."""
    if at == 0:
        added = f"{added.strip()} "
    old = page.paragraphs[index]
    changed = replace(old, text=old.text[:at] + added + old.text[at:])
    links = tuple(
        replace(x, start=x.start + len(added), end=x.end + len(added)) if x.paragraph == index and x.start >= at else x
        for x in page.links
    )
    return replace(page, paragraphs=(*page.paragraphs[:index], changed, *page.paragraphs[index + 1 :]), links=links)
