"""Claims of health fraud: found in many wordings, passed over where a sentence denies, doubts, quotes or reports them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.features.claims import GROUPS, Claim, claims, claims_in
from auditor.features.occurrence import plain
from auditor.features.scope import Scope
from auditor.features.wordbook import wordbook
from auditor.features.wordings import bare, brand, number
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from tests.subjects import FIXTURES, article, hits, page_at, page_of

CHECKS = ("weight-loss-claim", "fraud-tip-off", "cure-claim", "false-approval-claim")
WORDINGS = wordbook("claims.txt", "scope.txt")

with (FIXTURES / "claims.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = [
        (row["label"], row["group"], row["text"])
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def sure(text: str) -> list[str]:
    return [claim.group for claim in claims_in(text) if claim.sure]


def groups(found: tuple[Claim, ...]) -> set[str]:
    return {claim.group for claim in found if claim.sure}


# --- the table of sentences, half of them traps -----------------------------------------------------------------------


def test_the_table_covers_every_group_with_claims_and_traps() -> None:
    counts = Counter((label, group) for label, group, _ in ROWS)
    assert len(ROWS) >= 200
    assert {group for _, group in counts} == set(GROUPS)
    assert all(counts["claim", group] >= 8 and counts["trap", group] >= 4 for group in GROUPS), counts


def test_precision_and_recall_on_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    found = {(label, text): sure(text) for label, _, text in ROWS}
    claimed = [(group, text) for label, group, text in ROWS if label == "claim"]
    hit = [text for _, text in claimed if found["claim", text]]
    named = [text for group, text in claimed if group in found["claim", text]]
    false = [text for label, _, text in ROWS if label == "trap" and found["trap", text]]
    precision, recall = len(hit) / (len(hit) + len(false)), len(hit) / len(claimed)
    with capsys.disabled():
        print(
            f"\nclaims: precision {precision:.3f}, recall {recall:.3f}, in the right group {len(named) / len(claimed):.3f}"
        )
    # The sentences were looked at while the wordings were written: floors against loss, no estimate for unseen text.
    assert precision >= 0.98, false
    assert recall >= 0.93
    assert len(named) >= 0.92 * len(claimed)


DOUBTS = (
    "There is no evidence that {}.",
    "It is a myth that {}.",
    "It is not true that {}.",
    "It is very unlikely that {}.",
    "Some people believe that {}.",
    "The seller claimed that {}.",
    "The influencer told her followers that {}.",
    "The FTC sued the company for claiming that {}.",
    "Is it true that {}?",
    "“{},” the leaflet read.",
    "If an ad says “{}”, walk away.",
    "In the nineteenth century people thought that {}.",
    "{}. That is false.",
    "{}. There is no evidence for this.",
    "Here is a typical false claim. {}.",
)
PLAIN = [
    text.rstrip(".!")
    for label, _, text in ROWS
    if label == "claim"
    and text.count(".") == 1
    and not set('?!"“:;') & set(text)
    and not text.startswith(("I ", "My "))
]


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_claim_in_doubt_is_none(doubt: str) -> None:
    assert len(PLAIN) > 150
    lower = (text[0].lower() + text[1:] for text in PLAIN)
    assert [text for text in map(doubt.format, lower) if sure(text)] == []


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Want to lose 30 pounds in 30 days?", Scope.SELLING_QUESTION),
        ("Are you ready to melt 20 pounds of fat in two weeks?", Scope.SELLING_QUESTION),
    ],
)
def test_a_question_that_sells_is_unsure(text: str, scope: Scope) -> None:
    assert [(claim.sure, claim.scope) for claim in claims_in(text)] == [(False, scope)]


@pytest.mark.parametrize(
    "text",
    [
        "It is no secret that our tea cures lupus.",
        "This is not a scam: our tea cures lupus.",
        "Diets do not work, but our tea makes you lose 30 pounds in 30 days.",
        "Don't wait: our tea cures lupus for good.",
        "Did you know that our tea cures lupus?",
        "If you have lupus, our tea cures it: it cures lupus for good.",
        "Cures cancer with herbs, without chemotherapy or surgery.",
    ],
)
def test_words_of_denial_that_deny_nothing(text: str) -> None:
    assert sure(text)


@pytest.mark.parametrize(
    ("text", "fast"),
    [
        ("Lose 30 pounds in 30 days.", True),
        ("Lose 1 to 2 pounds a week.", False),
        ("Lose half a kilo a week.", False),
        ("Lose 2 kilos every week.", True),
        ("Lose a stone in two months.", False),
        ("Lose 11 pounds in a month.", False),
        ("Lose 11 pounds in a month without exercise.", True),
        ("Lose 12 pounds in three months.", False),
        ("In just two weeks you lose 14 pounds.", True),
        ("Losing a pound a week takes a daily deficit of 500 calories.", False),
    ],
)
def test_pounds_a_week_are_reckoned(text: str, fast: bool) -> None:
    assert ("lose-fast" in sure(text)) is fast


# --- pages ------------------------------------------------------------------------------------------------------------


def test_claims_stand_where_their_words_do() -> None:
    page = page_of("# Drops\n\nThey taste of hay.\n\nLose 30 pounds\nin 30 days with them.\n", Format.MARKDOWN)
    (claim,) = claims(page)
    at = claim.occurrence
    assert at.paragraph is not None
    assert page.paragraphs[at.paragraph].text[at.start : at.end] == at.words == "Lose 30 pounds in 30 days"
    assert at.spot.offset == page.source.index("Lose")


def test_title_headings_lists_quotes_and_captions_are_read() -> None:
    body = (
        "<h2>Our tea cures lupus</h2><p>They taste of hay.</p><ul><li>Our tea cures epilepsy</li></ul>"
        "<blockquote><p>Our tea cures asthma.</p></blockquote><figure><img src='a.png' alt=''>"
        "<figcaption>Our tea cures psoriasis</figcaption></figure>"
    )
    found = claims(page_of(article(body, title="Our Tea Cures Arthritis")))
    words = " ".join(claim.occurrence.words.lower() for claim in found if claim.group == "cure")
    assert all(name in words for name in ("arthritis", "lupus", "epilepsy", "asthma", "psoriasis")), words
    assert found[0].occurrence.paragraph is None
    assert found[0].occurrence.spot.tag == "title"


def test_what_stands_under_a_title_or_a_list_that_debunks_is_none() -> None:
    claim = "<p>Our tea cures lupus for good.</p>"
    assert groups(claims(page_of(article(claim)))) == {"cure"}
    assert claims(page_of(article(claim, title="Five Health Scams and How to Spot Them"))) == ()
    assert claims(page_of(article(f"<h2>Myths about tea</h2>{claim}"))) == ()
    listed = "<p>{}</p><ul><li>It tastes of hay</li><li>Our tea cures lupus</li></ul>"
    assert claims(page_of(article(listed.format("Beware of sentences of this kind:")))) == ()
    assert groups(claims(page_of(article(listed.format("This is what you get:"))))) == {"cure"}


def test_menus_and_comments_are_not_the_page_s_words() -> None:
    aside = (
        '<aside class="comments" id="comments"><h3>Comments</h3><p>This tea cured my lupus, order it now.</p></aside>'
    )
    page = page_of(
        article("<p>Tea is a drink made from leaves. It is drunk hot in most places and cold in some.</p>" + aside)
    )
    assert claims(page) == ()


@pytest.mark.parametrize("check", CHECKS)
def test_checks_fire_on_bad_pages_and_spare_those_that_debunk(check: str) -> None:
    folder = FIXTURES / "pages" / check
    found = hits(check, page_at(folder / "bad.html"), health=True)
    assert found and all(hit.snippet and hit.spot for hit in found)
    assert len({hit.key for hit in found}) == len(found)
    assert any(hit.confidence is Confidence.HIGH for hit in found)
    assert all(hit.evidence["count"] >= len(hit.evidence["claims"]) > 0 for hit in found)
    for other in CHECKS:
        assert hits(other, page_at(folder / "good.html"), health=True) == []


def test_a_story_is_a_tip_off_only_where_something_is_sold() -> None:
    source = (FIXTURES / "pages" / "fraud-tip-off" / "bad.html").read_text(encoding="utf-8")
    told = [hit for hit in hits("fraud-tip-off", page_of(source), health=True) if hit.key == "testimonial"]
    assert [(hit.confidence, hit.severity) for hit in told] == [(Confidence.LOW, Severity.LOW)]
    shop = source.replace("</article>", '<p><a href="/cart/">Add to cart</a></p></article>')
    sold = [hit for hit in hits("fraud-tip-off", page_of(shop), health=True) if hit.key == "testimonial"]
    assert [(hit.confidence, hit.severity) for hit in sold] == [(Confidence.HIGH, None)]


# --- the language and its compiler ------------------------------------------------------------------------------------


def test_every_group_has_lines_and_every_line_a_group() -> None:
    assert {line.group for line in WORDINGS.lines} == set(GROUPS)


def _texts() -> list[str]:
    pages = [page_at(path) for path in sorted((FIXTURES / "pages").glob("*/*.html"))]
    return [text for _, _, text in ROWS] + [p.text for page in pages for p in page.article]


def test_what_the_hooks_pass_over_holds_no_line() -> None:
    """The quick look at words alone must never lose what a full reading finds."""
    for text in _texts():
        reading = WORDINGS.read(plain(text), text)
        whole = {n for n, line in enumerate(WORDINGS.lines) if next(reading.find(line), None) is not None}
        there = brand(text).union(bare(text))
        assert whole <= WORDINGS.hooks.possible(there), text
        assert whole <= WORDINGS.hooks.narrowed(there).possible(there), text


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    def compiled(text: str) -> set[str]:
        (tmp_path / "common.txt").write_text("the and of", encoding="utf-8")
        (tmp_path / "book.txt").write_text(text.partition("===")[0], encoding="utf-8")
        monkeypatch.setattr("auditor.features.wordbook._DATA", tmp_path)
        wordbook.cache_clear()
        words = wordbook("book.txt")
        wordbook.cache_clear()
        reading = words.read(text.partition("===")[2].strip())
        return {line.group for line, _ in words.found(reading, range(len(words.lines)))}

    return compiled


LISTS = "{fruit}\napple, pear~\nred _ berry\n\n{tree}\noak\n{fruit}\n\n{barrier}\nnot\n\n"


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("{fruit} cake", "a pear cake", True),
        ("{fruit} cake", "pears, cake", True),
        ("{fruit} cake", "pear. cake", False),
        ("{fruit} cake", "pear-cake", True),
        ("{fruit} cake", "oak cake", False),
        ("{tree} cake", "apple cake", True),
        ("{fruit} cake", "a red and ripe berry cake", True),
        ("{fruit} … cake", "an apple in a very big brown cake", True),
        ("{fruit} … cake", "an apple in one of the very big brown cakes, cake", False),
        ("{fruit} … cake", "an apple is not cake", False),
        ("{fruit} … cake", "an apple; the cake", False),
        ("{fruit} _ cake", "an apple and a cake", True),
        ("{fruit} (sweet|very sour)? cake", "apple very sour cake", True),
        ("cake & {fruit}", "a pear in the cake", True),
        ("cake & {fruit} !{tree}", "a pear in the cake", False),
        ("^ bake a cake", "bake a cake", True),
        ("^ bake a cake", "to bake a cake", False),
        ("<n> cakes", "twelve cakes", True),
        ("<n> cakes", "some cakes", False),
        ("don't bake", "dont bake", True),
        ("{fruit} … {fruit}", "an apple and an apple", False),
        ("{fruit} … {fruit}", "an apple and a pear", True),
    ],
)
def test_the_language_says_what_its_table_says(book: object, line: str, text: str, found: bool) -> None:
    assert callable(book)
    assert book(f"{LISTS}[group]\n{line}\n==={text}") == ({"group"} if found else set())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[group]\n{nothing} cake", "is not there"),
        ("{one}\n{two}\n\n{two}\n{one}\n\n[group]\n{one}", "holds itself"),
        ("[group]\n(cake)? tin", "begins with words"),
        ("[group]\n(a … b|c) tin", "only a phrase or a list"),
        ("[group]\n<n>", "needs a word"),
        ("[group]\n…", "begins with words"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(book: object, text: str, message: str) -> None:
    assert callable(book)
    with pytest.raises(ValueError, match=message):
        book(f"{text}\n===cake")


def test_numbers_in_figures_and_words() -> None:
    assert (number("30"), number("1,500"), number("twelve"), number("cake"), number("1.2.3")) == (
        30,
        1500,
        12,
        None,
        None,
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(sorted(WORDINGS.hooks.words)) | st.sampled_from([".", ",", "?", "“", "”", "not", "30", "—"])
    )
)
def test_any_words_in_any_order_are_read(words: list[str]) -> None:
    text = " ".join(words)
    for claim in claims_in(text):
        assert claim.group in GROUPS
        assert text[claim.occurrence.start : claim.occurrence.end] == claim.occurrence.words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(claims_in(text), tuple)
