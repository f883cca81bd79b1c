"""Judge: the models' verdicts on the pages of a site. First every page is looked at, then each is judged by what was seen on all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.features.content import SPAM, PageView
from auditor.features.health import MINIMUM_WORDS as HEALTH_WORDS
from auditor.features.health import SUBJECT, HealthReading
from auditor.features.link import LINK
from auditor.features.medical import MEDICAL, MedicalView
from auditor.features.quality import QUALITY
from auditor.features.reading import Reading
from auditor.features.related import RELATED, BlockView, claims_relation
from auditor.features.trust import published
from auditor.language import Language
from auditor.model.additive import Additive, load_model, logistic
from auditor.model.linear import Linear, load_linear
from auditor.model.verdict import Verdict
from auditor.page.page import Block, Link, Page, Role
from auditor.report import Degree, Label, LinkLabel
from auditor.site.digest import Digest
from auditor.site.site import Site

Floats = NDArray[np.float64]

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
class JudgedHealth:
    """How far an article gives health advice, and whether a reader can rely on it."""

    degree: Degree
    subject: Verdict
    advice: Verdict
    quality: Verdict | None
    """That nobody should rely on it; None where it gives no advice, or is too short."""
    unreliable: bool
    """Whether that is at least as likely as in hardly any sound article."""


@dataclass(frozen=True, slots=True)
class HealthModels:
    """Is it about health, does it advise, can a reader rely on it? `wording` is a feature of the last."""

    subject: Additive
    advice: Additive
    quality: Additive
    wording: Linear

    @classmethod
    def load(cls) -> HealthModels:
        """Raises ModelError as `Models.load` does."""
        return cls(
            load_model("health/subject"),
            load_model("health/advice"),
            load_model("health/quality"),
            load_linear("health/quality"),
        )


EVEN = 0.5
"""Probability from which a link is more likely planted than not: enough on an infested site."""


@dataclass(frozen=True, slots=True)
class Models:
    """The shipped models, loaded once."""

    link: Additive
    related: Additive
    spam: Additive
    quality: Additive
    health: HealthModels

    @classmethod
    def load(cls) -> Models:
        """Raises ModelError where one is missing or damaged, or does not fit this program's features."""
        return cls(
            load_model("link"),
            load_model("related"),
            load_model("page/spam"),
            load_model("page/quality"),
            HealthModels.load(),
        )

    @property
    def additive(self) -> tuple[Additive, ...]:
        """Those whose verdicts explain themselves."""
        health = self.health
        return (self.link, self.related, self.spam, self.quality, health.subject, health.advice, health.quality)

    @property
    def versions(self) -> dict[str, str]:
        return {model.name: model.version for model in self.additive}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the models say of one page; None where they do not apply."""

    links: tuple[JudgedLink, ...] | None
    related: tuple[JudgedBlock, ...] | None
    page: JudgedPage | None
    health: JudgedHealth | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What the models are asked about one page: rows of features, made while its text was at hand."""

    links: tuple[Link, ...]
    link_rows: Floats
    link_shares: Floats
    """What each feature adds to the log-odds that a link was planted: the model is asked once."""
    link_odds: Floats
    """Log-odds that each link was planted."""
    in_article: tuple[bool, ...]
    blocks: tuple[tuple[int, BlockView], ...]
    """Related blocks that can be judged, with their indices in `Page.blocks`."""
    block_rows: Floats
    spam_row: Floats | None
    """None where the article is too short for the page models."""
    quality_row: Floats | None
    published: bool
    subject_row: Floats | None
    """None where the article is too short to tell whether it is about health."""
    degree: Degree | None
    """How far it gives health advice; None as above."""
    medical: MedicalView | None
    """None where it gives no health advice, or is too short for the page models. Its features are read when it is judged, for the checks
    ask about the same claims and facts right after, and those of two pages at most are kept."""


