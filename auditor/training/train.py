"""Training: from a data folder to the four models with their metrics and cards, reproducible for one seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from auditor import language
from auditor.features.content import SPAM
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.related import RELATED
from auditor.judge import Models
from auditor.model.additive import fingerprint
from auditor.training import (
    audited,
    balance,
    blocks,
    bylines,
    claims,
    health,
    links,
    measure,
    pages,
    plain,
    removal,
    texts,
)
from auditor.training.added import added as read_added
from auditor.training.card import write_card
from auditor.training.datasets import CLEAN, FARMS, HACKED, Sample, load
from auditor.training.figures import Floats
from auditor.training.fit import cross_fit
from auditor.training.floors import Fallen, Record, fallen, raised, record
from auditor.training.task import Task

LIMITS = {"hacked_teampro": 330, "legit_sethroberts": 300, "farm_hownestly": 300, "zombie_blogs": 420}
"""About how many pages of the largest sets are read; the others whole."""

Progress = Any


def related_task() -> Task:
    """The related model's task, nothing fitted yet."""
    return Task("related", RELATED, {"max_iter": 120, "min_samples_leaf": 25})


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a run's models."""

    folders: tuple[Path, ...]
    """Empty where a figure fell and that was not allowed."""
    fallen: tuple[Fallen, ...]
    """The figures below the floors that were recorded."""


@dataclass(slots=True)
class Trained:
    """Everything one run has measured; `write` makes the files."""

    tasks: list[Task]
    corpora: Mapping[str, str]
    """Model → hash of the pages that it was learned from."""
    seed: int
    families: dict[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)
    """Path below the models' folder → text of what belongs to a model beside its tables."""

    def write(self, out: Path, lower_floors: bool = False) -> Written:
        """Write `model.json`, `metrics.json` and `card.md` of every model below `out`.

        Where a figure is below a floor that `out` records, nothing is written unless `lower_floors` is given.

        Raises:
            ConfigError: a metrics file in `out` is damaged.
        """
        known = {task.name: record(out, task.name) or Record() for task in self.tasks}
        below = tuple(f for task in self.tasks for f in fallen(task.name, task.metrics, known[task.name]))
        if below and not lower_floors:
            return Written((), below)
        written = []
        for task in self.tasks:
            folder = out / task.name
            folder.mkdir(parents=True, exist_ok=True)
            draft = task.final(self.seed, "")
            model = task.final(self.seed, fingerprint(draft.dump()))
            (folder / "model.json").write_text(model.dump(), encoding="utf-8")
            described = {
                "model": task.name,
                "version": model.version,
                "seed": self.seed,
                "corpus": self.corpora[task.name],
                "features": list(task.catalogue.names),
                "thresholds": model.thresholds,
                **task.metrics,
                "floors": raised(task.name, task.metrics, known[task.name]),
            }
            (folder / "metrics.json").write_text(
                json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8"
            )
            (folder / "card.md").write_text(write_card(task.name, described), encoding="utf-8")
            written.append(folder)
        for path, text in self.files.items():
            (out / path).write_text(text, encoding="utf-8")
        return Written(tuple(written), below)


def read_samples(data: Path, say: Progress = print, add: Sequence[Path] = ()) -> list[Sample]:
    """All labelled pages that training and evaluation use; `add` names files of a user's own (see `auditor.training.labels`)."""
    own = read_added(add, say) if add else []  # first: a name that is wrong should not cost a reading of the folder
    samples: list[Sample] = []
    for name in (*CLEAN, *HACKED, *FARMS, "sondhi", "zombie_blogs"):
        found = load(data, name, limit=LIMITS.get(name))
        say(f"read {name}: {len(found)} pages")
        samples.extend(found)
    return samples + own


