"""Page: a snapshot parsed into title, metadata, blocks, paragraphs, links, headings and images."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from auditor.page.snapshot import Format, Snapshot
from auditor.page.unguarded import unguarded


class Role(StrEnum):
    """What a block is for."""

    ARTICLE = "article"
    RELATED = "related"
    NAVIGATION = "navigation"
    SIDEBAR = "sidebar"
    COMMENTS = "comments"
    AUTHOR = "author"
    FOOTER = "footer"
    WIDGET = "widget"


class Kind(StrEnum):
    """What a paragraph is, typographically."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"  # a list item
    CELL = "cell"  # a table cell
    QUOTE = "quote"
    CODE = "code"
    CAPTION = "caption"


class Hidden(StrEnum):
    """Why a reader cannot see an element. Accordions, tabs, menus and screen-reader text are not hidden."""

    ATTRIBUTE = "hidden-attribute"
    DISPLAY = "display-none"
    VISIBILITY = "visibility-hidden"
    OFFSCREEN = "off-screen"
    TINY = "zero-size"
    TRANSPARENT = "transparent"
    CAMOUFLAGE = "same-colour"


class Spot(NamedTuple):
    """A symbolic place in the source, made concrete only for what is reported (see `auditor.page.places`).

    In HTML it is the `nth` (from 0) start tag `tag` whose marking attribute equals `mark` (`href` for links, `src` for images,
    `id` or `class` otherwise; empty: any). In Markdown and text `offset` is the character it starts at.
    """

    tag: str = ""
    mark: str = ""
    nth: int = 0
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A concrete place in the source: line and column, both from 1, columns in characters."""

    line: int
    column: int


@unguarded
@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text that reads as one: a paragraph, a heading, a list item, a cell."""

    text: str
    """White space folded, inline markup removed, child nodes joined as a reader sees them."""
    kind: Kind
    block: int
    """Index of its block in `Page.blocks`."""
    spot: Spot
    level: int = 0
    """1–6 for headings, nesting depth for list items."""
    hidden: Hidden | None = None


@unguarded
@dataclass(frozen=True, slots=True)
class Link:
    """One `<a href>` or its Markdown twin."""

    href: str
    """As written in the source."""
    url: str
    """Absolute, without fragment; empty where it leads nowhere (`#`, `javascript:`, broken)."""
    anchor: str
    """Its visible text; the alternative text of its images where it has no text."""
    rel: frozenset[str]
    block: int
    paragraph: int | None
    """Index of the paragraph it stands in; None where it has no text of its own."""
    start: int
    end: int
    """The anchor's characters within the paragraph: `paragraph.text[start:end] == anchor` (image alternatives aside)."""
    spot: Spot
    external: bool
    """Leads to another registrable domain than the page's."""
    host: str = ""
    """Registrable domain of the target, lower case; empty for none."""
    hidden: Hidden | None = None
    style: str = ""
    """Inline style and class as written, for comparison with the page's other links."""
    image: bool = False
    """Wraps an image and no text."""


@unguarded
@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    block: int
    spot: Spot


@unguarded
@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str | None
    """None where the attribute is missing; empty where it is empty (decorative)."""
    block: int
    spot: Spot
    paragraph: int = 0
    """How many paragraphs stand before it."""
    nameless: bool = False
    """It is all that a link shows, and the link has no words at all: no text, no alternative text, no label. A link that only shows the
    picture larger does not count."""


@unguarded
@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a related block."""

    title: str
    href: str
    url: str
    external: bool
    spot: Spot


@unguarded
@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page with one role."""

    role: Role
    heading: str
    """Its own heading, or the words that announce it ("Related posts"); may be empty."""
    spot: Spot
    items: tuple[Item, ...] = ()
    """Entries, for related blocks only."""
    vendor: str = ""
    """Ad-widget network that fills it (taboola, outbrain …); empty for the site's own."""
    hidden: Hidden | None = None


@unguarded
@dataclass(frozen=True, slots=True)
class List:
    """An ordered or unordered list as the reader sees it numbered; consecutive lists are not merged."""

    ordered: bool
    start: int
    length: int
    block: int
    spot: Spot
    heading: str = ""
    """The heading it stands under, for what repeats below it."""


class Canonical(NamedTuple):
    """One address that a page gives as its own."""

    href: str
    """As written; may be empty."""
    url: str
    """Absolute; empty where it leads nowhere."""
    where: str
    """`head`, `body` or `header` (the response's `Link` header)."""


