"""Settings: default, file, environment, flag in that order; and errors that name the place and the nearest name."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.cli import app
from auditor.cli.settings import find
from auditor.config import Config, PathRule, Preferences
from auditor.preferences import Names, Wishes, matches
from tests.subjects import PROSE
from tests.subjects import article as markup

GROUPS = {"vice-link": "spam", "planted-link": "spam", "missing-alt": "content", "broken-link": "links"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("AUDITOR_STORE", "AUDITOR_CONTACT", "AUDITOR_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()  # nothing above is looked at
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, prog_name="auditor")


def error(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    return line


@dataclass
class Told:
    """What `auditor config` says."""

    read: dict[str, Any]

    def of(self, name: str, command: str = "scan") -> tuple[Any, str]:
        """Value and origin of a setting."""
        row = next(r for r in self.read["settings"] if r["name"] == name and command in r["commands"])
        return row["value"], row["where"]

    def check(self, name: str) -> dict[str, Any]:
        return next(one for one in self.read["checks"] if one["check"] == name)


def told(*arguments: str) -> Told:
    result = run("config", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    return Told(json.loads(result.stdout))


def test_each_origin_goes_before_the_weaker_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told().of("max-pages") == (500, "default")
    (folder / "auditor.toml").write_text("max-pages = 7\n[scan]\ndepth = 3\n")
    assert told().of("max-pages") == (7, "auditor.toml: max-pages")
    assert told().of("depth") == (3, "auditor.toml: scan.depth")
    monkeypatch.setenv("AUDITOR_MAX_PAGES", "8")
    assert told().of("max-pages") == (8, "AUDITOR_MAX_PAGES")
    assert told("scan", "--max-pages", "9").of("max-pages") == (9, "flag")
    monkeypatch.setenv("AUDITOR_MAX_PAGES", "")
    assert told().of("max-pages") == (7, "auditor.toml: max-pages")


def test_a_commands_own_table_goes_before_what_is_said_of_all(folder: Path) -> None:
    (folder / "auditor.toml").write_text('fail-on = "low"\nselect = ["spam"]\n[check]\nfail_on = "never"\n')
    assert told().of("fail-on", "check") == ("never", "auditor.toml: check.fail_on")
    assert told().of("fail-on", "scan") == ("low", "auditor.toml: fail-on")
    assert told().of("select") == (["spam"], "auditor.toml: select")


def test_variables_that_were_there_before_keep_their_meaning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "auditor.toml").write_text('contact = "file@example.com"\nstore = "kept"\n')
    assert told().of("contact") == ("file@example.com", "auditor.toml: contact")
    monkeypatch.setenv("AUDITOR_CONTACT", "me@example.com")
    monkeypatch.setenv("AUDITOR_STORE", "elsewhere")
    assert told().of("contact") == ("me@example.com", "AUDITOR_CONTACT")
    assert told().of("store") == ("elsewhere", "AUDITOR_STORE")


def test_lists_and_switches_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_IGNORE", "content, links")
    monkeypatch.setenv("AUDITOR_HEADER", "X-Preview: yes, please\nX-Team: ${TEAM}")
    monkeypatch.setenv("AUDITOR_SUBDOMAINS", "yes")
    monkeypatch.setenv("AUDITOR_RENDER", "0")
    assert told().of("ignore") == (["content", "links"], "AUDITOR_IGNORE")
    assert told().of("header") == (["X-Preview: …", "X-Team: ${TEAM}"], "AUDITOR_HEADER")
    assert (told().of("subdomains")[0], told().of("render")[0]) == (True, False)
    monkeypatch.setenv("AUDITOR_RENDER", "maybe")
    assert error("config") == "error: AUDITOR_RENDER: true or false is expected, not the text 'maybe'"


def test_acts_of_one_run_are_no_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_OUTPUT", "report.txt")
    monkeypatch.setenv("AUDITOR_RESUME", "1")
    assert not {"output", "resume", "from-run", "update-baseline"} & {row["name"] for row in told().read["settings"]}
    for name in ("output", "resume", "from-run", "update-baseline"):
        (folder / "auditor.toml").write_text(f'{name} = "x"\n')
        assert "there is no such setting" in error("config")


def test_the_file_is_looked_for_upwards_to_the_repositorys_root(folder: Path) -> None:
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    assert find(deep) is None
    (folder / "pyproject.toml").write_text("[tool.ruff]\n# auditor has no table here\n")
    assert find(deep) is None
    (folder / "pyproject.toml").write_text('[tool.auditor]\nignore = ["content"]\n')
    assert find(deep) == folder / "pyproject.toml"
    assert told().of("ignore") == (["content"], "pyproject.toml: tool.auditor.ignore")
    (folder / "auditor.toml").write_text("")
    assert find(deep) == folder / "auditor.toml"  # of two in one folder, the one that is ours
    (folder / "a" / "auditor.toml").write_text("")
    assert find(deep) == folder / "a" / "auditor.toml"
    (deep / ".git").mkdir()
    assert find(deep) is None


def test_another_file_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "auditor.toml").write_text("max-pages = 7\n")
    (folder / "other.toml").write_text("max-pages = 8\n")
    assert told("--config", "other.toml").of("max-pages") == (8, "other.toml: max-pages")
    assert told("--no-config").of("max-pages") == (500, "default")
    for pair in (("--config", "other.toml", "--no-config"), ("--no-config", "--config", "other.toml")):
        assert "leave one of them out" in error("check", "x.md", *pair)
    assert error("check", "x.md", "--config", "gone.toml").startswith("error: cannot read gone.toml (No such file")
    (folder / "pyproject.toml").write_text("[project]\nname = 'auditor-of-mine'\n")
    assert "has no table [tool.auditor]" in error("check", "x.md", "--config", "pyproject.toml")
    monkeypatch.setenv("AUDITOR_CONFIG", "other.toml")
    assert told().of("max-pages") == (8, "other.toml: max-pages")


def test_paths_in_a_file_start_from_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "auditor.toml").write_text('store = "kept"\nbaseline = "known.json"\n')
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")
    assert told().of("store")[0] == "../kept"
    assert str(folder / "kept") in run("runs").stdout.replace("\n", "")
    assert "there is no baseline ../known.json; add --update-baseline to write it" in error("check", ".")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max-page = 3", "auditor.toml: max-page: there is no such setting; did you mean max-pages?"),
        ("[scan]\ndept = 3", "auditor.toml: scan.dept: there is no such setting; did you mean depth?"),
        ("[check]\ndepth = 3", "auditor.toml: check.depth: `auditor check` has no such option; take it out of [check]"),
        ("[sever]\nx = 1", "auditor.toml: sever: there is no such setting; did you mean severity?"),
        ("zzz = 1", "auditor.toml: zzz: there is no such setting; `auditor config` lists what there is"),
        ('max-pages = "3"', "auditor.toml: max-pages: a whole number of at least 1 is expected, not the text '3'"),
        ("max-pages = true", "auditor.toml: max-pages: a whole number of at least 1 is expected, not true"),
        ("max-pages = 0", "auditor.toml: max-pages: a whole number of at least 1 is expected, not 0"),
        ("concurrency = 65", "auditor.toml: concurrency: a whole number of at least 1 and at most 64 is expected, not 65"),
        ("render = 1", "auditor.toml: render: true or false is expected, not 1"),
        ("contact = ['x']", "auditor.toml: contact: a text is expected, not a list"),
        ('select = "spam"', "auditor.toml: select: a list like [\"…\"] is expected, not the text 'spam'"),
        ("select = [1]", "auditor.toml: select: a text is expected, not 1"),
        ('fail-on = "worst"', "auditor.toml: fail-on: one of info, low, medium, high, never is expected, not the text 'worst'"),
        ('ignore = ["contents"]', "auditor.toml: ignore: no check is named 'contents'; did you mean content?"),
        ('ignore = ["mising-alt"]', "auditor.toml: ignore: no check is named 'mising-alt'; did you mean missing-alt?"),
        ('[severity]\nmissing-alt = "bad"', "auditor.toml: severity.missing-alt: one of info, low, medium, high is expected, not 'bad'"),
        (
            '[severity]\nmissing-alt = "off"',
            "auditor.toml: severity.missing-alt: one of info, low, medium, high is expected, not 'off'; to leave a check out, name it under ignore",
        ),
        ('[severity]\nmissing-alts = "low"', "auditor.toml: severity: no check is named 'missing-alts'; did you mean missing-alt?"),
        ("severity = 3", 'auditor.toml: severity: a table is expected, like missing-alt = "info"'),
        ("paths = 3", "auditor.toml: paths: a list of tables is expected; begin each with [[paths]]"),
        ('[[paths]]\nignore = ["spam"]', 'auditor.toml: paths[1]: no paths are named; add match = ["drafts/**"]'),
        ('[[paths]]\nmatch = "a"', "auditor.toml: paths[1]: it changes nothing; add select, ignore or severity"),
        ('[[paths]]\nmatch = "a"\nignores = "spam"', "auditor.toml: paths[1].ignores: there is no such setting; did you mean ignore?"),
        ('[[paths]]\nmatch = "a"\nignore = "spm"', "auditor.toml: paths[1].ignore: no check is named 'spm'; did you mean spam?"),
        ('[[suppress]]\nreason = "x"', 'auditor.toml: suppress[1]: no check is named; add check = "missing-alt"'),
        (
            '[[suppress]]\ncheck = "missing-alt"\nreason = " "',
            'auditor.toml: suppress[1]: it needs a reason, for whoever reads it next year; add reason = "…"',
        ),
        ("a = = 1", "auditor.toml is no TOML: Invalid value (at line 1, column 5); put it right"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_with_its_place(folder: Path, text: str, message: str) -> None:
    (folder / "auditor.toml").write_text(text)
    assert error("config") == f"error: {message}"
    assert error("check", "nothing.md") == f"error: {message}"


@pytest.mark.parametrize(
    "text",
    [
        'header = ["Authorization: Bearer abc"]',
        'cookie = ["session=0123456789abcdef0123"]',
        'proxy = "http://me:word@proxy.example:3128"',
        'password = "hunter2"',
        'token = "hunter2"',
        '[scan]\nheader = ["X-Api-Key: hunter2"]',
    ],
)
def test_secrets_stay_in_the_environment(folder: Path, text: str) -> None:
    (folder / "auditor.toml").write_text(text)
    for command in (["config"], ["check", "x.md"], ["scan", "https://example.com/"]):
        line = error(*command)
        assert line.startswith("error: auditor.toml: ") and "environment" in line
        assert not any(secret in line for secret in ("hunter2", "abc", "word@", "0123456789"))


def test_the_listing_tells_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_PROXY", "http://me:hunter2@proxy.example:3128")
    (folder / "auditor.toml").write_text('header = ["X-Key: ${KEY}", "X-Door: hunter2"]\ncookie = ["a=hunter2"]\n')
    for arguments in (["config"], ["config", "--format", "json"]):
        text = run(*arguments).stdout
        assert "hunter2" not in text and "X-Key: ${KEY}" in text and "proxy.example:3128" in text


def test_help_and_other_commands_do_not_stumble_over_a_broken_file(folder: Path) -> None:
    (folder / "auditor.toml").write_text("broken")
    assert run("check", "--help").exit_code == 0
    assert run("explain", "missing-alt").exit_code == 0
    assert run("--version").exit_code == 0


def test_why_each_check_is_on_or_off(folder: Path) -> None:
    assert all(one["on"] and one["why"] == "default" for one in told().read["checks"])
    (folder / "auditor.toml").write_text(
        'select = ["spam", "content"]\nignore = ["missing-title"]\n'
        '[severity]\ncontent = "info"\nmissing-alt = "high"\n'
        '[[paths]]\nmatch = ["drafts/**"]\nignore = ["vice-link"]\nseverity = {content = "low"}\n'
    )
    checks = told()
    assert (checks.check("missing-title")["on"], checks.check("missing-title")["why"].split(";")[0]) == (
        False,
        "ignore names missing-title (auditor.toml: ignore)",
    )
    assert checks.check("broken-link")["why"] == "select does not name it (auditor.toml: select)"
    vice = checks.check("vice-link")
    assert vice["on"] and vice["why"] == (
        "select names spam (auditor.toml: select); off in drafts/** (auditor.toml: paths[1])"
    )
    alt = checks.check("missing-alt")
    assert alt["severity"] == "high" and "severity given to missing-alt; low in drafts/**" in alt["why"]
    assert checks.check("missing-description")["severity"] == "info"
    assert told("check", "--select", "links").check("broken-link")["why"] == "select names links (flag)"


def test_the_listing_fits_narrow_windows_and_is_whole_in_a_pipe(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "auditor.toml").write_text(
        '[[suppress]]\ncheck = "missing-alt"\npath = "old/*"\nreason = "Drawings that the text describes."\n'
    )
    piped = run("config").stdout
    assert re.search(r"^  max-pages +500 +default$", piped, re.MULTILINE)
    assert "  missing-alt in old/*: Drawings that the text describes. (auditor.toml: suppress[1])\n" in piped
    monkeypatch.setattr(sys.modules["auditor.cli.config"], "_looked_at", lambda: 40)
    narrow = run("config").stdout
    assert max(map(len, narrow.splitlines())) <= 40
    assert all(word in narrow for word in ("max-pages", "Drawings", "planted-link"))


def test_groups_are_named_like_checks(folder: Path) -> None:
    (folder / "a.html").write_text(
        markup(f"{PROSE}<img src='/a.png'>").replace('name="description"', 'property="og:title"')
    )
    base = ("check", "a.html", "--format", "json", "--fail-on", "never")

    def fired(*more: str) -> set[str]:
        (page,) = json.loads(run(*base, *more).stdout)["pages"]
        return {finding["check"] for finding in page["findings"]}

    assert {"missing-alt", "missing-description"} <= fired()
    assert fired("--select", "content") == {"missing-alt", "missing-description"}
    assert fired("--select", "content", "--ignore", "missing-alt") == {"missing-description"}
    assert not fired("--ignore", "content") & {"missing-alt", "missing-description"}


def test_paths_have_wishes_of_their_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "drafts").mkdir()
    text = markup(f"{PROSE}<img src='/a.png'>").replace('name="description"', 'property="og:title"')
    for name in ("a.html", "drafts/b.html", "drafts/kept.html"):
        (folder / name).write_text(text)
    (folder / "auditor.toml").write_text(
        'select = ["content"]\n[severity]\nmissing-alt = "medium"\n'
        '[[paths]]\nmatch = ["drafts/**"]\nignore = ["missing-description"]\nseverity = {content = "info"}\n'
        '[[paths]]\nmatch = "drafts/kept.html"\nselect = ["missing-description"]\n'
    )

    def severities(*named: str) -> dict[str, dict[str, str]]:
        report = json.loads(run("check", *named, "--format", "json", "--fail-on", "never").stdout)
        return {
            Path(page["path"]).name: {finding["check"]: finding["severity"] for finding in page["findings"]}
            for page in report["pages"]
        }

    wanted = {
        "a.html": {"missing-alt": "medium", "missing-description": "info"},
        "b.html": {"missing-alt": "info"},
        "kept.html": {"missing-description": "info"},
    }
    assert severities(".") == wanted
    assert severities(str(folder)) == wanted
    monkeypatch.chdir(folder / "drafts")
    assert severities("b.html", "./kept.html") == {name: wanted[name] for name in ("b.html", "kept.html")}


def test_severities_move_the_gate_and_no_label(folder: Path) -> None:
    (folder / "a.html").write_text(
        markup(f'{PROSE}<p style="display:none"><a href="https://casino.example/">best casino slots</a></p>')
    )
    before = json.loads(run("check", "a.html", "--format", "json").stdout)["pages"][0]
    assert before["verdict"]["label"] == "spam" and run("check", "a.html").exit_code == 1
    (folder / "auditor.toml").write_text('[severity]\nspam = "info"\nhacked = "info"\n')
    after = json.loads(run("check", "a.html", "--format", "json").stdout)["pages"][0]
    assert after["verdict"]["label"] == "spam" and run("check", "a.html").exit_code == 0
    assert [f["check"] for f in after["findings"]] == [f["check"] for f in before["findings"]]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("drafts/**", "drafts/a.md", True),
        ("drafts/**", "drafts/deep/a.md", True),
        ("drafts/*", "drafts/deep/a.md", True),
        ("./drafts/*", "drafts/a.md", True),
        ("drafts/**", "old/drafts/a.md", False),
        ("*.md", "deep/a.md", True),
        ("a.md", "deep/a.md", False),
        ("https://example.com/tag/*", "https://example.com/tag/moths/", True),
        ("https://example.com/tag/*", "https://example.com/posts/tag/", False),
        ("*", "", False),
    ],
)
def test_patterns(pattern: str, name: str, fits: bool) -> None:
    assert matches((pattern,), (name,)) is fits


def test_of_several_rules_the_later_wins_and_a_check_goes_before_its_group() -> None:
    rules = (
        PathRule(("a/*",), ignore=frozenset({"spam", "links"}), severity={"missing-alt": "low", "content": "high"}),
        PathRule(("a/b/*",), select=frozenset({"spam"}), ignore=frozenset({"vice-link"}), severity={"content": "info"}),
    )
    config = Config(ignore=frozenset({"links"}), preferences=Preferences(severity={"spam": "info"}, paths=rules))
    wishes = Wishes.of(config, GROUPS)
    assert wishes.chosen(Names()) == {"vice-link", "planted-link", "missing-alt"}
    assert wishes.chosen(Names(("a/x.md",))) == {"missing-alt"}
    assert wishes.chosen(Names(("a/b/x.md",))) == {"planted-link"}
    assert wishes.severity("missing-alt", [rules[0].severity]) == "low"
    assert wishes.severity("missing-alt", [rule.severity for rule in rules]) == "info"
    assert wishes.severity("broken-link", [wishes.preferences.severity]) is None


def test_the_example_of_the_readme_can_be_copied(folder: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (folder / "auditor.toml").write_text(readme.split("```toml\n")[1].split("```")[0])
    listed = told()
    assert listed.of("max-pages") == (2000, "auditor.toml: scan.max-pages")
    assert len(listed.read["paths"]) == len(listed.read["suppress"]) == 1
