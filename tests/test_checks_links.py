"""The checks on links that need no network: their words, their addresses, and how a page is joined to its site."""

from __future__ import annotations

import pytest

from auditor.checks.check import Hit
from auditor.checks.links.addresses import malformed
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from tests.subjects import PROSE, article, hits, line, page_of

URL = "https://bench.example/oak/"
NAV = '<header><nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/a/">Oak</a></li><li><a href="/b/">Elm</a></li>{}</ul></nav></header>'


def linked(*links: str, url: str | None = URL) -> Page:
    """An article with links in a sentence of its own."""
    return page_of(article(f"{PROSE}<p>There is more to be said of benches: {' and '.join(links)}.</p>"), url=url)


def framed(*links: str) -> Page:
    """An article under a menu that holds links."""
    source = article(PROSE).replace("<body>", "<body>" + NAV.format("".join(f"<li>{link}</li>" for link in links)))
    return page_of(source, url=URL)


def only(found: list[Hit]) -> Hit:
    (hit,) = found
    return hit


# --- malformed-link ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("http//oak.example/", "misspelt"),
        ("https//oak.example/", "misspelt"),
        ("htp://oak.example/", "misspelt"),
        ("htpp://oak.example/", "misspelt"),
        ("htttps://oak.example/", "misspelt"),
        ("hhttps://oak.example/", "misspelt"),
        ("ttps://oak.example/", "misspelt"),
        ("https;//oak.example/", "misspelt"),
        ("https:/oak.example/", "misspelt"),
        ("http:///oak.example/", "misspelt"),
        ("http:oak", "misspelt"),
        ("https://", "misspelt"),
        ("http://http://oak.example/", "twice"),
        ("https://https//oak.example/", "twice"),
        ("www.oak.example/bench", "no https://"),
        ("WWW.oak.example", "no https://"),
        ("oak-benches.com/larch", "no https://"),
        ("https://oak bench.example/", "space"),
        ("https://oak.example/ https://elm.example/", "space"),
        ("“https://oak.example/”", "quotation"),
        ("%20https://oak.example/", "quotation"),
        ("#TODO", "placeholder"),
        ("URL", "placeholder"),
        ("#insert-link-here", "placeholder"),
        ("/undefined", "placeholder"),
        ("[object Object]", "placeholder"),
        ("{{ url }}", "slot"),
        ("/benches/${id}", "slot"),
        ("[link]", "slot"),
        ("mailto:", "nobody"),
        ("mailto:Oona", "nobody"),
        ("tel:", "nobody"),
        ("oona@bench.example", "mailto:"),
    ],
)
def test_addresses_that_are_none(href: str, why: str) -> None:
    page = linked(f'<a href="{href}">the oak</a>')
    assert why in malformed(page)[href]
    hit = only(hits("malformed-link", page))
    assert href[:40] in hit.message
    assert hit.confidence is (Confidence.LOW if why == "slot" else Confidence.HIGH)


@pytest.mark.parametrize(
    "href",
    [
        "https://oak.example/",
        "HTTPS://oak.example/",
        "//oak.example/larch",
        "/larch",
        "larch.html",
        "../larch/",
        "?page=2",
        "#larch",
        "http/2-explained.html",
        "https/",
        "www/larch.html",
        "http://http.cat/404",
        "http://httpbin.example/",
        "https://web-archive.example/web/2001/http://oak.example/",
        "/go?to=https://oak.example/",
        "/the oak bench.pdf",
        "mailto:oona@bench.example?subject=Oak",
        "mailto:?subject=Oak&body=https://bench.example/",
        "mailto:oona%40bench.example",
        "tel:+441632960000",
        "javascript:void(0)",
        "ftp://oak.example/",
        "ssh://oak.example/",
        "sms:+441632960000",
        "/urls/",
        "/todo-list/",
        "/null-hypothesis/",
        "benches.community/",
        "{not-a-template}",
        "",
    ],
)
def test_addresses_that_are_in_order(href: str) -> None:
    assert hits("malformed-link", linked(f'<a href="{href}">the oak</a>')) == []


def test_what_stands_in_the_text_of_a_manuscript_is_no_mistake() -> None:
    text = "# A bench\n\nSee www.oak.example for more, or {}.\n"
    assert hits("malformed-link", page_of(text.format("<https://elm.example/>"), Format.MARKDOWN)) == []
    assert hits("malformed-link", page_of(text.format('[elms]({{< ref "elm" >}})'), Format.MARKDOWN)) == []
    assert len(hits("malformed-link", page_of(text.format("[elms](htp://elm.example/)"), Format.MARKDOWN))) == 1


