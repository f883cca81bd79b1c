"""Structured data: JSON-LD and microdata as flat lists of nodes, hostile input bounded before it is parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from auditor.page.nodes import attribute, short_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_CHARACTERS = 1_000_000
"""Of all JSON-LD scripts of a page together."""
MAX_DEPTH = 40
MAX_NODES = 2_000
MAX_PROPERTIES = 1_000
MAX_ANCESTORS = 100

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_WRAPPERS = re.compile(
    r"\A\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)?\s*(?:\*/)?|\s*(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*\Z"
)

Node = dict[str, Any]

ARTICLES = frozenset(
    (
        "Article", "NewsArticle", "BlogPosting", "MedicalScholarlyArticle", "ScholarlyArticle", "TechArticle",
        "Report", "Review", "Recipe", "HowTo", "AnalysisNewsArticle", "OpinionNewsArticle",
        "ReportageNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "SocialMediaPosting",
        "DiscussionForumPosting", "AdvertiserContentArticle", "SatiricalArticle", "BackgroundNewsArticle",
        "Question", "QAPage",
    )
)  # fmt: skip
"""Types of a text with an author and a date (schema.org)."""
FORUMS = frozenset(("DiscussionForumPosting", "QAPage", "Question", "SocialMediaPosting", "Comment"))
"""Types of a text whose author may go by an account's name."""
PAGES = frozenset(
    (
        "WebPage",
        "MedicalWebPage",
        "ItemPage",
        "AboutPage",
        "FAQPage",
        "CollectionPage",
        "CreativeWork",
        "VideoObject",
        "Blog",
    )
)
"""Types of the page around it."""


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _BRACKETS.finditer(text):
        mark = text[match.start()]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark != '"':
            depth -= 1
    return deepest


def _flatten(value: Any) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case list() as several:
                waiting.extend(reversed(several))
            case dict() as node:
                graph = node.get("@graph")
                if isinstance(graph, list | dict):
                    waiting.append(graph)
                    node = {key: part for key, part in node.items() if key != "@graph"}
                if node.keys() - {"@context"}:
                    yield node


def json_ld(scripts: Iterable[str]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Nodes of all JSON-LD scripts, arrays and `@graph` flattened, and one line for each script that cannot be read.

    Scripts past a million characters in all, or nested deeper than 40, are not parsed.
    """
    nodes: list[Node] = []
    errors: list[str] = []
    total = 0
    for number, script in enumerate(scripts, 1):
        if len(script) > MAX_CHARACTERS - total:
            errors.append(f"JSON-LD script {number}: more than {MAX_CHARACTERS} characters in all, not read")
            continue
        total += len(script)
        text = script.strip()
        if not text:
            errors.append(f"JSON-LD script {number}: empty")
            continue
        if text[0] not in "[{":
            text = (
                _WRAPPERS.sub("", text[:60]) + text[60:-60] + _WRAPPERS.sub("", text[-60:])
                if len(text) > 120
                else (_WRAPPERS.sub("", text))
            )
        if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
            errors.append(f"JSON-LD script {number}: nested deeper than {MAX_DEPTH}, not read")
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            errors.append(f"JSON-LD script {number}: {error}")
            continue
        for node in _flatten(value):
            if len(nodes) == MAX_NODES:
                errors.append(f"JSON-LD: more than {MAX_NODES} nodes, the rest not read")
                return tuple(nodes), tuple(errors)
            nodes.append(node)
    return tuple(nodes), tuple(errors)


def _value(node: LexborNode, base: str) -> str:
    match node.tag:
        case "meta":
            return attribute(node, "content")
        case "a" | "area" | "link":
            return _join(base, attribute(node, "href"))
        case "img" | "audio" | "video" | "source" | "iframe" | "embed" | "track":
            return _join(base, attribute(node, "src"))
        case "object":
            return _join(base, attribute(node, "data"))
        case "data" | "meter":
            return attribute(node, "value")
        case "time":
            return attribute(node, "datetime") or short_text(node)
        case _:
            return attribute(node, "content") or short_text(node)


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def microdata(marked: Sequence[LexborNode], base: str) -> tuple[Node, ...]:
    """Top-level microdata items of elements with `itemscope` or `itemprop`, given in document order.

    In JSON-LD's form: `@type` is the last part of `itemtype`, a repeated property becomes a list, and a link with
    a text that names its item (`<a itemprop="author">Name</a>`) keeps both as `{"name", "url"}`.
    """
    items: dict[int, Node] = {}
    depths: dict[int, int] = {}
    top: list[Node] = []
    for node in marked[:MAX_PROPERTIES]:
        attributes = node.attributes
        names = (attributes.get("itemprop") or "").split()
        owner, depth = _owner(node, items, depths)
        value: str | Node
        if "itemscope" in attributes:
            value = {}
            kind = (attributes.get("itemtype") or "").split()
            if kind:
                value["@type"] = kind[0].rstrip("/").rpartition("/")[2]
            if attributes.get("itemid"):
                value["@id"] = str(attributes["itemid"])
            if depth >= MAX_DEPTH:
                continue
            items[node.mem_id] = value
            depths[node.mem_id] = depth + 1
            if owner is None or not names:
                top.append(value)
                continue
        else:
            value = _value(node, base)
            if node.tag == "a" and names and names[0] in ("author", "creator", "reviewedBy"):
                value = {"name": short_text(node), "url": value}
        if owner is None:
            # A property outside of any item still says what it is; searchers of bylines and dates use it.
            continue
        for name in names[:4]:
            _add(owner, name, value)
    return tuple(top)


def _owner(node: LexborNode, items: Mapping[int, Node], depths: Mapping[int, int]) -> tuple[Node | None, int]:
    current = node.parent
    for _ in range(MAX_ANCESTORS):
        if current is None or not items:
            break
        item = items.get(current.mem_id)
        if item is not None:
            return item, depths[current.mem_id]
        current = current.parent
    return None, 0


def _add(item: Node, name: str, value: str | Node) -> None:
    if name not in item:
        item[name] = value
    elif isinstance(item[name], list):
        item[name].append(value)
    else:
        item[name] = [item[name], value]


def kinds(node: Mapping[str, Any]) -> frozenset[str]:
    "A node's types, without their vocabulary's address."
    match node.get("@type"):
        case str(kind):
            return frozenset({kind.rstrip("/").rpartition("/")[2]})
        case list(several):
            return frozenset(k.rstrip("/").rpartition("/")[2] for k in several if isinstance(k, str))
    return frozenset()


def strings(value: Any) -> Iterator[str]:
    "The strings a property holds: itself, its list's, or the names of its items."
    match value:
        case str(text):
            yield text
        case list(several):
            for one in several[:100]:
                if isinstance(one, str):
                    yield one
                elif isinstance(one, dict) and isinstance(one.get("name"), str):
                    yield one["name"]
        case {"name": str(name)}:
            yield name
        case {"@value": str(text)}:
            yield text
