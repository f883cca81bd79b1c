"""Bounded readings off a parsed tree: an element's short text, the words that mark what it stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNREAD = frozenset({"script", "style", "noscript", "template", "svg", "button", "iframe", "select", "textarea"})
_BREAKS = frozenset(
    (
        "div", "p", "li", "br", "ul", "ol", "section", "header", "h1", "h2", "h3", "h4", "h5", "h6", "dd",
        "dt", "td", "tr", "figure", "figcaption", "blockquote", "article", "main", "footer", "nav", "aside",
    )
)  # fmt: skip
_ELSEWHERE = frozenset(
    (
        "comment", "comments", "commentlist", "reply", "replies", "respond", "related", "recommended",
        "recommendations", "sidebar", "widget", "widgets", "footer", "recent", "popular", "trending", "latest",
        "newsletter", "promo", "teaser", "carousel", "slider", "slick", "swiper", "nav", "navbar",
        "navigation", "menu", "breadcrumb", "testimonial", "testimonials", "review", "reviews", "upsell",
        "loop",
    )
)  # fmt: skip
# A token with one of these beside it names a layout: `content-sidebar-wrap`, `elementor-widget`, `entry-footer`.
_LAYOUT = frozenset(
    (
        "wrap", "wrapper", "has", "with", "no", "without", "entry", "post", "article", "layout", "content",
        "container", "page", "main", "single", "elementor", "count", "enabled", "open", "right", "left",
    )
)  # fmt: skip
_INLINE = frozenset(("span", "a", "time", "strong", "b", "em", "i"))
_SEAM = "\x1f"
# Two elements that only a style sets apart: "By" and "Ann Lee", "Health" and "MAY 2, 2022".
_SEAMS = re.compile(rf"{_SEAM}(?<=[a-z0-9]{_SEAM}){_SEAM}*(?=[A-Z])")
_TOKEN_PARTS = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def fold(text: str) -> str:
    "White space (no-break and zero-width included) folded to single blanks."
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    return text if text.isascii() else text.replace("\u200b", "").replace("\ufeff", "")


def texts(node: LexborNode, limit: int = 400) -> list[str]:
    """Text pieces below an element in reading order, scripts and controls left out; a new line for a block's edge, a seam before an
    inline element.

    Visits at most `limit` nodes, so that a hostile page cannot make small readings expensive.
    """
    pieces: list[str] = []
    current = node.first_child
    depth = 0
    while current is not None and limit > 0:
        limit -= 1
        tag = current.tag
        if tag == "-text":
            pieces.append(current.text_content or "")
        elif tag is not None and tag[0] != "-":
            if tag in _BREAKS:
                pieces.append("\n")
            elif tag in _INLINE:
                pieces.append(_SEAM)
            below = None if tag in _UNREAD else current.first_child
            if below is not None:
                current = below
                depth += 1
                continue
        following = current.next
        while following is None and depth > 0:
            above = current.parent
            if above is None:
                return pieces
            depth -= 1
            current = above
            tag = current.tag
            if tag in _BREAKS:
                pieces.append("\n")
            elif tag in _INLINE:
                pieces.append(_SEAM)
            following = current.next
        current = following
    return pieces


def lines(node: LexborNode, limit: int = 400) -> list[str]:
    "The element's text as a reader sees its lines, white space folded, empty ones left out."
    text = "".join(texts(node, limit))
    if _SEAM in text:
        text = _SEAMS.sub(" ", text).replace(_SEAM, "")
    return [folded for line in _seen(text).split("\n") if (folded := folded_words(line))]


def folded_words(text: str) -> str:
    "The words of a text with one blank between them; what is printable has no other white space than blanks, and is mostly folded."
    return text.strip(" ") if "  " not in text and text.isprintable() else " ".join(text.split())


def short_text(node: LexborNode, limit: int = 200) -> str:
    "The element's text on one line, from at most `limit` nodes."
    return " ".join(lines(node, limit))


def attribute(node: LexborNode, name: str) -> str:
    "An attribute's value, stripped; empty where it is missing or has none."
    return (node.attributes.get(name) or "").strip()


def stands_elsewhere(node: LexborNode, depth: int = 6) -> bool:
    """Whether the element belongs to comments, related posts, a sidebar or a footer rather than to the article.

    Read off the words in `class` and `id` of the element and up to `depth` ancestors. Layout names that merely
    mention such a part (`content-sidebar-wrap`, `entry-footer`) do not count.
    """
    current: LexborNode | None = node
    for _ in range(depth + 1):
        if current is None or current.tag in ("body", "html", "main"):
            return False
        if current.tag in ("aside", "nav") and current is not node:
            return True
        attributes = current.attributes
        marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        for token in marks.split()[:30]:
            words = set(_TOKEN_PARTS.findall(_CAMEL.sub("-", token).lower()))
            if words & _ELSEWHERE and not words & _LAYOUT:
                return True
        current = current.parent
    return False
