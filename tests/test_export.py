"""WordPress exports: every published post a document, at its place in the file; damaged and hostile ones end in one line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.export import paragraphs
from auditor.files import read
from auditor.page.page import Kind
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.snapshot import Failure, FailureKind, Snapshot

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
"""
TAIL = "</channel></rss>\n"


def item(content: str, number: int = 1, kind: str = "post", status: str = "publish") -> str:
    return f"""<item>
<title>A &amp; B {number}</title><link>https://blog.example/{number}/</link>
<pubDate>Mon, 04 Mar 2024 10:00:00 +0000</pubDate><dc:creator><![CDATA[Mara Lind]]></dc:creator>
<content:encoded><![CDATA[{content}]]></content:encoded>
<excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>
<category domain="category" nicename="news"><![CDATA[News]]></category>
<wp:comment><wp:comment_content><![CDATA[Buy pills]]></wp:comment_content></wp:comment>
</item>
"""


def taken(text: str | bytes, limit: int = 100_000) -> list[Snapshot | Failure]:
    body = text.encode() if isinstance(text, str) else text
    return list(read(["-"], max_bytes=limit, stdin=io.BytesIO(body), stdin_name="blog.xml"))


def test_every_published_post_is_a_document() -> None:
    posts = item("One.", 1) + item("Two.", 2, "page") + item("No.", 3, status="draft") + item("", 4, "attachment")
    first, second, left = taken(HEAD + posts + item("Menu", 5, "nav_menu_item") + TAIL)
    assert isinstance(first, Snapshot)
    assert isinstance(left, Failure)
    assert [first.name, second.name, left.name] == ["blog.xml#1", "blog.xml#2", "blog.xml"]
    assert left.kind is FailureKind.LEFT_OUT
    assert left.detail == "not published as articles: 1 attachment, 1 draft, 1 nav_menu_item"
    page = parse(first)
    said = page.metadata
    assert (page.url, said.title, said.authors) == ("https://blog.example/1/", "A & B 1", ("Mara Lind",))
    assert (said.published[:10], said.description, said.language) == ("2024-03-04", "In short.", "en-gb")
    assert said.og["article:section"] == "News"
    assert "pills" not in page.source


def test_blank_lines_are_paragraphs_and_what_wordpress_adds_is_no_text() -> None:
    content = "First one.\n\nSecond one.\n\n<pre>a\n\nb</pre>\n\n<!-- x\n\ny -->Third [caption id='1']<img src='a.png' alt=''/> Boat[/caption]"
    [snapshot] = taken(HEAD + item(content) + TAIL)
    assert isinstance(snapshot, Snapshot)
    texts = [p.text for p in parse(snapshot).paragraphs if p.kind is Kind.TEXT]
    assert texts[:2] == ["First one.", "Second one."]
    assert "<pre>a\n\nb</pre>" in snapshot.body.decode()


def test_what_the_block_editor_wrote_is_left_as_it_is() -> None:
    text = "<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Two.</p>\n<!-- /wp:paragraph -->"
    assert paragraphs(text) == text


WORDS = st.lists(
    st.sampled_from(
        ["Ein Wort mit ö. ", "\n", "\n\n", " \n\n", "<b>x</b> ", "<pre>a\n\nb</pre>", "<!-- c\n\n -->", "[gallery]"]
    ),
    max_size=12,
).map("".join)


@given(WORDS, WORDS, st.booleans())
def test_a_link_is_found_at_its_place_in_the_file(before: str, after: str, crlf: bool) -> None:
    text = HEAD + item("z", 1) + item(before + '<a href="https://plant.example/">here</a>' + after, 2) + TAIL
    at = text.index('<a href="https://plant')
    line, column = text.count("\n", 0, at) + 1, at - text.rindex("\n", 0, at)
    found = taken(text.replace("\n", "\r\n") if crlf else text)[1]
    assert isinstance(found, Snapshot)
    page = parse(found)
    [link] = [link for link in page.links if link.host == "plant.example"]
    place = locate(page, [link.spot])[link.spot]
    assert (place.line, place.column) == (line, column)


def test_a_damaged_export_is_read_up_to_the_damage() -> None:
    [first, failure] = taken(HEAD + item("One.") + item("Two <b>\x0b").replace("]]>", "&broken", 1))
    assert isinstance(first, Snapshot)
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.UNREADABLE
    assert "cannot be read past line" in failure.detail


@pytest.mark.parametrize(
    "declared", ['<!ENTITY a "ha"><!ENTITY b "&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % a "x">']
)
def test_entities_are_refused(declared: str) -> None:
    text = (HEAD + item("x").replace("Mara", "]]>&a;<![CDATA[") + TAIL).replace(
        "<rss", f"<!DOCTYPE rss [{declared}]>\n<rss", 1
    )
    [failure] = taken(text)
    assert isinstance(failure, Failure)
    assert "declares entities" in failure.detail
    assert "\n" not in failure.detail


def test_the_limit_is_one_of_posts() -> None:
    posts = item("x" * 30_000, 1) + item("word " * 100, 2) + "".join(item("word " * 100, n) for n in range(3, 60))
    found = taken(HEAD + posts + TAIL, limit=20_000)
    assert isinstance(found[0], Failure)
    assert found[0].kind is FailureKind.TOO_LARGE
    assert len(found) == 59
    assert all(isinstance(one, Snapshot) for one in found[1:])


def test_a_tag_without_end_is_not_gathered_for_ever() -> None:
    found = taken(HEAD + item("One.") + '<item a="' + "x" * 2_000_000, limit=20_000)
    assert isinstance(found[1], Failure)
    assert "no end" in found[1].detail


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    [found] = taken((HEAD.replace("UTF-8", name) + item("Caf\u00e9 am Meer.") + TAIL).encode(encoding))
    assert isinstance(found, Snapshot)
    assert "Caf\u00e9 am Meer." in found.body.decode()


def test_other_xml_is_named() -> None:
    [failure] = taken('<?xml version="1.0"?>\n<feed><title>x</title></feed>')
    assert isinstance(failure, Failure)
    assert failure.detail.startswith("XML that is neither XHTML nor a WordPress export")
    [xhtml] = taken('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>')
    assert isinstance(xhtml, Snapshot)


def test_a_folder_gives_its_exports_and_no_other_xml(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(HEAD + item("One.") + TAIL)
    (tmp_path / "sitemap.xml").write_text("<urlset/>")
    assert [one.name for one in read([str(tmp_path)], max_bytes=10_000)] == [f"{tmp_path}/a.xml#1"]


@pytest.mark.parametrize("shape", ["2024/03/post.html", "posts/2024-03-04_a-walk-1f2e.html", "posts/123.a-walk.html"])
def test_exports_of_html_are_folders(shape: str, tmp_path: Path) -> None:
    """As Blogger's, Medium's and Substack's are laid out."""
    (tmp_path / shape).parent.mkdir(parents=True)
    (tmp_path / shape).write_text("<html><body><section><p>A walk along the harbour.</p></section></body></html>")
    (tmp_path / "posts.csv").write_text("post_id,title\n")
    [found] = read([str(tmp_path)], max_bytes=10_000)
    assert isinstance(found, Snapshot)
    assert parse(found).paragraphs[0].text == "A walk along the harbour."
