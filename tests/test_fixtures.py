"""The fixtures hold together: manifests parse, files exist, every place claimed is where its phrase stands."""

from __future__ import annotations

import html
import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from auditor.page.snapshot import Variant

ROOT = Path(__file__).resolve().parent.parent / "fixtures"
MANIFESTS = sorted(ROOT.glob("sites/*/expected.json"))
PAIRS = sorted(folder for folder in (ROOT / "pages").iterdir() if folder.is_dir())
DOCUMENTS = sorted(p for p in ROOT.rglob("*") if p.suffix in {".html", ".md", ".txt", ".xml"} and p.name != "README.md")
LABELS = {"clean", "low-quality", "spam"}
BESIDE = {"reached": ".json", "answer": ".json", "crawl": ".json", "known": ".txt"}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")

# Real hosts that an article may cite; whatever else is linked has a reserved name (RFC 2606).
REFERENCES = {
    "brit-thoracic.org.uk",
    "cochrane.org",
    "cdc.gov",
    "census.gov",
    "consumerfinance.gov",
    "doi.org",
    "energy.gov",
    "epa.gov",
    "fema.gov",
    "hud.gov",
    "irs.gov",
    "loc.gov",
    "archives.gov",
    "nih.gov",
    "noaa.gov",
    "nps.gov",
    "usgs.gov",
    "aaos.org",
    "clevelandclinic.org",
    "facebook.com",
    "mayoclinic.org",
    "ncpgambling.org",
    "purl.org",
    "schema.org",
    "sitemaps.org",
    "who.int",
    "wikipedia.org",
}


def _pages(manifest: Path) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["pages"]
    return pages


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _read(source: str) -> str:
    """The source as a reader sees it: no tags, no entities, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", source)).split())


def test_there_is_something_to_hold_together() -> None:
    assert len(MANIFESTS) == 3
    assert len(PAIRS) >= 40


@pytest.mark.parametrize("manifest", MANIFESTS, ids=_name)
def test_manifest_names_every_document_once(manifest: Path) -> None:
    folder = manifest.parent
    named = [page["path"] for page in _pages(manifest)]
    there = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix in {".html", ".md", ".txt"}]
    assert sorted(named) == sorted(p for p in there if p != "robots.txt")


@pytest.mark.parametrize("manifest", MANIFESTS, ids=_name)
def test_manifest_fields(manifest: Path) -> None:
    assert json.loads(manifest.read_text(encoding="utf-8"))["schema"] == 1
    for page in _pages(manifest):
        fires = {expected["check"] for expected in page["fires"]}
        silent = set(page["silent"])
        assert page["label"] in LABELS, page["path"]
        assert page["label"] in page.get("accept", [page["label"]]), page["path"]
        assert set(page.get("accept", [])) <= LABELS, page["path"]
        assert not fires & silent, page["path"]
        assert not (page["label"] == "clean" and fires), page["path"]
        assert page["label"] == "clean" or fires, page["path"]
        assert all(ID.fullmatch(check) for check in fires | silent), page["path"]
        assert page["note"], page["path"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=_name)
def test_every_claimed_place_is_where_the_phrase_stands(manifest: Path) -> None:
    claimed = 0
    for page in _pages(manifest):
        lines = (manifest.parent / page["path"]).read_text(encoding="utf-8").split("\n")
        for expected in page["fires"]:
            if "line" not in expected:
                continue
            claimed += 1
            line, column = expected["line"], expected["column"]
            rest = "\n".join([lines[line - 1][column - 1 :], *lines[line : line + 3]])
            assert rest.startswith(expected["source"]), (page["path"], expected["check"])
            assert expected["phrase"] in _read(rest)[: len(expected["phrase"]) + 40], (page["path"], expected["check"])
    assert claimed


@pytest.mark.parametrize("manifest", MANIFESTS, ids=_name)
def test_manifests_speak_of_checks_that_have_a_pair(manifest: Path) -> None:
    pairs = {folder.name for folder in PAIRS}
    for page in _pages(manifest):
        assert {expected["check"] for expected in page["fires"]} | set(page["silent"]) <= pairs, page["path"]


@pytest.mark.parametrize("folder", PAIRS, ids=_name)
def test_pair_is_complete(folder: Path) -> None:
    entries = {entry.stem: entry for entry in folder.iterdir() if "." not in entry.stem}
    assert sorted(entries) == ["bad", "good"]
    for entry in folder.iterdir():
        kind, _, which = entry.stem.partition(".")
        assert kind in entries and entry.suffix == BESIDE.get(which, entries[kind].suffix)
        assert not which or which in {*Variant, *BESIDE}
    bad, good = entries["bad"], entries["good"]
    assert ID.fullmatch(folder.name)
    assert bad.suffix == good.suffix
    if bad.is_dir():
        assert len(list(bad.rglob("*.html"))) >= 3
        assert len(list(good.rglob("*.html"))) >= 3
    else:
        assert [e.read_bytes() for e in sorted(folder.glob("bad.*"))] != [
            e.read_bytes() for e in sorted(folder.glob("good.*"))
        ]


def test_every_place_of_the_pairs_is_where_the_phrase_stands() -> None:
    places = json.loads((ROOT / "pages/places.json").read_text(encoding="utf-8"))["places"]
    assert places
    for place in places:
        lines = (ROOT / "pages" / place["path"]).read_text(encoding="utf-8").split("\n")
        rest = lines[place["line"] - 1][place["column"] - 1 :]
        assert rest.startswith(place["source"]), place["check"]
        assert place["phrase"] in _read(rest)[: len(place["phrase"]) + 40], place["check"]


def test_structured_data_is_broken_only_where_it_should_be() -> None:
    broken = set()
    for document in ROOT.rglob("*.html"):
        source = document.read_text(encoding="utf-8")
        for script in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', source, re.DOTALL):
            try:
                json.loads(script)
            except ValueError:
                broken.add(_name(document))
    assert broken == {"pages/invalid-structured-data/bad.html"}


def test_front_matter_parses() -> None:
    kinds = set()
    for document in ROOT.glob("sites/*/*.md"):
        fence = document.read_text(encoding="utf-8")[:3]
        source = document.read_text(encoding="utf-8").split(fence)[1]
        fields = tomllib.loads(source) if fence == "+++" else yaml.safe_load(source)
        assert {"title", "description", "date", "author"} <= set(fields), document.name
        kinds.add(fence)
    assert kinds == {"---", "+++"}


def test_the_foreign_article_stands_among_enough_others() -> None:
    for which in ("bad", "good"):
        assert len(list((ROOT / "pages/foreign-article" / which).glob("*.html"))) >= 12


def test_internal_links_of_the_demo_blog_lead_somewhere() -> None:
    site = ROOT / "sites/harbor-lane"
    own = re.compile(r'(?:<a [^>]*href="|<loc>|<link>)(?:https://harbor-lane\.example)?(/[^"<?]*)')
    for document in (*site.rglob("*.html"), site / "sitemap.xml", site / "feed.xml"):
        for path in own.findall(document.read_text(encoding="utf-8")):
            target = path.partition("#")[0].lstrip("/") or "index.html"
            assert (site / target).is_file(), (_name(document), path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_nothing_real_is_linked_but_references(document: Path) -> None:
    for url in re.findall(r"https?://[^\s\"'<>()\[\]]+", document.read_text(encoding="utf-8")):
        host = urlsplit(html.unescape(url)).hostname or ""
        known = any(host == name or host.endswith("." + name) for name in REFERENCES)
        assert known or host.endswith(".example"), url
