"""Related blocks: what the features read off them, the twins that training makes, and what is measured apart from it."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest

from auditor import language
from auditor.features.related import RELATED, BlockView, kinship, telling_words
from auditor.page.page import Block, Item, Role, Spot
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import digest
from auditor.site.site import gather
from auditor.training.blocks import SAME_SUBJECT, Headlines, build, headline, own_blocks, probes, swapped
from auditor.training.datasets import Sample

POSTS = Path(__file__).parent.parent / "fixtures" / "sites" / "harbor-lane" / "posts"


def sample(post: str, name: str = "wcxb_dev", label: str = "clean") -> Sample:
    """A post of the fixture site as the only page of a site of its own."""
    site = f"{post}.example"
    page = parse(Snapshot((POSTS / f"{post}.html").read_bytes(), url=f"https://{site}/"))
    read = digest(page, language.load())
    return Sample(post, name, site, label, "article", page, read, gather(site, [(page, read)]), {})


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [
        sample("ketamine-therapy-for-addiction"),
        sample("grain-silo-house"),
        sample("houseboat-winter-berth"),
        sample("mortgage-basics-first-home"),
        sample("marlowe-quint-net-worth", "farm_sinister", "farm"),
        sample("clearing-out-before-you-sell", "farm_hownestly", "farm"),
        sample("eco-friendly-pet-beds", "farm_whywhatwho", "farm"),
    ]


def block(*titles: str) -> Block:
    items = tuple(Item(title, f"/{i}", f"https://a.example/{i}", False, Spot()) for i, title in enumerate(titles))
    return Block(Role.RELATED, "Related posts", Spot(), items)


def test_a_headline_is_the_title_without_the_sites_name() -> None:
    assert headline("A Silo to Live In | Harbor Lane") == "A Silo to Live In"
    assert headline("Harbor Lane » Archive » A silo-house to live in - Page 2") == "A silo-house to live in"
    assert headline("") == ""


def test_a_twin_has_foreign_titles_and_at_most_one_of_its_own() -> None:
    own = block("One of ours", "Two of ours", "Three of ours")
    kept = set()
    for seed in range(40):
        twin = swapped(own, lambda: "A foreign title", random.Random(seed))
        assert twin is not None and len(twin.items) == 3
        kept.add(sum(item.title != "A foreign title" for item in twin.items))
        assert [item.url for item in twin.items] == [item.url for item in own.items]
    assert kept == {0, 1}
    assert swapped(own, lambda: None, random.Random(0)) is None


def test_titles_come_from_other_sites_and_from_other_topics_or_the_same(samples: list[Sample]) -> None:
    headlines = Headlines.gather(samples)
    first = samples[0]
    topics = {title: topic for titles in headlines.by_site.values() for title, topic in titles}
    drawn = {headlines.other(first, random.Random(seed)) for seed in range(30)} - {None}
    assert drawn and all(topics[title] != first.digest.topic for title in drawn if title)
    assert headline(first.page.title) not in drawn
    same = {headlines.same(s, random.Random(0)) for s in samples} - {None}
    assert all(title in topics for title in same if title)


def test_equal_seeds_make_equal_tables_whatever_the_order(samples: list[Sample]) -> None:
    one, two = build(samples, 3), build(samples[::-1], 3)
    assert set(one.source) == {"wcxb_dev", "swapped", "swapped:one-site"}
    assert set(one.label[one.source == "wcxb_dev"]) == {0} and set(one.label[one.source != "wcxb_dev"]) == {1}
    for group in set(one.group):
        assert np.array_equal(one.features[one.group == group], two.features[two.group == group], equal_nan=True)
    assert not np.array_equal(one.features, build(samples, 4).features, equal_nan=True)


def test_real_blocks_are_measured_and_not_trained_on(samples: list[Sample]) -> None:
    found = probes(samples, 0)
    assert {probe.name for probe in found} <= {SAME_SUBJECT, "farm_whywhatwho farm"}
    assert len([p for p in found if p.name != SAME_SUBJECT]) == len(own_blocks(samples[-1])) > 0
    assert all(probe.values.shape == (1, len(RELATED.names)) for probe in found)
    assert samples[-1].site_name not in build(samples, 0).group


def test_fitting_words_are_seen_among_odd_ones(samples: list[Sample]) -> None:
    learned = language.load()
    telling = telling_words(samples[0].digest, learned)
    assert np.linalg.norm(telling, axis=1) == pytest.approx(1.0, abs=1e-5)
    near, far = (
        kinship(words.split(), telling, learned) for words in ("craving and relapse", "kitchen appliances sale")
    )
    assert near > far
    assert math.isnan(kinship(["qqzzx"], telling, learned)) and math.isnan(kinship(["the"], telling, learned))


def test_a_site_without_a_subject_excuses_nothing(samples: list[Sample]) -> None:
    learned = language.load()
    house = samples[1]
    titles = block("Converting a barn into a house", "A house for less: building with reclaimed timber")
    views = [
        BlockView(titles, samples[0].digest, gather("s", [(s.page, s.digest) for s in members]), learned)
        for members in ([house] * 5 + samples[:1], [*samples, samples[0]])
    ]
    assert views[0].site.coherence > 0.25 > views[1].site.coherence
    assert views[0].own_subject and not views[1].own_subject


def test_titles_of_unknown_words_have_no_similarity(samples: list[Sample]) -> None:
    view = BlockView(
        block("Qqzzx vvkkj wwqqp", "Zzqqk jjxxv qqwwz"), samples[0].digest, samples[0].site, language.load()
    )
    values = dict(zip(RELATED.names, RELATED.matrix([view])[0].tolist(), strict=True))
    assert all(
        math.isnan(values[name]) for name in values if name not in ("bait-share", "vice-share", "external-share")
    )
