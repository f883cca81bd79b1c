"""Measuring: the figures of every model on sites that it did not see, with counts and 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.training.blocks import SAME_SUBJECT, Probe
from auditor.training.figures import Floats, auc, counted, share, threshold_at
from auditor.training.fit import generated
from auditor.training.links import HOST_FOLDS

if TYPE_CHECKING:
    from auditor.training.task import Task


def _column(task: Task, name: str) -> Any:
    assert task.rows is not None
    return task.rows.features[:, task.catalogue.names.index(name)]


def link(task: Task) -> None:
    """Recall of planted links on each hacked host, left out of training, at 1 % of the editorial links of unseen clean sites."""
    rows, odds = task.rows, task.odds
    assert rows is not None
    body = (_column(task, "in-comments") == 0) & (_column(task, "in-margin") == 0)
    real = ~generated(rows)
    clean = (rows.label == 0) & real & ~np.isin(rows.group, list(HOST_FOLDS)) & body
    suspicious = threshold_at(odds[clean], 0.01)
    task.thresholds = {"suspicious": suspicious}
    hosts: dict[str, Any] = {}
    for host in HOST_FOLDS:
        planted = (rows.group == host) & (rows.label == 1) & body
        honest = (rows.group == host) & (rows.label == 0) & body
        hosts[host] = {
            "recall": share(odds[planted] > suspicious),
            "own_honest_flagged": share(odds[honest] > suspicious),
            "auc": round(auc(odds[planted], odds[clean]), 4),
        }
    task.metrics = {
        "hosts": hosts,
        "recall": counted(
            sum(h["recall"]["hits"] for h in hosts.values()), sum(h["recall"]["count"] for h in hosts.values())
        ),
        "worst_host": min(h["recall"]["value"] for h in hosts.values()),
        "editorial_flagged": share(odds[clean] > suspicious),
        "editorial_flagged_by_set": {
            str(name): share(odds[clean & (rows.source == name)] > suspicious)
            for name in sorted(set(rows.source[clean]))
        },
        "seen_families": {
            str(name).removeprefix("family:"): share(odds[(rows.source == name) & ~rows.train] > suspicious)
            for name in sorted(set(rows.source[generated(rows) & (rows.label == 1)]))
        },
        "honest_mentions_flagged": share(odds[(rows.source == "honest:mention") & ~rows.train] > suspicious),
        "ranked_first": _ranked(task, body, real),
        "calibration": task.calibration(),
        "rows": {"planted": int((rows.label == 1).sum()), "editorial": int((rows.label == 0).sum())},
    }


def _ranked(task: Task, body: Any, real: Any) -> dict[str, Any]:
    """How often a planted link is the highest of its page, pages with at least two editorial links besides."""
    rows, odds = task.rows, task.odds
    assert rows is not None
    best: dict[int, float] = {}
    counts: dict[int, int] = {}
    for page, value in zip(
        rows.page[real & body & (rows.label == 0)], odds[real & body & (rows.label == 0)], strict=True
    ):
        best[int(page)] = max(best.get(int(page), -np.inf), float(value))
        counts[int(page)] = counts.get(int(page), 0) + 1
    made = ~real & ~rows.train & body & (rows.label == 1)
    hits = [
        value > best[int(page)]
        for page, value in zip(rows.page[made], odds[made], strict=True)
        if counts.get(int(page), 0) >= 2
    ]
    return share(np.array(hits, dtype=bool))


def families(task: Task, seed: int, cross_fit: Callable[..., Any]) -> dict[str, Any]:
    """Recall of each family when no row of it was trained on, at 1 % of editorial links; two of the folds."""
    rows = task.rows
    assert rows is not None
    body = (_column(task, "in-comments") == 0) & (_column(task, "in-margin") == 0)
    clean = (rows.label == 0) & ~generated(rows) & ~np.isin(rows.group, list(HOST_FOLDS)) & body
    found = {}
    for name in sorted(set(rows.source[generated(rows) & (rows.label == 1)])):
        odds = cross_fit(
            rows,
            task.folds,
            task.signs,
            seed,
            keep=lambda part, name=name: part.source != name,
            only=(1, 4),
            **task.options,
        )
        scored = ~np.isnan(odds)
        limit = threshold_at(odds[clean & scored], 0.01)
        found[str(name).removeprefix("family:")] = share(odds[(rows.source == name) & ~rows.train & scored] > limit)
    return found


def related(task: Task, probes: Sequence[Probe]) -> None:
    """Swapped blocks against genuine ones of unseen sites, at 1 % false alarms; real blocks of hacked hosts and a farm at that
    threshold, as reported and before blocks on the site's own subject are let off."""
    rows, odds = task.rows, task.odds
    assert rows is not None
    genuine = rows.label == 0
    own, mixed = odds[genuine], odds[rows.source == "swapped"]
    limit = max(threshold_at(own, 0.01), 0.0)
    task.thresholds = {"off-topic": limit}
    above = np.array([float(task.unseen(probe.group, probe.values)[0]) for probe in probes])
    names = np.array([probe.name for probe in probes])
    excused = np.array([probe.excused for probe in probes], dtype=bool)

    def against(swapped: Floats) -> dict[str, Any]:
        return {"auc": round(auc(swapped, own), 4), "recall": share(swapped > limit)}

    task.metrics = {
        **against(mixed),
        "other_subject": against(mixed),
        "one_site": against(odds[rows.source == "swapped:one-site"]),
        "same_subject": against(above[names == SAME_SUBJECT]),
        "genuine_flagged": share(own > limit),
        "genuine_flagged_by_set": {
            str(name): share(odds[genuine & (rows.source == name)] > limit)
            for name in sorted(set(rows.source[genuine]))
        },
        "real": {
            str(name): {
                "flagged": share((above > limit)[names == name] & ~excused[names == name]),
                "above_threshold": share(above[names == name] > limit),
            }
            for name in sorted(set(names) - {SAME_SUBJECT})
        },
        "calibration": task.calibration(),
    }


