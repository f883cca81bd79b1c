"""Reading documents from disk and standard input: paths, folders and patterns → Snapshot | Failure."""

from __future__ import annotations

import errno
import glob
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from auditor.export import is_export, read_export
from auditor.page.snapshot import Failure, FailureKind, Format, Snapshot

FORMATS = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".txt": Format.TEXT,
}
"""What a folder is searched for. A file named itself may have any ending: its content then tells the format."""

_ENDINGS = ", ".join(FORMATS)

SKIPPED_FOLDERS = frozenset({"node_modules", "bower_components", "__pycache__"})
"""Other people's documents inside a project; hidden folders are skipped as well."""

# Files that a site or a project carries for machines and lawyers: nobody's article.
_NO_ARTICLE = re.compile(
    r"(?:robots|humans|(?:app-)?ads|sellers|security|sitemap[\w.-]*|llms(?:-full)?|urllist"
    r"|(?:[\w-]+-)?requirements[\w.-]*|constraints|cmakelists)\.txt"
    r"|(?:licen[cs]e|copying)(?:-(?:mit|apache|bsd|gpl|mpl|cc)[\w.-]*)?\.(?:txt|md)|notice\.txt"
    r"|google[0-9a-f]{16}\.html",
    re.IGNORECASE,
)

_MAGIC = (
    b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x7fELF",
    b"wOFF", b"wOF2", b"SQLite format 3\x00", b"\xd0\xcf\x11\xe0", b"{\\rtf",
)  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_SAMPLE = 65_536
_SIGNED = 8192
"""Bytes within which a WordPress export says that it is one."""
_MAX_CONTROLS = 0.01
"""Share of control characters above which bytes are no text. Above zero: real pages hold a stray NUL."""

_MARKUP = re.compile(r"<(?:!doctype\b|!--|\?xml\b|/?[a-z][a-z0-9-]*[\s/>])", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|urlset|sitemapindex|opml)\b", re.IGNORECASE)
_XHTML = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\A(?:---|\+\+\+)[ \t]*\r?\n"  # front matter
    r"|^#{1,6}[ \t]\S"
    r"|^(?:```|~~~)"
    r"|\]\((?:https?:|/|\.|#|mailto:)"
    r"|\*\*\w[^*\n]{0,200}\*\*",
    re.MULTILINE,
)


def read(
    paths: Sequence[str],
    *,
    max_bytes: int,
    stdin: BinaryIO | None = None,
    stdin_name: str = "-",
    only: Callable[[str], bool] | None = None,
) -> Iterator[Snapshot | Failure]:
    """Every document that `paths` name, in their order; a folder's files by name, then its folders by name.

    A path is a file, a folder, a pattern (`content/**/*.md`) or `-` for standard input, which goes by `stdin_name`
    (its ending then decides the format). A document that is reached twice is read once. Each answer is independent of
    the others: what cannot be had is a Failure in its place, and nothing raises. With `only` files it says no to are
    passed over, and so is a missing one that it says yes to: it was changed by being deleted.

    Folders are searched for the endings in `FORMATS`, and for WordPress exports, each of which is many documents. Links to
    folders are not followed, so a search cannot run in a circle or leave the folder; links to files are.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == "-":
            yield from _stdin(stdin or sys.stdin.buffer, stdin_name, max_bytes)
        else:
            yield from _named(path, max_bytes, seen, only)


def sniff(body: bytes) -> Format:
    """What bytes without a telling name are: HTML if they begin with markup, Markdown if they show its signs."""
    text = _sample(body).lstrip("\ufeff \t\r\n\f")
    if _MARKUP.match(text):
        return Format.HTML
    return Format.MARKDOWN if _MARKDOWN.search(text) else Format.TEXT


def binary(body: bytes) -> bool:
    """Whether bytes are no text in any encoding a page comes in: a known signature, or too many control characters."""
    if body.startswith(_MAGIC):
        return True
    sample = body[:_SAMPLE]
    if body.startswith(_UTF16):
        sample = _sample(body).encode("utf-8", "surrogatepass")
    return len(sample) - len(sample.translate(None, _CONTROLS)) > _MAX_CONTROLS * len(sample)


def _sample(body: bytes) -> str:
    encoding = "utf-16" if body.startswith(_UTF16) else "utf-8"
    return body[:_SAMPLE].decode(encoding, "replace")


def _named(
    path: str, max_bytes: int, seen: set[tuple[int, int]], only: Callable[[str], bool] | None
) -> Iterator[Snapshot | Failure]:
    if re.match(r"https?://", path, re.IGNORECASE):
        yield Failure(FailureKind.BAD_URL, "an address, not a path; use `auditor scan` for addresses", url=path)
        return
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a Path would rewrite the name that the user gave
    except (OSError, ValueError) as error:
        matches = _matches(path) if isinstance(error, OSError) and glob.has_magic(path) else []
        found = [f for match in matches for f in (_documents(match) if Path(match).is_dir() else [match])]
        gone = only is not None and isinstance(error, FileNotFoundError) and not Path(path).is_symlink() and only(path)
        if not matches and not gone:
            yield _failure(path, error)
    else:
        found = list(_documents(path)) if stat.S_ISDIR(mode) else [path]
        if not found:
            yield Failure(FailureKind.EMPTY, f"nothing to audit in this folder; it holds no {_ENDINGS} file", path=path)
    for document in found:
        if isinstance(document, Failure):
            yield document
        elif only is None or only(document):
            yield from _file(document, max_bytes, seen)


def _matches(pattern: str) -> list[str]:
    """What a pattern that the shell left alone stands for; `**` skips what a folder's search skips."""
    start, deep, rest = pattern.partition("**/")
    if not deep:
        return sorted(glob.glob(pattern))  # noqa: PTH207 - Path.glob knows no absolute patterns
    folders = (name for root in sorted(glob.glob(start)) or [start or "."] for name, _ in _walk(root))  # noqa: PTH207
    return [match for folder in folders for match in sorted(glob.glob(os.path.join(glob.escape(folder), rest)))]  # noqa: PTH118, PTH207


