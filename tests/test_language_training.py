"""What the language models are trained on, as far as it can be told without the data."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.language.words import tokens
from auditor.training import subjects
from auditor.training.corpus import Document, distinct_paragraphs, english, held_out, visible_paragraphs
from auditor.training.space import learnable, texts


def _document(number: int, site: str, *paragraphs: str, source: str = "wcxb_dev") -> Document:
    return Document(f"d{number}", source, site, "", "", paragraphs)


def test_visible_paragraphs_take_innermost_text_and_leave_menus_out() -> None:
    html = (
        "<nav><li>Home and everything else that a menu says</li></nav>"
        "<ul><li><p>The first paragraph stands in a list.</p></li></ul>"
        "<p>The second <b>paragraph</b> has markup in it.</p><script>var p = 'the words of a script';</script>"
    )
    assert visible_paragraphs(html) == [
        "The first paragraph stands in a list.",
        "The second paragraph has markup in it.",
    ]


def test_repeated_and_foreign_paragraphs_fall_out() -> None:
    said, spanish = "This is what the page says about it.", "Los mejores hoteles para viajar con niños pequeños"
    stream = [_document(1, "a.org", said, spanish), _document(2, "b.org", said.upper())]
    assert [(document.id, kept) for document, kept in distinct_paragraphs(stream)] == [("d1", [said])]


def test_english_is_told_by_its_function_words() -> None:
    assert english(tokens("this is the text of a page"))
    assert not english(tokens("der die das und ist nicht"))


def test_held_out_sites_are_about_a_fifth_and_always_the_same() -> None:
    sites = [f"site{number}.org" for number in range(1000)]
    assert 150 < sum(map(held_out, sites)) < 250
    assert [held_out(site) for site in sites] == [held_out(site) for site in sites]


def test_held_out_sites_and_capped_sites_give_no_words() -> None:
    out = next(site for site in (f"s{n}.org" for n in range(99)) if held_out(site))
    kept = next(site for site in (f"s{n}.org" for n in range(99)) if not held_out(site))

    def stream() -> Iterator[tuple[Document, list[str]]]:
        yield _document(1, out), ["secret words"]
        yield _document(2, kept), ["honest words " * 200_000]
        yield _document(3, kept), ["surplus words"]

    found = texts(stream(), [["casino", "slots"]])
    assert [text.site for text in found[:1]] == [kept]
    assert {text.source for text in found[1:]} == {"seeds"}


def test_seed_topics_are_the_topics_of_hand_labels_and_source_groups() -> None:
    names = set(subjects.seeds())
    assert 20 <= len(names) <= 28
    assert set(subjects.page_topics().values()) <= names
    assert set(subjects.GROUPS.values()) <= names
    assert all(sum(map(learnable, line)) > 3 for lines in subjects.seeds().values() for line in lines)