class Directive(NamedTuple):
    """One word of a page to crawlers: `noindex`, `max-snippet:5` …"""

    source: str
    """`meta` or `header` (X-Robots-Tag)."""
    agent: str
    """The crawler it is meant for, lower case; empty for all."""
    word: str
    """Lower case."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head and the structured data say about the page."""

    title: str = ""
    titles: int = 0
    """How many `<title>` elements the head has."""
    description: str = ""
    descriptions: int = 0
    canonical: str = ""
    """The first that the HTML gives, else the header's."""
    canonicals: tuple[Canonical, ...] = ()
    """Every one that is given, in the order of the document, the header's last."""
    robots: frozenset[str] = frozenset()
    """Directives of meta robots and X-Robots-Tag for all crawlers and for Google's, lower case."""
    directives: tuple[Directive, ...] = ()
    """The same and those for other crawlers, with who says it."""
    refresh: str = ""
    """What `<meta http-equiv="refresh">` says, as written."""
    language: str = ""
    """As declared (`lang`), lower case; see `Page.language` for what it is written in."""
    viewport: str = ""
    generator: str = ""
    site_name: str = ""
    authors: tuple[str, ...] = ()
    """Names as found, best route first; see `author_route`."""
    author_route: str = ""
    """json-ld, microdata, meta, rel, byline, text, front-matter; empty where none was found."""
    author_url: str = ""
    published: str = ""
    """ISO 8601 date; empty where unknown."""
    modified: str = ""
    date_route: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    og: dict[str, str] = field(default_factory=dict)
    """Open Graph and its kin by property; empty ones are left out, but for `og:image` and `og:url`."""
    meta: dict[str, str] = field(default_factory=dict)
    """Every `<meta name>` in lower case with its first content."""
    hreflang: tuple[tuple[str, str], ...] = ()
    """Other languages: code in lower case and absolute address."""
    alternates: tuple[tuple[str, str], ...] = ()
    """The same as written, empty addresses included."""
    insecure: tuple[tuple[str, str], ...] = ()
    """Tag and address of what is loaded from (or, of forms, sent to) an `http:` address; without images, see `Page.images`."""
    misplaced: tuple[str, ...] = ()
    """What belongs into the head and stands in the body only: title, description, canonical, hreflang."""
    head_end: str = ""
    """Where something is misplaced: the tag of what the body begins with (`text` for words)."""
    feeds: tuple[str, ...] = ()
    structured: tuple[dict[str, Any], ...] = ()
    """JSON-LD nodes (`@graph` flattened) and microdata items in the same form."""
    structured_errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A snapshot parsed. Pure data: nothing in it refers to a parser's tree.

    Compared and hashed by identity, so that what is costly to read off a page can be kept beside it for a moment.
    """

    snapshot: Snapshot
    source: str
    """The decoded document, for places and snippets."""
    encoding: str
    language: str
    """ISO 639-1 code the article is written in; empty where it cannot be told."""
    url: str
    """Final address, or the canonical one of a file, or empty."""
    site: str
    """Registrable domain, lower case; for files without one, the folder or file that stands for the site."""
    metadata: Metadata
    blocks: tuple[Block, ...]
    paragraphs: tuple[Paragraph, ...]
    links: tuple[Link, ...]
    headings: tuple[Heading, ...]
    images: tuple[Image, ...]
    lists: tuple[List, ...]
    empty_headings: tuple[Heading, ...] = ()
    """Heading elements that hold neither words nor anything else to see; `headings` leaves them out."""
    resources: tuple[str, ...] = ()
    """Addresses of scripts and frames, as written."""
    truncated: str = ""
    """Which limit cut the document short; empty where all of it was read."""

    @property
    def name(self) -> str:
        return self.snapshot.name

    @property
    def format(self) -> Format:
        return self.snapshot.format

    @property
    def title(self) -> str:
        """The `<title>`, else the first heading, else the first words; never empty unless the page is."""
        return self.metadata.title or next((h.text for h in self.headings), "")

    def role(self, block: int) -> Role:
        return self.blocks[block].role

    @property
    def article(self) -> tuple[Paragraph, ...]:
        """The article's visible paragraphs, in reading order, headings included."""
        article = Role.ARTICLE  # looking a member up costs more than all else here
        of_article = [block.role is article for block in self.blocks]
        return tuple([p for p in self.paragraphs if of_article[p.block] and p.hidden is None])
