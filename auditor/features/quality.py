"""The features of low quality: whom a page names, what it promises and does not keep, how it pads."""

from __future__ import annotations

from auditor.features import people, structure, trust
from auditor.features.content import SPAM, PageView
from auditor.features.cues import Cues
from auditor.features.feature import NAN, Catalogue
from auditor.features.repetition import repeated_paragraphs, stuffed_stem
from auditor.features.sources import unlinked_sources as uncited
from auditor.language import lexicons
from auditor.page.page import Kind, Role

QUALITY: Catalogue[PageView] = Catalogue("quality")
feature = QUALITY.feature


# --- whom it names ------------------------------------------------------------------------------------------------------


@feature("a person is named as its author", -1)
def named_author(view: PageView) -> float:
    page = view.reading.page
    if not people.anybody(page):
        return 0.0
    return 0.5 if trust.anonymous_authors(page) else 1.0


@feature("it gives a date", -1)
def dated(view: PageView) -> float:
    metadata = view.reading.page.metadata
    return float(bool(metadata.published or metadata.modified))


@feature("links to scholarly and official sources for each thousand words", -1)
def sources(view: PageView) -> float:
    kinds = view.kinds
    good = kinds[lexicons.HostKind.SCHOLARLY] + kinds[lexicons.HostKind.OFFICIAL]
    return min(good / view.thousand, 10.0)


@feature("external links in the article for each thousand words", -1)
def links_out(view: PageView) -> float:
    return min(len(view.tops) / view.thousand, 20.0)


@feature("sources that it names and does not link", +1)
def unlinked_sources(view: PageView) -> float:
    return float(min(len(uncited(view.reading.page)), 5))


# --- what it promises -----------------------------------------------------------------------------------------------------


@feature("figures and tables that it announces and does not show", +1)
def absent_figures(view: PageView) -> float:
    return float(min(len(structure.absent_figures(view.reading.page)), 3))


@feature("empty lists of categories or tags", +1)
def empty_taxonomy(view: PageView) -> float:
    return float(min(len(structure.empty_taxonomy(view.reading.page)), 2))


@feature("numbered lists that never get past number one", +1)
def stuck_numbering(view: PageView) -> float:
    return float(min(len(structure.stuck_numbering(view.reading.page)), 1))


# --- how it pads ----------------------------------------------------------------------------------------------------------


@feature("stock phrases of padding for each thousand words", +1)
def stock_phrases(view: PageView) -> float:
    return min(len(view.filler.phrases) / view.thousand, 12.0)


@feature("share of its sentences that hold a figure, a name or a quotation", -1)
def facts(view: PageView) -> float:
    return view.filler.facts


@feature("share of its paragraphs that come again", +1)
def repetition(view: PageView) -> float:
    return min(sum(found.share for found in repeated_paragraphs(view.reading.page)), 1.0)


@feature("share of its words that one phrase takes", +1)
def stuffing(view: PageView) -> float:
    found = stuffed_stem(view.reading.page)
    return found.share if found else 0.0


@feature("headings for each thousand words")
def headings(view: PageView) -> float:
    page = view.reading.page
    count = sum(1 for h in page.headings if page.role(h.block) is Role.ARTICLE)
    return min(count / view.thousand, 30.0)


@feature("share of its words in lists and tables")
def list_share(view: PageView) -> float:
    article = view.reading.page.article
    total = sum(len(p.text) for p in article)
    return sum(len(p.text) for p in article if p.kind in (Kind.ITEM, Kind.CELL)) / total if total else NAN


_YOU = Cues("you your yours yourself let's")
_HYPE = Cues(
    "ultimate secret amazing incredible unlock gamechanger game-changer transform* effortless* stunning powerful essential perfect delve "
    "elevate seamless* discover master boost supercharge revolution* miracle magic* proven guarantee guaranteed instantly "
    "everything_you_need must-have"
)
_HEDGE = Cues(
    "may might suggest suggests evidence limited unclear unknown according_to researcher researchers study studies reported estimated "
    "although however whether so_far"
)


@feature("how often it addresses the reader, for each thousand words")
def address(view: PageView) -> float:
    return min(_YOU.count(view.reading.spoken) / view.thousand, 80.0)


@feature("superlatives and hype for each thousand words", +1)
def hype(view: PageView) -> float:
    return min(_HYPE.count(view.reading.spoken) / view.thousand, 30.0)


@feature("hedges and attributions for each thousand words", -1)
def hedges(view: PageView) -> float:
    return min(_HEDGE.count(view.reading.spoken) / view.thousand, 40.0)


for _name in (
    "title-bait", "commerce-rate", "fluency", "compression", "repeated-runs", "function-words", "word-length", "sentence-length",
    "title-closeness", "off-topic-related", "length",
):  # fmt: skip
    QUALITY.adopt(SPAM.named(_name), lambda view: view)
