"""Frame: what the menus, the footer and the name of its site say around an article.

Whoever breaks into a site writes posts and leaves the theme alone, so the menus still say what the site was about when the posts no
longer do; and they say it on a page that is looked at by itself.
"""

from __future__ import annotations

from functools import lru_cache

from auditor.features.ends import compound
from auditor.features.reading import Reading
from auditor.language.vectors import Vectors
from auditor.language.words import tokens, tokens_of
from auditor.page.page import Role
from auditor.site.digest import Vector

_FURNITURE = frozenset((
    "about", "account", "all", "archive", "archives", "articles", "back", "blog", "cart", "categories", "category", "close",
    "comment", "comments", "conditions", "contact", "content", "cookie", "cookies", "copyright", "email", "facebook", "faq",
    "follow", "help", "home", "instagram", "latest", "linkedin", "links", "login", "menu", "more", "name", "news", "newsletter",
    "next", "open", "page", "pages", "pinterest", "policy", "popular", "post", "posts", "powered", "previous", "privacy", "read",
    "recent", "register", "reserved", "rights", "rss", "search", "service", "share", "sign", "site", "sitemap", "skip",
    "subscribe", "tags", "terms", "theme", "top", "twitter", "us", "use", "website", "wordpress", "youtube",
))  # fmt: skip
"""Words that stand in the menus of any site."""
_LINE = 120
"""Characters from which a paragraph of a menu or footer is text and no label."""
_WORDS = 300
_AT_ONCE = 50  # labels
_NAME_WEIGHT = 3
"""How much more a word of the site's name counts than one of its menus."""


def frame(reading: Reading) -> Vector:
    """The vector of the words around the article; zeros where there are none, as in Markdown and text."""
    page, vectors = reading.page, reading.language.vectors
    roles = reading.roles
    labels = [
        paragraph.text
        for paragraph in page.paragraphs
        if roles[paragraph.block] in (Role.NAVIGATION, Role.FOOTER) and len(paragraph.text) < _LINE
    ]
    named = [*compound(page.site.partition(".")[0], vectors).words, *tokens(page.metadata.site_name)]
    return _vector(tuple(labels), tuple(named), vectors)


@lru_cache(maxsize=32)
def _vector(labels: tuple[str, ...], named: tuple[str, ...], vectors: Vectors) -> Vector:
    """Most pages of a site have the same menus."""
    words: list[str] = []
    for first in range(0, len(labels), _AT_ONCE):
        if len(words) >= _WORDS:
            break
        for found in tokens_of(labels[first : first + _AT_ONCE]):
            words += [word for word in found if word not in _FURNITURE]
    return vectors.mean([*words[:_WORDS], *named * _NAME_WEIGHT])
