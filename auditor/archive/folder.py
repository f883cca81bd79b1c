"""Folder: a run as plain files with a list of what each is, and such a folder, or any built site, read again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, TextIO
from urllib.parse import quote

from auditor import urls
from auditor.archive.names import Names
from auditor.archive.warc import Outcome
from auditor.errors import ConfigError, SourceError
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot, Variant
from auditor.store.run import Moved
from auditor.store.store import Store

INDEX = "index.jsonl"
"""One JSON object a line: a document with its file, a redirect, or a failure."""

MAX_LINE = 1_000_000
NO_FILE = "documents whose file is not there"
NO_LINE = "lines of the list that make no sense"


def write_folder(store: Store, number: int, folder: Path) -> int:
    """Write a run into a new or empty folder, files by address; how many documents.

    Raises:
        StoreError: there is no such run.
        ConfigError: the folder holds something, or cannot be written.
    """
    store.info(number)
    run = store.open(number)
    names = Names()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty; name a new folder")
        with (folder / INDEX).open("x", encoding="utf-8", newline="\n") as index:
            numbers = run.documents()
            for one in numbers:
                _line(index, _written(folder, names, run.document(one)))
            for moved in run.redirects().values():
                _line(index, {"source": moved.source, "status": moved.status, "target": moved.target})
            for failure in run.failures():
                line = {"failure": failure.kind, "detail": failure.detail, "url": failure.url, "path": failure.path}
                _line(index, line)
    except OSError as error:
        raise ConfigError(f"cannot write {folder} ({error.strerror or error}); name another folder") from error
    return len(numbers)


def _line(index: TextIO, record: dict[str, Any]) -> None:
    index.write(json.dumps(record) + "\n")


def _written(folder: Path, names: Names, page: Snapshot) -> dict[str, Any]:
    """Write one document's files; its line."""
    address = page.final_url or page.url or f"file://_/{page.path}"
    record: dict[str, Any] = {
        "file": names.take(address, page.format),
        "url": page.url,
        "final_url": page.final_url,
        "path": page.path,
        "status": page.status,
        "format": page.format,
        "headers": dict(page.headers),
        "redirects": [[hop.url, hop.status] for hop in page.redirects],
        "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
        "variants": {kind: names.take(f"{address} {kind}", page.format) for kind in page.variants},
    }
    _write(folder / record["file"], page.body)
    for kind, body in page.variants.items():
        _write(folder / record["variants"][kind], body)
    return record


def _write(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as out:
        out.write(body)


def read_folder(folder: Path, *, max_bytes: int = 10_000_000, left: Counter[str] | None = None) -> Iterator[Outcome]:
    """What `write_folder` wrote, as it was. `left` counts what was left out.

    Raises:
        SourceError: the list cannot be read.
    """
    left = Counter() if left is None else left
    try:
        with (folder / INDEX).open("rb") as index:
            while line := index.readline(MAX_LINE):
                try:
                    outcome = _read(folder, json.loads(line), max_bytes)
                except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                    left[NO_LINE] += 1
                    continue
                except OSError:
                    left[NO_FILE] += 1
                    continue
                yield outcome
    except OSError as error:
        raise SourceError(f"cannot read {folder / INDEX} ({error.strerror or error}); name another folder") from error


def _read(folder: Path, record: dict[str, Any], max_bytes: int) -> Outcome:
    if "failure" in record:
        return Failure(
            FailureKind(record["failure"]), str(record["detail"]), _text(record["url"]), _text(record["path"])
        )
    if "source" in record:
        return Moved(str(record["source"]), _status(record["status"]), str(record["target"]))
    url, path = _text(record["url"]), _text(record["path"])
    bodies = {kind: _body(folder, name, max_bytes) for kind, name in {"": record["file"], **record["variants"]}.items()}
    if any(body is None for body in bodies.values()):
        detail = f"larger than {max_bytes:,} bytes; raise the limit with --max-bytes"
        return Failure(FailureKind.TOO_LARGE, detail, url, path)
    return Snapshot(
        bodies.pop("") or b"",
        Format(record["format"]),
        url=url,
        final_url=_text(record["final_url"]),
        path=path,
        status=None if record["status"] is None else _status(record["status"]),
        headers={str(name): str(value) for name, value in record["headers"].items()},
        redirects=tuple(Redirect(str(hop), _status(status)) for hop, status in record["redirects"]),
        fetched_at=datetime.fromisoformat(record["fetched_at"]) if record["fetched_at"] else None,
        variants={Variant(kind): body or b"" for kind, body in bodies.items()},
    )


def _body(folder: Path, name: str, max_bytes: int) -> bytes | None:
    """A file's bytes, None for too many. Raises ValueError for a name that leads out of the folder, OSError for no file."""
    parts = PurePosixPath(name)
    file = folder.joinpath(*parts.parts)
    if parts.is_absolute() or not file.resolve().is_relative_to(folder.resolve()):
        raise ValueError
    with file.open("rb") as opened:
        body = opened.read(max_bytes + 1)
    return body if len(body) <= max_bytes else None


def _status(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 1000:
        raise ValueError
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def addressed(documents: Iterable[Snapshot | Failure], folder: Path, base: str) -> Iterator[Snapshot | Failure]:
    """Documents read from the folder of a built site, under the addresses they will have: `posts/index.html` → `base/posts/`.

    Raises:
        ConfigError: the base is no web address.
    """
    root = urls.normalise(base)
    if not root:
        raise ConfigError(f"{base} is no web address; give --url-base like https://example.com/")
    root = root.rstrip("/") + "/"
    for one in documents:
        relative = Path(one.path or folder).relative_to(folder).as_posix()
        relative = "" if relative == "." else relative
        url = root + quote(relative.removesuffix("index.html") if _is_index(relative) else relative, errors="replace")
        if isinstance(one, Snapshot):
            yield replace(one, url=url, final_url=url, path=None)
        else:
            yield replace(one, url=url, path=None)


def _is_index(relative: str) -> bool:
    return relative == "index.html" or relative.endswith("/index.html")