def look(page: Page, digest: Digest, site: Site, language: Language, models: Models) -> Signs | None:
    """Read off a page what the models ask for. None where the article is not English: a verdict in a language that no model ever saw
    is worth nothing."""
    if not digest.english or page.language != "en":
        return None
    reading = Reading(page, digest, site, language)
    views = reading.views()
    rows = LINK.matrix(views, models.link.features)
    shares = models.link.contributions(rows)
    odds = models.link.bias + shares.sum(axis=1)
    blocks = _blocks(page, digest, site, language)
    block_rows = RELATED.matrix([view for _, view in blocks], models.related.features)
    spam = quality = subject = advises = medical = None
    if digest.words >= HEALTH_WORDS:
        health = HealthReading(page, digest, language)
        subject = SUBJECT.matrix([health], models.health.subject.features)
        advises = degree(subject, models.health)
    if digest.words >= MINIMUM_WORDS:
        view = PageView(reading, odds.tolist(), models.related.log_odds(block_rows).tolist())
        spam = SPAM.matrix([view], models.spam.features)
        quality = QUALITY.matrix([view], models.quality.features)
        if advises is Degree.ADVICE:
            medical = MedicalView(health, view, models.health.wording.log_odds(digest.vector))
    return Signs(
        links=tuple(view.link for view in views),
        link_rows=rows,
        link_shares=shares,
        link_odds=odds,
        in_article=tuple(view.in_article for view in views),
        blocks=tuple(blocks),
        block_rows=block_rows,
        spam_row=spam,
        quality_row=quality,
        published=published(page),
        subject_row=subject,
        degree=advises,
        medical=medical,
    )


def judge(signs: Signs | None, models: Models, infested: bool = False) -> Judgement:
    """The verdicts on one page.

    Args:
        infested: whether links that look planted are all over its site (`Spread.linked`). There a link of the article is suspicious
            where it is more likely planted than not.
    """
    if signs is None:
        return Judgement(None, None, None)
    page = None
    if signs.spam_row is not None and signs.quality_row is not None:
        spam = models.spam.verdicts(signs.spam_row)[0]
        quality = models.quality.verdicts(signs.quality_row)[0]
        low = quality.probability if signs.published else 0.0
        page = JudgedPage(page_label(spam.probability, low, models), spam, quality)
    links = tuple(
        JudgedLink(link, verdict, link_label(verdict.probability, models.link, inside and infested))
        for link, verdict, inside in zip(
            signs.links, models.link.verdicts(signs.link_rows, signs.link_shares), signs.in_article, strict=True
        )
    )
    blocks = tuple(
        JudgedBlock(
            block=view.block,
            index=index,
            similarities=tuple(view.similarities.tolist()),
            verdict=verdict,
            off_topic=verdict.probability >= models.related.thresholds["off-topic"] and not view.own_subject,
        )
        for (index, view), verdict in zip(signs.blocks, models.related.verdicts(signs.block_rows), strict=True)
    )
    return Judgement(links, blocks or None, page, _health(signs, models.health))


def degree(row: Floats, models: HealthModels) -> Degree:
    """How far an article gives health advice, by its row of the subject's features."""
    if logistic(float(models.subject.log_odds(row)[0])) < models.subject.thresholds["health"]:
        return Degree.NONE
    advises = logistic(float(models.advice.log_odds(row)[0])) >= models.advice.thresholds["advice"]
    return Degree.ADVICE if advises else Degree.RELATED


def _health(signs: Signs, models: HealthModels) -> JudgedHealth | None:
    if signs.subject_row is None or signs.degree is None:
        return None
    quality = None
    if signs.medical is not None:
        quality = models.quality.verdicts(MEDICAL.matrix([signs.medical], models.quality.features))[0]
    return JudgedHealth(
        degree=signs.degree,
        subject=models.subject.verdicts(signs.subject_row)[0],
        advice=models.advice.verdicts(signs.subject_row)[0],
        quality=quality,
        unreliable=quality is not None and quality.probability >= models.quality.thresholds["unreliable"],
    )


def _blocks(page: Page, digest: Digest, site: Site, language: Language) -> list[tuple[int, BlockView]]:
    if not digest.vector.any():
        return []
    views = [
        (index, BlockView(block, digest, site, language))
        for index, block in enumerate(page.blocks)
        if block.role is Role.RELATED and claims_relation(block)
    ]
    return [(index, view) for index, view in views if np.isfinite(view.similarities).any()]


def link_label(probability: float, model: Additive, infested: bool = False) -> LinkLabel:
    """`injected` at the threshold that hardly any editorial link reaches, `suspicious` at the one per cent threshold, or on an
    infested site where it is more likely planted than not."""
    if probability >= model.thresholds["injected"]:
        return LinkLabel.INJECTED
    limit = min(EVEN, model.thresholds["suspicious"]) if infested else model.thresholds["suspicious"]
    return LinkLabel.SUSPICIOUS if probability >= limit else LinkLabel.OK


def page_label(spam: float, quality: float, models: Models) -> Label:
    """The label by the models alone; facts may raise it (see `auditor.audit`). Quality counts for pages that say they are articles: a
    shop's page has no author and pads its text for other reasons."""
    if spam >= models.spam.thresholds["spam"]:
        return Label.SPAM
    return Label.LOW_QUALITY if quality >= models.quality.thresholds["low-quality"] else Label.CLEAN
