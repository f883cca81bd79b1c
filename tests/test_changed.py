"""--changed-since and --files-from: only what a branch changed, from lists of any shape, with one clear line for what is missing."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from auditor.changed import changed_since, listed
from auditor.cli import app
from auditor.errors import SourceError
from auditor.files import read

TEXT = "# A walk\n\nWe went along the harbour in the morning and had coffee at the pier before the rain came.\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(("git", "-C", str(folder), *identity, *arguments), check=True, capture_output=True)


def run(*arguments: str, input: bytes | None = None) -> Any:
    return CliRunner().invoke(app, ["check", "--no-config", *arguments], input=input, prog_name="auditor")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch `work` off `main`, which has gone on since: `later.md` is of main alone."""
    root = tmp_path / "blog"
    (root / "posts").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    for name in ("kept", "edited", "moved", "deleted"):
        (root / "posts" / f"{name}.md").write_text(TEXT + name)
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "checkout", "-qb", "work")
    git(root, "checkout", "-q", "main")
    (root / "posts" / "later.md").write_text(TEXT)
    git(root, "add", ".")
    git(root, "commit", "-qm", "later")
    git(root, "checkout", "-q", "work")
    monkeypatch.chdir(root)
    return root


def change(root: Path) -> None:
    (root / "posts" / "edited.md").write_text(TEXT + "more")
    git(root, "mv", "posts/moved.md", "posts/new näme.md")
    git(root, "rm", "-q", "posts/deleted.md")
    git(root, "commit", "-qam", "work")
    (root / "posts" / "untracked.md").write_text(TEXT)
    (root / "posts" / "staged.md").write_text(TEXT)
    git(root, "add", "posts/staged.md")


def names(*paths: str, ref: str = "main") -> list[str]:
    found = read(paths, max_bytes=10_000, only=changed_since(ref, paths))
    return [Path(document.name).name for document in found]


def test_only_what_the_branch_changed_is_read(repository: Path) -> None:
    change(repository)
    assert names("posts") == ["edited.md", "new näme.md", "staged.md", "untracked.md"]
    assert names("posts/kept.md", "posts/edited.md") == ["edited.md"]
    assert names("posts/*.md") == ["edited.md", "new näme.md", "staged.md", "untracked.md"]
    assert names(str(repository / "posts")) == names("posts")


def test_a_deleted_file_is_passed_over_and_a_wrong_name_is_not(repository: Path) -> None:
    change(repository)
    assert names("posts/deleted.md") == []
    assert names("posts/never.md") == ["never.md"]  # a Failure


def test_links_to_the_repository_lead_into_it(repository: Path, tmp_path: Path) -> None:
    change(repository)
    (tmp_path / "link").symlink_to(repository)
    assert names(str(tmp_path / "link" / "posts"))[0] == "edited.md"


def test_variables_that_git_sets_for_hooks_change_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(repository)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert "edited.md" in names("posts")


def test_nothing_changed_is_no_error(repository: Path) -> None:
    done = run("posts", "--changed-since", "main")
    assert done.exit_code == 0
    assert "nothing to audit: no document changed since main" in done.stderr
    done = run("posts", "--changed-since", "main", "--format", "json")
    assert (done.exit_code, '"pages": []' in done.stdout) == (0, True)


def test_a_wrong_name_is_an_error_all_the_same(repository: Path) -> None:
    assert run("never.md", "--changed-since", "main").exit_code == 2


@pytest.mark.parametrize(
    ("ref", "says"), [("nowhere", "fetch-depth: 0"), ("--output=x", "is no revision"), ("", "is no revision")]
)
def test_a_revision_that_is_none(repository: Path, ref: str, says: str) -> None:
    done = run("posts", f"--changed-since={ref}")
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (repository / "x").exists()


def test_a_shallow_clone_says_what_to_fetch(repository: Path, tmp_path: Path) -> None:
    change(repository)
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository}", "shallow")
    with pytest.raises(SourceError, match="shallow; fetch all of it"):
        changed_since("origin/main", [str(tmp_path / "shallow")])


def test_histories_that_never_met(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "other")
    git(repository, "commit", "-qm", "other")
    with pytest.raises(SourceError, match="no commit in common: compare with"):
        changed_since("main", ["."])


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SourceError, match="is in no git repository"):
        changed_since("main", [str(tmp_path)])


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = run("posts", "--changed-since", "main")
    assert done.exit_code == 2
    assert "needs git, which is not installed" in done.stderr


@pytest.mark.parametrize(
    "body",
    [
        b"a.md\nb c.md\n",
        b"a.md\r\nb c.md",
        b"a.md\0b c.md\0",
        b"\xef\xbb\xbfa.md\n\nb c.md\n",
        "a.md\r\nb c.md\r\n".encode("utf-16"),
    ],
)
def test_lists_of_any_shape(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(body)
    assert listed(str(tmp_path / "list")) == ["a.md", "b c.md"]
    assert listed("-", io.BytesIO(body)) == ["a.md", "b c.md"]


def test_names_in_no_encoding_stay_what_they_are() -> None:
    assert [os.fsencode(name) for name in listed("-", io.BytesIO(b"caf\xe9.md\0"))] == [b"caf\xe9.md"]


def test_a_list_is_audited_and_what_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TEXT)
    done = run("--files-from", "-", input=b"a.md\ngone.md\n")
    assert done.exit_code == 2
    assert "gone.md: no such file or folder" in done.stderr
    assert "1 page" in done.stdout


def test_an_empty_list_is_nothing_to_audit(tmp_path: Path) -> None:
    (tmp_path / "list").touch()
    done = run("--files-from", str(tmp_path / "list"))
    assert done.exit_code == 0
    assert "lists no document" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nothing to audit was named"),
        (("-", "--files-from", "-"), "standard input"),
        (("--files-from", "no"), "no"),
    ],
)
def test_what_makes_no_sense(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr
