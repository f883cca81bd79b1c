"""Checks on Open Graph: what a page looks like where somebody shares it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.markup import element, whole
from auditor.features.trust import published
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity
from auditor.site.digest import Digest


@check(
    title="Nothing says what the article looks like when it is shared",
    severity=Severity.INFO,
    fix="Add og:title, og:type, og:image and og:url to the head.",
)
def missing_open_graph(page: Page, article: Digest) -> Iterator[Hit]:
    """Networks and messengers guess a title and a picture where the page names none, and may show the wrong ones or a bare address. Search
    engines read og:title and og:image as well (Open Graph protocol; Google Search Central on title links)."""
    og = page.metadata.og
    if whole(page) and not og.get("og:title") and not og.get("og:image") and published(page):
        yield Hit(message="The head has neither og:title nor og:image.", key="open graph", template="open graph")


_ADDRESSES = ("og:image", "og:url")


@check(
    title="Open Graph names an address that leads nowhere",
    severity=Severity.LOW,
    fix="Write the whole address, with https:// and the site's own host.",
)
def invalid_open_graph(page: Page) -> Iterator[Hit]:
    """Who reads these properties has only them and not the page, so a relative address, an empty one or one of another site shows no
    picture, or counts the page's shares for somebody else (Open Graph protocol, ogp.me)."""
    og = page.metadata.og
    if page.format is not Format.HTML or ("og:image" not in og and "og:url" not in og):
        return
    wrong = {key: why for key in _ADDRESSES if key in og and (why := _wrong(page, key, og[key]))}
    if wrong:
        first = next(iter(wrong))
        yield Hit(
            message=f"{' and '.join(f'{key} {why}' for key, why in wrong.items())}.",
            key="|".join(f"{key} {why.partition(',')[0]}" for key, why in wrong.items()),
            spot=element(page, "meta", lambda opening, _: first in opening.lower()),
            confidence=Confidence.MEDIUM if "belongs" in wrong[first] else Confidence.HIGH,
            template="open graph",
            evidence={key: og[key][:300] for key in wrong},
        )


def _wrong(page: Page, key: str, address: str) -> str:
    """What is wrong with an address; empty where nothing is."""
    if not address:
        return "is empty"
    lower = address[:200].lower()
    if lower.startswith("data:"):
        return "is an image and no address"
    if not lower.startswith(("http://", "https://")):
        if lower.startswith("//"):
            return ""
        return f"is no whole address (“{address[:100]}”)"
    host = urls.host(address)
    if host in ("localhost", "127.0.0.1") and urls.host(page.url) != host:
        return f"leads to whoever reads it (“{address[:100]}”)"
    return (
        f"belongs to {urls.site(address)}, not to the page's site"
        if key == "og:url" and _foreign(page, address)
        else ""
    )


def _foreign(page: Page, address: str) -> bool:
    """Whether og:url is another site's, of a page that was fetched: a saved one is known by such addresses alone. Where the canonical
    address says the same, `foreign-canonical` tells it."""
    asked = page.snapshot.final_url or page.snapshot.url
    target, own = urls.site(address), urls.site(asked or "")
    if not asked or "." not in target or target == own or target == urls.site(page.metadata.canonical):
        return False
    return (
        target.partition(".")[0] != own.partition(".")[0]
        and not target.endswith(f".{own}")
        and not own.endswith(f".{target}")
    )
