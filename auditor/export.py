"""A WordPress export (WXR) read post by post: XML in, a document for each published post and page out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_SIGNATURE = re.compile(rb"<rss\b[^>]{0,4000}http://wordpress\.org/export/", re.DOTALL)
_WP = re.compile(r"http://wordpress\.org/export/[\d.]+/ ")
_CHUNK = 65_536
_MAX_FIELD = 65_536
"""Characters of a field other than a post's text; what is more is left out."""
_FIELDS = {
    "title": "title",
    "link": "link",
    "pubDate": "published",
    "http://purl.org/dc/elements/1.1/ creator": "author",
    "http://purl.org/rss/1.0/modules/content/ encoded": "content",
    "wp post_id": "id",
    "wp post_type": "type",
    "wp status": "status",
    "wp post_date_gmt": "date",
    "wp post_modified_gmt": "modified",
    "wp post_password": "password",
}
_KINDS = frozenset(("post", "page"))
# Blank lines, and what begins and ends a stretch that WordPress breaks into no paragraphs.
_BREAK = re.compile(
    r"(?<=\n)[ \t]*(?=\n)|<(?P<open>pre|script|style|textarea|!--)|</(?P<close>pre|script|style|textarea)\s*>|(?P<end>-->)",
    re.IGNORECASE,
)


class _RefusedError(Exception):
    """An export that is not read further, and why."""


def is_export(start: bytes) -> bool:
    """Whether the first bytes of a file are those of a WordPress export."""
    return b"<" in start and _SIGNATURE.search(start.replace(b"\0", b"")) is not None


def read_export(stream: BinaryIO, path: str, max_bytes: int, start: bytes = b"") -> Iterator[Snapshot | Failure]:
    """The published posts and pages of an export as HTML documents, each at its link, called `path#id`.

    A document's first line is a head made of the post's fields; the lines after it are those of the export, so that
    `Snapshot.first_line` leads to places in the file. Read as a stream: nothing is kept but the post at hand, which may have `max_bytes`.
    What is damaged ends the reading, not what came before. Drafts, attachments, menus, comments and the like are left out and counted.

    Args:
        start: what was read of `stream` already.
    """
    reader = _Reader(path, max_bytes)
    fed = 0
    try:
        chunk = start or stream.read(_CHUNK)
        while chunk:
            fed += len(chunk)
            reader.parser.Parse(chunk, False)
            yield from reader.take()
            if fed - reader.parser.CurrentByteIndex > max_bytes + 2 * _CHUNK:
                raise _RefusedError("a tag in it has no end")
            chunk = stream.read(_CHUNK)
        reader.parser.Parse(b"", True)
    except (_RefusedError, OSError, ValueError, reader.error) as error:
        yield from reader.take()
        line = reader.parser.CurrentLineNumber
        detail = f"the export cannot be read past line {line:,} ({error}); what stood complete before was audited"
        yield Failure(FailureKind.UNREADABLE, detail, path=path)
        reader.had = True
    yield from reader.take()
    if reader.left_out:
        counted = ", ".join(f"{count:,} {what}" for what, count in sorted(reader.left_out.items()))
        yield Failure(FailureKind.LEFT_OUT, f"not published as articles: {counted}", path=path)
    elif not reader.had:
        yield Failure(FailureKind.EMPTY, "the export holds no post; export posts and pages", path=path)


@dataclass(slots=True)
class _Post:
    """An item of the export while it is read."""

    fields: dict[str, str] = field(default_factory=dict)
    categories: list[tuple[str, str]] = field(default_factory=list)
    line: int = 0
    column: int = 0
    too_large: bool = False