def corpus_hash(samples: Sequence[Sample]) -> str:
    """Hash of the documents by identity and content, independent of their order."""
    digest = hashlib.sha256()
    for sample in sorted(samples, key=lambda s: s.id):
        digest.update(sample.id.encode())
        digest.update(hashlib.sha256(sample.page.snapshot.body).digest())
    return digest.hexdigest()[:16]


def train(
    data: Path,
    seed: int = 0,
    say: Progress = print,
    samples: list[Sample] | None = None,
    families: bool = True,
    add: Sequence[Path] = (),
    only: str = "",
) -> Trained:
    """Cross-fit and measure the models. Reproducible for one seed and one data folder.

    Args:
        samples: the pages, where they were read before.
        families: also measure each injection family left out of training (half of the run's time).
        add: files of a user's own labelled pages, learned from beside those of the folder.
        only: `health` for the health models alone, the work of a few minutes.

    Raises:
        SourceError: a set of the folder or a file to add cannot be read.
    """
    with threadpool_limits(1):  # small tables: two threads wait for each other
        health_texts = texts.read(data)
        medical = health.train(health_texts, seed, say)
        of_texts = corpus_hash([text.sample for text in health_texts])
        del health_texts
        say("reading press releases and bylines")
        medical.quality.metrics["criteria"] = balance.brief(balance.balance_figures(data, seed))
        medical.quality.metrics["claims"] = claims.claim_figures()
        medical.quality.metrics["bylines"] = bylines.byline_figures(data)
        files = {
            f"{medical.quality.name}/wording.json": medical.quality.wording(frozenset()).dump(),
            "health/balance.json": balance.dump(data, seed),
        }
    if only == "health":
        return Trained(list(medical.tasks), {task.name: of_texts for task in medical.tasks}, seed, {}, files)
    with threadpool_limits(2):
        samples = samples if samples is not None else read_samples(data, say, add)
        link = Task("link", LINK, {"max_iter": 600, "learning_rate": 0.12})
        related = related_task()
        spam = Task("page/spam", SPAM, {"max_iter": 160, "min_samples_leaf": 25, "max_leaf_nodes": 5, "planted": 0.4})
        quality = Task("page/quality", QUALITY, {"max_iter": 140, "min_samples_leaf": 25, "max_leaf_nodes": 5})
        say("planting links")
        link.cross(links.build(samples, data, seed), seed)
        measure.link(link)
        say(f"link model: {json.dumps(link.metrics['hosts'])}")
        related.cross(blocks.build(samples, seed), seed)
        measure.related(related, blocks.probes(samples, seed))
        by_name = {"link": link, "related": related}

        def score(name: str, group: str, values: Floats) -> Floats:
            return by_name[name].unseen(group, values)

        say("scoring pages")
        spam_rows, quality_rows = pages.build(samples, score, seed)
        spam.cross(spam_rows, seed)
        measure.spam(spam, link)
        quality.cross(quality_rows, seed)
        measure.quality(quality)
        measure.together(spam, quality, link)
        left_out: dict[str, Any] = {}
        if families:
            say("leaving families out")
            left_out = measure.families(link, seed, cross_fit)
            link.metrics["left_out_families"] = left_out
        tasks = (link, related, spam, quality)

        def models(site: str) -> Models:
            return Models(
                link.judging(site),
                related.judging(site),
                spam.judging(site),
                quality.judging(site),
                medical.judging(site),
            )

        say("auditing pages")
        spam.metrics["audited"] = audited.figures(samples, audited.audited(samples, models))
        say("searching plain text")
        link.metrics["plain_text"] = plain.measure(samples, seed)
        say("taking flagged links out")
        spam.metrics["removal"] = removal.measure(samples, models, language.load())
        for task in tasks:
            task.metrics["reliability"] = task.reliability()
        of_pages = corpus_hash(samples)
    corpora = {task.name: of_pages for task in tasks} | {task.name: of_texts for task in medical.tasks}
    return Trained([*tasks, *medical.tasks], corpora, seed, left_out, files)
