"""Duplicates: articles that are nearly the same found among thousands, beside datasketch's MinHash and LSH on the same ones."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from auditor.language.words import tokens
from auditor.site.digest import Digest
from auditor.site.signature import RUN, signature
from auditor.site.twins import twins
from benchmarks.blog import Blog

ARTICLES = 5_000
COPIES = 500
"""Articles among them that are another one with some words exchanged."""
ALIKE = 0.8
REACH_SECONDS = 10.0
REACH_RECALL = 0.95

_NONE = np.zeros(0, dtype=np.float32)


def duplicates() -> tuple[str, bool]:
    """Seconds for signatures and groups, the share of alike pairs found, and datasketch's figures; an article has some 900 words."""
    articles = _articles()
    digests = [_digest(words) for words in articles]
    began = time.perf_counter()
    signatures = np.array([signature(read) for read in digests])
    signed = time.perf_counter()
    groups = twins(signatures, ALIKE)
    ended = time.perf_counter()
    group_of = {row: number for number, group in enumerate(groups) for row in group}
    pairs = [(row - (ARTICLES - COPIES), row) for row in range(ARTICLES - COPIES, ARTICLES)]
    alike = [pair for pair in pairs if _share(articles[pair[0]], articles[pair[1]]) >= ALIKE + 0.05]
    found = sum(one in group_of and group_of[one] == group_of.get(other) for one, other in alike)
    recall = found / len(alike)
    text = (
        f"{ended - began:.2f} s for {ARTICLES:,} articles (signatures {signed - began:.2f}, groups {ended - signed:.2f}); "
        f"{found} of {len(alike)} pairs found that share {ALIKE + 0.05:.0%} or more; reach {REACH_SECONDS:.0f} s"
    )
    if find_spec("datasketch"):
        text += f"; datasketch {_beside(articles):.1f} s"
    return text, ended - began <= REACH_SECONDS and recall >= REACH_RECALL


def _articles() -> list[list[str]]:
    chance = random.Random(0)  # noqa: S311
    blog = Blog(ARTICLES)
    own = [tokens(blog.article(number)) for number in range(ARTICLES - COPIES)]
    copies = []
    for number in range(COPIES):
        words = list(own[number])
        for _ in range(chance.randrange(1, 60)):
            words[chance.randrange(len(words))] = f"other{chance.randrange(1000)}"
        copies.append(words)
    return own + copies


def _digest(words: Sequence[str]) -> Digest:
    places: dict[str, int] = {}
    numbers = np.array([places.setdefault(word, len(places)) for word in words], dtype=np.int32)
    shares = np.zeros(0)
    return Digest("", tuple(places), numbers, {}, _NONE, "", shares, frozenset(), _NONE, {}, True)


def _runs(words: Sequence[str]) -> set[str]:
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    left, right = _runs(one), _runs(other)
    return len(left & right) / len(left | right)


def _beside(articles: Sequence[Sequence[str]]) -> float:
    """Seconds that datasketch takes with what it ships: 128 permutations, LSH at the same threshold."""
    from datasketch import MinHash, MinHashLSH

    began = time.perf_counter()
    index = MinHashLSH(threshold=ALIKE, num_perm=128)
    for number, words in enumerate(articles):
        made = MinHash(num_perm=128)
        made.update_batch([run.encode() for run in _runs(words)])
        index.query(made)
        index.insert(number, made)
    return time.perf_counter() - began
