"""The features of one external link: does it belong to its sentence, its article, its site, and where does it lead?"""

from __future__ import annotations

import math
import re

from auditor import urls
from auditor.features.feature import NAN, Catalogue
from auditor.features.reading import LinkView, cosine, share
from auditor.language import lexicons, places
from auditor.language.lexicons import HostKind
from auditor.language.words import STOPWORDS, stem, tokens
from auditor.page.page import Kind, Role

LINK: Catalogue[LinkView] = Catalogue("link")
feature = LINK.feature


# --- the anchor's words against what surrounds them -------------------------------------------------------------------


@feature("the anchor's words occur in the rest of the article", -1)
def article_overlap(view: LinkView) -> float:
    known = view.reading.digest.stems
    own = view.stems
    # The anchor itself is part of the article: a stem counts only if it also occurs elsewhere.
    return share(
        own, {word for word in own if known.get(word, 0) > (1 if view.in_article else 0)}, view.reading.language
    )


@feature("the anchor's words occur in the rest of its sentence", -1)
def sentence_overlap(view: LinkView) -> float:
    return share(view.stems, {stem(word) for word in view.sentence_words}, view.reading.language)


@feature("the anchor's words occur in the page's title", -1)
def title_overlap(view: LinkView) -> float:
    return share(view.stems, view.reading.digest.title_stems, view.reading.language)


@feature("the anchor is about what the article is about", -1)
def article_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.reading.digest.vector)


@feature("the anchor is about what its sentence is about", -1)
def sentence_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.sentence_vector)


@feature("the sentence is about what the article is about", -1)
def sentence_article_closeness(view: LinkView) -> float:
    return cosine(view.sentence_vector, view.reading.digest.vector)


@feature("the anchor is about what the site is about", -1)
def site_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.reading.theme)


@feature("the article is about what the site is about", -1)
def article_site_closeness(view: LinkView) -> float:
    return cosine(view.reading.digest.vector, view.reading.theme)


@feature("the target's address is about what the article is about", -1)
def target_closeness(view: LinkView) -> float:
    return cosine(view.reading.language.vectors.mean(view.slug), view.reading.digest.vector)


# --- how it reads -------------------------------------------------------------------------------------------------


@feature("the anchor follows naturally on the words before it", -1)
def left_seam(view: LinkView) -> float:
    return view.wedge.left if view.wedge else NAN


@feature("the words after the anchor follow naturally on it", -1)
def right_seam(view: LinkView) -> float:
    return view.wedge.right if view.wedge else NAN


@feature("the words around the anchor would follow on each other without it", +1)
def joined_seam(view: LinkView) -> float:
    return view.wedge.joined if view.wedge else NAN


@feature("the sentence reads better without the anchor", +1)
def deletion_gain(view: LinkView) -> float:
    return view.wedge.gain if view.wedge else NAN


@feature("the words around the anchor fit each other better than they fit the anchor", +1)
def pair_gain(view: LinkView) -> float:
    return view.wedge.pair_gain if view.wedge else NAN


@feature("the words before the anchor are known to go with it", -1)
def known_left(view: LinkView) -> float:
    return view.wedge.known_left if view.wedge else NAN


@feature("the words after the anchor are known to go with it", -1)
def known_right(view: LinkView) -> float:
    return view.wedge.known_right if view.wedge else NAN


@feature("the words around the anchor are known to follow on each other", +1)
def known_joined(view: LinkView) -> float:
    return view.wedge.known_joined if view.wedge else NAN


@feature("the sentence reads more fluently without the anchor", +1)
def fluency_gain(view: LinkView) -> float:
    return view.wedge.fluency_gain if view.wedge else NAN


@feature("the anchor's length in words")
def anchor_words(view: LinkView) -> float:
    return float(len(view.words))


@feature("share of function words in the anchor", -1)
def anchor_function_words(view: LinkView) -> float:
    return sum(word in STOPWORDS for word in view.words) / len(view.words) if view.words else NAN


