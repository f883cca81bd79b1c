"""Reading: one page prepared for its link features, so that what all links share is computed once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from auditor.features.cues import Spoken
from auditor.features.ends import Anchor, Target, anchor, target
from auditor.language import Language, lexicons
from auditor.language.phrases import Wedge, marks
from auditor.language.vice import vice
from auditor.language.words import tokens_of
from auditor.page.page import Link, Page, Paragraph, Role
from auditor.page.prose import sentence_at
from auditor.site.digest import Digest, Vector
from auditor.site.site import Site

JUDGED_ROLES = frozenset({Role.ARTICLE, Role.COMMENTS, Role.AUTHOR, Role.FOOTER, Role.SIDEBAR, Role.WIDGET})
"""Blocks whose external links the link model looks at: all but menus and related posts."""

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
    closeness: float = field(init=False)
    """Cosine of the article with what the site is about."""
    disclosed: bool = field(init=False)
    spoken: Spoken = field(init=False)
    """The article's text in lower case with its words counted."""
    _lengths: dict[int, int] = field(init=False, default_factory=dict)
    _views: list[LinkView] | None = field(init=False, default=None)
    _signs: dict[Callable[[LinkView], float], tuple[list[bool], int]] = field(init=False, default_factory=dict)
    _mentions: dict[str, int] = field(init=False, default_factory=dict)

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
        self.closeness = cosine(self.digest.vector, self.theme)
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
            views = [LinkView(self, link, number) for number, link in enumerate(self.external)]
            self._point(views)
            self._views = views
        return self._views

    def _point(self, views: list[LinkView]) -> None:
        """Ask the language's tables for all links of the page at once."""
        texts: dict[Hashable, Sequence[str]] = {}
        lines = tokens_of([line for view in views for line in (view.before, view.after, view.rest())])
        for view, before, after, rest in zip(views, lines[0::3], lines[1::3], lines[2::3], strict=True):
            view.sentence_words = before + after
            if view.anchor.vector is None:
                texts[id(view.anchor)] = view.anchor.words
            if view.target.vector is None:
                texts[id(view.target)] = view.target.slug
            texts[id(view), 0] = view.sentence_words
            texts[id(view), 1] = rest
        found = dict(zip(texts, self.language.vectors.means(list(texts.values())), strict=True))
        for view in views:
            view.sentence_vector, view.paragraph_vector = found[id(view), 0], found[id(view), 1]
            one, two = view.anchor, view.target
            view.vector = one.vector = found[id(one)] if one.vector is None else one.vector
            view.slug_vector = two.vector = found[id(two)] if two.vector is None else two.vector
        judged = [view for view in views if view.link.paragraph is not None and view.anchor.words]
        if self.digest.english:
            places = [(marks(v.before[-_REACH:]), v.anchor.marks, marks(v.after[:_REACH])) for v in judged]
            for view, wedge in zip(judged, self.language.phrases.wedges(places), strict=True):
                view.wedge = wedge

    def signs(self, sign: Callable[[LinkView], float]) -> tuple[list[bool], int]:
        """Of each external link whether it stands in the article and shows a sign, and how many do; looked at once."""
        if sign not in self._signs:
            shown = [view.in_article and sign(view) > 0 for view in self.views()]
            self._signs[sign] = shown, sum(shown)
        return self._signs[sign]

    def tally(self, sign: Callable[[LinkView], float]) -> int:
        """How many external links of the article show a sign."""
        return self.signs(sign)[1]

    def mentions(self, label: str) -> int:
        """How often the article's text has a label in it; counted once."""
        if label not in self._mentions:
            self._mentions[label] = self.spoken.text.count(label)
        return self._mentions[label]


@dataclass(slots=True, eq=False)
class LinkView:
    """One external link in its surroundings. `Reading.views` makes them; a vector or a wedge costs less for many than for one."""

    reading: Reading
    link: Link
    number: int
    """Its place among the page's external links."""
    role: Role = field(init=False)
    before: str = field(init=False)
    """The rest of its sentence, up to it and behind it."""
    after: str = field(init=False)
    sentence_words: list[str] = field(init=False)
    paragraph_text: str = field(init=False)
    anchor: Anchor = field(init=False)
    target: Target = field(init=False)
    in_article: bool = field(init=False)
    vector: Vector = field(init=False)
    sentence_vector: Vector = field(init=False)
    paragraph_vector: Vector = field(init=False)
    """The paragraph's other words."""
    slug_vector: Vector = field(init=False)
    wedge: Wedge | None = field(init=False, default=None)
    """How the anchor reads in its place; None where there is no text or another language."""

    def __post_init__(self) -> None:
        link, reading = self.link, self.reading
        self.role = reading.roles[link.block]
        self.in_article = self.role is Role.ARTICLE
        self.before = self.after = self.paragraph_text = ""
        if link.paragraph is not None:
            text = self.paragraph_text = reading.page.paragraphs[link.paragraph].text
            first, last = sentence_at(text, link.start, link.end)
            self.before, self.after = text[first : link.start], text[link.end : last]
        self.anchor = anchor(link.anchor, reading.language)
        self.target = target(link.url, link.host, reading.language)

    def rest(self) -> str:
        """Up to about a hundred words of the paragraph around the anchor."""
        text, link = self.paragraph_text, self.link
        return f"{text[max(0, link.start - 400) : link.start]} {text[link.end : link.end + 400]}"


def cosine(one: Vector, two: Vector) -> float:
    """Cosine of unit vectors; NaN where one of them is zero."""
    # Hardly any vector begins with a zero: one number is looked at before all.
    if not ((one[0] or one.any()) and (two[0] or two.any())):
        return float("nan")
    return float(one.dot(two))
