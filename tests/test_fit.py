"""What links lead to: read from the run's own pages, or from other sites where asked, and held against what the links promise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor import identity, language
from auditor.audit import audit
from auditor.checks.check import Hit
from auditor.checks.links.targets import mismatched_anchor, rerouted_link
from auditor.config import CrawlLimits
from auditor.features.promise import LONGEST, MOST, Promise, doubtful, promises, promising
from auditor.files import read
from auditor.judge import JudgedLink
from auditor.language.lexicons import walled
from auditor.model.verdict import Verdict
from auditor.page.page import Page
from auditor.page.reached import Reached, State
from auditor.page.snapshot import Format, Snapshot
from auditor.page.told import Told, told
from auditor.report import LinkLabel, Report
from auditor.site.digest import digest
from auditor.store.outside import Outside
from auditor.store.store import Store
from auditor.web.outside import READ_BYTES, reached
from tests.servers import Reply, Server, moved, page
from tests.subjects import page_of
from tests.test_scan_more import findings, scan

URL = "https://lime-kiln.example/gable/"
OTHER = "https://other.example/p/418"
WALL = (
    "A stone cottage drinks. Rain goes into the outer face of the masonry in winter and comes out again in the first dry weeks, and "
    "nobody minded, because the render on it was lime and let the water pass. Cement does not. It is hard and tight, and where it "
    "cracks the rain runs in behind it and stays. The plaster inside turns brown, the skirting rots, and the mortar turns to sand. "
)
FUNDS = "Index Funds for a Quiet Retirement"
MONEY = (
    "A pension adviser will tell you that an index fund with low fees beats four managers in five over twenty years. Take a saver "
    "who puts two hundred a month into shares and bonds. At five per cent a year and a low fee she retires with a third more than "
    "her neighbour, whose broker charges one and a half. Spread the money and leave the account alone when prices fall. "
)


def article(link: str, title: str = "Taking Cement off a Stone Cottage") -> str:
    return f"<!doctype html><html lang=en><title>{title}</title><main><article><h1>{title}</h1><p>{WALL * 3}</p>{link}</article></main></html>"


def gable(sentence: str) -> Page:
    return page_of(article(f"<p>{sentence}</p>"), url=URL)


def found(sentence: str, one: Told, url: str = OTHER) -> list[Promise]:
    source = gable(sentence)
    return promises(source, digest(source, language.load()), {url: one}, language.load())


def hits(sentence: str, one: Told) -> list[Hit]:
    source = gable(sentence)
    read = digest(source, language.load())
    return list(mismatched_anchor(source, read, (), {OTHER: one}, language.load()))


BREATHES = f'What the wall needs is <a href="{OTHER}">a coat that lets it breathe</a>, and a mason.'
MONEY_PAGE = Told(FUNDS, language="en")


def test_a_target_about_something_else_is_found() -> None:
    (hit,) = hits(BREATHES, MONEY_PAGE)
    assert FUNDS[:40] in hit.message and hit.target == OTHER
    assert hit.evidence["similarity"] < 0.1


@pytest.mark.parametrize(
    ("sentence", "one"),
    [
        (BREATHES.replace("a coat that lets it breathe", "here"), MONEY_PAGE),
        (BREATHES.replace("a coat that lets it breathe", "an earlier post"), MONEY_PAGE),
        (BREATHES.replace("a coat that lets it breathe", "[12]"), MONEY_PAGE),
        (BREATHES.replace("a coat that lets it breathe", "other.example"), MONEY_PAGE),
        (BREATHES.replace("a coat that lets it breathe", "Privacy policy"), MONEY_PAGE),
        (BREATHES.replace("a coat that lets it breathe", "The Other Example"), Told("Index Funds Example", language="en")),
        (BREATHES, Told("Sign in to Index Funds", language="en")),
        (BREATHES, Told("Just a moment... index funds and shares", language="en")),
        (BREATHES, Told("Index Funds", language="en")),
        (BREATHES, Told("Stiller Ruhestand mit Fonds und Aktien für Sparer", language="de")),
        (BREATHES, Told("Xqzt Vbnm Plok Wert Zxcv Qwop", language="en")),
        (BREATHES, Told("Coats of Shares, Funds and Bonds for Savers", language="en")),
        (BREATHES.replace("and a mason", "and no savings account"), Told(FUNDS, "Savings and fees", "en")),
        (BREATHES, Told("")),
        (BREATHES, Told("About", language="en")),
    ],
)  # fmt: skip
def test_what_promises_nothing_or_is_not_known_is_left_alone(sentence: str, one: Told) -> None:
    assert hits(sentence, one) == []


def test_a_link_that_was_found_planted_is_told_of_once() -> None:
    source = gable(BREATHES)
    (link,) = [link for link in source.links if link.url == OTHER]
    read = digest(source, language.load())
    for label, expected in ((LinkLabel.OK, 1), (LinkLabel.SUSPICIOUS, 0)):
        judged = JudgedLink(link, Verdict(0.9, 2.0, 0.0, ()), label)
        assert len(list(mismatched_anchor(source, read, (judged,), {OTHER: MONEY_PAGE}, language.load()))) == expected


def test_initials_are_the_words_that_they_stand_for() -> None:
    blood = Told("Thyroid Stimulating Hormone in Blood Tests of Patients", language="en")
    assert found(BREATHES.replace("a coat that lets it breathe", "TSH"), blood) == []
    assert found(BREATHES.replace("a coat that lets it breathe", "XQJ coat"), blood)


def test_only_links_in_the_text_of_the_article_can_promise() -> None:
    source = page_of(
        article(
            f'<p>See <a href="{OTHER}">lime coats</a>, <a href="https://other.example/">another site</a>, '
            '<a href="https://other.example/login">the way in</a>, <a href="https://other.example/lime/page/2/">more lime</a>, '
            f'<a href="{OTHER}2"><img src="a.png" alt="lime"></a>, <a href="{OTHER}3" hidden>hidden lime</a>, '
            f'<a href="{OTHER}4">{"lime " * LONGEST}</a></p><nav><a href="{OTHER}5">Lime kilns</a></nav>'
        ),
        url=URL,
    )
    front, login, list_ = (f"https://other.example/{path}" for path in ("", "login", "lime/page/2/"))
    assert [link.url for link in promising(source)] == [OTHER, front, login, list_]
    assert [link.url for link, _ in doubtful(source)] == [OTHER]
    many = page_of(
        article("<p>" + "".join(f'A <a href="{OTHER}{n}">lime</a> ' for n in range(2 * MOST)) + "</p>"), url=URL
    )
    assert len(promising(many)) == MOST


def test_a_site_s_name_in_both_titles_is_no_shared_word() -> None:
    (one,) = found(BREATHES, Told(FUNDS + " | A Coat of Lime", language="en")) or (None,)
    assert one is None  # "coat" is the target's own there
    source = page_of(article(f"<p>{BREATHES}</p>", "Taking Cement off | A Coat of Lime"), url=URL)
    read = digest(source, language.load())
    assert promises(source, read, {OTHER: Told(FUNDS + " | A Coat of Lime", language="en")}, language.load())


@pytest.mark.parametrize(
    "title", ["Access Denied", "404 - Page not found", "Log in | Acme", "Attention Required! | Cloudflare"]
)
def test_walls_are_known_by_their_titles(title: str) -> None:
    assert walled(title)
    assert not walled("Taking Cement off a Stone Cottage")


# Where a link ends


@pytest.mark.parametrize(
    ("url", "landed", "state", "expected"),
    [
        ("https://a.example/leaflets/lime", "https://a.example/", State.MOVED, True),
        ("https://a.example/leaflets/lime", "https://www.a.example/en/", State.ALIVE, True),
        ("https://a.example/?p=12", "https://a.example/index.html", State.MOVED, True),
        ("https://a.example/leaflets/lime", "https://a.example/leaflets/lime/", State.MOVED, False),
        ("https://a.example/leaflets/lime", "https://a.example/?p=12", State.MOVED, False),
        ("https://a.example/index.php", "https://a.example/", State.MOVED, False),
        ("http://a.example#top", "https://a.example/", State.MOVED, False),
        ("https://a.example/de/", "https://a.example/en/", State.ALIVE, False),
        ("https://a.example/leaflets/lime", "", State.ALIVE, False),
        ("https://a.example/leaflets/lime", "https://a.example/", State.REFUSED, False),
    ],
)
def test_a_page_s_link_that_ends_at_a_front_page_is_rerouted(
    url: str, landed: str, state: State, expected: bool
) -> None:
    assert Reached(url, state, landed=landed).rerouted is expected


def test_an_address_that_is_there_to_lead_elsewhere_is_not_rerouted() -> None:
    for url in ("https://bit.ly/3xYz", "https://shop.example/go/kiln", "https://tool.example/x?aff=12"):
        source = gable(f'A <a href="{url}">kiln</a> for lime.')
        end = Reached(url, State.ALIVE, 200, landed="https://kiln.example/")
        assert list(rerouted_link(source, {url: end})) == []
        assert end.rerouted


PARKED = [
    ("<title>lime.example is for sale</title><p>Buy it.", ""),
    ("<title>lime.example</title><p>This domain may be for sale.</p>", ""),
    ("<title>lime.example</title><script src='//c.parkingcrew.net/x.js'></script><p>Related searches", ""),
    ("<title>Lime</title><p>Get yours</p>", "https://www.hugedomains.com/domain_profile.cfm?d=lime"),
]
SOUND = [
    (f"<title>How a parked domain earns</title><p>{'This domain is for sale, it says on many of them. ' * 40}</p>", ""),
    ("<title>The House is for Sale</title><p>Four rooms and a kiln.</p>", ""),
    ("<title>Lime</title><p>Hot lime, slaked and sieved.</p>", "https://www.lime.example/"),
]


@pytest.mark.parametrize(("html", "final", "expected"), [(*p, True) for p in PARKED] + [(*p, False) for p in SOUND])
def test_parked_domains_are_known(html: str, final: str, expected: bool) -> None:
    asked = "https://lime.example/mixes"
    source = page_of(html, url=asked)
    if final:
        body = source.snapshot.body
        from auditor.page.parse import parse

        source = parse(Snapshot(body, Format.HTML, url=asked, final_url=final))
    assert bool(told(source).parked) is expected


def test_what_was_reached_comes_back_from_plain_values() -> None:
    one = Told("A title", "What it is about", "en", parked="it says so")
    for end in (
        Reached(OTHER, State.ALIVE, 200, OTHER, "", "https://other.example/", True, one),
        Reached(OTHER, State.BROKEN, 404, OTHER, "404 Not Found", read=True),
        Reached(OTHER, State.ALIVE, 200, OTHER),
    ):
        assert Reached.restored(OTHER, json.loads(json.dumps(end.plain()))) == end


# Files


def audited(folder: Path, *, each: bool = False) -> Report:
    from auditor.config import Config

    documents = read([str(folder)], max_bytes=10_000_000)
    return audit(documents, Config(each=each), started_at=datetime(2026, 1, 1, tzinfo=UTC))


def mismatched(report: Report) -> list[tuple[str, str]]:
    return [(f.location.path or "", f.evidence["href"]) for f in report.findings if f.check == "mismatched-anchor"]


@pytest.mark.parametrize("href", ["money.html", "./money.html?x=1#part", "/money.html", "money", "../site/money.html"])
def test_files_lead_to_each_other_by_their_paths(tmp_path: Path, href: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "gable.html").write_text(
        article(f'<p>What the wall needs is <a href="{href}">a coat that lets it breathe</a>, and a mason.</p>')
    )
    (folder / "money.html").write_text(
        f"<!doctype html><html lang=en><title>{FUNDS}</title><article><h1>{FUNDS}</h1><p>{MONEY * 3}</p></article></html>"
    )
    assert [url for _, url in mismatched(audited(folder))] == [href.partition("#")[0]]
    (folder / "money.html").write_text(
        article("<p>Lime needs weeks to set.</p>", "White Bloom on Old Plaster").replace("render", "skim")
    )
    assert mismatched(audited(folder)) == []


def test_markdown_files_and_folders_too(tmp_path: Path) -> None:
    (tmp_path / "money").mkdir()
    (tmp_path / "money" / "index.md").write_text(f"# {FUNDS}\n\n{MONEY * 3}\n")
    (tmp_path / "gable.md").write_text(
        f"# Taking Cement off a Stone Cottage\n\n{WALL * 3}\n\nIt needs [a coat that lets it breathe](money/), and a mason.\n"
    )
    assert [url for _, url in mismatched(audited(tmp_path))] == ["money/"]


def test_nobody_looks_where_each_file_is_a_site_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "gable.html").write_text(article("<p>Lime.</p>"))
    (tmp_path / "gable2.html").write_text(article("<p>More lime.</p>"))
    skipped = {one.check: one.reason for one in audited(tmp_path, each=True).skipped}
    assert "--check-targets" in skipped["mismatched-anchor"]
    assert "mismatched-anchor" not in {one.check for one in audited(tmp_path).skipped}


# Other sites


def look(*links: str, read: tuple[str, ...] = (), **changes: Any) -> list[Reached]:
    limits = CrawlLimits(**({"allow_private": True} | changes))
    return list(reached(links, limits, rate=0.0, read=frozenset(read)))


def test_a_target_costs_one_get_and_nothing_but_its_head_is_kept() -> None:
    described = b"<!doctype html><html lang=en><title>On lime</title><meta name=description content='Slaked and sieved.'><p>secret words"
    with Server({"/a": described, "/b": page(), "/c.pdf": Reply(b"%PDF", type="application/pdf")}) as server:
        one, same, two, three = (server.url + path for path in ("/a", "/a?utm_source=x", "/b", "/c.pdf"))
        ends = {end.url: end for end in look(one, same, two, three, read=(same, three))}
    assert [(r.method, r.path) for r in server.log] == [
        ("GET", "/robots.txt"), ("GET", "/a"), ("HEAD", "/b"), ("GET", "/c.pdf"),
    ]  # fmt: skip
    assert ends[one].told == ends[same].told == Told("On lime", "Slaked and sieved.", "en")
    assert "secret" not in json.dumps(ends[one].plain())
    assert ends[two].told is None and not ends[two].read
    assert ends[three].told is None and ends[three].read


def test_no_more_than_the_beginning_of_a_target_is_read() -> None:
    asked = [0]

    def endless() -> Any:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>On lime and sand</title>"
        while True:
            asked[0] += 1
            yield b"<p>" + b"x" * 9997

    with Server({"/a": Reply(raw=endless())}) as server:
        (end,) = look(server.url + "/a", read=(server.url + "/a",))
    assert end.told is not None and end.told.title == "On lime and sand"
    assert asked[0] * 10_000 < READ_BYTES + 6_000_000  # what the kernel's buffers hold comes on top


def test_robots_txt_and_refusals_hold_for_what_is_read_too() -> None:
    with Server({"/robots.txt": b"User-agent: *\nDisallow: /no", "/no": page(), "/shut": Reply(status=403)}) as server:
        links = (server.url + "/no", server.url + "/shut")
        ends = look(*links, read=links)
    assert [(end.state, end.told, end.read) for end in ends] == [(State.REFUSED, None, True)] * 2
    assert [(r.method, r.path) for r in server.log] == [("GET", "/robots.txt"), ("GET", "/shut")]


def test_redirects_are_followed_to_where_they_land() -> None:
    with Server(
        {
            "/old": moved("/", 301),
            "/guest": moved("/", 302),
            "/": page(title="Front"),
            "/up": moved("/there"),
            "/there": page(),
        }
    ) as server:
        links = tuple(server.url + path for path in ("/old", "/guest", "/up"))
        ends = {end.url.rpartition("/")[2]: end for end in look(*links, read=links)}
    assert {name: (end.state, end.rerouted) for name, end in ends.items()} == {
        "old": (State.MOVED, True),
        "guest": (State.ALIVE, True),
        "up": (State.MOVED, False),
    }
    assert ends["up"].landed == server.url + "/there"


def test_hostile_targets_are_told_nothing_of() -> None:
    bodies = {"/a": b"\xff\xfe" + b"\x00<" * 500, "/b": b"<title>" + b"x" * 150_000, "/c": b"<div>" * 30_000}
    with Server(dict(bodies)) as server:
        links = tuple(server.url + path for path in bodies)
        ends = look(*links, read=links)
    assert [end.state for end in ends] == [State.ALIVE] * 3
    assert all(end.told is None or len(end.told.title) <= 300 for end in ends)


# The store


def test_what_articles_link_to_is_asked_for_again_only_where_it_was_not_read(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        outside = Outside(store.connection, store.file, store.begin(("https://x.example/",), {}, "0").id)
        outside.mention(["https://a.example/", "https://b.example/", "https://c.example/"], {"https://b.example/"})
        outside.mention(["https://a.example/"], {"https://a.example/"})
        outside.mention(["https://b.example/"])
        assert outside.unread() == ["https://a.example/", "https://b.example/"]
        assert len(outside.unasked()) == 3
        outside.answer("https://a.example/", Reached("https://a.example/", State.ALIVE, 200).plain())
        outside.answer("https://b.example/", Reached("https://b.example/", State.BROKEN, 404, read=True).plain())
        assert (outside.unread(), outside.unasked()) == (["https://a.example/"], ["https://c.example/"])
        one = Reached("https://a.example/", State.ALIVE, 200, read=True, told=Told("A title"))
        outside.answer("https://a.example/", one.plain())
        assert outside.unread() == []
        assert Reached.restored(one.url, outside.answers([one.url])[one.url]) == one


def test_a_store_of_the_version_before_gets_its_column(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        run = store.begin(("https://x.example/",), {}, "0").id
        store.connection.execute("ALTER TABLE outside DROP COLUMN cited")
        for table in ("outbound", "domains"):
            store.connection.execute(f"DROP TABLE {table}")
        store.connection.execute("INSERT INTO outside VALUES (?, 'https://a.example/', NULL)", (run,))
        store.connection.execute("PRAGMA user_version = 1")
    with Store(tmp_path) as store:
        outside = Outside(store.connection, store.file, run)
        assert (outside.unasked(), outside.unread()) == (["https://a.example/"], [])
        outside.mention(["https://a.example/"], {"https://a.example/"})
        assert outside.unread() == ["https://a.example/"]


def test_every_spelling_of_an_address_has_its_key() -> None:
    spelled = identity.spellings("http://www.a.example/b?c=d")
    assert len(set(spelled)) == 4 and spelled[0] == "http://www.a.example/b?c=d"
    assert len({identity.key(one) for one in spelled}) == 1


# A scan


def test_a_scan_holds_links_against_its_own_pages_and_those_it_was_told_to_read(tmp_path: Path) -> None:
    money = f"<!doctype html><html lang=en><title>{FUNDS}</title><article><h1>{FUNDS}</h1><p>{MONEY * 3}</p></article></html>"
    with Server(
        {"/p/418": money.encode(), "/old": moved("/"), "/": page(), "/sale": page(title="Buy this domain")},
        host="127.0.0.2",
    ) as other:
        there = other.url.replace("127.0.0.1", "127.0.0.2")
        text = article(
            '<p>What the wall needs is <a href="/p/77">a coat that lets it breathe</a>, and a mason.</p>'
            f'<p>The <a href="{there}/p/418">moss on the gable</a> is scraped off in spring.</p>'
            f'<p>A <a href="{there}/old">leaflet on lime</a> and a <a href="{there}/sale">list of masons</a> were printed.</p>'
            f'<footer><a href="{there}/foot">Made by us</a></footer>'
        )
        with Server({"/": text.encode(), "/p/77": money.encode()}) as server:
            _, without, _ = scan(tmp_path, server.url)
            assert other.log == []
            _, report, _ = scan(tmp_path, server.url, "--check-targets")
            asked = [(request.method, request.path) for request in other.log]
            before = len(server.log)
            _, again, _ = scan(tmp_path, server.url, "--from-run", "2", "--check-targets")
            assert len(server.log) == before
    assert [f["evidence"]["href"] for f in findings(without, "mismatched-anchor")] == [server.url + "/p/77"]
    assert {f["evidence"]["href"] for f in findings(report, "mismatched-anchor")} == {
        server.url + "/p/77",
        there + "/p/418",
    }
    assert [f["evidence"]["href"] for f in findings(report, "rerouted-link")] == [there + "/old"]
    assert [f["evidence"]["href"] for f in findings(report, "parked-target")] == [there + "/sale"]
    assert findings(report, "moved-link") == []
    assert sorted(asked) == [
        ("GET", "/"), ("GET", "/foot"), ("GET", "/old"), ("GET", "/p/418"), ("GET", "/robots.txt"), ("GET", "/sale"),
        ("HEAD", "/foot"),
    ]  # fmt: skip
    assert [(r.method, r.path) for r in other.log] == asked  # nothing is asked for twice
    assert [p["findings"] for p in again["pages"]] == [p["findings"] for p in report["pages"]]


def test_a_scan_that_goes_on_asks_for_no_target_twice(tmp_path: Path) -> None:
    with Server({f"/{name}": page(title="On lime") for name in "ab"}, host="127.0.0.2") as other:
        there = other.url.replace("127.0.0.1", "127.0.0.2")
        first = article(f'<p>See <a href="{there}/a">lime</a> and <a href="/next">the rest</a>.</p>')
        second = article(f'<p>See <a href="{there}/a">lime</a> and <a href="{there}/b">sand</a>.</p>', "Sand")
        with Server({"/": first.encode(), "/next": second.encode()}) as server:
            scan(tmp_path, server.url, "--check-targets", "--max-pages", "1")
            assert [r.path for r in other.log] == ["/robots.txt", "/a"]
            scan(tmp_path, server.url, "--check-targets", "--max-pages", "9", "--resume")
    assert [(r.method, r.path) for r in other.log if r.path != "/robots.txt"] == [("GET", "/a"), ("GET", "/b")]
