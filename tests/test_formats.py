"""The formats for programs: valid by their schemas, complete, several at once, and nothing crawled steers who reads them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from typer.testing import CliRunner, Result

from auditor.cli import app
from auditor.cli.formats import Format, Target, targets, written
from auditor.errors import ConfigError
from auditor.gate import Gate
from auditor.page.snapshot import Failure, FailureKind
from auditor.report import (
    Confidence,
    Finding,
    Label,
    Location,
    Report,
    Severity,
    Silence,
    SiteResult,
    Skipped,
    Suppressed,
)
from tests.reports import finding, page, report

ROOT = Path(__file__).parents[1]
SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMAS = Path(sys.prefix) / "share" / "schemas"
POSTS = ROOT / "fixtures" / "sites" / "harbor-lane-markdown"
PROGRAMS = [format for format in Format if format is not Format.TERMINAL]

HOSTILE = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "javascript:alert(1)", "![x](https://evil.example/x.png)", "[click](https://evil.example)", "https://evil.example/bare",
    "www.evil.example", "@everyone look", "#1", "`code` and ``more``", "| a | table |", "# heading", "- [ ] task", "~~~\nfence",
    "::error file=a.py::owned", "::set-output name=x::y", "a\n::error::owned", "a\r\n::add-mask::owned", "%0A::error::owned",
    "file=x,line=2::", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", ' =HYPERLINK("https://e.example")',
    '"quoted", and, commas', "it's", "]]>", "<![CDATA[x]]>", "<!-- x -->", "&amp; &lt; &#0;", "<?xml version='1.0'?>",
    "\x00\x01\x08\x0b\x1f", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "\ud800 lone", "\udfff lone", "\ufffe\uffff",
    "\u202eright to left", "\u2066isolate", "\u2028line\u2029paragraph", "\u200bzero", "{{7*7}}", "${jndi:ldap://e.example}", "%s%n%x",
    "../../etc/passwd", "[x](1) {0} {{1}}", "##[add-mask]e", "a%zz%2Gb#c#d[e]", "a" * 10_000,
]  # fmt: skip


def text(made: Report, format: Format, gate: Gate | None = None) -> str:
    return "".join(written(made, format, gate or Gate()))


def site(*findings: Finding, name: str = "posts") -> SiteResult:
    return SiteResult(name, 1, (), findings)


def full() -> Report:
    """A report with some of everything."""
    sure = finding(
        message="Planted.", severity=Severity.HIGH, location=Location(None, "posts/a.md", 3, 5, "a «word» b")
    )
    mild = finding(
        "missing-alt", message="No words.", severity=Severity.LOW, location=Location("https://a.example/b", None, 7, 1)
    )
    whole = finding("thin-article", message="Short.", severity=Severity.INFO, location=Location(path="posts/c d.md"))
    many = finding("infested-site", message="Many.", severity=Severity.HIGH, location=Location("https://a.example/"))
    hidden = Suppressed(finding("hidden-link", message="Hidden."), Silence.COMMENT, "line 3", "ours")
    known = Suppressed(finding("vice-link", message="Known."), Silence.BASELINE, "known.json")
    return report(
        page("posts/a.md", Label.SPAM, findings=(sure, mild, mild), suppressed=(hidden, known)),
        page("posts/c d.md", findings=(whole,)),
        page("posts/clean.md"),
        sites=(site(many),),
        failures=[Failure(FailureKind.EMPTY, "an empty file", path="posts/empty.md")],
        skipped=(Skipped("deep-page", "nobody crawled the site", 3),),
        source=("public",),
    )


def hostile() -> Report:
    pages = []
    for number, words in enumerate(HOSTILE):
        place = Location(f"https://a.example/{words}", f"posts/{words}.md", number + 1, 2, f"a «{words}» b")
        one = finding(
            message=words, fix="Put it right.", severity=Severity.HIGH, location=place, evidence={words: [words]}
        )
        told = Suppressed(finding(message=words, location=place), Silence.CONFIG, words, words)
        pages.append(page(f"posts/{words}.md", Label.SPAM, title=words, findings=(one,), suppressed=(told,)))
    failures = [Failure(FailureKind.UNREADABLE, words, path=words) for words in HOSTILE]
    skips = tuple(Skipped("deep-page", words) for words in HOSTILE)
    return report(
        *pages,
        sites=tuple(site(finding(message=words), name=words) for words in HOSTILE),
        failures=failures,
        skipped=skips,
    )


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    return jsonschema.Draft4Validator(json.loads(schema("sarif-2.1.0.json").read_text()))


@pytest.fixture(scope="module")
def junit_schema() -> Any:
    return xmlschema.XMLSchema(str(schema("junit-10.xsd")))


def schema(name: str) -> Path:
    path = SCHEMAS / name
    if not path.exists():
        pytest.skip(f"{name} is not there; scripts/schemas.sh fetches it")
    return path


@pytest.mark.parametrize("made", [full(), hostile(), report()], ids=["full", "hostile", "empty"])
def test_sarif_is_valid(sarif_schema: Any, made: Report) -> None:
    assert not list(sarif_schema.iter_errors(json.loads(text(made, Format.SARIF))))


def test_sarif_has_everything() -> None:
    (run,) = json.loads(text(full(), Format.SARIF))["runs"]
    rules = run["tool"]["driver"]["rules"]
    results = run["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("infested-site", "error"), ("injected-link", "error"), ("missing-alt", "note"), ("missing-alt", "note"), ("thin-article", "note"),
        ("hidden-link", "warning"), ("vice-link", "warning"),
    ]  # fmt: skip
    for one in results:
        assert "ruleIndex" not in one or rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["partialFingerprints"]["auditor/v1"]
    place = results[1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "posts/a.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 5, "snippet": {"text": "a «word» b"}}
    assert results[2]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "public",
        "uriBaseId": "%SRCROOT%",
    }
    assert results[2]["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "https://a.example/b"}]
    assert results[4]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "posts/c%20d.md"
    assert results[5]["suppressions"] == [{"kind": "inSource", "justification": "line 3: ours"}]
    assert results[6]["suppressions"][0]["kind"] == "external"
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert [(one["level"], one["message"]["text"]) for one in told] == [
        ("warning", "empty: an empty file"),
        ("note", "deep-page could not look (3 pages): nobody crawled the site"),
    ]
    rule = next(rule for rule in rules if rule["id"] == "planted-link")
    assert rule["help"]["text"] and rule["help"]["markdown"] and rule["properties"]["precision"] == "medium"


URI = re.compile(
    r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
"""Of RFC 3986, as far as its letters go."""


def crawled(*findings: Finding, url: str = "https://a.example/") -> Report:
    return report(replace(page(url=url, findings=findings), path=None), source=("https://a.example/",))


def places(made: Report) -> list[Any]:
    return [
        one["locations"][0]["physicalLocation"]["artifactLocation"]
        for one in json.loads(text(made, Format.SARIF))["runs"][0]["results"]
    ]


def test_github_takes_the_sarif_of_files() -> None:
    """It refuses a log with a result that has no place, or one that is no file."""
    for made in (full(), hostile()):
        for place in places(made):
            assert place["uri"] and place["uriBaseId"] == "%SRCROOT%" and not re.match("[A-Za-z]+:", place["uri"])
    names = ("posts/a.md", "posts/b c.md", "https://a.example/d")
    many = finding("duplicate-title", evidence={"pages": names}, location=Location("https://a.example/"))
    made = report(page(), sites=(site(many),), source=("posts",))
    (result,) = json.loads(text(made, Format.SARIF))["runs"][0]["results"]
    assert places(made) == [{"uri": "posts/a.md", "uriBaseId": "%SRCROOT%"}]
    assert [one["physicalLocation"]["artifactLocation"]["uri"] for one in result["relatedLocations"]] == [
        "posts/b%20c.md"
    ]
    assert text(made, Format.GITHUB).startswith("::warning file=posts/a.md,title=duplicate-title")
    assert json.loads(text(made, Format.GITLAB))[0]["location"]["path"] == "posts/a.md"


def test_addresses_in_sarif_are_addresses() -> None:
    found = [finding(location=Location(f"https://a.example/{words}")) for words in HOSTILE]
    uris = [place["uri"] for place in places(crawled(*found))]
    assert all(URI.fullmatch(uri) and uri.startswith("https://a.example/") for uri in uris)
    one = finding(location=Location("https://[::1]:8080/ä?q=%41&b=%zz[1]#x#y"))
    assert places(crawled(one)) == [{"uri": "https://[::1]:8080/%C3%A4?q=%41&b=%25zz%5B1%5D#x%23y"}]
    assert places(crawled(finding(location=Location()))) == [{"uri": "https://a.example/"}]
    assert places(crawled(finding(location=Location("javascript:x")))) == [
        {"uri": "javascript%3Ax", "uriBaseId": "%SRCROOT%"}
    ]


def test_no_message_in_sarif_links_or_has_a_place_to_fill() -> None:
    (run,) = json.loads(text(hostile(), Format.SARIF))["runs"]
    told = [*run["results"], *run["invocations"][0]["toolExecutionNotifications"]]
    messages = [one["message"]["text"] for one in told]
    assert not [
        words for words in messages if "](" in words or re.search(r"[{}]", words.replace("{{", "").replace("}}", ""))
    ]
    assert "[x] (1) {{0}} {{{{1}}}} What to do: Put it right." in messages
    ours = [rule["help"][kind] for rule in run["tool"]["driver"]["rules"] for kind in ("text", "markdown")]
    assert not [words for words in ours if re.search(r"[{}]|\]\(", words.replace("{{", "").replace("}}", ""))]


@pytest.mark.parametrize("made", [full(), hostile(), report()], ids=["full", "hostile", "empty"])
def test_junit_is_valid_and_counts_right(junit_schema: Any, made: Report) -> None:
    document = text(made, Format.JUNIT, Gate(verdict=Label.SPAM))
    assert not list(junit_schema.iter_errors(document.encode()))
    root = ET.fromstring(document)
    for node in (root, *root.iter("testsuite")):
        cases = list(node.iter("testcase"))
        assert int(node.get("tests", -1)) == len(cases)
        assert int(node.get("failures", -1)) == sum(case.find("failure") is not None for case in cases)
        assert int(node.get("errors", -1)) == sum(case.find("error") is not None for case in cases)


def test_junit_fails_what_stops_and_tells_the_rest() -> None:
    root = ET.fromstring(text(full(), Format.JUNIT))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    failure = cases["posts/a.md"].find("failure")
    assert (
        failure is not None
        and failure.get("message") == "Planted."
        and "posts/a.md:3:5: Planted." in (failure.text or "")
    )
    assert "No words." in (cases["posts/a.md"].findtext("system-out") or "")
    assert cases["posts/c d.md"].find("failure") is None
    verdict = ET.fromstring(text(full(), Format.JUNIT, Gate(None, verdict=Label.SPAM)))
    assert [node.get("message") for node in verdict.iter("failure")] == ["The page is judged spam."]


def test_gitlab_gets_what_its_documentation_asks_for() -> None:
    for made in (full(), hostile()):
        issues = json.loads(text(made, Format.GITLAB))
        assert len(issues) == sum(1 for _ in made.findings)
        assert len({one["fingerprint"] for one in issues}) == len(issues)
        for one in issues:
            assert one.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
            assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert one["location"]["path"] and one["location"]["lines"]["begin"] >= 1
    assert json.loads(text(report(), Format.GITLAB)) == []
    marked = {one["check_name"]: one["severity"] for one in json.loads(text(full(), Format.GITLAB))}
    assert marked == {
        "infested-site": "critical",
        "injected-link": "critical",
        "missing-alt": "minor",
        "thin-article": "info",
    }


COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^,:\r\n]*,)*title=[^,:\r\n]*)::([^\r\n]*)")


def test_github_gets_one_command_a_line() -> None:
    for made in (full(), hostile()):
        lines = text(made, Format.GITHUB).split("\n")
        assert lines.pop() == ""
        assert all(COMMAND.fullmatch(line) for line in lines), [line for line in lines if not COMMAND.fullmatch(line)]
    commands = [COMMAND.fullmatch(line) for line in text(full(), Format.GITHUB).splitlines()]
    assert [(one[1], one[2]) for one in commands if one] == [
        ("error", "title=infested-site (high%2C high confidence)"),
        ("error", "file=posts/a.md,line=3,col=5,title=injected-link (high%2C high confidence)"),
        ("warning", "file=posts/empty.md,title=Could not be audited"),
        ("notice", "title=missing-alt (low%2C high confidence)"),
        ("notice", "title=missing-alt (low%2C high confidence)"),
    ]
    assert text(full(), Format.GITHUB, Gate(None, verdict=Label.SPAM)).startswith(
        "::error file=posts/a.md,title=The page is judged spam::"
    )


def test_csv_has_a_row_a_finding_and_no_formula() -> None:
    for made in (full(), hostile()):
        rows = list(csv.DictReader(io.StringIO(text(made, Format.CSV), newline="")))
        assert len(rows) == sum(1 for _ in made.findings) + sum(1 for _ in made.suppressed)
        for row in rows:
            assert not [value for value in row.values() if re.match(r"[\s]*[=+\-@＝＋－＠\t\r]", value)]
    first = next(
        row for row in csv.DictReader(io.StringIO(text(full(), Format.CSV))) if row["check"] == "injected-link"
    )
    assert (first["path"], first["line"], first["stops"], first["message"]) == ("posts/a.md", "3", "yes", "Planted.")


def test_json_lines_are_lines() -> None:
    for made in (full(), hostile()):
        lines = text(made, Format.JSONL).splitlines()
        rows = [json.loads(line) for line in lines]
        assert [kind for kind, _ in groupby(row["kind"] for row in rows)] == ["finding", "page", "skipped", "failure"]
        found = [row for row in rows if row["kind"] == "finding"]
        assert len(found) == sum(1 for _ in made.findings) + sum(1 for _ in made.suppressed)
        assert {row["suppressed"] for row in found} <= {None, "comment", "baseline", "config"}
    rows = [json.loads(line) for line in text(full(), Format.JSONL, Gate(verdict=Label.SPAM)).splitlines()]
    assert [row["stops"] for row in rows if row["kind"] == "finding"] == [True, True, *[False] * 5]
    assert [(row["path"], row["label"], row["stops"]) for row in rows if row["kind"] == "page"] == [
        ("posts/a.md", "spam", True), ("posts/c d.md", "clean", False), ("posts/clean.md", "clean", False),
    ]  # fmt: skip
    assert rows[-2:] == [
        {"kind": "skipped", "check": "deep-page", "reason": "nobody crawled the site", "pages": 3},
        {"kind": "failure", "url": None, "path": "posts/empty.md", "reason": "empty", "detail": "an empty file"},
    ]
    assert text(report(), Format.JSONL) == ""


def test_markdown_keeps_crawled_words_in_code_spans() -> None:
    made = text(hostile(), Format.MARKDOWN)
    outside = re.sub(r"`[^`\n]*`", "", made)
    assert not re.search(r"[<@\[\]!`]|https?:|www\.|::", outside.replace("…", ""))
    assert all(line.count("|") == 4 for line in made.splitlines() if line.startswith("| "))
    summary = text(full(), Format.MARKDOWN)
    assert summary.startswith(
        "## auditor: 2 findings to stop at\n\n3 pages (1 spam, 2 clean); 5 findings (2 high, 2 low, 1 info).\n"
        "\n2 findings suppressed; 1 check could not look everywhere.\n"
    )
    assert "| `posts/a.md:3` | `Planted.` (injected-link) | Put it right. |" in summary
    assert "- spam: `posts/a.md`" in summary and "- missing-alt: 2" in summary and "`an empty file`" in summary
    assert text(report(page()), Format.MARKDOWN).startswith("## auditor: nothing to stop at\n")
    assert "1 page for the verdict" in text(full(), Format.MARKDOWN, Gate(None, verdict=Label.SPAM))


@pytest.mark.parametrize("format", PROGRAMS)
def test_no_format_holds_what_steers_a_terminal(format: Format) -> None:
    made = text(hostile(), format)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", made)
    made.encode("utf-8")
    assert text(hostile(), format) == made


ENDINGS = {
    Format.JSONL: "jsonl", Format.CSV: "csv", Format.SARIF: "sarif", Format.JUNIT: "xml", Format.GITLAB: "gitlab.json",
    Format.GITHUB: "github.txt", Format.MARKDOWN: "md",
}  # fmt: skip


@pytest.mark.parametrize("format", ENDINGS)
def test_whole_output(format: Format) -> None:
    """To accept a change, run with AUDITOR_UPDATE_SNAPSHOTS=1 and read the difference."""
    made = text(full(), format)
    if format is Format.SARIF:  # without the rules, which are the checks' own texts
        log = json.loads(made)
        log["runs"][0]["tool"]["driver"]["rules"] = []
        made = json.dumps(log, indent=2) + "\n"
    expected = SNAPSHOTS / f"report.{ENDINGS[format]}"
    if os.environ.get("AUDITOR_UPDATE_SNAPSHOTS"):
        expected.write_bytes(made.encode())
    assert made.encode() == expected.read_bytes()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", str(POSTS), *arguments])


def test_several_outputs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = [part for format in Format for part in ("--output", f"{format}=found.{format}")]
    result = run(*wanted)
    assert result.exit_code == 1
    assert "findings" in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"found.{format}" for format in Format)
    assert json.loads((tmp_path / "found.json").read_text())["schema"] == 1
    lines = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text().splitlines()]
    rows = list(csv.DictReader((tmp_path / "found.csv").read_text().splitlines()))
    assert sum(line["kind"] == "finding" for line in lines) == len(rows)


def test_data_goes_to_standard_output_and_nothing_else_with_it() -> None:
    for arguments in (("--format", "jsonl"), ("--output", "jsonl=-")):
        result = run(*arguments)
        assert all(json.loads(line)["kind"] for line in result.stdout.splitlines())
        assert "exit code 1" in result.stderr


def test_where_a_report_goes() -> None:
    plain = Path("out.txt")
    assert targets(Format.TERMINAL, []) == (Target(Format.TERMINAL, None),)
    assert targets(Format.SARIF, ["out.txt"]) == (Target(Format.SARIF, plain),)
    assert targets(Format.JSON, ["sarif=out.txt"]) == (Target(Format.SARIF, plain), Target(Format.JSON, None))
    assert targets(Format.TERMINAL, ["SARIF=-"]) == (Target(Format.SARIF, None),)
    assert targets(Format.TERMINAL, ["-"]) == (Target(Format.TERMINAL, None),)
    assert targets(Format.TERMINAL, ["./sarif=x"]) == (Target(Format.TERMINAL, Path("sarif=x")),)


@pytest.mark.parametrize(
    ("format", "outputs", "message"),
    [
        ("terminal", ["pdf=x"], "there is no format pdf; there are terminal, json,"),
        ("terminal", ["a", "b"], "more than one --output without a format"),
        ("terminal", ["json=a", "sarif=a"], "two outputs go to one file"),
        ("terminal", ["json=-", "sarif=-"], "two formats go to standard output"),
        ("json", ["sarif=-"], "two formats go to standard output"),
        ("terminal", ["json=nowhere/a"], "cannot write nowhere/a; name a file in a folder that exists"),
    ],
)
def test_outputs_that_cannot_be(format: str, outputs: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        targets(Format(format), outputs)


def test_a_file_that_may_not_be_written_is_said_before_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there.sarif"
    there.touch()
    monkeypatch.setattr(os, "access", lambda place, mode: Path(place) not in (there, tmp_path))
    for file in (there, tmp_path / "new.sarif"):
        result = run("--output", f"sarif={file}")
        assert result.exit_code == 2 and result.stdout == ""
        assert result.stderr == f"error: cannot write {file} (permission denied); choose another --output\n"


def test_new_domains_that_stop_are_errors_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("known.txt").write_text("gov.example\n")
    asked = (
        "--domains", "known.txt", "--fail-on", "never",
        "--output", "sarif=a.sarif", "--output", "junit=a.xml", "--output", "jsonl=a.jsonl",
    )  # fmt: skip
    for more, code, level in (((), 0, "note"), (("--fail-on-new-domains",), 1, "error")):
        result = run(*asked, *more)
        assert result.exit_code == code, result.output
        results = json.loads(Path("a.sarif").read_text())["runs"][0]["results"]
        assert {one["level"] for one in results if one["ruleId"] == "new-domain"} == {level}
        assert ("<failure" in Path("a.xml").read_text()) is bool(code)
        rows = [json.loads(line) for line in Path("a.jsonl").read_text().splitlines()]
        assert {row["check"] for row in rows if row.get("stops")} == ({"new-domain"} if code else set())


def test_the_name_of_a_file_is_no_command_to_github(tmp_path: Path) -> None:
    bad = tmp_path / "##[add-mask]e.md"
    bad.write_bytes(b"")
    result = CliRunner().invoke(app, ["check", str(bad)])
    assert result.exit_code == 2 and "add-mask" in result.stderr and "##[" not in result.stderr


def test_a_log_of_github_hears_no_command_in_the_report_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    first, *_, last = run().stdout.splitlines()
    token = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", first)
    assert token and last == f"::{token[1]}::"
    assert run("--format", "github").stdout.startswith("::error file=")


def test_gates_differ_in_what_is_an_error() -> None:
    for gate, errors in ((Gate(Severity.INFO, Confidence.LOW), 5), (Gate(None), 0), (Gate(), 2)):
        levels = [
            one["level"]
            for one in json.loads(text(full(), Format.SARIF, gate))["runs"][0]["results"]
            if "suppressions" not in one
        ]
        assert levels.count("error") == errors
