"""Probes for shortcuts: twins differ in nothing but what was planted, and what must not matter changes no feature."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from typer.testing import CliRunner

from auditor import language
from auditor.cli import app
from auditor.features.content import SPAM, PageView
from auditor.features.feature import Catalogue
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.reading import Reading
from auditor.features.related import RELATED, BlockView
from auditor.judge import Models
from auditor.page.page import Page, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import digest
from auditor.site.site import gather
from auditor.training.ablation import ablate, sections, table, without
from auditor.training.added import added
from auditor.training.fit import Rows, fold_of
from auditor.training.inject import FAMILIES, Generator
from auditor.training.links import HOST_FOLDS
from auditor.training.probes import SHORTCUTS, Probe, origin, real, told, twins
from auditor.training.probing import Probed
from auditor.training.spoil import spoil
from tests.subjects import FIXTURES, PROSE, article

POSTS = FIXTURES / "sites" / "harbor-lane" / "posts"
NAMES = ("ketamine-therapy-for-addiction", "grain-silo-house", "mold-sickness-at-home", "slimtide-gummies-review")


def page_of(html: str, name: str) -> Page:
    return parse(Snapshot(html.encode(), url=f"https://harbor-lane.example/posts/{name}.html"))


def source(name: str) -> str:
    return (POSTS / f"{name}.html").read_text(encoding="utf-8")


# --- twins ----------------------------------------------------------------------------------------------------------------


def shortcuts(page: Page) -> list[float]:
    return [shortcut(page) for shortcut in SHORTCUTS]


@pytest.mark.parametrize("name", NAMES)
def test_twins_share_every_shortcut(name: str) -> None:
    page = page_of(source(name), name)
    mine = shortcuts(page)
    assert not np.isnan(mine).any()
    for family in FAMILIES:
        for seed in range(3):
            made = Generator(None, [], []).plant(page, family, random.Random(seed))
            assert made is not None
            assert shortcuts(made.page) == mine, family
    for seed in range(6):
        spoiled = spoil(page, random.Random(seed))
        assert spoiled is not None
        # Spoiling may take the date away on purpose; that is the fault, not a shortcut.
        assert [a for a, b in zip(shortcuts(spoiled), mine, strict=True) if not (np.isnan(a) or a == b)] == []


# --- what must not matter -------------------------------------------------------------------------------------------------


def features(page: Page) -> dict[str, NDArray[np.float64]]:
    """Every feature of a page that a model reads, by catalogue; the page models see the shipped models' odds."""
    learned, models = language.load(), Models.load()
    read = digest(page, learned)
    site = gather(page.site, [(page, read)])
    reading = Reading(page, read, site, learned)
    blocks = [BlockView(b, read, site, learned) for b in page.blocks if b.role is Role.RELATED and b.items]
    links, related = LINK.matrix(reading.views()), RELATED.matrix(blocks)
    view = PageView(reading, models.link.log_odds(links).tolist(), models.related.log_odds(related).tolist())
    return {
        "link": links,
        "related": related,
        "page/spam": SPAM.matrix([view]),
        "page/quality": QUALITY.matrix([view]),
    }


def other_assets(html: str) -> str:
    def moved(match: re.Match[str]) -> str:
        return (
            match[0]
            if "canonical" in match[0]
            else re.sub(r'(src|href)="[^"]*/', r'\1="https://cdn.example/wp/', match[0])
        )

    return re.sub(r"<(?:img|script|link|source)\b[^>]*>", moved, html).replace(
        "</head>",
        '<link rel="stylesheet" href="https://theme.example/x/style.css"><script src="/y.js"></script></head>',
    )


def other_generator(html: str) -> str:
    html = re.sub(r'<meta name="generator"[^>]*>', "", html)
    return html.replace("<head>", '<head><meta name="generator" content="WordPress 4.9.8">')


def other_year(html: str) -> str:
    return re.sub(r"\b20[12]\d-(\d\d-\d\d)", r"2013-\1", html)


def comments(html: str) -> str:
    return re.sub(r"(</(?:p|div|li|h2|section)>)", r"\1<!-- cached by a plugin -->", html)


def larger(html: str) -> str:
    return html.replace("</head>", f"<script>var x = '{'0' * 200_000}';</script></head>").replace(
        "</body>", f"<!-- {'x ' * 50_000} --></body>"
    )


def reordered(html: str) -> str:
    def turned(match: re.Match[str]) -> str:
        attributes = re.findall(r'\s+([\w:-]+(?:="[^"]*")?)', match[2])
        return f"<{match[1]} {' '.join(reversed(attributes))}>"

    return re.sub(r'<([a-z]\w*)((?:\s+[\w:-]+(?:="[^"]*")?)+)\s*>', turned, html)


