"""Features of a link's anchor: does it belong to its sentence, its article, its site, and what does it sell?"""

from __future__ import annotations

from auditor.features import surroundings
from auditor.features.feature import NAN, Catalogue
from auditor.features.reading import LinkView, cosine
from auditor.language import lexicons
from auditor.language.words import STOPWORDS, stem

LINK: Catalogue[LinkView] = Catalogue("link")
"""The catalogue of all link features; `auditor.features.link` has it complete."""
feature = LINK.feature


# --- the anchor's words against what surrounds them -------------------------------------------------------------------


@feature("the anchor's words occur in the rest of the article", -1)
def article_overlap(view: LinkView) -> float:
    known = view.reading.digest.stems
    # The anchor itself is part of the article: a stem counts only if it also occurs elsewhere.
    least = 2 if view.in_article else 1
    return view.anchor.stems.share({word for word in view.anchor.stems.weights if known.get(word, 0) >= least})


@feature("the anchor's words occur in the rest of its sentence", -1)
def sentence_overlap(view: LinkView) -> float:
    return view.anchor.stems.share(set(map(stem, view.sentence_words)))


@feature("the anchor's words occur in the page's title", -1)
def title_overlap(view: LinkView) -> float:
    return view.anchor.stems.share(view.reading.digest.title_stems)


@feature("the anchor is about what the article is about", -1)
def article_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.reading.digest.vector)


@feature("the anchor is about what its sentence is about", -1)
def sentence_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.sentence_vector)


@feature("the anchor is about what its paragraph is about", -1)
def paragraph_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.paragraph_vector)


@feature("the paragraph is about what the article is about", -1)
def paragraph_article_closeness(view: LinkView) -> float:
    return cosine(view.paragraph_vector, view.reading.digest.vector)


@feature("the sentence is about what the article is about", -1)
def sentence_article_closeness(view: LinkView) -> float:
    return cosine(view.sentence_vector, view.reading.digest.vector)


@feature("the anchor is about what the site is about", -1)
def site_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.reading.theme)


@feature("the article is about what the site is about", -1)
def article_site_closeness(view: LinkView) -> float:
    return view.reading.closeness


@feature("the target's address is about what the article is about", -1)
def target_closeness(view: LinkView) -> float:
    return cosine(view.slug_vector, view.reading.digest.vector)


@feature("the words of the target's address occur in the article", -1)
def target_overlap(view: LinkView) -> float:
    return view.target.stems.share(view.reading.digest.stems)


@feature("the anchor is about what the target's address is about")
def anchor_target_closeness(view: LinkView) -> float:
    return cosine(view.vector, view.slug_vector)


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
    return float(len(view.anchor.words))


@feature("share of function words in the anchor", -1)
def anchor_function_words(view: LinkView) -> float:
    return view.anchor.functional


@feature("the anchor is a bare address")
def bare_address(view: LinkView) -> float:
    return float(view.anchor.bare)


@feature("the anchor is an address that its sentence runs on behind", +1)
def interrupting_address(view: LinkView) -> float:
    return surroundings.interruption(view.before, view.after) if view.anchor.bare else 0.0


@feature("the anchor stands between two sentences and is part of neither", +1)
def stranded_anchor(view: LinkView) -> float:
    if not view.paragraph_text or not view.anchor.words:
        return NAN
    return float(surroundings.fragment(view.paragraph_text, view.link.start, view.link.end))


@feature("the anchor is a paragraph of its own")
def lone_anchor(view: LinkView) -> float:
    if view.link.paragraph is None:
        return NAN
    return float(len(view.paragraph_text.strip()) <= len(view.link.anchor.strip()) + 2)


@feature("pictures and arrows in the anchor", +1)
def anchor_symbols(view: LinkView) -> float:
    return float(min(view.anchor.symbols, 3))


@feature("the anchor is in capitals", +1)
def loud_anchor(view: LinkView) -> float:
    return view.anchor.loud


@feature("the anchor is a phrase like “click here”")
def generic_anchor(view: LinkView) -> float:
    return float(view.anchor.generic)


@feature("the anchor has no text")
def empty_anchor(view: LinkView) -> float:
    return float(not view.anchor.words and not view.link.image)


@feature("the anchor is an image")
def image_anchor(view: LinkView) -> float:
    return float(view.link.image)


@feature("share of the anchor's words that begin with a capital", -1)
def anchor_capitals(view: LinkView) -> float:
    return view.anchor.capitals


@feature("the anchor is one ordinary function word", +1)
def function_word_anchor(view: LinkView) -> float:
    words = view.anchor.words
    return float(len(words) == 1 and words[0] in STOPWORDS and not view.anchor.generic)


@feature("the anchor is in another script than the article", +1)
def foreign_script(view: LinkView) -> float:
    return view.anchor.foreign if view.reading.digest.english else NAN


@feature("share of the anchor's words that English text hardly knows", +1)
def unknown_words(view: LinkView) -> float:
    return view.anchor.unknown if view.reading.digest.english and not view.anchor.bare else NAN


# --- what it sells ------------------------------------------------------------------------------------------------


@feature("the anchor has selling words (best, cheap, near me, services)", +1)
def anchor_commerce(view: LinkView) -> float:
    return float(min(view.anchor.commerce, 3))


@feature("the target's address has selling words", +1)
def target_commerce(view: LinkView) -> float:
    return float(min(view.target.commerce, 3))


@feature("the anchor names a place and a trade", +1)
def place_and_trade(view: LinkView) -> float:
    return float(view.anchor.place_and_trade)


@feature("the anchor names a place that the page and the site's address do not", +1)
def stray_place(view: LinkView) -> float:
    text, own = view.reading.digest.text, view.reading.own_words
    return float(any(text.count(name) <= 1 and words.isdisjoint(own) for name, words in view.anchor.places))


@feature("the anchor names a trade or local service", +1)
def trade_anchor(view: LinkView) -> float:
    return float(view.anchor.trade)


@feature("the anchor names a grey trade (2: plainly sells it)", +1)
def vice_anchor(view: LinkView) -> float:
    return 0.0 if view.anchor.sells is None else 1.0 + view.anchor.sells.hard


@feature("the target's address names a grey trade (2: plainly sells it)", +1)
def vice_target(view: LinkView) -> float:
    return 0.0 if view.target.sells is None else 1.0 + view.target.sells.hard


@feature("how often the article itself names grey trades", +1)
def vice_article(view: LinkView) -> float:
    return float(min(view.reading.article_vice, 8))


@feature("words such as “if you're looking for” lead up to the link", +1)
def connector_before(view: LinkView) -> float:
    return float(lexicons.connector(view.before[-120:]))


@feature("the address carries affiliate parameters", +1)
def affiliate_target(view: LinkView) -> float:
    return float(view.target.affiliate)
