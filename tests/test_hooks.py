"""The hooks for pre-commit, GitHub and GitLab, run for real on a scratch repository: a planted link is stopped, at its line."""

from __future__ import annotations

import json
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


def steps(path: Path) -> list[dict[str, str]]:
    return list(yaml.safe_load(path.read_text())["runs"]["steps"])


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of a runner, in which the action installs once."""
    return tmp_path_factory.mktemp("runner")


def act(source: Path, blog: Path, runner: Path, **inputs: str) -> tuple[int, str, str, str]:
    """Run the steps of the action as a runner does: exit code, log, summary, outputs."""
    declared = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    values = {f"inputs.{name}": str(one["default"]) for name, one in declared.items()}
    values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    values["github.action_path"] = str(source)
    summary, outputs = blog.parent / "summary.md", blog.parent / "outputs"
    log = ""
    installed = (runner / "auditor" / "bin" / "auditor").exists()
    for step in steps(ROOT / "action.yml")[installed:]:
        assert "${{" not in step["run"], "an input in the text of a script could be run"
        given = {
            name: re.sub(r"\$\{\{ ?([\w.-]+) ?\}\}", lambda m: values[m[1]], text)
            for name, text in (step.get("env") or {}).items()
        }
        places = {"RUNNER_TEMP": runner, "GITHUB_STEP_SUMMARY": summary, "GITHUB_OUTPUT": outputs}
        env = {**OFFLINE, **given, **{name: str(path) for name, path in places.items()}}
        # As GitHub starts `shell: bash`.
        done = run(blog, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], env=env)
        log += done.stdout + done.stderr
        if done.returncode:
            break
    return (
        done.returncode,
        log,
        summary.read_text() if summary.exists() else "",
        outputs.read_text() if outputs.exists() else "",
    )


def branch(blog: Path, change: str) -> None:
    """A pull request's branch with one commit."""
    git(blog, "checkout", "-qb", change)
    git(blog, "commit", "-qam", change)


def test_the_action_marks_the_line_of_a_planted_link_and_lets_the_other_pull_request_pass(
    source: Path, blog: Path, runner: Path, tmp_path: Path
) -> None:
    reword(blog)
    branch(blog, "honest")
    code, log, summary, outputs = act(source, blog, runner, paths="content", changed_since="main")
    assert (code, outputs) == (0, "exit-code=0\n"), log
    assert "::error" not in log
    assert summary
    git(blog, "checkout", "-q", "main")
    post, line = plant(blog)
    branch(blog, "planted")
    code, log, summary, outputs = act(
        source, blog, runner, paths="content", changed_since="main", sarif=str(tmp_path / "found.sarif")
    )
    assert (code, outputs) == (1, "exit-code=0\nexit-code=1\n"), log
    errors = [text for text in log.splitlines() if text.startswith("::error")]
    assert errors
    assert all(f"file={post.relative_to(blog)},line={line}," in text for text in errors), errors
    assert "spin-royal-slots" in summary
    assert "spin-royal-slots" in (tmp_path / "found.sarif").read_text()


def test_inputs_of_the_action_are_never_run(source: Path, blog: Path, runner: Path, tmp_path: Path) -> None:
    evil = f"$(touch {tmp_path}/one); `touch {tmp_path}/two`\n--output\n"
    act(source, blog, runner, paths=evil, arguments=evil, baseline=evil, changed_since=evil)
    assert not (tmp_path / "one").exists() and not (tmp_path / "two").exists()


def test_the_gitlab_job_reports_the_planted_link_and_lets_the_other_merge_request_pass(
    source: Path, blog: Path
) -> None:
    job = yaml.safe_load((ROOT / "ci" / "auditor.gitlab-ci.yml").read_text())["auditor"]

    def piped() -> tuple[int, str, list[dict[str, object]]]:
        base = git(blog, "rev-parse", "main").strip()
        env = {**OFFLINE, **job["variables"], "AUDITOR_PACKAGE": str(source), "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        done = run(
            blog, "bash", "-eo", "pipefail", "-c", "\n".join(job["script"]), env={**env, "AUDITOR_PATHS": "content"}
        )
        report = json.loads((blog / job["artifacts"]["reports"]["codequality"]).read_text())
        assert (blog / job["artifacts"]["reports"]["junit"]).exists()
        return done.returncode, done.stdout + done.stderr, report

    (blog / ".gitignore").write_text(".auditor/\n*.json\n*.xml\n")
    reword(blog)
    branch(blog, "honest")
    code, log, report = piped()
    assert (code, [one for one in report if one["severity"] in ("critical", "blocker")]) == (0, []), log
    git(blog, "checkout", "-q", "main")
    post, line = plant(blog)
    branch(blog, "planted")
    code, log, report = piped()
    assert code == 1, log
    places = [
        one["location"] for one in report if "planted" in str(one["check_name"]) or "vice" in str(one["check_name"])
    ]
    assert {"path": str(post.relative_to(blog)), "lines": {"begin": line}} in places
