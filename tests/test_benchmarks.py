"""Benchmarks: what they measure is what they say, and a wrong name is an error."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.request import urlopen

import pytest

from auditor.files import read
from auditor.page.page import Role
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from benchmarks.__main__ import REGISTRY, main
from benchmarks.check import check
from benchmarks.cold import cold
from benchmarks.crawl import crawl
from benchmarks.folder import INWARD, OUTWARD, WORDS, post, write_posts
from benchmarks.history import history
from benchmarks.html import html, large
from benchmarks.kill import kill
from benchmarks.memory import memory
from benchmarks.scoring import LINKS, typical
from benchmarks.site import serving


def test_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(REGISTRY)
    assert main(["nope"]) == 2
    assert capsys.readouterr().err == f"error: no benchmark named nope; there are {', '.join(REGISTRY)}\n"


def test_a_figure_beyond_its_reach_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "benchmarks.__main__.REGISTRY", {"slow": lambda: ("9 ms", False), "fast": lambda: ("1 ms", True)}
    )
    assert [main(["slow"]), main(["fast"]), main([])] == [1, 0, 1]


def test_what_cannot_be_measured_is_exit_code_1_and_the_others_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> tuple[str, bool]:
        raise RuntimeError("the scan ended with 2")

    monkeypatch.setattr("benchmarks.__main__.REGISTRY", {"broken": broken, "fast": lambda: ("1 ms", True)})
    assert main([]) == 1
    assert capsys.readouterr().out == "broken: the scan ended with 2\nfast: 1 ms\n"


def test_the_typical_page_is_as_large_as_it_says() -> None:
    page = typical()
    assert sum(link.external for link in page.links) == LINKS
    assert sum(block.role is Role.RELATED for block in page.blocks) == 1


# Small ones of those that scan: what they count has to be right, what they time depends on the machine.


def test_crawling_beside_plain_parsers() -> None:
    text, _ = crawl(pages=8, rounds=1)
    assert "BeautifulSoup/html.parser" in text
    assert "1.250 requests a page" in text  # robots.txt and the sitemap


def test_checking_a_folder() -> None:
    text, _ = check(posts=12)
    assert "12 files" in text and "of CPU a file" in text


def test_a_cold_start() -> None:
    text, _ = cold(rounds=1)
    assert "s for one file" in text


def test_the_posts_are_as_large_as_they_say(tmp_path: Path) -> None:
    write_posts(tmp_path, 5)
    posts = [parse(one) for one in read([str(tmp_path)], max_bytes=10**6) if isinstance(one, Snapshot)]
    assert len(posts) == 5 and post(3, 5) == post(3, 5) != post(3, 5, seed=1)
    for page in posts:
        assert page.title and page.metadata.description and page.metadata.published
        assert WORDS[0] <= sum(len(paragraph.text.split()) for paragraph in page.article) <= WORDS[1] * 1.5
        assert sum(link.external for link in page.links) == OUTWARD
        assert len(page.links) == OUTWARD + INWARD


def test_memory_of_two_sizes() -> None:
    text, _ = memory(small=4, large=8)
    assert "MB for 4 pages" in text or "not measured" in text


def test_a_killed_scan_ends_as_one_that_was_not() -> None:
    text, _ = kill(pages=24, kills=3)
    assert "the report is the same, 0 pages never asked for" in text


@pytest.mark.skipif(
    not shutil.which("chromium"), reason="no Chromium on this machine (Debian: apt-get install chromium)"
)
def test_a_report_is_opened_and_searched() -> None:
    assert len(list(large(70).pages)) == len({page.name for page in large(70).pages}) == 70
    text, _ = html(pages=70, rounds=1)
    assert "until 70 pages can be read and filtered" in text


@pytest.mark.parametrize("made", [True, False])
def test_a_served_blog_tells_what_it_was_asked(made: bool) -> None:
    with serving(3, made=made) as site:
        answers = [urlopen(site.url + path) for path in ("/robots.txt", "/post-2/")]
        for answer in answers:
            with answer:
                assert answer.read()
        assert [one.path for one in site.log()] == ["/robots.txt", "/post-2/"]
    assert site.paths == ("/", "/post-1/", "/post-2/")


def test_a_difference_of_two_runs_finds_what_was_moved() -> None:
    text, _ = history(pages=200)
    assert text.startswith("200 pages, of a store ")
