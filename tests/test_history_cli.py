"""`auditor diff` and `auditor report` over runs that are kept: a site, and the same site after somebody was at it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from auditor.archive.folder import addressed
from auditor.archive.intake import into_store
from auditor.cli import app
from auditor.cli.kept import past_runs
from auditor.files import read
from auditor.page.snapshot import Failure, FailureKind
from auditor.render.json import render_json
from auditor.scan.scan import stored_report
from auditor.store.findings import Findings
from auditor.store.store import State, Store
from tests.demo import SITE

ROOT = Path(__file__).parent.parent
POSTS = (
    "barn-home-first-winter",
    "mold-sickness-at-home",
    "ketamine-therapy-for-addiction",
    "tiny-house-tax-bill",
    "yurt-living-pros",
)
PLANTED = b'<a href="https://best-casino-bonus.example/slots">online casino bonus</a>'


def call(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def built(folder: Path) -> Path:
    """A site of a few pages, as a built one."""
    (folder / "posts").mkdir(parents=True)
    for name in POSTS:
        shutil.copy(SITE / "posts" / f"{name}.html", folder / "posts")
    shutil.copy(SITE / "index.html", folder)
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: a site, the same after a page went, one came and a link was planted, and another site."""
    place = tmp_path_factory.mktemp("kept")
    first, second = built(place / "first"), built(place / "second")
    (second / "posts" / "ketamine-therapy-for-addiction.html").unlink()
    yurt = second / "posts" / "yurt-living-pros.html"
    yurt.write_bytes(
        yurt.read_bytes().replace(b"</p>", b" " + PLANTED + b"</p>", 1).replace(b"</p>", b" " + PLANTED + b"</p>")
    )
    shutil.copy(SITE / "posts" / "houseboat-winter-berth.html", second / "posts")
    other = built(place / "other")
    for site, base in ((first, "harbor-lane"), (second, "harbor-lane"), (other, "calm-shore")):
        for file in site.rglob("*.html"):
            file.write_bytes(file.read_bytes().replace(b"harbor-lane.example", base.encode() + b".example"))
        call("runs", "import", site, "--url-base", f"https://{base}.example/", "--store", place / "store")
    for run in (1, 2, 3):
        call("report", run, "--store", place / "store", "--quiet", "--jobs", 1)
    return place / "store"


def test_two_runs_differ_in_what_was_done_to_the_site(store: Path) -> None:
    told = json.loads(call("diff", 1, 2, "--store", store, "--format", "json").stdout)
    new = {(one["check"], one["document"]) for one in told["findings"]["new"]["listed"]}
    assert ("vice-link", "https://harbor-lane.example/posts/yurt-living-pros.html") in new
    assert {document for _, document in new} == {"https://harbor-lane.example/posts/yurt-living-pros.html"}
    assert {one["document"] for one in told["findings"]["gone-page"]["listed"]} == {
        "https://harbor-lane.example/posts/ketamine-therapy-for-addiction.html"
    }
    assert [one["page"] for one in told["new_pages"]["listed"]] == [
        "https://harbor-lane.example/posts/houseboat-winter-berth.html"
    ]
    assert [one["page"] for one in told["gone_pages"]["listed"]] == [
        "https://harbor-lane.example/posts/ketamine-therapy-for-addiction.html"
    ]
    came = {one["domain"]: one["examples"] for one in told["new_domains"]}
    assert came.pop("best-casino-bonus.example") == ["https://harbor-lane.example/posts/yurt-living-pros.html"]
    assert {page for pages in came.values() for page in pages} == {
        "https://harbor-lane.example/posts/houseboat-winter-berth.html"
    }
    assert "brightpath-therapy.example" in [one["domain"] for one in told["gone_domains"]]
    assert (told["before"]["pages"], told["after"]["pages"]) == (6, 6)
    assert told["before"]["sites"] == ["harbor-lane.example"]


def test_runs_and_their_reports_in_json_have_the_same_difference(store: Path, tmp_path: Path) -> None:
    files = [tmp_path / "1.json", tmp_path / "2.json"]
    for number, file in enumerate(files, 1):
        call("report", number, "--store", store, "--format", "json", "--output", file, "--quiet")
    of_runs = json.loads(call("diff", 1, 2, "--store", store, "--format", "json").stdout)
    of_files = json.loads(call("diff", *files, "--format", "json").stdout)
    mixed = json.loads(call("diff", 1, files[1], "--store", store, "--format", "json").stdout)
    for told, before, after in ((of_files, "1.json", "2.json"), (mixed, "run 1", "2.json")):
        told["before"]["name"], told["after"]["name"] = told["before"]["name"], told["after"]["name"]
        assert (told["before"].pop("name"), told["after"].pop("name")) == (before, after)
    del of_runs["before"]["name"], of_runs["after"]["name"]
    assert of_files == of_runs == mixed


