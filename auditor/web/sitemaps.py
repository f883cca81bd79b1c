"""Sitemaps: addresses out of XML sitemaps, sitemap indexes, text lists, RSS and Atom feeds, plain or gzipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from auditor import urls
from auditor.inflate import DamagedError, Inflater, TooLargeError

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 50_000
"""Limits of one file, as sitemaps.org sets them."""

MAX_LEVEL = 3
"""How deep indexes may nest."""

MAX_FILES = 100
MAX_ADDRESS = 2_048
MAX_ELEMENTS_DEEP = 100
CHUNK = 16_384
"""Small, since gzip may make a thousand times as much of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address as a sitemap or feed gives it."""

    url: str
    lastmod: str = ""
    """As written; empty where none is given."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one file says."""

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    """Further sitemaps, of an index."""
    problem: str = ""
    """Why it was not read to its end; empty where it was."""


class _StopError(Exception):
    """Ends parsing from within a callback; the message is for people."""


def parse(body: bytes, base: str) -> Sitemap:
    """Read a sitemap of any kind; what stood before a defect or a limit is kept. Never raises.

    No entity is ever expanded: a file that declares one is not read past the declaration.
    """
    if body.startswith(b"\x1f\x8b") or not _is_text(body):
        return _parse_xml(body, base)
    return _parse_text(body, base)


def _is_text(body: bytes) -> bool:
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    return not head.startswith((b"<", b"\xff\xfe", b"\xfe\xff"))


def _parse_text(body: bytes, base: str) -> Sitemap:
    entries: list[Entry] = []
    for line in body[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").splitlines():
        url = _address(line.decode("utf-8", "replace"), "")
        if not url:
            continue
        if len(entries) == MAX_ENTRIES:
            return Sitemap(tuple(entries), problem=f"more than {MAX_ENTRIES:,} addresses")
        entries.append(Entry(url))
    return Sitemap(tuple(entries), problem="" if entries or not body.strip() else "no addresses in it")


def _parse_xml(body: bytes, base: str) -> Sitemap:
    reader = _Reader(base)
    problem = ""
    try:
        for chunk in _chunks(body):
            reader.feed(chunk)
        reader.close()
    except _StopError as stop:
        problem = str(stop)
    except TooLargeError:
        problem = f"larger than {MAX_BYTES // 1024 // 1024} MB"
    except DamagedError:
        problem = "the gzip data are damaged"
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError and LookupError: encodings that expat asks Python for and Python does not know.
        problem = f"not well-formed XML: {error}"
    return Sitemap(tuple(reader.entries), tuple(reader.children), problem)


def _chunks(body: bytes) -> Iterator[bytes]:
    inflater = Inflater(MAX_BYTES) if body.startswith(b"\x1f\x8b") else None
    for start in range(0, min(len(body), MAX_BYTES + 1), CHUNK):
        chunk = body[start : start + CHUNK]
        yield inflater.feed(chunk) if inflater else chunk
    if inflater is None and len(body) > MAX_BYTES:
        raise TooLargeError


@dataclass(slots=True)
class _Item:
    """The `url`, `sitemap`, `item` or `entry` element that is open."""

    name: str
    url: str = ""
    lastmod: str = ""


@dataclass(slots=True)
class _Reader:
    """Collects addresses from a stream of XML, by local names alone: generators get the namespaces wrong."""

    base: str
    entries: list[Entry] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _item: _Item | None = None
    _text: list[str] = field(default_factory=list)
    _length: int = 0
    _parser: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        parser = expat.ParserCreate()
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise _StopError("it declares entities, which no sitemap needs")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        self._open.append(name)
        if len(self._open) > MAX_ELEMENTS_DEEP:
            raise _StopError(f"elements nested more than {MAX_ELEMENTS_DEEP} deep")
        self._text.clear()
        self._length = 0
        if name in ("url", "sitemap", "item", "entry") and self._item is None:
            self._item = _Item(name)
        elif name == "link" and self._item and self._item.name == "entry":
            # Atom; RSS has the address as text, and an xhtml:link in a sitemap is a translation.
            href = attributes.get("href", "") if attributes.get("rel", "alternate") == "alternate" else ""
            self._item.url = self._item.url or href

    def _characters(self, data: str) -> None:
        if self._item is not None and self._length < MAX_ADDRESS:
            self._text.append(data)
            self._length += len(data)

    def _end(self, tag: str) -> None:
        name = self._open.pop() if self._open else ""
        item = self._item
        if item is None:
            return
        parent = self._open[-1] if self._open else ""
        if parent == item.name:
            text = "".join(self._text).strip()
            match name:
                case "loc":
                    item.url = item.url or text
                case "link" if item.name == "item":
                    item.url = item.url or text
                case "lastmod" | "pubdate" | "updated":
                    item.lastmod = item.lastmod or text[:40]
        self._text.clear()
        self._length = 0
        if name == item.name:
            self._item = None
            self._keep(item)

    def _keep(self, item: _Item) -> None:
        url = _address(item.url, self.base)
        if not url:
            return
        if len(self.entries) + len(self.children) == MAX_ENTRIES:
            raise _StopError(f"more than {MAX_ENTRIES:,} addresses")
        if item.name == "sitemap":
            self.children.append(url)
        else:
            self.entries.append(Entry(url, item.lastmod))


def _address(text: str, base: str) -> str:
    text = text.strip()
    if not text or len(text) > MAX_ADDRESS:
        return ""
    return urls.normalise(urls.absolute(base, text))
