"""Training and measuring of the word vectors: counts within a window, PPMI, truncated SVD, common direction removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import roc_auc_score
from sklearn.utils.extmath import randomized_svd

from auditor.language.vectors import Vectors
from auditor.language.words import STOPWORDS, tokens
from auditor.training.corpus import Document, held_out, main_text

DIMENSIONS: Final = 128
VOCABULARY: Final = 40_000
WINDOW: Final = 12
SUBSAMPLE: Final = 1e-4
SMOOTHING: Final = 0.75
SINGULAR_POWER: Final = 0.25
SEED_REPEATS: Final = 12
CAPS: Final = {"medquad": 1_700_000, "20news": 1_000_000}
SITE_CAP: Final = 350_000
WEB: Final = frozenset({"wcxb_dev", "scrapinghub", "postlight", "readability"})


@dataclass(frozen=True, slots=True)
class Text:
    """The tokens of one training document."""

    source: str
    site: str
    words: list[str]


def learnable(word: str) -> bool:
    return len(word) > 1 and word not in STOPWORDS and not word[0].isdigit()


def texts(documents: Iterable[tuple[Document, list[str]]], seeds: Sequence[list[str]]) -> list[Text]:
    """Tokens of every training document, no site giving more than its cap, WCXB's held-out fifth giving none.

    The seed lines come last, each repeated in several orders, so that the trades they name have company.
    """
    spent: Counter[str] = Counter()
    found = []
    for document, paragraphs in documents:
        if document.source == "wcxb_dev" and held_out(document.site):
            continue
        budget = document.source if document.source in CAPS else document.site
        if spent[budget] > CAPS.get(document.source, SITE_CAP):
            continue
        words = [word.removesuffix("'s") for paragraph in paragraphs for word in tokens(paragraph)]
        words = [word for word in words if learnable(word)]
        spent[budget] += len(words)
        found.append(Text(document.source, document.site, words))
    for number, line in enumerate(seeds):
        rng = np.random.default_rng(number)
        found.extend(
            Text("seeds", "seeds", [line[place] for place in rng.permutation(len(line))]) for _ in range(SEED_REPEATS)
        )
    return found


def vocabulary(found: Sequence[Text], seeds: Sequence[list[str]]) -> tuple[list[str], NDArray[np.float64]]:
    """Words by falling frequency, and their inverse document frequencies."""
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for text in found:
        counts.update(text.words)
        spread.update(set(text.words))
    named = {word for line in seeds for word in line}
    kept = [word for word in counts if word in named or (counts[word] >= 4 and spread[word] >= 3)]
    kept.sort(key=lambda word: (-counts[word], word))
    kept = kept[:VOCABULARY]
    kept += sorted(named - set(kept))
    return kept, np.log(len(found) / np.array([spread[word] for word in kept]))


def cooccurrences(flat: NDArray[np.int64], texts_of: NDArray[np.int64], size: int) -> sparse.csr_matrix:
    """How often two words stand within WINDOW kept words of each other in one text; symmetric, (size, size)."""
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for offset in range(1, WINDOW + 1):
        same = texts_of[:-offset] == texts_of[offset:]
        pairs = (flat[:-offset][same], flat[offset:][same])
        ones = np.ones(len(pairs[0]), np.float32)
        total = total + sparse.coo_matrix((ones, pairs), shape=(size, size)).tocsr()
    return (total + total.T).tocsr()


def positive_pmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive PMI with smoothed contexts (Levy et al. 2015) and rare pairs discounted (Pantel & Lin 2002)."""
    rows = np.asarray(counts.sum(axis=1)).ravel()
    contexts = rows**SMOOTHING
    pairs = counts.tocoo()
    values = np.log(pairs.data * contexts.sum() / (rows[pairs.row] * contexts[pairs.col]))
    values *= pairs.data / (pairs.data + 1)
    kept = values > 0
    data = values[kept].astype(np.float32)
    return sparse.csr_matrix((data, (pairs.row[kept], pairs.col[kept])), shape=counts.shape)


