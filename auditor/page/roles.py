"""What a container is for, told from its tag, its ARIA role and the words of its class and id."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.page.page import Role

_TAGS = {
    "nav": Role.NAVIGATION,
    "footer": Role.FOOTER,
    "aside": Role.SIDEBAR,
    "dialog": Role.WIDGET,
    "noscript": Role.WIDGET,
}
_ARIA = {
    "navigation": Role.NAVIGATION,
    "contentinfo": Role.FOOTER,
    "complementary": Role.SIDEBAR,
    "menu": Role.NAVIGATION,
    "menubar": Role.NAVIGATION,
    "banner": Role.NAVIGATION,
    "search": Role.WIDGET,
    "dialog": Role.WIDGET,
    "alertdialog": Role.WIDGET,
}

_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        Role.COMMENTS,
        re.compile(
            r"\b(?:comments?(?:[-_ ]?(?:list|area|section|wrapper|container|body|thread|respond|form|block|box))?|commentlist|disqus\w*|"
            r"respond|reader-?comments?|trackbacks?|pingbacks?|fb-comments|livefyre|discussion-?thread)\b"
        ),
    ),
    (
        Role.RELATED,
        re.compile(
            r"\b(?:related|recommend(?:ed|ations?)|you-?(?:may|might)(?:-?(?:also)?-?like)?|may-?also|also-?like|"
            r"(?:more|similar|suggested|trending|popular|recirculation)-?(?:posts?|articles?|stories|reads?|content|news|from|on)|read-?(?:next|more-posts|also)|"
            r"up-?next|next-?reads?|see-?also|yarpp|jp-relatedposts|crp|outbrain|taboola|zergnet|mgid|revcontent|nrelate|recirc\w*)\b"
            r"|relatedposts?|related(?:articles|content|stories|links|news)|post-related|entry-related"
        ),
    ),
    (
        Role.AUTHOR,
        re.compile(
            r"\b(?:author|about-?the-?author|contributor)-?(?:box|bio|info|card|profile|section|block|desc\w*|area|about|wrap\w*|details|summary|meta-?box)\b|\bauthorbox\b|\bpost-?author-?(?:bio|box)\b|\bbio-?box\b|\babout-?author\b"
        ),
    ),
    (
        Role.NAVIGATION,
        re.compile(
            r"(?<!\S)(?:nav|navbar|navigation)\b|\b(?:nav|navbar|navigation)(?!\S)|(?<!\S)(?:toc|pager|crumbs)(?!\S)|"
            r"\b(?:menus?|sub-?menu|main-?menu|breadcrumbs?|bread-?crumb|pagination|post-?nav\w*|nav-?links|nav-?menu|site-?header|"
            r"masthead|top-?bar|header-?(?:menu|nav|top|main|wrap\w*|container)|mega-?menu|skip-?links?|toolbar|table-of-contents|"
            r"language-?switcher)\b"
        ),
    ),
    (
        Role.FOOTER,
        re.compile(
            r"\b(?:footer|site-?footer|page-?footer|colophon|bottom-?bar|footer-?\w+|sub-?footer|site-?info)\b|(?<!\S)(?:foot|copyright|legal)(?!\S)"
        ),
    ),
    (
        Role.SIDEBAR,
        re.compile(
            r"\b(?:sidebar|side-?bar|side-?column|right-?rail|left-?rail|widget-?area|sidebar-?\w+|blogroll|tag-?cloud)\b|(?<!\S)(?:rail|secondary)(?!\S)"
        ),
    ),
    (
        Role.WIDGET,
        re.compile(
            r"(?<!\S)(?:widget|banner|promo|overlay|ratings?|tags?|ads?|cta|cart|byline)(?!\S)|\b(?:social|share|sharing|sharedaddy|share-?(?:bar|buttons?|links?|tools)|social-?(?:share|links|icons|media|bar)|addtoany\w*|addthis\w*|newsletter\w*|subscribe|subscription|"
            r"sign-?up|opt-?in|cookie\w*|consent|gdpr|modal|popup|pop-?up|lightbox|promo-\w+|advert\w*|ad-?(?:slot|unit|container|wrap\w*|box)|sponsor-?box|"
            r"dfp|gpt|adsense|adsbygoogle|paywall|login|search-?(?:form|box|bar)|mini-?cart|call-?to-?action|donate|post-?(?:meta|tags|categories|footer|info)|entry-?(?:meta|footer|tags)|"
            r"meta-?(?:data|info)|tags?-?(?:list|links)|screen-?reader-?text|sr-?only|visually-?hidden|hidden-?print|noprint|no-?print|skip-?to-?content)\b"
        ),
    ),
)

# Names of layout wrappers that merely mention another role ("has-sidebar", "no-comments").
_LAYOUT = re.compile(
    r"\b(?:has|with|no|without|hide|show|is|layout|single|right|left|open|closed|enabled|disabled)[-_](?:right-|left-)?(?:sidebars?|comments?|nav|menu|footer|header|ads?)\b|"
    r"\bcomments?-(?:count|link|number|open|closed|enabled)\b|\b(?:sidebar|menu|nav|footer|header|banner|ads?)-(?:layout|enabled|none|open|closed|hidden|fixed|sticky)\b|\bcontent-sidebar\w*|\bsidebar-content\w*"
)
_SEPARATORS = re.compile(r"[_\s]+|(?<=[a-z])(?=[A-Z])|__")


@lru_cache(maxsize=2048)
def hint(tag: str, names: str, aria: str) -> Role | None:
    """Role that tag, class and id (`names`, as written) and ARIA role suggest; None where they say nothing or "article".

    A hint is only that: `auditor.page.segment` drops it where the container holds most of the page's text.
    """
    if tag in ("html", "body", "main", "article"):
        return None
    if aria in _ARIA:
        return _ARIA[aria]
    rank = min(map(_rank, names[:_READ].split()), default=_UNNAMED)
    return _WORDS[rank][0] if rank < _UNNAMED else _TAGS.get(tag)


_READ = 500  # characters of class and id
_UNNAMED = len(_WORDS)


@lru_cache(maxsize=4096)
def _rank(token: str) -> int:
    """The first role in `_WORDS` that one token of class or id suggests. No pattern reaches over a blank, and themes repeat their tokens
    in ever new company."""
    words = _folded(token)
    return next((rank for rank, (_, pattern) in enumerate(_WORDS) if pattern.search(words)), _UNNAMED)


def _folded(names: str) -> str:
    """Class and id in lower case with camelCase and underscores as hyphens; layout words taken out."""
    names = names[:_READ]
    tokens = [_SEPARATORS.sub("-", token).lower() for token in names.split()]
    return _LAYOUT.sub(" ", " ".join(tokens))


_MAIN = re.compile(
    r"\b(?:article-?(?:body|content|text|main)|post-?(?:content|body|entry|text)|entry-?content|story-?(?:body|content)|blog-?(?:content|post|entry)|"
    r"single-?(?:content|post)|content-?(?:body|main|article)|main-?content|page-?content|body-?(?:content|text)|rich-?text|prose|markdown-?body|hentry)\b"
)


@lru_cache(maxsize=2048)
def names_article(tag: str, names: str) -> bool:
    """Whether tag or names claim that this is where the article stands."""
    return tag in ("article", "main") or bool(len(names) > 1 and _MAIN.search(_folded(names)))
