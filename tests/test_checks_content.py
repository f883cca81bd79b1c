"""The checks on the parts every page should have and on what it tells search engines, with their fixtures and traps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Confidence
from tests.subjects import FIXTURES, PROSE, article, hits, line, page_at, page_of, site_hits

BAD = {
    "missing-title": ("no <title>", 3),
    "missing-description": ("no meta description", None),
    "missing-heading": ("no <h1>", None),
    "repeated-h1": ("More About Bread", 23),
    "missing-alt": ("underwing.jpg", 23),
    "empty-anchor": ("discount-luggage-sale.example", 20),
    "noindex-page": ("noindex", 9),
    "foreign-canonical": ("garden-bargains-outlet.example", 8),
    "invalid-structured-data": ("1 JSON-LD block", 9),
    "missing-language": ("no lang attribute", 2),
    "missing-viewport": ("no viewport", 3),
}
HTML_ONLY = (
    "missing-title",
    "missing-description",
    "foreign-canonical",
    "missing-language",
    "missing-viewport",
    "noindex-page",
)


@pytest.mark.parametrize("check", BAD)
def test_fires_on_its_bad_page_with_words_and_line(check: str) -> None:
    page = page_at(FIXTURES / "pages" / check / "bad.html")
    found = hits(check, page)
    words, at = BAD[check]
    assert len(found) == 1
    assert words in found[0].message
    assert line(page, found[0]) == at


@pytest.mark.parametrize("check", BAD)
def test_is_silent_on_its_good_page(check: str) -> None:
    assert hits(check, page_at(FIXTURES / "pages" / check / "good.html")) == []


@pytest.mark.parametrize("check", HTML_ONLY)
def test_what_cannot_apply_does_not_fire(check: str) -> None:
    assert hits(check, page_of("A bench\n\nIt stands by the river.\n", Format.TEXT)) == []
    assert hits(check, page_of("# A bench\n\nIt stands by the river.\n", Format.MARKDOWN)) == []
    assert hits(check, page_of(f"<h2>A bench</h2>{PROSE}")) == []


def test_titles_shared_by_several_pages() -> None:
    for folder, count in (("bad", 1), ("good", 0)):
        files = sorted((FIXTURES / "pages" / "duplicate-title" / folder).glob("*.html"))
        found = site_hits("duplicate-title", [page_at(file) for file in files])
        assert len(found) == count
        for hit in found:
            assert len(hit.evidence["pages"]) >= 2
            assert hit.evidence["title"] in hit.message


def test_one_page_under_two_addresses_is_no_duplicate() -> None:
    canonical = '<link rel="canonical" href="https://bench.example/oak">'
    pages = [page_of(article(PROSE, canonical), url=f"https://bench.example/oak{end}") for end in ("", "?page=1")]
    assert site_hits("duplicate-title", pages) == []


def test_empty_title_is_none() -> None:
    assert len(hits("missing-title", page_of(f"<html><head><title> </title></head><body>{PROSE}</body></html>"))) == 1


def test_description_of_open_graph_will_do() -> None:
    head = '<title>A</title><meta property="og:description" content="On oak.">'
    assert hits("missing-description", page_of(f"<html><head>{head}</head><body>{PROSE}</body></html>")) == []


def test_markdown_heading_may_come_from_its_front_matter() -> None:
    assert hits("missing-heading", page_of("---\ntitle: A bench\n---\n\nIt stands.\n", Format.MARKDOWN)) == []
    assert len(hits("missing-heading", page_of("## A bench\n\nIt stands.\n", Format.MARKDOWN))) == 1


@pytest.mark.parametrize(
    "image",
    [
        "<img src='/ornament.svg' alt=''>",
        "<img src='https://t.example/pixel.gif' width='1' height='1'>",
        "<img src='/a.jpg' alt='An oak'>",
    ],
)
def test_images_that_need_no_words(image: str) -> None:
    assert hits("missing-alt", page_of(article(PROSE + image))) == []


def test_one_finding_for_all_images() -> None:
    (hit,) = hits("missing-alt", page_of(article(PROSE + "".join(f"<img src='/{n}.jpg'>" for n in range(5)))))
    assert "5 images have" in hit.message
    assert hit.evidence["count"] == 5


@pytest.mark.parametrize(
    "link",
    [
        "<a href='https://oak.example/'><svg width='9' height='9'></svg></a>",
        "<a href='https://oak.example/'><img src='/a.png' alt='Oak'></a>",
        "<a href='https://oak.example/' aria-label='Oak'></a>",
        "<a href='https://oak.example/' class='icon-oak'></a>",
        "<a id='top' href='#top'></a>",
        "<a href='https://oak.example/'>Oak</a><a href='https://oak.example/'></a>",
    ],
)
def test_links_with_a_face(link: str) -> None:
    assert hits("empty-anchor", page_of(article(f"{PROSE}<p>There. {link}</p>"))) == []


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.bench.example/oak",
        "http://bench.example/oak",
        "/oak",
        "https://bench.co.uk/oak",  # the same name in another country
        "https://inner-host/oak",
    ],
)
def test_canonical_addresses_of_the_same_owner(canonical: str) -> None:
    head = f'<link rel="canonical" href="{canonical}">'
    assert hits("foreign-canonical", page_of(article(PROSE, head), url="https://bench.com/oak"
        if ".co.uk" in canonical else "https://bench.example/oak")) == []  # fmt: skip


def test_foreign_canonical_of_a_fetched_page_is_certain() -> None:
    head = '<link rel="canonical" href="https://pills.example/">'
    (hit,) = hits("foreign-canonical", page_of(article(PROSE, head), url="https://bench.example/oak"))
    assert hit.confidence is Confidence.HIGH
    assert hits("foreign-canonical", page_of(article(PROSE, head))) == []


def _served(header: str) -> Page:
    url = "https://bench.example/oak"
    return parse(Snapshot(body=article(PROSE).encode(), url=url, final_url=url, headers={"x-robots-tag": header}))


def test_headers_can_forbid_indexing() -> None:
    (hit,) = hits("noindex-page", _served("noindex, nofollow"))
    assert hit.evidence["header"] is True
    assert hits("noindex-page", _served("noarchive")) == []


def test_places_are_not_misled_by_comments() -> None:
    head = '<!-- <link rel="canonical" href="/old"> -->\n<link rel="icon" href="/i.png">\n<link rel="canonical" href="https://pills.example/">'
    page = page_of(article(PROSE, "\n" + head), url="https://bench.example/oak")
    (hit,) = hits("foreign-canonical", page)
    assert line(page, hit) == 4


def test_empty_structured_data_is_harmless() -> None:
    assert (
        hits("invalid-structured-data", page_of(article(PROSE, '<script type="application/ld+json"> </script>'))) == []
    )


def test_truncated_pages_may_have_lost_their_title() -> None:
    page = page_at(FIXTURES / "pages" / "missing-title" / "bad.html")
    assert hits("missing-title", replace(page, truncated="too many nodes")) == []
