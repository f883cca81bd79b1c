"""Fix: what findings point at goes, in every shape that it comes in, and no other byte does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import language
from auditor.fix.edit import Edit, RefusedError, combined, rewritten, spliced
from auditor.fix.repair import MOST, repair
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Confidence, Finding, Location, Severity

BAD = "https://bad.example/x"
LEARNED = language.load()


def finding(
    snapshot: Snapshot, check: str = "planted-link", href: str = BAD, nth: int = 0, **evidence: object
) -> Finding:
    """What the check says of the n-th link to an address."""
    page = parse(snapshot)
    link = [one for one in page.links if one.href == href][nth]
    place = locate(page, [link.spot])[link.spot]
    where = Location(path=snapshot.path, line=place.line, column=place.column)
    return Finding(check, Severity.HIGH, Confidence.HIGH, "", "", f"{check}{href}{nth}", where, evidence)


def fixed(
    source: str | bytes,
    format: Format = Format.HTML,
    *,
    links: int = 1,
    stray: bool = True,
    mark: bool = False,
    encoding: str = "utf-8",
) -> str:
    """The source with its links to `BAD` taken out: words and all where they are stray."""
    body = source.encode(encoding) if isinstance(source, str) else source
    snapshot = Snapshot(body, format, path="a.html")
    found = [finding(snapshot, nth=n, stray=stray) for n in range(links)]
    done = repair(snapshot, found, (), LEARNED, mark)
    return done.body.decode(encoding)


def page(inside: str) -> str:
    return f"<!DOCTYPE html>\n<html><head><title>T</title></head>\n<body>\n{inside}\n</body></html>\n"


BEFORE, AFTER = "The mill stood by the river for years", "and the wheel turned all night long."


# What is to go, and what stays of it: `{}` is the page's own words on both sides.
DROPPED = {
    "double quotes": f'{BEFORE} <a href="{BAD}">cheap pills</a> {AFTER}',
    "single quotes": f"{BEFORE} <a class=x href='{BAD}'>cheap pills</a> {AFTER}",
    "no quotes": f"{BEFORE} <a href={BAD} target=_blank>cheap pills</a> {AFTER}",
    "capitals": f'{BEFORE} <A HREF="{BAD}">cheap pills</A> {AFTER}',
    "spaces": f'{BEFORE} <a\n  href = "{BAD}"\n  title="a > b"\n>cheap pills</a\n> {AFTER}',
    "nested": f'{BEFORE} <b><a href="{BAD}"><i>cheap</i> pills</a></b> {AFTER}',
    "wrapped twice": f'{BEFORE} <span class="x"><strong><a href="{BAD}">cheap pills</a></strong></span> {AFTER}',
    "comment": f'{BEFORE} <a href="{BAD}">cheap <!-- </a> --> pills</a> {AFTER}',
    "entities": f'{BEFORE} <a href="{BAD}">cheap &amp; pills &#8217;til &eacute;</a> {AFTER}',
    "brackets": f'{BEFORE} (<a href="{BAD}">cheap pills</a>) {AFTER}',
    "quotation marks": f'{BEFORE} “<a href="{BAD}">cheap pills</a>” {AFTER}',
    "line end": f'{BEFORE} <a href="{BAD}">cheap pills</a>\n{AFTER}',
}


@pytest.mark.parametrize("shape", DROPPED)
def test_a_stray_phrase_goes_with_its_link_and_what_would_be_left_of_it(shape: str) -> None:
    text = fixed(page(f"<p>{DROPPED[shape]}</p>"))
    joined = "\n" if shape == "line end" else " "
    expected = page(f"<p>{BEFORE}{joined}{AFTER}</p>")
    assert text.replace(" \n", "\n") == expected if shape == "line end" else text == expected


def test_before_a_full_stop_no_blank_is_left_and_of_two_commas_one() -> None:
    assert fixed(page(f'<p>{BEFORE} <a href="{BAD}">cheap pills</a>.</p>')) == page(f"<p>{BEFORE}.</p>")
    assert fixed(page(f'<p>{BEFORE}, <a href="{BAD}">cheap pills</a>, {AFTER}</p>')) == page(
        f"<p>{BEFORE}, {AFTER}</p>"
    )


def test_words_that_lead_to_the_phrase_alone_go_with_it() -> None:
    text = fixed(page(f'<p>{BEFORE} with <a href="{BAD}">cheap pills</a>.</p>'))
    assert text == page(f"<p>{BEFORE}.</p>")


def test_an_article_stays_with_the_words_that_go_on() -> None:
    source = page(f'<p>We went down to the <a href="{BAD}">cheap pills</a> river every Sunday.</p>')
    assert fixed(source) == page("<p>We went down to the river every Sunday.</p>")


def test_words_that_read_well_stay_without_their_link() -> None:
    source = page(f'<p>The <a href="{BAD}">town council</a> met on Monday to talk about the road.</p>')
    assert fixed(source, stray=False) == page("<p>The town council met on Monday to talk about the road.</p>")


def test_a_picture_stays_without_its_link() -> None:
    source = page(f'<p>{BEFORE} <a href="{BAD}"><img src="a.png" alt="A mill"></a> {AFTER}</p>')
    assert fixed(source) == page(f'<p>{BEFORE} <img src="a.png" alt="A mill"> {AFTER}</p>')


@pytest.mark.parametrize(
    ("holds", "left"),
    [
        (f'<p>One.</p>\n  <p><a href="{BAD}">cheap pills</a></p>\n<p>Two.</p>', "<p>One.</p>\n<p>Two.</p>"),
        (f'<ul>\n<li>One.</li>\n<li><a href="{BAD}">cheap pills</a></li>\n</ul>', "<ul>\n<li>One.</li>\n</ul>"),
        (f'<p>One.</p><ul><li><a href="{BAD}">cheap pills</a></li></ul><p>Two.</p>', "<p>One.</p><p>Two.</p>"),
        (f'<table><tr><td><a href="{BAD}">cheap pills</a></td><td>1</td></tr></table>', "<table><tr><td></td><td>1</td></tr></table>"),
        (f'<p>One.<p><a href="{BAD}">cheap pills</a><p>Two.', "<p>One.<p><p>Two."),
        (f'<p>One is here. <a href="{BAD}">Cheap pills</a>! Two is there.</p>', "<p>One is here. Two is there.</p>"),
    ],
)  # fmt: skip
def test_what_holds_nothing_else_goes_whole_where_its_end_is_plain(holds: str, left: str) -> None:
    assert fixed(page(holds)) == page(left)


def test_the_link_that_is_meant_goes_and_not_its_twin() -> None:
    twin = f'<p>{BEFORE} <a href="{BAD}">cheap pills</a> {AFTER}</p>'
    snapshot = Snapshot(page(twin + twin).encode(), path="a.html")
    done = repair(snapshot, [finding(snapshot, nth=1, stray=True)], (), LEARNED)
    assert done.body.decode() == page(f"{twin}<p>{BEFORE} {AFTER}</p>")


@pytest.mark.parametrize(
    ("holds", "reason"),
    [
        (f'<p>{BEFORE} <b><a href="{BAD}">cheap</b> pills</a> {AFTER}</p>', "where its <a> ends cannot be told"),
        (f'<p>{BEFORE} <a href="{BAD}">cheap pills {AFTER}</p>', "where its <a> ends cannot be told"),
        (f'<p>{BEFORE} <a href="{BAD}">{{% if x %}}cheap{{% endif %}}</a> {AFTER}</p>', "holds a template's code"),
        (f'<p>{BEFORE} <a href="{BAD}">cheap <a href="/b">pills</a></a> {AFTER}</p>', "where its <a> ends cannot be told"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_with_a_reason(holds: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(reason)):
        fixed(page(holds))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_mark_and_line_ends_stay(encoding: str, end: str) -> None:
    meta = '<meta charset="iso-8859-1">' if encoding == "latin-1" else ""
    source = page(f'{meta}<p>Caf\xe9, {BEFORE} <a href="{BAD}">cheap pills</a> {AFTER}</p>').replace("\n", end)
    snapshot = Snapshot(source.encode(encoding), path="a.html")
    done = repair(snapshot, [finding(snapshot, stray=True)], (), LEARNED)
    assert done.body == source.replace(f' <a href="{BAD}">cheap pills</a>', "").encode(encoding)


def test_bytes_that_are_wrong_in_their_encoding_are_left() -> None:
    body = page(f'<p>{BEFORE} <a href="{BAD}">x y</a> {AFTER}</p>').encode("utf-16") + b"\n"  # half a character
    snapshot = Snapshot(body, path="a.html")
    with pytest.raises(RefusedError, match="bytes that are wrong in its encoding"):
        repair(snapshot, [finding(snapshot)], (), LEARNED)


def test_a_page_of_too_many_is_left() -> None:
    link = f'<p>{BEFORE} <a href="{BAD}">cheap pills</a> {AFTER}</p>\n'
    snapshot = Snapshot(page(link * (MOST + 1)).encode(), path="a.html")
    places = locate(parse(snapshot), [one.spot for one in parse(snapshot).links])
    found = [replace(finding(snapshot), location=Location(line=at.line, column=at.column)) for at in places.values()]
    with pytest.raises(RefusedError, match="more than 500 links"):
        repair(snapshot, found, (), LEARNED)


def test_what_is_suppressed_stays_whatever_else_points_at_it() -> None:
    snapshot = Snapshot(page(f'<p>{BEFORE} <a href="{BAD}">online casino</a> {AFTER}</p>').encode(), path="a.html")
    found = finding(snapshot, stray=True)
    assert repair(snapshot, [found], [finding(snapshot, "vice-link")], LEARNED).body == snapshot.body
    assert repair(snapshot, [found], (), LEARNED).body != snapshot.body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<a href="{BAD}">', f'<a href="{BAD}" rel="sponsored nofollow">'),
        (f"<a href={BAD}>", f'<a href={BAD} rel="sponsored nofollow">'),
        (f'<a rel="noopener dofollow" href="{BAD}">', f'<a rel="noopener sponsored nofollow" href="{BAD}">'),
        (f"<a REL='nofollow' href='{BAD}'>", f"<a REL='nofollow sponsored' href='{BAD}'>"),
        (f'<a rel=ugc href="{BAD}">', f'<a rel="ugc sponsored nofollow" href="{BAD}">'),
    ],
)
def test_marked_links_own_up_and_keep_their_other_attributes(before: str, after: str) -> None:
    made = fixed(page(f"<p>{BEFORE} {before}cheap pills</a> {AFTER}</p>"), mark=True)
    assert made == page(f"<p>{BEFORE} {after}cheap pills</a> {AFTER}</p>")
    assert fixed(made, mark=True) == made


# Each with what is left of it, the words dropped.
MARKDOWN = {
    "inline": (f"{BEFORE} [cheap pills]({BAD}) {AFTER}\n", f"{BEFORE} {AFTER}\n"),
    "title": (f'{BEFORE} [cheap pills](<{BAD}> "Best (ever)") {AFTER}\n', f"{BEFORE} {AFTER}\n"),
    "bold": (f"{BEFORE} **[cheap pills]({BAD})** {AFTER}\n", f"{BEFORE} {AFTER}\n"),
    "brackets within": (f"{BEFORE} [cheap [red] `]` pills]({BAD}) {AFTER}\n", f"{BEFORE} {AFTER}\n"),
    "attributes": (f'{BEFORE} [cheap pills]({BAD}){{: rel="x"}} {AFTER}\n', f"{BEFORE} {AFTER}\n"),
    "reference": (f"{BEFORE} [cheap pills][p] {AFTER}\n\n[p]: {BAD}\n[q]: /q\n\nSee [q].\n", f"{BEFORE} {AFTER}\n\n[q]: /q\n\nSee [q].\n"),
    "shortcut": (f"{BEFORE} [cheap pills] {AFTER}\n\n[Cheap  Pills]: {BAD}\n", f"{BEFORE} {AFTER}\n\n"),
    "autolink": (f"{BEFORE} <{BAD}> {AFTER}\n", f"{BEFORE} {AFTER}\n"),
    "bare": (f"{BEFORE} {BAD} {AFTER}\n", f"{BEFORE} {AFTER}\n"),
    "html": (f'{BEFORE} <a href="{BAD}">cheap pills</a> {AFTER}\n', f"{BEFORE} {AFTER}\n"),
    "item": (f"- One mill.\n- [cheap pills]({BAD})\n- Two mills.\n", "- One mill.\n- Two mills.\n"),
    "crlf": (f"{BEFORE}\r\n[cheap pills]({BAD}) {AFTER}\r\n", f"{BEFORE}\r\n{AFTER}\r\n"),
    "quote": (f"> {BEFORE} [cheap pills]({BAD})\n> {AFTER}\n", f"> {BEFORE}\n> {AFTER}\n"),
    "no last line end": (f"---\ntitle: A\n---\n\n{BEFORE} [cheap pills]({BAD}).", f"---\ntitle: A\n---\n\n{BEFORE}."),
    "code is not meant": (f"`[a]({BAD})` {BEFORE} [cheap pills]({BAD}) {AFTER}\n", f"`[a]({BAD})` {BEFORE} {AFTER}\n"),
}  # fmt: skip


@pytest.mark.parametrize("shape", MARKDOWN)
def test_markdown(shape: str) -> None:
    before, after = MARKDOWN[shape]
    assert fixed(before, Format.MARKDOWN) == after


def test_a_definition_that_another_link_uses_stays() -> None:
    source = f"{BEFORE} [cheap pills][p] {AFTER}\n\nThe council has [a list][p] of all mills.\n\n[p]: {BAD}\n"
    assert fixed(source, Format.MARKDOWN) == source.replace(" [cheap pills][p]", "")


def test_words_of_markdown_that_read_well_stay() -> None:
    source = f"The [town council]({BAD}) met on Monday to talk about the road.\n"
    assert fixed(source, Format.MARKDOWN, stray=False) == "The town council met on Monday to talk about the road.\n"


def test_marking_in_markdown_writes_html_and_refuses_a_bare_address() -> None:
    marked = f'{BEFORE} <a href="{BAD}" rel="sponsored nofollow">cheap pills</a> {AFTER}\n'
    assert fixed(MARKDOWN["inline"][0], Format.MARKDOWN, mark=True) == marked
    assert fixed(marked, Format.MARKDOWN, mark=True) == marked
    with pytest.raises(RefusedError, match="cannot bear rel"):
        fixed(MARKDOWN["bare"][0], Format.MARKDOWN, mark=True)


def test_an_address_in_plain_text() -> None:
    assert fixed(f"A mill\n\n{BEFORE} {BAD} {AFTER}\n", Format.TEXT) == f"A mill\n\n{BEFORE} {AFTER}\n"


def test_edits_that_stand_in_each_others_way() -> None:
    whole, part, other = Edit(0, 9, ""), Edit(2, 4, ""), Edit(7, 12, "")
    assert combined([part, whole]) == (whole,)
    assert [(one.start, one.end) for one in combined([whole, other])] == [(0, 12)]
    assert spliced("abcdefghijklmnop", combined([part, other])) == "abefgmnop"
    with pytest.raises(RefusedError, match="each other's way"):
        combined([Edit(0, 5, "x"), Edit(3, 8, "")])
    with pytest.raises(RefusedError, match="wrong in its encoding"):
        rewritten(b"a\xffb", "a\ufffdb", "utf-8", [Edit(0, 1, "")])


WORDS = st.lists(
    st.sampled_from(["mill", "river", "the", "wheel", "Caf\xe9", "&amp;", "<i>old</i>", "1 &lt; 2", "<br>", "“so”"]),
    min_size=4,
    max_size=9,
)
PHRASES = st.sampled_from(["cheap pills", "<b>best</b> casino", "loans &amp; more", "Caf\xe9 slots"])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(WORDS, st.none() | PHRASES, WORDS), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
    st.booleans(),
)
def test_only_the_planted_spans_change(
    paragraphs: Sequence[tuple[list[str], str | None, list[str]]], end: str, encoding: str, stray: bool
) -> None:
    lines: list[str] = ["<title>T</title>"]
    kept: list[str] = ["<title>T</title>"]
    count = 0
    for left, phrase, right in paragraphs:
        before, after = " ".join(left), " ".join(right)
        link = f'<a href="{BAD}" class="k">{phrase}</a>'
        count += phrase is not None
        lines.append(f"<p>{before} {link} {after} end</p>" if phrase else f"<p>{before} {after}</p>")
        kept.append(
            f"<p>{re.escape(before)}(?: {re.escape(phrase)} | |(?<=<br>)|(?=<br>)){re.escape(after)} end</p>"
            if phrase
            else re.escape(lines[-1])
        )
    source = end.join(lines) + end
    body = source.encode(encoding)
    snapshot = Snapshot(body, path="a.html")
    done = repair(snapshot, [finding(snapshot, nth=n, stray=stray) for n in range(count)], (), LEARNED)
    assert re.fullmatch(end.join(kept) + end, done.body.decode(encoding))
    assert done.body.decode(encoding).encode(encoding) == done.body
    again = parse(Snapshot(done.body, path="a.html"))
    assert not [link for link in again.links if link.href == BAD]
