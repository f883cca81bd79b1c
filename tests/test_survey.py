"""Columns over a site's pages: rows, links and depths as a slow search finds them; articles that are nearly the same."""

from __future__ import annotations

import random
from collections import deque

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.site.digest import Digest
from auditor.site.entry import Entry
from auditor.site.signature import PLACES, RUN, signature
from auditor.site.site import assemble
from auditor.site.survey import UNREACHED, Survey, survey
from auditor.site.twins import twins

ZERO = np.zeros(0)


def entry(name: str, code: int, inward: list[int], **more: object) -> Entry:
    return Entry(
        name=name, url="", title="", canonical="", topic="", vector=np.zeros(4, np.float32), shares=ZERO, related=frozenset(),
        hosts=frozenset(), standing=frozenset(), framed=False, code=code, inward=np.array(sorted(set(inward)), dtype=np.int64), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def surveyed(graph: dict[int, list[int]]) -> Survey:
    return survey(assemble("s", [entry(f"{code}", code, [c for c in to if c != code]) for code, to in graph.items()]))


graphs = st.dictionaries(st.integers(1, 12), st.lists(st.integers(1, 15), max_size=5), min_size=1, max_size=12)


@given(graphs, st.lists(st.integers(1, 15), max_size=3))
def test_depths_and_links_are_those_of_a_search(graph: dict[int, list[int]], starts: list[int]) -> None:
    found = surveyed(graph)
    order = list(graph)
    depths = {code: 0 for code in starts if code in graph}
    waiting = deque(depths)
    while waiting:
        at = waiting.popleft()
        for end in graph[at]:
            if end in graph and end not in depths:
                depths[end] = depths[at] + 1
                waiting.append(end)
    got = found.depths(np.array(starts, dtype=np.int64))
    assert got.tolist() == [depths.get(code, UNREACHED) for code in order]
    links = [sum(code in to and other != code for other, to in graph.items()) for code in order]
    assert found.inlinks.tolist() == links
    assert found.rows(np.array([*order, 99], dtype=np.int64)).tolist() == [*range(len(order)), -1]


def test_a_page_without_an_address_is_nobodys_target() -> None:
    found = survey(assemble("s", [entry("a", 0, []), entry("b", 7, [0])]))
    assert found.rows(np.array([0, 7])).tolist() == [-1, 1]
    assert found.inlinks.tolist() == [0, 0]
    assert found.listable.tolist() == [False, True]


def test_names_come_in_the_order_of_the_site() -> None:
    found = surveyed({3: [], 1: [], 2: []})
    assert found.names([2, 0]) == ["3", "2"] and found.names([]) == []


# Articles that are nearly the same


def read(words: list[str]) -> Digest:
    places: dict[str, int] = {}
    numbers = np.array([places.setdefault(word, len(places)) for word in words], dtype=np.int32)
    none = np.zeros(0, np.float32)
    return Digest("", tuple(places), numbers, {}, none, "", ZERO, frozenset(), none, {}, True)


def runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def test_a_signature_estimates_how_much_two_articles_share() -> None:
    chance = random.Random(2)
    for _ in range(300):
        length = chance.choice((150, 400, 1000))
        one = [f"w{chance.randrange(5000)}" for _ in range(length)]
        other = list(one)
        at = chance.randrange(length)
        for place in range(at, min(length, at + chance.randrange(length))):
            other[place] = f"w{chance.randrange(5000)}"
        exact = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
        estimate = float(np.mean(signature(read(one)) == signature(read(other))))
        assert abs(estimate - exact) < 4 * 0.0625


def test_short_articles_have_no_signature_and_equal_ones_the_same() -> None:
    words = [f"w{n}" for n in range(200)]
    assert len(signature(read(words[:20]))) == 0
    assert (signature(read(words)) == signature(read(list(words)))).all()


def test_twins_are_found_and_strangers_left_alone() -> None:
    chance = random.Random(3)
    articles = [[f"w{chance.randrange(5000)}" for _ in range(400)] for _ in range(200)]
    for number in range(40):
        near = list(articles[number])
        near[chance.randrange(400)] = "other"
        articles.append(near)
    for number in range(40, 60):
        articles.append(articles[number][:150] + [f"v{chance.randrange(5000)}" for _ in range(250)])
    found = twins(np.array([signature(read(words)) for words in articles]), 0.8)
    assert sorted(found) == [[number, 200 + number] for number in range(40)]


def test_thousands_of_equal_articles_are_one_group() -> None:
    one = np.arange(PLACES, dtype=np.uint32)
    assert twins(np.vstack([one] * 5000), 0.8) == [list(range(5000))]
