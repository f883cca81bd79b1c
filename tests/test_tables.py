"""Tables: what is in them, that they are safe to open, the same for the same report, and written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auditor.cli import app
from auditor.errors import ConfigError
from auditor.render.tables import write as writing
from auditor.render.tables.rows import COLUMNS, Row, Table, rows
from auditor.render.tables.write import Kind, Written, write_tables
from auditor.report import PageResult, Report
from tests.formulas import FORMULAS, STRINGS, hostile_report
from tests.reports import full_report, page, report, spammed_page

ROOT = Path(__file__).parent.parent
POST = ROOT / "fixtures" / "pages" / "planted-link" / "bad.html"
SIGNS = tuple("=+-@|%＝＋－＠\t\r")


def of(kind: Kind, place: Path, given: Report | None = None) -> Written:
    return write_tables(given or full_report(), place / "book.xlsx" if kind is Kind.XLSX else place, kind)


def by_table(given: Report) -> dict[Table, list[Row]]:
    found: dict[Table, list[Row]] = {table: [] for table in Table}
    for table, row in rows(given):
        found[table].append(row)
    return found


def named(given: Report, table: Table) -> list[dict[str, object]]:
    names = [column.name for column in COLUMNS[table]]
    return [dict(zip(names, row, strict=True)) for row in by_table(given)[table]]


def test_there_is_a_row_for_every_page_link_and_finding() -> None:
    given = full_report()
    found = by_table(given)
    assert len(found[Table.PAGES]) == len(given.pages)
    assert len(found[Table.LINKS]) == sum(len(one.links) for one in given.pages)
    assert len(found[Table.FINDINGS]) == len(list(given.findings)) + len(list(given.suppressed))


def test_every_cell_is_of_its_columns_type() -> None:
    for given in (full_report(), hostile_report()):
        for table, row in rows(given):
            for value, column in zip(row, COLUMNS[table], strict=True):
                assert value is None or type(value) is column.type, (table, column.name, value)


def test_rows_say_what_the_report_says() -> None:
    given = report(spammed_page())
    (only,) = named(given, Table.PAGES)
    assert only["path"] == "posts/sleep-cure.md" and only["verdict"] == "spam" and only["health_degree"] == "advice"
    assert [only[name] for name in ("links", "injected_links", "suspicious_links")] == [4, 1, 1]
    assert [only[name] for name in ("findings", "high", "medium", "low", "info", "suppressed")] == [3, 1, 1, 1, 0, 1]
    first, inner, _, phrase = named(given, Table.LINKS)
    assert first["domain"] == "dunmore-roofs.example" and first["label"] == "injected"
    assert first["reasons"] == "The phrase names a place and a trade: yes" and first["page_verdict"] == "spam"
    assert inner["probability"] is None and phrase["href"] is None
    *_, planted, silenced = named(given, Table.FINDINGS)
    assert planted["snippet"] and json.loads(str(planted["evidence"]))["similarity"] is None
    assert planted["suppressed_by"] is None
    assert (silenced["suppressed_by"], silenced["suppressed_reason"]) == ("comment", "An undated page.")
    scopes = [row["scope"] for row in named(full_report(), Table.FINDINGS)]
    assert scopes[:2] == ["run", "site"] and set(scopes[2:]) == {"page"}


def test_csv_is_safe_and_complete(tmp_path: Path) -> None:
    of(Kind.CSV, tmp_path, hostile_report())
    for table in Table:
        text = (tmp_path / f"{table}.csv").read_text(encoding="utf-8")
        head, *read = csv.reader(io.StringIO(text, newline=""))
        assert head == [column.name for column in COLUMNS[table]]
        assert len(read) == len(by_table(hostile_report())[table])
        for row in read:
            for value, column in zip(row, COLUMNS[table], strict=True):
                assert column.type is not str or not value.lstrip().startswith(SIGNS), value
                assert "\x1b" not in value and "\u202e" not in value and len(value.splitlines()) <= 1
    titles = [row["title"] for row in csv.DictReader(io.StringIO((tmp_path / "pages.csv").read_text()))]
    assert titles[0] == "'=cmd|' /C calc'!A0"


def test_jsonl_holds_the_text_as_it_is(tmp_path: Path) -> None:
    of(Kind.JSONL, tmp_path, hostile_report())
    lines = (tmp_path / "pages.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line)["title"] for line in lines] == [text.replace("\ud800", "\ufffd") for text in STRINGS]
    assert not any(sign in line for line in lines for sign in "\x1b\u202e\u2028")
    assert [tuple(json.loads(line).values()) for line in lines] == by_table(hostile_report())[Table.PAGES]


def test_parquet_reads_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (auditor[parquet])")
    import pyarrow.parquet as pq

    from auditor.render.tables import parquet

    monkeypatch.setattr(parquet, "AT_ONCE", 7)
    of(Kind.PARQUET, tmp_path, hostile_report())
    for table in Table:
        read = pq.ParquetFile(tmp_path / f"{table}.parquet")
        expected = by_table(hostile_report())[table]
        assert read.metadata.num_row_groups == -(-len(expected) // 7)
        held = read.read()
        read.close()
        assert held.column_names == [column.name for column in COLUMNS[table]]
        assert list(zip(*(held.column(name).to_pylist() for name in held.column_names), strict=True)) == expected
        kinds = {str: "string", int: "int64", float: "double"}
        assert [str(field.type) for field in held.schema] == [kinds[column.type] for column in COLUMNS[table]]


def test_an_empty_report_has_tables_with_their_columns(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (auditor[parquet])")
    import pyarrow.parquet as pq

    of(Kind.PARQUET, tmp_path, report())
    of(Kind.CSV, tmp_path, report())
    assert pq.read_table(tmp_path / "links.parquet").num_rows == 0
    assert (tmp_path / "links.csv").read_text().startswith("url,path,line,")


def sheets(place: Path) -> dict[str, list[Row]]:
    pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    import openpyxl

    book = openpyxl.load_workbook(place / "book.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for one in row:
                assert one.data_type != "f" and one.hyperlink is None, one.value
    found = {sheet.title: [tuple(one.value for one in row) for row in sheet.iter_rows()] for sheet in book}
    book.close()
    return found


def test_a_workbook_holds_text_and_numbers_and_no_formula(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed (auditor[xlsx])")
    pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    from openpyxl.utils.escape import unescape

    of(Kind.XLSX, tmp_path, hostile_report())
    found = sheets(tmp_path)
    assert list(found) == ["pages", "links", "findings"]
    assert found["pages"][0] == tuple(column.name for column in COLUMNS[Table.PAGES])
    titles = [row[5] for row in found["pages"][1:]]
    assert titles[0] == "=cmd|' /C calc'!A0" and titles[12] == FORMULAS[12]
    last = unescape(str(titles[-1]))  # `_x0041_` is an A to Excel where it is not escaped itself
    assert len(last) == 32_767 and last.startswith("_x0041_ and")
    assert [row[9] for row in found["pages"][1:]] == pytest.approx(
        [row[9] for row in by_table(hostile_report())[Table.PAGES]]
    )
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())
        assert b'quotePrefix="1"' in packed.read("xl/styles.xml")


def test_rows_beyond_a_sheet_go_on_on_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed (auditor[xlsx])")
    from auditor.render.tables import xlsx

    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    given = full_report()
    written = of(Kind.XLSX, tmp_path, given)
    assert written.sheets == {Table.PAGES: 3, Table.LINKS: 2, Table.FINDINGS: 4}
    found = sheets(tmp_path)
    assert {name for name in found if name.startswith("pages")} == {"pages", "pages 2", "pages 3"}
    paths = [row[1] for name in ("pages", "pages 2", "pages 3") for row in found[name][1:]]
    assert paths == [one.path for one in given.pages]
    assert all(rows_[0][0] == "url" and len(rows_) <= 4 for rows_ in found.values())


@pytest.mark.parametrize("kind", Kind)
def test_equal_reports_give_equal_bytes(kind: Kind, tmp_path: Path) -> None:
    if kind in writing._NEEDS:
        pytest.importorskip(writing._NEEDS[kind], reason=f"auditor[{kind}] is not installed")
    here = of(kind, tmp_path, hostile_report()).files
    elsewhere = tmp_path / "again"
    elsewhere.mkdir()
    code = (
        "import sys, pathlib\n"
        "from auditor.render.tables.write import Kind, write_tables\n"
        "from tests.formulas import hostile_report\n"
        "write_tables(hostile_report(), pathlib.Path(sys.argv[1]), Kind(sys.argv[2]))\n"
    )
    place = elsewhere / "book.xlsx" if kind is Kind.XLSX else elsewhere
    environment = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(place), kind], check=True, env=environment, cwd=ROOT)
    for file in here:
        assert (elsewhere / file.name).read_bytes() == file.read_bytes(), file.name
    if kind is Kind.XLSX:
        with zipfile.ZipFile(here[0]) as packed:
            assert {one.date_time[0] for one in packed.infolist()} == {1980}
            assert b"2026-03-14T09:26:53Z" in packed.read("docProps/core.xml")


class Once:
    """Pages that are handed out one by one and never kept; a broken store ends them."""

    def __init__(self, number: int, breaks: bool = False) -> None:
        self.number = number
        self.breaks = breaks

    def __len__(self) -> int:
        return self.number

    def __contains__(self, one: object) -> bool:
        return False

    def __iter__(self) -> Iterator[PageResult]:
        for number in range(self.number):
            yield page(f"posts/{number}.md")
        if self.breaks:
            raise RuntimeError("gone")


@pytest.mark.parametrize("kind", Kind)
def test_what_was_there_stays_where_the_writing_breaks_off(kind: Kind, tmp_path: Path) -> None:
    if kind in writing._NEEDS:
        pytest.importorskip(writing._NEEDS[kind], reason=f"auditor[{kind}] is not installed")
    written = of(kind, tmp_path)
    before = {file: file.read_bytes() for file in written.files}
    with pytest.raises(RuntimeError, match="gone"):
        of(kind, tmp_path, replace(full_report(), pages=Once(3, breaks=True)))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_pages_are_gone_over_once(tmp_path: Path) -> None:
    asked = []

    class Watched(Once):
        def __iter__(self) -> Iterator[PageResult]:
            asked.append(1)
            return super().__iter__()

    written = of(Kind.CSV, tmp_path, replace(report(), pages=Watched(50)))
    assert asked == [1] and written.rows[Table.PAGES] == 50


@pytest.mark.parametrize("kind", [Kind.XLSX, Kind.PARQUET])
def test_a_missing_library_is_said_in_one_line(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=rf"pip install 'auditor\[{kind}\]'$"):
        of(kind, tmp_path)
    place = tmp_path / ("t.xlsx" if kind is Kind.XLSX else "t")
    form = [] if kind is Kind.XLSX else ["--tables-format", "parquet"]
    done = CliRunner().invoke(app, ["check", str(POST), "--tables", str(place), *form])
    assert done.exit_code == 2 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_check_writes_tables_beside_its_report(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    done = CliRunner().invoke(app, ["check", str(POST), "--tables", str(folder), "--fail-on", "never", "-q"])
    assert done.exit_code == 0 and "written" not in done.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["findings.csv", "links.csv", "pages.csv"]
    with (folder / "findings.csv").open(newline="", encoding="utf-8") as file:
        assert "planted-link" in {row["check"] for row in csv.DictReader(file)}
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed (auditor[xlsx])")
    done = CliRunner().invoke(app, ["check", str(POST), "--tables", str(folder / "a.xlsx"), "--fail-on", "high"])
    assert done.exit_code == 1 and f"written to {folder / 'a.xlsx'}" in done.stderr


@pytest.mark.parametrize("name", ["out.csv", "there", "no/such/folder"])
def test_a_place_that_cannot_hold_tables_is_refused_before_the_work(name: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a file")
    done = CliRunner().invoke(app, ["check", str(POST), "--tables", str(tmp_path / name)])
    assert done.exit_code == 2 and done.stdout == ""
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1 and "folder" in done.stderr


def test_tables_of_a_store_are_those_of_its_report(tmp_path: Path) -> None:
    from tests.demo import demo, scanning

    with scanning(tmp_path / "store", jobs=1) as scan, demo() as server:
        scan.crawl([server.url])
        given = scan.audit([server.url], datetime(2026, 1, 1, tzinfo=UTC))
        written = of(Kind.JSONL, tmp_path, given)
        with (tmp_path / "pages.jsonl").open(encoding="utf-8") as lines:
            assert [json.loads(line)["url"] for line in lines] == [one.url for one in given.pages]
        again = CliRunner().invoke(
            app,
            [
                "report",
                "1",
                "--store",
                str(tmp_path / "store"),
                "--tables",
                str(tmp_path / "again"),
                "--tables-format",
                "jsonl",
                "-q",
            ],
        )
        assert again.exit_code == 0, again.output
        for file in written.files:
            assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()
        assert written.rows[Table.FINDINGS] >= sum(1 for _ in given.findings) > 0
