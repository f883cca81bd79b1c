"""Features of a link's place: how it is marked, where it stands, what the page and the site link to besides."""

from __future__ import annotations

import math

from auditor.features.feature import NAN
from auditor.features.reading import LinkView
from auditor.features.target import LINK as LINK
from auditor.page.page import Kind, Role

feature = LINK.feature


# --- how it is marked and where it stands ---------------------------------------------------------------------------


@feature("the link is marked nofollow")
def marked_nofollow(view: LinkView) -> float:
    return float("nofollow" in view.link.rel)


@feature("the link is marked as sponsored or the article discloses a sponsor", -1)
def disclosed(view: LinkView) -> float:
    return float("sponsored" in view.link.rel) + float(view.reading.disclosed)


@feature("the link is marked as user-generated")
def marked_ugc(view: LinkView) -> float:
    return float("ugc" in view.link.rel)


@feature("the link is hidden from readers", +1)
def hidden(view: LinkView) -> float:
    return float(view.link.hidden is not None)


@feature("the link stands in the comments")
def in_comments(view: LinkView) -> float:
    return float(view.role is Role.COMMENTS)


@feature("the link stands in footer, sidebar or widget")
def in_margin(view: LinkView) -> float:
    return float(view.role not in (Role.ARTICLE, Role.COMMENTS))


@feature("where in the article the link stands, 0 to 1")
def position(view: LinkView) -> float:
    order = view.reading.order
    if view.link.paragraph is None or view.link.paragraph not in order:
        return NAN
    return order[view.link.paragraph] / max(len(order) - 1, 1)


@feature("share of its paragraph that is link text")
def paragraph_link_share(view: LinkView) -> float:
    text = view.paragraph_text
    return view.reading.linked[view.link.paragraph] / len(text) if text and view.link.paragraph is not None else NAN


@feature("length of its paragraph in words (log)")
def paragraph_length(view: LinkView) -> float:
    paragraph = view.link.paragraph
    return math.log1p(view.reading.words_in(paragraph)) if paragraph is not None and view.paragraph_text else NAN


@feature("the link stands in a list item, a table or a heading")
def in_list(view: LinkView) -> float:
    if view.link.paragraph is None:
        return NAN
    return float(view.reading.page.paragraphs[view.link.paragraph].kind is not Kind.TEXT)


@feature("where in its sentence the anchor begins, 0 to 1")
def sentence_position(view: LinkView) -> float:
    total = len(view.before) + len(view.link.anchor) + len(view.after)
    return len(view.before) / total if view.link.paragraph is not None and total else NAN


@feature("the link is styled unlike the page's other links", +1)
def odd_style(view: LinkView) -> float:
    usual = view.reading.usual_style
    return NAN if usual == "?" else float(view.link.style != usual)


# --- the page and the site --------------------------------------------------------------------------------------------


@feature("external links in the article")
def article_links(view: LinkView) -> float:
    return float(min(view.reading.article_count, 30))


@feature("external links for each thousand words")
def link_rate(view: LinkView) -> float:
    words = view.reading.digest.words
    return min(1000.0 * view.reading.article_count / words, 60.0) if words >= 40 else NAN


@feature("how often the page links to the same target")
def host_repeats(view: LinkView) -> float:
    return float(min(view.reading.host_counts[view.link.host], 6))


@feature("the target is named elsewhere in the article", -1)
def host_mentioned(view: LinkView) -> float:
    label = view.target.label
    return float(len(label) > 3 and view.reading.mentions(label) > view.link.anchor.lower().count(label))


@feature("share of the site's articles that link to the target")
def site_share(view: LinkView) -> float:
    site = view.reading.site
    pages = site.pages
    return site.hosts.get(view.link.host, 0) / pages if pages >= 10 else NAN


@feature("the target's sub-domain names another thing than the site", 0)
def deep_subdomain(view: LinkView) -> float:
    return float(min(view.target.below, 2))
