"""Audited: the labels that the whole audit gives, models and checks together, as users get them.

The figures of a model alone say how good the model is; these say what happens to a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.checks import all_checks
from auditor.config import Config
from auditor.hands import judged
from auditor.judge import MINIMUM_WORDS, Models
from auditor.page.snapshot import Failure
from auditor.report import Label, Severity
from auditor.result import Judges, wishes
from auditor.site.site import MINIMUM_PAGES
from auditor.spread import Spread
from auditor.spread import spread as spread_of
from auditor.training.datasets import CLEAN, FARMS, HACKED, Sample
from auditor.training.figures import counted
from auditor.training.parallel import in_order

_SPAM_GROUPS = ("spam", "hacked", "related")


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audit said of one page."""

    sample: int
    """Its number among the samples."""
    label: Label
    alarms: int
    """Findings of spam, hacking and off-topic related posts of at least medium severity."""
    marked: float
    """Share of its site's articles that carry a link that looks planted."""
    infested: bool
    """What the audit makes of that."""


def audited(samples: Sequence[Sample], models: Callable[[str], Models]) -> list[Audited]:
    """Audit the pages of clean sites, hacked hosts and farms, each in its site.

    Args:
        models: site → the models that saw no page of it.
    """
    sites: dict[str, list[int]] = {}
    for number, sample in enumerate(samples):
        if sample.good or sample.set in (*HACKED, *FARMS, "zombie_blogs"):
            sites.setdefault(sample.site_name, []).append(number)
    # The largest first, so that the processes share them evenly.
    ordered = sorted(sites.items(), key=lambda item: (-len(item[1]), item[0]))
    asked = wishes(Config())

    def work(index: int) -> list[Audited]:
        name, numbers = ordered[index]
        return list(_site([(number, samples[number]) for number in numbers], Judges(asked, models(name))))

    return [one for found in in_order(work, len(ordered)) for one in found]


def _site(members: Sequence[tuple[int, Sample]], judges: Judges) -> Iterator[Audited]:
    checks = all_checks()
    looks = [judged(s.page, s.digest, s.site, Spread(), judges) for _, s in members]
    spread = spread_of(one.mark for one in looks)
    for (number, sample), first in zip(members, looks, strict=True):
        again = spread.reopens(first.mark)
        one = judged(sample.page, sample.digest, sample.site, spread, judges) if again else first
        if isinstance(one.result, Failure):
            raise RuntimeError(f"{one.result.name}: {one.result.detail}")
        alarms = sum(
            checks[finding.check].group in _SPAM_GROUPS and finding.severity >= Severity.MEDIUM
            for finding in one.result.findings
        )
        yield Audited(number, one.result.label, alarms, len(spread.marked) / max(spread.articles, 1), spread.infested)


def figures(samples: Sequence[Sample], found: Sequence[Audited]) -> dict[str, Any]:
    """Spam posts and honest posts of each hacked host, left out of training, and clean pages of unseen sites, by label.

    `any_language` counts the posts that are too short or foreign for the models as well.
    """
    pages = [(samples[one.sample], one) for one in found]
    hosts = {}
    for name in HACKED:
        spam = [one for sample, one in pages if sample.set == name and sample.label == "spam_post"]
        readable = [one for one in spam if _readable(samples[one.sample])]
        honest = [one for sample, one in pages if sample.set == name and sample.honest]
        hosts[name.removeprefix("hacked_")] = {
            "spam_posts_spam": _share(readable, Label.SPAM),
            "spam_posts_not_clean": _share(readable, Label.SPAM, Label.LOW_QUALITY),
            "any_language_not_clean": _share(spam, Label.SPAM, Label.LOW_QUALITY),
            "honest_spam": _share(honest, Label.SPAM),
            "honest_not_clean": _share(honest, Label.SPAM, Label.LOW_QUALITY),
        }
    clean = [one for sample, one in pages if sample.set == "wcxb_dev"]
    return {
        "hosts": hosts,
        "honest_spam": _share([one for sample, one in pages if sample.set in HACKED and sample.honest], Label.SPAM),
        "clean_spam": _share(clean, Label.SPAM),
        "clean_not_clean": _share(clean, Label.SPAM, Label.LOW_QUALITY),
        "clean_alarms_a_page": round(sum(one.alarms for one in clean) / max(len(clean), 1), 4),
        "marked": _marked(pages),
        "by_set": {
            name: {
                "spam": _share([one for sample, one in pages if sample.set == name], Label.SPAM),
                "not_clean": _share(
                    [one for sample, one in pages if sample.set == name], Label.SPAM, Label.LOW_QUALITY
                ),
            }
            for name in (*CLEAN, *FARMS, "zombie_blogs")
            if any(sample.set == name for sample, _ in pages)
        },
    }


def _marked(pages: Sequence[tuple[Sample, Audited]]) -> dict[str, Any]:
    """Share of marked articles of each hacked host, and the largest of the clean sites of ten pages and more."""
    crowd = Counter(sample.site_name for sample, _ in pages)
    clean = {s.site_name: one for s, one in pages if s.good and crowd[s.site_name] >= MINIMUM_PAGES}
    return {
        **{sample.site_name: round(one.marked, 4) for sample, one in pages if sample.set in HACKED},
        "clean_sites_at_most": round(max((one.marked for one in clean.values()), default=0.0), 4),
        "clean_sites_infested": counted(sum(one.infested for one in clean.values()), len(clean)),
    }


def _readable(sample: Sample) -> bool:
    return sample.digest.english and sample.page.language == "en" and sample.digest.words >= MINIMUM_WORDS


def _share(found: Sequence[Audited], *labels: Label) -> dict[str, Any]:
    return counted(sum(one.label in labels for one in found), len(found))
