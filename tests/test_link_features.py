"""What the link features see: words run together, anchors that are part of no sentence, addresses amid one, loud buttons, company."""

from __future__ import annotations

import pytest

from auditor import language
from auditor.features import surroundings
from auditor.features.link import LINK
from auditor.features.reading import Reading
from auditor.language.compound import part
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import digest
from auditor.site.site import gather

FILLER = "The old boat house stands at the end of the lane, and nobody has painted its doors since the war ended. "


def features(*paragraphs: str) -> list[dict[str, float]]:
    """The features of each external link of a post with these paragraphs (HTML), in document order."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f"<html lang=en><title>The boat house</title><body><article><h1>The boat house</h1>{body}</article></body></html>"
    page = parse(Snapshot(html.encode(), url="https://lane.example/boat"))
    learned = language.load()
    read = digest(page, learned)
    reading = Reading(page, read, gather("lane.example", [(page, read)]), learned)
    rows = LINK.matrix(reading.views()).tolist()
    return [dict(zip(LINK.names, row, strict=True)) for row in rows]


# --- compounds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("beautifulgarden", ("beautiful", "garden")),
        ("my-water-filter", ("my", "water", "filter")),
        ("denverroofrepair", ("denver", "roof", "repair")),
        ("buychairs24", ("buy", "chairs")),
        ("", ()),
        ("0815", ()),
    ],
)
def test_labels_are_parted_into_words(label: str, words: tuple[str, ...]) -> None:
    assert part(label, language.load().vectors.index).words == words


def test_known_is_the_share_of_letters_in_words() -> None:
    index = {"garden": 10, "water": 5}
    assert part("watergarden", index).known == 1.0
    assert part("xxgardenxx", index).known == pytest.approx(0.6)
    assert part("q" * 500, index).known == 0.0


# --- surroundings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fragmentary"),
    [
        ("It was cold. [cheap boots] We went home.", True),
        ("It was cold. [cheap boots]", True),
        ("[cheap boots] We went home.", True),
        ("It was cold. [We bought boots.] We went home.", False),
        ("It was cold. [are boots bad for dogs?] We went home.", True),
        ("It was cold. [Are boots bad for dogs?] We went home.", False),
        ("It was cold in [cheap boots] that day.", False),
        ("It was cold. [Cheap boots] were all we had.", False),
        ("[cheap boots]", False),
        ("Mr. [Smith] went home.", False),
    ],
)
def test_fragments_are_part_of_no_sentence(text: str, fragmentary: bool) -> None:
    start = text.index("[")
    end = text.index("]") - 1
    assert surroundings.fragment(text.replace("[", "").replace("]", ""), start, end) is fragmentary


@pytest.mark.parametrize(
    ("before", "after", "degree"),
    [
        ("We drove down ", " and then we slept.", 2.0),
        ("You can read it at ", " and decide.", 1.0),
        ("Source: ", " (in French)", 0.0),
        ("We read it. ", "", 0.0),
        ("", " is a site", 0.0),
    ],
)
def test_addresses_interrupt_sentences_that_run_on(before: str, after: str, degree: float) -> None:
    assert surroundings.interruption(before, after) == degree


def test_addresses_are_told_from_words() -> None:
    assert all(
        map(surroundings.is_address, ("https://a.example/b c"[:19], "www.a.example", " a-b.co.uk/x ", "shop.net"))
    )
    assert not any(map(surroundings.is_address, ("the shop", "see a.com now", "e.g", "Mr. Smith")))


def test_pictures_and_capitals_are_counted() -> None:
    assert surroundings.symbols("👉 CLICK ➤➤ ✅") == 4
    assert surroundings.symbols("naïve Ωmega “quoted” – 价格") == 0
    assert surroundings.loud("CLICK HERE NOW") == 1.0
    assert surroundings.loud("The NASA report") == pytest.approx(5 / 13)
    assert surroundings.loud("NASA") == 0.0


# --- features of a link in its page -----------------------------------------------------------------------------------


def test_a_stranded_anchor_and_its_company_are_seen() -> None:
    stranded = 'Nobody knew why. <a href="https://x.example/">garden hose offers</a> The tide came in.'
    one, two = features(FILLER * 3 + stranded, FILLER * 2 + stranded.replace("x.example", "y.example"))
    assert one["stranded-anchor"] == two["stranded-anchor"] == 1.0
    assert one["stranded-company"] == 1.0
    assert features(FILLER * 3 + stranded)[0]["stranded-company"] == 0.0


def test_targets_are_read_as_words() -> None:
    (one,) = features(FILLER * 3 + 'See <a href="https://cheapgardenhose.example/">this</a> for the doors.')
    assert one["readable-host"] == 1.0
    assert one["target-commerce"] >= 1.0
    (other,) = features(FILLER * 3 + 'See <a href="https://zqxvkj.example/">this</a> for the doors.')
    assert other["readable-host"] < 0.5


def test_a_lone_button_is_loud() -> None:
    (one,) = features(FILLER * 3, '<a href="https://x.example/">➤ GET ACCESS TO IT NOW ➤</a>', FILLER)
    assert one["lone-anchor"] == 1.0 and one["loud-anchor"] == 1.0 and one["anchor-symbols"] == 2.0