@feature("the anchor is a bare address")
def bare_address(view: LinkView) -> float:
    text = view.link.anchor.strip().lower()
    return float(
        text.startswith(("http:", "https:", "www."))
        or (bool(text) and " " not in text and text in view.link.url.lower() and "." in text)
    )


@feature("the anchor is a phrase like “click here”")
def generic_anchor(view: LinkView) -> float:
    return float(lexicons.is_generic(view.link.anchor))


@feature("the anchor has no text")
def empty_anchor(view: LinkView) -> float:
    return float(not view.words and not view.link.image)


@feature("the anchor is an image")
def image_anchor(view: LinkView) -> float:
    return float(view.link.image)


@feature("share of the anchor's words that begin with a capital", -1)
def anchor_capitals(view: LinkView) -> float:
    words = view.link.anchor.split()
    return sum(word[:1].isupper() for word in words) / len(words) if words else NAN


@feature("the anchor is one ordinary function word", +1)
def function_word_anchor(view: LinkView) -> float:
    return float(len(view.words) == 1 and view.words[0] in STOPWORDS and not lexicons.is_generic(view.link.anchor))


@feature("the anchor is in another script than the article", +1)
def foreign_script(view: LinkView) -> float:
    letters = [c for c in view.link.anchor if c.isalpha()]
    if not letters:
        return NAN
    return sum(ord(c) > 0x24F for c in letters) / len(letters) if view.reading.digest.english else NAN


@feature("share of the anchor's words that English text hardly knows", +1)
def unknown_words(view: LinkView) -> float:
    words = [word for word in view.words if not word.isdigit() and word not in STOPWORDS]
    if not words or not view.reading.digest.english or bare_address(view):
        return NAN
    return 1.0 - len(view.reading.language.vectors.ids(words)) / len(words)


# --- what it sells ------------------------------------------------------------------------------------------------


@feature("the anchor has selling words (best, cheap, near me, services)", +1)
def anchor_commerce(view: LinkView) -> float:
    return float(min(lexicons.commercial(view.link.anchor), 3))


@feature("the target's address has selling words", +1)
def target_commerce(view: LinkView) -> float:
    return float(min(lexicons.commercial(" ".join(view.slug)), 3))


@feature("the anchor names a place and a trade", +1)
def place_and_trade(view: LinkView) -> float:
    return float(places.place_and_trade(view.link.anchor))


@feature("the anchor names a place that the page and the site's address do not", +1)
def stray_place(view: LinkView) -> float:
    named = [span for span in places.places(view.link.anchor) if not span.ambiguous]
    if not named:
        return 0.0
    text = view.reading.digest.text
    own = view.reading.own_words
    return float(any(text.count(p.name) <= 1 and not set(tokens(p.name)) & own for p in named))


@feature("the anchor names a trade or local service", +1)
def trade_anchor(view: LinkView) -> float:
    return float(bool(places.trades(view.link.anchor)))


@feature("the anchor names a grey trade (2: plainly sells it)", +1)
def vice_anchor(view: LinkView) -> float:
    return 0.0 if view.sells is None else 1.0 + view.sells.hard


@feature("the target's address names a grey trade (2: plainly sells it)", +1)
def vice_target(view: LinkView) -> float:
    return 0.0 if view.sells_target is None else 1.0 + view.sells_target.hard


@feature("how often the article itself names grey trades", +1)
def vice_article(view: LinkView) -> float:
    return float(min(view.reading.article_vice, 8))


@feature("words such as “if you're looking for” lead up to the link", +1)
def connector_before(view: LinkView) -> float:
    return float(lexicons.connector(view.before[-120:]))


@feature("the address carries affiliate parameters", +1)
def affiliate_target(view: LinkView) -> float:
    return float(lexicons.affiliate(view.link.url))


