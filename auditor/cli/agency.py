"""`auditor report --all`: an index over many sites' latest runs, with one report each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from auditor.cli import kept
from auditor.errors import ConfigError, SourceError
from auditor.history.card import ScoreCard, score_card
from auditor.history.compare import compare
from auditor.history.score import counted
from auditor.history.trend import Past
from auditor.render.agency import index_csv, index_html, index_xlsx
from auditor.render.brand import Brand
from auditor.render.html import html_parts
from auditor.render.json import json_parts
from auditor.render.text import count
from auditor.report import Report
from auditor.store.store import Store

FOLDER = "sites"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}[a-z0-9]")


def write_all(store: Store, folder: Path, brand: Brand | None) -> str:
    """Write index.html, index.csv, with XlsxWriter index.xlsx, and every site's report into a folder; what was written, in words.

    Raises:
        SourceError: no audited run is kept.
        ConfigError: the folder cannot be written.
    """
    sites = kept.domains(store).audited()
    if not sites:
        raise SourceError(f"no audited run is kept in {store.folder}; `auditor scan` makes one")
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        cards = [_written(store, site, folder, brand) for site in sites]
        _write(folder / "index.html", index_html(cards, brand))
        _write(folder / "index.csv", index_csv(cards))
        if find_spec("xlsxwriter"):
            index_xlsx(cards, folder / "index.xlsx")
    except OSError as error:
        raise ConfigError(f"cannot write {folder} ({error.strerror or error}); choose another --output") from error
    return f"{count(len(cards), 'report')} and their index"


def _written(store: Store, site: str, folder: Path, brand: Brand | None) -> ScoreCard:
    """A site's report in every format that is handed over, and its card."""
    number = kept.latest(store, site)
    after, before = kept.kept(store, number, site), kept.before(store, number, site)
    difference = compare(before, after) if before else None
    if difference is None:
        figures = counted(after.report)
        tally, score = figures.tally, figures.score
    else:
        tally, score = difference.after.tally, difference.after.score
    file = f"{FOLDER}/{file_name(site)}"
    past = kept.past_runs(store, number, site)
    for ending, parts in _formats(after.report, brand, past):
        _write(folder / f"{file}.{ending}", parts)
    return score_card(site, number, store.info(number).began, tally, score, difference, file)


def _formats(report: Report, brand: Brand | None, past: Sequence[Past]) -> Iterable[tuple[str, Iterable[str]]]:
    """What is written of each site: ending and text."""
    yield "html", html_parts(report, brand=brand, trend=past)
    yield "json", json_parts(report)


def file_name(site: str) -> str:
    """A site's name as a file's, the same for the same site and another one for another."""
    if _NAME.fullmatch(site):
        return site
    plain = re.sub(r"[^a-z0-9.-]+", "-", site.lower()).strip("-.")[:60]
    mark = blake2b(site.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{plain}_{mark}" if plain else f"site_{mark}"


def _write(file: Path, parts: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(parts)
