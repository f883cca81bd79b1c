"""Metadata of HTML: each field, each route to an author and a date, and that hostile pages cannot hurt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from auditor.page.dates import iso_date, url_date, visible_dates
from auditor.page.metadata import read_metadata
from auditor.page.names import names
from auditor.page.page import Metadata
from auditor.page.structured import MAX_CHARACTERS, json_ld


def read(
    html: str, headers: dict[str, str] | None = None, base: str = "https://blog.example.com/2020/01/02/post/"
) -> Metadata:
    return read_metadata(LexborHTMLParser(html), base, headers or {})


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


HEAD = """<!doctype html><html lang="en-GB"><head><title> A  title </title><title>two</title>
<meta name="description" content="About it"><meta name="Description" content="again"><link rel="canonical" href="/post/">
<meta name="robots" content="NoIndex, follow"><meta name="googlebot" content="nosnippet"><meta name="viewport" content="width=device-width">
<meta name="generator" content="WordPress 6"><meta property="og:site_name" content="The Blog"><meta property="og:title" content="T">
<meta name="twitter:card" content="summary"><link rel="alternate" hreflang="de" href="/de/"><meta property="article:section" content="x">
<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body><svg><title>icon</title></svg></body></html>"""


def test_head() -> None:
    meta = read(HEAD, {"x-robots-tag": "otherbot: noarchive, noimageindex, googlebot: nofollow, max-snippet:5"})
    assert (meta.title, meta.titles, meta.description, meta.descriptions) == ("A title", 2, "About it", 2)
    assert meta.canonical == "https://blog.example.com/post/"
    assert meta.robots == {"noindex", "follow", "nosnippet", "nofollow", "max-snippet:5"}
    assert (meta.language, meta.viewport, meta.generator) == ("en-gb", "width=device-width", "WordPress 6")
    assert (meta.site_name, meta.og["og:title"], meta.og["twitter:card"]) == ("The Blog", "T", "summary")
    assert meta.hreflang == (("de", "https://blog.example.com/de/"),)
    assert meta.feeds == ("https://blog.example.com/feed/",)
    assert meta.meta["description"] == "About it"


def test_an_empty_page_has_empty_metadata() -> None:
    assert read("", base="") == Metadata()


@pytest.mark.parametrize(
    ("html", "authors", "route"),
    [
        (ld({"@type": "Article", "author": {"@type": "Person", "name": "Ann Lee"}}), ("Ann Lee",), "json-ld"),
        (ld({"@graph": [{"@type": "Article", "author": {"@id": "#a"}}, {"@id": "#a", "@type": "Person", "name": "Ann Lee"}]}), ("Ann Lee",), "json-ld"),
        (ld([{"@type": ["BlogPosting"], "author": ["Ann Lee", {"name": "Bob Ray"}]}]), ("Ann Lee", "Bob Ray"), "json-ld"),
        ('<div itemscope itemtype="https://schema.org/Article"><b itemprop="author" itemscope><i itemprop="name">Ann Lee</i></b></div>', ("Ann Lee",), "microdata"),
        ('<meta name="author" content="Ann Lee">', ("Ann Lee",), "meta"),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">', ("Ann Lee",), "meta"),
        ('<meta property="article:author" content="https://facebook.example/ann"><a rel="author" href="/ann">Ann Lee</a>', ("Ann Lee",), "rel"),
        ('<h1>T</h1><p class="post-byline">By <a href="/ann">Ann Lee</a> | March 3, 2020</p>', ("Ann Lee",), "byline"),
        ('<h1>T</h1><div class="AuthorBox"><span>Written by</span><span><p>Ann Lee</p></span><p>Staff writer</p></div>', ("Ann Lee",), "byline"),
        ("<h1>T</h1><p>By Ann Lee and Bob Ray</p><p>Text</p>", ("Ann Lee", "Bob Ray"), "text"),
        ('<h1>T</h1><p>Text.</p><p>more</p><p class="x">Written by Ann Lee</p>', ("Ann Lee",), "text"),
        ('<h1>T</h1><a href="/author/ann/">Ann Lee</a>', ("Ann Lee",), "byline"),
        ('<meta name="author" content="admin"><p class="byline">By Ann Lee</p>', ("Ann Lee",), "byline"),
        ('<meta property="og:site_name" content="The Blog"><meta name="author" content="The Blog">', ("The Blog",), "meta"),
        ('<h1>T</h1><div class="comments"><p class="comment-author">Ann Lee</p></div>', (), ""),
        ('<h1>T</h1><aside class="sidebar"><p class="byline">By Ann Lee</p></aside>', (), ""),
        ('<h1>T</h1><ul class="related-posts"><li><div><span class="author">Ann Lee</span></div></li></ul>', (), ""),
        ("<h1>T</h1><p>By using this site you agree to our terms.</p>", (), ""),
        (ld({"@type": "Product", "author": "Ann Lee"}), (), ""),
        ('<h1>T</h1><p><span>By</span><span>Ann Lee</span></p>', ("Ann Lee",), "text"),
        ('<h1>T</h1><p>By Ann Lee ⋅ Founder and Editor</p>', ("Ann Lee",), "text"),
        ('<h1>T</h1><h6>Author(s)</h6><ul><li>Ann Lee</li></ul>', ("Ann Lee",), "text"),
        ('<h1>T</h1><p>Ann Lee, DVM; Bob Ray, RN</p>', ("Ann Lee", "Bob Ray"), "text"),
        ('<h1>T</h1><p>Ann Lee, RN, an old hand at the wards, helps to tell one rash from another.</p>', (), ""),
        ('<h1>T</h1><img src="/a" alt="Ann Lee"><p>Ann Lee</p><p>4 March 2021</p>', ("Ann Lee",), "text"),
        ('<h1>T</h1><p>Garden Tools</p><p>4 March 2021</p>', (), ""),
        ('<h1>T</h1>' + '<p>Prose.</p>' * 60 + '<h4>About the Author</h4><p>Ann Lee is a gardener in Brackley.</p>', ("Ann Lee",), "text"),
        ('<h1>T</h1><p class="byline">Garden tools</p>', (), ""),
        ('<h1>T</h1><a class="authorization-link" href="/in">Sign In</a>', (), ""),
        ('<h1>T</h1><div class="post-author">Senior Member</div>', (), ""),
        ("".join(f'<div class="author">{n} Lee</div>' for n in ("Ann", "Bob", "Cyd", "Dan", "Eve")), (), ""),
        ('<meta name="author" content="q_admin">', ("q_admin",), "meta"),
        ('<meta name="author" content="annl"><p class="byline">By Ann Lee</p>', ("Ann Lee",), "byline"),
        (ld({"@type": "DiscussionForumPosting", "author": {"name": "ann_l"}}) + '<p class="byline">By Bob Ray</p>', ("ann_l",), "json-ld"),
        (ld({"@type": "Article", "author": {"name": "Vale & Vale"}}), ("Vale & Vale",), "json-ld"),
        ('<h1>The Blog</h1><p>By Bob Ray</p>' + '<p>x</p>' * 30 + '<title>A bench for two people – The Blog</title><h1>A bench for two people</h1><p>By Ann Lee</p>', ("Ann Lee",), "text"),
    ],
)  # fmt: skip
def test_author_routes(html: str, authors: tuple[str, ...], route: str) -> None:
    meta = read(html)
    assert (meta.authors, meta.author_route) == (authors, route)


def test_author_url_is_absolute() -> None:
    assert read('<a rel="author" href="/ann">Ann Lee</a>').author_url == "https://blog.example.com/ann"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("Posted by: Ann Lee on March 4, 2020", ("Ann Lee",)),
        ("Ann Lee, MD, and Bob Ray, Staff Writer", ("Ann Lee", "Bob Ray")),
        ("Ann Lee <ann@mail.example>", ("Ann Lee",)),
        ("Ann Lee | 5 min read", ("Ann Lee",)),
        ("Maria &amp; Katerina", ("Maria", "Katerina")),
        ("Hlín Eyjólfsdóttir", ("Hlín Eyjólfsdóttir",)),
        ("https://example.com/ann", ()),
        ("Sat, 20 Dec, 2025 - 06:36", ()),
        ("March 20, 2023", ()),
        ("Read more", ()),
        ("", ()),
    ],
)
def test_names(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("html", "published", "modified", "route"),
    [
        (ld({"@type": "Article", "datePublished": "2021-03-04T10:00:00+02:00", "dateModified": "2022-01-01"}), "2021-03-04", "2022-01-01", "json-ld"),
        ('<i itemscope itemtype="http://schema.org/Article"><time itemprop="datePublished" datetime="2021-03-04">x</time></i>', "2021-03-04", "", "microdata"),
        ('<meta property="article:published_time" content="2021-03-04"><meta property="og:updated_time" content="20220101">', "2021-03-04", "2022-01-01", "meta"),
        ('<h1>T</h1><p>Published March 4, 2021 | Updated on 1 Jan 2022</p>', "2021-03-04", "2022-01-01", "text"),
        ("<h1>T</h1><p>Last updated:</p><p>4 Mar 2021</p>", "2020-01-02", "2021-03-04", "url"),
        ('<p class="entry-date">4. März 2021</p>', "2021-03-04", "", "text"),
        ("<h1>T</h1>" + "<p>prose</p>" * 60 + '<footer><time datetime="2021-03-04">then</time></footer>', "2021-03-04", "", "markup"),
        ("<p>no date</p>", "2020-01-02", "", "url"),
        ('<h1>T</h1><p><a>Health</a><span>MARCH 4, 2021</span><span>Updated: MAY 2, 2022</span></p>', "2021-03-04", "2022-05-02", "text"),
        ("<h1>T</h1><p>The last day for most of those who want to hand in a form is April 15, 2025.</p>", "2020-01-02", "", "url"),
    ],
)  # fmt: skip
def test_date_routes(html: str, published: str, modified: str, route: str) -> None:
    meta = read(html)
    assert (meta.published, meta.modified, meta.date_route) == (published, modified, route)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-04T23:59:59Z", "2021-03-04"),
        ("Thu, 04 Mar 2021 10:00:00 GMT", "2021-03-04"),
        ("March 4th, 2021", "2021-03-04"),
        ("4 de marzo de 2021", "2021-03-04"),
        ("2021年3月4日", "2021-03-04"),
        ("20210304", "2021-03-04"),
        ("03/04/2021", "2021-03-04"),
        ("25/12/2021", "2021-12-25"),
        ("4.3.2021", "2021-03-04"),
        ("1614816000", "2021-03-04"),
        ("2021-13-45", ""),
        ("May we talk", ""),
        ("Room 4 2021", ""),
        ("", ""),
    ],
)
def test_iso_date(text: str, expected: str) -> None:
    assert iso_date(text) == expected


def test_url_date() -> None:
    assert url_date("https://a.example/2021/03/04/slug/") == "2021-03-04"
    assert url_date("https://a.example/2021/33/04/slug/") == ""


def test_updated_is_told_from_published() -> None:
    seen = visible_dates("Updated on May 2, 2022, first published April 1, 2021")
    assert (seen.published, seen.modified) == ("2021-04-01", "2022-05-02")


def test_reviewers() -> None:
    assert read(ld({"@type": "MedicalWebPage", "reviewedBy": {"name": "Dr. Bob Ray"}})).reviewers == ("Dr. Bob Ray",)
    assert read("<p>Medically reviewed by <a href='/b'>Bob Ray, MD</a></p>").reviewers == ("Bob Ray",)
    assert read("<p>It was found in a long text that this had been reviewed by Bob Ray.</p>").reviewers == ()


def test_categories_and_tags() -> None:
    linked = read('<a rel="category tag" href="/c">Health</a> <a rel="tag" href="/t">ketamine</a>')
    assert (linked.categories, linked.tags) == (("Health",), ("ketamine",))
    described = read(ld({"@type": "Article", "articleSection": ["Health"], "keywords": "a, b"}))
    assert (described.categories, described.tags) == (("Health",), ("a", "b"))
    labelled = read('<p>Tags: <a href="/a">one</a>, <a href="/b">two</a></p><p>Filed under <a href="/c">Health</a></p>')
    assert (labelled.categories, labelled.tags) == (("Health",), ("one", "two"))


def test_microdata_has_the_form_of_json_ld() -> None:
    html = (
        '<div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Pill</span><img itemprop="image" src="/p.png">'
        '<div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="9"></div></div>'
    )
    expected = {
        "@type": "Product",
        "name": "Pill",
        "image": "https://blog.example.com/p.png",
        "offers": {"@type": "Offer", "price": "9"},
    }
    assert read(html).structured == (expected,)


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "",
        "nonsense",
        '{"a": 1,}',
        "[" * 100 + "]" * 100,
        '{"a":' * 5000,
        "[" * 200_000,
        " " * (MAX_CHARACTERS + 1),
        '"' + "\\" * 99_999,
    ],
)
def test_unreadable_json_ld_is_one_error(script: str) -> None:
    nodes, errors = json_ld([script])
    assert nodes == () and len(errors) == 1


def test_brackets_in_strings_are_no_nesting() -> None:
    nodes, errors = json_ld([json.dumps({"@type": "A", "text": "[{" * 100 + '"'})])
    assert len(nodes) == 1 and errors == ()


def test_json_ld_in_comment_or_cdata_marks_is_read() -> None:
    for script in (
        '<!-- {"@type": "A"} -->',
        '//<![CDATA[\n{"@type": "A"}\n//]]>',
        '/*<![CDATA[*/{"@type": "A"}/*]]>*/',
    ):
        assert json_ld([script]) == (({"@type": "A"},), ())


PARTS = st.sampled_from(
    ["<div class='author'>", "</div>", "<p class=byline>", "By ", "Ann Lee", " and ", "<h1>", "</h1>", "<time datetime='x'>", "<a rel=author>",
     "<meta name=author content='", "'>", "<div itemscope itemprop=author>", "<i itemprop=name>", "<script type='application/ld+json'>",
     '{"@type":"Article","author":', "[", "{", "}", "]", '"x"', "</script>", "March 4, 2021", "Tags: ", "Written by ", "Reviewed by ", "<", "é", "\x00"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PARTS, max_size=40).map("".join) | st.text(max_size=200))
def test_any_page_is_read(html: str) -> None:
    meta = read(html)
    assert all(name == name.strip() and name for name in meta.authors)
    assert all(found == "" or len(found) == 10 for found in (meta.published, meta.modified))


KEYS = st.sampled_from(
    [
        "@type",
        "@id",
        "@graph",
        "author",
        "name",
        "url",
        "datePublished",
        "publisher",
        "mainEntity",
        "keywords",
        "reviewedBy",
    ]
)
VALUES = st.sampled_from(["Article", "WebPage", "Ann Lee", "#a", "2021-03-04", ""]) | st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_ld_is_read(value: object) -> None:
    meta = read(f'<script type="application/ld+json">{json.dumps(value).replace("<", "")}</script>')
    assert all(isinstance(node, dict) and node for node in meta.structured)
    assert meta.structured_errors == ()
    assert all(isinstance(text, str) and text for text in (*meta.authors, *meta.reviewers))


@pytest.mark.parametrize(
    "unit",
    [
        "<div itemscope itemprop=a>",
        "<p class=author>",
        "<time>",
        "Tags: <a>",
        "Written by ",
        "<p>By ",
        "<a href='/author/'>A B</a>",
        "1 May 2",
        "<a rel=tag>",
    ],
)
def test_a_hundred_thousand_of_anything_is_read(unit: str) -> None:
    assert read(unit * (100_000 // len(unit))).titles == 0
