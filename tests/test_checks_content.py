"""The checks on the parts every page should have and on what it tells search engines, with their fixtures and traps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.features.pixels import cut, width
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Confidence, Severity
from tests.subjects import FIXTURES, PROSE, article, hits, line, page_at, page_of, site_hits

BAD = {
    "missing-title": ("no <title>", 3),
    "missing-description": ("no meta description", None),
    "missing-heading": ("no <h1>", None),
    "repeated-h1": ("More About Bread", 23),
    "missing-alt": ("underwing.jpg", 23),
    "empty-anchor": ("discount-luggage-sale.example", 20),
    "repeated-title-element": ("2 <title> elements", 7),
    "vague-title": ("Untitled Document", 6),
    "long-title": ("pixels wide", 6),
    "repeated-description-element": ("2 meta descriptions", 7),
    "long-description": ("pixels wide", 7),
    "skipped-heading-level": ("(level 1) comes “The measure of a bundle” (level 4)", 22),
    "empty-heading": ("An <h2> is empty", 23),
    "missing-open-graph": ("neither og:title nor og:image", None),
    "invalid-open-graph": ("/img/church-clock.jpg", 10),
    "broken-characters": ("vicarâ€™s", 24),
    "placeholder-text": ("Lorem ipsum", 23),
    "noindex-page": ("noindex", 9),
    "foreign-canonical": ("garden-bargains-outlet.example", 8),
    "invalid-structured-data": ("1 JSON-LD block", 9),
    "missing-language": ("no lang attribute", 2),
    "missing-viewport": ("no viewport", 3),
}
HTML_ONLY = (
    "missing-title",
    "repeated-title-element",
    "repeated-description-element",
    "long-description",
    "empty-heading",
    "missing-open-graph",
    "invalid-open-graph",
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


URL = "https://bench.example/oak/"
NAMED = '<meta property="og:site_name" content="The Bench Company">'


def titled(title: str, head: str = "", url: str | None = URL, body: str = PROSE) -> Page:
    """An article whose headline differs from the title."""
    return page_of(article(body, head).replace("<title>A Bench for Two</title>", f"<title>{title}</title>"), url=url)


# --- titles and descriptions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "size", "pixels"),
    [
        ("", 20, 0),
        ("i" * 90, 20, 400),
        ("W" * 32, 20, 604),
        ("é", 20, 11),
        ("木", 20, 20),
        ("я", 20, 13),
        ("e\u0301\u200b", 20, 11),
        ("The oak", 14, 51),
    ],
)
def test_width_in_arial(text: str, size: int, pixels: int) -> None:
    assert round(width(text, size)) == pixels


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The oak bench", "The oak bench"),
        ("The oak bench by the river, oiled every spring", "The oak bench by the"),
        ("Theoakbenchbytheriveroiledeveryspring", "Theoakbenchbytheriv"),
        ("木の橋の下のベンチと川の向こうのもう一つのベンチ", "木の橋の下のベンチと"),
    ],
)
def test_what_a_line_shows(text: str, shown: str) -> None:
    assert cut(text, 20, 220) == shown
    assert width(shown, 20) <= 220


LONG = "Why the Mayor of Brackley Moved Her Favourite Bench to the Weir"  # 595 pixels


@pytest.mark.parametrize(
    ("title", "count"),
    [
        (LONG, 0),
        (f"{LONG} | The Bench Company", 0),  # what is lost is the site's name
        (f"{LONG} – Benches and Other Things", 0),
        (f"{LONG} in the Year Before the Flood", 1),
        (f"{LONG} – and What Four Men and a Donkey Said of It to the Council", 1),
        (f"The Bench Company | {LONG}", 1),
        ("橋" * 30, 0),
        ("橋" * 31, 1),
    ],
)
def test_titles_that_are_cut(title: str, count: int) -> None:
    found = hits("long-title", titled(title, NAMED))
    assert len(found) == count
    for hit in found:
        assert title.startswith(hit.evidence["shown"]) and hit.evidence["shown"] in hit.message


@pytest.mark.parametrize(("letters", "count"), [(126, 0), (132, 0), (134, 1)])
def test_descriptions_that_are_cut(letters: int, count: int) -> None:
    head = f'<meta name="description" content="{"e" * letters}">'
    page = page_of(f"<html><head><title>Oak</title>{head}</head><body><h1>Oak</h1>{PROSE}</body></html>")
    assert len(hits("long-description", page)) == count


@pytest.mark.parametrize(
    ("title", "url", "count"),
    [
        ("Home", "https://bench.example/", 1),
        ("HOME", URL, 1),
        ("Untitled", URL, 1),
        ("New Page 1", URL, 1),
        ("React App", "https://bench.example/", 1),
        ("index.html", URL, 1),
        ("oak-bench_final.docx", URL, 1),
        ("Microsoft Word - oak bench.doc", URL, 1),
        ("The Bench Company", URL, 1),
        ("Bench", URL, 1),
        ("bench.example", URL, 1),
        ("Home | The Bench Company", URL, 1),
        ("The Bench Company", "https://bench.example/", 0),
        ("The Bench Company", "https://bench.example/index.html", 0),
        ("The Bench Company", "https://bench.example/en/", 0),
        ("Home | The Bench Company", "https://bench.example/", 0),
        ("The Bench Company", None, 0),  # perhaps the front page
        ("The Bench Company | Oak", URL, 0),
        ("Oak", URL, 0),
        ("Homecoming", URL, 0),
        ("Index of Oaks", URL, 0),
        ("Document your oak", URL, 0),
        ("Why we left ASP.NET", URL, 0),
        ("How to read a README.md", URL, 0),
        ("", URL, 0),
    ],
)
def test_titles_that_say_nothing(title: str, url: str | None, count: int) -> None:
    assert len(hits("vague-title", titled(title, NAMED, url))) == count


def test_a_page_about_its_site_may_bear_its_name() -> None:
    page = page_of(article(PROSE, NAMED, title="The Bench Company"), url="https://bench.example/about-us/")
    assert hits("vague-title", page) == []


def test_one_fault_of_a_title_is_told_once() -> None:
    page = titled("</title><title>Home", NAMED)
    assert (
        len(hits("missing-title", page)) + len(hits("vague-title", page)) + len(hits("repeated-title-element", page))
        == 2
    )
    page = titled("Home</title><title>Oak", NAMED)
    assert hits("vague-title", page) == []
    assert len(hits("repeated-title-element", page)) == 1


def test_titles_of_drawings_are_not_the_pages() -> None:
    assert hits("repeated-title-element", page_of(article(PROSE + "<svg><title>Oak</title></svg>"))) == []


def test_several_descriptions_are_not_a_missing_one() -> None:
    head = '<meta name="description" content="On oak."><meta name="description" content="On larch.">'
    page = page_of(f"<html><head><title>A</title>{head}</head><body>{PROSE}</body></html>")
    assert hits("missing-description", page) == []
    assert len(hits("repeated-description-element", page)) == 1


# --- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "gap"),
    [
        ((2, 2, 3, 2), None),
        ((2, 3, 4, 2), None),
        ((2, 4, 2), "2–4"),
        ((3, 3), "1–3"),
        ((2, 3, 6, 2), "3–6"),
        ((2, 3, 4, 2, 2), None),  # upwards any step is right
        ((2, 4), None),  # the last one is often the theme's
        ((4,), None),
    ],
)
def test_levels_of_headings(levels: tuple[int, ...], gap: str | None) -> None:
    body = "".join(f"<h{level}>Part {n}</h{level}>{PROSE}" for n, level in enumerate(levels))
    found = hits("skipped-heading-level", page_of(article(body)))
    assert [f"{hit.evidence['from']}–{hit.evidence['to']}" for hit in found] == ([gap] if gap else [])


def test_levels_in_manuscripts() -> None:
    text = "# A bench\n\n### Oak\n\nIt stands.\n\n## Larch\n\nIt lies.\n"
    assert len(hits("skipped-heading-level", page_of(text, Format.MARKDOWN))) == 1


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("<h2></h2>", 1),
        ("<h2> &nbsp; </h2>", 1),
        ("<h2><span><br></span></h2>", 1),
        ("<h3 class='lead'></h3><h2></h2>", 1),
        ("<h2>Oak</h2>", 0),
        ("<h2><a href='/oak'>Oak</a></h2>", 0),
        ("<h2><div><p>Oak</p></div></h2>", 0),
        ("<h2><img src='/oak.png' alt='Oak'></h2>", 0),
        ("<h2><svg></svg></h2>", 0),
        ("<h2 id='status'></h2>", 0),
        ("<h2 data-bind='title'></h2>", 0),
        ("<h2 aria-label='Oak'></h2>", 0),
        ("<h2 style='display:none'></h2>", 0),
        ("<template><h2></h2></template>", 0),
    ],
)
def test_headings_with_nothing_in_them(heading: str, count: int) -> None:
    assert len(hits("empty-heading", page_of(article(f"{PROSE}{heading}{PROSE}")))) == count


def test_an_empty_headline_is_a_missing_one() -> None:
    page = page_of(article(PROSE).replace("<h1>A Bench for Two</h1>", "<h1></h1>"))
    assert len(hits("missing-heading", page)) == 1
    assert hits("empty-heading", page) == []


# --- images -----------------------------------------------------------------------------------------------------------


def _themed(*images: str) -> Page:
    menu = "".join(f'<li><a href="/{n}/">Part {n}</a></li>' for n in range(5))
    return page_of(
        article(PROSE).replace(
            "<body>", f'<body><header><nav class="menu">{"".join(images)}<ul>{menu}</ul></nav></header>'
        ),
        url=URL,
    )


def test_images_of_the_theme_are_told_by_their_address() -> None:
    found = hits("missing-alt", _themed('<img src="/logo.png">', '<img src="/logo.png">', '<img src="/search.svg">'))
    assert [hit.target for hit in found] == ["https://bench.example/logo.png", "https://bench.example/search.svg"]
    assert all(hit.severity is Severity.INFO and not hit.template for hit in found)


def test_many_images_outside_of_the_article_are_one_finding() -> None:
    (hit,) = hits("missing-alt", _themed(*(f'<img src="/{n}.png">' for n in range(6))))
    assert hit.template and not hit.target
    assert hit.evidence["count"] == 6


def test_the_articles_images_stay_one_finding_of_their_own() -> None:
    (hit,) = hits("missing-alt", page_of(article(PROSE + '<img src="/a.jpg"><img src="/b.jpg">'), url=URL))
    assert (hit.target, hit.template, hit.severity) == ("", "", Severity.LOW)


# --- Open Graph -------------------------------------------------------------------------------------------------------


def _shared(**properties: str) -> Page:
    head = "".join(f'<meta property="og:{name}" content="{value}">' for name, value in properties.items())
    return page_of(article(PROSE, head), url=URL)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"image": "/oak.jpg"}, "no whole address"),
        ({"image": "oak.jpg"}, "no whole address"),
        ({"image": ""}, "is empty"),
        ({"image": "data:image/png;base64,AAAA"}, "no address"),
        ({"image": "http://localhost:8000/oak.jpg"}, "whoever reads it"),
        ({"url": "/oak/"}, "no whole address"),
        ({"url": ""}, "is empty"),
        ({"url": "https://elm.example/oak/"}, "belongs to elm.example"),
        ({"image": "https://cdn.example/oak.jpg"}, ""),
        ({"image": "//cdn.example/oak.jpg"}, ""),
        ({"url": "https://www.bench.example/oak/"}, ""),
        ({"url": "https://bench.co.uk/oak/"}, ""),
        ({"title": "Oak"}, ""),
    ],
)
def test_addresses_for_sharing(properties: dict[str, str], words: str) -> None:
    found = hits("invalid-open-graph", _shared(**properties))
    assert len(found) == bool(words)
    assert all(words in hit.message for hit in found)


def test_a_foreign_page_is_told_by_its_canonical_address() -> None:
    head = '<link rel="canonical" href="https://elm.example/"><meta property="og:url" content="https://elm.example/">'
    page = page_of(article(PROSE, head), url=URL)
    assert len(hits("foreign-canonical", page)) == 1
    assert hits("invalid-open-graph", page) == []


def test_only_articles_are_expected_to_be_shared() -> None:
    assert len(hits("missing-open-graph", page_of(article(PROSE), url=URL))) == 1
    assert hits("missing-open-graph", _shared(image="https://bench.example/oak.jpg")) == []
    plain = f"<html><head><title>Benches</title></head><body><main><h1>Benches</h1>{PROSE}</main></body></html>"
    assert hits("missing-open-graph", page_of(plain, url=URL)) == []


# --- text -------------------------------------------------------------------------------------------------------------


def _saying(*words: str, title: str = "A Bench for Two") -> Page:
    return page_of(article(PROSE + "".join(f"<p>{word}</p>" for word in words), title=title), url=URL)


@pytest.mark.parametrize(
    "text",
    [
        "It doesnâ€™t matter",
        "It doesn\u00e2\u0080\u0099t matter",
        "â€œOakâ€\u009d, she said",
        "The cafÃ© by the weir",
        "Ein schÃ¶ner Tag",
        "A fee of Â£5",
        "Â© 2024 the council",
        "ÐŸÑ€Ð¸Ð²ÐµÑ‚",
        "The caf\ufffd by the weir",
        "ï¿½ben die Bank",
        "It wasnÃ¢â‚¬â„¢t",
    ],
)
def test_letters_that_came_out_wrong(text: str) -> None:
    page = _saying(text)
    (hit,) = hits("broken-characters", page)
    assert hit.severity is Severity.LOW
    assert hits("broken-characters", _saying(text, "This is what UTF-8 looks like when it is read as Latin-1.")) == []


@pytest.mark.parametrize(
    "text",
    [
        "O café da SÃO João, a IRMÃ do João, NÃO e “IRMÃ”",
        "Le château « Âme », l’été à Âne",
        "În România, Â și Î; âme",
        "Þór og Ðalvík, Ñandú y Ñoño, ÑAÑA",
        "Vân Đồn, Trần Hưng Đạo, Ân Thi",
        "Прага и Київ",
        "naïve façade, El Niño, 5 £ © ®",
    ],
)
def test_letters_that_languages_use(text: str) -> None:
    assert hits("broken-characters", _saying(*[text] * 3)) == []


def test_code_may_hold_anything() -> None:
    assert hits("broken-characters", _saying("<pre>It doesnâ€™t matter</pre>")) == []


def test_many_wrong_letters_or_a_wrong_title_weigh_more() -> None:
    (hit,) = hits("broken-characters", _saying(*["It doesnâ€™t matter that it isnâ€™t oak."] * 6))
    assert (hit.severity, hit.confidence, hit.evidence["count"]) == (Severity.MEDIUM, Confidence.HIGH, 12)
    (hit,) = hits("broken-characters", _saying(title="The Mayorâ€™s Bench"))
    assert hit.severity is Severity.MEDIUM
    assert hit.spot is not None


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "Welcome to WordPress. This is your first post. Edit or delete it, then start writing!",
        "This is an example page. It’s different from a blog post because it will stay in one place.",
        "Your text here",
        "I’m a paragraph. Click here to add your own text and edit me.",
        "Add Your Heading Text Here",
    ],
)
def test_text_that_the_theme_came_with(text: str) -> None:
    page = _saying(text)
    (hit,) = hits("placeholder-text", page)
    assert text[:9] in hit.message
    assert hit.template
    assert hits("unfilled-template", page) == []


@pytest.mark.parametrize(
    "texts",
    [
        ("Printers fill a page with “Lorem ipsum dolor sit amet” until the words come.",),
        ("Lorem ipsum dolor sit amet is dummy text of the trade.",),
        ("<code>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</code>", "It is placeholder text."),
        ("<pre>Your text here</pre>",),
        ("[Your text here]",),
        ("Above the bench hung a sign that said “your text here”.",),
        ("Click here to add your bench to the map. The text is yours.",),
        ("We moved the site from WordPress, just another site among many.",),
    ],
)
def test_text_that_speaks_of_it(texts: tuple[str, ...]) -> None:
    assert hits("placeholder-text", _saying(*texts)) == []


def test_a_theme_s_slogan_in_the_title() -> None:
    (hit,) = hits("placeholder-text", titled("Benches – Just another WordPress site"))
    assert hit.spot is not None and "just another wordpress site" in hit.message