def spaced(html: str) -> str:
    return re.sub(r">\n\s*<", ">\n\n\t   <", html)


def themed(html: str) -> str:
    return re.sub(
        r"<body([^>]*)>",
        lambda m: f'<body{re.sub(chr(32) + "class=.[^>]*", "", m[1])} class="theme-twentytwelve wp-7">',
        html,
    )


CHANGES: tuple[Callable[[str], str], ...] = (
    other_assets, other_generator, other_year, comments, larger, reordered, spaced, themed,
)  # fmt: skip


CASES = [(name, change) for change in CHANGES for name in NAMES if change(source(name)) != source(name)]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_changes_something(change: Callable[[str], str]) -> None:
    assert sum(tried is change for _, tried in CASES) >= 2


@pytest.mark.parametrize(("name", "change"), CASES)
def test_what_must_not_matter_changes_no_feature(name: str, change: Callable[[str], str]) -> None:
    html = source(name)
    before, after = features(page_of(html, name)), features(page_of(change(html), name))
    for catalogue, rows in before.items():
        names = {"link": LINK, "related": RELATED, "page/spam": SPAM, "page/quality": QUALITY}[catalogue].names
        assert rows.shape == after[catalogue].shape, catalogue
        different = ~((rows == after[catalogue]) | (np.isnan(rows) & np.isnan(after[catalogue])))
        assert [names[i] for i in np.flatnonzero(different.any(axis=0))] == [], catalogue


def test_the_examples_have_something_of_every_kind() -> None:
    found = [features(page_of(source(name), name)) for name in NAMES]
    assert sum(len(f["link"]) for f in found) >= 5
    assert sum(len(f["related"]) for f in found) >= 2


# --- the figures ------------------------------------------------------------------------------------------------------------


def sites(count: int) -> list[str]:
    return [f"site-{i % 60}.example" for i in range(count)]


def test_a_variable_that_says_nothing_is_at_chance_and_one_that_says_all_at_one() -> None:
    label = np.arange(600) % 2
    assert told(np.full(600, np.nan), label, sites(600)) == 0.5
    assert told(np.ones(600), label, sites(600)) == 0.5
    assert told(label.astype(float), np.arange(600) % 2, sites(600)) == 1.0
    assert np.isnan(told(np.ones(4), np.zeros(4, dtype=int), sites(4)))


def test_pairs_are_at_chance_exactly_whatever_they_are() -> None:
    values = np.repeat(np.random.default_rng(0).normal(size=300), 2)
    group = [site for site in sites(300) for _ in (0, 1)]
    assert told(values, np.tile([0, 1], 300), group) == pytest.approx(0.5, abs=1e-12)


def test_twins_of_samples_are_at_chance_for_all_four_models(tmp_path: Path) -> None:
    lines = [
        json.dumps({"url": f"https://s{i}.example/{i}", "html": article(f"{PROSE}{PROSE}"), "label": "clean"})
        for i in range(40)
    ]
    (tmp_path / "my.jsonl").write_text("\n".join(lines))
    found = twins(added([tmp_path / "my.jsonl"], lambda line: None))
    assert {probe.model for probe in found} == {"link", "page/spam", "page/quality"}
    assert [str(probe) for probe in found if probe.leaks or probe.flagged] == []
    dated = {probe.model: probe.rows for probe in found if probe.name == "year"}
    assert dated["page/quality"] < dated["link"] == 80  # spoiling took some dates away


def test_probes_are_marked_by_how_far_they_are_from_chance() -> None:
    far, near, leak = (
        Probe("link", "year", compared, 10, auc) for compared, auc in (("real", 0.38), ("real", 0.55), ("twins", 0.51))
    )
    assert (far.flagged, near.flagged, leak.flagged) == (True, False, False)
    assert (far.leaks, leak.leaks) == (False, True)
    assert str(far).endswith("0.380  <-") and str(leak).endswith("<- twins differ")
    assert Probed((near, leak), None, ()).leaks and not Probed((far,), None, ()).leaks
    assert "0.380" in Probed((far,), None, ()).text()


def made_rows(features: NDArray[np.float64], label: NDArray[np.int64], group: list[str], source: list[str]) -> Rows:
    count = len(label)
    train = np.random.default_rng(5).random(count) < 0.5
    return Rows(
        features,
        label,
        np.array(group),
        np.array(source),
        train | ~np.char.startswith(np.array(source), "family:"),
        np.arange(count),
        np.ones(count),
        np.array([""] * count),
    )


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small fits on a busy machine wait for each other's threads longer than they work."""
    with threadpool_limits(1):
        yield


