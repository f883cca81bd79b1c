"""Labelled pages of a user's own: any bytes are pages or clear errors, and the scores are those of the real audit."""

from __future__ import annotations

import gzip
import json
import lzma
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from auditor.cli import app
from auditor.errors import ConfigError, SourceError
from auditor.page.snapshot import Format
from auditor.report import Label
from auditor.training.labels import MAX_LINE, read
from auditor.training.score import score, text, write_errors
from tests.subjects import FIXTURES, PROSE, article

POSTS = FIXTURES / "sites" / "harbor-lane" / "posts"
KETAMINE = POSTS / "ketamine-therapy-for-addiction.html"


def row(**changed: Any) -> dict[str, Any]:
    made = {"url": "https://a.example/bench", "html": article(PROSE), "label": "clean", **changed}
    return {key: value for key, value in made.items() if value is not None}


def written(folder: Path, *rows: object, name: str = "my.jsonl") -> Path:
    file = folder / name
    raw = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()
    packed = {".gz": gzip.compress, ".xz": lzma.compress}.get(file.suffix)
    file.write_bytes(packed(raw) if packed else raw)
    return file


@pytest.mark.parametrize("name", ["my.jsonl", "my.jsonl.gz", "my.jsonl.xz"])
def test_plain_and_packed_files_are_read(tmp_path: Path, name: str) -> None:
    links = [{"href": "https://b.example/", "planted": True}]
    labels = read(written(tmp_path, row(), "", row(url="https://www.b.example/", label="spam", links=links), name=name))
    assert [(p.line, p.site, p.label) for p in labels.pages] == [(1, "a.example", "clean"), (3, "b.example", "spam")]
    assert labels.pages[0].links is None
    assert labels.pages[1].links == {"https://b.example/": True}
    assert labels.bad == ()


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "one.md").write_text("# A bench\n\nSome words.\n")
    (page,) = read(written(tmp_path, {"path": "posts/one.md", "label": "low-quality"})).pages
    assert (page.snapshot.format, page.site, page.label) == (Format.MARKDOWN, "posts", Label.LOW_QUALITY)


def test_a_page_of_a_named_site_gets_an_address_there(tmp_path: Path) -> None:
    one, two, three = read(
        written(tmp_path, row(url=None, site="bench.org"), row(url=None, site="bench"), row(url=None))
    ).pages
    assert (one.snapshot.url, one.site) == ("https://bench.org/line-1", "bench.org")
    assert (two.snapshot.url, two.site) == ("https://bench.example/line-2", "bench")
    assert (three.snapshot.url, three.site) == (None, "line-3")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nonsense", "not JSON"),
        ("[]", "not an object"),
        ("[" * 100_000, "not JSON"),
        ("{}", "`label` has to be one of clean, low-quality, spam"),
        (row(label="good"), "`label`"),
        (row(label=["clean"]), "`label`"),
        (row(url=7), "`url` has to be text"),
        (row(url="posts/bench"), "`url` has to be a whole address"),
        (row(url="ftp://a.example/"), "`url` has to be a whole address"),
        (row(url="https://[a"), "`url` has to be a whole address"),
        (row(html=""), "`html` has to be text, and not empty"),
        (row(html={}), "`html` has to be text"),
        (row(html=None), "neither `html` nor `path`"),
        (row(html=None, path="nowhere.html"), "no such file"),
        (row(html=None, path="a\0b"), "no such file"),
        (row(html=None, path="image.html"), "binary"),
        (row(html=None, path="."), "no such file"),
        (row(links={}), "`links` has to be a list"),
        (row(links=[{"href": "x"}]), "a link has to be"),
        (row(links=[{"href": "x", "planted": True}, {"href": " x", "planted": False}]), "says both of 'x'"),
    ],
)
def test_a_bad_line_is_one_clear_line_and_the_rest_goes_on(tmp_path: Path, line: object, says: str) -> None:
    (tmp_path / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    labels = read(written(tmp_path, row(), line, row()))
    assert [page.line for page in labels.pages] == [1, 3]
    (bad,) = labels.bad
    assert str(bad).startswith("line 2: ") and says in bad.reason and "\n" not in bad.reason


def test_one_file_counts_once(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Some words.")
    labels = read(written(tmp_path, *[{"path": "one.txt", "label": "clean"}] * 2))
    assert [bad.reason for bad in labels.bad] == ["the same file as in line 1; leave one of them out"]


def test_a_line_without_an_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.training.labels.MAX_LINE", 4000)
    labels = read(written(tmp_path, row(html="x" * 9000), row(html="<p>Short.</p>")))
    assert [page.line for page in labels.pages] == [2]
    assert "longer than" in labels.bad[0].reason
    assert MAX_LINE > 4000


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: folder / "nowhere.jsonl",
        lambda folder: folder,
        lambda folder: written(folder),
        lambda folder: written(folder, "nonsense", "{}"),
    ],
)
def test_a_file_without_one_page_is_an_error(tmp_path: Path, make: Any) -> None:
    with pytest.raises(SourceError):
        read(make(tmp_path))


