"""The checks on who stands for an article: each with its fixtures, the words and line it names, and the traps of real pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.features.notices import notices
from auditor.features.people import anybody, qualified
from auditor.features.sources import affiliate_links, unlinked_sources
from auditor.features.trust import anonymous_authors, contradictory_dates, dated, published
from auditor.page.snapshot import Format
from auditor.report import Severity
from tests.subjects import FIXTURES, PROSE, article, hits, line, page_at, page_of

BAD = {
    "missing-author": ("nobody who wrote it", None),
    "anonymous-author": ("“admin”", None),
    "missing-date": ("neither when it was published", None),
    "contradictory-dates": ("changed on 2021-01-05, before it was published on 2024-06-11", None),
    "unlinked-source": ("Source: Journal of Sleep and Daylight Research", 21),
    "undisclosed-affiliate-links": ("3 affiliate links", 20),
    "unreviewed-health-advice": ("names no medical reviewer", None),
}


@pytest.mark.parametrize("check", BAD)
def test_fires_on_its_bad_page_with_words_and_line(check: str) -> None:
    page = page_at(FIXTURES / "pages" / check / "bad.html")
    found = hits(check, page, health=True)
    words, at = BAD[check]
    assert len(found) == 1
    assert words in found[0].message
    assert line(page, found[0]) == at


@pytest.mark.parametrize("check", BAD)
def test_is_silent_on_its_good_page(check: str) -> None:
    assert hits(check, page_at(FIXTURES / "pages" / check / "good.html")) == []


def _bare(
    body: str = PROSE, head: str = '<meta property="og:type" content="article">', name: str = "Larch &amp; Oak"
) -> str:
    return (
        f'<html lang="en"><head><title>A bench</title>{head}<meta property="og:site_name" content="{name}"></head>'
        f"<body><main><article><h1>A Bench for Two</h1>{body}</article></main></body></html>"
    )


def test_what_calls_itself_an_article() -> None:
    assert published(page_of(article(PROSE)))
    assert published(page_of(_bare()))
    assert published(page_of("---\ntitle: A bench\ndate: 2024-03-05\n---\n\nText.\n", Format.MARKDOWN))
    assert not published(page_of(_bare(head="")))
    for path in ("", "about/", "contact.html", "privacy-policy", "category/oak/"):
        assert not published(page_of(_bare(), url=f"https://bench.example/{path}"))
    assert published(page_of(_bare(), url="https://bench.example/about/how-the-oak-bench-came-to-the-weir/"))


@pytest.mark.parametrize(
    "extra",
    [
        "<p>Words by Philippa Oyelaran</p>",
        "<p>Written by Oona Vale</p>",
        "</article><div class='author-box'><h3>About the author</h3><p>Oona Vale keeps bees.</p></div><article>",
        "</article></main><footer><p>© 2024 Oona Vale</p></footer><main><article>",
        "<p><a href='/me'>About me</a></p>",
    ],
)
def test_somebody_is_found_beyond_the_metadata(extra: str) -> None:
    assert anybody(page_of(_bare(PROSE + extra)))
    assert hits("missing-author", page_of(_bare(PROSE + extra))) == []


def test_firms_in_the_footer_are_nobody() -> None:
    page = page_of(
        _bare(PROSE + "</article></main><footer><p>© 2024 Brackley Media Group</p></footer>", name="Fernhollow Weekly")
    )
    assert not anybody(page)
    assert len(hits("missing-author", page)) == 1


def test_contact_pages_need_no_author_and_no_date() -> None:
    page = page_of(_bare(), url="https://bench.example/contact/")
    assert hits("missing-author", page) == [] and hits("missing-date", page) == []


def _by(name: str, site: str = "Larch &amp; Oak") -> str:
    return _bare(f"<p class='byline'>By <a rel='author' href='/a'>{name}</a></p>{PROSE}", name=site)


@pytest.mark.parametrize("name", ["admin", "Staff", "Webmaster", "Editorial Team"])
def test_accounts_are_nobody(name: str) -> None:
    (hit,) = hits("anonymous-author", page_of(_by(name)))
    assert name in hit.message
    assert hit.severity is Severity.LOW


def test_the_site_itself_is_only_worth_a_note() -> None:
    (hit,) = hits("anonymous-author", page_of(_by("Accruent", "Accruent")))
    assert hit.severity is Severity.INFO


@pytest.mark.parametrize(
    ("name", "site"), [("Edith Staff", "Oak"), ("Oona Vale", "Oak"), ("Rick Harrow", "Rick Harrow")]
)
def test_people_are_people(name: str, site: str) -> None:
    assert anonymous_authors(page_of(_by(name, site))) is None


@pytest.mark.parametrize(
    "extra",
    [
        "<p>Medically reviewed by Ruth Calloway, MD</p>",
        "<p>By Oona Vale, RN, who has worked in wound care since 2003.</p>",
        "<p>By Oona Vale, a registered dietitian in Brackley.</p>",
        "</article><div class='author-box'><h3>About the author</h3><p>Oona Vale is a physician.</p></div><article>",
        "<p>This article has been medically reviewed.</p>",
    ],
)
def test_qualifications_count(extra: str) -> None:
    page = page_of(article(extra + PROSE))
    assert qualified(page)
    assert hits("unreviewed-health-advice", page, health=True) == []


def test_a_doctor_in_the_story_is_no_reviewer() -> None:
    page = page_of(article(PROSE + "<p>Dr. Miriam Stroud, MD, opened the windows of the hospital in 1889.</p>"))
    assert qualified(page) == ""
    (hit,) = hits("unreviewed-health-advice", page, health=True)
    assert "Oona Vale" in hit.message


def test_health_advice_with_sources_of_rank_weighs_less() -> None:
    links = "<p>See <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>one</a>, <a href='https://www.who.int/x'>two</a>.</p>"
    (hit,) = hits("unreviewed-health-advice", page_of(article(PROSE + links)), health=True)
    assert hit.severity is Severity.LOW


def test_public_bodies_need_no_reviewer() -> None:
    assert qualified(page_of(article(PROSE), url="https://www.nhs.uk/conditions/gout/"))


def test_a_date_of_related_posts_is_not_the_pages() -> None:
    related = (
        "</article><div class='related-posts'><h2>Related posts</h2>"
        "<div><a href='/a'>Nine oak beds</a> <span>May 19, 2025</span></div>"
        "<div><a href='/b'>Ten ash beds</a> <span>May 20, 2025</span></div></div>"
    )
    assert not dated(page_of(_bare(PROSE + related)))
    assert dated(page_of(_bare("<p>Published on May 21, 2025</p>" + PROSE)))


def _dates(issued: str, changed: str, body: str = "") -> list[int]:
    data = f'<script type="application/ld+json">{{"@type": "Article", "datePublished": "{issued}", "dateModified": "{changed}"}}</script>'
    return [found.days for found in contradictory_dates(page_of(_bare(body + PROSE, data)))]


def test_dates_that_cannot_both_be_right() -> None:
    assert _dates("2024-06-11", "2021-06-11") == [1096]
    assert _dates("2024-06-11", "2024-06-13", "<p>Updated on March 3, 2022</p>") == [831]


@pytest.mark.parametrize(
    ("issued", "changed", "body"),
    [
        ("2024-06-11", "2024-06-10", ""),  # time zones
        ("2024-06-11", "2024-05-20", ""),  # scheduled ahead
        ("2024-06-11", "2025-01-01", "<p>Updated on January 1, 2025</p>"),
        ("2024-06-11", "", "<p>The mill was updated on March 3, 1922, and again after the flood, which nobody in the village "
         "had thought possible before it came, least of all the miller and his two sons.</p>"),
    ],
)  # fmt: skip
def test_dates_that_agree_or_nearly(issued: str, changed: str, body: str) -> None:
    assert _dates(issued, changed, body) == []


def _sources(body: str) -> list[str]:
    return [found.occurrence.words for found in unlinked_sources(page_of(article(PROSE + body)))]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<p>Source: Journal of Experimental Addiction Medicine</p>",
            "Source: Journal of Experimental Addiction Medicine",
        ),
        ("<p>It heals in a week, a 2018 study in the Journal of Periodontology found.</p>", "a 2018 study"),
        ("<p>Those findings were published in the journal Oak and Ash.</p>", "findings were published in the journal"),
    ],
)
def test_sources_nobody_can_follow(body: str, words: str) -> None:
    assert _sources(body) == [words]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Source: <a href='https://doi.org/10.1/x'>Journal of Oak</a></p>",
        "<p>A 2018 study in the Journal of Oak found it [3].</p>",
        "<p>A 2018 study in the Journal of Oak found it (Vale and Roe, 2018).</p>",
        "<p>A 2018 study found it.</p><h2>References</h2><p>Vale, O. On oak.</p>",
        "<p>The path leads to the source: a journal of my walks would begin there.</p>",
        "<p>Studies show that oak lasts.</p>",
        "<figure><img src='/a.png' alt='x'><figcaption>Source: University of Brackley</figcaption></figure>",
        "<p>Data source: our own.</p>",
        "<p>A 2018 study found it.</p><p>See <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>the paper</a>.</p>",
    ],
)
def test_sources_that_can_be_followed(body: str) -> None:
    assert _sources(body) == []


def test_vague_claims_count_where_nothing_is_linked_at_all() -> None:
    body = "<p>Studies show that oak lasts. Experts agree that ash does not. Research has shown that larch may.</p>"
    (hit,) = hits("unlinked-source", page_of(article(PROSE + body)))
    assert hit.severity is Severity.INFO
    link = "<p>More at <a href='https://en.wikipedia.org/wiki/Oak'>the encyclopedia</a>.</p>"
    assert hits("unlinked-source", page_of(article(PROSE + body + PROSE + link))) == []


PAID = "<p>The <a href='https://river-bazaar.example/dp/B0?tag=trailkit-20'>lamp</a> is bright.</p>"


@pytest.mark.parametrize(
    "owning",
    [
        "<p>This post contains affiliate links.</p>",
        "<p>We may earn a commission when you buy.</p>",
        "<p>As an Amazon Associate I earn from qualifying purchases.</p>",
        "<p><a href='/affiliate-disclosure/'>How we are paid: disclosure</a></p>",
    ],
)
def test_owning_up(owning: str) -> None:
    page = page_of(article(PROSE + PAID + owning))
    assert len(affiliate_links(page)) == 1
    assert notices(page).hint


@pytest.mark.parametrize(
    "other",
    [
        "<p>Oak &amp; Co takes no commission on any bench it writes about.</p>",
        "<p>Advertisement</p>",
        "<p>The commission on benches, a committee of nine, met in May.</p>",
        "<p>She is affiliated with the college.</p>",
    ],
)
def test_not_owning_up(other: str) -> None:
    assert not notices(page_of(article(PROSE + PAID + other))).hint


def test_plain_shop_links_are_not_paid() -> None:
    page = page_of(article(PROSE + "<p>The <a href='https://river-bazaar.example/dp/B0'>lamp</a> is bright.</p>"))
    assert hits("undisclosed-affiliate-links", page) == []


@given(
    st.text(alphabet="<>/=\"'©() \n.,:ByAuthorsource journal study 2021", max_size=500), st.sampled_from(list(Format))
)
def test_no_text_breaks_the_features(text: str, format: Format) -> None:
    page = page_of(text, format)
    assert isinstance(published(page), bool) and isinstance(anybody(page), bool)
    assert isinstance(qualified(page), str) and isinstance(notices(page).hint, bool)
    assert contradictory_dates(page) == () or page.metadata.published
    for found in unlinked_sources(page):
        assert found.occurrence.words
