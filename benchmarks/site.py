"""A blog for the time of a benchmark, served by a process of its own, and what was asked of it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.blog import Blog
from tests.nginx import BINARY, Nginx, write_site

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path and when it came, in seconds of the wall clock."""

    at: float
    path: str


@dataclass(frozen=True, slots=True)
class Site:
    """A served blog. `log` is all that was asked so far, in order."""

    url: str
    paths: tuple[str, ...]
    server: str
    """What serves it, for people."""
    log: Callable[[], list[Asked]]


@contextmanager
def serving(pages: int, *, made: bool = True) -> Iterator[Site]:
    """A blog of so many pages: files served by nginx where that is installed, else, or where `made` is off, pages on the fly."""
    with tempfile.TemporaryDirectory(prefix="blog-") as folder:
        if BINARY is not None and made:
            yield from _files(pages, Path(folder))
        else:
            yield from _on_the_fly(pages, Path(folder) / "log")


def _files(pages: int, folder: Path) -> Iterator[Site]:
    with Nginx(folder) as server:
        blog = Blog(pages, server.url)
        made = {path: (blog.page(path) or "").encode() for path in blog.paths}
        write_site(folder, {**made, "/robots.txt": blog.robots().encode(), "/sitemap.xml": blog.sitemap().encode()})
        yield Site(
            server.url, tuple(blog.paths), "nginx", lambda: [Asked(line.began, line.path) for line in server.log]
        )


def _on_the_fly(pages: int, log: Path) -> Iterator[Site]:
    def asked() -> list[Asked]:
        # The last line may be half written.
        lines = (line.split(" ", 1) for line in log.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n"))
        return [Asked(float(at), path.rstrip("\n")) for at, path in lines]

    command = [sys.executable, "-m", "benchmarks.serve", str(pages), str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdout is not None
        try:
            yield Site(server.stdout.readline().strip(), tuple(Blog(pages).paths), "a server in Python", asked)
        finally:
            server.terminate()