def _documents(folder: str) -> Iterator[str | Failure]:
    for name, entries in _walk(folder):
        if isinstance(entries, OSError):
            yield _failure(name, entries)
        else:
            yield from (entry.path for entry in entries if _is_document(entry))


def _walk(folder: str) -> Iterator[tuple[str, list[os.DirEntry[str]] | OSError]]:
    """Each folder with its entries; a folder before those in it. Without recursion: archives nest deeper than calls."""
    stack = [folder]
    while stack:
        name = stack.pop()
        try:
            with os.scandir(name) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield name, error
            continue
        yield name, entries
        inner = (e for e in entries if e.is_dir(follow_symlinks=False))
        stack += [e.path for e in inner if not e.name.startswith(".") and e.name not in SKIPPED_FOLDERS][::-1]


def _is_document(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    ending = Path(name).suffix.lower()
    if name.startswith(".") or (ending not in FORMATS and ending != ".xml") or _NO_ARTICLE.fullmatch(name):
        return False
    if ending == ".xml":
        return _begins_export(entry)
    try:  # a pipe would block; a link that leads nowhere is worth a report
        return entry.is_file() or (entry.is_symlink() and not entry.is_dir())
    except OSError:
        return True


def _begins_export(entry: os.DirEntry[str]) -> bool:
    """Whether an XML file that a search came upon is an export: sitemaps and feeds are nobody's article."""
    try:
        if not entry.is_file():
            return False
        with Path(entry.path).open("rb") as file:
            return is_export(file.read(_SIGNED))
    except OSError:
        return False


def _file(path: str, max_bytes: int, seen: set[tuple[int, int]]) -> Iterator[Snapshot | Failure]:
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                if identity in seen:
                    return
                seen.add(identity)
            yield from _read(file, path, max_bytes)
    except (OSError, ValueError) as error:
        yield _failure(path, error)


def _stdin(stream: BinaryIO, name: str, max_bytes: int) -> Iterator[Snapshot | Failure]:
    try:
        yield from _read(stream, name, max_bytes)
    except (OSError, ValueError) as error:
        yield Failure(
            FailureKind.UNREADABLE, f"standard input cannot be read ({_reason(error)}); name a file", path=name
        )


def _read(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Snapshot | Failure]:
    """What a stream holds: one document, or the many of an export, which may be larger than any of them."""
    start = stream.read(min(_SIGNED, max_bytes + 1))
    if is_export(start):
        yield from read_export(stream, path, max_bytes, start)
    else:
        yield _snapshot(start + stream.read(max_bytes + 1 - len(start)), path, max_bytes)


def _snapshot(body: bytes, path: str, max_bytes: int) -> Snapshot | Failure:
    if len(body) > max_bytes:
        detail = f"larger than {max_bytes:,} bytes; raise the limit or split the document"
        return Failure(FailureKind.TOO_LARGE, detail, path=path)
    if not body.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f"):
        return Failure(FailureKind.EMPTY, "an empty file; give it some text or leave it out", path=path)
    if binary(body):
        detail = "not text but binary data; name an HTML, Markdown or text file (in UTF-8 if in doubt)"
        return Failure(FailureKind.BINARY, detail, path=path)
    if Path(path).suffix.lower() not in FORMATS and _XML.match(_sample(body)) and not _XHTML.search(_sample(body)):
        detail = "XML that is neither XHTML nor a WordPress export (Tools, Export); name an HTML, Markdown or text file"
        return Failure(FailureKind.CONTENT_TYPE, detail, path=path)
    return Snapshot(body, FORMATS.get(Path(path).suffix.lower()) or sniff(body), path=path)


def _failure(path: str, error: Exception) -> Failure:
    match error:
        case FileNotFoundError() if Path(path).is_symlink():
            return Failure(FailureKind.UNREADABLE, "a link that leads nowhere; repair or remove it", path=path)
        case FileNotFoundError() | NotADirectoryError() if glob.has_magic(path):
            return Failure(FailureKind.MISSING, "no file matches this pattern; check its spelling", path=path)
        case FileNotFoundError() | NotADirectoryError():
            return Failure(FailureKind.MISSING, "no such file or folder; check its spelling", path=path)
        case PermissionError():
            return Failure(FailureKind.UNREADABLE, "no permission to read it; change its mode or owner", path=path)
        case OSError(errno=errno.ELOOP):
            return Failure(FailureKind.UNREADABLE, "a link that leads to itself; repair or remove it", path=path)
        case _:
            return Failure(FailureKind.UNREADABLE, f"cannot be read ({_reason(error)}); check its name", path=path)


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
