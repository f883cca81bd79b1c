"""Labels: a user's own labelled pages, read from a file of JSON lines. CONTRIBUTING describes the format.

Needs no scikit-learn: the same pages are scored by the shipped models (`auditor.training.score`) and added to a training
(`auditor.training.added`).
"""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from auditor import files, urls
from auditor.config import Config
from auditor.errors import SourceError
from auditor.page.snapshot import Failure, Format, Snapshot
from auditor.report import Label

MAX_BYTES = Config().max_bytes
"""Of one document, as for `auditor check`."""
MAX_LINE = 4 * MAX_BYTES
"""Of one line; markup in JSON takes more room than by itself, and a line without an end must not fill the memory."""

_WORDS = ", ".join(label.value for label in Label)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page with what its user says of it."""

    line: int
    """Number of its line, from 1."""
    snapshot: Snapshot
    site: str
    """Pages of one site are judged together and never stand on both sides of a split."""
    label: Label
    links: Mapping[str, bool] | None
    """Target as written → planted or not, for the links that were labelled one by one; None where none were."""

    @property
    def name(self) -> str:
        """What to call it: its address, else its path."""
        return self.snapshot.url or self.snapshot.name


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that gives no page, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Labels:
    """What one file holds, in its order."""

    pages: tuple[LabelledPage, ...]
    bad: tuple[BadLine, ...]


class _LineError(ValueError):
    """What is wrong with one line."""


def read(path: Path) -> Labels:
    """Read a file of labelled pages, plain or packed (`.gz`, `.xz`). A line that cannot be used becomes a `BadLine`.

    Raises:
        SourceError: the file cannot be read, is damaged, or no line of it could be used.
    """
    pages: list[LabelledPage] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for number, raw in _lines(path):
        try:
            page = _page(number, raw, path.absolute().parent)
            name = page.snapshot.path or ""
            if name in seen:
                raise _LineError(f"the same file as in line {seen[name]}; leave one of them out")
            seen[name] = number
            pages.append(page)
        except _LineError as error:
            bad.append(BadLine(number, str(error)))
    if not pages:
        first = f" ({bad[0]})" if bad else ""
        raise SourceError(f"{path} holds no labelled page that can be used{first}; see CONTRIBUTING for the format")
    return Labels(tuple(pages), tuple(bad))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers; of one longer than `MAX_LINE` only the start."""
    openers: dict[str, Any] = {".gz": gzip.open, ".xz": lzma.open}
    try:
        with openers.get(path.suffix.lower(), Path.open)(path, "rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE):
                number += 1
                if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
                    _skip(file)
                if raw.strip():
                    yield number, raw
    except (lzma.LZMAError, zlib.error, EOFError, gzip.BadGzipFile):
        raise SourceError(f"{path} is no intact {path.suffix} file; pack it again") from None
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SourceError(f"{path} cannot be read ({reason}); name a file of labelled pages") from None


def _skip(file: IO[bytes]) -> None:
    while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass


def _page(number: int, raw: bytes, folder: Path) -> LabelledPage:
    if len(raw) >= MAX_LINE:
        raise _LineError(f"longer than {MAX_LINE:,} bytes; leave the page out")
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        raise _LineError("not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise _LineError("not JSON; one object a line") from None
    if not isinstance(row, dict):
        raise _LineError('not an object; write {"url": …, "html": …, "label": …}')
    label = row.get("label")
    if not isinstance(label, str) or label not in set(Label):
        raise _LineError(f"`label` has to be one of {_WORDS}")
    url, path, site = (_text(row, key) for key in ("url", "path", "site"))
    if url and not urls.normalise(url):
        raise _LineError("`url` has to be a whole address (https://…)")
    if not url and site:  # a page of a known site needs an address there, or its own links look foreign
        url = f"https://{site if '.' in site else f'{site}.example'}/{path or f'line-{number}'}"
    made = _snapshot(row, number, url, path, folder)
    own = site or urls.site(url) or (path.rpartition("/")[0] if path else f"line-{number}") or "."
    return LabelledPage(number, made, own, Label(label), _links(row))


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _LineError(f"`{key}` has to be text")
    return value.strip()


def _snapshot(row: Mapping[str, Any], number: int, url: str, path: str, folder: Path) -> Snapshot:
    """The document itself. Each gets a path of its own, by which its result is found again in the report."""
    html = row.get("html")
    if html is not None:
        if not isinstance(html, str) or not html.strip():
            raise _LineError("`html` has to be text, and not empty")
        body = html.encode("utf-8", "replace")
        if len(body) > MAX_BYTES:
            raise _LineError(f"larger than {MAX_BYTES:,} bytes; leave the page out")
        return Snapshot(body, Format.HTML, url or None, url or None, f"line-{number}/{path or 'page'}")
    if not path:
        raise _LineError("neither `html` nor `path`; give the page or the file it is in")
    try:
        file = folder / path
        found = next(files.read([str(file)], max_bytes=MAX_BYTES)) if file.is_file() else None
    except (OSError, ValueError):
        found = None
    match found:
        case Snapshot(body=body, format=format):
            return Snapshot(body, format, url or None, url or None, path)
        case Failure(detail=detail):
            raise _LineError(f"{path!r}: {detail}")
    raise _LineError(f"{path!r}: no such file beside the labels; paths are relative to their file")


def _links(row: Mapping[str, Any]) -> dict[str, bool] | None:
    given = row.get("links")
    if given is None:
        return None
    if not isinstance(given, list):
        raise _LineError("`links` has to be a list")
    found: dict[str, bool] = {}
    for link in given:
        href = link.get("href") if isinstance(link, dict) else None
        planted = link.get("planted") if isinstance(link, dict) else None
        if not isinstance(href, str) or not isinstance(planted, bool):
            raise _LineError('a link has to be {"href": text, "planted": true or false}')
        if found.setdefault(href.strip(), planted) is not planted:
            raise _LineError(f"`links` says both of {href.strip()[:80]!r}")
    return found