@given(
    body=st.binary(max_size=300)
    | st.lists(
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["url", "path", "html", "label", "site", "links", "href", "planted"]), inner
                )
            ),
            max_leaves=8,
        )
    ).map(lambda rows: "\n".join(map(json.dumps, rows)).encode()),
    suffix=st.sampled_from(["", ".gz", ".xz"]),
    packed=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_pages_or_a_clear_error(tmp_path: Path, body: bytes, suffix: str, packed: bool) -> None:
    file = tmp_path / f"any.jsonl{suffix}"
    if packed and suffix:
        body = gzip.compress(body) if suffix == ".gz" else lzma.compress(body)[: len(body) + 40]
    file.write_bytes(body)
    try:
        labels = read(file)
    except SourceError as error:
        assert "\n" not in str(error).strip()
    else:
        assert labels.pages and all(bad.reason for bad in labels.bad)


# --- scoring ------------------------------------------------------------------------------------------------------------


def example(folder: Path) -> Path:
    planted = "https://brightpath-therapy.example/"
    html = KETAMINE.read_text(encoding="utf-8")
    href = next(h for h in html.split('"') if h.startswith(planted.rstrip("/")))
    return written(
        folder,
        row(label="spam", url="https://bench.example/1"),
        row(url="https://bench.example/2"),
        {
            "path": str(KETAMINE),
            "label": "spam",
            "links": [{"href": href, "planted": True}, {"href": "https://nowhere.example/", "planted": False}],
        },
        {"html": "  <p></p>", "label": "clean"},
        "nonsense",
    )


def test_scores_hold_verdicts_against_labels(tmp_path: Path) -> None:
    labels = read(example(tmp_path))
    scored = score(labels)
    assert [(j.page.line, j.right) for j in scored.judged] == [(1, False), (2, True), (3, True)]
    assert [page.line for page, _ in scored.unread] == [4]
    assert scored.links is not None
    assert (scored.links.planted, scored.links.planted_flagged, scored.links.absent) == (1, 1, 1)
    lines = text(scored, labels).splitlines()
    assert lines[0] == "3 pages of 2 sites scored; 1 line left out"
    assert next(line for line in lines if line.startswith("spam ")).split()[:5] == ["spam", "1", "0", "1", "50.0%"]
    assert lines.index(next(x for x in lines if x.startswith("bench.example"))) < lines.index(
        next(x for x in lines if x.startswith("harbor-lane.example") or x.startswith(str(POSTS)))
    )
    assert "line 1: https://bench.example/1: spam, judged clean" in lines


def test_wrong_pages_are_written_with_their_reason(tmp_path: Path) -> None:
    write_errors(score(read(example(tmp_path))), tmp_path / "errors.jsonl")
    (wrong,) = map(json.loads, (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines())
    assert (wrong["line"], wrong["label"], wrong["verdict"]) == (1, "spam", "clean")
    assert wrong["reason"].startswith("probability of spam 0.")
    with pytest.raises(ConfigError):
        write_errors(score(read(example(tmp_path))), tmp_path / "no" / "errors.jsonl")


def test_the_command_scores_without_data(tmp_path: Path) -> None:
    file = example(tmp_path)
    errors = tmp_path / "errors.jsonl"
    result = CliRunner().invoke(app, ["evaluate", "--labels", str(file), "--errors", str(errors)])
    assert result.exit_code == 0, result.output
    assert "planted links found    100.0% of 1" in result.stdout
    assert result.stderr.splitlines() == [f"{file}: line 5: not JSON; one object a line"]
    assert errors.exists()


@pytest.mark.parametrize("arguments", [[], ["--labels", "nowhere.jsonl"], ["--labels", __file__, "--errors", "no/x"]])
def test_what_cannot_be_scored_is_no_finding(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDITOR_DATA", raising=False)
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_scoring_needs_no_scikit_learn() -> None:
    code = "import sys, auditor.training.score, auditor.training.added; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- adding to a training ---------------------------------------------------------------------------------------------------


def test_added_pages_are_samples_that_training_understands(tmp_path: Path) -> None:
    from auditor.training.added import added
    from auditor.training.datasets import LinkLabels

    prose = PROSE.replace("the river", '<a href="https://c.example/x">the river</a>')
    prose = prose.replace("Two planks", '<a href="https://d.example/">Two planks</a>')
    link = [{"href": "https://c.example/x", "planted": True}]
    said: list[str] = []
    samples = added(
        [
            written(
                tmp_path,
                row(html=article(prose), label="spam", links=link),
                row(html=article(prose), label="spam"),
                row(html=article(prose), url="https://b.example/"),
                row(html=article(prose), label="low-quality", site="b.example"),
                "nonsense",
            )
        ],
        said.append,
    )
    assert [(s.spam, s.honest, s.good, s.low_quality) for s in samples] == [
        (True, False, False, False),
        (True, False, False, False),
        (False, True, True, False),
        (False, False, False, True),
    ]
    assert [s.links_known for s in samples] == [True, False, True, False]
    assert [len(s.site.entries) for s in samples] == [2, 2, 2, 2]
    labels = LinkLabels(tmp_path, samples)
    found = [[labels(s, link) for link in s.page.links if link.external] for s in samples]
    assert found == [[1, None], [None, None], [0, 0], [None, None]]
    assert len({s.id for s in samples}) == 4 and samples[0].set == "added:my"
    assert said[0].endswith("line 5: not JSON; one object a line")
