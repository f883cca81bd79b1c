"""Entries: which links of a related block lead to other posts, which are its buttons and archives, and who fills it.

Themes put "View all", "Start a free trial" and "Follow us" into the same container as the posts. None of them claims to have to do
with the article, so none of them can break that claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor import urls
from auditor.page.page import Item

MINIMUM_WORDS = 3
"""Titles of one or two words are tags, sections and buttons."""

_VENDORS = (
    "taboola",
    "outbrain",
    "mgid",
    "revcontent",
    "zergnet",
    "adblade",
    "content.ad",
    "nativo",
    "adnow",
    "gravity",
)
_TELLING = ("taboola", "outbrain", "revcontent", "zergnet", "adblade")
"""Those whose names mean nothing else: they give a network away in an entry's address as well."""
_BUTTONS = (
    r"(?:sign|log) ?(?:in|up|out|on)\b",
    r"(?:subscribe|register|donate|advertise)\b",
    r"(?:follow|contact|join) (?:us|the|our)\b",
    r"about us\b",
    r"write for us",
    r"connect with\b",
    r"become an? (?:member|friend|patron|contributor|partner|supporter|subscriber)",
    r"terms (?:of|and|&)",
    r"(?:your .{0,20})?privacy (?:policy|notice|choices|rights)",
    r"cookie (?:policy|settings)",
    r"code of conduct",
    r"standards and policies",
    r"add to (?:cart|bag|basket|wishlist)",
    r"(?:view|see|show|browse|read|shop|explore|discover) (?:all|more|our|the full)\b",
    r"all (?:posts|articles|stories|news|products)\b",
    r"(?:load|learn) more",
    r"more (?:news|posts|articles|stories|from|on this date)\b",
    r"(?:back|skip) to\b",
    r"share (?:on|this|via)\b",
    r"leave a (?:comment|reply)",
    r"(?:start|begin|try) (?:a|your|for|our) .{0,12}(?:free|trial)",
    r"(?:book|request|schedule|watch|get|take) (?:a|an|your|our|the) .{0,12}(?:demo|tour|quote|call|consultation|meeting|support)\b",
    r"get (?:started|in touch|(?:\w+ )?(?:support|help)$)",
    r"download (?:the|our)\b",
    r"send a message",
    r"(?:sponsored|written|posted) (?:by|in|on)\b",
    r"opens in a? ?new",
    r"\d[\d.,]* (?:out of|reviews|comments|stars)\b",
)
_BUTTON = re.compile("|".join(_BUTTONS), re.IGNORECASE)
_PLACES = frozenset({
    "about", "account", "advertise", "archive", "archives", "blog", "cart", "checkout", "contact", "donate", "donation", "jobs", "legal",
    "login", "membership", "newsletter", "newsletters", "pricing", "privacy", "privacy-policy", "register", "shop", "sign-in", "sign-up",
    "signin", "signup", "subscribe", "support", "terms", "terms-of-service", "terms-of-use", "write-for-us",
})  # fmt: skip
_ARCHIVES = frozenset(
    {"author", "authors", "categories", "category", "members", "people", "profile", "tag", "tags", "user", "users"}
)
"""Folders with one list of posts, or one person, a page."""
_NETWORKS = frozenset({
    "facebook.com", "instagram.com", "linkedin.com", "pinterest.com", "reddit.com", "threads.net", "tiktok.com", "twitter.com",
    "whatsapp.com", "x.com",
})  # fmt: skip
_EMPTY = frozenset(
    {"read more", "more", "continue reading", "learn more", "view post", "read article", "read now", "see more"}
)


def vendor(names: str, items: Iterable[Item]) -> str:
    """The advertising network that fills a block, told from its container's class and id or from where its entries lead; empty for
    the site's own."""
    folded = names.lower()
    named = next((name for name in _VENDORS if name in folded), "")
    return named or next((name for item in items for name in _TELLING if name in item.url.lower()), "")


def titled(text: str) -> str:
    """An entry's title as its link gives it; empty for "Read more" and the like, which stand beside the title."""
    text = text.strip()
    return "" if len(text) < 4 or text.lower().rstrip(" .…»→") in _EMPTY else text


def leads_to_post(title: str, url: str, page: str) -> bool:
    """Whether an entry looks like another post, told from its title and its address (`page`: the page's own).

    Errs on the side of "yes": what is left out cannot be judged.
    """
    if title.count(" ") < MINIMUM_WORDS - 1 or _BUTTON.match(title):
        return False
    parts = urls.split(url)
    if parts is None or not url:
        return True
    here = urls.split(page)
    steps = [step for step in parts.path.lower().split("/") if step]
    if (
        here is not None
        and parts.netloc == here.netloc
        and parts.path == here.path
        and _same_query(parts.query, here.query)
    ):
        return False
    if parts.netloc and urls.site(url) in _NETWORKS:
        return False
    if not steps and not parts.query:
        return False
    return not steps or not (steps[-1] in _PLACES or (len(steps) > 1 and steps[-2] in _ARCHIVES))


def _same_query(one: str, other: str) -> bool:
    """Whether two queries ask for the same page: carts, replies and shares add a word to the page's own address."""
    return one == other or "=" not in one or one.startswith(("add-to-cart", "replytocom", "share=", "add_to"))
