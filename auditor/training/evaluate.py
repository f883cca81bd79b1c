"""Evaluation: the targets beside what was measured, and the figures that fell below the recorded floors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ConfigError
from auditor.training.floors import Fallen, Record, fallen, record

if TYPE_CHECKING:
    from auditor.training.train import Trained

Target = tuple[str, str, tuple[str, ...], str]

HOSTS = ("teampro", "lkredit", "atsurgical", "accentuate")
"""The hacked hosts, each left out in turn."""

TARGETS: tuple[Target, ...] = (
    (
        "planted links of four hacked hosts, each left out: recall at 1 % of editorial links",
        "link",
        ("recall",),
        "≥ 0.80",
    ),
    ("planted links, worst host", "link", ("worst_host",), "≥ 0.60"),
    *((f"planted links, {host}", "link", ("hosts", host, "recall"), "") for host in HOSTS),
    ("planted link ranked first on its page", "link", ("ranked_first",), "≥ 0.90"),
    ("place and trade planted in plain text, found", "link", ("plain_text", "recall", "geo-service"), "≥ 0.70"),
    ("clean pages with a phrase found in their plain text", "link", ("plain_text", "clean_flagged"), "≤ 0.005"),
    *(
        (f"spam posts of {host} labelled spam", "page/spam", ("audited", "hosts", host, "spam_posts_spam"), "≥ 0.90")
        for host in HOSTS
    ),
    *(
        (
            f"spam posts of {host} labelled spam or low quality",
            "page/spam",
            ("audited", "hosts", host, "spam_posts_not_clean"),
            "≥ 0.90",
        )
        for host in HOSTS
    ),
    *(
        (
            f"posts of {host} in any language labelled spam or low quality",
            "page/spam",
            ("audited", "hosts", host, "any_language_not_clean"),
            "≥ 0.90",
        )
        for host in HOSTS
    ),
    ("honest posts of the hacked hosts labelled spam", "page/spam", ("audited", "honest_spam"), "≤ 0.02"),
    ("clean pages labelled spam", "page/spam", ("audited", "clean_spam"), "≤ 0.005"),
    ("clean pages labelled spam or low quality", "page/spam", ("audited", "clean_not_clean"), "≤ 0.02"),
    ("spam findings on a clean page", "page/spam", ("audited", "clean_alarms_a_page"), "≤ 0.1"),
    ("spam posts, worst hacked host, page and link models alone", "page/spam", ("worst_host",), ""),
    ("the flagged link taken out: the page's score falls", "page/spam", ("removal", "flagged"), "≥ 0.99"),
    ("related block of another subject: AUC", "related", ("auc",), "≥ 0.99"),
    ("related block of another subject: recall at 1 %", "related", ("recall",), "≥ 0.80"),
    ("related block of the same subject, another story: AUC", "related", ("same_subject", "auc"), "≥ 0.85"),
    ("calibration error, related", "related", ("calibration", "expected_error"), "≤ 0.02"),
    ("calibration error, link", "link", ("calibration", "expected_error"), "≤ 0.02"),
    ("calibration error, quality", "page/quality", ("calibration", "expected_error"), "≤ 0.02"),
    ("calibration error, page", "page/spam", ("calibration", "expected_error"), "≤ 0.02"),
    ("pages on other subjects not taken for health", "health/subject", ("other_left_alone",), "≥ 0.98"),
    ("pages of health advice taken for health", "health/subject", ("advice_found",), "≥ 0.95"),
    ("the same, close cases among them", "health/subject", ("advice_found_with_close_cases",), ""),
    ("health advice told from news and policy: AUC", "health/advice", ("auc_against_related",), ""),
    ("health pages to rely on or not (Sondhi, hosts left out): AUC", "health/quality", ("sondhi_auc",), "≥ 0.98"),
    ("the same by explainable features alone", "health/quality", ("sondhi_auc_features_alone",), "≥ 0.88"),
    ("the same by wording alone", "health/quality", ("sondhi_auc_wording_alone",), ""),
    ("farms' health advice told from good health advice: AUC", "health/quality", ("farms_auc",), ""),
    (
        "learned on Sondhi alone, farms told from good advice: AUC",
        "health/quality",
        ("carried", "sondhi_to_farms", "auc"),
        "≥ 0.87",
    ),
    ("learned without Sondhi, Sondhi told: AUC", "health/quality", ("carried", "farms_to_sondhi", "auc"), "≥ 0.87"),
    *(
        (
            f"press releases that speak of {name} as raters want it: F1, both answers by frequency",
            "health/quality",
            ("criteria", name, "f1_weighted"),
            "≥ 0.80",
        )
        for name in ("harms", "benefits", "costs")
    ),
    *(
        (
            f"press releases that speak of {name} as raters want it: F1, mean of both answers",
            "health/quality",
            ("criteria", name, "f1_macro"),
            "",
        )
        for name in ("harms", "benefits", "costs")
    ),
    (
        "claims of health fraud: precision on sentences nobody tuned on",
        "health/quality",
        ("claims", "precision"),
        "≥ 0.95",
    ),
    ("the same: recall", "health/quality", ("claims", "recall"), ""),
    ("author found, articles of WCXB", "health/quality", ("bylines", "articles", "author_found"), "≥ 0.92"),
    ("another author named", "health/quality", ("bylines", "articles", "author_wrong"), "≤ 0.03"),
    ("date found, articles of WCXB", "health/quality", ("bylines", "articles", "date_found"), "≥ 0.88"),
    ("good health advice flagged", "health/quality", ("good_flagged",), "≤ 0.02"),
    ("calibration error, health", "health/quality", ("calibration", "expected_error"), "≤ 0.02"),
)

FAMILY_TARGETS = {"geo-service": 0.75, "product": 0.85, "vice": 0.90, "brand": 0.30, "on-topic": 0.30}


def _look(metrics: dict[str, Any], path: tuple[str, ...]) -> Any:
    for key in path:
        metrics = metrics[key]
    return metrics


def _rows(found: Trained) -> Iterator[tuple[str, Any, str]]:
    by_name = {task.name: task.metrics for task in found.tasks}
    for title, model, path, target in TARGETS:
        if model in by_name:
            yield title, _look(by_name[model], path), target
    for name, value in sorted(found.families.items()):
        target = f"≥ {FAMILY_TARGETS[name]:.2f}" if name in FAMILY_TARGETS else ""
        yield f"injection family left out: {name}", value, target


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        low, high = value["interval"]
        return f"{value['value']} ({value['hits']} of {value['count']}; {low}–{high})"
    return str(value)


def met(value: Any, target: str) -> str:
    """`met`, `missed`, or nothing where there is no target or no figure. A target is `≥ number` or `≤ number`."""
    number = value["value"] if isinstance(value, dict) else value
    sign, _, bound = target.partition(" ")
    if not target or number is None:
        return ""
    return "met" if (number >= float(bound) if sign == "≥" else number <= float(bound)) else "missed"


def table(found: Trained) -> str:
    """Every target beside its figure, as plain text; all figures on sites that the scoring model did not see."""
    rows = list(_rows(found))
    width = max(len(title) for title, _, _ in rows)
    return "\n".join(
        f"{title:<{width}}  {target:<8} {met(value, target):<7} {_shown(value)}".rstrip()
        for title, value, target in rows
    )


PAGE_MODELS = ("link", "related", "page/spam", "page/quality")
HEALTH_MODELS = ("health/subject", "health/advice", "health/quality")


def parts(only: str) -> tuple[str, ...]:
    """The models of one part (`health`), or all of them."""
    return HEALTH_MODELS if only else (*PAGE_MODELS, *HEALTH_MODELS)


def records(models: Path, names: tuple[str, ...] = (*PAGE_MODELS, *HEALTH_MODELS)) -> dict[str, Record]:
    """Model → what its metrics file remembers.

    Raises:
        ConfigError: a file is missing, damaged or holds no floor: there is nothing to hold the figures to.
    """
    found: dict[str, Record] = {}
    for name in names:
        known = record(models, name)
        if known is None or not known.floors:
            lacks = "is missing" if known is None else "records no floors"
            raise ConfigError(f"{models / name / 'metrics.json'} {lacks}; run `auditor train` first")
        found[name] = known
    return found


def below(found: Trained, known: Mapping[str, Record]) -> list[Fallen]:
    """The figures below the recorded floors, in the order of the models; families only where they were measured."""
    unmeasured = "" if found.families else "left_out_families."
    return [
        figure
        for task in found.tasks
        if task.name in known
        for figure in fallen(task.name, task.metrics, known[task.name], unmeasured)
    ]


def notes(found: Trained, known: Mapping[str, Record]) -> list[str]:
    """Why figures may differ without being worse: another corpus or another seed than recorded. A line each."""
    corpora = sorted(
        {
            (now, r.corpus)
            for name, now in found.corpora.items()
            if (r := known.get(name)) and r.corpus and r.corpus != now
        }
    )
    seeds = sorted({r.seed for r in known.values() if r.seed is not None} - {found.seed})
    said = [
        f"note: the pages differ from those recorded (corpus {now}, recorded {c}); figures may differ for that"
        for now, c in corpora
    ]
    return said + [f"note: seed {found.seed}, recorded {s}; figures may differ for that" for s in seeds]
