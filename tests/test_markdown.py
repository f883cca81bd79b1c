"""Markdown into Page: what is read, where it stands, and that no text breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.page.frontmatter import read_front_matter
from auditor.page.markdown import parse_markdown
from auditor.page.page import Kind, Page, Role
from auditor.page.sections import section_role
from auditor.page.snapshot import Format, Snapshot


def parsed(source: str) -> Page:
    return parse_markdown(Snapshot(b"", Format.MARKDOWN, path="post.md"), source, "utf-8")


def check_places(page: Page) -> None:
    """Every anchor is where it says it is, in its paragraph and in the source."""
    for paragraph in page.paragraphs:
        assert paragraph.spot.offset is not None and 0 <= paragraph.spot.offset < len(page.source)
        assert paragraph.text == " ".join(paragraph.text.split())
    for link in page.links:
        assert link.paragraph is not None and link.spot.offset is not None
        if not link.image:
            assert page.paragraphs[link.paragraph].text[link.start : link.end] == link.anchor
        assert page.source[link.spot.offset] in "[<" or page.source[link.spot.offset :].lower().startswith(
            ("http", "www")
        )
    for image in page.images:
        assert image.spot.offset is not None and page.source[image.spot.offset] in "!<"


def links(source: str) -> list[tuple[str, str]]:
    page = parsed(source)
    check_places(page)
    return [(link.href, link.anchor) for link in page.links]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a [b](http://c.example) d", [("http://c.example", "b")]),
        ("a [**West *Springfield* therapist**](/x 'title') d", [("/x", "West Springfield therapist")]),
        ("[a `code` b](<x y>)", [("x y", "a code b")]),
        ("[a [b] c](/x)", [("/x", "a [b] c")]),
        ("[full][One] [one][] [one]\n\n[one]: /x 'T'", [("/x", "full"), ("/x", "one"), ("/x", "one")]),
        ("[missing][two]\n\n[one]: /x", []),
        ("<https://a.example/b>", [("https://a.example/b", "https://a.example/b")]),
        ("see https://a.example/b(c), or", [("https://a.example/b(c)", "https://a.example/b(c)")]),
        ("<a href='/x'>raw *html*</a>", [("/x", "raw html")]),
        (r"\[not\](a) [yes \] so](/x)", [("/x", "yes ] so")]),
        ("`[no](/x)` ``[`no](/x)``", []),
        ("```\n[no](/x)\n```\n\n~~~\n[no](/y)\n~~~", []),
        ("    [no](/x)", []),
        ("<!-- [no](/x) --> <!--\n[no](/y)\n\n--> [yes](/z)", [("/z", "yes")]),
        ("[a [b](/inner) c](/outer)", [("/inner", "b")]),
        ("# [head](/h) #", [("/h", "head")]),
        ("[x](/a_(b))", [("/a_(b)", "x")]),
        ("line one [two\nlines](/x) end", [("/x", "two lines")]),
        ("{{< figure [no](/x) >}} [a](/b)", [("/b", "a")]),
        ("{% include [no](/x) %} [a](/b)", [("/b", "a")]),
    ],
)
def test_links(source: str, expected: list[tuple[str, str]]) -> None:
    assert links(source) == expected


def test_rel_is_read_from_html_and_from_attribute_lists() -> None:
    page = parsed('<a href="http://a.example" rel="nofollow SPONSORED">a</a> [b](/b){:rel="ugc"}')
    assert [sorted(link.rel) for link in page.links] == [["nofollow", "sponsored"], ["ugc"]]


def test_an_image_in_a_link_has_its_alternative_text_as_anchor() -> None:
    page = parsed("before [![a pill](pill.png)](http://shop.example) after")
    (link,) = page.links
    assert (link.anchor, link.image, link.start == link.end) == ("a pill", True, True)
    assert [(image.src, image.alt) for image in page.images] == [("pill.png", "a pill")]
    assert page.paragraphs[0].text == "before after"


def test_block_kinds_and_levels() -> None:
    source = "Title\n=====\n\npara\nwraps\n\n> quoted\n\n1. one\n2. two\n   - deep\n\n| a | b |\n|---|:-:|\n| c | d\\|e |\n\n    indented\n"
    page = parsed(source)
    check_places(page)
    assert [(p.kind, p.text, p.level) for p in page.paragraphs] == [
        (Kind.HEADING, "Title", 1),
        (Kind.TEXT, "para wraps", 0),
        (Kind.QUOTE, "quoted", 0),
        (Kind.ITEM, "one", 1),
        (Kind.ITEM, "two", 1),
        (Kind.ITEM, "deep", 2),
        (Kind.CELL, "a", 0),
        (Kind.CELL, "b", 0),
        (Kind.CELL, "c", 0),
        (Kind.CELL, "d|e", 0),
        (Kind.CODE, "indented", 0),
    ]
    assert [(one.ordered, one.start, one.length) for one in page.lists] == [(True, 1, 2), (False, 1, 1)]


def test_a_list_broken_by_prose_starts_again() -> None:
    page = parsed("## FAQ\n\n1. What?\n\nThis.\n\n1. Why?\n\nThat.\n")
    assert [(one.start, one.length, one.heading) for one in page.lists] == [(1, 1, "FAQ"), (1, 1, "FAQ")]


def test_offsets_survive_windows_line_ends_and_front_matter() -> None:
    source = "---\r\ntitle: A\r\n---\r\n\r\nfirst\r\nthen [x](/y)\r\n"
    page = parsed(source)
    check_places(page)
    assert page.links[0].spot.offset == source.index("[x]")
    assert page.paragraphs[0].text == "first then x"


def test_sections_become_blocks() -> None:
    source = (
        "# Ketamine\n\nText with a [link](http://a.example).\n\n## Related posts\n\n- [Pet beds](/beds)\n- [Net worth](http://b.example/n)\n\n"
        "## Dosage\n\nMore text.\n\n## About the author\n\nAnn writes.\n\n## Comments\n\nNice [pills](http://p.example).\n"
    )
    page = parsed(source)
    assert [block.role for block in page.blocks] == [Role.ARTICLE, Role.RELATED, Role.AUTHOR, Role.COMMENTS]
    assert [(item.title, item.href, item.external) for item in page.blocks[1].items] == [
        ("Pet beds", "/beds", False),
        ("Net worth", "http://b.example/n", True),
    ]
    assert [p.text for p in page.article][-1] == "More text."
    assert [page.role(link.block) for link in page.links] == [Role.ARTICLE, Role.RELATED, Role.RELATED, Role.COMMENTS]


def test_a_related_heading_over_prose_is_no_block() -> None:
    page = parsed(
        "## Related posts\n\nThis section explains how a theme picks the posts it shows, in many plain words.\n"
    )
    assert [block.role for block in page.blocks] == [Role.ARTICLE]


def test_yaml_front_matter() -> None:
    source = (
        '---\ntitle: "Ketamine: a guide"\nauthor: [Ann Lee, "Bob Ray, MD"]\ndate: 2024-03-05T10:00:00Z\nlastmod: 5 April 2024\n'
        "tags: [a, b]\ncategories: health\npermalink: https://blog.example.com/k/\ndraft: true\n---\n[in](https://www.example.com/)"
    )
    page = parsed(source)
    meta = page.metadata
    assert (meta.title, meta.authors, meta.author_route) == (
        "Ketamine: a guide",
        ("Ann Lee", "Bob Ray"),
        "front-matter",
    )
    assert (meta.published, meta.modified, meta.date_route) == ("2024-03-05", "2024-04-05", "front-matter")
    assert (meta.tags, meta.categories, meta.meta["draft"]) == (("a", "b"), ("health",), "true")
    assert (page.url, page.site) == ("https://blog.example.com/k/", "example.com")
    assert [link.external for link in page.links] == [False]


def test_toml_front_matter() -> None:
    page = parsed('+++\ntitle = "T"\ndate = 2024-01-02\nauthors = ["Ann Lee"]\n[taxonomies]\ntags = ["x"]\n+++\nbody')
    assert (page.metadata.title, page.metadata.published, page.metadata.tags) == ("T", "2024-01-02", ("x",))
    assert [p.text for p in page.paragraphs] == ["body"]


@pytest.mark.parametrize(
    "head",
    [
        "a: [b",
        "a: b: c",
        "- " * 5000 + "x: 1",
        "x: " + "[" * 5000,
        "x: &a [*a]",
        "x: !!python/object:os.system {}",
        "\tx: 1",
        "x: \x00",
    ],
)
def test_broken_front_matter_is_an_error_and_the_body_is_read(head: str) -> None:
    page = parsed(f"---\nt: 1\n{head}\n---\nbody\n")
    assert [p.text for p in page.paragraphs] == ["body"]
    assert len(page.metadata.structured_errors) == 1 or head == "x: &a [*a]"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read_front_matter("---\nJust prose here\n---\n").end == 0


def test_byline_and_date_in_the_text() -> None:
    meta = parsed("# Title\n\nBy Ann Lee\n\nMarch 4, 2021\n\nMedically reviewed by Bob Ray, MD\n").metadata
    assert (meta.authors, meta.author_route, meta.published, meta.reviewers) == (
        ("Ann Lee",),
        "text",
        "2021-03-04",
        ("Bob Ray",),
    )


MARKS = st.sampled_from(
    ["[", "]", "(", ")", "![", "](", "*", "_", "`", "```", "<", ">", "<a href='x'>", "</a>", "\n", "\n\n", "- ", "1. ", "> ", "|", "#", "\\",
     "{{", "}}", "{%", "<!--", "-->", "http://a.example", "www.b.example", "---", "\t", " ", "word", "é", "&amp;", "[r]: /x\n", "\r\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKS, max_size=60).map("".join) | st.text(max_size=200))
def test_any_text_parses_with_exact_places(source: str) -> None:
    check_places(parsed(source))


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "*",
        "(",
        "[](",
        "![",
        "<a ",
        '<a "',
        "{{",
        "`",
        "*a",
        " _a",
        "> ",
        "- ",
        "a|\n-|\n",
        "<!--",
        "[a]: ",
        "[](\\(a\\)",
    ],
)
def test_a_hundred_thousand_of_anything_is_read(unit: str) -> None:
    page = parsed(unit * (100_000 // len(unit)))
    assert page.source.startswith(unit)
    check_places(page)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Related Posts", Role.RELATED),
        ("You might also like…", Role.RELATED),
        ("Related posts about ketamine", Role.RELATED),
        ("Ähnliche Beiträge", Role.RELATED),
        ("También te puede interesar", Role.RELATED),
        ("関連記事", Role.RELATED),
        ("Read next", Role.RELATED),
        ("3 Comments", Role.COMMENTS),
        ("3 thoughts on “Ketamine”", Role.COMMENTS),
        ("Leave a Reply", Role.COMMENTS),
        ("About the Author", Role.AUTHOR),
        ("Share this:", Role.WIDGET),
        ("Subscribe to our newsletter", Role.WIDGET),
        ("Recent Posts", Role.SIDEBAR),
        ("Table of Contents", Role.NAVIGATION),
        ("References", Role.ARTICLE),
        ("Related risks of ketamine", None),
        ("Recommended dose", None),
        ("Discussion", None),
        ("Comments on the study", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_section_role(heading: str, role: Role | None) -> None:
    assert section_role(heading) is role