def spam(task: Task, link_task: Task) -> None:
    """Spam posts of each hacked host, left out of training; honest posts of the same hosts; clean pages of unseen sites.

    A page is called spam by its own model or by a link at the `injected` threshold (see `auditor.audit`). Both thresholds are set
    together, so that of the clean pages about one in 500 is called spam by a link and one in 500 more by the page model.
    """
    rows, odds = task.rows, task.odds
    assert rows is not None
    real = ~generated(rows)
    worst = _column(task, "worst-link")
    wcxb = (rows.label == 0) & (rows.source == "wcxb_dev")
    clean = (rows.label == 0) & real & ~np.isin(rows.group, list(HOST_FOLDS))
    injected = max(threshold_at(worst[wcxb], 0.002), threshold_at(worst[clean], 0.002))
    rest = worst <= injected
    limit = max(threshold_at(odds[wcxb & rest], 0.002), threshold_at(odds[clean & rest], 0.002))
    link_task.thresholds["injected"] = injected
    task.thresholds = {"spam": limit}
    called = (odds > limit) | (worst > injected)
    hosts: dict[str, Any] = {}
    for host in HOST_FOLDS:
        here = (rows.group == host) & real
        hosts[host] = {
            "recall": share(called[here & (rows.source == f"hacked_{host}") & (rows.label == 1)]),
            "recall_model_alone": share(odds[here & (rows.source == f"hacked_{host}") & (rows.label == 1)] > limit),
            "honest_flagged": share(called[here & (rows.label == 0)]),
        }
    task.metrics = {
        "hosts": hosts,
        "worst_host": min(h["recall"]["value"] for h in hosts.values()),
        "copied_exchange_pages": share(called[rows.source == "hacked_atsurgical_copied"]),
        "zombie_blogs": share(called[rows.source == "zombie_blogs"]),
        "clean_flagged": share(called[wcxb]),
        "clean_flagged_by_set": {
            str(n): share(called[clean & (rows.source == n)]) for n in sorted(set(rows.source[clean]))
        },
        "planted_pages": {
            str(n).removeprefix("family:"): share(called[(rows.source == n) & ~rows.train])
            for n in sorted(set(rows.source[generated(rows) & (rows.label == 1)]))
        },
        "calibration": task.calibration(),
    }


def quality(task: Task) -> None:
    """Farms, each left out of training, and spoiled twins against good articles of unseen sites."""
    rows, odds = task.rows, task.odds
    assert rows is not None
    clean = (rows.label == 0) & (rows.source != "sondhi")
    wcxb = clean & (rows.source == "wcxb_dev")
    limit = max(threshold_at(odds[wcxb], 0.012), threshold_at(odds[clean], 0.012))
    task.thresholds = {"low-quality": limit}
    sondhi = rows.source == "sondhi"
    task.metrics = {
        "farms": {
            str(n): {
                "recall": share(odds[(rows.source == n) & (rows.label == 1)] > limit),
                "auc": round(auc(odds[(rows.source == n) & (rows.label == 1)], odds[clean]), 4),
            }
            for n in sorted(set(rows.source[rows.label == 1]))
        },
        "sondhi_auc": round(auc(odds[sondhi & (rows.label == 1)], odds[sondhi & (rows.label == 0)]), 4),
        "clean_flagged": share(odds[wcxb] > limit),
        "clean_flagged_by_set": {
            str(n): share(odds[clean & (rows.source == n)] > limit) for n in sorted(set(rows.source[clean]))
        },
        "calibration": task.calibration(),
    }


def together(spam_task: Task, quality_task: Task, link_task: Task) -> None:
    """Share of the clean WCXB pages that get any label but clean from the models."""
    one, two = spam_task.rows, quality_task.rows
    assert one is not None and two is not None
    worst = _column(spam_task, "worst-link") > link_task.thresholds["injected"]
    flagged: dict[int, list[bool]] = {}
    for rows, called in (
        (one, (spam_task.odds > spam_task.thresholds["spam"]) | worst),
        (two, quality_task.odds > quality_task.thresholds["low-quality"]),
    ):
        clean = (rows.label == 0) & (rows.source == "wcxb_dev")
        for page, found in zip(rows.page[clean], called[clean], strict=True):
            flagged.setdefault(int(page), []).append(bool(found))
    spam_task.metrics["clean_pages_not_clean"] = share(np.array([any(found) for found in flagged.values()], dtype=bool))