def test_faults_of_the_article_are_one_and_those_of_the_theme_one_each() -> None:
    page = linked(*(f'<a href="htp://oak.example/{n}">oak {n}</a>' for n in range(5)))
    hit = only(hits("malformed-link", page))
    assert hit.message.startswith("5 links have no proper address")
    assert hit.target == "" and hit.evidence["count"] == 5
    found = hits(
        "malformed-link",
        framed(
            '<a href="www.oak.example">Oak</a>', '<a href="www.elm.example">Elm</a>', '<a href="www.elm.example">E</a>'
        ),
    )
    assert [hit.target for hit in found] == ["www.oak.example", "www.elm.example"]


def test_what_visitors_write_is_theirs() -> None:
    comments = '<section id="comments"><h2>3 comments</h2><ol class="comment-list">' + "".join(
        f'<li class="comment"><p>Vi sat there on a Sunday in May, and it rained on all of us. <a href="htp://x{n}.example">x</a></p></li>'
        for n in range(3)
    )
    page = page_of(article(PROSE).replace("</article>", f"</article>{comments}</ol></section>"), url=URL)
    assert hits("malformed-link", page) == []


# --- private-link -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "href",
    [
        "http://localhost/oak",
        "http://localhost:3000/oak",
        "http://127.0.0.1/oak",
        "http://192.168.1.20/oak",
        "http://10.0.0.8:8080/",
        "http://172.16.4.1/",
        "http://169.254.1.1/",
        "http://nas.local/oak",
        "http://wiki.internal/oak",
        "https://staging.bench.example/oak/",
        "https://stg2.bench.example/oak/",
        "https://www-staging.bench.example/oak/",
        "https://preprod.bench.example/oak/",
        "file:///C:/benches/oak.html",
        "C:\\\\benches\\\\oak.docx",
        "\\\\\\\\server\\\\oak.docx",
    ],
)
def test_places_where_no_reader_can_go(href: str) -> None:
    href = href.replace("\\\\", "\\")
    hit = only(hits("private-link", linked(f'<a href="{href}">the oak</a>')))
    assert hit.evidence["links"] == [href]
    assert hits("malformed-link", linked(f'<a href="{href}">the oak</a>')) == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://oak.example/">oak</a>',
        '<a href="http://8.8.8.8/">resolver</a>',
        '<a href="http://172.15.4.1/">public</a>',
        '<a href="https://dev.bench.example/">for developers</a>',
        '<a href="https://test.bench.example/">hearing tests</a>',
        '<a href="https://stages.bench.example/">theatres</a>',
        '<a href="https://staging.oak.example/">another site\'s</a>',
        '<a href="https://localhost.run/">a service</a>',
        '<a href="http://localhost:8000/">http://localhost:8000/</a>',
        '<a href="http://127.0.0.1:8000/">Open 127.0.0.1:8000 in your browser</a>',
        '<a href="/file:oak">oak</a>',
    ],
)
def test_places_where_readers_can_go(link: str) -> None:
    assert hits("private-link", linked(link)) == []


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "staging.bench.example", "site.local"])
def test_a_private_page_may_link_to_its_like(host: str) -> None:
    page = linked('<a href="http://localhost:3000/oak">oak</a>', url=f"http://{host}/oak/")
    assert hits("private-link", page) == []


# --- insecure-link ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "url", "count"),
    [
        ("http://bench.example/elm/", URL, 1),
        ("http://www.bench.example/elm/", URL, 1),
        ("https://bench.example/elm/", URL, 0),
        ("/elm/", URL, 0),
        ("//bench.example/elm/", URL, 0),
        ("http://shop.bench.example/elm/", URL, 0),  # may have no certificate
        ("http://elm.example/", URL, 0),
        ("http://bench.example/elm/", "http://bench.example/oak/", 0),
        ("http://bench.example/elm/", None, 0),
    ],
)
def test_links_that_leave_https(href: str, url: str | None, count: int) -> None:
    assert len(hits("insecure-link", linked(f'<a href="{href}">elm</a>', url=url))) == count


