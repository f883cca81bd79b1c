"""Checks on what somebody placed: planted links and phrases, links of grey trades, foreign articles, doorways, templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from auditor.checks.check import Hit, check
from auditor.checks.words import name, shown
from auditor.features.phrases import pairs, stray_phrases
from auditor.judge import JudgedLink, JudgedPage
from auditor.language import Language, lexicons
from auditor.language.vice import ViceHit, vice, vice_address
from auditor.page.page import Kind, Link, Page, Role
from auditor.page.prose import snippet
from auditor.report import Confidence, Label, LinkLabel, Severity
from auditor.site.digest import Digest
from auditor.site.site import Site
from auditor.spread import Spread, stranger


@check(
    title="A link was planted in the article",
    severity=Severity.HIGH,
    policy="link-spam",
    fix="Read the sentence without the phrase; if it reads better, take phrase and link out, and find out who could edit the page. "
    'If it was paid for, mark it rel="sponsored".',
)
def planted_link(
    page: Page, links: tuple[JudgedLink, ...], digest: Digest, language: Language, spread: Spread
) -> Iterator[Hit]:
    """A phrase that somebody paid for or broke in to plant breaks the sentence for the reader and sells the site's standing to
    a stranger. Search engines discount such links and lower the page for them (Google's spam policy on link spam)."""
    stray = stray_phrases(page, digest, language, linked=True) if links else ()
    for judged in links:
        link = judged.link
        if page.role(link.block) is not Role.ARTICLE or link.hidden:
            continue
        wedged = next(
            (s for s in stray if s.paragraph == link.paragraph and s.start < link.end and s.end > link.start), None
        )
        if judged.label is LinkLabel.OK and wedged is None:
            continue
        sure = judged.label is LinkLabel.INJECTED or (wedged is not None and judged.label is LinkLabel.SUSPICIOUS)
        reasons = [c.words for c in judged.verdict.reasons()]
        if wedged:
            reasons = ["its words occur nowhere else in the article", *wedged.reasons, *reasons][:3]
        if spread.linked:
            reasons = [*reasons[:2], f"{len(spread.marked)} articles of the site carry such links"]
        yield Hit(
            message=f"The link {name(link)} to {link.host} {'was very likely planted' if sure else 'looks planted'} in this article.",
            key=f"{link.host}|{link.anchor.lower()}",
            spot=link.spot,
            snippet=shown(page, link),
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
            severity=Severity.HIGH if sure else Severity.MEDIUM,
            evidence={
                "href": link.href,
                "anchor": link.anchor,
                "rel": sorted(link.rel),
                "probability": judged.verdict.probability,
                "reasons": reasons,
                "stray": wedged is not None,
                "infested": spread.linked,
            },
        )


@check(
    title="An advertising phrase was planted in a sentence, without a link",
    severity=Severity.MEDIUM,
    policy="link-spam",
    fix="Read the sentence without the phrase; if it reads better, take it out.",
)
def planted_phrase(page: Page, english: Digest, language: Language) -> Iterator[Hit]:
    """Drafts, exports and pages whose links were stripped still carry the phrase that somebody wedged in. The sentence does not
    parse, and the next tool in the chain may turn it into a link again."""
    for found in stray_phrases(page, english, language):
        text = page.paragraphs[found.paragraph].text
        yield Hit(
            message=f"The phrase “{found.phrase}” does not belong in its sentence.",
            key=found.phrase.lower(),
            spot=found.spot(page),
            snippet=snippet(text, found.start, found.end),
            confidence=Confidence.HIGH if found.sure else Confidence.MEDIUM,
            evidence={
                "phrase": found.phrase,
                "gain": round(found.gain, 2),
                "reasons": list(found.reasons),
                "stray": True,
            },
        )


_HELP = re.compile(
    r"problem|help|addict|support|anonymous|council|commission|treatment|recovery|\blaws?\b|regulat|\btax|licen[cs]|responsible|ncpg",
    re.IGNORECASE,
)
"""Words of those who help with a trade, report on it or regulate it."""


@check(
    title="A link sells a grey trade",
    severity=Severity.HIGH,
    policy="link-spam",
    fix='Take the link out; if the page is honest about the trade, mark the link rel="sponsored" or "nofollow".',
)
def vice_link(page: Page, site: Site, language: Language) -> Iterator[Hit]:
    """Casinos, pills without prescription, essay mills and payday loans do not get linked from other people's articles unless
    somebody planted or sold the link. On a site of that trade, or where the link is marked as sponsored, the check is silent."""
    own = dict(zip(language.topics.names, site.shares.tolist(), strict=False)) if site.shares.size else {}
    if own.get("Gambling", 0) > 0.3 or own.get("Adult", 0) > 0.3:
        return
    found: dict[str, tuple[Link, ViceHit | None, ViceHit | None]] = {}
    for sold in sold_links(page):
        found.setdefault(sold[0].host, sold)
    for link, words, target in found.values():
        hit = words or target
        assert hit is not None
        yield Hit(
            message=f"The link {name(link)} to {link.host} sells {_TRADES.get(hit.trade, hit.trade)}.",
            key=f"{link.host}|{hit.trade}",
            spot=link.spot,
            snippet=shown(page, link),
            # A name alone can mislead ("Casino Road Animal Clinic"); words and address together, or a row of them, cannot.
            confidence=Confidence.HIGH if (words and target) or len(found) >= 3 else Confidence.MEDIUM,
            evidence={"href": link.href, "anchor": link.anchor, "trade": hit.trade, "term": hit.term},
        )


def sold_links(page: Page) -> Iterator[tuple[Link, ViceHit | None, ViceHit | None]]:
    """External links that sell a grey trade and do not own up to it: each with what its words and what its address sell."""
    for link in page.links:
        role = page.role(link.block)
        if not link.external or role in (Role.COMMENTS, Role.NAVIGATION, Role.RELATED):
            continue
        if "sponsored" in link.rel or lexicons.host_kind(link.host) is not lexicons.HostKind.OTHER:
            continue
        if _HELP.search(f"{link.anchor} {link.host}"):
            continue
        target = vice_address(link.url)
        words = next((hit for hit in vice(link.anchor) if hit.hard), None)
        if words or (target is not None and target.hard):
            yield link, words, target


_TRADES = {
    "gambling": "gambling", "adult": "adult services", "pharma": "pills", "loans": "loans", "essay": "essays to hand in",
    "forex": "get-rich-quick trades", "replica": "replicas", "documents": "forged documents",
    "hacking": "hacking", "vape": "vapes and the like",
}  # fmt: skip


@check(
    title="The article is foreign to its site",
    severity=Severity.MEDIUM,
    policy="site-reputation-abuse",
    fix="Ask who wrote it and why it is here; take it down, move it to where it belongs, or say that it is a guest's or sponsor's.",
)
def foreign_article(page: Page, english: Digest, many: Site, language: Language) -> Iterator[Hit]:
    """An article on a subject that the site never treats was mostly placed for its links, or by somebody who broke in. The
    check is silent on general magazines, whose articles have no common theme, and on sites of fewer than ten articles."""
    theme = many.theme(english)
    if many.coherence < 0.12 or not theme.any() or not english.vector.any():
        return
    close = float(theme @ english.vector)
    own = float(many.shares[int(english.shares.argmax())]) if english.shares.any() else 1.0
    if not (close < 0.3 and own < 0.16):
        return  # what follows looks at some thousand pages of the site
    near = many.nearest(page.name, english)
    usual = many.vectors @ many.theme()
    middle = float(np.median(usual))
    spread = 1.4826 * float(np.median(np.abs(usual - middle))) or 0.05
    if not (near < 0.4 and (middle - close) / spread > 1.5):
        return
    leading = [language.topics.names[i] for i in np.argsort(many.shares)[::-1][:2]]
    yield Hit(
        message=f"The article is about {english.topic.lower()}; the site is about {' and '.join(leading).lower()}.",
        key="foreign",
        spot=next((h.spot for h in page.headings if h.level == 1), None),
        snippet=f"«{page.title[:120]}»",
        confidence=Confidence.HIGH if close < 0.1 and near < 0.3 else Confidence.MEDIUM,
        evidence={
            "topic": english.topic,
            "theme": leading,
            "closeness": round(close, 3),
            "usual": round(middle, 3),
            "nearest": round(near, 3),
        },
    )


@check(
    title="The article is in a language that its site does not speak",
    severity=Severity.MEDIUM,
    policy="hacked-content",
    fix="Ask who wrote it. If nobody did, the site was broken into: take it down and see `infested-site`. If it is yours, declare its "
    "language.",
)
def foreign_language_article(page: Page, article: Digest, spread: Spread) -> Iterator[Hit]:
    """Whoever breaks into a site publishes in the languages of the searchers he wants, inside a theme that goes on to declare its own.
    The check speaks only where the site is infested otherwise: a template that declares the wrong language is no crime."""
    if spread.infested and stranger(page):
        yield Hit(
            message=f"The article is in another language ({page.language}) than its page declares ({page.metadata.language}).",
            key=f"language|{page.language}",
            spot=next((h.spot for h in page.headings if h.level == 1), None),
            snippet=f"«{page.title[:120]}»",
            confidence=Confidence.MEDIUM,
            evidence={"language": page.language, "declared": page.metadata.language, "infested": True},
        )


@check(
    title="The page reads like spam",
    severity=Severity.HIGH,
    policy="scaled-content-abuse",
    fix="Take the page down if you did not publish it; otherwise go through the reasons one by one.",
)
def spam_article(page: Page, judged: JudgedPage) -> Iterator[Hit]:
    """The page as a whole (its links, its writing, its subject beside its site's) looks like pages that were planted on hacked
    hosts or made to carry links. The model's reasons stand beside the verdict and add up to it."""
    if judged.label is Label.SPAM:
        yield Hit(
            message=f"The page reads like spam ({judged.spam.probability:.0%}).",
            key="spam",
            spot=next((h.spot for h in page.headings if h.level == 1), None),
            snippet=f"«{page.title[:120]}»",
            confidence=Confidence.MEDIUM,
            evidence={
                "probability": judged.spam.probability,
                "reasons": [c.words for c in judged.spam.reasons()],
            },
        )


_MANY_PLACES = 8


@check(
    title="The page is a doorway: one trade, a list of towns",
    severity=Severity.HIGH,
    policy="doorways",
    fix="Keep a page for the places where you are, with what is true of each; take the others down.",
)
def doorway_article(page: Page, english: Digest) -> Iterator[Hit]:
    """A page that says the same of one trade for a row of towns is written for searches, not for anybody who lives there
    (Google's spam policy on doorways). Travel guides and lists of branches name many places too, but not one trade with each."""
    names: dict[str, set[str]] = {}
    first: dict[str, tuple[int, int, int]] = {}
    linked: Counter[int] = Counter()
    for link in page.links:
        if link.paragraph is not None:
            linked[link.paragraph] += link.end - link.start
    for index, paragraph in enumerate(page.paragraphs):
        if page.role(paragraph.block) is not Role.ARTICLE or paragraph.hidden:
            continue
        if linked[index] > 0.5 * len(paragraph.text):
            continue  # a list of branches, each with its page
        for start, end, trade, place in pairs(paragraph.text):
            names.setdefault(trade, set()).add(place)
            first.setdefault(trade, (index, start, end))
    for trade, towns in sorted(names.items(), key=lambda item: -len(item[1]))[:1]:
        if len(towns) < _MANY_PLACES or len(towns) * 1000 < 6 * english.words:
            return
        index, start, end = first[trade]
        yield Hit(
            message=f"“{trade}” is offered for {len(towns)} places, such as {', '.join(sorted(towns)[:3])}.",
            key=trade,
            spot=page.paragraphs[index].spot,
            snippet=snippet(page.paragraphs[index].text, start, end),
            confidence=Confidence.HIGH if len(towns) >= 2 * _MANY_PLACES else Confidence.MEDIUM,
            evidence={"trade": trade, "places": sorted(towns)},
        )


_SPIN = re.compile(r"\{\w[\w' -]{0,40}(?<! )(?:\|\w[\w' -]{0,40}(?<! )){1,12}\}")
_SLOT = re.compile(
    r"\{\{?\s*(?:city|state|keyword|kw|product(?:[_ ]?name)?|company(?:[_ ]?name)?|brand(?:[_ ]?name)?|first[_ ]?name|last[_ ]?name|name|"
    r"location|niche|topic|url|link|price|date|year|phone|title|anchor)\s*\}?\}"
    r"|\[(?:insert|your|enter|add) [\w ]{2,30}\]|\[(?:keyword|city|product name|company name|brand name|link|anchor text)\]"
    r"|%(?:keyword|city|name|title|firstname)%",
    re.IGNORECASE,
)


@check(
    title="A template was published with its slots unfilled",
    severity=Severity.MEDIUM,
    policy="scaled-content-abuse",
    fix="Write the sentence out, or take the page down if nobody wrote it for readers.",
)
def unfilled_template(page: Page) -> Iterator[Hit]:
    """“{product_name}” or “{cheap|affordable|low-cost}” in running text shows that a program filled a form and nobody read the
    result. Pages that explain templates or spinning show such text as code, which does not count."""
    found: list[tuple[int, re.Match[str]]] = []
    for index, paragraph in enumerate(page.paragraphs):
        if page.role(paragraph.block) is not Role.ARTICLE or paragraph.kind is Kind.CODE:
            continue
        if "{" not in paragraph.text and "[" not in paragraph.text and "%" not in paragraph.text:
            continue
        matches = [*_SPIN.finditer(paragraph.text), *_SLOT.finditer(paragraph.text)]
        found.extend((index, match) for match in matches[:20] if not _is_code(page, match.group()))
        if len(found) >= 20:
            break
    if not found or (len(found) == 1 and found[0][1].group().startswith("[")):
        return  # one pair of brackets may be a joke or a note
    index, match = found[0]
    yield Hit(
        message=f"{len(found)} unfilled slot{'s' if len(found) > 1 else ''} such as “{match.group()}” stand in the text.",
        key=match.group().lower(),
        spot=page.paragraphs[index].spot,
        snippet=snippet(page.paragraphs[index].text, *match.span()),
        evidence={"slots": [m.group() for _, m in found[:20]], "count": len(found)},
    )


def _is_code(page: Page, words: str) -> bool:
    """Whether the page anywhere shows these words as code: then it explains them, and may quote them in its prose as well."""
    source, at = page.source, page.source.find(words)
    for _ in range(20):
        if at < 0:
            return False
        before = source[max(0, at - 200) : at].lower()
        if before.endswith("`") or any(
            before.rfind(f"<{tag}") > before.rfind(f"</{tag}") for tag in ("code", "kbd", "pre")
        ):
            return True
        at = source.find(words, at + 1)
    return False
