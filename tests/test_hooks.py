"""The hooks for pre-commit, GitHub and GitLab, run for real on a scratch repository: a planted link is stopped, at its line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
POSTS = ROOT / "fixtures" / "sites" / "harbor-lane-markdown"
SHIPPED = ("auditor", "models", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

# What a hook installs it would take from the package index; here it is taken from where the tests run, without network.
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PYTHONPATH": sysconfig.get_paths()["purelib"],
}


def run(folder: Path, *command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder), "NO_COLOR": "1"}
    environment = {**os.environ, **quiet, **(env or {})}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A Writer", "-c", "user.email=writer@blog.example", "-c", "init.defaultBranch=main")
    done = run(folder, "git", *who, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This program as a repository of its own, in the state that is tested."""
    folder = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Everything")
    return folder


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog of Markdown files, all committed."""
    folder = tmp_path / "blog"
    shutil.copytree(POSTS, folder / "content", ignore=shutil.ignore_patterns("expected.json"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "The blog")
    return folder


PLANTED = "\nThe county keeps [best online casino bonus codes](https://spin-royal-slots.example/bonus) its own list of barns.\n"


def plant(blog: Path) -> tuple[Path, int]:
    """Put a link that nobody asked for into a post; the file and the line."""
    post = blog / "content" / "grain-silo-house.md"
    lines = post.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if n > 15 and not line)
    post.write_text("\n".join([*lines[:at], PLANTED.strip("\n"), *lines[at:]]))
    return post, at + 1


def reword(blog: Path) -> None:
    post = blog / "content" / "grain-silo-house.md"
    post.write_text(post.read_text().rstrip("\n") + "\n\nThat is what we would do again.\n")


def test_pre_commit_stops_a_commit_that_plants_a_link_and_no_other(source: Path, blog: Path, tmp_path: Path) -> None:
    hooks = [{"repo": str(source), "rev": "HEAD", "hooks": [{"id": "auditor"}]}]
    (blog / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": hooks}))
    kept = {**OFFLINE, "PRE_COMMIT_HOME": str(tmp_path / "kept")}

    def committed() -> subprocess.CompletedProcess[str]:
        git(blog, "add", "-A")
        return run(blog, sys.executable, "-m", "pre_commit", "run", "--color", "never", env=kept)

    reword(blog)
    done = committed()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^auditor\.+Passed$", done.stdout, re.MULTILINE)
    git(blog, "commit", "-qm", "Another sentence")
    post, line = plant(blog)
    done = committed()
    assert done.returncode == 1
    assert f"{post.relative_to(blog)}:{line}:" in re.sub(r"\s*\n\s*", "", done.stdout)
