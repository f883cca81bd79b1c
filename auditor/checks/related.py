"""Checks on related posts: do they belong to the article, and is the block the site's own?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.judge import JudgedBlock
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest
from auditor.site.site import Site


def _titles(block: JudgedBlock) -> str:
    items = block.block.items[:3]
    shown = ", ".join(f"“{item.title[:70]}”" for item in items)
    rest = len(block.block.items) - len(items)
    return f"{shown} and {rest} more" if rest > 0 else shown


@check(
    title="Related posts have nothing to do with the article",
    severity=Severity.MEDIUM,
    policy="site-reputation-abuse",
    fix="Show posts of the same category, or remove the block; if you did not put it there, look for a plugin or a break-in.",
)
def off_topic_related_posts(related: tuple[JudgedBlock, ...], english: Digest) -> Iterator[Hit]:
    """A reader who is offered kitchens under an article on addiction learns that nobody looks after the page. Search engines
    read such blocks as third-party content that lives off the site's reputation (Google's spam policy on site reputation abuse)."""
    for judged in related:
        if not judged.off_topic:
            continue
        known = [s for s in judged.similarities if s == s]
        yield Hit(
            message=f"The block “{judged.block.heading or 'related posts'}” offers {_titles(judged)} under an article on "
            f"{(english.topic or 'something else').lower()}.",
            key="|".join(sorted(item.url for item in judged.block.items)),
            spot=judged.block.spot,
            snippet=f"«{judged.block.items[0].title}»",
            confidence=Confidence.HIGH if judged.verdict.probability >= 0.9 else Confidence.MEDIUM,
            evidence={
                "heading": judged.block.heading,
                "titles": [item.title for item in judged.block.items],
                "similarity": round(sum(known) / len(known), 3) if known else None,
                "probability": judged.verdict.probability,
                "reasons": [c.words for c in judged.verdict.reasons()],
            },
        )


@check(
    title="The same related posts stand under articles of different subjects",
    severity=Severity.LOW,
    policy="site-reputation-abuse",
    fix="Let the block choose by category, or name it for what it is (“Popular”, “Latest”).",
)
def cloned_related_posts(site: Site) -> Iterator[Hit]:
    """One fixed trio under every article relates to none of them, and is how link sellers place their posts on a whole site
    at once. A list that says it shows what is popular or new is honest about it."""
    sets: Counter[int] = Counter()  # by hash: there can be as many as pages
    total = 0
    for entry in site.entries:
        total += bool(entry.related)
        if len(entry.related) >= 2:
            sets[hash(entry.related)] += 1
    for code, count in sets.most_common(3):
        if count < 5 or count < 0.5 * total:
            continue
        members = [entry for entry in site.entries if len(entry.related) >= 2 and hash(entry.related) == code]
        topics = {entry.topic for entry in members if entry.topic}
        if len(topics) < 3:
            continue
        addresses = members[0].related
        yield Hit(
            message=f"The same {len(addresses)} related posts stand under {count} of {total} articles, on subjects as "
            f"different as {', '.join(sorted(topics)[:3]).lower()}.",
            key="|".join(sorted(addresses)),
            snippet=", ".join(sorted(addresses)[:3]),
            confidence=Confidence.MEDIUM,
            evidence={"addresses": sorted(addresses), "pages": [entry.name for entry in members][:50], "count": count},
        )
