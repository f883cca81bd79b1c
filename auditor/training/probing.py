"""Probing: every probe and ablation of one data folder, in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from auditor.training.ablation import Ablation, Recalls, ablate, table
from auditor.training.probes import Probe, origin, real, twins
from auditor.training.train import read_samples, train


@dataclass(frozen=True, slots=True)
class Probed:
    probes: tuple[Probe, ...]
    whole: Recalls | None
    """None where ablations were not asked for."""
    ablations: tuple[Ablation, ...]

    @property
    def leaks(self) -> bool:
        """Whether a generator's twins can be told apart by what they must not differ in."""
        return any(probe.leaks for probe in self.probes)

    def text(self) -> str:
        """The tables as plain text."""
        lines = [
            "Can the label be told from what must not matter? AUC cross-fitted by site; 0.5 is chance, <- marks more than 0.1 from it.",
            f"{'model':<13} {'told from':<17} {'rows':<7} {'count':>6}  AUC",
            *map(str, self.probes),
        ]
        if self.whole is not None:
            lines += [
                "",
                "Recall of planted links at 1 % of editorial links, hosts and family left out of training; without each group of features:",
                table(self.whole, self.ablations),
            ]
        return "\n".join(lines)


def probe(data: Path, seed: int, say: Callable[[str], None], ablations: bool = True) -> Probed:
    """Read, fit and probe. As long as a training, and five minutes more for the ablations.

    Raises:
        SourceError: a set of the folder cannot be read.
    """
    samples = read_samples(data, say)
    found = train(data, seed, say=say, samples=samples, families=False)
    with threadpool_limits(2):
        say("probing")
        probes = [*twins(samples, seed), *real(samples)]
        for task in found.tasks:
            if task.rows is not None:
                probes += origin(task.name, task.rows, task.catalogue, seed)
        if not ablations:
            return Probed(tuple(probes), None, ())
        say("leaving groups of features out")
        link = found.tasks[0]
        assert link.rows is not None
        whole, parts = ablate(link.rows, link.folds, link.catalogue, seed, **link.options)
    return Probed(tuple(probes), whole, tuple(parts))