@pytest.mark.parametrize(("telling", "low", "high"), [(0.0, 0.4, 0.6), (5.0, 0.95, 1.0)])
def test_origin_is_told_by_what_tells_it(telling: float, low: float, high: float) -> None:
    values = np.random.default_rng(1).normal(size=(900, len(RELATED.names)))
    origin_of = np.arange(900) % 3
    values[:, 4] += telling * origin_of
    rows = made_rows(values, np.zeros(900, dtype=int), sites(900), [f"set-{i}" for i in origin_of])
    (probe,) = origin("related", rows, RELATED)
    assert low <= probe.auc <= high
    if telling:
        assert probe.detail.startswith(f"most by {RELATED.names[4]} ")


def test_sections_are_those_of_the_source() -> None:
    for catalogue in (LINK, RELATED, SPAM, QUALITY):
        columns = [column for group in sections(catalogue).values() for column in group]
        assert sorted(columns) == list(range(len(catalogue.names)))
    found = sections(LINK)
    assert len(found) >= 5 and all(len(group) >= 2 for group in found.values())
    assert LINK.names.index("left-seam") in found["how it reads"]


SMALL: Catalogue[object] = Catalogue("small")

# --- noise ----------------------------------------------------------------------------------------------------------------


@SMALL.feature("a stands")
def in_margin(view: object) -> float:
    return 0.0


@SMALL.feature("b stands")
def some_noise(view: object) -> float:
    return 0.0


# --- the key --------------------------------------------------------------------------------------------------------------


@SMALL.feature("c stands", +1)
def the_key(view: object) -> float:
    return 0.0


# --- ablations ------------------------------------------------------------------------------------------------------------


def test_ablation_shows_what_a_group_is_worth() -> None:
    draws = np.random.default_rng(3)
    label = (draws.random(1200) < 0.4).astype(int)
    values = draws.normal(size=(1200, 3))
    values[:, 0] = 0.0
    values[:, 2] += 9 * label
    group = [list(HOST_FOLDS)[i % 4] if label[i] and i % 3 else f"site-{i % 60}.example" for i in range(1200)]
    origins = [
        "clean" if not is_spam else f"hacked_{site}" if site in HOST_FOLDS else "family:brand"
        for is_spam, site in zip(label, group, strict=True)
    ]
    rows = made_rows(values, label, group, origins)
    folds = np.array([fold_of(site, HOST_FOLDS) for site in group])
    whole, found = ablate(rows, folds, SMALL, 0, max_iter=8)
    worth = {a.group: min(a.without.hosts.values()) for a in found}
    assert min(whole.hosts.values()) > 0.9 and whole.family == "brand"
    assert worth["the key"] < 0.3 and worth["noise"] > 0.9
    _, _, noise, key = table(whole, found).splitlines()
    assert noise.startswith("noise (2) ") and key.startswith("the key (1) ")
    assert all(float(cell) < -50 for cell in key.split()[3:])


def test_columns_are_taken_away_with_their_directions() -> None:
    rows = made_rows(np.arange(6.0).reshape(2, 3), np.array([0, 1]), ["a", "b"], ["x", "y"])
    part, signs = without(rows, [1, 0, -1], [1])
    assert part.features.tolist() == [[0.0, 2.0], [3.0, 5.0]] and signs == [1, -1]


@pytest.mark.parametrize(("auc", "code"), [(0.5, 0), (0.6, 1)])
def test_the_command_fails_where_twins_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auc: float, code: int
) -> None:
    (tmp_path / "pages").mkdir()
    found = Probed((Probe("link", "size", "twins", 10, auc),), None, ())
    monkeypatch.setattr("auditor.training.probing.probe", lambda *arguments: found)
    result = CliRunner().invoke(app, ["probe", "--data", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (code, found.text() + "\n")
    assert CliRunner().invoke(app, ["probe", "--data", str(tmp_path / "nowhere")]).exit_code == 2


# --- on the data --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data() -> Path:
    folder = os.environ.get("AUDITOR_DATA")
    if not folder or not (Path(folder) / "pages").is_dir():
        pytest.skip("AUDITOR_DATA does not name a folder of labelled pages")
    return Path(folder)


@pytest.mark.data
def test_twins_of_real_pages_cannot_be_told_apart(data: Path) -> None:
    from auditor.training.datasets import load

    samples = [s for name in ("postlight", "scrapinghub") for s in load(data, name)]
    found = twins(samples)
    assert {probe.model for probe in found} >= {"link", "page/spam", "page/quality"}
    assert [str(probe) for probe in found if probe.leaks] == []


@pytest.mark.data
def test_real_pages_are_probed_for_every_shortcut(data: Path) -> None:
    from auditor.training.datasets import load

    samples = [s for name in ("postlight", "hacked_accentuate", "hacked_lkredit", "sondhi") for s in load(data, name)]
    found = real(samples)
    assert {(p.model, p.name) for p in found} >= {("page/spam", s.__name__.replace("_", " ")) for s in SHORTCUTS[:4]}
