"""Training and measuring of the topics: texts with a topic of their own, pages labelled by hand, and seed words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score

from auditor.language.topics import Topics
from auditor.language.vectors import Vectors
from auditor.language.words import tokens
from auditor.training.corpus import Document, held_out

SEEDS: Final = Path(__file__).with_name("topics.txt")
PAGES: Final = Path(__file__).with_name("page_topics.tsv")

# What the sources call their groups → our topic. Groups that fit none are left out.
GROUPS: Final = {
    "health": "Health",
    "business": "Business and Finance",
    "entertainment": "Entertainment",
    "politics": "Politics",
    "sport": "Sports",
    "tech": "Technology & Computing",
    "alt.atheism": "Religion & Spirituality",
    "soc.religion.christian": "Religion & Spirituality",
    "talk.religion.misc": "Religion & Spirituality",
    "rec.autos": "Automotive",
    "rec.motorcycles": "Automotive",
    "rec.sport.hockey": "Sports",
    "rec.sport.baseball": "Sports",
    "sci.med": "Health",
    "sci.space": "Science",
    "sci.crypt": "Technology & Computing",
    "comp.graphics": "Technology & Computing",
    "comp.os.ms-windows.misc": "Technology & Computing",
    "comp.sys.ibm.pc.hardware": "Technology & Computing",
    "comp.sys.mac.hardware": "Technology & Computing",
    "comp.windows.x": "Technology & Computing",
    "talk.politics.mideast": "Politics",
    "talk.politics.guns": "Politics",
    "talk.politics.misc": "Politics",
    "Sports": "Sports",
    "Travel": "Travel",
    "Streaming Services": "Entertainment",
    "Photography": "Hobbies & Interests",
}
PER_GROUP: Final = 250
TEST_GROUPS: Final = 5


def seeds() -> dict[str, list[list[str]]]:
    """Topic → its seed lines as tokens, in the file's order."""
    found: dict[str, list[list[str]]] = {}
    topic = ""
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            topic = line.strip("[]")
            found[topic] = []
        elif line.strip() and not line.startswith("#"):
            found[topic].append(tokens(line))
    return found