def test_one_run_or_a_site_is_held_against_the_run_before(store: Path) -> None:
    whole = call("diff", 1, 2, "--store", store).stdout
    assert call("diff", 2, "--store", store).stdout == whole
    assert call("diff", "--site", "harbor-lane.example", "--store", store).stdout == whole
    assert call("diff", "--site", "https://www.harbor-lane.example/posts/", "--store", store).stdout == whole


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name two runs or reports"),
        ((1, 2, 3), "name two runs or reports"),
        ((9,), "there is no run 9"),
        ((1, 9), "there is no run 9"),
        ((1,), "run 1 is the first that is kept of harbor-lane.example"),
        (("x.json",), "name two, the earlier one first"),
        ((1, "nowhere.json"), "cannot read nowhere.json"),
        (("--site", "nowhere.example"), "no audited run of nowhere.example"),
        (("--site", "::"), "is no site"),
        ((1, "x.json", "--site", "a.example"), "--site chooses among the sites of kept runs"),
        ((1, 2, "--output", "/nowhere/x"), "name a file in a folder that exists"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(store: Path, words: tuple[object, ...], says: str) -> None:
    said = call("diff", *words, "--store", store, code=2).stderr
    assert says in said and said.count("\n") == 1 and said.startswith("error: ")


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in (("diff", 1, 2), ("report", 1), ("report", "--all", "--output", tmp_path / "out")):
        assert "there is no store" in call(*words, "--store", tmp_path / "none", code=2).stderr
    assert not (tmp_path / "none").exists() and not (tmp_path / "out").exists()


def test_new_findings_stop_where_that_is_asked_for(store: Path) -> None:
    assert call("diff", 1, 2, "--store", store, "--fail-on-new", code=1).stderr.endswith("exit code 1\n")
    assert "no new finding" in call("diff", 2, 2, "--store", store, "--fail-on-new").stderr
    call("diff", 1, 2, "--store", store, "--fail-on-new", "--fail-on", "never")
    assert call("diff", 1, 2, "--store", store).stderr == ""


@pytest.mark.parametrize("format", ["terminal", "json", "markdown", "html"])
def test_a_difference_is_written_to_a_file_as_to_standard_output(store: Path, tmp_path: Path, format: str) -> None:
    file = tmp_path / "out"
    call("diff", 1, 2, "--store", store, "--format", format, "--output", file)
    written = file.read_text("utf-8")
    assert "best-casino-bonus.example" in written
    if format != "terminal":
        assert call("diff", 1, 2, "--store", store, "--format", format).stdout == written


def test_a_kept_report_is_written_as_the_scan_wrote_it(store: Path) -> None:
    with Store(store) as opened:
        kept = render_json(stored_report(opened, 2))
    assert call("report", 2, "--store", store, "--format", "json", "--quiet").stdout == kept
    assert (
        call("report", "--site", "harbor-lane.example", "--store", store, "--format", "json", "--quiet").stdout == kept
    )
    assert "calm-shore.example" in call("report", "--store", store).stdout
    assert "<!doctype html>" in call("report", 2, "--store", store, "--format", "html").stdout.lower()


def test_a_kept_report_is_written_in_several_formats_at_once(store: Path, tmp_path: Path) -> None:
    formats = ("json", "jsonl", "csv", "sarif", "junit", "gitlab", "github", "markdown", "html", "terminal")
    outputs = [word for format in formats for word in ("--output", f"{format}={tmp_path / format}")]
    assert call("report", 2, *outputs, "--quiet", "--store", store).stdout.endswith("clean.\n")
    assert all((tmp_path / format).stat().st_size for format in formats)
    assert (tmp_path / "markdown").read_text("utf-8").startswith("**What changed on `harbor-lane.example`**")
    assert "<failure" in (tmp_path / "junit").read_text("utf-8"), "by the usual gate"


def test_a_run_that_was_not_audited_is_audited_without_network(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "store")
    with Store(tmp_path / "store") as opened:
        Findings(opened.connection, opened.file, 2).clear()
    again = json.loads(
        call("report", 2, "--store", tmp_path / "store", "--format", "json", "--quiet", "--jobs", 1).stdout
    )
    kept = json.loads(call("report", 2, "--store", store, "--format", "json", "--quiet").stdout)
    assert {**again, "started_at": ""} == {**kept, "started_at": ""}


def test_the_digest_of_a_run_is_that_of_its_difference(store: Path) -> None:
    told = call("report", 2, "--store", store, "--format", "markdown").stdout
    assert told == call("diff", 1, 2, "--store", store, "--format", "markdown").stdout
    assert "the first to compare with" in call("report", 1, "--store", store, "--format", "markdown").stdout


def test_all_sites_are_written_with_an_index(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (tmp_path / "auditor.toml").write_text('[brand]\nname = "Example Ltd"\nlogo = "logo.png"\ncolour = "#8a1c7c"\n')
    monkeypatch.chdir(tmp_path)
    said = call("report", "--all", "--output", "out", "--store", store).stdout
    assert said.startswith("2 reports and their index written to out")
    made = {
        str(file.relative_to(tmp_path / "out")): file.read_bytes()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file()
    }
    sites = ("calm-shore.example", "harbor-lane.example")
    assert set(made) == {
        "index.html",
        "index.csv",
        "index.xlsx",
        *(f"sites/{site}.{end}" for site in sites for end in ("html", "json")),
    }
    rows = [row.split(b",") for row in made["index.csv"].splitlines()]
    assert {row[0]: row[8] for row in rows[1:]}[b"calm-shore.example"] == b"", "nothing to compare with"
    for name in ("index.html", *(f"sites/{site}.html" for site in sites)):
        assert b"Example Ltd" in made[name] and b"#8a1c7c" in made[name] and b"data:image/png" in made[name], name
    call("report", "--all", "--output", "out", "--store", store)
    assert made == {
        str(file.relative_to(tmp_path / "out")): file.read_bytes()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('colour = "purple"', "is no colour"),
        ('logo = "nowhere.png"', "cannot read the logo nowhere.png"),
        ('logo = "auditor.toml"', "is no PNG"),
        ("name = 3", "brand.name: a text"),
        ('color = "#123456"', "did you mean colour?"),
    ],
)
def test_a_brand_that_makes_no_sense_is_said(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, says: str
) -> None:
    (tmp_path / "auditor.toml").write_text(f"[brand]\n{table}\n")
    monkeypatch.chdir(tmp_path)
    assert says in call("report", "--all", "--output", "out", "--store", store, code=2).stderr


def test_options_that_contradict_are_said(store: Path, tmp_path: Path) -> None:
    for words in (
        (1, "--all", "--output", tmp_path),
        ("--all",),
        ("--all", "--site", "a.example", "--output", tmp_path),
    ):
        assert (
            "--all writes every site's latest run into a folder"
            in call("report", *words, "--store", store, code=2).stderr
        )
    (tmp_path / "file").write_text("x")
    assert "cannot write" in call("report", "--all", "--output", tmp_path / "file", "--store", store, code=2).stderr


def test_the_past_of_a_site_are_its_own_finished_runs(store: Path) -> None:
    with Store(store) as opened:
        assert [one.run for one in past_runs(opened, 2, "harbor-lane.example")] == [1]
        assert past_runs(opened, 1, "harbor-lane.example") == ()
        assert [one.run for one in past_runs(opened, 3, "harbor-lane.example")] == [1, 2]
        (first, second) = past_runs(opened, 3, "harbor-lane.example")
        assert first.pages == second.pages == 6
        assert replace(first, run=9) != first


def test_a_run_of_several_sites_is_told_site_by_site(tmp_path: Path) -> None:
    both = built(tmp_path / "both")
    for file in list((both / "posts").iterdir())[:3]:
        file.write_bytes(file.read_bytes().replace(b"harbor-lane.example", b"calm-shore.example"))
    kept = tmp_path / "store"
    call("runs", "import", both, "--url-base", "https://harbor-lane.example/", "--store", kept)
    call("runs", "import", built(tmp_path / "other"), "--url-base", "https://calm-shore.example/", "--store", kept)
    with Store(kept) as opened:  # both in one run
        documents = [
            document
            for folder, base in (("both", "harbor-lane"), ("other", "calm-shore"))
            for document in addressed(
                read([str(tmp_path / folder)], max_bytes=10**7), tmp_path / folder, f"https://{base}.example/"
            )
        ]
        assert into_store(opened, documents, ["both"], Counter()) == 3
    call("report", 3, "--store", kept, "--quiet", "--jobs", 1)
    assert (
        "run 3 is of 2 sites; say which with --site"
        in call("report", 3, "--format", "markdown", "--store", kept, code=2).stderr
    )
    told = json.loads(
        call("report", 3, "--site", "calm-shore.example", "--format", "json", "--quiet", "--store", kept).stdout
    )
    assert [site["site"] for site in told["sites"]] == ["calm-shore.example"]
    assert told["summary"]["pages"] == len(told["pages"]) == 6
    assert all("calm-shore.example" in page["url"] for page in told["pages"])
    call("report", "--all", "--output", tmp_path / "out", "--store", kept)
    assert len(list((tmp_path / "out" / "sites").glob("*.json"))) == 2


def test_a_run_without_a_page_is_said_to_have_none(tmp_path: Path) -> None:
    with Store(tmp_path) as opened:
        run = opened.begin(["https://gone.example/"], {}, "0")
        run.keep(Failure(FailureKind.MISSING, "no such host", "https://gone.example/"))
        opened.end(run.id, State.DONE)
    call("report", 1, "--store", tmp_path, "--quiet", "--jobs", 1, code=2)
    for words in (("diff", 1), ("report", 1, "--format", "markdown")):
        assert "run 1 has no page that could be audited" in call(*words, "--store", tmp_path, code=2).stderr


def test_nothing_of_this_is_loaded_where_files_are_checked(tmp_path: Path) -> None:
    page = ROOT / "fixtures" / "pages" / "planted-link" / "bad.html"
    code = (
        "import sys\n"
        f"sys.argv = ['auditor', 'check', {str(page)!r}, '--fail-on', 'never']\n"
        "from auditor.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('auditor.history', 'jinja2', 'auditor.store'))])\n"
    )
    environment = {**os.environ, "AUDITOR_STORE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"
