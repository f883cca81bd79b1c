"""Listing: a page's links, its related posts and the verdict on its quality as a report lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.judge import Judgement
from auditor.model.verdict import Verdict
from auditor.page.page import Page, Place, Role, Spot
from auditor.report import Confidence, Finding, LinkLabel, LinkResult, RelatedItem, RelatedResult


def quality(judged: Judgement) -> Verdict | None:
    """Of health advice the verdict of the model that was made for it."""
    if judged.health is not None and judged.health.quality is not None:
        return judged.health.quality
    return judged.page.quality if judged.page else None


def links(
    page: Page, judged: Judgement, places: Mapping[Spot, Place], planted: Mapping[Spot | None, Confidence]
) -> tuple[LinkResult, ...]:
    """Links to other sites with their verdicts.

    Args:
        planted: the links that were found to be planted, and how surely.
    """
    verdicts = {id(j.link): j for j in judged.links or ()}
    made = []
    for link in page.links:
        if not link.external:
            continue
        found = verdicts.get(id(link))
        place = places.get(link.spot)
        made.append(
            LinkResult(
                href=link.href if "//" in link.href else link.url,  # what `<base>` leads elsewhere does not tell where
                anchor=link.anchor,
                rel=tuple(sorted(link.rel)),
                block=page.role(link.block).value,
                line=place.line if place else None,
                column=place.column if place else None,
                injected=found.verdict if found else None,
                label=_label(planted[link.spot]) if link.spot in planted else found.label if found else LinkLabel.OK,
            )
        )
    return tuple(made)


def phrases(findings: Sequence[Finding]) -> tuple[LinkResult, ...]:
    """Planted phrases that no markup links, as links without an address."""
    return tuple(
        LinkResult(
            href=None,
            anchor=finding.evidence["phrase"],
            rel=(),
            block=Role.ARTICLE.value,
            line=finding.location.line,
            column=finding.location.column,
            injected=None,
            label=_label(finding.confidence),
        )
        for finding in findings
        if finding.check == "planted-phrase"
    )


def _label(confidence: Confidence) -> LinkLabel:
    return LinkLabel.INJECTED if confidence is Confidence.HIGH else LinkLabel.SUSPICIOUS


def related(judged: Judgement) -> tuple[RelatedResult, ...]:
    """Blocks of related posts with their entries and verdicts."""
    return tuple(
        RelatedResult(
            block=b.block.heading,
            items=tuple(
                RelatedItem(item.title, item.href, near)
                for item, near in zip(b.block.items, b.similarities, strict=True)
            ),
            off_topic=b.verdict,
        )
        for b in judged.related or ()
    )
