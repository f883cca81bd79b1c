"""Training of the language models: one command, one folder, the same bytes for the same seed and data.

python -m auditor.training.language --data DIR --out models/language --seed 0
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from auditor.language import FORMAT, read
from auditor.language.vectors import Vectors
from auditor.training import space, subjects, syntax
from auditor.training.corpus import LEFT_OUT, Document, distinct_paragraphs, documents

FILES = (
    "words.txt",
    "vectors.npy",
    "vector_scales.npy",
    "idfs.npy",
    "topic_coefficients.npy",
    "topic_intercepts.npy",
    "phrase_classes.npy",
    "phrase_pairs.npy",
    "phrase_singles.npy",
    "phrase_backoff.npy",
    "phrase_triple_keys.npy",
    "phrase_triples.npy",
    "phrase_couple_keys.npy",
    "phrase_couples.npy",
    "phrase_unit_logs.npy",
)


def train(data: Path, out: Path, seed: int) -> dict[str, Any]:
    """Train everything and write it to `out`; gives the figures. One thread: sums keep one order."""
    out.mkdir(parents=True, exist_ok=True)
    with threadpool_limits(1):
        stream = list(distinct_paragraphs(documents(data)))
        seed_lines = [
            [word for word in line if space.learnable(word)] for lines in subjects.seeds().values() for line in lines
        ]
        texts = space.texts(stream, seed_lines)
        described: dict[str, Any] = {"format": FORMAT, "seed": seed, "sources": sources(stream)}
        described["vectors"] = space.train(texts, seed_lines, out, seed)
        vectors = Vectors.load(out, described["vectors"])
        learn, test = subjects.examples(stream, vectors)
        described["topics"] = subjects.train(learn + subjects.seed_examples(vectors), out, seed)
        described["phrases"] = syntax.train(syntax.sentences(stream), vectors.words, out, seed)
        described["sha256"] = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES}
        described["version"] = hashlib.sha256(json.dumps(described["sha256"]).encode()).hexdigest()[:12]
        (out / "model.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        language = read(out)
        figures = {
            "vectors": space.measure(data, language.vectors),
            "topics": subjects.measure(test, language.topics),
            "phrases": syntax.measure(data, language.phrases, seed),
            "bytes": {name: (out / name).stat().st_size for name in FILES},
        }
    (out / "metrics.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "card.md").write_text(card(described, figures), encoding="utf-8")
    return figures


def sources(stream: list[tuple[Document, list[str]]]) -> dict[str, dict[str, int]]:
    """Documents and characters of each source after repeated and foreign paragraphs fell out, before caps."""
    counted: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for document, paragraphs in stream:
        counted[document.source] += 1
        characters[document.source] += sum(map(len, paragraphs))
    return {source: {"documents": counted[source], "characters": characters[source]} for source in counted}


def card(described: dict[str, Any], figures: dict[str, Any]) -> str:
    """The model card."""
    vectors, phrases, topics = figures["vectors"], figures["phrases"], figures["topics"]
    learned = "\n".join(
        f"| {name} | {row['documents']:,} | {row['characters']:,} |" for name, row in described["sources"].items()
    )
    similar = "\n".join(
        f"| {name.replace('_', ' ')} | {vectors[name]['articles']} | {vectors[name]['auc']} | "
        f"{vectors[name]['recall_at_1_percent']} | {vectors[name]['own_mean']} | {vectors[name]['other_mean']} |"
        for name in ("held_out_sites", "training_sites")
    )
    near = "\n".join(f"- **{word}**: {', '.join(found)}" for word, found in vectors["neighbours"].items())
    subject = "\n".join(
        f"| {name} | {row['texts']} | {row['accuracy']} | {row['accuracy_top_2']} | {row['macro_f1']} |"
        for name, row in topics.items()
    )
    wedge = "\n".join(
        f"| {name.replace('_', ' ')} ({phrases[name]['anchors']}) | {field.replace('_', ' ')} | {row['auc']} | "
        f"{row['recall_at_5_percent']} |"
        for name in ("held_out_sites", "other_sites", "hacked_hosts")
        for field, row in phrases[name].items()
        if isinstance(row, dict)
    )
    megabytes = sum(figures["bytes"].values()) / 1e6
    return CARD.format(
        version=described["version"],
        words=described["vectors"]["words"],
        dimensions=described["vectors"]["dimensions"],
        tokens=described["vectors"]["tokens"],
        classes=described["phrases"]["classes"],
        triples=described["phrases"]["triples"],
        couples=described["phrases"]["couples"],
        marks=described["phrases"]["marks"],
        names=", ".join(described["topics"]["names"]),
        megabytes=megabytes,
        left_out=", ".join(LEFT_OUT),
        learned=learned,
        similar=similar,
        near=near,
        subject=subject,
        wedge=wedge,
        seed=described["seed"],
    )


CARD = Path(__file__).with_name("language_card.md").read_text(encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the word vectors, topics and phrase statistics.")
    parser.add_argument("--data", type=Path, default=os.environ.get("AUDITOR_DATA"), help="the data folder")
    parser.add_argument("--out", type=Path, default=Path("models/language"))
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.data is None or not Path(chosen.data).is_dir():
        parser.error("no data folder: give --data or set AUDITOR_DATA")
    started = time.perf_counter()
    figures = train(Path(chosen.data), chosen.out, chosen.seed)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
