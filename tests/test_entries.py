"""Entries of related blocks: posts stay, buttons and archives go; titles are what the links say, not what the pictures show."""

from __future__ import annotations

import pytest

from auditor.page.entries import leads_to_post
from auditor.page.page import Block, Role
from auditor.page.parse import parse
from auditor.page.sections import claims_relation
from auditor.page.snapshot import Snapshot

HERE = "https://garden.example/posts/winter-onions/"


@pytest.mark.parametrize(
    ("title", "url", "post"),
    [
        ("How to store onions", "https://garden.example/posts/store-onions/", True),
        ("Terms of endearment for a tomato", "", False),
        ("Sign language for gardeners", "https://garden.example/posts/sign-language/", True),
        ("Planting garlic late", "", True),
        ("Old catalogue, new number", "https://garden.example/item.php?id=6", True),
        ("Garden news", "https://garden.example/posts/news/", False),
        ("View all our posts", "https://garden.example/posts/", False),
        ("Start your free trial", "https://garden.example/trial/", False),
        ("Posts about winter onions", "https://garden.example/tag/winter-onions/", False),
        ("Everything by Ada Moss", "https://garden.example/author/ada-moss/", False),
        ("The whole garden blog", "https://garden.example/", False),
        ("Our garden in pictures", "https://www.instagram.com/garden", False),
        ("Onions for the winter", HERE, False),
        ("Buy three more onions", f"{HERE}?add-to-cart=12", False),
        ("Broken address of a post", "http://[", True),
    ],
)
def test_what_looks_like_a_post(title: str, url: str, post: bool) -> None:
    assert leads_to_post(title, url, HERE) is post


@pytest.mark.parametrize(
    ("heading", "claims"),
    [
        ("Related posts", True),
        ("You might also like", True),
        ("You’ll love these", True),
        ("Recommended for you", True),
        ("More on onions", True),
        ("More stories", False),
        ("Latest posts you may like", False),
        ("Galleries", False),
        ("", False),
    ],
)
def test_only_a_heading_that_says_so_claims_a_relation(heading: str, claims: bool) -> None:
    assert claims_relation(heading) is claims


def related(cards: str) -> Block:
    prose = "<p>Onions keep through the winter where it is dry and cool, and where air gets round each of them.</p>" * 6
    page = parse(
        Snapshot(
            f"<article>{prose}</article><section class='related'><h2>Related</h2>{cards}</section>".encode(), url=HERE
        )
    )
    (block,) = [block for block in page.blocks if block.role is Role.RELATED]
    return block


def test_a_title_comes_before_the_picture_and_the_teaser() -> None:
    block = related(
        "<div><a href='/garlic'><img src='g.jpg' alt='A man in a blue coat holds a basket full of garlic'></a>"
        "<h3><a href='/garlic'>Planting garlic late</a></h3>"
        "<p><a href='/garlic'>It may still be done when the ground is nearly frozen, if you are quick.</a></p></div>"
        "<div><a href='/shed'><img src='s.jpg' alt='A shed behind a hedge'></a> <a href='/shed'>Read more</a></div>"
        "<a href='/all'>View all our posts</a>"
    )
    assert [item.title for item in block.items] == ["Planting garlic late", "A shed behind a hedge"]
    assert not block.vendor


def test_a_networks_addresses_give_it_away() -> None:
    block = related("<a href='https://shop.example/?utm_source=x_taboola_y'>One torch that sells well</a>")
    assert block.vendor == "taboola"
