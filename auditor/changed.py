"""Changed: which files differ from where a branch left another one, as git tells it; and lists of files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from auditor.errors import SourceError

MAX_SECONDS = 120
MAX_LIST = 100_000_000
"""Bytes of a list of files."""
_MAGIC = frozenset("*?[")
_LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks; it would point at a repository other than that of the folder asked about."""


def changed_since(ref: str, paths: Iterable[str]) -> Callable[[str], bool]:
    """Whether a file was changed since the merge base of `ref` and HEAD, committed or not, or is new to git.

    Every repository that `paths` lie in is asked once. A renamed file has changed; what git ignores has not; a deleted
    file has, so that whoever misses it knows why.

    Raises SourceError: no git, no repository, no such revision, no merge base.
    """
    if not ref or ref.startswith("-"):
        raise SourceError(f"{ref!r} is no revision; give --changed-since a branch, a tag or a commit, as origin/main")
    roots: dict[str, str] = {}
    for folder in {_folder(path) for path in paths if path != "-"}:
        roots[folder] = _root(folder)
    found = {name for root in sorted(set(roots.values())) for name in _changed(root, ref)}
    return lambda path: _real(path) in found


def listed(source: str, stdin: BinaryIO | None = None) -> list[str]:
    """The paths in a list of files, `-` for standard input: one a line, or parted by NULs where there is one.

    Raises SourceError where the list cannot be read.
    """
    try:
        if source == "-":
            body = (stdin or sys.stdin.buffer).read(MAX_LIST + 1)
        else:
            with Path(source).open("rb") as file:
                body = file.read(MAX_LIST + 1)
    except OSError as error:
        raise SourceError(
            f"cannot read the list {source} ({error.strerror}); name a file, or - for standard input"
        ) from error
    if len(body) > MAX_LIST:
        raise SourceError(f"the list {source} is larger than {MAX_LIST:,} bytes; name folders instead")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):  # as PowerShell writes it
        body = body.decode("utf-16", "replace").encode("utf-8", "replace")
    body = body.removeprefix(b"\xef\xbb\xbf")
    names = body.split(b"\0") if b"\0" in body else body.replace(b"\r\n", b"\n").split(b"\n")
    return [os.fsdecode(name) for name in names if name.strip()]


def _folder(path: str) -> str:
    """The nearest folder there is at or over a path, whatever the path is: a deleted file's, a pattern's."""
    parts = Path(path).parts
    fixed = next(
        (i for i, part in enumerate(parts) if _MAGIC & set(part) and not Path(*parts[: i + 1]).exists()), len(parts)
    )
    folder = Path(*parts[:fixed]).absolute()
    while not folder.is_dir():
        folder = folder.parent
    return str(folder)


def _root(folder: str) -> str:
    code, out, error = _git(folder, "rev-parse", "--show-toplevel")
    if code == 0:
        return os.path.realpath(os.fsdecode(out.rstrip(b"\r\n")))
    if "dubious ownership" in error:
        raise SourceError(
            f"git does not trust the repository of {folder}, which is another user's; "
            "run git config --global --add safe.directory with its folder"
        )
    raise SourceError(f"{folder} is in no git repository; leave --changed-since out, or run it in a checkout")


def _changed(root: str, ref: str) -> Iterator[str]:
    code, out, _ = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
    if code:
        raise SourceError(
            f"git knows no revision {ref!r}; fetch it (git fetch origin; fetch-depth: 0 in CI) or check its spelling"
        )
    commit = out.decode("ascii", "replace").strip()
    code, out, _ = _git(root, "merge-base", commit, "HEAD")
    if code:
        shallow = _git(root, "rev-parse", "--is-shallow-repository")[1].strip() == b"true"
        advice = (
            "this clone is shallow; fetch all of it (git fetch --unshallow; fetch-depth: 0 in CI)"
            if shallow
            else "compare with a branch that HEAD grew from"
        )
        raise SourceError(f"{ref} and HEAD have no commit in common: {advice}")
    base = out.decode("ascii", "replace").strip()
    lists = (
        ("diff", "--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "--no-textconv", "-z", base, "--"),
        ("ls-files", "--others", "--exclude-standard", "-z", "--"),
    )
    for arguments in lists:
        code, out, error = _git(root, *arguments)
        if code:
            raise SourceError(f"git {arguments[0]} failed in {root} ({error}); see that git status works there")
        yield from (_real(os.path.join(root, os.fsdecode(name))) for name in out.split(b"\0") if name)  # noqa: PTH118


def _git(folder: str, *arguments: str) -> tuple[int, bytes, str]:
    """Exit code, output, and the first line of what git complained about."""
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL} | {"LC_ALL": "C"}
    command = ("git", "-C", folder, "-c", "core.fsmonitor=false", "--literal-pathspecs", *arguments)
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of a page in it
            command, capture_output=True, check=False, timeout=MAX_SECONDS, env=environment, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError as error:
        raise SourceError(
            "--changed-since needs git, which is not installed; install it or leave that option out"
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceError(f"git gave no answer in {folder} ({error}); see that git status works there") from error
    complaint = done.stderr.decode("utf-8", "replace").strip()
    return done.returncode, done.stdout, complaint.splitlines()[0][:200] if complaint else ""


def _real(path: str) -> str:
    """The path that git would call a file by: links to folders followed, one in the last place not."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - Path would resolve the last part too
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
