"""Outbound domains: what is counted, what they are, which are known, and how they are written."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from auditor import urls
from auditor.audit import audit
from auditor.cli import app
from auditor.errors import ConfigError
from auditor.outbound import inventory as counting
from auditor.outbound.arrivals import TOLD, arrivals, sightings
from auditor.outbound.inventory import Domain, Inventory, inventory
from auditor.outbound.kind import Kind
from auditor.outbound.known import Known, Listing, pattern, patterns
from auditor.outbound.signs import Signs
from auditor.outbound.use import Use, of_page, of_result
from auditor.page.page import Page
from auditor.page.snapshot import Snapshot
from auditor.render.links import as_csv, as_json, table, uses_table
from auditor.report import Finding, LinkLabel, LinkResult, Report
from auditor.site.digest import digest
from auditor.site.entry import Entry, entry
from auditor.store.domains import Domains
from auditor.store.store import State, Store
from tests.demo import SITE, scanning
from tests.reports import page as result_of
from tests.servers import Server
from tests.subjects import PROSE, article, page_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = "\x1b[31mred\x07\u202egnp.exe\n=cmd|'/c calc'!A1"


def use(domain: str, page: str = "https://own.example/a", **more: object) -> Use:
    usual: dict[str, object] = {
        "site": "own.example", "page": page, "domain": domain, "href": f"https://{domain}/", "anchor": "words", "rel": (),
        "block": "article", "label": None, "topic": "",
    }  # fmt: skip
    return Use(**{**usual, **more})  # type: ignore[arg-type]


def counted(*uses: Use) -> dict[str, Domain]:
    counted = Inventory()
    for one in uses:
        counted.add(one)
    return {one.name: one for one in counted.domains()}


# What is counted


def test_links_are_counted_by_page_anchor_rel_block_and_label() -> None:
    found = counted(
        use("a.example", anchor="one", rel=("nofollow", "ugc"), label=LinkLabel.OK, topic="health"),
        use("a.example", anchor="  two\n words ", block="footer", label=LinkLabel.INJECTED, topic="health"),
        use("b.example"),
        use("a.example", "https://own.example/b", anchor="one", rel=("sponsored",), label=LinkLabel.SUSPICIOUS, topic="law"),
        use("a.example", "https://own.example/c", anchor="one", topic="law"),
    )  # fmt: skip
    one = found["a.example"]
    assert (one.pages, one.links) == (3, 4)
    assert one.anchors == (("one", 3), ("two words", 1))
    assert one.rels == {"nofollow": 1, "ugc": 1, "none": 2, "sponsored": 1}
    assert one.blocks == {"article": 3, "footer": 1}
    assert (one.label, one.flagged) == (LinkLabel.INJECTED, 1)
    assert one.topic == "law", "of the most pages, not links"
    assert one.examples == ("https://own.example/a", "https://own.example/b", "https://own.example/c")
    assert found["b.example"].label is None and found["b.example"].topic == ""


def test_sites_are_counted_apart() -> None:
    counted = Inventory()
    counted.add(use("a.example"))
    counted.add(use("a.example", site="other.example"))
    assert [(one.site, one.links) for one in counted.domains()] == [("other.example", 1), ("own.example", 1)]


def test_memory_is_bounded_by_domains_not_by_links() -> None:
    counted = Inventory()
    for number in range(2_000):
        counted.add(
            use("a.example", f"https://own.example/{number}", anchor=f"{number} " + "x" * 10_000, topic="health")
        )
    assert len(counted) == 1
    (record,) = counted._records.values()
    assert len(record.anchors) == counting.KEPT
    assert len(record.examples) == counting.EXAMPLES
    assert sum(map(len, record.anchors)) <= counting.KEPT * counting.LONGEST
    (one,) = counted.domains()
    assert (one.pages, one.links, len(one.anchors)) == (2_000, 2_000, counting.ANCHORS)


def test_related_posts_footers_and_comments_count() -> None:
    body = PROSE + '<p>See <a href="https://in-text.example/">this</a>.</p>'
    related = (
        '<section class="related-posts"><h2>Related posts</h2><ul>'
        '<li><a href="/a/">A bench of one’s own</a></li><li><a href="https://elsewhere.example/post">What a bench earns</a></li>'
        '<li><a href="/c/">Benches of the river</a></li></ul></section>'
    )
    foot = '<footer><a href="//in-footer.example/x" rel="nofollow">Foot</a></footer>'
    source = article(body + related).replace("</body>", f"{foot}</body>")
    report = audit(
        [Snapshot(source.encode(), url="https://own.example/x", final_url="https://own.example/x")], started_at=NOW
    )
    found = {one.name: one for one in inventory(report.pages)}
    assert set(found) == {"in-text.example", "elsewhere.example", "in-footer.example"}
    assert found["in-footer.example"].blocks == {"footer": 1} and found["in-footer.example"].rels == {"nofollow": 1}
    assert list(found["elsewhere.example"].blocks) == ["related"]
    parsed = page_of(source, url="https://own.example/x")
    assert {one.domain for one in of_page(parsed)} == set(found)
    assert entry(parsed, digest(parsed, _language())).outbound == set(found)


def _language():  # type: ignore[no-untyped-def]
    from auditor import language

    return language.load()


def test_a_base_that_leads_elsewhere_hides_nothing() -> None:
    source = article(
        PROSE + '<p><a href="cheap-pills.html">pills</a></p>', head='<base href="https://elsewhere.example/">'
    )
    report = audit(
        [Snapshot(source.encode(), url="https://own.example/x", final_url="https://own.example/x")], started_at=NOW
    )
    assert [one.name for one in inventory(report.pages)] == ["elsewhere.example"]


def test_names_have_one_spelling() -> None:
    assert urls.spelt("BÜCHER.example.") == "xn--bcher-kva.example"
    assert urls.spelt("аpple.com").startswith("xn--")
    assert urls.spelt("a\x1b[31m b\u202e.example") == "a%1b%5b31m%20b%e2%80%ae.example" or urls.spelt(
        "a\x1b[31m b\u202e.example"
    ).startswith("xn--")
    assert len(urls.spelt("a" * 5_000)) == 253


@given(st.text(max_size=80))
def test_spelt_names_are_plain_and_stay_so(name: str) -> None:
    once = urls.spelt(name)
    assert once.isascii() and once.isprintable() and " " not in once and urls.spelt(once) == once


# What they are


@pytest.mark.parametrize(
    ("domain", "href", "anchors", "kind"),
    [
        ("nature.com", "https://www.nature.com/articles/1", ["a study"], Kind.SCHOLARLY),
        ("google.com", "https://scholar.google.com/x", ["found"], Kind.SCHOLARLY),
        ("cdc.gov", "https://www.cdc.gov/x", ["CDC"], Kind.OFFICIAL),
        ("wikipedia.org", "https://en.wikipedia.org/wiki/Poker", ["online casino"], Kind.REFERENCE),
        ("nytimes.com", "https://www.nytimes.com/casino", ["best online casino bonus"], Kind.NEWS),
        ("facebook.com", "https://www.facebook.com/x", ["us"], Kind.SOCIAL),
        ("amazon.com", "https://www.amazon.com/dp/1", ["a book"], Kind.COMMERCE),
        ("amazon.com", "https://www.amazon.com/dp/1?tag=me-20", ["a book"], Kind.AFFILIATE),
        ("shareasale.com", "https://shareasale.com/r.cfm", ["shoes"], Kind.AFFILIATE),
        ("bit.ly", "https://bit.ly/x", ["here"], Kind.SHORTENER),
        ("bit.ly", "https://bit.ly/x", ["best online casino bonus"], Kind.VICE),
        ("github.com", "https://github.com/x", ["code"], Kind.PLATFORM),
        ("taboola.com", "https://www.taboola.com/", ["ads"], Kind.WIDGET),
        ("tide-slots-casino.example", "https://tide-slots-casino.example/", ["here"], Kind.VICE),
        ("plain.example", "https://plain.example/", ["buy viagra online", "our partner"], Kind.VICE),
        ("problemgambling.example", "https://problemgambling.example/", ["National Council on Problem Gambling"], Kind.OTHER),
        ("jerseysbest.example", "https://jerseysbest.example/", ["Jersey’s Best"], Kind.OTHER),
        ("plain.example", "https://plain.example/", ["Buy tickets"], Kind.COMMERCE),
        ("plain.example", "https://plain.example/", ["Why all of us should buy fewer bags this spring"], Kind.OTHER),
        ("plain.example", "https://plain.example/", ["a page on benches"], Kind.OTHER),
    ],
)  # fmt: skip
def test_kinds(domain: str, href: str, anchors: list[str], kind: Kind) -> None:
    signs = Signs()
    for anchor in anchors:
        signs.add(domain, href, anchor)
    assert signs.kind() is kind


def test_a_few_bad_links_do_not_make_a_domain_bad() -> None:
    signs = Signs()
    for anchor in ["buy viagra online", *["words"] * 3]:
        signs.add("plain.example", "https://plain.example/", anchor)
    assert signs.kind() is Kind.OTHER


# The file of known domains


def test_the_file_keeps_comments_sorts_and_is_stable() -> None:
    text = "# Ours.\n\nzeta.example 2024-02-01\n# asked for by Jo\nalpha.example  # fine\n*.gov\nwww.Beta.example\n# the end\n"
    listing = Listing.parse(text, "known.txt")
    assert listing.head == ("# Ours.",)
    written = listing.text()
    assert written == (
        "# Ours.\n\n*.gov\n# asked for by Jo\nalpha.example  # fine\nbeta.example\nzeta.example  2024-02-01\n# the end\n"
    )
    assert Listing.parse(written, "known.txt") == listing
    more = listing.accepting([("new.example", date(2026, 1, 2)), ("zeta.example", date(2026, 1, 2))])
    assert more.text() == written.replace("zeta", "new.example  2026-01-02\nzeta", 1)
    assert more.first_seen("zeta.example") == date(2024, 2, 1)
    assert Listing.parse("\ufeff"[1:] + "a.example\n", "k").head == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("two words", "line 2"),
        ("http://[", "line 2"),
        ("a.example 2024-13-01", "no day 2024-13-01"),
        ("a/b", "line 2"),
        ("*", "line 2"),
    ],
)
def test_a_line_that_is_no_domain_is_an_error(line: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        Listing.parse(f"fine.example\n{line}\n", "known.txt")
    assert "known.txt" in str(error.value) and "\n" not in str(error.value)


@given(st.text(alphabet="ab.*#- 2024\n\x1b", max_size=120))
def test_what_can_be_read_is_written_the_same(text: str) -> None:
    try:
        listing = Listing.parse(text, "k")
    except ConfigError:
        return
    once = listing.text()
    assert Listing.parse(once, "k").text() == once


def test_domains_are_known_by_registrable_name_and_pattern() -> None:
    known = Known(frozenset({"a.example", "*.gov"}), "k", ("www.b.example", "*cdn.example"))
    assert "a.example" in known and "cdc.gov" in known and "b.example" in known and "some-cdn.example" in known
    assert "aa.example" not in known and "gov.example" not in known and 3 not in known
    assert pattern("https://www.c.co.uk/x") == "c.co.uk"
    with pytest.raises(ConfigError, match=r"is no domain; give one like example\.com"):
        patterns(["a b/c"])


# What is new


def pages_of(*links: tuple[str, str]) -> list[tuple[Entry, Page]]:
    made = [
        page_of(article(PROSE + f'<p>See <a href="{href}">{path}</a> there.</p>'), url=f"https://own.example/{path}")
        for path, href in links
    ]
    return [(entry(page, digest(page, _language())), page) for page in made]


def test_arrivals_name_the_first_page_and_its_sentence() -> None:
    pages = pages_of(("a", "https://old.example/"), ("b", "https://x.new.example/1"), ("c", "https://new.example/2"))
    came = arrivals(sightings(pages), Known(frozenset({"old.example"}), "run 1"), lambda page: page)
    (one,) = came.found
    assert (one.domain, one.pages, one.page) == ("new.example", 2, "https://own.example/b")
    assert one.link is not None and one.link.sentence == "See «b» there." and one.link.place is not None
    assert one.link.block == "article"
    assert (
        arrivals(sightings(pages), Known(frozenset({"old.example", "new.example"}), ""), lambda page: page).found == ()
    )


def test_of_thousands_some_are_told_one_by_one() -> None:
    body = "".join(f'<a href="https://d{number}.example/">x</a> ' for number in range(TOLD + 7))
    page = page_of(article(PROSE + f"<p>{body}</p>"), url="https://own.example/a")
    reads: list[Page] = []

    def read(page: Page) -> Page:
        reads.append(page)
        return page

    came = arrivals(sightings([(entry(page, digest(page, _language())), page)]), Known(frozenset(), ""), read)
    assert len(came.found) == TOLD and len(came.more) == 7
    assert len(reads) == 1, "a page is read once for all of its domains"


# How they are written


HOSTILE_DOMAIN = counted(
    use("evil.example", anchor=HOSTILE, href=f"https://evil.example/{HOSTILE}", page=f"=1+{HOSTILE}")
)["evil.example"]


@pytest.mark.parametrize("width", [0, 40, 60, 80, 120])
def test_tables_fit_and_steer_no_terminal(width: int) -> None:
    some = [HOSTILE_DOMAIN, counted(use("a" * 70 + ".example"))["a" * 70 + ".example"]]
    lines = [
        *table(some, width, source=HOSTILE),
        *uses_table([use("evil.example", anchor=HOSTILE, page=HOSTILE)], width),
    ]
    assert all(line.isprintable() for line in lines), lines
    if width:
        assert all(len(line) <= width for line in lines if "linked to from" not in line and "red" not in line[:12])


def test_csv_holds_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv([HOSTILE_DOMAIN], None))))
    assert rows[0]["domain"] == "evil.example" and rows[0]["links"] == "1"
    assert rows[0]["examples"].startswith("'=1+")
    sign = [
        use("evil.example", anchor=text) for text in ("=1", " +1", "-1", "@x", "\t=1", "|x", "％x", "＝1", "fine, “x”")
    ]
    cells = [row["anchor"] for row in csv.DictReader(io.StringIO(as_csv([], sign)))]
    assert cells[:6] == ["'=1", "'+1", "'-1", "'@x", "'=1", "'|x"] and cells[7] == "'＝1" and cells[8] == "fine, “x”"
    assert "\x1b" not in as_csv([HOSTILE_DOMAIN], sign)


def test_json_says_all_and_no_control_character() -> None:
    written = as_json([HOSTILE_DOMAIN], [use("evil.example", anchor=HOSTILE, line=3, column=4)], source="x")
    told = json.loads(written)
    assert written.isascii() and "\x1b" not in written
    assert told["domains"][0]["anchors"][0]["links"] == 1 and told["links"][0]["line"] == 3


# Over the runs of a store


def begun(
    store: Store, *domains: str, starts: str = "https://own.example/", state: State = State.DONE, report: bool = True
) -> int:
    from auditor.store.findings import Findings

    run = store.begin([starts], {}, "0")
    Domains(store.connection, store.file).put(run.id, "own.example", domains)
    if report:
        Findings(store.connection, store.file, run.id).put_report(b"")
    store.end(run.id, state)
    return run.id


def test_the_run_before_is_finished_and_has_the_same_starts(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        kept = Domains(store.connection, store.file)
        first = begun(store, "a.example")
        begun(store, starts="https://own.example/one-page")
        begun(store, "b.example", state=State.STOPPED)
        begun(store, "b.example", report=False)
        last = begun(store, "c.example", state=State.LIMITED)
        before = kept.before(last, "own.example")
        assert before is not None and (before.run, before.domains) == (first, {"a.example"})
        assert kept.before(first, "own.example") is None
        other = kept.before(begun(store, starts="https://own.example/x"), "own.example")
        assert other is not None and other.run == last, "of other starts the last"
        empty = kept.before(begun(store, starts="https://own.example/one-page"), "own.example")
        assert empty is not None and empty.domains == frozenset()
        assert kept.latest("own.example") == 7 and kept.latest() == 7 and kept.latest("x.example") is None


def test_the_first_day_survives_pruning_and_goes_with_the_last_run(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        kept = Domains(store.connection, store.file)
        first, second = begun(store, "a.example"), begun(store, "a.example", "b.example")
        store.connection.execute("UPDATE runs SET began = '2024-05-01T00:00:00+00:00' WHERE id = ?", (first,))
        kept.put(first, "own.example", ["a.example"])
        days = kept.first_seen("own.example")
        assert days["a.example"] == date(2024, 5, 1) and days["b.example"] > date(2026, 1, 1) - (
            date(2026, 1, 1) - date(2025, 1, 1)
        )
        store.remove([first])
        assert kept.first_seen("own.example") == days
        waiting = store.begin(["https://own.example/"], {}, "0")
        store.remove([second])
        assert kept.first_seen("own.example") == days, "a run of the site is left"
        store.remove([waiting.id, begun(store, "c.example")])
        assert kept.first_seen("own.example") == {}


def test_a_store_of_the_first_version_is_migrated(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        run = begun(store, "a.example")
        number = store.open(run).keep(Snapshot(b"x", url="https://own.example/"))
        for statement in (
            "DROP TABLE outbound", "DROP TABLE domains", "ALTER TABLE outside DROP COLUMN cited", "PRAGMA user_version = 1"
        ):  # fmt: skip
            store.connection.execute(statement)
        store.connection.execute("INSERT INTO entries VALUES (?, ?, 's', 'n', x'00')", (number, run))
    with Store(tmp_path) as store:
        assert [one.id for one in store.runs()] == [run]
        assert store.connection.execute("SELECT count(*) FROM entries").fetchone() == (0,), "read again when asked for"
        kept = Domains(store.connection, store.file)
        assert kept.before(run + 1, "own.example") is None and kept.first_seen("own.example") == {}
        kept.put(run, "own.example", ["b.example"])
        assert list(kept.first_seen("own.example")) == ["b.example"]


# Stories


FOOT = '<a href="https://roof-deals.example/q" rel="sponsored">roof repair quotes</a>'


def call(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


def build(folder: Path, *, planted: bool) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("a", "b"):
        text = article(
            PROSE + '<p>The <a href="https://tides.example/">tide tables</a> help.</p>', title=f"Bench {name}"
        )
        foot = f"\n<footer>{FOOT}</footer>\n" if planted and name == "b" else "\n<footer></footer>\n"
        (folder / f"{name}.html").write_text(text.replace("</body>", f"{foot}</body>"))
    return folder


def test_a_planted_footer_link_stops_a_publish_until_it_is_accepted(tmp_path: Path) -> None:
    site, known = build(tmp_path / "public", planted=False), tmp_path / "known.txt"
    gate = ("check", site, "--fail-on", "never", "--domains", known, "--fail-on-new-domains")
    missing = call(*gate, code=2)
    assert f"there is no {known}" in missing and "auditor links" in missing
    assert "name their file with --domains" in call("check", site, "--fail-on-new-domains", code=2)
    assert "1 domain added" in call("links", site, "--accept", "--domains", known)
    assert "tides.example  20" in known.read_text()
    assert "no new domain" in call(*gate)

    build(site, planted=True)
    said = call(*gate, code=1)
    assert "1 new domain" in said and "roof-deals.example is new" in said.replace("\n", " ").replace("  ", " ")
    report = json.loads(call(*gate, "--format", "json", "-q", code=1).partition("\nauditor:")[0])
    (finding,) = [f for one in report["sites"] for f in one["findings"] if f["check"] == "new-domain"]
    source = (site / "b.html").read_text().splitlines()
    assert finding["location"]["path"].endswith("b.html") and FOOT in source[finding["location"]["line"] - 1]
    assert "“roof repair quotes” in the footer of" in finding["message"] and "b.html" in finding["message"]
    assert finding["evidence"]["rel"] == ["sponsored"] and finding["severity"] == "low"
    assert [(o["domain"], o["new"]) for o in report["outbound"]] == [
        ("roof-deals.example", True),
        ("tides.example", False),
    ]
    assert "no new domain" in call(*gate, "--allow-domain", "roof-*.example")
    assert "no new domain" in call(*gate, "--allow-domain", "www.roof-deals.example", "--select", "missing-title")
    assert "take it out of --ignore" in call(*gate, "--ignore", "new-domain", code=2)

    known.write_text(known.read_text().replace("tides.example", "# Jo asked\ntides.example"))
    assert "roof-deals.example" in call("links", site, "--new", "--domains", known)
    before = known.read_text()
    call("links", site, "--accept", "--domain", "roof-deals.example", "--domains", known)
    after = known.read_text()
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        next(line for line in after.splitlines() if line.startswith("roof-deals.example  "))
    ], "a diff of one line; the comment stays"
    assert "no new domain" in call(*gate)
    call("links", site, "--accept", "--domains", known)
    assert known.read_text() == after and sorted(path.name for path in tmp_path.iterdir()) == ["known.txt", "public"]


def test_without_a_file_nothing_is_compared_and_nothing_passed(tmp_path: Path) -> None:
    site = build(tmp_path / "public", planted=True)
    report = json.loads(call("check", site, "--format", "json", "-q"))
    (skipped,) = [one for one in report["skipped"] if one["check"] == "new-domain"]
    assert "--domains" in skipped["reason"]
    assert "files have no run before them" in call("links", site, "--new", code=2)


def test_links_of_files(tmp_path: Path) -> None:
    site = build(tmp_path / "public", planted=True)
    head, first, second, blank, total = call("links", site).splitlines()
    assert head.split() == ["domain", "pages", "links", "kind"] and not blank
    assert first.split()[:3] == ["tides.example", "2", "2"] and second.split()[0] == "roof-deals.example"
    assert total == f"2 domains linked to from {site}"
    place, link, number = call("links", site, "--domain", "https://www.roof-deals.example/x").splitlines()
    assert place.startswith(f"{site}/b.html:") and "“roof repair quotes”" in link and "(footer, sponsored)" in link
    assert number == "1 link"
    assert [row["domain"] for row in json.loads(call("links", site, "--format", "json", "--sort", "name"))["domains"]] == [
        "roof-deals.example", "tides.example"
    ]  # fmt: skip
    target = tmp_path / "out.csv"
    call("links", site, "--format", "csv", "--output", target, "--kind", "other")
    assert [row["domain"] for row in csv.DictReader(io.StringIO(target.read_text()))] == [
        "tides.example",
        "roof-deals.example",
    ]
    assert "injected" in call("links", SITE, "--judge", "--kind", "vice")
    call("links", site / "no", code=2)
    assert "name it with --domains" in call("links", site, "--accept", code=2)
    assert "cannot write" in call("links", site, "--output", tmp_path, code=2)
    assert "is no domain" in call("links", site, "--domain", "*.gov", code=2)


def found_new(report: Report) -> list[Finding]:
    return [finding for site in report.sites for finding in site.findings if finding.check == "new-domain"]


def test_a_scan_is_held_against_the_last_one(tmp_path: Path) -> None:
    text = article(PROSE + '<p>The <a href="https://tides.example/">tide tables</a> help.</p>')
    planted = text.replace("</body>", f"\n<footer>{FOOT}</footer></body>")
    with (
        scanning(tmp_path) as first,
        scanning(tmp_path) as second,
        scanning(tmp_path) as third,
        Server({"/": text.encode()}) as server,
    ):
        first.crawl([server.url])
        report = first.audit(["test"], NOW)
        assert [one.reason for one in report.skipped if one.check == "new-domain"] and not found_new(report)
        server.routes["/"] = planted.encode()
        second.crawl([server.url])
        (finding,) = found_new(second.audit(["test"], NOW))
        third.crawl([server.url])
        assert found_new(third.audit(["test"], NOW)) == []
    line = planted[: planted.index(FOOT)].count("\n") + 1
    assert (finding.location.line, finding.location.snippet) == (line, "«roof repair quotes»")
    assert "run 1 of 20" in finding.message and finding.location.url == f"{server.url}/"
    store = ("--store", tmp_path)
    assert "roof-deals.example" not in call("links", "--run", 1, *store)
    assert "new\n" not in call("links", *store)
    listed = json.loads(call("links", "--run", 2, "--new", "--format", "json", *store))["domains"]
    assert [(one["domain"], one["new"]) for one in listed] == [("roof-deals.example", True)]
    assert listed[0]["first_seen"] and call("links", "--run", 3, "--new", *store).startswith("0 domains linked to")
    place, *_ = call("links", server.url, "--domain", "roof-deals.example", *store).splitlines()
    assert place.startswith(f"{server.url}/:{line}:"), "pages of a run are read again for their lines"
    assert "the first that is kept" in call("links", "--run", 1, "--new", *store, code=2)
    assert "no audited run of x.example" in call("links", "https://x.example/", *store, code=2)
    assert "name one site" in call("links", "https://x.example/", "files", *store, code=2)
    known = tmp_path / "known.txt"
    call("links", "--run", 2, "--accept", "--domains", known, *store)
    assert known.read_text().count(listed[0]["first_seen"]) == 2
    again = ("scan", "--from-run", 2, "--fail-on", "never", "-q", *store)
    assert "1 new domain" in call(*again, "--fail-on-new-domains", code=1)
    assert "no new domain" in call(*again, "--fail-on-new-domains", "--domains", known)
    assert "nothing to compare" in call(
        "scan", "--from-run", 1, "--fail-on", "never", "-q", "--fail-on-new-domains", *store
    )


def test_no_store_is_said_in_a_line(tmp_path: Path) -> None:
    assert "name a file" in call("scan", "https://x.example/", "--no-store", "--fail-on-new-domains", code=2)
    assert "there is no store in" in call("links", "--store", tmp_path / "none", code=2)


def test_links_that_no_address_has_are_left_out() -> None:
    link = LinkResult(None, "phrase", (), "article", 1, 1, None, LinkLabel.INJECTED)
    assert list(of_result(result_of("a.html", links=(link,)))) == []
