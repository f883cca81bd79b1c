"""Judge: the three models' verdicts on one page, from features to labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditor.features.content import SPAM, PageView
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.reading import Reading
from auditor.features.related import RELATED, BlockView, claims_relation
from auditor.features.trust import published
from auditor.language import Language
from auditor.model.additive import Additive, load_model
from auditor.model.verdict import Verdict
from auditor.page.page import Block, Link, Page, Role
from auditor.report import Label, LinkLabel
from auditor.site.digest import Digest
from auditor.site.site import Site

MINIMUM_WORDS = 120
"""English words of article below which the page models say nothing: the rest of a short page is its theme."""


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """An external link with the link model's verdict."""

    link: Link
    verdict: Verdict
    label: LinkLabel


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """A related block with the related model's verdict."""

    block: Block
    index: int
    similarities: tuple[float, ...]
    """Cosine of each item's title with the article, in the order of `block.items`; NaN where unknown."""
    verdict: Verdict
    off_topic: bool


@dataclass(frozen=True, slots=True)
class JudgedPage:
    label: Label
    spam: Verdict
    quality: Verdict


@dataclass(frozen=True, slots=True)
class Models:
    """The shipped models, loaded once."""

    link: Additive
    related: Additive
    spam: Additive
    quality: Additive

    @classmethod
    def load(cls) -> Models:
        """Raises ModelError where one is missing or damaged, or does not fit this program's features."""
        return cls(load_model("link"), load_model("related"), load_model("page/spam"), load_model("page/quality"))

    @property
    def versions(self) -> dict[str, str]:
        return {model.name: model.version for model in (self.link, self.related, self.spam, self.quality)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the models say of one page; None where they do not apply."""

    links: tuple[JudgedLink, ...] | None
    related: tuple[JudgedBlock, ...] | None
    page: JudgedPage | None


def judge(page: Page, digest: Digest, site: Site, language: Language, models: Models) -> Judgement:
    """Score one page. Where the article is not English, no model speaks: a verdict in a language that it never saw is worth nothing."""
    if not digest.english or page.language != "en":
        return Judgement(None, None, None)
    reading = Reading(page, digest, site, language)
    views = reading.views()
    rows = LINK.matrix(views, models.link.features)
    verdicts = models.link.verdicts(rows)
    links = tuple(
        JudgedLink(view.link, verdict, link_label(verdict.probability, models.link))
        for view, verdict in zip(views, verdicts, strict=True)
    )
    blocks = _blocks(page, digest, site, language, models.related)
    judged = None
    if digest.words >= MINIMUM_WORDS:
        view = PageView(reading, [v.log_odds for v in verdicts], [b.verdict.log_odds for b in blocks])
        spam = models.spam.verdicts(SPAM.matrix([view], models.spam.features))[0]
        quality = models.quality.verdicts(QUALITY.matrix([view], models.quality.features))[0]
        judged = JudgedPage(
            page_label(spam.probability, quality.probability if published(page) else 0.0, models), spam, quality
        )
    return Judgement(links, blocks or None, judged)


def _blocks(page: Page, digest: Digest, site: Site, language: Language, model: Additive) -> tuple[JudgedBlock, ...]:
    if not digest.vector.any():
        return ()
    views = [
        (index, BlockView(block, digest, site, language))
        for index, block in enumerate(page.blocks)
        if block.role is Role.RELATED and claims_relation(block)
    ]
    views = [(index, view) for index, view in views if np.isfinite(view.similarities).any()]
    verdicts = model.verdicts(RELATED.matrix([view for _, view in views], model.features))
    return tuple(
        JudgedBlock(
            block=view.block,
            index=index,
            similarities=tuple(view.similarities.tolist()),
            verdict=verdict,
            off_topic=verdict.probability >= model.thresholds["off-topic"] and not view.own_subject,
        )
        for (index, view), verdict in zip(views, verdicts, strict=True)
    )


def link_label(probability: float, model: Additive) -> LinkLabel:
    """`injected` at the threshold that hardly any editorial link reaches, `suspicious` at the one per cent threshold."""
    if probability >= model.thresholds["injected"]:
        return LinkLabel.INJECTED
    return LinkLabel.SUSPICIOUS if probability >= model.thresholds["suspicious"] else LinkLabel.OK


def page_label(spam: float, quality: float, models: Models) -> Label:
    """The label by the models alone; facts may raise it (see `auditor.audit`). Quality counts for pages that say they are articles: a
    shop's page has no author and pads its text for other reasons."""
    if spam >= models.spam.thresholds["spam"]:
        return Label.SPAM
    return Label.LOW_QUALITY if quality >= models.quality.thresholds["low-quality"] else Label.CLEAN
