"""HTML into Page: blocks and roles, links in their sentences, what is hidden and why, places in the source."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.page.page import Hidden, Kind, Link, Page, Place, Role, Spot
from auditor.page.parse import decode, parse
from auditor.page.places import locate
from auditor.page.prose import sentence_at, sentences, snippet
from auditor.page.snapshot import Snapshot

PROSE = (
    "<p>The keeper's cottage stands on the point, and the road to it floods twice a month in winter, when the tide and the wind agree.</p>"
    "<p>Whoever buys it will want waders, a good boat and some patience, because the ferry, the plumber and the post all wait for calm.</p>"
    "<p>Inside, the rooms are small and dry, the stove is sound, and the floorboards have been under carpet since before the war.</p>"
)


def page(body: str, head: str = "", url: str = "https://harbor.example/post") -> Page:
    return parse(Snapshot(f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode(), url=url))


def link(found: Page, anchor: str) -> Link:
    return next(x for x in found.links if x.anchor == anchor)


def test_blocks_get_the_roles_a_reader_would_give_them() -> None:
    found = page(
        f"<header><nav><a href=/>Home page</a></nav></header><main><article><h1>On the point</h1>{PROSE}</article>"
        "<section><h2>Related posts</h2><ul><li><a href=/a>A boathouse with a slipway</a></li>"
        "<li><a href=/b>Two chapels made into one house</a></li>"
        "</ul></section></main><aside class=sidebar><p>Archive of the year</p></aside>"
        "<section id=comments><h2>2 comments</h2><p>Lovely place, my aunt was born there.</p></section>"
        "<footer><p>All rights reserved by nobody.</p></footer>"
    )
    roles = {p.text.split()[0]: found.role(p.block) for p in found.paragraphs}
    assert roles["Home"] is Role.NAVIGATION
    assert roles["The"] is Role.ARTICLE
    assert roles["A"] is Role.RELATED
    assert roles["Archive"] is Role.SIDEBAR
    assert roles["Lovely"] is Role.COMMENTS
    assert roles["All"] is Role.FOOTER
    (block,) = [b for b in found.blocks if b.role is Role.RELATED and b.items]
    assert [item.title for item in block.items] == ["A boathouse with a slipway", "Two chapels made into one house"]
    assert [h.text for h in found.headings] == ["On the point", "Related posts", "2 comments"]


def test_a_link_knows_its_sentence_and_its_place() -> None:
    found = page(
        f"<article>{PROSE}\n<p>Bring a torch. The   <a\nhref='https://boats.example/x?a=1&amp;b=2#top'\n"
        "rel='nofollow UGC'>spare\n key</a> hangs, as ever, there.</p></article>"
    )
    spare = link(found, "spare key")
    text = found.paragraphs[spare.paragraph or 0].text
    assert text == "Bring a torch. The spare key hangs, as ever, there."
    assert text[spare.start : spare.end] == "spare key"
    assert snippet(text, spare.start, spare.end) == "The «spare key» hangs, as ever, there."
    assert spare.url == "https://boats.example/x?a=1&b=2"
    assert (spare.external, spare.host, spare.rel) == (True, "boats.example", frozenset({"nofollow", "ugc"}))
    place = locate(found, [spare.spot])[spare.spot]
    assert found.source.splitlines()[place.line - 1][place.column - 1 :].startswith("<a")


def test_tags_are_placed_where_the_markup_has_tags() -> None:
    source = (
        "<!doctype html><title>x</title><!-- <p><a href=/x> -->\n<script>'<a href=/x>'</script\n>"
        "<template><a href=/x></a></template><div title=\"<a href='/x'>\" data-b=c/>\n"
        "<A HREF = '/x' >one</A><a data-href=/x>two</a>\n<a href=/x>three</a><a href='/x\"><a href=/y>four</a>"
    )
    found = parse(Snapshot(source.encode(), url="https://harbor.example/"))
    spots = [Spot("a", "/x", 0), Spot("a", "/x", 1), Spot("a", "/x", 7), Spot("a", "", 1), Spot("p"), Spot("div")]
    places = locate(found, spots)
    assert [places.get(spot) for spot in spots] == [
        Place(4, 1), Place(5, 1), Place(5, 1), Place(4, 24), None, Place(3, 38),
    ]  # fmt: skip


_MARKUP = st.lists(
    st.sampled_from(
        [
            "<a href=/x>", "<a href='/x' class=\"b\">", "<a\nhref=\"/y?a=1&amp;b=2\">", "</a>", "<p>", "<p title='>'>", "</p>", "<br/>",
            "<img alt='<a href=/x>'>", "text ", "a < b & c &lt; d ", "\n", "<!-- <a href=/x> -->", "<!--->\n-->", "<script>if(a<b)'<p>'</script>",
            "<style>p{}</style>", "<template>", "</template>", "<!doctype html>", "<?xml?>", "</ a>",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(_MARKUP)
def test_places_are_those_of_the_standard_librarys_parser(source: str) -> None:
    known: dict[tuple[str, str], list[Place]] = {}

    class Reader(HTMLParser):
        templates = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.templates += tag == "template"
            if not self.templates:
                line, column = self.getpos()
                for mark in ("", *(value or "" for name, value in attrs if name == "href")):
                    known.setdefault((tag, mark), []).append(Place(line, column + 1))

        def handle_endtag(self, tag: str) -> None:
            self.templates -= tag == "template" and self.templates > 0

    reader = Reader(convert_charrefs=False)
    reader.feed(source)
    reader.close()
    wanted = {Spot(tag, mark, nth): place for (tag, mark), all_ in known.items() for nth, place in enumerate(all_)}
    assert locate(parse(Snapshot(source.encode())), wanted) == wanted


def test_words_of_neighbouring_links_are_not_joined() -> None:
    found = page("<p><a href=/a>One</a><a href=/b>Two</a> and <b>bo</b>ld</p>")
    assert found.paragraphs[0].text == "One Two and bold"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div style='position:absolute; left:-9876px'>{}</div>", Hidden.OFFSCREEN),
        ("<div style='display:none'>{}</div>", Hidden.DISPLAY),
        ("<div style='visibility: hidden'>{}</div>", Hidden.VISIBILITY),
        ("<div style='height:1px;overflow:hidden'>{}</div>", Hidden.TINY),
        ("<p style='font-size:0'>{}</p>", Hidden.TINY),
        ("<p style='color:#fff;background:#ffffff'>{}</p>", Hidden.CAMOUFLAGE),
        ("<div hidden>{}</div>", Hidden.ATTRIBUTE),
        ("<style>.zq7{{position:absolute;top:-5000px}}</style><div class=zq7>{}</div>", Hidden.OFFSCREEN),
        ("<div id=k3v>{}</div><script>document.getElementById('k3v').style.display='none'</script>", Hidden.DISPLAY),
        ("<div class=accordion style='display:none'>{}</div>", None),
        ("<div role=tabpanel hidden>{}</div>", None),
        ("<span class=sr-only style='position:absolute;left:-10000px'>{}</span>", None),
        ("<style>@media print{{.zq7{{display:none}}}}</style><div class=zq7>{}</div>", None),
        ("<style>.zq7:hover{{display:none}}</style><div class=zq7>{}</div>", None),
        (
            "<style>@media print{{.a{{left:0}}}}}}.b{{}}.zq7{{DISPLAY : NONE!important}}</style><div class=zq7>{}</div>",
            Hidden.DISPLAY,
        ),
        ("<style>.zq7{{visibility:/* not\nnow */hidden;*zoom:1}}</style><div class=zq7>{}</div>", Hidden.VISIBILITY),
        ("<style>.zq7{{b{{top:0}}display:none}}</style><div class=zq7>{}</div>", Hidden.DISPLAY),
        (
            "<style>display:none .x{{}}.y{{}}.zq7{{text-indent :\n-900px}}</style><div class=zq7>{}</div>",
            Hidden.OFFSCREEN,
        ),
        ("<style>.zq7{{top:0}}@supports(display:none){{.zq7{{display:none}}</style><div class=zq7>{}</div>", None),
        ("<div style='left:-10px;position:relative'>{}</div>", None),
    ],
)
def test_hidden_for_a_reason_or_not_at_all(markup: str, reason: Hidden | None) -> None:
    found = page(f"<article>{PROSE}</article>" + markup.format("<a href='https://pills.example/'>cheap pills</a>"))
    assert link(found, "cheap pills").hidden is reason


def test_a_page_that_scripts_reveal_is_not_hidden() -> None:
    found = page(f"<div hidden id='S:0'><article>{PROSE}</article></div>")
    assert len(found.article) == 3


@pytest.mark.parametrize(
    ("body", "headers", "text", "encoding"),
    [
        ("café".encode(), {}, "café", "utf-8"),
        ("café".encode("utf-8-sig"), {}, "café", "utf-8"),
        ("café".encode("latin-1"), {"content-type": "text/html; charset=ISO-8859-1"}, "café", "iso-8859-1"),
        (b"<meta charset=windows-1251>" + "дом".encode("cp1251"), {}, "дом", "windows-1251"),
        ("café".encode("utf-16"), {}, "café", "utf-16-le"),
    ],
)
def test_encoding_is_found_as_a_browser_would(body: bytes, headers: dict[str, str], text: str, encoding: str) -> None:
    source, found = decode(Snapshot(body, headers=headers))
    assert source.endswith(text)
    assert found.lower() == encoding


def test_numbered_lists_keep_their_start_and_length() -> None:
    found = page("<h2>Steps</h2><ol start=4><li>Pack the lamp</li><li>Row</li></ol><ul><li>Rope</li></ul>")
    assert [(x.ordered, x.start, x.length, x.heading) for x in found.lists] == [
        (True, 4, 2, "Steps"),
        (False, 1, 1, "Steps"),
    ]


@pytest.mark.parametrize("start", ["--5", "²", "9" * 40, "x", ""])
def test_odd_list_starts_count_from_one(start: str) -> None:
    assert [x.start for x in page(f"<ol start='{start}'><li>Row</li></ol>").lists] == [1]


def test_code_and_tables_keep_their_kind() -> None:
    found = page(
        "<pre>left: -9999px</pre><table><tr><td>Rent</td><td>900</td></tr></table><blockquote>Said she</blockquote>"
    )
    assert [p.kind for p in found.paragraphs] == [Kind.CODE, Kind.CELL, Kind.CELL, Kind.QUOTE]


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = "Dr. Ames, of St. Ives, paid $4.50. “Too much?” she asked. It was 3 p.m. by then! Yes"
    assert [text[a:b] for a, b in sentences(text)] == [
        "Dr. Ames, of St. Ives, paid $4.50.",
        "“Too much?” she asked.",
        "It was 3 p.m. by then!",
        "Yes",
    ]
    start = text.index("asked")
    assert text[slice(*sentence_at(text, start, start + 5))] == "“Too much?” she asked."


FRAGMENTS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<a href='https://x.example/y'>",
        "</a>",
        "<div hidden>",
        "</div>",
        "<ol>",
        "<li>",
        "word ",
        "Two. Three",
        "<br><br>",
        "<table>",
        "<td>",
        "<b>",
        "</b>",
        "<img alt=x>",
        "<!--",
        "-->\n    ",
        "</html>",
        "<style>a{left:-999px",
        "}</style>",
        "<h2>Related posts</h2>",
        "&amp;",
        "\x00",
        "é",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join) | st.text(max_size=80))
def test_any_markup_parses_and_links_stand_where_they_say(source: str) -> None:
    found = parse(Snapshot(source.encode("utf-8", "replace"), url="https://harbor.example/"))
    for x in found.links:
        if x.paragraph is not None and not x.image:
            assert found.paragraphs[x.paragraph].text[x.start : x.end] == x.anchor
    for p in found.paragraphs:
        assert p.text == " ".join(p.text.split())
        assert 0 <= p.block < len(found.blocks)
    locate(found, [x.spot for x in found.links])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_parse(body: bytes) -> None:
    parse(Snapshot(body))


@given(st.text(max_size=200))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    rest = "".join(text[a:b] for a, b in spans)
    assert "".join(rest.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "source",
    [
        "<p>" + "".join(f"<b id={i}>" for i in range(2000)) + "</p>" + "<p>x" * 2000,
        "<div>" * 50_000 + "deep",
        "<style>" + ".a{" * 20_000 + "</style><p>left",
        "<p>" + "a" * 1_000_000,
        "<p style='" + "left:-9px;" * 50_000 + "'>x",
    ],
    ids=["reopened", "nested", "sheet", "long-word", "long-style"],
)
def test_hostile_markup_is_read_in_proportion_to_its_size(source: str) -> None:
    found = parse(Snapshot(source.encode()))
    assert len(found.paragraphs) <= 2_001