class _Reader:
    """What expat tells, put together into posts."""

    def __init__(self, path: str, max_bytes: int) -> None:
        from xml.parsers import expat

        self.error = expat.ExpatError
        self.path = path
        self.max_bytes = max_bytes
        self.parser: XMLParserType = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.depth = 0
        self.post: _Post | None = None
        self.name = ""
        self.parts: list[str] = []
        self.length = 0
        self.domain = ""
        self.language = ""
        self.ready: list[Snapshot | Failure] = []
        self.left_out: Counter[str] = Counter()
        self.had = False

    def take(self) -> list[Snapshot | Failure]:
        """What has been finished since this was asked last."""
        ready, self.ready = self.ready, []
        return ready

    def _entity(self, *_: object) -> None:
        raise _RefusedError("it declares entities, which no export does; nothing of them was expanded")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 3 and tag == "item":
            self.post = _Post()
            self.had = True
        tag = _WP.sub("wp ", tag)
        if self.post is None:
            self.name = "language" if self.depth == 3 and tag == "language" else ""
        elif self.depth == 4:
            self.name = "category" if tag == "category" else _FIELDS.get(tag, "")
            if tag.endswith("/excerpt/ encoded"):
                self.name = "excerpt"
            self.domain = attributes.get("domain", "")
        self.parts, self.length = [], 0

    def _text(self, text: str) -> None:
        if not self.name:
            return
        post = self.post
        if self.name != "content" or post is None:
            if self.length < _MAX_FIELD:
                self.parts.append(text[:_MAX_FIELD])
                self.length += len(text)
            return
        if not post.line:
            post.line, post.column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        self.length += len(text)
        if self.length > self.max_bytes:
            post.too_large, self.parts = True, []
        else:
            self.parts.append(text)

    def _end(self, tag: str) -> None:
        text = "".join(self.parts)
        if self.name == "language":
            self.language = text.strip()
        elif self.post is not None and self.depth == 4 and self.name == "category":
            if len(self.post.categories) < 100:
                self.post.categories.append((self.domain, text.strip()))
        elif self.post is not None and self.depth == 4 and self.name:
            self.post.fields.setdefault(self.name, text)
        elif self.post is not None and self.depth == 3:
            self._finish(self.post)
            self.post = None
        self.name, self.parts = "", []
        self.depth -= 1

    def _finish(self, post: _Post) -> None:
        fields = post.fields
        kind, status = fields.get("type", "post").strip(), fields.get("status", "publish").strip()
        if kind not in _KINDS or status != "publish" or fields.get("password", "").strip():
            self.left_out[kind if kind not in _KINDS else status if status != "publish" else "behind a password"] += 1
            return
        name = f"{self.path}#{fields.get('id', '').strip() or self.parser.CurrentLineNumber}"
        if post.too_large:
            detail = f"a post larger than {self.max_bytes:,} bytes; raise the limit (--max-bytes)"
            self.ready.append(Failure(FailureKind.TOO_LARGE, detail, path=name))
            return
        link = fields.get("link", "").strip()
        url = link if link.lower().startswith(("http://", "https://")) else None
        text = paragraphs(fields.get("content", ""))
        column = max(min(post.column, 2000) - 3 * text.startswith("<p>"), 0)
        head = _head(post, url, self.language)
        body = f"{head}\n{' ' * column}{text}\n</article></body></html>\n"
        if not fields.get("content", "").strip():
            self.ready.append(Failure(FailureKind.EMPTY, "a post without text; nothing to audit", path=name))
            return
        self.ready.append(
            Snapshot(
                body.encode("utf-8", "replace"),
                Format.HTML,
                url=url,
                final_url=url,
                path=name,
                headers={"content-type": "text/html; charset=utf-8"},
                first_line=max(post.line - 1, 0),
                whole=False,
            )
        )


def paragraphs(content: str) -> str:
    """A post's text with its blank lines made paragraphs, as WordPress shows it: no other line or column moves.

    What its block editor wrote has its paragraphs already.
    """
    if "<!-- wp:" in content:
        return content
    within = ""

    def broken(found: re.Match[str]) -> str:
        nonlocal within
        closed = "!--" if found["end"] else (found["close"] or "").lower()
        if found["open"] and not within:
            within = found["open"].lower()
        elif closed and closed == within:
            within = ""
        return found[0] or ("" if within else "<p>")

    return ("" if content.startswith("\n") else "<p>") + _BREAK.sub(broken, content)


def _head(post: _Post, url: str | None, language: str) -> str:
    """The head of a document on one line."""
    fields = {name: " ".join(text.split()) for name, text in post.fields.items() if name != "content"}
    said = [f"<title>{escape(fields.get('title', ''))}</title>"]
    if url:
        said.append(f'<link rel="canonical" href="{escape(url)}">')
    named = (("author", fields.get("author", "")), ("description", fields.get("excerpt", "")))
    said += [f'<meta name="{name}" content="{escape(re.sub("<[^<>]*>", "", text))}">' for name, text in named if text]
    for name, text in (("published", _date(fields, "date", "published")), ("modified", _date(fields, "modified"))):
        if text:
            said.append(f'<meta property="article:{name}_time" content="{text}">')
    for domain, text in post.categories:
        if domain in ("category", "post_tag") and text:
            kind = "section" if domain == "category" else "tag"
            said.append(f'<meta property="article:{kind}" content="{escape(" ".join(text.split()))}">')
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">{_THEME}{"".join(said)}</head>'
        f"<body><article><h1>{escape(fields.get('title', ''))}</h1>"
    )


_THEME = '<meta name="viewport" content="width=device-width">'
"""What every theme writes and no export holds."""


def _date(fields: dict[str, str], *names: str) -> str:
    """The first of these fields that holds a date, as ISO 8601; WordPress writes zeros for none."""
    from email.utils import parsedate_to_datetime

    for name in names:
        text = fields.get(name, "")
        for read in (lambda t: datetime.strptime(t, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC), parsedate_to_datetime):
            try:
                return read(text).isoformat()
            except (ValueError, TypeError, IndexError):
                continue
    return ""
