"""Built: where links between the pages of a built site lead on the disk that it was built to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from auditor import urls
from auditor.page.page import Page
from auditor.page.reached import Reached, State
from auditor.page.snapshot import Format

_MOST = 0.2
"""Share of targets without a file from which the folder does not hold the whole site, and nothing is said of any."""
_FEW = 3
"""Missing targets that are faults however small the site."""
_ROUTED = ("_redirects", "netlify.toml", "vercel.json", ".htaccess", "staticwebapp.config.json", "firebase.json")
"""Files by which a host is told to answer addresses that have no file."""


@dataclass(frozen=True, slots=True)
class Ways:
    """A page with the ways out of it to its own site: all that is asked here."""

    url: str
    path: str | None
    html: bool
    links: frozenset[str]
    """Absolute addresses of its own site that it links to."""


def ways(page: Page) -> Ways:
    """The ways out of a page."""
    links = frozenset(link.url for link in page.links if not link.external and urls.host(link.url))
    return Ways(page.url, page.snapshot.path, page.format is Format.HTML, links)


def built(pages: Sequence[Ways]) -> Mapping[str, Reached] | None:
    """Which addresses of their own site no file answers, by the address; None where it cannot be told.

    A page that names its canonical address says where the site's root is on disk: `public/posts/a/index.html` is
    `https://example.com/posts/a/`, so the root is `public`. Where a host's own rules may answer (`_redirects` and the like) nothing is
    known, and where a fifth of the targets is missing the folder is no whole site.
    """
    roots: Counter[tuple[str, Path]] = Counter()
    for page in pages:
        if page.html and page.path and (place := _root(page.url, Path(page.path))):
            roots[place] += 1
    found: dict[str, Reached] = {}
    known = False
    for host in sorted({host for host, _ in roots}):
        votes = {folder: count for (other, folder), count in roots.items() if other == host}
        root = max(votes, key=lambda folder: (votes[folder], str(folder)))
        if any((root / name).exists() for name in _ROUTED):
            continue
        known = True
        targets = {url for page in pages for url in page.links if urls.host(url) == host}
        missing = [url for url in sorted(targets) if not any(path.exists() for path in _files(root, url))]
        if len(missing) > max(_MOST * len(targets), _FEW):
            continue
        for url in missing:
            found[url] = Reached(url, State.BROKEN, detail=f"there is no file for it under {root}")
    return found if known else None


def _root(url: str, path: Path) -> tuple[str, Path] | None:
    """Host and root folder of a page that stands at an address and in a file."""
    host = urls.host(url)
    if not host:
        return None
    for candidate in _candidates(url):
        parts = candidate.parts
        if path.parts[-len(parts) :] == parts:
            return host, Path(*path.parts[: -len(parts)])
    return None


def _files(root: Path, url: str) -> Iterator[Path]:
    parts = urls.split(url)
    plain = unquote(parts.path).strip("/") if parts else ""
    if "\0" not in plain:
        yield root / plain
    yield from (root / candidate for candidate in _candidates(url))


def _candidates(url: str) -> Iterator[Path]:
    """The files that a host may answer an address with, relative to its root."""
    parts = urls.split(url)
    plain = unquote(parts.path).lstrip("/") if parts else ""
    if "\0" in plain:
        return
    if not plain or plain.endswith("/"):
        yield Path(plain) / "index.html"
        if plain:
            yield Path(plain.rstrip("/") + ".html")
        return
    yield Path(plain)
    yield Path(plain + ".html")
    yield Path(plain) / "index.html"
