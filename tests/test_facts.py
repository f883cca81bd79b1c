"""Trust facts: each fact of a page by each of its routes, and what only looks like one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.features.facts import Facts, facts, unsourced_figures
from auditor.features.figures import Claim, Support, figures
from auditor.features.occurrence import folded, plain
from auditor.features.people import is_person
from auditor.features.references import references
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.page.standing import Standing, by_address, by_words
from tests.subjects import PROSE, article, hits, page_of, site_hits

BARE = '<meta property="og:type" content="article"><meta property="og:site_name" content="Larch &amp; Oak">'


def page(body: str = "", after: str = "", head: str = BARE, url: str = "https://oak.example/a-bench/") -> Page:
    """An English article with `body` before its prose and `after` beside it."""
    return page_of(
        f'<html lang="en"><head><title>A Bench for Two</title>{head}</head>'
        f"<body><main><article><h1>A Bench for Two</h1>{body}{PROSE}</article></main>{after}</body></html>",
        url=url,
    )


def read(body: str = "", after: str = "", head: str = BARE, url: str = "https://oak.example/a-bench/") -> Facts:
    return facts(page(body, after, head, url))


SIGNED = '<p class="byline">By <a rel="author" href="/people/oona-vale/">Oona Vale</a></p>'

# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "after", "words", "route"),
    [
        (SIGNED, "", "Oona Vale", "rel"),
        ("<p>This post was written by Oona Vale, RN, of the harbour clinic.</p>", "", "Oona Vale", "text"),
        ("", '<div class="author-box"><h3>About the author</h3><p>Oona Vale</p><p>She keeps bees.</p></div>', "Oona Vale", "byline"),
    ],
)  # fmt: skip
def test_an_author_and_the_way_to_him(body: str, after: str, words: str, route: str) -> None:
    found = read(body, after)
    assert found.author.words.startswith(words)
    assert found.author.route == route
    assert found.person


def test_a_byline_can_be_pointed_at() -> None:
    seen = read(SIGNED).author.occurrence
    assert seen is not None and seen.words == "Oona Vale"


@pytest.mark.parametrize(
    "after",
    [
        '<aside class="sidebar"><p class="byline">By Bob Ray</p></aside>',
        '<div class="comments"><h2>2 comments</h2><p class="comment-author">Bob Ray</p><p>By Bob Ray, with thanks.</p></div>',
        '<div class="related-posts"><h2>Related posts</h2><ul><li><a href="/b">Nine oaks</a> <span>By Bob Ray</span></li>'
        '<li><a href="/c">Ten oaks</a> <span>By Ann Lee</span></li></ul></div>',
        "<footer><p>© 2024 Larch Dental Group</p></footer>",
        "<footer><p>© 2024 Cedar Regents</p></footer>",
    ],
)
def test_other_peoples_names_are_not_the_authors(after: str) -> None:
    found = read(after=after)
    assert not found.author
    assert found.person is None


def test_several_bylines_belong_to_a_list() -> None:
    assert not read(after="<div><p>By Bob Ray</p><p>By Ann Lee</p></div>").author


def test_the_owner_of_a_personal_site_is_its_author() -> None:
    told = "<p>I sat there. My dog did too, and I thought that I would write it down. I did, in my notebook.</p>"
    head = '<meta property="og:site_name" content="Oona Vale">'
    assert (read(told, head=head).author.words, read(told, head=head).author.route) == ("Oona Vale", "owner")
    assert not read("", head=head).author


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Oona Vale", True),
        ("Maddy", True),
        ("Larch and Oak", False),
        ("Brackley Dental Clinic", False),
        ("q_admin", False),
        ("The Editors", False),
        ("Harbour Research Team", False),
    ],
)
def test_people_and_houses(name: str, person: bool) -> None:
    head = BARE.replace("Larch &amp; Oak", "Larch and Oak")
    assert is_person(page(head=head), name) is person


def test_the_structured_data_can_call_an_author_an_organisation() -> None:
    ld = '<script type="application/ld+json">{"@type": "Article", "author": {"@type": "Organization", "name": "Heron Vale"}}</script>'
    assert read(head=BARE + ld).person is False


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<p class="byline">By Oona Vale, RN</p>', "RN"),
        ("<p>By Oona Vale, MS, RD — medically reviewed by Kim Roe RDN</p>", "RD"),
        (SIGNED + "<p>Oona Vale is a registered dietitian in Brackley.</p>", "registered dietitian"),
        (SIGNED, ""),
        (SIGNED + "<p>Dr. Miriam Stroud, MD, opened the windows in 1889.</p>", ""),
    ],
)
def test_credentials(body: str, words: str) -> None:
    found = read(body).credentials
    assert found is not None and found.words == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Medically reviewed by Ruth Calloway, MD</p>", "Ruth Calloway"),
        ("<p>By Ann Lee – Updated Sep 9, 2025 | Fact-checked by Ruth Calloway</p>", "Ruth Calloway"),
        ("<div><p>Fact checked by</p><p>Ruth Calloway</p></div>", "Ruth Calloway"),
        ("<p>This article has been medically reviewed.</p>", "medically reviewed"),
        ("<p>Last Medical Review: 08/28/2009</p>", "medical review"),
    ],
)
def test_reviewers(body: str, words: str) -> None:
    found = read(body).reviewer
    assert found is not None and found.words == words


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("", '<nav><ul><li><a href="/board/">Medical Review Board</a></li><li><a href="/b/">B</a></li></ul></nav>'),
        ("<p>Are you looking for clinically reviewed health information?</p>", ""),
        ("<p>Best Tutors of the Year, Reviewed by a Student</p>", ""),
        ("".join(f"<p>Reviewed by {name} R.</p>" for name in ("Ann", "Bob", "Cyd", "Dan", "Eve", "Fay")), ""),
        ("<p>The letter of a medical reviewer at the insurer is what decides.</p>", ""),
        ("", '<div class="comments"><h2>1 comment</h2><p>Reviewed by Bob Ray</p></div>'),
    ],
)
def test_what_is_no_review_of_the_page(body: str, after: str) -> None:
    assert not read(body, after).reviewer


def test_an_authors_page_or_fifty_words_about_him() -> None:
    linked = read(SIGNED).biography
    assert linked is not None and linked.words == "https://oak.example/people/oona-vale/"
    told = "<h3>About the author</h3><p>" + "Oona Vale has kept bees for thirty years and writes of it. " * 6 + "</p>"
    long = read(after=f'<div class="author-box">{told}</div>').biography
    assert long is not None and long.route == "block"
    assert not read(
        after='<div class="author-box"><h3>About the author</h3><p>Oona Vale keeps bees.</p></div>'
    ).biography
    assert not read('<p class="byline">By <a rel="author" href="/">Oona Vale</a></p>').biography


def test_a_public_body_answers_for_its_pages() -> None:
    assert read(url="https://www.nhs.uk/conditions/gout/").publisher.route == "host"
    assert read().publisher.route == "meta"


# --- dates ------------------------------------------------------------------------------------------------------------


def test_dates_and_their_route() -> None:
    found = read("<p>Published May 21, 2024 | Updated June 2, 2025</p>")
    assert (found.published.words, found.updated.words, found.published.route) == ("2024-05-21", "2025-06-02", "text")
    assert found.contradictions == ()


def test_a_related_posts_date_is_not_the_pages() -> None:
    after = (
        "<div class='related-posts'><h2>Related posts</h2><div><a href='/a'>Nine oak beds</a> <span>May 19, 2025</span></div>"
        "<div><a href='/b'>Ten ash beds</a> <span>May 20, 2025</span></div></div>"
    )
    assert not read(after=after).published


# --- references ---------------------------------------------------------------------------------------------------------

ENTRIES = (
    "<li>Vale O. On oak. J Larch. 2019;12(3):44-51.</li><li>Roe B, et al. Ash after rain. 2021. doi:10.1/x</li>"
    '<li><a href="https://pubmed.ncbi.nlm.nih.gov/1/">Weir M. Benches by rivers</a>. 2020.</li>'
)


@pytest.mark.parametrize(
    ("after", "length", "linked", "route"),
    [
        (f"<h2>References</h2><ol>{ENTRIES}</ol>", 3, 1, "heading"),
        (f"<h3>Article Sources:</h3><p>We only use good sources.</p><ul>{ENTRIES}</ul>", 3, 1, "heading"),
        (f"<p><b>Footnotes</b></p><ol>{ENTRIES}</ol>", 3, 1, "heading"),
        (f"<ul>{ENTRIES}<li>Stroud M. Moss. Bark. 2018;4(1):9.</li></ul>", 3, 0, "list"),
        ("<p>It lasts [1], it dries [2], and it is dear [3].</p>", 0, 0, "cites"),
        ("<p>It lasts.1 It dries.2 And it is dear.3 So they say.</p>", 0, 0, "cites"),
        ("", 0, 0, ""),
    ],
)  # fmt: skip
def test_reference_lists(after: str, length: int, linked: int, route: str) -> None:
    found = references(page_of(article(PROSE + after)))
    assert (found.length, found.linked, found.route) == (length, linked, route)


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("", "<footer><h4>Resources</h4><ul><li><a href='/r'>References</a></li><li><a href='/s'>Sources</a></li></ul></footer>"),
        ("<figure><img src='/a.png' alt='x'><figcaption>Source</figcaption></figure><p>Next it was oiled in 2019.</p>", ""),
        ("<h2>Notes</h2><ul><li>Use soft butter.</li><li>Bake at 180 degrees.</li><li>Keeps three days.</li></ul>", ""),
        ("<h2>Sources of water for birds</h2><p>Puddles, and the weir.</p>", ""),
        ("<p>It was built in 1987 (see the stone), and in 2011 (after the flood) again.</p>", ""),
    ],
)  # fmt: skip
def test_what_is_no_reference_list(inside: str, after: str) -> None:
    assert references(page(inside, after)).route == ""


def test_links_to_sources_of_rank_are_counted_once() -> None:
    links = (
        "<p>See <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>one</a>, <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>it again</a> and "
        "<a href='https://www.who.int/x'>two</a>.</p>"
    )
    found = read(links, "<footer><a href='https://www.cdc.gov/'>CDC</a></footer>")
    assert (found.scholarly, found.official) == (1.0, 1.0)


# --- figures ------------------------------------------------------------------------------------------------------------


def _figures(text: str) -> list[tuple[str, Claim, Support]]:
    return [(f.occurrence.words, f.claim, f.support) for f in figures(page_of(article(f"<p>{text}</p>{PROSE}")))]


@pytest.mark.parametrize(
    ("text", "words", "claim"),
    [
        ("Some 42% of them get better.", "42%", Claim.SHARE),
        ("Between 7.5 to 17.3 percent of them do.", "7.5 to 17.3 percent", Claim.SHARE),
        ("It helps 1 in 5 of them.", "1 in 5", Claim.SHARE),
        ("It helps one in three of them.", "one in three", Claim.SHARE),
        ("Half of all adults have it.", "Half of all adults", Claim.SHARE),
        ("Take 400 mg at night.", "400 mg", Claim.DOSE),
        ("They are three times as likely to.", "three times as", Claim.RATIO),
        ("Smoking doubles the risk.", "doubles the risk", Claim.RATIO),
        ("It rose 6,000-fold.", "6,000-fold", Claim.RATIO),
        ("They followed 1,200 healthy adults.", "1,200 healthy adults", Claim.STUDY),
    ],
)
def test_claims_with_numbers(text: str, words: str, claim: Claim) -> None:
    assert _figures(text) == [(words, claim, Support.NONE)]


@pytest.mark.parametrize(
    "text",
    [
        "I am 100% sure of it.",
        "Now 20% off for members.",
        "The bench was moved in 1987 by four men.",
        "It is rated 4.6 out of 5.",
        "It costs $1,200 people say.",
        "They came one in the evening and ten in 2024.",
        "Stay for two in three weeks.",
    ],
)
def test_what_claims_nothing(text: str) -> None:
    assert _figures(text) == []


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("Some 42% do. A <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>trial</a> found it.", Support.LINK),
        ("Some 42% do [3].", Support.CITE),
        ("Some 42% do (Vale and Roe, 2019).", Support.CITE),
        ("According to the World Health Organization 42% do.", Support.NAMED),
        ("Some 42% do. See our <a href='/shop/'>shop</a>.", Support.NONE),
        (
            "Some 42% do. And so on. It is late. A <a href='https://pubmed.ncbi.nlm.nih.gov/1/'>trial</a> is on.",
            Support.NONE,
        ),
    ],
)
def test_what_stands_near_a_claim(text: str, support: Support) -> None:
    assert [found[2] for found in _figures(text)] == [support]


CLAIMED = (
    "<p>It helps 42% of patients. After a week 83% have no pain. Women get it three times as often as men do. In 1,200 adults "
    "it came back. One in six needs an injection, and the treatment of the symptoms brings relief to 71% of them.</p>"
)


def test_figures_without_any_source_on_the_page() -> None:
    assert len(unsourced_figures(page_of(article(PROSE + CLAIMED)))) == 5
    (hit,) = hits("unsourced-figures", page_of(article(PROSE + CLAIMED)), health=True)
    assert "“42%”" in hit.message and hit.spot is not None


@pytest.mark.parametrize(
    "extra",
    [
        "<p>See <a href='https://en.wikipedia.org/wiki/Oak'>more</a>.</p>",
        f"<h2>References</h2><ol>{ENTRIES}</ol>",
        "<p>It lasts for 10% of them [1].</p>",
    ],
)
def test_one_source_is_enough_to_be_silent(extra: str) -> None:
    assert unsourced_figures(page_of(article(PROSE + CLAIMED + extra))) == ()


def test_doses_and_a_few_figures_are_no_fault() -> None:
    doses = "<p>" + " ".join(f"Take {n} mg of it on day {n}." for n in range(10, 20)) + "</p>"
    assert unsourced_figures(page_of(article(PROSE + doses))) == ()
    assert unsourced_figures(page_of(article(PROSE + "<p>Some 42% do, and 17% do not.</p>"))) == ()


# --- notices ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<p>This post contains affiliate links.</p>",
        "<p>We may earn a commission when you buy through links on our site.</p>",
        "<p>As an Amazon Associate I earn from qualifying purchases.</p>",
        "<p>Oak.example is a participant in the Amazon Services LLC Associates Program.</p>",
        "<p>Sponsored by Brackley Boats</p>",
        '<p><a href="/affiliate-disclosure/">Affiliate disclosure</a></p>',
    ],
)
def test_a_page_that_is_paid_says_so(body: str) -> None:
    assert read(body).disclosure


@pytest.mark.parametrize(
    "body",
    [
        "<p>A sponsored session at the fair showed a chef beside a baker.</p>",
        "<p>Affiliate marketing is how three quarters of such blogs live.</p>",
        "<p>Those with high incomes pay a greater percentage of them in tax.</p>",
        '<p><a href="/disclosure/">Vulnerability Disclosure Policy</a></p>',
        '<nav><ul><li><a href="/affiliates/">Affiliate Program</a></li><li><a href="/b/">Blog</a></li></ul></nav>',
        "<p>We take no commission on any bench we write about.</p>",
    ],
)
def test_talk_of_money_is_no_disclosure(body: str) -> None:
    assert not read(body).disclosure


@pytest.mark.parametrize(
    "body",
    [
        "<p>This is not medical advice.</p>",
        "<p>The information here is not a substitute for professional medical advice.</p>",
        "<p>These statements have not been evaluated by the Food and Drug Administration.</p>",
        "<p>For informational purposes only; ask your doctor about any treatment.</p>",
        '<p><a href="/medical-disclaimer/">Medical disclaimer</a></p>',
    ],
)
def test_medical_disclaimers(body: str) -> None:
    assert read(body).disclaimer


@pytest.mark.parametrize(
    "body",
    [
        "<p>This is for informational purposes only and no investment advice.</p>",
        "<p>Disclaimer: opinions are my own.</p>",
        '<p><a href="/disclaimer/">Disclaimer</a></p>',
        "<p>They went against medical advice and left the hospital.</p>",
        "<p>Trusted medical advice from our doctors, every week.</p>",
    ],
)
def test_disclaimers_of_another_kind(body: str) -> None:
    assert not read(body).disclaimer


def test_where_the_owner_is() -> None:
    after = "<footer><p>Larch &amp; Oak, 12 Tannery Row, Brackley, VT 05401</p><p>Call (802) 555-0142</p></footer>"
    after = after.replace("Tannery Row", "Tannery Street")
    found = read(after=after)
    assert found.address and found.phone
    assert found.phone.words == "(802) 555-0142"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("<p>Mrs. Roe lived at 12 Tannery Street, Brackley, VT 05401, and her number was (802) 555-0142.</p>", ""),
        ("", "<nav><ul><li><a href='/a'>The 4 Fees That Drive Cost</a></li><li><a href='/b'>B</a></li></ul></nav>"),
        ("<p>In need? <a href='tel:988'>Call 988</a>.</p>", ""),
    ],
)
def test_addresses_and_numbers_of_others(body: str, after: str) -> None:
    found = read(body, after)
    assert not found.address and not found.phone


# --- standing pages -----------------------------------------------------------------------------------------------------

FOOTER = (
    "<footer><ul><li><a href='/about/'>About Larch &amp; Oak</a></li><li><a href='mailto:desk@oak.example'>Write to us</a></li>"
    "<li><a href='https://group.example/privacy'>Privacy notice</a></li><li><a href='/how-we-work/'>Editorial policy</a></li></ul></footer>"
)


def test_standing_pages_in_the_footer() -> None:
    found = read(after=FOOTER).standing
    assert found is not None
    assert set(found) == {Standing.ABOUT, Standing.CONTACT, Standing.PRIVACY, Standing.EDITORIAL}
    assert found[Standing.EDITORIAL].words == "Editorial policy"


@pytest.mark.parametrize(
    ("anchor", "kind"),
    [
        ("About", Standing.ABOUT),
        ("About Us →", Standing.ABOUT),
        ("About COPD", None),
        ("Contact lenses", None),
        ("Privacy & Terms", Standing.PRIVACY),
        ("Medical Review Board", Standing.EDITORIAL),
        ("Advertise with us", Standing.ADVERTISING),
        ("Our story", Standing.ABOUT),
        ("Stories", None),
        ("", None),
    ],
)
def test_what_anchors_announce(anchor: str, kind: Standing | None) -> None:
    assert by_words(anchor, "larchoak") is kind


def test_what_addresses_name() -> None:
    assert by_address("/company/about-us.html?x=1") is Standing.ABOUT
    assert by_address("https://oak.example/contact/") is Standing.CONTACT
    assert by_address("/blog/about-a-boy/") is None


def test_a_link_that_shares_the_page_is_no_contact() -> None:
    found = read(after="<footer><a href='mailto:?subject=Look'>E-mail</a><a href='tel:988'>988</a></footer>").standing
    assert found == {}


MENU = (
    "<nav><ul>"
    + "".join(f"<li><a href='/{t}/'>{t.title()}</a></li>" for t in ("feet", "chest", "mind", "skin", "all"))
    + "</ul></nav>"
)


def test_a_site_is_asked_for_all_its_pages_together() -> None:
    pages = [page(after=MENU, url=f"https://oak.example/{n}/") for n in range(4)]
    assert site_hits("missing-trust-pages", pages) == []  # not about health
    assert all(found == {} for found in (facts(p).standing for p in pages))


# --- what cannot be looked for --------------------------------------------------------------------------------------------


def test_a_plain_text_has_no_links_to_look_for() -> None:
    found = facts(
        page_of("A Bench for Two\n\nBy Oona Vale\n\nThe bench stands where the path leaves the river.\n", Format.TEXT)
    )
    assert found.standing is None and found.biography is None
    assert math.isnan(found.scholarly) and math.isnan(found.affiliates)
    assert math.isnan(found.sourced)


def test_markdown_has_links_but_no_menus() -> None:
    found = facts(
        page_of("---\ntitle: A bench\nauthor: Oona Vale\n---\n\nSee [who](https://www.who.int/x).\n", Format.MARKDOWN)
    )
    assert found.standing is None
    assert found.official == 1.0
    assert found.author.route == "front-matter"


def test_other_languages_are_not_searched_for_english_words() -> None:
    text = (
        "<p>Die Bank steht dort, wo der Weg den Fluss verlässt, und jemand ölt sie in jedem Frühling neu ein, damit sie hält.</p>"
        * 6
    )
    found = facts(
        page_of(f'<html lang="de"><body><main><article><h1>Eine Bank</h1>{text}</article></main></body></html>')
    )
    assert found.disclaimer is None and found.disclosure is None and found.figures is None and found.credentials is None


# --- plain letters ------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(alphabet="aB İ’“\x00é.%1", max_size=12), max_size=6))
def test_folded_is_plain_paragraph_by_paragraph(texts: list[str]) -> None:
    body = "".join(f"<p>{text}</p>" for text in texts)
    made = page_of(f"<article>{body}</article>")
    read = folded(made)
    assert read.texts == tuple(plain(p.text) for p in made.paragraphs)
    for start, text in zip(read.starts, read.texts, strict=True):
        assert read.raw[start : start + len(text)] == text.encode("latin-1", "replace")
    assert read.holding(["é"]) == [i for i, text in enumerate(read.texts) if "é" in text]


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="<>/=\"'©() \n.,:%123ByAuthorsource[1]reviewed by mg affiliate advice", max_size=600),
    st.sampled_from(list(Format)),
)
def test_no_text_breaks_the_facts(text: str, format: Format) -> None:
    found = facts(page_of(text, format))
    assert bool(found.author) is bool(found.author.words)
    assert 0 <= found.references.linked <= found.references.length or found.references.length == 0


@pytest.mark.parametrize(
    "unit",
    ["1% ", "[1] ", "12 A Street ", "reviewed by A B ", "affiliate ", "(2019; 1(1): 1) ", "one in two ", '" 1.2,3'],
)
def test_a_hundred_thousand_of_anything_is_read(unit: str) -> None:
    found = facts(page_of(f"<html lang='en'><article><p>{unit * (100_000 // len(unit))}</p></article></html>"))
    assert found.contradictions == ()
