"""Plain text into Page: paragraphs, headings, lists, addresses and sections by the habits of people who type."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.page.page import Kind, Page, Role
from auditor.page.plaintext import parse_plaintext
from auditor.page.snapshot import Format, Snapshot

ARTICLE = """Ketamine for addiction

By Ann Lee
March 4, 2021

It mostly focuses on reducing cravings. See https://spam.example/x, and
(www.example.org/a_(b)). More.

WHAT TO KNOW

1. one
2. two
   and more

Heading two
-----------
Text here.

Related posts:
- Eco pet beds https://x.example/beds
- Net worth

About the author
Ann writes.
"""


def parsed(source: str) -> Page:
    return parse_plaintext(Snapshot(b"", Format.TEXT, path="post.txt"), source, "utf-8")


def check_places(page: Page) -> None:
    for paragraph in page.paragraphs:
        assert paragraph.spot.offset is not None
        assert page.source[paragraph.spot.offset :].startswith(paragraph.text.split()[0])
    for link in page.links:
        assert link.paragraph is not None and link.spot.offset is not None
        assert page.paragraphs[link.paragraph].text[link.start : link.end] == link.anchor
        assert page.source[link.spot.offset :].startswith(link.anchor)


def test_paragraphs() -> None:
    page = parsed(ARTICLE)
    check_places(page)
    assert [(p.kind, p.level, p.text) for p in page.paragraphs] == [
        (Kind.HEADING, 1, "Ketamine for addiction"),
        (Kind.TEXT, 0, "By Ann Lee March 4, 2021"),
        (
            Kind.TEXT,
            0,
            "It mostly focuses on reducing cravings. See https://spam.example/x, and (www.example.org/a_(b)). More.",
        ),
        (Kind.HEADING, 2, "WHAT TO KNOW"),
        (Kind.ITEM, 1, "one"),
        (Kind.ITEM, 1, "two and more"),
        (Kind.HEADING, 2, "Heading two"),
        (Kind.TEXT, 0, "Text here."),
        (Kind.HEADING, 2, "Related posts:"),
        (Kind.ITEM, 1, "Eco pet beds https://x.example/beds"),
        (Kind.ITEM, 1, "Net worth"),
        (Kind.HEADING, 2, "About the author"),
        (Kind.TEXT, 0, "Ann writes."),
    ]
    assert page.title == "Ketamine for addiction"
    assert [(one.ordered, one.start, one.length) for one in page.lists] == [(True, 1, 2), (False, 1, 2)]


def test_addresses_are_links() -> None:
    assert [(link.href, link.anchor, link.external) for link in parsed(ARTICLE).links] == [
        ("https://spam.example/x", "https://spam.example/x", True),
        ("http://www.example.org/a_(b)", "www.example.org/a_(b)", True),
        ("https://x.example/beds", "https://x.example/beds", True),
    ]


def test_sections() -> None:
    page = parsed(ARTICLE)
    assert [block.role for block in page.blocks] == [Role.ARTICLE, Role.RELATED, Role.AUTHOR]
    assert [(item.title, item.href) for item in page.blocks[1].items] == [
        ("Eco pet beds", "https://x.example/beds"),
        ("Net worth", ""),
    ]


def test_byline_and_date() -> None:
    meta = parsed(ARTICLE).metadata
    assert (meta.authors, meta.author_route, meta.published) == (("Ann Lee",), "text", "2021-03-04")


def test_without_blank_lines_every_line_is_a_paragraph() -> None:
    page = parsed(
        "A title\nA sentence that is one paragraph.\nAnother one.\nRelated Posts\nPet beds\nA celebrity's net worth\n"
    )
    assert [p.kind for p in page.paragraphs] == [Kind.HEADING, Kind.TEXT, Kind.TEXT, Kind.HEADING, Kind.ITEM, Kind.ITEM]
    assert [item.title for item in page.blocks[1].items] == ["Pet beds", "A celebrity's net worth"]


def test_prose_after_a_related_list_is_article_again() -> None:
    prose = "And here the article goes on with a long sentence, which nobody would take for the title of another post at all, surely."
    page = parsed(f"Title\n\nText.\n\nRelated posts:\n\n- One thing\n- Another thing\n\n{prose}\n")
    assert page.role(page.paragraphs[-1].block) is Role.ARTICLE
    assert len(page.blocks[1].items) == 2


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "http://a.example/b",
                "www.c.example",
                "\n",
                "\n\n",
                "- ",
                "12. ",
                "===",
                "Related posts:",
                "word ",
                "A B",
                ".",
                ")",
                "\t",
                "\r\n",
                "\u200b",
            ]
        ),
        max_size=40,
    ).map("".join)
    | st.text(max_size=200)
)
def test_any_text_parses_with_exact_places(source: str) -> None:
    page = parsed(source)
    for link in page.links:
        assert link.paragraph is not None and link.spot.offset is not None
        assert page.paragraphs[link.paragraph].text[link.start : link.end] == link.anchor
        assert page.source[link.spot.offset :].lower().startswith(("http", "www"))
    assert all(p.spot.offset is not None and p.spot.offset < len(source) for p in page.paragraphs)


@pytest.mark.parametrize("unit", ["http://", "- ", "a\n", "A", "(www.", "\n", "http://a)", "."])
def test_a_hundred_thousand_of_anything_is_read(unit: str) -> None:
    assert parsed(unit * (100_000 // len(unit))).source.startswith(unit)
