"""Links within a built site lead to files on disk; where that cannot be told nothing is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.built import built, ways
from auditor.files import read
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.reached import Reached, State
from auditor.page.snapshot import Snapshot

HOST = "https://built.example"


def site(folder: Path, pages: Mapping[str, str]) -> Mapping[str, Reached] | None:
    """What is known of the links of pages, each with its links' targets separated by blanks."""
    for name, targets in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        address = f"{HOST}/{name.removesuffix('index.html')}"
        links = "".join(f'<a href="{target}">words</a> ' for target in targets.split())
        file.write_text(
            f'<html><head><link rel="canonical" href="{address}"></head><body><p>Text. {links}</p></body></html>'
        )
    return built([ways(parse(one)) for one in read([str(folder)], max_bytes=10**6) if isinstance(one, Snapshot)])


def test_a_link_to_a_file_that_is_not_there_is_broken(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").touch()
    found = site(
        tmp_path,
        {"index.html": "/a/ /b /feed.xml /gone/ https://else.example/x", "a/index.html": "/ ../b.html", "b.html": "a/"},
    )
    assert found is not None and set(found) == {f"{HOST}/gone/"}
    assert found[f"{HOST}/gone/"].state is State.BROKEN and str(tmp_path) in found[f"{HOST}/gone/"].detail


def test_part_of_a_site_tells_nothing(tmp_path: Path) -> None:
    assert site(tmp_path, {"index.html": " ".join(f"/post-{n}/" for n in range(20))}) == {}


@pytest.mark.parametrize("rules", ["_redirects", ".htaccess", "netlify.toml"])
def test_where_the_host_has_rules_of_its_own_nothing_is_known(rules: str, tmp_path: Path) -> None:
    (tmp_path / rules).touch()
    assert site(tmp_path, {"index.html": "/gone/"}) is None


def test_pages_without_an_address_tell_nothing(tmp_path: Path) -> None:
    page: Page = parse(
        Snapshot(b"<html><body><p><a href='/gone'>gone</a></p></body></html>", path=str(tmp_path / "a.html"))
    )
    assert built([ways(page)]) is None and built([]) is None


def test_addresses_are_read_as_files_are_named(tmp_path: Path) -> None:
    found = site(tmp_path, {"index.html": "/caf%C3%A9/ /%00 /../../etc/passwd", "café/index.html": "/"})
    assert found is not None and f"{HOST}/caf%C3%A9/" not in found
