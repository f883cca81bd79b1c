"""The checks on indexing, each with the cases on both sides of its line."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from auditor.checks import all_checks
from auditor.checks.check import Hit
from auditor.checks.indexing.addresses import is_inner
from auditor.language import locales
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Format, Redirect, Snapshot
from auditor.report import Severity
from auditor.urls import same_page
from tests.subjects import PROSE, article, hits, line, page_of

HOME = "https://bench.example"
OAK = f"{HOME}/oak"


def served(
    head: str = "",
    body: str = PROSE,
    url: str = OAK,
    title: str = "A Bench for Two",
    redirects: tuple[tuple[str, int], ...] = (),
    **headers: str,
) -> Page:
    """A page as a server answered with it; headers with `_` for `-`."""
    return parse(
        Snapshot(
            body=article(body, head, title).encode(),
            url=redirects[0][0] if redirects else url,
            final_url=url,
            status=200,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            redirects=tuple(Redirect(hop, status) for hop, status in redirects),
        )
    )


def only(found: list[Hit]) -> Hit:
    assert len(found) == 1, [hit.message for hit in found]
    return found[0]


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def canonical(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


# Robots


@pytest.mark.parametrize(
    ("head", "header", "words"),
    [
        (meta("robots", "index, follow") + meta("robots", "noindex"), "", "index (meta) and noindex (meta)"),
        (meta("robots", "all"), "noindex", "all (meta) and noindex (X-Robots-Tag)"),
        (meta("robots", "follow, nofollow"), "", "follow (meta) and nofollow (meta)"),
        (meta("googlebot", "index") + meta("googlebot", "none"), "", "to googlebot"),
        (meta("robots", "index, follow"), "otherbot: noarchive, *: nofollow", "nofollow (X-Robots-Tag)"),
        (meta("robots", "noindex") + canonical("/elm"), "", "counted as https://bench.example/elm"),
    ],
)
def test_directives_that_contradict_each_other(head: str, header: str, words: str) -> None:
    assert words in only(hits("conflicting-robots", served(head, x_robots_tag=header))).message


@pytest.mark.parametrize(
    ("head", "header"),
    [
        (meta("robots", "index, follow, max-image-preview:large") + meta("robots", "index"), "noarchive"),
        (meta("robots", "index") + meta("googlebot-news", "noindex"), ""),
        (meta("robots", "index"), "otherbot: noindex, nofollow"),
        (meta("robots", "index, follow") + meta("googlebot", "noindex"), ""),  # for Google alone, on purpose
        (meta("robots", "noindex") + canonical("http://www.bench.example/oak/"), ""),
        (meta("robots", "noindex") + canonical("/elm") + '<meta http-equiv="refresh" content="0; url=/elm">', ""),
    ],
)
def test_directives_that_agree(head: str, header: str) -> None:
    assert hits("conflicting-robots", served(head, x_robots_tag=header)) == []


def test_a_file_has_no_address_of_its_own_to_be_told_apart_from_its_canonical_one() -> None:
    head = meta("robots", "noindex") + canonical("https://bench.example/elm")
    assert hits("conflicting-robots", page_of(article(PROSE, head))) == []


@pytest.mark.parametrize(
    ("directives", "fires"),
    [("nofollow", True), ("index,nofollow", True), ("noindex, nofollow", False), ("none", False), ("follow", False)],
)
def test_nofollow_for_a_whole_page(directives: str, fires: bool) -> None:
    page = served(
        meta("robots", directives), PROSE + '<p><a href="/elm">Elm</a> <a href="https://ash.example/">Ash</a></p>'
    )
    found = hits("nofollow-page", page)
    assert bool(found) is fires
    assert not found or "2 links, 1 of them" in found[0].message
    assert hits("nofollow-page", served(meta("robots", directives))) == []


# Canonical addresses


@pytest.mark.parametrize(
    ("head", "link", "kind", "severity"),
    [
        (canonical(OAK) + canonical(f"{HOME}/elm"), "", "several", Severity.MEDIUM),
        (canonical(OAK), f'<{HOME}/elm>; rel="canonical"', "several", Severity.MEDIUM),
        (canonical("/oak"), "", "relative", Severity.LOW),
        (canonical("//bench.example/oak"), "", "relative", Severity.LOW),
        (canonical(f"{OAK}#seat"), "", "fragment", Severity.LOW),
        (canonical("file:///srv/oak.html"), "", "scheme", Severity.MEDIUM),
        (canonical(""), "", "empty", Severity.LOW),
        (canonical("http://bench.example/oak"), "", "http", Severity.LOW),
    ],
)
def test_faulty_canonical_addresses(head: str, link: str, kind: str, severity: Severity) -> None:
    hit = only(hits("conflicting-canonical", served(head, link=link)))
    assert (hit.evidence["faults"], hit.severity) == ([kind], severity)


@pytest.mark.parametrize(
    ("head", "link"),
    [
        (canonical(OAK) + canonical("https://www.bench.example/oak/"), ""),
        (canonical(OAK), f'<{OAK}>; rel=canonical, <{HOME}/oak.css>; rel="preload"; as=style'),
        (canonical(f"{HOME}/app#!/oak"), ""),
        ("", f'<{HOME}/elm>; rel="canonical"'),
        ("", ""),
    ],
)
def test_sound_canonical_addresses(head: str, link: str) -> None:
    assert hits("conflicting-canonical", served(head, link=link)) == []


def test_the_header_names_a_canonical_address_where_the_head_names_none() -> None:
    page = served("", link=f'<{HOME}/elm>; rel="canonical"')
    assert page.metadata.canonical == f"{HOME}/elm"
    assert [c.where for c in page.metadata.canonicals] == ["header"]


@pytest.mark.parametrize(("script", "fires"), [("/app.js", True), ("/_next/static/chunks/main.js", False)])
def test_a_canonical_address_in_the_body(script: str, fires: bool) -> None:
    page = served("", f'{PROSE}{canonical(OAK)}<script src="{script}"></script>')
    assert bool(hits("conflicting-canonical", page)) is fires


@pytest.mark.parametrize(
    ("address", "given", "number"),
    [
        ("/list?page=2", "/list", 2),
        ("/list?sort=age&page=3", "/list?sort=age", 3),
        ("/list/page/4/", "/list/", 4),
        ("/list?page=2", "/list?page=1", 2),
        ("/liste/seite-2", "/liste", 2),
        ("/list?page=2", "/list?page=2", None),
        ("/list?page=1", "/list", None),
        ("/list?page=2", "/list/all", None),
        ("/list?homepage=2", "/list", None),
        ("/list/page/2/oak", "/list/", None),
        ("/oak/comment-page-2/", "/oak/", None),
    ],
)
def test_later_pages_of_a_list(address: str, given: str, number: int | None) -> None:
    found = hits("canonicalised-pagination", served(canonical(HOME + given), url=HOME + address))
    assert [hit.evidence["page"] for hit in found] == ([number] if number else [])
    assert not found or found[0].target == HOME + given


# Languages


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ""), ("EN-gb", ""), ("zh-Hant", ""), ("zh-hans-cn", ""), ("x-default", ""), ("es-419", ""), ("fil", ""), ("eu", ""),
        ("en-uk", "en-gb may be meant"), ("cn", "zh may be meant"), ("jp", "ja may be meant"), ("en_US", "underscore"),
        ("eng", "en may be meant"), ("en-eu", "country eu"), ("rs", "no language"), ("english", "no code"), ("zh-hanz", "script hanz"),
        ("", "no code"), ("us", "en-us may be meant"), ("pt-br-x", "no code"),
    ],
)  # fmt: skip
def test_codes_of_languages(code: str, words: str) -> None:
    assert (words in locales.fault(code)) if words else locales.fault(code) == ""


def alternate(code: str, href: str) -> str:
    return f'<link rel="alternate" hreflang="{code}" href="{href}">'


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (alternate("en", OAK) + alternate("de", f"{HOME}/de/oak") + alternate("x-default", OAK), ""),
        (alternate("en", "http://www.bench.example/oak/") + alternate("de", f"{HOME}/de/oak"), ""),
        (alternate("de", f"{HOME}/de/oak"), ""),  # one alone: a link to a translation
        (alternate("en", OAK) + alternate("en-gb", OAK), ""),
        (alternate("en", OAK) + alternate("de", "/de/oak"), "“de” has no whole address (/de/oak)"),
        (alternate("en", OAK) + alternate("de", ""), "“de” leads nowhere"),
        (alternate("en", OAK) + alternate("en", f"{HOME}/elm"), "“en” is given for 2 addresses"),
        (alternate("fr", f"{HOME}/fr/oak") + alternate("de", f"{HOME}/de/oak"), "the page itself is not among them"),
        ('<link rel="alternate" hreflang="xx" type="application/rss+xml" href="/feed">', ""),
    ],
)
def test_twins_in_other_languages(head: str, words: str) -> None:
    found = hits("invalid-hreflang", served(head))
    assert (words in only(found).message) if words else found == []


def test_twins_may_be_named_in_the_header() -> None:
    page = served(
        "", link=f'<{OAK}>; rel="alternate"; hreflang="en", <{HOME}/de/oak>; rel="alternate"; hreflang="de-uk"'
    )
    assert page.metadata.hreflang == (("en", OAK), ("de-uk", f"{HOME}/de/oak"))
    assert "de-gb may be meant" in only(hits("invalid-hreflang", page)).message


@pytest.mark.parametrize(
    ("declared", "words", "infested", "url", "fires"),
    [
        ("de", 600, False, OAK, True),
        ("de", 200, False, OAK, False),
        ("de", 600, True, OAK, False),  # foreign-language-article says it
        ("de", 600, False, f"{HOME}/en/oak", False),
        ("en-gb", 600, False, OAK, False),
        ("", 600, False, OAK, False),
    ],
)
def test_declared_language(declared: str, words: int, infested: bool, url: str, fires: bool) -> None:
    source = article(PROSE * 4).replace('lang="en"', f'lang="{declared}"')
    page = page_of(source, url=url)
    judge = all_checks()["mismatched-language"].judge
    found = list(judge(page=page, article=SimpleNamespace(words=words), spread=SimpleNamespace(infested=infested)))
    assert bool(found) is fires


@pytest.mark.parametrize("declared", ["nb", "nn", "da"])
def test_languages_that_are_hard_to_tell_apart(declared: str) -> None:
    page = replace(page_of(article(PROSE * 3).replace('lang="en"', f'lang="{declared}"')), language="no")
    judge = all_checks()["mismatched-language"].judge
    assert list(judge(page=page, article=SimpleNamespace(words=500), spread=SimpleNamespace(infested=False))) == []


# Addresses


@pytest.mark.parametrize(
    ("address", "faults_"),
    [
        ("/oak", []),
        ("/eiche-f%C3%BCr-zwei/2024/03?page=2&sort=age", []),
        ("/eiche-f%c3%bcr-zwei", []),
        ("/web/2019/https://ash.example/oak", []),
        ("/Oak", ["capitals"]),
        ("/old_oak", ["underscores"]),
        ("/old%20oak", ["spaces"]),
        ("//oak", ["doubled slashes"]),
        ("/oak%E2%80%8Bbench", ["characters that cannot be seen"]),
        ("/oak;jsessionid=87", ["a session id"]),
        ("/oak?a=1&b=2&c=3&d=4", ["4 parameters"]),
        ("/" + "oak-" * 30, ["142 characters"]),
        ("/Old_Oak?PHPSESSID=1a", ["capitals", "underscores", "a session id"]),
    ],
)
def test_untidy_addresses(address: str, faults_: list[str]) -> None:
    found = hits("untidy-address", served(url=HOME + address))
    assert [hit.evidence["faults"] for hit in found] == ([faults_] if faults_ else [])


@pytest.mark.parametrize(
    ("url", "fires"),
    [
        ("http://bench.example/oak", True),
        (OAK, False),
        ("http://localhost:8000/oak", False),
        ("http://127.0.0.1/oak", False),
        ("http://10.0.0.7/oak", False),
        ("http://[::1]/oak", False),
        ("http://intranet/oak", False),
        ("http://printer.local/oak", False),
        ("http://93.184.216.34/oak", True),
    ],
)
def test_pages_without_encryption(url: str, fires: bool) -> None:
    found = hits("insecure-page", served(url=url))
    assert [hit.template for hit in found] == (["http"] if fires else [])


def test_hosts_of_the_inner_network() -> None:
    assert is_inner("nas") and is_inner("192.168.1.4") and not is_inner("bench.example") and not is_inner("8.8.8.8")


@pytest.mark.parametrize(
    ("markup", "severity"),
    [
        ('<script src="http://ash.example/a.js"></script>', Severity.MEDIUM),
        ('<iframe src="HTTP://ash.example/a"></iframe>', Severity.MEDIUM),
        ('<link rel="stylesheet" href="http://ash.example/a.css">', Severity.MEDIUM),
        ('<form action="http://ash.example/send"></form>', Severity.MEDIUM),
        ('<img src="http://ash.example/a.png" alt="An ash">', None),
        ('<video src="http://ash.example/a.mp4"></video>', None),
    ],
)
def test_insecure_parts_of_a_secure_page(markup: str, severity: Severity | None) -> None:
    hit = only(hits("mixed-content", served("", PROSE + markup)))
    assert hit.severity == severity
    assert hit.target.lower().startswith("http://ash.example/")
    assert hits("mixed-content", served("", PROSE + markup, url="http://bench.example/oak")) == []
    assert hits("mixed-content", served("", PROSE + markup, content_security_policy="upgrade-insecure-requests")) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="http://ash.example/">Ash</a>',
        '<link rel="canonical" href="http://bench.example/oak"><link rel="pingback" href="http://bench.example/ping">',
        "<script>var later = '<img src=\"http://ash.example/a.png\">'</script>",
        '<!-- <script src="http://ash.example/a.js"></script> -->',
        '<noscript><img src="http://ash.example/count.gif" alt=""></noscript>',
        '<img data-src="http://ash.example/{width}.png" alt="An ash">',
        '<script src="http://localhost:35729/livereload.js"></script>',
        '<script src="//ash.example/a.js"></script>',
        '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests"><img src="http://ash.example/a.png" alt="">',
    ],
)
def test_what_is_no_mixed_content(markup: str) -> None:
    assert hits("mixed-content", served("", PROSE + markup)) == []


def test_many_images_are_one_finding_and_many_scripts_are_bounded() -> None:
    images = "".join(f'<img src="http://ash.example/{n}.png" alt="Ash {n}">' for n in range(30))
    hit = only(hits("mixed-content", served("", PROSE + images)))
    assert (hit.evidence["count"], hit.template, hit.target) == (30, "http images", "")
    scripts = "".join(f'<script src="http://ash.example/{n}.js"></script>' for n in range(30))
    assert len(hits("mixed-content", served("", PROSE + scripts + scripts))) == 10


# Answers


@pytest.mark.parametrize(
    ("url", "redirects", "key"),
    [
        (OAK, (("http://bench.example/oak", 301), ("https://www.bench.example/oak", 301)), "chain"),
        (OAK, (("http://bench.example/oak", 302),), "temporary"),
        (OAK, (("http://bench.example/oak", 301),), None),
        (OAK, (("https://bench.example/oak/", 302),), None),
        (f"{HOME}/en/", (("http://bench.example/", 302),), None),  # by the reader's language
        (OAK, (), None),
    ],
)
def test_ways_to_a_page(url: str, redirects: tuple[tuple[str, int], ...], key: str | None) -> None:
    assert [hit.key for hit in hits("redirect-chain", served(url=url, redirects=redirects))] == ([key] if key else [])


@pytest.mark.parametrize(
    ("content", "given", "key", "severity"),
    [
        ("0; url=/elm", "", "away", Severity.LOW),
        ("5;URL='https://bench.example/elm'", "", "away", Severity.LOW),
        ("0; url=/elm", f"{HOME}/elm", "away", Severity.INFO),
        ("900", "", "reload", Severity.INFO),
        ("300; url=https://bench.example/oak", "", "reload", Severity.INFO),
        ("", "", None, None),
        ("never", "", None, None),
    ],
)
def test_meta_refresh(content: str, given: str, key: str | None, severity: Severity | None) -> None:
    head = f'<meta http-equiv="Refresh" content="{content}">' + (canonical(given) if given else "")
    found = hits("meta-refresh", served(head))
    assert [(hit.key, hit.severity) for hit in found] == ([(key, severity)] if key else [])


SORRY = "<p>Perhaps the search helps, or the front page.</p>"


@pytest.mark.parametrize(
    ("title", "heading", "fires"),
    [
        ("Page not found – Bench Weekly", "Oops! That page can’t be found.", True),
        ("404 Not Found", "Bench Weekly", True),
        ("404", "404", True),
        ("Error 404 | Bench Weekly", "Sorry, page not found", True),
        ("Bench Weekly", "Page Not Found", True),
        ("Seite nicht gefunden – Bankbote", "Fehler 404", True),
        ("Page introuvable", "Erreur 404", True),
        ("Página no encontrada | Banco", "Banco", True),
        ("Pagina non trovata", "Panca", True),
        ("ページが見つかりません", "ページが見つかりません", True),
        ("Nothing Found", "Nothing Found", True),
        ("Not Found", "A Poem", False),
        ("404", "A Car by Peugeot", False),
        ("How to Fix a 404 Error", "How to Fix a 404 Error", False),
        ("Page Not Found: What to Say", "Page Not Found: What to Say", False),
        ("Lost and Found", "Lost and Found", False),
        ("The Page", "Found at Last", False),
    ],
)
def test_pages_that_say_they_are_missing(title: str, heading: str, fires: bool) -> None:
    source = article(SORRY, title=title).replace(f"<h1>{title}</h1>", f"<h1>{heading}</h1>")
    page = parse(Snapshot(body=source.encode(), url=OAK, final_url=OAK, status=200))
    assert bool(hits("soft-404", page)) is fires
    assert hits("soft-404", page_of(source, url=f"{HOME}/404.html")) == []
    assert hits("soft-404", page_of(article(PROSE, title=title), url=OAK)) == []


@pytest.mark.parametrize("name", ["/404", "/404/", "/404/index.html", "/errors/not-found.html", "/error"])
def test_an_error_page_lies_under_its_own_name(name: str) -> None:
    assert hits("soft-404", served(body=SORRY, title="Page not found", url=HOME + name)) == []


def test_a_missing_page_that_must_not_be_indexed_is_no_soft_404() -> None:
    assert hits("soft-404", served(meta("robots", "noindex"), SORRY, title="Page not found")) == []


# The head


@pytest.mark.parametrize(
    ("culprit", "elements", "ended"),
    [
        ("<div></div>", ["title", "description", "canonical"], "div"),
        ('<img src="/pixel.gif" alt="">', ["title", "description", "canonical"], "img"),
        ("Welcome!", ["title", "description", "canonical"], "text"),
        ('<noscript><img src="/pixel.gif" alt=""></noscript>', [], ""),
        ("<!-- a note --><script>var a = '<div>';</script><style>a{}</style>", [], ""),
    ],
)
def test_heads_that_end_early(culprit: str, elements: list[str], ended: str) -> None:
    source = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{culprit}<title>A Bench</title>
{meta("description", "On a bench.")}{canonical(OAK)}</head><body><h1>A Bench</h1>{PROSE}</body></html>"""
    page = page_of(source, url=OAK)
    found = hits("misplaced-head", page)
    assert [hit.evidence["elements"] for hit in found] == ([elements] if elements else [])
    assert page.metadata.head_end == ended
    assert hits("conflicting-canonical", page) == []
    assert not found or (line(page, found[0]), found[0].severity) == (1, Severity.MEDIUM)


