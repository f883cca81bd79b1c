"""Front matter: the YAML, TOML or JSON head of a Markdown file, read into Metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.page.dates import iso_date
from auditor.page.names import names
from auditor.page.nodes import fold
from auditor.page.page import Metadata

MAX_CHARACTERS = 65_536
_FENCE = re.compile(
    r"\A\ufeff?(?:(---)[ \t]{0,5}(ya?ml|json|toml|js|javascript)?|(\+\+\+)|(;;;))[ \t]*\r?\n", re.IGNORECASE
)
_OBJECT = re.compile(r"\A\ufeff?\{\s*\"")
_FIELD = re.compile(r"\s*[\w\"'-]+[ \t]*[:=]")
# Nesting that would take a loader's recursion deep: runs of compact block markers, or many brackets.
_NESTED = re.compile(r"(?:[-?:][ \t]+){30}")
MAX_BRACKETS = 400

_PUBLISHED = (
    "date",
    "published",
    "publishdate",
    "publish_date",
    "pubdate",
    "pub_date",
    "datepublished",
    "published_at",
    "created",
    "createdat",
)
_MODIFIED = (
    "lastmod",
    "updated",
    "modified",
    "last_modified_at",
    "updateddate",
    "datemodified",
    "updated_at",
    "last_updated",
    "lastupdated",
)
_AUTHORS = ("author", "authors", "byline", "writer", "by")
_REVIEWERS = ("reviewer", "reviewers", "reviewed_by", "reviewedby", "medical_reviewer", "medically_reviewed_by")
_DESCRIPTIONS = ("description", "excerpt", "summary")
_ADDRESSES = ("canonical", "canonical_url", "canonicalurl", "permalink", "url")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file's head in lower case, where its body starts, and what was wrong with it."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    end: int = 0
    """Characters before the body."""
    errors: tuple[str, ...] = ()


def read_front_matter(source: str) -> FrontMatter:
    """Split off the head between `---` (YAML), `+++` (TOML) or `;;;` (JSON) lines, or the JSON object that a file begins with.

    `---json` and `---toml` name the language, as Eleventy has it; a head in JavaScript is passed over.
    Bounded in size and nesting; never raises.
    """
    opening = _FENCE.match(source)
    if opening is None:
        return _object(source) if _OBJECT.match(source) else FrontMatter()
    mark = opening[1] or opening[3] or opening[4]
    language = (opening[2] or {"---": "yaml", "+++": "toml", ";;;": "json"}[mark]).lower()
    ends = {"---": r"^(?:---|\.\.\.)[ \t]*\r?$", "+++": r"^\+\+\+[ \t]*\r?$", ";;;": r"^;;;[ \t]*\r?$"}[mark]
    closing = re.compile(ends, re.MULTILINE).search(source, opening.end(), opening.end() + MAX_CHARACTERS)
    if closing is None:
        opened = _FIELD.match(source, opening.end())
        return FrontMatter(errors=(f"front matter: no line {mark} ends it",)) if opened or opening[2] else FrontMatter()
    head = source[opening.end() : closing.start()].replace("\r\n", "\n")
    if (
        mark == "---"
        and not opening[2]
        and head.strip()
        and not re.search(r"^[ \t]*[\w\"'-]+[ \t]*:", head, re.MULTILINE)
    ):
        # Two thematic breaks with prose between them are no head.
        return FrontMatter()
    end = closing.end() + (1 if source[closing.end() : closing.end() + 1] == "\n" else 0)
    if language.startswith("j") and language != "json":
        return FrontMatter(end=end)
    if head.count("[") + head.count("{") > MAX_BRACKETS or _NESTED.search(head):
        return FrontMatter(end=end, errors=("front matter: nested too deep, not read",))
    try:
        loaded = {"toml": _toml, "json": _json}.get(language, _yaml)(head)
    except (ValueError, RecursionError, ArithmeticError, TypeError, AttributeError, LookupError) as error:
        return FrontMatter(end=end, errors=(f"front matter: {fold(str(error))[:200]}",))
    if not isinstance(loaded, dict):
        wrong = () if loaded is None else ("front matter: no mapping of names to values",)
        return FrontMatter(end=end, errors=wrong)
    return FrontMatter({str(key).lower(): value for key, value in loaded.items()}, end)


def _object(source: str) -> FrontMatter:
    """A head that is a JSON object on lines of its own, as Hugo has it."""
    head = source[:MAX_CHARACTERS]
    start = head.index("{")
    try:
        loaded, end = json.JSONDecoder().raw_decode(head, start)
    except (ValueError, RecursionError) as error:
        return FrontMatter(errors=(f"front matter: {fold(str(error))[:200]}",))
    closed = re.compile(r"[ \t]*(?:\r?\n|\Z)").match(source, end)
    return (
        FrontMatter({str(key).lower(): value for key, value in loaded.items()}, closed.end())
        if closed
        else FrontMatter()
    )


def _json(head: str) -> Any:
    return json.loads(head or "null")


def _yaml(head: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(head, Loader=loader)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _toml(head: str) -> Any:
    import tomllib

    return tomllib.loads(head)


def front_metadata(front: FrontMatter) -> Metadata:
    """What a front matter says, in the fields that HTML's metadata fills; `meta` holds every single value by name."""
    fields = front.fields
    taxonomies = fields.get("taxonomies")
    nested: Mapping[str, Any] = taxonomies if isinstance(taxonomies, dict) else {}
    credited, url = _authors(fields)
    published = _first_date(fields, _PUBLISHED)
    title = _first(fields, ("title",))
    described = _first(fields, _DESCRIPTIONS)
    robots = {
        word.strip().lower() for text in _strings(fields.get("robots")) for word in text.split(",") if word.strip()
    }
    if fields.get("noindex") is True:
        robots.add("noindex")
    modified = _first_date(fields, _MODIFIED)
    return Metadata(
        title=title,
        titles=int(bool(title)),
        description=described,
        descriptions=int(bool(described)),
        canonical=next((a for key in _ADDRESSES for a in _strings(fields.get(key)) if _is_absolute(a)), ""),
        robots=frozenset(robots),
        language=_first(fields, ("lang", "language", "locale")).lower(),
        authors=credited,
        author_route="front-matter" if credited else "",
        author_url=url,
        published=published,
        modified=modified,
        date_route="front-matter" if published or modified else "",
        categories=tuple(_labels(fields, nested, "categories", "category", "section")),
        tags=tuple(_labels(fields, nested, "tags", "tag", "keywords")),
        reviewers=tuple(
            dict.fromkeys(n for key in _REVIEWERS for text in _strings(fields.get(key)) for n in names(text))
        ),
        meta={key: text for key, value in fields.items() if (text := _single(value))},
        structured_errors=front.errors,
    )


