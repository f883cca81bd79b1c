"""Training and measuring of the phrase statistics: word classes by position, smoothed pairs and triples of classes."""

from __future__ import annotations

import json
import lzma
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.metrics import roc_auc_score
from sklearn.utils.extmath import randomized_svd

from auditor.language.phrases import QUANTUM, Phrases, Wedge, marks
from auditor.language.words import STOPWORDS, tokens
from auditor.training.corpus import CLEAN_PAGES, Document, english, held_out

CLUSTERS: Final = 160
CONTEXTS: Final = 1200
COUPLE_COUNT: Final = 3
PUNCTUATION: Final = tuple(".,;:!?()\"'-–—/&%$[]…|#*+=@<>•“”")
SPECIAL: Final = ("<mark>", "<number>", "<name>")
# Words as frequent as grammar, and placed like nothing else.
FREQUENT: Final = "said says new first two three like get make use used using time year years people way well"
SUFFIXES: Final = "ing,ed,ly,s,tion,ment,ness,er,al,ic,ous,ive,able,ity,y,n,t,e,"
CHARACTER_CAP: Final = 12_000_000
# Pages whose links train and test the link model teach no phrase statistics: a sentence that was counted
# looks more fluent than one that was not, and clean pages would be told by that alone.
UNREAD: Final = frozenset(CLEAN_PAGES) - {"sondhi"} | {"website_classification"}


def sentences(documents: Iterable[tuple[Document, list[str]]]) -> list[list[str]]:
    """Marks of every paragraph that may be counted, sources capped."""
    spent: Counter[str] = Counter()
    found = []
    for document, paragraphs in documents:
        source = document.source
        if source in UNREAD or source.startswith("legit_") or spent[source] > CHARACTER_CAP:
            continue
        for text in paragraphs:
            if len(text) > 50:
                spent[source] += len(text)
                found.append(marks(text.replace("’", "'")))
    return found


