"""Targets: pages audited together, by the addresses and paths at which links lead to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from auditor import identity
from auditor.features.promise import doubtful
from auditor.page.page import Page
from auditor.page.told import Told
from auditor.site.entry import Entry

_ENDING = re.compile(r"(?:(?:\A|/)index)?\.(?:html?|xhtml|md|mdx|markdown|txt)\Z|(?:\A|/)index\Z", re.IGNORECASE)


def told_by(page: Entry) -> Told:
    """What a page of the run tells of itself to the links that lead to it."""
    vector = page.vector if page.vector.any() else None
    return Told(page.title, topic=page.topic, language="en" if vector is not None else "", vector=vector)


class Targets:
    """The pages of a run whose pages are all known at once."""

    def __init__(self, pages: Iterable[tuple[str, str | None, Told]]) -> None:
        """`pages` are the address, the path and what it tells of itself of each."""
        self._told: dict[str, Told] = {}
        paths: list[str] = []
        for url, path, one in pages:
            if url:
                self._told.setdefault(_at(url), one)
            if path:
                paths.append(path)
                self._told.setdefault(_file(path), one)
        self._root = _common(paths)

    def told(self, page: Page) -> dict[str, Told]:
        """What those tell of themselves that a page's article links to in other words than its addresses have, by the links' addresses."""
        if page.language != "en":
            return {}
        found = {}
        for link, _ in doubtful(page):
            one = self._told.get(_at(link.url)) or self._told.get(self._path(page, link.url))
            if one is not None:
                found[link.url] = one
        return found

    def _path(self, page: Page, url: str) -> str:
        """The file that a link without a host leads to."""
        if "://" in url or not page.snapshot.path:
            return ""
        path = unquote(url.partition("?")[0].partition("#")[0])
        folder = self._root if path.startswith("/") else posixpath.dirname(page.snapshot.path)
        return _file(posixpath.normpath(posixpath.join(folder, path.lstrip("/"))))


def _common(paths: Sequence[str]) -> str:
    """The folder that all files are in; empty where some are named from the root and some are not."""
    folders = {posixpath.dirname(path) for path in paths}
    return posixpath.commonpath(folders) if folders and len({path.startswith("/") for path in folders}) == 1 else ""


def _at(url: str) -> str:
    """What two addresses of one page have in common; empty for none."""
    return identity.key(identity.clean(url)) if "://" in url else ""


def _file(path: str) -> str:
    """A file's path as links spell it: without its ending, an index by its folder."""
    return _ENDING.sub("", path).rstrip("/")
