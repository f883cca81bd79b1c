"""What a command may not import: the trainer's libraries, what only other commands need, and more modules than a start has time for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
PAGE = PAGES / "planted-link" / "bad.html"
POST = Path(__file__).parent.parent / "fixtures" / "sites" / "harbor-lane-markdown" / "grain-silo-house.md"

MODULES = 720
"""That `auditor check` of one file may import, Python's own and those of libraries included: 0.6 ms each on a usual machine."""
OWN = 210
"""Of these the program's own."""

RENDERERS = ("json", "jsonl", "findings", "sarif", "junit", "gitlab", "github", "markdown", "html")
"""Of which a run imports the one that it was asked for."""


def imported(command: list[str], store: Path) -> set[str]:
    """The names of all modules that a command has imported when it ends."""
    code = (
        "import sys\n"
        f"sys.argv = ['auditor', *{command!r}]\n"
        "from auditor.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print('MODULES', *sys.modules)\n"
    )
    environment = {**os.environ, "AUDITOR_STORE": str(store)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    head, *names = done.stdout.splitlines()[-1].split()
    assert head == "MODULES"
    return set(names)


@pytest.mark.parametrize("command", [["check", str(PAGE), "--fail-on", "never"], ["explain"], ["--version"], ["runs"]])
def test_no_command_but_training_imports_the_trainers_libraries(command: list[str], tmp_path: Path) -> None:
    heavy = {
        "sklearn",
        "scipy",
        "joblib",
        "tldextract",
        "requests",
        "bs4",
        "httpx",
        "jinja2",
        "yaml",
        "pyarrow",
        "xlsxwriter",
        "openpyxl",
        "http.server",
    }
    assert not heavy & imported(command, tmp_path)


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--quiet"]])
def test_one_file_is_checked_without_what_it_does_not_need(options: list[str], tmp_path: Path) -> None:
    names = imported(["check", str(POST), "--fail-on", "never", "--no-config", *options], tmp_path)
    others = {
        "sklearn", "scipy", "joblib", "tldextract", "requests", "bs4", "httpx", "httpcore", "jinja2", "pandas", "asyncio", "sqlite3",
        "ssl", "http.client", "concurrent.futures", "multiprocessing", "protego", "tinycss2", "brotli", "playwright", "msgspec",
        "pygments", "tomllib", "auditor.crew.crew", "auditor.scan", "auditor.web", "auditor.store", "auditor.archive", "auditor.training",
        "auditor.cli.scan", "auditor.cli.runs", "auditor.cli.train", "auditor.cli.config", "auditor.cli.links",
    }  # fmt: skip
    others |= {f"auditor.render.{renderer}" for renderer in RENDERERS if renderer not in options}
    assert not others & names
    assert ("rich" in names) is (not options)
    assert len(names) <= MODULES, f"{len(names)} modules; was something imported that only some runs need?"
    own = {name for name in names if name.partition(".")[0] == "auditor"}
    assert 100 < len(own) <= OWN