def _positions(found: Sequence[list[str]], words: Sequence[str], counts: Counter[str]) -> NDArray[Any]:
    """One row a word: which frequent words stand right before and right after it (PPMI, SVD), and its ending."""
    row = {word: place for place, word in enumerate(words)}
    column = {word: place for place, (word, _) in enumerate(counts.most_common(CONTEXTS))}
    width = len(column) + 1
    rows, columns = [], []
    for sentence in found:
        lower = [mark.lower() for mark in sentence]
        here = np.array([row.get(mark, -1) for mark in lower], np.int64)
        there = np.array([column.get(mark, width - 1) for mark in lower], np.int64)
        for centre, context, shift in ((here[1:], there[:-1], 0), (here[:-1], there[1:], width)):
            known = centre >= 0
            rows.append(centre[known])
            columns.append(context[known] + shift)
    ones = np.ones(sum(map(len, rows)), np.float32)
    shape = (len(words), 2 * width)
    table = sparse.coo_matrix((ones, (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsr()
    pairs = table.tocoo()
    row_sums = np.maximum(np.asarray(table.sum(axis=1)).ravel(), 1)
    column_sums = np.maximum(np.asarray(table.sum(axis=0)).ravel(), 1) ** 0.75
    values = np.log(pairs.data * column_sums.sum() / (row_sums[pairs.row] * column_sums[pairs.col]))
    values *= pairs.data / (pairs.data + 1)
    kept = values > 0
    matrix = sparse.csr_matrix((values[kept].astype(np.float32), (pairs.row[kept], pairs.col[kept])), shape=shape)
    left, singular, _ = randomized_svd(matrix, 64, n_iter=4, random_state=0)
    space = left * np.sqrt(singular)
    space /= np.linalg.norm(space, axis=1, keepdims=True) + 1e-9
    endings = Counter(word[-length:] for word in words for length in (2, 3))
    common = {
        ending: place for place, (ending, _) in enumerate(sorted(endings.items(), key=lambda e: (-e[1], e[0]))[:60])
    }
    shapes = np.zeros((len(words), len(common)), np.float32)
    for place, word in enumerate(words):
        for length in (2, 3):
            if word[-length:] in common:
                shapes[place, common[word[-length:]]] = 0.35
    return np.hstack([space, shapes]).astype(np.float32)


def train(found: Sequence[list[str]], words: Sequence[str], out: Path, seed: int) -> dict[str, Any]:
    """Fit the classes, count, smooth, and write the phrase tables; gives their description."""
    counts: Counter[str] = Counter(mark.lower() for sentence in found for mark in sentence)
    endings = SUFFIXES.split(",")
    symbols = [
        *PUNCTUATION,
        *SPECIAL,
        *sorted(set(FREQUENT.split()) | {word for word in STOPWORDS if counts[word] > 50}),
    ]
    first = len(symbols) + len(endings)
    own = set(symbols)
    seen = [word for word in words if counts[word] >= 8 and word not in own]
    features = _positions(found, seen, counts)
    weights = np.sqrt([counts[word] for word in seen])
    means = MiniBatchKMeans(CLUSTERS, random_state=seed, n_init=1, batch_size=4096, max_iter=60)
    labels = means.fit(features, sample_weight=weights).predict(features)
    clustered = dict(zip(seen, labels.tolist(), strict=True))
    by_suffix = {ending: len(symbols) + place for place, ending in enumerate(endings)}
    classes = []
    for word in words:
        if word in own:
            classes.append(symbols.index(word))
        elif word in clustered:
            classes.append(first + clustered[word])
        else:
            classes.append(next(by_suffix[ending] for ending in endings if word.endswith(ending)))
    np.save(out / "phrase_classes.npy", np.array(classes, np.uint16))
    size = first + CLUSTERS
    reader = _reader(symbols, words, classes, by_suffix, size)
    stop = symbols.index(".")
    parts = []
    for sentence in found:
        parts.append(np.array([stop, stop], np.int64))
        parts.append(reader.classes(sentence))
    triples = _count(np.concatenate(parts), size, out)
    couples = _couple(found, reader, out)
    return {
        "symbols": symbols,
        "suffixes": endings,
        "classes": size,
        "triples": triples,
        "couples": couples,
        "marks": int(sum(map(len, found))),
    }


def _reader(
    symbols: list[str], words: Sequence[str], classes: list[int], by_suffix: dict[str, int], size: int
) -> Phrases:
    """A `Phrases` without statistics, so that training reads classes off a sentence by the code that scoring uses."""
    own = {name: number for number, name in enumerate(symbols)}
    empty, keys, values = np.zeros((size, size), np.float32), np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    unit_classes = (*classes, *range(len(symbols)))
    suffixes = tuple(by_suffix.items())
    return Phrases(
        own,
        {word: number for number, word in enumerate(words)},
        unit_classes,
        suffixes,
        empty,
        empty[0],
        empty,
        keys,
        values,
        keys,
        values,
        np.zeros(0, np.float16),
        0.0,
    )


def _couple(found: Sequence[list[str]], reader: Phrases, out: Path) -> int:
    """Count single units and the pairs of them seen COUPLE_COUNT times or more; gives the number of pairs."""
    size = len(reader.unit_classes)
    flat = np.array([unit for sentence in found for unit in (-1, *map(reader.unit, sentence))], np.int64)
    first, second = flat[:-1], flat[1:]
    known = (first >= 0) & (second >= 0)
    keys, counts = np.unique(first[known] * size + second[known], return_counts=True)
    kept = counts >= COUPLE_COUNT
    single = np.bincount(flat[flat >= 0], minlength=size)
    np.save(out / "phrase_unit_logs.npy", np.log(np.maximum(single, 0.5)).astype(np.float16))
    np.save(out / "phrase_couple_keys.npy", keys[kept].astype(np.uint32))
    np.save(out / "phrase_couples.npy", np.clip(np.rint(np.log1p(counts[kept]) / QUANTUM), 0, 255).astype(np.uint8))
    return int(kept.sum())


def _count(flat: NDArray[np.int64], size: int, out: Path) -> int:
    """Witten-Bell smoothed pairs and triples of classes, written as tables; gives the number of triples kept."""
    single = np.bincount(flat, minlength=size) + 1.0
    single /= single.sum()
    pair = np.bincount(flat[:-1] * size + flat[1:], minlength=size * size).reshape(size, size).astype(float)
    after, kinds = pair.sum(axis=1, keepdims=True), (pair > 0).sum(axis=1, keepdims=True)
    smooth = (pair + np.maximum(kinds, 1) * single) / (after + np.maximum(kinds, 1))
    keys, counts = np.unique((flat[:-2] * size + flat[1:-1]) * size + flat[2:], return_counts=True)
    history = keys // size
    total = np.bincount(history, weights=counts, minlength=size * size)
    different = np.bincount(history, minlength=size * size)
    rest = np.where(total > 0, different / np.maximum(total + different, 1), 1.0)
    kept = counts >= 2
    keys, counts, history = keys[kept], counts[kept], history[kept]
    direct = counts / (total + different)[history] + rest[history] * smooth[history % size, keys % size]
    np.save(out / "phrase_pairs.npy", np.log(smooth).astype(np.float16))
    np.save(out / "phrase_singles.npy", np.log(single).astype(np.float32))
    np.save(out / "phrase_backoff.npy", np.log(rest).reshape(size, size).astype(np.float16))
    np.save(out / "phrase_triple_keys.npy", keys.astype(np.uint32))
    np.save(out / "phrase_triples.npy", np.clip(np.rint(-np.log(direct) / QUANTUM), 0, 255).astype(np.uint8))
    return len(keys)


Place = tuple[list[str], list[str], list[str]]


def _anchors(data: Path) -> list[tuple[str, Place]]:
    """Editorial anchors of WCXB pages in their own sentences: 1 to 5 marks, at least four words on either side."""
    found = []
    with lzma.open(data / "links" / "anchors_in_context.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            before, after, phrase = row["before"], row["after"], marks(row["anchor"])
            if row["set"] != "wcxb" or not 1 <= len(phrase) <= 5 or not any(mark[0].isalpha() for mark in phrase):
                continue
            if len(before.split()) > 3 and len(after.split()) > 3 and english(tokens(f"{before} {after}")):
                found.append((row["page_domain"], (marks(before)[-12:], phrase, marks(after)[:12])))
    return found


def measure(data: Path, phrases: Phrases, seed: int) -> dict[str, Any]:
    """Real anchors in their own place against anchors of other sites wedged into a random gap of the same sentences.

    Six in ten wedged phrases are lower-cased, as planted ones mostly are. At most 15 anchors a site. One figure
    for each field of `Wedge` (AUC, and recall at 5 % false alarms), on WCXB's held-out fifth and on the rest.
    """
    anchors = _anchors(data)
    figures: dict[str, Any] = {}
    for name, wanted in (("held_out_sites", True), ("other_sites", False)):
        rng = random.Random(seed)
        pool = [(site, place) for site, place in anchors if held_out(site) == wanted]
        several = [(site, place) for site, place in pool if len(place[1]) > 1]
        taken: Counter[str] = Counter()
        honest: list[Wedge] = []
        wedged: list[Wedge] = []
        for site, (left, phrase, right) in pool:
            taken[site] += 1
            if taken[site] > 15:
                continue
            honest.append(phrases.wedge(left, phrase, right))
            other, (_, foreign, _) = rng.choice(several)
            while other == site:
                other, (_, foreign, _) = rng.choice(several)
            sentence = [*left, *phrase, *right]
            gap = rng.randrange(4, len(sentence) - 3)
            foreign = [mark.lower() for mark in foreign] if rng.random() < 0.6 else foreign
            wedged.append(phrases.wedge(sentence[:gap], foreign, sentence[gap:]))
        figures[name] = {"anchors": len(honest), "sites": len(taken)} | _figures(honest, wedged)
    honest, wedged = _planted(data, phrases)
    figures["hacked_hosts"] = {"anchors": len(honest), "planted": len(wedged)} | _figures(honest, wedged)
    return figures


def _figures(honest: Sequence[Wedge], wedged: Sequence[Wedge]) -> dict[str, Any]:
    """AUC and recall at 5 % false alarms of each field of `Wedge`."""
    values = np.array([astuple(wedge) for wedge in (*honest, *wedged)])
    labels = np.r_[np.zeros(len(honest)), np.ones(len(wedged))]
    found = {}
    for column, field in enumerate(fields(Wedge)):
        scores = -values[:, column] if field.name.endswith(("left", "right")) else values[:, column]
        known = ~np.isnan(scores)
        limit = np.quantile(scores[known & (labels == 0)], 0.95)
        found[field.name] = {
            "auc": round(float(roc_auc_score(labels[known], scores[known])), 4),
            "recall_at_5_percent": round(float((scores[known & (labels == 1)] > limit).mean()), 3),
        }
    return found


def _planted(data: Path, phrases: Phrases) -> tuple[list[Wedge], list[Wedge]]:
    """English links of really hacked hosts, honest and planted, of 1 to 7 marks, with text on both sides."""
    found: tuple[list[Wedge], list[Wedge]] = ([], [])
    with lzma.open(data / "links" / "planted_links.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            before, phrase, after = row["context"].partition(row["anchor"] or "\0")
            place = marks(before), marks(phrase), marks(after)
            if row["lang"] == "en" and len(place[0]) > 1 and len(place[2]) > 1 and 1 <= len(place[1]) <= 7:
                found[row["planted"]].append(phrases.wedge(*place))
    return found
