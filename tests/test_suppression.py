"""Suppression: by comment, front matter, configuration and baseline; counted, listed, never lost, and refused to intruders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from auditor.audit import audit
from auditor.baseline import Baseline, parse_baseline, spell_baseline
from auditor.cli import app
from auditor.config import BaselineEntry, Config
from auditor.errors import ConfigError
from auditor.page.page import Page
from auditor.page.snapshot import Format, Snapshot
from auditor.report import Finding, PageResult, Report, Silence
from auditor.suppression import LONG, MOST, Ask, asks
from tests.scans import scan
from tests.servers import Reply, Server
from tests.subjects import PROSE, page_of
from tests.subjects import article as markup

SCHEMA = json.loads((Path(__file__).parents[1] / "auditor" / "render" / "report.schema.json").read_text("utf-8"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
IMAGE = '<p><img src="/a.png"></p>'
PLANTED = '<p style="display:none"><a href="https://casino.example/">best casino slots</a></p>'
MARKDOWN = "# A Bench\n\n![](a.png)\n"


def one(text: str, name: str = "a.html", url: str | None = None, **changes: Any) -> tuple[Report, PageResult]:
    """The report on one page: a file, or fetched where it has an address."""
    format = {"html": Format.HTML, "md": Format.MARKDOWN, "mdx": Format.MARKDOWN}[name.rpartition(".")[2]]
    snapshot = Snapshot(text.encode(), format, url=url, final_url=url, path=None if url else name)
    report = audit([snapshot], Config(**changes), started_at=NOW)
    (page,) = report.pages
    return report, page


def of(page: PageResult, check: str) -> list[Finding]:
    return [finding for finding in page.findings if finding.check == check]


def complaints(page: PageResult) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.message) for finding in of(page, "unused-suppression")]


def html(body: str) -> Page:
    return page_of(f"<title>A</title>\n{body}")


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        (f"<!-- auditor: ignore[missing-alt] A drawing. -->\n{IMAGE}", True),
        (f"{IMAGE} <!-- auditor: ignore[missing-alt] A drawing. -->", True),
        (f"<!-- auditor: ignore[missing-alt] A drawing. -->\n\n  \n{IMAGE}", True),
        (f"<!-- auditor: ignore[missing-alt]\nA drawing. --> {IMAGE}", True),
        (
            f"<!-- auditor: ignore[missing-alt] A. -->\n<!-- auditor: ignore[missing-heading, empty-anchor] B. -->\n{IMAGE}",
            True,
        ),
        (f"<!--auditor:ignore[ Missing-Alt ,empty-anchor]-->{IMAGE}", True),
        (f"<!-- auditor: ignore-page[missing-alt] Drawings. -->\n<p>A</p>\n<p>B</p>\n{IMAGE}", True),
        (f"{{/* auditor: ignore[missing-alt] A drawing. */}}\n{IMAGE}", True),
        (f"{{# auditor: ignore[missing-alt] A drawing. #}}\n{IMAGE}", True),
        (f"{{% comment %}} auditor: ignore[missing-alt] A drawing. {{% endcomment %}}\n{IMAGE}", True),
        (f"<!-- auditor: ignore[missing-alt] A drawing. -->\n<p>Between</p>\n{IMAGE}", False),
        (f"{IMAGE}\n<!-- auditor: ignore[missing-alt] Too late. -->\n<p>A</p>", False),
        (f"<!-- auditor: ignore[*] All. -->\n{IMAGE}", False),
        (f"<!-- auditor: ignore[content] A group. -->\n{IMAGE}", False),
        (f"<!-- auditor: ignore missing-alt -->\n{IMAGE}", False),
        (f"<!-- ask the auditor: ignore[missing-alt] -->\n{IMAGE}", False),
        (f"<script>// <!-- auditor: ignore[missing-alt] A. -->\n</script>{IMAGE}", False),
        (f"<!-- auditor: ignore[missing-alt] never closed\n{IMAGE.replace('>', ' >')}", False),
    ],
)
def test_where_a_comment_reaches(body: str, silent: bool) -> None:
    _, page = one(markup(f"{PROSE}\n<p>Before</p>\n{body}\n"))
    gone = [s for s in page.suppressed if s.finding.check == "missing-alt"]
    assert (bool(gone), bool(of(page, "missing-alt"))) == (silent, not silent and "never closed" not in body)
    assert all(s.by is Silence.COMMENT and s.where.startswith("line ") for s in gone)


def test_what_concerns_the_page_as_a_whole_is_silenced_from_anywhere() -> None:
    text = markup(PROSE + "<p>\n<!-- auditor: ignore[missing-description] Drafts have none. -->\n</p>")
    _, page = one(text.replace('name="description"', 'name="x"'))
    (gone,) = page.suppressed
    assert (gone.finding.check, gone.reason) == ("missing-description", "Drafts have none.")
    assert not complaints(page)


@pytest.mark.parametrize(
    ("text", "name", "by"),
    [
        (f"<!-- auditor: ignore[missing-alt] A drawing. -->\n\n{MARKDOWN[11:]}", "a.md", Silence.COMMENT),
        (f"{{/* auditor: ignore[missing-alt] A drawing. */}}\n\n{MARKDOWN[11:]}", "a.mdx", Silence.COMMENT),
        (f"---\nauditor: {{ignore: [missing-alt], reason: A drawing.}}\n---\n{MARKDOWN}", "a.md", Silence.FRONT_MATTER),
        (f"---\nauditor:\n  ignore:\n    missing-alt: A drawing.\n---\n{MARKDOWN}", "a.md", Silence.FRONT_MATTER),
        (f"---\nauditor_ignore: {{Missing-Alt: A drawing.}}\n---\n{MARKDOWN}", "a.md", Silence.FRONT_MATTER),
        (f'+++\n[auditor]\nignore = ["missing-alt"]\nreason = "A drawing."\n+++\n{MARKDOWN}', "a.md", Silence.FRONT_MATTER),
    ],
)  # fmt: skip
def test_markdown_and_front_matter(text: str, name: str, by: Silence) -> None:
    _, page = one(text, name)
    (gone,) = [s for s in page.suppressed if s.finding.check == "missing-alt"]
    assert (gone.by, gone.reason) == (by, "A drawing.")
    assert not complaints(page)


@pytest.mark.parametrize("code", ["```html\n{}\n```\n", "~~~\n{}\n~~~\n", "Write `{}` above it.\n", "> ```\n> {}\n"])
def test_examples_in_code_ask_for_nothing(code: str) -> None:
    comment = "<!-- auditor: ignore-page[missing-alt] A. -->"
    assert asks(page_of(MARKDOWN + code.format(comment), Format.MARKDOWN)) == ()
    assert len(asks(page_of(MARKDOWN + code.format("x") + ("" if "> " in code else comment), Format.MARKDOWN))) == (
        0 if "> " in code else 1
    )


def test_front_matter_without_a_reason_is_told_with_its_line() -> None:
    _, page = one(f"---\ntitle: A\nauditor_ignore: [missing-alt]\n---\n{MARKDOWN}", "a.md")
    found = of(page, "unused-suppression")
    assert [(f.severity.value, f.location.line) for f in found] == [("info", 3)]
    assert found[0].message == "The suppression of missing-alt gives no reason."


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("ignore[missing-alt] A.", []),
        ("ignore[missing-alt]", [("info", "The suppression of missing-alt gives no reason.")]),
        ("ignore[empty-anchor] A.", [("low", "The suppression of empty-anchor suppresses nothing.")]),
        (
            "ignore[mising-alt] A.",
            [("low", "A suppression names “mising-alt”, which is no check; did you mean missing-alt?")],
        ),
        ("ignore[zzzz] A.", [("low", "A suppression names “zzzz”, which is no check; `auditor explain` lists all of them.")]),
        ("ignore[content] A.", [("low", "A suppression names the group “content”; in a page it has to name checks.")]),
        ("ignore[*] A.", [("low", "A suppression asks for silence about everything (`*`); name the checks.")]),
        ("ignore[] A.", [("low", "A suppression names no check; write `auditor: ignore[check-id] reason`.")]),
        ("ignore all of it", [("low", "A suppression names no check; write `auditor: ignore[check-id] reason`.")]),
        (
            "ignore[infested-site] A.",
            [("low", "A page cannot suppress infested-site, which is about its whole site; auditor.toml can.")],
        ),
        ("ignore[broken-link] Nobody looked.", []),
        ("ignore[unused-suppression] A.", [("low", "The suppression of unused-suppression suppresses nothing.")]),
        ("please look at the picture", []),
    ],
)  # fmt: skip
def test_what_is_said_of_suppressions(comment: str, told: list[tuple[str, str]]) -> None:
    text = markup(f"{PROSE}\n<!-- auditor: {comment} -->\n{IMAGE}")
    _, page = one(text)
    assert complaints(page) == told
    line = 1 + text[: text.index("<!-- auditor")].count("\n")
    assert all((f.location.line, f.location.column) == (line, 1) for f in of(page, "unused-suppression"))


def test_nothing_is_said_of_a_check_that_was_off() -> None:
    text = markup(f"{PROSE}\n<!-- auditor: ignore[empty-anchor] A. -->\n")
    assert complaints(one(text)[1])
    assert not complaints(one(text, ignore=frozenset({"empty-anchor"}))[1])
    assert not complaints(one(text, select=frozenset({"missing-alt", "unused-suppression"}))[1])
    assert not complaints(one(text, select=frozenset({"empty-anchor"}))[1])


COMMENT = "<!-- auditor: ignore-page[hidden-link, vice-link, missing-alt] Trust us. -->"


def test_a_page_that_was_fetched_cannot_silence_signs_of_a_break_in() -> None:
    text = markup(f"{COMMENT}{PROSE}{PLANTED}{IMAGE}")
    plain = markup(f"{PROSE}{PLANTED}{IMAGE}")
    _, before = one(plain, url="https://blog.example/a")
    _, fetched = one(text, url="https://blog.example/a")
    assert of(fetched, "hidden-link") and {f.check for f in before.findings} - {"missing-alt"} <= {
        f.check for f in fetched.findings
    }
    assert [s.finding.check for s in fetched.suppressed] == ["missing-alt"]
    assert [severity for severity, _ in complaints(fetched)] == ["medium", "medium"]
    assert complaints(fetched)[0][1].startswith(
        "The page asks for silence about hidden-link; one that was fetched cannot"
    )
    assert fetched.label == before.label == "spam"


def test_its_owner_can_in_his_own_files_and_the_label_stays() -> None:
    _, page = one(markup(f"{COMMENT}{PROSE}{PLANTED}{IMAGE}"))
    assert {"hidden-link", "missing-alt"} <= {s.finding.check for s in page.suppressed}
    assert not of(page, "hidden-link") and page.label == "spam"


def test_front_matter_that_was_fetched_cannot_either() -> None:
    text = f"---\nauditor_ignore: {{vice-link: Trust us.}}\n---\n{MARKDOWN}"
    _, page = one(text, "a.md", url="https://blog.example/a.md")
    assert [severity for severity, _ in complaints(page)] == ["medium"]


@given(st.text(alphabet=st.sampled_from(list("<!-{/*#%}>[] \n`~auditor:ignore-page")), max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    for format in (Format.HTML, Format.MARKDOWN):
        source = f"---\nauditor_ignore: {text}\n---\n<!-- auditor: ignore[{text}] {text} -->\n{text}"
        assert all(isinstance(ask, Ask) for ask in asks(page_of(source, format)))


def test_what_is_read_of_a_page_is_bounded() -> None:
    many = html("<!-- auditor: ignore[missing-alt] A. -->\n" * (MOST + 50))
    assert len(asks(many)) == MOST
    assert asks(html(f"<!-- auditor: ignore[missing-alt] {'A' * LONG} -->")) == ()
    (ask,) = asks(html(f"<!-- auditor: ignore[{','.join(f'a{n}' for n in range(99))}] {'A ' * 500} -->"))
    assert len(ask.checks) == 50 and len(ask.reason) == 300
    assert asks(html("auditor:" * 30 * MOST + "<!-- auditor: ignore[missing-alt] A. -->")) == ()
    far = html("<!-- auditor: ignore[missing-alt] A. -->" + "\n" * 1000 + "<p>A</p>")
    assert asks(far)[0].lines == {2}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / ".git").mkdir()
    (tmp_path / "posts").mkdir()
    for name in ("a", "b"):
        (tmp_path / "posts" / f"{name}.html").write_text(markup(f"{PROSE}\n{IMAGE}"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, prog_name="auditor")


def report(*arguments: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run("check", *arguments, "--format", "json", "--fail-on", "never").stdout)
    jsonschema.validate(read, SCHEMA)
    return read


def suppressed(read: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(s["check"], Path(s["location"]["path"]).name, s["suppressed"]["by"]) for s in read["suppressed"]]


def test_by_configuration(folder: Path) -> None:
    (folder / "auditor.toml").write_text(
        'select = ["missing-alt", "unused-suppression"]\n'
        '[[suppress]]\ncheck = "missing-alt"\npath = "posts/a.*"\nreason = "Drawings, described in the text."\n'
    )
    read = report(".")
    assert suppressed(read) == [("missing-alt", "a.html", "config")]
    assert read["suppressed"][0]["suppressed"] == {
        "by": "config",
        "where": "auditor.toml: suppress[1]",
        "reason": "Drawings, described in the text.",
    }
    assert read["summary"]["findings"]["low"] == 1 and not read["notices"]
    assert run("check", ".", "--fail-on", "low").exit_code == 1
    (folder / "posts" / "b.html").unlink()
    assert run("check", ".", "--fail-on", "low").exit_code == 0
    shown = run("check", ".").stdout
    assert "1 finding suppressed: 1 by the configuration" in shown
    assert "by auditor.toml: suppress[1]: Drawings, described in the text." in " ".join(shown.split())


def test_entries_that_suppress_nothing_are_told_where_their_pages_were_looked_at(folder: Path) -> None:
    entry = '[[suppress]]\ncheck = "{}"\n{}reason = "A."\n'
    (folder / "auditor.toml").write_text(
        entry.format("spam", "")
        + entry.format("content", 'path = "posts/a.html"\n')
        + entry.format("hidden-link", 'path = "drafts/*"\n')
        + entry.format("broken-link", "")  # nobody looked
        + entry.format("vice-link", 'url = "https://blog.example/*"\n')
    )
    read = report("posts")
    assert [notice["message"] for notice in read["notices"]] == [
        "auditor.toml: suppress[1] suppresses nothing in this run (spam)."
    ]
    assert (read["notices"][0]["severity"], read["notices"][0]["location"]["path"]) == ("info", "auditor.toml")
    assert not report("posts", "--ignore", "spam")["notices"]
    assert not report("posts", "--ignore", "unused-suppression")["notices"]
    assert len(report("posts/b.html")["notices"]) == 1  # nothing is said of a page that was not looked at


def test_a_site_is_silenced_by_configuration_and_baseline(folder: Path) -> None:
    (folder / "auditor.toml").write_text(
        'select = ["duplicate-title"]\n[[suppress]]\ncheck = "duplicate-title"\npath = "posts"\nreason = "A series."\n'
    )
    read = report("posts")
    assert [s["check"] for s in read["suppressed"]] == ["duplicate-title"]
    assert read["suppressed"][0]["suppressed"]["by"] == "config" and not read["sites"][0]["findings"]
    baseline = ["--no-config", "--select", "duplicate-title", "--baseline", "known.json"]
    assert run("check", "posts", *baseline, "--update-baseline").exit_code == 0
    read = report("./posts", *baseline)
    assert [s["suppressed"]["by"] for s in read["suppressed"]] == ["baseline"] and not read["sites"][0]["findings"]


ONLY = ("--select", "missing-alt,missing-description,unused-suppression", "--baseline", "known.json")


def test_a_baseline_is_written_and_only_what_is_new_counts(folder: Path) -> None:
    missing = run("check", "posts", *ONLY)
    assert missing.exit_code == 2
    assert "there is no baseline known.json; add --update-baseline to write it" in missing.stderr
    written = run("check", "posts", *ONLY, "--update-baseline", "--fail-on", "low")
    assert written.exit_code == 0 and "known.json lists 2 findings; 2 new, 0 gone" in written.stderr
    first = (folder / "known.json").read_bytes()
    assert json.loads(first)["findings"][0].keys() == {"fingerprint", "check", "name", "message"}
    assert run("check", "posts", *ONLY, "--fail-on", "low").exit_code == 0
    assert suppressed(report("posts", *ONLY)) == [
        ("missing-alt", "a.html", "baseline"),
        ("missing-alt", "b.html", "baseline"),
    ]
    page = folder / "posts" / "a.html"
    page.write_text(page.read_text().replace("<p>", "\n\n<p>", 3))  # lines move, fingerprints do not
    for spelling in ("posts", "./posts", str(folder / "posts"), "posts/../posts"):
        assert len(report(spelling, *ONLY)["suppressed"]) == 2, spelling
    assert run("check", "posts", *ONLY, "--update-baseline").exit_code == 0
    assert (folder / "known.json").read_bytes() == first
    page.write_text(page.read_text().replace('name="description"', 'name="x"'))
    read = report("posts", *ONLY)
    assert [f["check"] for p in read["pages"] for f in p["findings"]] == ["missing-description"]
    assert run("check", "posts", *ONLY, "--fail-on", "info").exit_code == 1


def test_a_baseline_keeps_what_a_run_did_not_look_at_and_forgets_what_is_gone(folder: Path) -> None:
    run("check", "posts", *ONLY, "--update-baseline")
    for name in ("a", "b"):
        page = folder / "posts" / f"{name}.html"
        page.write_text(page.read_text().replace("<img ", "<img alt='A bench' "))
    (notice,) = report("posts/a.html", *ONLY)["notices"]
    assert notice["message"] == ("1 finding of known.json can no longer be found; --update-baseline takes them out.")
    others = ("--select", "missing-description", "--baseline", "known.json")
    assert not report("posts", *others)["notices"]
    assert "2 findings; 0 new, 0 gone" in run("check", "posts", *others, "--update-baseline").stderr
    assert "1 finding; 0 new, 1 gone" in run("check", "posts/a.html", *ONLY, "--update-baseline").stderr
    (kept,) = json.loads((folder / "known.json").read_text())["findings"]
    assert kept["name"] == "posts/b.html"


def test_what_is_suppressed_otherwise_is_not_taken_in(folder: Path) -> None:
    page = folder / "posts" / "a.html"
    page.write_text(page.read_text().replace(IMAGE, f"<!-- auditor: ignore[missing-alt] A drawing. -->{IMAGE}"))
    assert "lists 1 finding;" in run("check", "posts", *ONLY, "--update-baseline").stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--update-baseline",), "--update-baseline needs to know where; add --baseline FILE"),
        (("--baseline", "nowhere/b.json", "--update-baseline"), "there is no baseline nowhere/b.json; its folder does not exist"),
        (("--baseline", "posts"), "cannot read the baseline posts"),
        (("--baseline", "posts/a.html"), "posts/a.html is no baseline of this version"),
    ],
)  # fmt: skip
def test_baselines_that_cannot_be(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("check", "posts", *arguments)
    assert result.exit_code == 2 and message in result.stderr


def test_a_baseline_that_cannot_be_written_is_left_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("check", "posts", *ONLY, "--update-baseline")
    before = (folder / "known.json").read_bytes()

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    (folder / "posts" / "a.html").unlink()
    result = run("check", "posts", *ONLY, "--update-baseline")
    assert result.exit_code == 2 and "cannot write known.json (No space left on device)" in result.stderr
    assert (folder / "known.json").read_bytes() == before
    assert sorted(p.name for p in folder.iterdir()) == [".git", "known.json", "posts"]


@given(
    st.lists(
        st.builds(BaselineEntry, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
    ),
    st.dictionaries(st.text(max_size=9), st.sampled_from(["low-quality", "spam"]), max_size=5),
)
def test_baselines_come_back_and_are_spelt_one_way(entries: list[BaselineEntry], verdicts: dict[str, str]) -> None:
    known = Baseline({entry.fingerprint: entry for entry in entries}, verdicts)
    text = spell_baseline(known)
    assert parse_baseline(text.encode("ascii"), "x") == known
    turned = Baseline(dict(reversed(known.findings.items())), dict(reversed(verdicts.items())))
    assert spell_baseline(turned) == text
    lines = (len(known.findings) + 1 if entries else 0) + (len(verdicts) + 1 if verdicts else 0)
    assert text.endswith("\n") and text.count("\n") == lines + 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"version": 2, "findings": []}',
        b'{"version": 1, "findings": [{}]}',
        b"\xff",
        b'{"version": 1, "findings": [], "verdicts": {"a": "bad"}}',
    ],
)
def test_other_files_are_no_baseline(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"x\.json is no baseline of this version"):
        parse_baseline(data, "x.json")


def test_a_scan_knows_all_of_it(folder: Path) -> None:
    first = markup(f"{PROSE}{PLANTED}{IMAGE}<a href='/b'>More</a>").replace('name="description"', 'name="x"')
    second = markup(f"{COMMENT}{PROSE}{IMAGE}", title="Another Bench")
    with Server({"/": Reply(first.encode()), "/b": Reply(second.encode())}) as server:
        (folder / "auditor.toml").write_text(
            '[[suppress]]\ncheck = "hidden-link"\nurl = "*/b"\nreason = "A."\n'
            f'[[suppress]]\ncheck = "missing-description"\nurl = "{server.url}/"\nreason = "The front page needs none."\n'
        )
        usual = ("--config", str(folder / "auditor.toml"), "--baseline", str(folder / "known.json"))
        scan(server.url + "/", *usual, "--select", "missing-alt", "--update-baseline")
        scanned = scan(server.url + "/", *usual).report
    jsonschema.validate(scanned, SCHEMA)
    asked = sorted((s["check"], s["suppressed"]["by"]) for s in scanned["suppressed"])
    assert asked == [("missing-alt", "baseline"), ("missing-alt", "comment"), ("missing-description", "config")]
    assert [n["message"].split(": ")[1] for n in scanned["notices"]] == [
        "suppress[1] suppresses nothing in this run (hidden-link)."
    ]
    home, more = sorted(scanned["pages"], key=lambda page: len(page["url"]))
    assert "hidden-link" in {f["check"] for f in home["findings"]}
    refused = [f for f in more["findings"] if f["check"] == "unused-suppression"]
    assert [f["severity"] for f in refused] == ["medium", "medium"]


def test_what_a_baseline_knows_of_a_site_it_knows_of_the_pages_that_are_left(folder: Path) -> None:
    def blog(broken: int) -> dict[str, Any]:
        links = [*(f"<a href='/{n}'>Bench {n}</a>" for n in range(4))]
        pages = {f"/{n}": ("<a href='/gone'>Old bench</a>" if n < broken else "") for n in range(4)}
        bodies = {path: markup(PROSE + "".join(links) + more, title=f"Bench {path}") for path, more in pages.items()}
        return {path: Reply(body.encode()) for path, body in {**bodies, "/": bodies["/3"]}.items()}

    usual = ("--no-config", "--select", "broken-link", "--baseline", str(folder / "known.json"))
    with Server(blog(3)) as server:
        first = scan(server.url + "/", *usual, "--update-baseline").report
        (shared,) = first["sites"][0]["findings"]
        written = (folder / "known.json").read_bytes()
        assert [e["fingerprint"] for e in json.loads(written)["findings"]] == [shared["fingerprint"]]
        (again,) = scan(server.url + "/", *usual, "--update-baseline").report["sites"]
        assert not again["findings"] and (folder / "known.json").read_bytes() == written
        server.routes.update(blog(1))
        left = scan(server.url + "/", *usual).report
    assert not [f for page in left["pages"] for f in page["findings"]] and not left["sites"][0]["findings"]
    assert [(s["fingerprint"], s["suppressed"]["by"]) for s in left["suppressed"]] == [
        (shared["fingerprint"], "baseline")
    ]
