"""Reading: one page prepared for its link features, so that what all links share is computed once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from urllib.parse import unquote

import numpy as np

from auditor import urls
from auditor.features import surroundings
from auditor.features.cues import Spoken
from auditor.language import Language, lexicons
from auditor.language.compound import part
from auditor.language.lexicons import HostKind
from auditor.language.phrases import Wedge, marks
from auditor.language.vice import ViceHit, vice, vice_address
from auditor.language.words import content, stem, tokens
from auditor.page.page import Link, Page, Paragraph, Role
from auditor.page.prose import sentence_at
from auditor.site.digest import Digest, Vector
from auditor.site.site import Site

JUDGED_ROLES = frozenset({Role.ARTICLE, Role.COMMENTS, Role.AUTHOR, Role.FOOTER, Role.SIDEBAR, Role.WIDGET})
"""Blocks whose external links the link model looks at: all but menus and related posts."""

_INFORMING = frozenset({HostKind.REFERENCE, HostKind.NEWS})
_SLUG = re.compile(r"[^\W\d_]+")
_REACH = 120  # characters each side of an anchor that the phrase statistics read


@dataclass(slots=True)
class Reading:
    """What the links of one page share."""

    page: Page
    digest: Digest
    site: Site
    language: Language
    roles: list[Role] = field(init=False)
    external: list[Link] = field(init=False)
    """External links of judged blocks, in document order."""
    host_counts: Counter[str] = field(init=False)
    usual_style: str = field(init=False)
    own_words: frozenset[str] = field(init=False)
    theme: Vector = field(init=False)
    article_count: int = field(init=False)
    order: dict[int, int] = field(init=False)
    linked: Counter[int] = field(init=False)
    article_vice: int = field(init=False)
    disclosed: bool = field(init=False)
    spoken: Spoken = field(init=False)
    """The article's text in lower case with its words counted."""
    _lengths: dict[int, int] = field(init=False, default_factory=dict)
    _views: list[LinkView] | None = field(init=False, default=None)
    _tallies: dict[Callable[[LinkView], float], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        page = self.page
        self.roles = [block.role for block in page.blocks]
        self.external = [
            link
            for link in page.links
            # A host without a dot is a machine of the reader's own, as manuals name it: http://localhost:3000.
            if link.external and "." in link.host and self.roles[link.block] in JUDGED_ROLES and link.url
        ]
        self.host_counts = Counter(link.host for link in page.links if link.external)
        body = [link for link in page.links if self.roles[link.block] is Role.ARTICLE]
        styles = Counter(link.style for link in body)
        self.usual_style = styles.most_common(1)[0][0] if len(body) >= 3 else "?"
        self.own_words = frozenset(_SLUG.findall(f"{page.site} {page.metadata.site_name}".lower()))
        self.theme = self.site.theme(self.digest)
        article = [i for i, p in enumerate(page.paragraphs) if self.roles[p.block] is Role.ARTICLE]
        self.order = {paragraph: position for position, paragraph in enumerate(article)}
        self.article_count = sum(1 for link in self.external if self.roles[link.block] is Role.ARTICLE)
        self.linked = Counter()
        for link in page.links:
            if link.paragraph is not None:
                self.linked[link.paragraph] += link.end - link.start
        self.article_vice = sum(hit.hard for hit in vice(self.digest.text))
        self.spoken = Spoken(self.digest.text)
        self.disclosed = bool(self.external) and lexicons.disclosure(self.digest.text) is not None

    def shown(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is of the article and visible."""
        return self.roles[paragraph.block] is Role.ARTICLE and paragraph.hidden is None

    def words_in(self, paragraph: int) -> int:
        """Words of a paragraph; counted once, however many links it holds."""
        if paragraph not in self._lengths:
            self._lengths[paragraph] = len(self.page.paragraphs[paragraph].text.split())
        return self._lengths[paragraph]

    def views(self) -> list[LinkView]:
        """One view an external link, in document order; made once."""
        if self._views is None:
            self._views = [LinkView(self, link) for link in self.external]
        return self._views

    def tally(self, sign: Callable[[LinkView], float]) -> int:
        """How many external links of the article show a sign; counted once."""
        if sign not in self._tallies:
            self._tallies[sign] = sum(sign(view) > 0 for view in self.views() if view.in_article)
        return self._tallies[sign]


@dataclass(slots=True)
class LinkView:
    """One external link in its surroundings."""

    reading: Reading
    link: Link
    role: Role = field(init=False)
    before: str = field(init=False)
    after: str = field(init=False)
    words: list[str] = field(init=False)
    stems: frozenset[str] = field(init=False)
    sentence_words: list[str] = field(init=False)
    vector: Vector = field(init=False)
    sentence_vector: Vector = field(init=False)
    paragraph_vector: Vector = field(init=False)
    """The paragraph's other words."""
    slug: list[str] = field(init=False)
    """Words of the target's address: those run together in its host's name, and its path's."""
    slug_vector: Vector = field(init=False)
    host_known: float = field(init=False)
    """Share of the host name's letters that stand in English words."""
    path: str = field(init=False)
    kind: HostKind = field(init=False)
    sells: ViceHit | None = field(init=False)
    sells_target: ViceHit | None = field(init=False)
    bare: bool = field(init=False)
    """The anchor is an address."""
    wedge: Wedge | None = field(init=False)
    """How the anchor reads in its place; None where there is no text or another language."""

    def __post_init__(self) -> None:
        link, language = self.link, self.reading.language
        self.role = self.reading.roles[link.block]
        self.before, self.after = self._around()
        self.words = tokens(link.anchor)
        self.stems = frozenset(map(stem, content(self.words)))
        self.sentence_words = tokens(self.before) + tokens(self.after)
        vectors = language.vectors
        self.vector = vectors.mean(self.words)
        self.sentence_vector = vectors.mean(self.sentence_words)
        parts = urls.split(link.url)
        self.path = unquote(parts.path) if parts else ""
        host = (parts.hostname or "") if parts else ""
        named = part(link.host.partition(".")[0], vectors.index)
        self.host_known = named.known
        self.slug = [*named.words, *_SLUG.findall(self.path.lower().replace("_", " "))]
        self.slug_vector = vectors.mean(self.slug)
        self.paragraph_vector = vectors.mean(tokens(self._rest()))
        self.bare = surroundings.is_address(link.anchor)
        self.kind = lexicons.host_kind(link.host, host)
        hits = vice(link.anchor)
        self.sells = max(hits, key=lambda hit: hit.hard) if hits else None
        # "Gambling_in_the_United_States" in an encyclopedia sells nothing.
        self.sells_target = None if self.kind in _INFORMING else vice_address(link.url)
        self.wedge = self._wedge()

    def _around(self) -> tuple[str, str]:
        link = self.link
        if link.paragraph is None:
            return "", ""
        text = self.reading.page.paragraphs[link.paragraph].text
        first, last = sentence_at(text, link.start, link.end)
        return text[first : link.start], text[link.end : last]

    def _wedge(self) -> Wedge | None:
        if self.link.paragraph is None or not self.words or not self.reading.digest.english:
            return None
        # An address reads as a name, not as the words it is made of.
        anchor = "Somewhere" if self.bare else self.link.anchor
        return self.reading.language.phrases.wedge(
            marks(self.before[-_REACH:]), marks(anchor), marks(self.after[:_REACH])
        )

    def _rest(self) -> str:
        """Up to about a hundred words of the paragraph around the anchor."""
        text, link = self.paragraph_text, self.link
        return f"{text[max(0, link.start - 400) : link.start]} {text[link.end : link.end + 400]}"

    @property
    def paragraph_text(self) -> str:
        return "" if self.link.paragraph is None else self.reading.page.paragraphs[self.link.paragraph].text

    @property
    def in_article(self) -> bool:
        return self.role is Role.ARTICLE


def share(stems: frozenset[str], others: Set[str], language: Language) -> float:
    """Inverse-document-frequency weighted share of `stems` that occur among `others`; NaN where there are none."""
    if not stems:
        return float("nan")
    weights = {word: language.vectors.idf(word) for word in stems}
    # Exact sums: the order of a set differs from run to run, and a rounded sum with it.
    total = math.fsum(weights.values())
    return (
        math.fsum(weight for word, weight in weights.items() if word in others) / total if total > 0 else float("nan")
    )


def cosine(one: Vector, two: Vector) -> float:
    """Cosine of unit vectors; NaN where one of them is zero."""
    if not one.any() or not two.any():
        return float("nan")
    return float(np.dot(one, two))