def page_topics() -> dict[str, str]:
    """WCXB page id → topic given by hand from title and address."""
    if not PAGES.exists():
        return {}
    rows = (line.split("\t") for line in PAGES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {row[0]: row[1] for row in rows}


def _bucket(document: Document) -> int:
    """Which fifth a document without a site of many pages falls in; the first is for testing."""
    return sum(document.id.encode()) % TEST_GROUPS


def examples(
    stream: Iterable[tuple[Document, list[str]]], vectors: Vectors
) -> tuple[list[tuple[str, str, NDArray[np.float32], float]], list[tuple[str, str, NDArray[np.float32], float]]]:
    """(source, topic, vector, weight) to learn from and to test on, sites never on both sides.

    A long text is given twice, whole and by its opening, since titles and anchors will be judged by the same weights.
    """
    by_page = page_topics()
    train: list[tuple[str, str, NDArray[np.float32], float]] = []
    test: list[tuple[str, str, NDArray[np.float32], float]] = []
    taken: Counter[str] = Counter()
    for document, paragraphs in stream:
        topic = by_page.get(document.id, "") if document.source == "wcxb_dev" else GROUPS.get(document.topic, "")
        words = [word for paragraph in paragraphs for word in tokens(paragraph)]
        ids = vectors.ids(words)
        if not topic or len(ids) < 20:
            continue
        if document.source == "wcxb_dev":
            testing = held_out(document.site)
        else:
            group = f"{document.source}/{document.topic}"
            testing = _bucket(document) == 0
            taken[f"{group}/{testing}"] += 1
            if taken[f"{group}/{testing}"] > (PER_GROUP // 4 if testing else PER_GROUP):
                continue
        if testing:
            test.append((document.source, topic, vectors.mean(ids), 1.0))
        else:
            weight = 15.0 if document.source == "wcxb_dev" else 1.0
            train.append((document.source, topic, vectors.mean(ids), weight))
            title = vectors.ids(tokens(document.title))
            opening = title if len(title) > 2 else ids[:12]
            train.append((document.source, topic, vectors.mean(opening), weight / 2))
    return train, test


def seed_examples(vectors: Vectors) -> list[tuple[str, str, NDArray[np.float32], float]]:
    """Short texts made of each topic's seed words: every line, and random handfuls of the whole topic."""
    found = []
    for number, (topic, lines) in enumerate(seeds().items()):
        rng = np.random.default_rng(number)
        words = [word for line in lines for word in line]
        found += [("seeds", topic, vectors.mean(line), 2.0) for line in lines]
        for _ in range(30):
            handful = [words[place] for place in rng.choice(len(words), 12, replace=False)]
            found.append(("seeds", topic, vectors.mean(handful), 1.0))
    return found


def train(rows: Sequence[tuple[str, str, NDArray[np.float32], float]], out: Path, seed: int) -> dict[str, Any]:
    """Fit the regression and write its weights; gives the description. Classes weigh alike, whatever their counts."""
    names = list(seeds())
    labels = np.array([names.index(topic) for _, topic, _, _ in rows])
    inputs = np.array([vector for _, _, vector, _ in rows], np.float64)
    weights = np.array([weight for _, _, _, weight in rows])
    totals = np.bincount(labels, weights=weights, minlength=len(names))
    # Square root: a class with a hundred times the texts weighs ten times as much before, as much after.
    weights = weights * np.sqrt(totals.mean() / totals)[labels]
    model = LogisticRegression(C=3.0, max_iter=500, random_state=seed)
    model.fit(inputs, labels, sample_weight=weights)
    np.save(out / "topic_coefficients.npy", np.ascontiguousarray(model.coef_.T.astype(np.float32)))
    np.save(out / "topic_intercepts.npy", model.intercept_.astype(np.float32))
    return {"names": names, "texts": len(rows)}


def measure(rows: Sequence[tuple[str, str, NDArray[np.float32], float]], topics: Topics) -> dict[str, Any]:
    """Accuracy and F1 by class on texts of sites that training did not see, by source."""
    figures: dict[str, Any] = {}
    for source in sorted({row[0] for row in rows}):
        chosen = [row for row in rows if row[0] == source]
        truth = [row[1] for row in chosen]
        guess = [topics.top(row[2]) for row in chosen]
        classes = sorted(set(truth))
        scores = f1_score(truth, guess, labels=classes, average=None, zero_division=0)
        counts = Counter(truth)
        shares = np.array([topics.shares(row[2]) for row in chosen])
        second = np.argsort(-shares, axis=1)[:, :2]
        figures[source] = {
            "texts": len(chosen),
            "accuracy": round(float(np.mean([a == b for a, b in zip(truth, guess, strict=True)])), 3),
            "accuracy_top_2": round(
                float(
                    np.mean([t in (topics.names[a], topics.names[b]) for t, (a, b) in zip(truth, second, strict=True)])
                ),
                3,
            ),
            "macro_f1": round(float(np.mean(scores)), 3),
            "macro_f1_classes_of_5": round(
                float(np.mean([f for c, f in zip(classes, scores, strict=True) if counts[c] >= 5] or [0.0])), 3
            ),
            "f1": {c: [round(float(f), 3), counts[c]] for c, f in zip(classes, scores, strict=True)},
        }
        if source == "wcxb_dev":
            matrix = confusion_matrix(truth, guess, labels=list(topics.names))
            figures[source]["most_confused"] = [
                [topics.names[i], topics.names[j], int(matrix[i, j])]
                for i, j in sorted(np.argwhere(matrix > 1).tolist(), key=lambda p: -matrix[p[0], p[1]])
                if i != j
            ][:10]
    return figures
