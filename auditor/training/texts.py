"""Labelled health texts from a data folder: pages by how far they give health advice, and by whether a reader can rely on them.

Beside the sets of pages the folder may hold `health/medquad.jsonl.gz` (answers of health institutes), `health/fakehealth.jsonl.gz`
(news on treatments, rated) and `text/20news.jsonl.gz`, `text/bbc.jsonl.gz` (texts on other subjects).
"""

from __future__ import annotations

import gzip
import html
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor import language, urls
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import digest
from auditor.site.site import gather
from auditor.training.datasets import FARMS, Sample, kept, load

ADVICE, RELATED, HEALTH, NONE = "advice", "related", "health", "none"
"""Degrees; `health` is advice or related, nobody having told which."""

MISLEADING = "farm_sinister"
"""A site against vaccines and for miracle cures, in good prose. Its articles are measured and never learned from: what is wrong with them
is that they are not true."""
REFERENCE = ("wcxb_dev", "legit_siphox", "medquad")
"""Sets whose health advice counts as what a reader can rely on."""


@dataclass(frozen=True, slots=True)
class HealthText:
    """A labelled text."""

    sample: Sample
    degree: str = ""
    """Empty where nobody has read it for that."""
    doubtful: bool = False
    """A close case to those who read it."""
    unreliable: int | None = None
    """1: nobody should rely on it; 0: a reader can; None where that is not known."""

    @property
    def group(self) -> str:
        return self.sample.site_name


def read(data: Path) -> list[HealthText]:
    """Every labelled text of the folder, English and of a hundred words and more.

    Raises:
        SourceError: a set of pages is not there.
    """
    degrees = labels()
    found = [
        text for name in sorted({name for name, _ in degrees} | set(FARMS)) for text in _pages(data, name, degrees)
    ]
    found += _sondhi(data)
    found += _medquad(data)
    found += _fakehealth(data)
    found += _others(data)
    return [text for text in found if text.sample.digest.english and text.sample.digest.words >= 100]


def labels() -> dict[tuple[str, str], tuple[str, bool]]:
    """(set, page) → (degree, doubtful), as read by people."""
    found = {}
    for line in (Path(__file__).parent / "data" / "health_labels.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, page, degree, *doubt = line.split("\t")
            found[name, page] = degree, bool(doubt)
    return found


def _pages(data: Path, name: str, degrees: dict[tuple[str, str], tuple[str, bool]]) -> Iterator[HealthText]:
    whole = name in FARMS or name == "legit_siphox"
    for sample in load(data, name):
        degree, doubtful = degrees.get((name, sample.id), ("", False))
        if degree or whole:
            unreliable = 1 if name in FARMS and name != MISLEADING else 0 if name in REFERENCE else None
            yield HealthText(sample, degree, doubtful, unreliable)


def _sondhi(data: Path) -> Iterator[HealthText]:
    samples = load(data, "sondhi")
    for sample, group in zip(samples, kin([s.page for s in samples]), strict=True):
        yield HealthText(
            replace(sample, site_name=f"sondhi {group}"), ADVICE, unreliable=int(sample.label == "unreliable")
        )


def kin(pages: Sequence[Page]) -> list[int]:
    """A number for each page, the same for pages that share four addresses of links, images and scripts, or two that are a fifth of all
    they have: pages of one host, or of one network. For sets that do not say where their pages came from.

    Addresses on more than forty pages are everybody's.
    """
    sets = [{link.href for link in p.links} | {image.src for image in p.images} | set(p.resources) for p in pages]
    counts = Counter(address for own in sets for address in own)
    sets = [{address for address in own if len(address) >= 6 and counts[address] <= 40} for own in sets]
    parent = list(range(len(pages)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, own in enumerate(sets):
        for j in range(i):
            shared = len(own & sets[j])
            if shared >= 4 or (shared >= 2 and shared / len(own | sets[j]) > 0.2):
                parent[root(i)] = root(j)
    return [root(i) for i in range(len(pages))]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _medquad(data: Path) -> Iterator[HealthText]:
    for row in _lines(data / "health" / "medquad.jsonl.gz"):
        if len(row["answer"]) > 700 and kept(row["url"], 1 / 20):
            made = text("medquad", row["url"], f"medquad {row['source']}", "reliable", row["question"], row["answer"])
            yield HealthText(made, ADVICE, unreliable=0)


def _fakehealth(data: Path) -> Iterator[HealthText]:
    for row in _lines(data / "health" / "fakehealth.jsonl.gz"):
        if row["label"] in RATED and len(row["text"] or "") > 700:
            host = urls.site(row["source"].lower()) or row["source"]
            made = text(row["kind"], row["id"], f"{row['kind']} {host}", row["label"], row["title"], row["text"])
            yield HealthText(made, HEALTH)


RATED = {"ok": 0, "ok_by_complement": 0, "low": 1}
"""Labels of the rated news → unreliable or not."""


def _others(data: Path) -> Iterator[HealthText]:
    """Texts on other subjects; of the newsgroups the medical one is left out, since some of it is not on medicine."""
    for name, share in (("20news", 1 / 12), ("bbc", 1 / 4)):
        for number, row in enumerate(_lines(data / "text" / f"{name}.jsonl.gz")):
            subject = row["topic"]
            if subject != "sci.med" and kept(f"{name}{number}", share):
                made = text(name, f"{name}-{number}", f"{name} {subject}", "clean", "", row["text"])
                yield HealthText(made, NONE)


def text(name: str, identity: str, site: str, label: str, title: str, words: str) -> Sample:
    """A bare text as a page: title, heading, a paragraph a line."""
    head = html.escape(title)
    body = "".join(f"<p>{html.escape(line)}</p>" for line in words.split("\n") if line.strip())
    source = f"<html lang=en><title>{head}</title><h1>{head}</h1>{body}"
    page = parse(Snapshot(body=source.encode("utf-8", "replace"), url=f"https://{site.replace(' ', '-')}.example/"))
    read = digest(page, language.load())
    return Sample(identity, name, site, label, "article", page, read, gather(site, [(page, read)]), {})
