"""A site as a whole: what its articles are about, and how near one lies to the others, of few articles and of many."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.language import load
from auditor.site import site as sites
from auditor.site.digest import Digest, digest
from auditor.site.entry import Entry, entry
from auditor.site.site import Site, assemble
from tests.subjects import article, page_of

TOPICS = 26


def entries(count: int) -> list[Entry]:
    """Articles whose vectors lie anywhere."""
    chance = np.random.default_rng(3)
    page = page_of(article("<p>The barn stands at the end of the lane.</p>"))
    plain = entry(page, digest(page, load()))
    made = []
    for number in range(count):
        vector = chance.normal(size=8).astype(np.float32)
        vector /= np.linalg.norm(vector)
        shares = chance.random(TOPICS)
        made.append(
            Entry(
                **{name: getattr(plain, name) for name in Entry.__slots__ if name not in ("name", "vector", "shares")},
                name=f"https://lane.example/{number}",
                vector=vector,
                shares=shares / shares.sum(),
            )
        )
    return made


def read_as(one: Entry) -> Digest:
    page = page_of(article("<p>The barn stands at the end of the lane.</p>"))
    plain = digest(page, load())
    fields = {name: getattr(plain, name) for name in Digest.__slots__ if name != "vector"}
    return Digest(**fields, vector=one.vector)


def near(site: Site, one: Entry) -> float:
    return site.nearest(one.name, read_as(one))


def by_hand(one: Entry, others: list[Entry]) -> float:
    cosines = sorted((float(other.vector @ one.vector) for other in others if other is not one), reverse=True)
    return sum(cosines[:3]) / 3


def test_an_article_is_compared_with_every_other_of_a_small_site() -> None:
    made = entries(30)
    site = assemble("lane.example", made)
    assert len(site.vectors) == site.known == 30 and not site.sampled
    assert [near(site, one) for one in made] == pytest.approx([by_hand(one, made) for one in made], abs=1e-6)


def test_an_article_is_compared_with_a_sample_of_a_large_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "SAMPLE", 20)
    made = entries(60)
    site = assemble("lane.example", made)
    kept = [one for one in made if one.name in site.sampled]
    assert len(kept) == len(site.vectors) == 20 and site.known == site.pages == 60
    assert [near(site, one) for one in made] == pytest.approx([by_hand(one, kept) for one in made], abs=1e-6)


def test_the_sample_does_not_hang_on_the_order_of_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "SAMPLE", 20)
    made = entries(60)
    one, other = assemble("lane.example", made), assemble("lane.example", made[::-1])
    assert one.sampled == other.sampled
    assert near(one, made[7]) == pytest.approx(near(other, made[7]))


def test_topics_and_coherence_are_those_of_all_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    made = entries(60)
    whole = assemble("lane.example", made)
    monkeypatch.setattr(sites, "SAMPLE", 20)
    sampled = assemble("lane.example", made)
    assert sampled.shares == pytest.approx(np.mean([one.shares for one in made], axis=0))
    pairs = [float(a.vector @ b.vector) for i, a in enumerate(made) for b in made[:i]]
    assert sampled.coherence == whole.coherence == pytest.approx(sum(pairs) / len(pairs), abs=1e-6)
    assert np.isnan(assemble("lane.example", made[:2]).coherence)
