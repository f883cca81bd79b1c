"""Structured data held against what search engines require of it: what is missing, what is of the wrong kind, what is well enough."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.checks.check import Hit
from auditor.checks.indexing.requirements import faults, is_date, requirements
from tests.subjects import PROSE, article, hits, page_of

HOME = "https://bench.example"


def judged(head: str, body: str = PROSE) -> Hit:
    """The one finding on a page."""
    (hit,) = hits("incomplete-structured-data", page_of(article(body, head)))
    return hit


def node(kind: str | list[str], **properties: Any) -> dict[str, Any]:
    return {"@type": kind, **properties}


WHOLE = node("Product", name="Bench", offers=node("Offer", price="90"))
CRUMB = node("ListItem", position=1, name="Wood", item=HOME)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([WHOLE], []),
        ([node("Product", name="Bench")], ["Product lacks review or aggregateRating or offers"]),
        ([node("Product", name=" ", offers=node("Offer", price=90))], ["Product lacks name"]),
        ([WHOLE, node("Product", sku="1")], []),  # a part or a teaser beside the whole
        ([node("Article", isPartOf=node(["CreativeWork", "Product"], name="Bench Weekly"))], []),  # a paywall's
        ([node("Product", name="Oak"), node("Book", itemReviewed=node("Product", name="Elm"))], ["Product lacks review or aggregateRating or offers"]),
        ([node("ProductGroup", name="Bench", hasVariant=[node("Product", url="/a")])], []),
        ([node("Product", name="Bench", offers=node("Offer", availability="InStock"))], ["Offer lacks price or priceSpecification"]),
        ([node("Offer", availability="InStock")], []),
        ([{"@id": "#a", **WHOLE}, {"@type": "Product", "@id": "#a", "sku": "1"}], []),
        ([node("Article", author={"@id": "#who"}, image={"@id": "#image"})], []),
        ([node("Recipe", name="Glue")], ["Recipe lacks image"]),
        ([node("Event", name="Fair", startDate="2024-05-01")], ["Event lacks location"]),
        ([node("MusicEvent", name="Fair", location="Mere")], ["MusicEvent lacks startDate"]),
        ([node("VideoObject", name="Bench", thumbnailURL="https://a.example/b.jpg", uploadDate="2024-05-01")],
         ["VideoObject lacks thumbnailUrl or thumbnail"]),
        ([node("BreadcrumbList", itemListElement=[CRUMB, node("ListItem", position=2, name="Oak")])], []),
        ([node("BreadcrumbList", itemListElement=[node("ListItem", position=1, name="Wood"), CRUMB])],
         ["BreadcrumbList lacks item in its itemListElement"]),
        ([node("BreadcrumbList", itemListElement=[node("ListItem", position=1, item={"@id": HOME, "name": "Wood"})])], []),
        ([node("BreadcrumbList", name="Way")], ["BreadcrumbList lacks itemListElement"]),
        ([node("FAQPage", mainEntity=[node("Question", name="Oak?", acceptedAnswer=node("Answer", text="Yes."))])], []),
        ([node("FAQPage", mainEntity=node("Question", name="Oak?", acceptedAnswer=node("Answer", text="")))],
         ["FAQPage lacks text in its acceptedAnswer"]),
        ([node("FAQPage", mainEntity=[])], ["FAQPage lacks mainEntity"]),
        ([node("ProfilePage", mainEntity=node("Person", sameAs=HOME))], ["ProfilePage lacks name or alternateName in its mainEntity"]),
        ([node("HowTo", name="Sand a bench")], ["HowTo lacks step"]),
        ([node("Review", author="Oona", reviewRating=node("Rating", ratingValue=4))], ["Review lacks itemReviewed"]),
        ([node("Book", review=node("Review", author="Oona", reviewRating=node("Rating", ratingValue=4)))], []),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue=4.5, ratingCount=3))], []),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue=4))], ["AggregateRating lacks ratingCount or reviewCount"]),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue=9, bestRating=10, ratingCount=3))], []),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue="88%", ratingCount=3))], []),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue="7/10", ratingCount=3))], []),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue=9, ratingCount=3))],
         ["AggregateRating: ratingValue is out of range (“9”)"]),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue="good", ratingCount=3))],
         ["AggregateRating: ratingValue is no number (“good”)"]),
        ([node("Book", aggregateRating=node("AggregateRating", ratingValue=4, reviewCount=0))],
         ["AggregateRating: reviewCount has to be more than nothing (“0”)"]),
        ([node("BlogPosting", datePublished="5 May 2024")], ["BlogPosting: datePublished is no date (ISO 8601) (“5 May 2024”)"]),
        ([node("Article", dateModified="")], ["Article: dateModified is empty"]),
        ([node("Article", image=["/oak.jpg"])], ["Article: image is no whole address (“/oak.jpg”)"]),
        ([node("Article", image={"url": "https://a.example/oak.jpg"}, author=node("Person", name=""))], ["Person: name is empty"]),
        ([node("MedicalWebPage", lastReviewed="spring")], ["MedicalWebPage: lastReviewed is no date (ISO 8601) (“spring”)"]),
        ([node("Thing", name="")], []),
    ],
)  # fmt: skip
def test_what_structured_data_lacks(nodes: list[dict[str, Any]], words: list[str]) -> None:
    assert [fault.words for fault in faults(nodes)] == words


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("2024-05-01", True), ("2024-05", True), ("2024", True), ("20240501", True), ("2024-05-01T10:20", True),
        ("2024-05-01T10:20:30Z", True), ("2024-05-01T10:20:30.123+02:00", True), ("2024-05-01 10:20:30 +0200", True),
        ("2024-05-01T10:20:30 UTC", True), ("0001-01-01T00:00:00Z", False), ("2024-13-01", False), ("2024-05-01UTC10:20", False),
        ("2024/05/01", False), ("May 5, 2024", False), ("12:30", False), ("2024-05-01T", False), ("", False),
    ],
)  # fmt: skip
def test_dates(text: str, fine: bool) -> None:
    assert is_date(text) is fine


def test_one_finding_for_all_structured_data() -> None:
    script = json.dumps(
        [node("Product", name=f"Bench {n}") for n in range(3)]
        + [node("Recipe", image="https://a.example/b.jpg"), node("HowTo", step="Sand"), node("FAQPage", name="Oak")]
    )
    hit = judged(f'<script type="application/ld+json">{script}</script>')
    assert "and 1 more" in hit.message
    assert hit.evidence["types"] == ["Product", "Recipe", "HowTo", "FAQPage"]


def test_microdata_is_held_to_the_same() -> None:
    body = '<div itemscope itemtype="https://schema.org/Product"><b itemprop="name">Bench</b></div>'
    hit = judged("", PROSE + body)
    assert hit.message == "Product lacks review or aggregateRating or offers."


def test_hostile_structured_data_is_bounded() -> None:
    deep: dict[str, Any] = node("Product")
    for _ in range(500):
        deep = node("Product", isRelatedTo=deep, name="x" * 1000)
    assert len(faults([deep, *(node("Person", name="") for _ in range(5000))])) <= 40


def test_every_requirement_names_its_source() -> None:
    table = requirements()
    for kind in (
        "NewsArticle",
        "BlogPosting",
        "MedicalWebPage",
        "FAQPage",
        "Person",
        "Product",
        "Recipe",
        "Event",
        "HowTo",
    ):
        assert table[kind].source.startswith("https://")