def _single(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            # An integer of thousands of digits cannot be written out.
            return fold(value)[:2000] if isinstance(value, str) else f"{float(value):.15g}" if abs(value) < 1e15 else ""
        case date():
            return value.isoformat()
    return ""


def _strings(value: Any) -> Iterator[str]:
    match value:
        case list():
            for one in value[:50]:
                if isinstance(one, dict):
                    one = one.get("name") or one.get("label")
                if text := _single(one):
                    yield text
        case dict():
            if text := _single(value.get("name")):
                yield text
        case _:
            if text := _single(value):
                yield text


def _first(fields: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys for text in _strings(fields.get(key))), "")


def _first_date(fields: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((d for key in keys for text in _strings(fields.get(key)) if (d := iso_date(text))), "")


def _authors(fields: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    for key in _AUTHORS:
        value = fields.get(key)
        found = tuple(dict.fromkeys(name for text in _strings(value) for name in names(text)))
        if found:
            first = value[0] if isinstance(value, list) else value
            address = first.get("url") if isinstance(first, dict) else None
            return found, address if isinstance(address, str) else ""
    return (), ""


def _labels(fields: Mapping[str, Any], nested: Mapping[str, Any], *keys: str) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        value = fields.get(key, nested.get(key))
        several = value.split(",") if isinstance(value, str) else _strings(value)
        for text in several:
            label = fold(text)[:80]
            if label and label.lower() not in seen and len(seen) < 50:
                seen.add(label.lower())
                yield label


def _is_absolute(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))
