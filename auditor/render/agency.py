"""Score cards of many sites → an index in HTML, CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from auditor.history.card import ScoreCard
from auditor.render.brand import Brand
from auditor.render.cells import cell
from auditor.render.sheet import sheet

_COLUMNS = (
    "site", "score", "score_before", "pages", "sound_pages", "spam_pages", "low_quality_pages", "high_findings",
    "new_findings", "new_domains", "last_run", "run", "report",
)  # fmt: skip


def index_html(cards: Sequence[ScoreCard], brand: Brand | None = None) -> Iterator[str]:
    """The index as a document whose table is sorted by a click on a column's head: the lowest score first."""
    return sheet("index.html.j2", brand, cards=_lowest_first(cards))


def index_csv(cards: Sequence[ScoreCard]) -> Iterator[str]:
    """The index as a table, one row a site; no cell is a formula to a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for row in _rows(cards):
        writer.writerow(cell(value) if isinstance(value, str) else value for value in row)
    yield file.getvalue()


def index_xlsx(cards: Sequence[ScoreCard], file: Path) -> None:
    """The same as a workbook, equal bytes for equal cards.

    Raises:
        OSError: the file cannot be written.
    """
    from auditor.render.tables.xlsx import write_sheet

    made = max((card.began for card in cards), default=datetime.fromtimestamp(0, UTC))
    write_sheet(file, made, "sites", _COLUMNS, _rows(cards))


def _rows(cards: Sequence[ScoreCard]) -> Iterator[tuple[str | int | None, ...]]:
    for card in _lowest_first(cards):
        yield (
            card.site, card.score.percent, card.before.percent if card.before else None, card.pages, card.score.sound, card.spam,
            card.low_quality, card.high, card.new, card.new_domains, card.began.date().isoformat(), card.run, f"{card.file}.html",
        )  # fmt: skip


def _lowest_first(cards: Sequence[ScoreCard]) -> list[ScoreCard]:
    return sorted(cards, key=lambda card: (card.score.percent if card.score.percent is not None else 101, card.site))