def without_common(space: NDArray[Any], idfs: NDArray[Any], ids: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The space less the mean of web texts and their first principal direction, weights being idf."""
    means = np.array([idfs[text] @ space[text] / idfs[text].sum() for text in ids])
    centre = means.mean(axis=0)
    space, means = space - centre, means - centre
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    first = np.linalg.svd(means, full_matrices=False)[2][:1]
    result: NDArray[Any] = space - (space @ first.T) @ first
    return result


def train(found: Sequence[Text], seeds: Sequence[list[str]], out: Path, seed: int) -> dict[str, Any]:
    """Fit the vectors and write words.txt, vectors.npy, vector_scales.npy and idfs.npy; gives their description."""
    words, idfs = vocabulary(found, seeds)
    index = {word: row for row, word in enumerate(words)}
    encoded = [np.array([index[word] for word in text.words if word in index], np.int64) for text in found]
    flat = np.concatenate(encoded)
    numbers = np.repeat(np.arange(len(encoded)), [len(ids) for ids in encoded])
    share = np.bincount(flat, minlength=len(words)) / len(flat)
    keep = np.random.default_rng(seed).random(len(flat)) < np.sqrt(SUBSAMPLE / share)[flat]
    matrix = positive_pmi(cooccurrences(flat[keep], numbers[keep], len(words)))
    left, singular, _ = randomized_svd(matrix, DIMENSIONS, n_oversamples=16, n_iter=4, random_state=seed)
    space = left * singular**SINGULAR_POWER
    space /= np.linalg.norm(space, axis=1, keepdims=True) + 1e-9
    web = [ids for text, ids in zip(found, encoded, strict=True) if text.source in WEB and len(ids) > 100]
    space = without_common(space, idfs, web)
    scales = np.maximum(np.abs(space).max(axis=1), 1e-9) / 127
    (out / "words.txt").write_text("\n".join(words), encoding="utf-8")
    np.save(out / "vectors.npy", np.rint(space / scales[:, None]).astype(np.int8))
    np.save(out / "vector_scales.npy", scales.astype(np.float32))
    np.save(out / "idfs.npy", idfs.astype(np.float32))
    return {
        "words": len(words),
        "dimensions": DIMENSIONS,
        "tokens": int(sum(len(text.words) for text in found)),
        "texts": len(found),
    }


def measure(data: Path, vectors: Vectors) -> dict[str, Any]:
    """Titles against their own articles and against articles of other sites, on sites held out and on sites learned."""
    figures: dict[str, Any] = {}
    for name, wanted in (("held_out_sites", True), ("training_sites", False)):
        titles, bodies, sites = [], [], []
        for document, kind in main_text(data):
            if held_out(document.site) == wanted and kind == "article":
                body = vectors.ids(tokens(" ".join(document.paragraphs)))
                title = vectors.ids(tokens(document.title))
                if len(body) > 60 and len(title) > 1:
                    titles.append(vectors.mean(title))
                    bodies.append(vectors.mean(body))
                    sites.append(document.site)
        cosines = np.array(titles) @ np.array(bodies).T
        foreign = np.array(sites)[:, None] != np.array(sites)[None, :]
        own, other = np.diag(cosines), cosines[foreign]
        labels = np.r_[np.ones(len(own)), np.zeros(len(other))]
        figures[name] = {
            "articles": len(own),
            "auc": round(float(roc_auc_score(labels, np.r_[own, other])), 4),
            "recall_at_1_percent": round(float((own > np.quantile(other, 0.99)).mean()), 3),
            "own_mean": round(float(own.mean()), 3),
            "other_mean": round(float(other.mean()), 3),
            "other_deviation": round(float(other.std()), 3),
        }
    matrix = vectors.matrix
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9
    neighbours = {}
    for word in ("ketamine", "therapist", "casino", "kitchen", "mortgage", "puppy", "essay", "escort", "viagra"):
        row = vectors.index[word]
        if row >= 0:
            order = np.argsort(-(matrix @ matrix[row]), kind="stable")[1:9]
            neighbours[word] = [vectors.words[place] for place in order]
    return figures | {"neighbours": neighbours}