# --- where it leads -----------------------------------------------------------------------------------------------

_TRUSTED = {
    HostKind.SCHOLARLY: 3.0,
    HostKind.OFFICIAL: 3.0,
    HostKind.REFERENCE: 2.0,
    HostKind.NEWS: 2.0,
    HostKind.SOCIAL: 1.0,
    HostKind.PLATFORM: 1.0,
}


@feature("the target is a scholarly, official, news or reference site", -1)
def trusted_target(view: LinkView) -> float:
    return _TRUSTED.get(view.kind, 0.0)


@feature("the target is a link shortener or redirector")
def shortened_target(view: LinkView) -> float:
    return float(view.kind is HostKind.SHORTENER)


@feature("the target is a shop or marketplace")
def shop_target(view: LinkView) -> float:
    return float(view.kind is HostKind.SHOP)


@feature("the link leads to the root of a host")
def root_target(view: LinkView) -> float:
    return float(view.path in ("", "/") and "?" not in view.link.url)


@feature("depth of the target's path", -1)
def target_depth(view: LinkView) -> float:
    return float(min(sum(bool(part) for part in view.path.split("/")), 5))


@feature("digits in the target's path", -1)
def target_digits(view: LinkView) -> float:
    return float(min(sum(c.isdigit() for c in view.path), 8))


@feature("hyphens and digits in the target's host", +1)
def host_noise(view: LinkView) -> float:
    label = view.link.host.partition(".")[0]
    return float(min(sum(c.isdigit() or c == "-" for c in label), 4))


@feature("length of the target's host name")
def host_length(view: LinkView) -> float:
    return float(min(len(view.link.host.partition(".")[0]), 30))


_SCRAMBLED = re.compile(r"^(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6,14}$|^\d{7,9}$")
_QUERY_SCRAMBLED = re.compile(r"^p=(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6,14}/?$")


@feature("the target's path is a short folder of random letters and digits", +1)
def scrambled_path(view: LinkView) -> float:
    parts = [part for part in view.path.split("/") if part]
    query = view.link.url.partition("?")[2]
    if not 1 <= len(parts) <= 2:
        return 0.0
    return float(bool(_SCRAMBLED.match(parts[-1]) or _QUERY_SCRAMBLED.match(query)))


_COMMON = frozenset(["com", "org", "net", "edu", "gov", "uk", "de", "fr", "ca", "au", "us", "eu", "ac", "mil", "int"])


@feature("the target's top-level domain is an unusual one", +1)
def unusual_suffix(view: LinkView) -> float:
    return float(view.link.host.rpartition(".")[2] not in _COMMON)


@feature("the target's host name repeats the anchor", +1)
def host_repeats_anchor(view: LinkView) -> float:
    label = re.sub(r"[^a-z0-9]", "", view.link.host.partition(".")[0].lower())
    words = [word for word in view.words if len(word) > 2 and word not in STOPWORDS]
    if not words or not label:
        return NAN
    return min(sum(len(word) for word in words if word in label) / len(label), 1.0)


@feature("the target's path repeats the anchor")
def path_repeats_anchor(view: LinkView) -> float:
    return share(view.stems, {stem(word) for word in view.slug}, view.reading.language)


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
    text = view.paragraph_text
    return math.log1p(len(text.split())) if text else NAN


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
    label = view.link.host.partition(".")[0]
    text = view.reading.digest.text.lower()
    return float(len(label) > 3 and text.count(label) > view.link.anchor.lower().count(label))


@feature("share of the site's articles that link to the target")
def site_share(view: LinkView) -> float:
    site = view.reading.site
    pages = len(site.entries)
    return site.hosts.get(view.link.host, 0) / pages if pages >= 10 else NAN


@feature("the target's sub-domain names another thing than the site", 0)
def deep_subdomain(view: LinkView) -> float:
    return float(min(urls.host(view.link.url).count(".") - view.link.host.count("."), 2))