# --- broken-fragment --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "anchor"),
    [
        ("#larch", "<h2 id='larch'>Larch</h2>"),
        ("#larch", "<h2 id=larch>Larch</h2>"),
        ("#larch", '<h2 class="x"\n id = "larch">Larch</h2>'),
        ("#larch", '<a name="larch"></a><h2>Larch</h2>'),
        ("#l%C3%A4rche", '<h2 id="lärche">Larch</h2>'),
        ("#oak&amp;larch", '<h2 id="oak&amp;larch">Larch</h2>'),
        ("#larch", '<h2><a id="user-content-larch"></a>Larch</h2>'),
        (URL + "#larch", '<h2 id="larch">Larch</h2>'),
        ("https://bench.example/elm/#larch", "<h2>Larch</h2>"),  # another page
        ("#", "<h2>Larch</h2>"),
        ("#top", "<h2>Larch</h2>"),
        ("#!/larch", "<h2>Larch</h2>"),
        ("#/larch", "<h2>Larch</h2>"),
        ("#:~:text=larch", "<h2>Larch</h2>"),
        ("#comments", "<h2>Larch</h2>"),
        ("#myModal", "<h2>Larch</h2>"),
        ('#larch" data-toggle="collapse', "<h2>Larch</h2>"),
        ('#larch" onclick="show()', "<h2>Larch</h2>"),
        ('#larch" role="button', "<h2>Larch</h2>"),
    ],
)
def test_sections_that_are_there_or_made_by_scripts(href: str, anchor: str) -> None:
    assert (
        hits("broken-fragment", page_of(article(f'<p>See <a href="{href}">larch</a>.</p>{PROSE}{anchor}'), url=URL))
        == []
    )


@pytest.mark.parametrize(
    ("href", "anchor"),
    [
        ("#larch", '<h2 id="Larch">Larch</h2>'),
        ("#larch", '<h2 id="larch-2">Larch</h2>'),
        ("#larch", '<h2 data-larch="larch">Larch</h2>'),
        ("/oak/#larch", "<h2>Larch</h2>"),
    ],
)
def test_sections_that_are_not_there(href: str, anchor: str) -> None:
    page = page_of(article(f'<p>See\n<a href="{href}">larch</a>.</p>{PROSE}{anchor}'), url=URL)
    hit = only(hits("broken-fragment", page))
    assert hit.confidence is Confidence.MEDIUM
    assert line(page, hit) == 2


def test_where_every_section_is_missing_scripts_are_likely() -> None:
    entries = "".join(f'<li><a href="#part-{n}">Part {n}</a></li>' for n in range(12))
    hit = only(hits("broken-fragment", page_of(article(f"<ul>{entries}</ul>{PROSE}"), url=URL)))
    assert hit.confidence is Confidence.LOW
    assert hit.evidence["of"] == 12


def test_many_sections_are_looked_up_together() -> None:
    entries = "".join(f'<li><a href="#part-{n}">Part {n}</a></li>' for n in range(30))
    sections = "".join(f"<h3 {'id' if n % 2 else 'name'}='part-{n}'>Part {n}</h3>" for n in range(30) if n != 7)
    hit = only(hits("broken-fragment", page_of(article(f"<ul>{entries}</ul>{PROSE}{sections}"), url=URL)))
    assert hit.evidence["links"] == ["#part-7"]


def test_manuscripts_make_their_ids_later() -> None:
    assert hits("broken-fragment", page_of("# A bench\n\nSee [larch](#larch).\n", Format.MARKDOWN)) == []


# --- nofollow-internal-link, link-overload, dead-end-page -------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "count"),
    [
        ('<a rel="nofollow" href="/elm/">elm</a>', 1),
        ('<a rel="noopener nofollow" href="https://bench.example/elm/">elm</a>', 1),
        ('<a rel="noopener" href="/elm/">elm</a>', 0),
        ('<a rel="nofollow" href="https://elm.example/">elm</a>', 0),
        ('<a rel="nofollow" href="/wp-login.php">log in</a>', 0),
        ('<a rel="nofollow" href="/cart/">basket</a>', 0),
        ('<a rel="nofollow" href="/oak/?replytocom=5#respond">reply</a>', 0),
        ('<a rel="nofollow" href="/shop/?sort=price">by price</a>', 0),
        ('<a rel="nofollow" href="/go/oak-shop/">shop</a>', 0),
        ('<a rel="nofollow" href="#">up</a>', 0),
    ],
)
def test_own_pages_that_the_site_does_not_vouch_for(link: str, count: int) -> None:
    assert len(hits("nofollow-internal-link", linked(link))) == count


def test_nofollow_in_the_theme_is_the_themes() -> None:
    hit = only(hits("nofollow-internal-link", framed('<a rel="nofollow" href="/elms/">Elms</a>')))
    assert hit.template


def test_a_list_of_some_hundred_links_is_a_list() -> None:
    def entries(count: int) -> str:
        return "<ul>" + "".join(f'<li><a href="/oak/{n}">Oak {n}</a></li>' for n in range(count)) + "</ul>"

    assert hits("link-overload", page_of(article(PROSE + entries(1000)), url=URL)) == []
    assert only(hits("link-overload", page_of(article(PROSE + entries(1001)), url=URL))).evidence["links"] == 1001


