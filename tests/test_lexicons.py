"""Lexicons: what is found, and above all what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language import terms
from auditor.language.lexicons import (
    HostKind,
    affiliate,
    clickbait,
    commercial,
    connector,
    disclosure,
    host_kind,
    is_generic,
    place_and_trade,
    places,
    trades,
    vice,
    vice_address,
)


def hard(text: str) -> list[str]:
    return [hit.trade for hit in vice(text) if hit.hard]


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("the best online casino of all", "gambling"),
        ("онлайн казино с бонусом", "gambling"),
        ("Casas de apuestas en España", "gambling"),
        ("güvenilir BAHİS siteleri", "gambling"),
        ("скачать 1xbet на телефон", "gambling"),
        ("在线赌场推荐", "gambling"),
        ("buy cheap Viagra now", "pharma"),
        ("Xanax without a prescription", "pharma"),
        ("an essay writing service", "essay"),
        ("buy custom essays", "essay"),
        ("mail-order brides", "adult"),
        ("hire a hacker today", "hacking"),
        ("replica watches", "replica"),
        ("v1agra", "pharma"),
        ("c@sino", "gambling"),
        ("онлайн саsino", "gambling"),  # two Cyrillic letters
        ("on\u200bline cas\u00adino", "gambling"),
    ],
)
def test_vice_hard(text: str, trade: str) -> None:
    assert trade in hard(text)


@pytest.mark.parametrize(
    "text",
    [
        "a specialist and a socialist met",
        "configure the replica set and its read replicas",
        "her essay on Orwell, an essay in the repository essay-tools",
        "two free PCIe slots and four memory slots",
        "he kept a poker face",
        "Ritalin and Adderall are prescribed for attention deficit; ketamine and semaglutide in trials",
        "they are betting on a recovery",
        "Radiocarbon dating of the site",
        "the alphabet of Tibet, diabetes and sherbet",
        "run ssh-keygen first",
        "The doctor ordered prednisone. Cheap. Essays follow",
    ],
)
def test_vice_silent(text: str) -> None:
    assert vice(text) == ()


def test_vice_soft() -> None:
    (hit,) = vice("We met on a dating app in 2019")
    assert (hit.trade, hit.term, hit.hard) == ("adult", "dating app", False)
    assert not any(hit.hard for hit in vice("Sildenafil, sold as Viagra, treats erectile dysfunction"))


def test_vice_spans_point_into_the_text() -> None:
    text = "Ünïcödé — “Online Casino” and V1AGRA"
    assert [text[hit.start : hit.end] for hit in vice(text)] == ["Online Casino", "V1AGRA"]


@pytest.mark.parametrize(
    ("url", "trade"),
    [
        ("https://buyessaybuddy.example.com/", "essay"),
        ("https://cheapessayhelper.org/", "essay"),
        ("http://playluckyslots.org", "gambling"),
        ("https://mega-casino24.info/about", "gambling"),
        ("http://topmailorderbrides.net", "adult"),
        ("https://example.org/blog/best-online-casino-bonus/", "gambling"),
        ("https://example.edu/x?page=buy-viagra-online", "pharma"),
        ("//quickpaydayloans.co.uk/", "loans"),
    ],
)
def test_vice_address_hard(url: str, trade: str) -> None:
    hit = vice_address(url)
    assert hit is not None
    assert (hit.trade, hit.hard) == (trade, True)
    assert 0 <= hit.start < hit.end <= len(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://alphabet.com/",
        "https://betterhealth.gov.au",
        "https://diabetes.org/tibet",
        "https://thespecialist.com",
        "https://updating-consolidating.com",
        "https://papers.ssrn.com/sol3/",
        "https://beta.example.org",
        "https://bridesmaidshop.com",
        "https://github.com/mongo/replica-set",
        "http://[::1",
        "",
        "mailto:a@b.c",
    ],
)
def test_vice_address_silent(url: str) -> None:
    assert vice_address(url) is None


def test_vice_address_soft() -> None:
    hit = vice_address("https://photoessay.com/")
    assert hit is not None
    assert not hit.hard


@pytest.mark.parametrize(
    ("text", "name", "ambiguous"),
    [
        ("West Springfield anxiety therapist", "west springfield", False),
        ("a plumber in denver today", "denver", False),
        ("St. Louis movers", "st louis", False),
        ("hvac Austin, TX", "austin tx", False),
        ("Mobile AL locksmith", "mobile al", False),
        ("Reading plumbers", "reading", True),
        ("a trip to Kuala Lumpur", "kuala lumpur", False),
    ],
)
def test_places(text: str, name: str, ambiguous: bool) -> None:
    assert [(span.name, span.ambiguous) for span in places(text)] == [(name, ambiguous)]


@pytest.mark.parametrize("text", ["reading a mobile page of normal size", "in the bend", "", "he or me in OK"])
def test_no_places(text: str) -> None:
    assert places(text) == ()


def test_trades() -> None:
    text = "Personal Injury Lawyers and a clinic"
    assert [(text[s.start : s.end], s.name, s.ambiguous) for s in trades(text)] == [
        ("Personal Injury Lawyers", "personal injury lawyer", False),
        ("clinic", "clinic", True),
    ]


@pytest.mark.parametrize(
    "anchor",
    [
        "West Springfield anxiety therapist",
        "denver plumber",
        "roofing contractor in Austin, TX",
        "med spa Scottsdale",
        "movers near me",
        "north Dallas dentist",
        "Reading Plumbers",
    ],
)
def test_place_and_trade(anchor: str) -> None:
    assert place_and_trade(anchor)


@pytest.mark.parametrize(
    "anchor",
    [
        "Cleveland Clinic",
        "New York Times",
        "University of Chicago therapists",
        "Boston",
        "anxiety therapist",
        "a study of readers in Denver",
        "",
        "Massachusetts public school system",
    ],
)
def test_no_place_and_trade(anchor: str) -> None:
    assert not place_and_trade(anchor)


def test_generic_anchors() -> None:
    assert all(map(is_generic, ["Click here »", "this site", "[1]", "→", "", "Read More…", "en savoir plus"]))
    assert not any(map(is_generic, ["Denver", "the lancet", "cheap shoes"]))


def test_commercial() -> None:
    assert commercial("best cheap plumbers near me") == 3
    assert commercial("mitochondria of yeast") == 0


def test_connector() -> None:
    assert connector("… and if you're looking for a")
    assert connector("If you’re looking for help with it all,")
    assert connector("You can also check out")
    assert not connector("He will check out of the hotel and then walk back")
    assert not connector("")


def test_disclosure() -> None:
    text = "An employer-sponsored plan. This is a Sponsored Post by us."
    span = disclosure(text)
    assert span is not None
    assert text[span.start : span.end] == "Sponsored Post"
    tag = disclosure("love it #ad")
    assert tag is not None
    assert tag.name == "#ad"
    assert disclosure("A state-sponsored actor") is None


def test_clickbait() -> None:
    assert clickbait("Jane Doe’s Net Worth in 2023")
    assert clickbait("21 Things You Should Know")
    assert not clickbait("Ketamine for addiction: what trials show")


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("pubmed.ncbi.nlm.nih.gov", HostKind.SCHOLARLY),
        ("www.fda.gov", HostKind.OFFICIAL),
        ("www.ox.ac.uk", HostKind.OFFICIAL),
        ("en.wikipedia.org", HostKind.REFERENCE),
        ("a.github.io", HostKind.PLATFORM),
        ("bit.ly", HostKind.SHORTENER),
        ("cdn.taboola.com", HostKind.WIDGET),
        ("notbit.ly", HostKind.OTHER),
        ("", HostKind.OTHER),
    ],
)
def test_host_kind(host: str, kind: HostKind) -> None:
    assert host_kind(host, host) is kind


def test_affiliate() -> None:
    assert affiliate("https://www.amazon.com/dp/B0?tag=site-20")
    assert affiliate("https://amzn.to/xyz")
    assert affiliate("https://example.com/go/vpn")
    assert affiliate("https://shop.example/x?awc=1_2")
    assert not affiliate("https://news.example/list?tag=health")
    assert not affiliate("https://en.wikipedia.org/go/x")
    assert not affiliate("http://[broken?aff=1")


def test_data_files_are_well_formed() -> None:
    for file in ("vice.txt", "trades.txt", "cues.txt", "hosts.txt", "places.txt", "languages.txt"):
        lists = terms.sections(file)
        assert lists[""] == ()
        for name, entries in lists.items():
            assert all(entry and entry == entry.strip() and "," not in entry for entry in entries), (file, name)
    hosts = [name for kind in HostKind for name in terms.sections("hosts.txt").get(kind.value, ())]
    assert all(name == name.lower() and "/" not in name for name in hosts)


@given(st.text(max_size=300))
def test_nothing_raises(text: str) -> None:
    assert len(terms.fold(text)) == len(text)
    for hit in vice(text):
        assert 0 <= hit.start < hit.end <= len(text)
    for span in (*places(text), *trades(text)):
        assert 0 <= span.start < span.end <= len(text)
    place_and_trade(text), is_generic(text), commercial(text), connector(text), disclosure(text), clickbait(text)
    vice_address(text), vice_address(f"http://{text}/{text}"), affiliate(f"http://{text}"), host_kind(text, text)


@given(st.text(alphabet="casino0ve14@$! etbгрiа\u200b-", max_size=120))
def test_disguises_never_raise(text: str) -> None:
    for hit in vice(text):
        assert 0 <= hit.start < hit.end <= len(text)