# What holds for all of them

NEW = (
    "conflicting-robots", "nofollow-page", "conflicting-canonical", "canonicalised-pagination", "invalid-hreflang", "mixed-content",
    "untidy-address", "insecure-page", "meta-refresh", "soft-404", "incomplete-structured-data", "misplaced-head",
)  # fmt: skip


@pytest.mark.parametrize("check", NEW)
def test_text_and_markdown_have_no_head(check: str) -> None:
    url = "http://bench.example/Old_Bench?page=2"
    assert hits(check, page_of("A bench\n\nIt stands by the river.\n", Format.TEXT, url=url)) == []
    source = "---\ntitle: 404 not found\nrobots: noindex, nofollow\n---\n\nIt [stands](/oak) by the river.\n"
    assert hits(check, page_of(source, Format.MARKDOWN, url=url)) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://bench.example/oak", "http://www.bench.example:80/oak/#seat", True),
        ("https://bench.example/eiche-f%c3%bcr", "https://bench.example/eiche-für", True),
        ("https://bench.example", "https://bench.example/", True),
        ("https://bench.example/oak?a=1", "https://bench.example/oak", False),
        ("https://bench.example/Oak", "https://bench.example/oak", False),
        ("https://bench.example:8080/oak", "https://bench.example/oak", False),
    ],
)
def test_when_two_addresses_are_one_page(one: str, other: str, same: bool) -> None:
    assert (same_page(one) == same_page(other)) is same
