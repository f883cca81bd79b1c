"""The documents say what the program does: the README's generated parts are current, every command and check is named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.checks import GROUPS, all_checks

ROOT = Path(__file__).parent.parent


def test_generated_parts_of_the_readme_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "readme.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_check_stands_in_the_readme_once() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in all_checks():
        assert text.count(f"| `{name}` |") == 1, name


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_files_that_documents_name_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:auditor|benchmarks|models|fixtures|tests|scripts)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_every_command_and_every_option_of_training_is_documented() -> None:
    import typer.main

    from auditor.cli import app

    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    commands = typer.main.get_group(app).commands
    for name, command in commands.items():
        assert f"auditor {name}" in text, name
        if name in ("train", "evaluate", "probe"):
            for option in (o for p in command.params for o in p.opts if o not in ("--out", "--models", "--families")):
                assert option in text, (name, option)


def test_every_group_is_a_module_or_a_package() -> None:
    checks = ROOT / "auditor" / "checks"
    assert all((checks / f"{group}.py").exists() or (checks / group / "__init__.py").exists() for group in GROUPS)


def test_modules_say_what_they_are_and_fit_a_few_screens() -> None:
    for path in sorted((ROOT / "auditor").rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not lines or lines[0].startswith('"""'), path
        assert len(lines) <= 350, (path, len(lines))


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not any(tracked):
        pytest.skip("not a git checkout")
    for name in tracked:
        path = ROOT / name
        if not name or path.suffix in (".npy", ".png") or not path.is_file() or name == "tests/test_docs.py":
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"/work/(?:main|shared)|files\.pythonhosted|registry\.npmjs", text), name