@pytest.mark.parametrize(
    ("link", "count"),
    [
        ("", 1),
        ('<a href="#larch">down</a>', 1),
        (f'<a href="{URL}">this page</a>', 1),
        ('<a href="https://elm.example/">elm</a>', 1),
        ('<a href="mailto:oona@bench.example">write</a>', 1),
        ('<a href="/">bench</a>', 0),
        ('<a href="https://www.bench.example/elm/">elm</a>', 0),
        ('<a href="elm.html">elm</a>', 0),
    ],
)
def test_pages_that_lead_nowhere_on_their_site(link: str, count: int) -> None:
    assert len(hits("dead-end-page", page_of(article(f"{PROSE}<p>More: {link}</p>"), url=URL))) == count


def test_a_dead_end_has_to_be_a_page_with_an_article() -> None:
    assert hits("dead-end-page", page_of(f"<h1>Bench</h1>{PROSE}", url=URL)) == []
    assert hits("dead-end-page", page_of(article("<p>Gone fishing.</p>"), url=URL)) == []
    # A file that does not say where it belongs: the link may lead to its own site.
    assert hits("dead-end-page", page_of(article(f'{PROSE}<p><a href="https://elm.example/">elm</a></p>'))) == []


# --- unnamed-link, generic-anchor -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/elm/"><img src="/elm.jpg" alt="An elm"></a>',
        '<a href="/elm/" aria-label="Elms"><img src="/elm.jpg"></a>',
        '<a href="/elm/" title="Elms"><img src="/elm.jpg"></a>',
        '<a href="/elm/"><img src="/elm.jpg"> Elms</a>',
        '<a href="/elm/"><img src="/elm.jpg" alt=""></a> <a href="/elm/">Elms</a>',
        '<a href="/elm/" aria-hidden="true" tabindex="-1"><img src="/elm.jpg" alt=""></a>',
        '<a href="/img/elm-large.jpg"><img src="/elm.jpg"></a>',
        '<a href="#"><img src="/elm.jpg"></a>',
        '<a href="/elm/" hidden><img src="/elm.jpg"></a>',
        '<img src="/elm.jpg">',
    ],
)
def test_links_with_a_name(link: str) -> None:
    assert hits("unnamed-link", linked(link)) == []


@pytest.mark.parametrize("alt", ["", 'alt=""', 'alt=" "'])
def test_links_that_are_a_picture_without_words(alt: str) -> None:
    page = linked(f'<a href="/elm/"><img src="/elm.jpg" {alt}></a>')
    hit = only(hits("unnamed-link", page))
    assert hit.template == "" and hit.severity is Severity.LOW
    assert hits("missing-alt", page) == []  # told once
    hit = only(hits("unnamed-link", framed(f'<a href="/elm/"><img src="/elm.jpg" {alt}></a>')))
    assert hit.template and hit.severity is Severity.INFO


def test_a_picture_that_opens_larger_still_needs_words() -> None:
    assert len(hits("missing-alt", linked('<a href="/img/elm-large.jpg"><img src="/elm.jpg"></a>'))) == 1


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("here", "click here", 1),
        ("HERE", "Here.", 1),
        ("this link", "read more", 1),
        ("hier", "aquí", 1),
        ("https://oak.example/a/very/long/address/of/oak", "here", 1),
        ("here", "the oak", 0),  # one alone
        ("the report", "a study", 0),
        ("oak.example", "elm.example", 0),
        ("[1]", "[2]", 0),
        ("more about larch", "here and there", 0),
    ],
)
def test_words_that_say_nothing(first: str, second: str, count: int) -> None:
    page = linked(f'<a href="https://oak.example/">{first}</a>', f'<a href="https://elm.example/">{second}</a> as told')
    assert len(hits("generic-anchor", page)) == count


def test_few_among_many_are_left_alone() -> None:
    good = [f'<a href="https://oak.example/{n}">oak of {n}</a>' for n in range(1900, 1925)]
    here = ['<a href="https://elm.example/">here</a>', '<a href="https://elm.example/2">here</a>']
    assert hits("generic-anchor", linked(*good, *here)) == []


def test_buttons_and_teasers_are_left_alone() -> None:
    teaser = "<p>They lie down on the gravel to touch it before an exam. <a href='/fish-{0}/'>Read more</a></p>"
    assert hits("generic-anchor", page_of(article(PROSE + "".join(map(teaser.format, range(4)))), url=URL)) == []
    button = "<p><a href='/fish-{0}/'>Learn more</a></p>"
    assert hits("generic-anchor", page_of(article(PROSE + "".join(map(button.format, range(4)))), url=URL)) == []
