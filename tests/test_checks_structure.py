"""The checks on how an article is built: each with its fixtures, the words and line it names, and the traps of real pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.features.padding import filler, machine_text
from auditor.features.repetition import repeated_paragraphs, stuffed_stem
from auditor.features.structure import absent_figures, empty_taxonomy, stuck_numbering
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.report import Confidence
from tests.subjects import FIXTURES, PROSE, article, hits, line, page_at, page_of

BAD = {
    "absent-figure": ("The bar chart below", 20),
    "empty-taxonomy": ("Tags: , , ,", 24),
    "stuck-numbering": ("May I bring my own bowl?", 22),
    "thin-article": ("76 words", None),
    "padded-article": ("In today's modern world", 19),
    "repeated-paragraphs": ("Good lighting is one of the most important", 22),
    "stuffed-keyword": ("electric fence energizer", 19),
    "machine-text": ("As an AI language model", 22),
}


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


def _figures(body: str, format: Format = Format.HTML) -> list[str]:
    page = page_of(article(body) if format is Format.HTML else body, format)
    return [found.words for found in absent_figures(page)]


LEAD = "<p>The survey ran for two years in forty villages along the coast, and nobody was paid for answering it at all.</p>"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("So here's a bar chart of sober days.", "here's a bar chart"),
        ("Here’s a comparison table that sums it up.", "Here’s a comparison table that"),
        ("See the table below for prices.", "the table below"),
        ("The growth chart above shows two peaks.", "The growth chart above"),
        ("This is shown in Figure 2.", "shown in Figure 2"),
        ("The table on the right lists the doses.", "The table on the right"),
        ("The following graph shows the rise.", "The following graph shows"),
    ],
)
def test_announced_figures(sentence: str, words: str) -> None:
    assert _figures(f"{LEAD}<p>{sentence}</p>") == [words]


@pytest.mark.parametrize(
    "sentence",
    [
        "The table below the window is laid for six.",
        "Here is a table for two.",
        "Nobody can chart a course through it.",
        "She keeps it in the picture below the mirror.",
        "Here is a table of contents.",
        "As shown in Table 3 of the report, prices fell.",
        "The graph of a function need not be a line.",
        "See the <a href='/chart.png'>chart below</a> for details.",
    ],
)
def test_furniture_and_other_peoples_tables_are_no_announcements(sentence: str) -> None:
    assert _figures(f"{LEAD}<p>{sentence}</p>") == []


@pytest.mark.parametrize(
    "figure",
    [
        "<img src='/sober-days.png' alt='Days'>",
        "<table><tr><td>1</td><td>2</td></tr></table>",
        "<svg viewBox='0 0 400 300'><rect width='400' height='300'></rect></svg>",
        "<iframe src='https://charts.example/1'></iframe>",
        "<canvas id='c'></canvas>",
        "<pre>a | b</pre>",
        "<figure><figcaption>Days</figcaption></figure>",
        "<div class='flourish-chart' data-src='1'></div>",
    ],
)
def test_anything_that_could_be_the_figure_silences(figure: str) -> None:
    assert _figures(f"{LEAD}<p>The chart below shows it.</p><p>{figure}</p>") == []


def test_icons_and_pictures_of_related_posts_are_no_figures() -> None:
    icon = "<p><svg width='18' height='18' aria-hidden='true'><path d='M0 0'></path></svg> Share</p>"
    related = "</article><div class='related-posts'><h2>Related posts</h2><a href='/a'><img src='/a.jpg'>Oak</a></div><article>"
    assert _figures(f"{LEAD}<p>The chart below shows it.</p>{icon}{related}") == ["The chart below"]


def test_opening_picture_is_meant_by_above_only() -> None:
    picture = "<p><img src='/hero.jpg' alt='Hero'></p>"
    assert _figures(f"{picture}{LEAD}<p>The photo above is mine.</p>") == []
    assert _figures(f"{picture}{LEAD}<p>The chart below shows it.</p>") == ["The chart below"]


def test_figures_of_markdown_are_found_and_missed_by_line() -> None:
    page = page_of(
        "# Sober days\n\nOne line of prose.\nHere's a bar chart\nof sober days.\n\nThe end.\n", Format.MARKDOWN
    )
    (hit,) = hits("absent-figure", page)
    assert line(page, hit) == 4
    assert _figures("# Days\n\nHere's a bar chart of it:\n\n![Days](days.png)\n", Format.MARKDOWN) == []
    assert _figures("# Days\n\nHere's a bar chart of it:\n\n{{< chart days >}}\n", Format.MARKDOWN) == []


def test_figures_of_plain_text_may_have_been_left_behind() -> None:
    (hit,) = hits("absent-figure", page_of("Sober days\n\nHere's a bar chart of them.\n", Format.TEXT))
    assert hit.confidence is Confidence.LOW
    assert _figures("Prices\n\nThe table below shows prices.\n\nOak    12\nAsh    15\n", Format.TEXT) == []


@pytest.mark.parametrize(
    "footer", ["<p>Tags: , , ,</p>", "<p>Categories:</p>", "<div>Filed under: , </div>", "<p>Posted in , , ,</p>"]
)
def test_hollow_labels(footer: str) -> None:
    assert len(empty_taxonomy(page_of(article(PROSE + footer)))) == 1


@pytest.mark.parametrize(
    "footer",
    [
        "<p>Tags: <a href='/tags/oak'>oak</a>, <a href='/tags/ash'>ash</a></p>",
        "<p>Tags:</p><ul><li><a href='/tags/oak'>oak</a></li></ul>",
        "<p>Categories:</p><p>Oak, ash</p>",
        "<h3>Tags:</h3>",
        "<pre>Tags: , , ,</pre>",
        "<p>Price tags, labels, ribbons</p>",
    ],
)
def test_labels_with_something_behind(footer: str) -> None:
    assert empty_taxonomy(page_of(article(PROSE + footer))) == ()


def _ones(count: int, attributes: str = "") -> str:
    return "".join(f"<ol{attributes}><li>Question {n}?<br>An answer.</li></ol>" for n in range(count))


def test_three_lists_of_one_are_stuck_two_are_not() -> None:
    (found,) = stuck_numbering(page_of(article(PROSE + _ones(3))))
    assert found.words.startswith("Question 0?")
    assert stuck_numbering(page_of(article(PROSE + _ones(2)))) == ()


@pytest.mark.parametrize(
    "lists",
    [
        _ones(4, " style='list-style:none'"),
        "<ol><li>One</li></ol><ol start='2'><li>Two</li></ol><ol start='3'><li>Three</li></ol>",
        "<ol><li value='1'>A</li></ol><ol><li value='2'>B</li></ol><ol><li value='3'>C</li></ol>",
        _ones(2) + "<ol><li>a</li><li>b</li></ol>" + _ones(1),
        "<p>1. One 2. Two</p><p>1. One 2. Two</p><p>1. One 2. Two</p>",
        "<p>1. One</p><p>2. Two</p><p>1. Again</p><p>1. And again</p>",
    ],
)
def test_lists_that_count_on_or_start_over_for_a_reason(lists: str) -> None:
    assert stuck_numbering(page_of(article(PROSE + lists))) == ()


def test_numbers_written_as_text_stick_too() -> None:
    text = "Questions\n\n1. How long?\n\nA day.\n\n1. How far?\n\nA mile.\n\n1. How often?\n\nOnce.\n"
    assert len(stuck_numbering(page_of(text, Format.TEXT))) == 1


@pytest.mark.parametrize(
    "page",
    [
        page_of(
            "<html><body><h1>Contact</h1><p>Write to us at any time of the day, we like letters.</p></body></html>"
        ),
        page_of(
            article(
                "<p>Ten words stand here, and a film shows the rest.</p><iframe src='https://youtube.com/embed/1'></iframe>"
            )
        ),
        page_of(article("<p>A gallery of the flood.</p>" + "<img src='/1.jpg' alt='x'>" * 6)),
        page_of(article(PROSE)),
    ],
)
def test_short_pages_that_are_no_thin_articles(page: Page) -> None:
    assert hits("thin-article", page) == []


def test_padding_needs_several_signs() -> None:
    opening = "<p>In today's fast-paced world, it is important to note that benches matter.</p>"
    page = page_of(article(opening + PROSE))
    assert hits("padded-article", page) == []
    lead = filler(page).opener
    assert lead is not None and lead.words == "In today's fast-paced world"
    assert filler(page).conclusion is None


def test_filler_counts_are_of_the_text() -> None:
    read = filler(page_of(article(PROSE)))
    assert read.phrases == () and read.density == 0.0
    assert 0.1 < read.facts < 0.3
    ending = filler(page_of(article(PROSE + "<p>In conclusion, thank you for reading, and good luck to you.</p>")))
    assert ending.conclusion is not None and ending.conclusion.words.lower() == "in conclusion"


PARAGRAPH = (
    "<p>A lamp at the side of the desk throws no shadow of the hand, and a warm one keeps nobody awake at night, so "
    "buy the one that can be turned down.</p>"
)


def test_repetition_is_found_where_it_comes_again() -> None:
    page = page_of(article(PARAGRAPH + PROSE[:400] + "</p>\n" + PARAGRAPH + PARAGRAPH))
    (found,) = repeated_paragraphs(page)
    assert len(found.again) == 2
    (hit,) = hits("repeated-paragraphs", page)
    assert "3 times" in hit.message


def test_nearly_the_same_is_the_same() -> None:
    other = PARAGRAPH.replace("buy the one", "choose the one")
    assert len(repeated_paragraphs(page_of(article(PARAGRAPH + PROSE + other)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        PROSE + PROSE,  # one copy for phones, one for desks
        PARAGRAPH + PROSE + "<blockquote>" + PARAGRAPH + "</blockquote>",
        "<p>Wet your hands. Fold. Cover the bowl.</p>" * 4 + PROSE,
    ],
)
def test_copies_quotations_and_refrains_are_no_repetition(body: str) -> None:
    assert hits("repeated-paragraphs", page_of(article(body))) == []


def test_a_list_of_products_may_repeat_itself() -> None:
    page = page_of(f"<html><body><h1>Lamps</h1>{PARAGRAPH * 5}</body></html>")
    assert hits("repeated-paragraphs", page) == []


def test_a_subject_named_often_is_not_stuffed() -> None:
    body = "<p>Uric acid is made in the liver. The kidneys clear most of it. Too much uric acid crystallises in joints.</p>"
    page = page_of(article(body + PROSE))
    found = stuffed_stem(page)
    assert found is not None and (found.phrase, found.count) == ("Uric acid", 2)
    assert hits("stuffed-keyword", page) == []


def test_stuffing_counts_inflected_forms_but_not_across_sentences() -> None:
    page = page_of(
        article("<p>Roofing contractors wanted. Good. Roofing contractor found. A roof. Contractor left.</p>")
    )
    found = stuffed_stem(page)
    assert found is not None and found.count == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "As an AI language model, I cannot give medical advice.",
        "As of my last knowledge update, the bridge was closed.",
        "Sure! Here is a post about polishing cars.",
        "I’m sorry, but I cannot fulfill this request.",
        "Close the article here. [Insert call to action]",
        "Would you like me to expand on the true causes?",
    ],
)
def test_generators_give_themselves_away(sentence: str) -> None:
    assert len(machine_text(page_of(article(f"{PROSE}<p>{sentence}</p>")))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The newsletter read: “As an AI language model, I cannot attend sports day.”",
        'It answered, "I cannot assist with that."',
        "Open the settings and click [Your Name] at the top.",
        "Sure, here and there a plank is missing.",
        "<code>[insert name here]</code>",
    ],
)
def test_quotations_and_instructions_are_left_alone(sentence: str) -> None:
    found = [o.words for o in machine_text(page_of(article(f"{PROSE}<p>{sentence}</p>")))]
    assert found == [] or sentence.startswith("<code>")


def test_articles_on_generators_may_name_what_they_say() -> None:
    body = "<p>Look for tells such as: as an AI language model, or, as of my last update. ChatGPT says both.</p>"
    assert machine_text(page_of(article(PROSE + body, title="How to tell what ChatGPT wrote"))) == ()


@given(st.text(alphabet="<>/=\"'“” \n\t1.:,[]|abTagsheret'chbelowfigure", max_size=600), st.sampled_from(list(Format)))
def test_no_text_breaks_the_features(text: str, format: Format) -> None:
    page = page_of(text, format)
    for found in (*absent_figures(page), *empty_taxonomy(page), *stuck_numbering(page), *machine_text(page)):
        if found.paragraph is not None:
            assert page.paragraphs[found.paragraph].text[found.start : found.end] == found.words
    for repetition in repeated_paragraphs(page):
        assert 0 < repetition.share <= 1 and repetition.again
    assert filler(page).words >= 0
    stuffed = stuffed_stem(page)
    assert stuffed is None or stuffed.count >= 2
