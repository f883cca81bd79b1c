"""What a scan may not import: the trainer's libraries, and what only other commands need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "fixtures" / "pages" / "planted-link" / "bad.html"

RENDERERS = ("json", "jsonl", "findings", "sarif", "junit", "gitlab", "github", "markdown", "html")


@pytest.mark.parametrize("command", [["check", str(PAGE), "--fail-on", "never"], ["explain"], ["--version"], ["runs"]])
def test_no_command_but_training_imports_the_trainers_libraries(command: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['auditor', *{command!r}]\n"
        "from auditor.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "heavy = {'sklearn', 'scipy', 'joblib', 'tldextract', 'requests', 'bs4', 'httpx', 'jinja2', 'yaml', 'pyarrow', 'xlsxwriter', 'openpyxl', 'http.server'} & set(sys.modules)\n"
        f"heavy |= {{'auditor.render.' + name for name in {RENDERERS!r}}} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy))\n"
    )
    environment = {**os.environ, "AUDITOR_STORE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "HEAVY []"
