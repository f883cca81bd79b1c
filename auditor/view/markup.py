"""Markup: HTML that is safe by how it is made: text is escaped unless it came out of `tag`, links lead to the viewer alone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from auditor.render.text import visible

_OWN = re.compile(r"(?:/(?!/)|\?|#)[\x21-\x5b\x5d-\x7e]*")
"""Addresses that a link or form may have: of the viewer itself."""
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_ATTRIBUTES = frozenset((
    "action", "charset", "class", "colspan", "content", "dir", "for", "href", "id", "lang", "max", "method", "min", "name", "open",
    "rel", "scope", "selected", "type", "value",
))  # fmt: skip
_VOID = frozenset(("input", "link", "meta"))


class Html(str):
    """Markup that is done; made by `tag` and `joined` alone."""

    __slots__ = ()


Content = Html | str | int | None


def text(value: Content) -> Html:
    """Text escaped; what steers writing direction or terminals becomes visible. Markup stays as it is."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else html.escape(visible(str(value))))


def joined(parts: Iterable[Content], between: str = "") -> Html:
    """Several in a row."""
    return Html(str(text(between)).join(text(part) for part in parts))


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Html:
    """An element. Attributes that are None or False are left out; `class_` and `for_` stand for their names without underscore.

    Raises:
        ValueError: an attribute that could run something, or a link that leads out of the viewer; a defect, whatever was crawled.
    """
    if not _NAME.fullmatch(name) or name in ("script", "style"):
        raise ValueError(f"no such element here: {name}")
    made = [f"<{name}"]
    for key, value in attributes.items():
        known = key.rstrip("_")
        if value is None or value is False:
            continue
        if known not in _ATTRIBUTES:
            raise ValueError(f"no such attribute here: {known}")
        if known in ("href", "action") and not _OWN.fullmatch(str(value)):
            raise ValueError(f"a link out of the viewer: {value}")
        made.append(f" {known}" if value is True else f' {known}="{html.escape(visible(str(value)))}"')
    made.append(">")
    inner = joined(content)
    return Html("".join(made) + ("" if name in _VOID else f"{inner}</{name}>"))


def document(title: str, *body: Content) -> bytes:
    """A whole page of the viewer."""
    head = joined((
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} – auditor"),
        tag("link", rel="stylesheet", href="/style.css"),
    ))  # fmt: skip
    way = tag("nav", tag("a", "All runs", href="/"))
    page = tag("html", tag("head", head), tag("body", way, tag("main", tag("h1", title), *body)), lang="en")
    return f"<!DOCTYPE html>\n{page}\n".encode("utf-8", "replace")


def table(head: Iterable[Content], rows: Iterable[Iterable[Content]], caption: str = "") -> Html:
    """A table with a head, in a frame of its own that scrolls where it is too wide."""
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = joined(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    words = tag("caption", caption) if caption else None
    return tag("div", tag("table", words, tag("thead", top), tag("tbody", body)), class_="wide")
