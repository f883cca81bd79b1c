"""WARC out: a run as an archive (WARC 1.1, a gzip member for each record) that other tools can read."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from auditor import urls
from auditor.archive.exchange import DESCRIBING, KEPT_AS
from auditor.archive.place import making
from auditor.archive.warc import NOTES, OWN
from auditor.page.snapshot import Failure, Format, Redirect, Snapshot
from auditor.store.run import Moved
from auditor.store.store import RunInfo, Store
from auditor.version import __version__

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_BREAK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_TYPES = {Format.HTML: "text/html", Format.MARKDOWN: "text/markdown", Format.TEXT: "text/plain"}
_URI_SAFE = "%/:=&?~#+!$,;'@()*[]"


def write_warc(store: Store, number: int, file: Path) -> int:
    """Write a run; how many documents. Each is a request and a response, its variants are conversions of it.

    Bodies are as they were audited, so headers on how they were packed stand under `X-Archive-Orig-`. Failures are metadata;
    `read_warc` gives all of it back.

    Raises:
        StoreError: there is no such run.
        ConfigError: the file exists, or cannot be written.
    """
    info, run = store.info(number), store.open(number)
    with making(file) as out:
        writer = _Writer(out, info)
        writer.about()
        for moved in run.redirects().values():
            writer.moved(moved)
        numbers = run.documents()
        for one in numbers:
            writer.document(run.document(one))
        for failure in run.failures():
            writer.failure(failure)
    return len(numbers)


class _Writer:
    def __init__(self, out: BinaryIO, info: RunInfo) -> None:
        self._out = out
        self._info = info
        self._count = 0
        self._agent = str(info.settings.get("user_agent") or f"auditor/{__version__}")

    def about(self) -> None:
        fields = {
            "software": f"auditor {__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": f"run {self._info.id}, begun at {' '.join(self._info.starts)}",
        }
        block = "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items())
        self._record("warcinfo", None, self._info.began, "application/warc-fields", block.encode())

    def document(self, page: Snapshot) -> None:
        notes: dict[str, Any] = {
            "url": page.url,
            "final_url": page.final_url,
            "path": page.path,
            "format": page.format,
            "redirects": [[hop.url, hop.status] for hop in page.redirects],
            "fetched": page.status is not None,
            "dated": page.fetched_at is not None,
        }
        uri = page.final_url or page.url or _file_uri(page.path)
        when = page.fetched_at or self._info.began
        if not urls.normalise(uri):  # a file: nobody asked for it
            extra = {NOTES: json.dumps({OWN: {**notes, "headers": dict(page.headers)}})}
            self._variants(page, uri, when, self._record("resource", uri, when, _TYPES[page.format], page.body, extra))
            return
        hops = (*page.redirects, Redirect(uri, 0))
        for hop, following in itertools.pairwise(hops):
            self._redirect(hop.url, hop.status, following.url, when, {"hop": True})
        headers = {f"{KEPT_AS}{name}" if name in DESCRIBING else name: value for name, value in page.headers.items()}
        headers["content-length"] = str(len(page.body))
        block = _message(page.status or 200, headers) + page.body
        self._variants(page, uri, when, self._exchange(uri, when, block, page.body, notes))

    def _variants(self, page: Snapshot, uri: str, when: datetime, record: str) -> None:
        for variant, body in page.variants.items():
            extra = {"WARC-Refers-To": record, NOTES: json.dumps({OWN: {"variant": variant}})}
            self._record("conversion", uri, when, "text/html", body, extra)

    def moved(self, moved: Moved) -> None:
        self._redirect(moved.source, moved.status, moved.target, self._info.began, None)

    def failure(self, failure: Failure) -> None:
        own = {"failure": failure.kind, "detail": failure.detail, "url": failure.url, "path": failure.path}
        uri = failure.url or _file_uri(failure.path)
        block = f"{failure.kind}: {failure.detail}\n".encode("utf-8", "replace")
        self._record("metadata", uri, self._info.began, "text/plain", block, {NOTES: json.dumps({OWN: own})})

    def _redirect(self, url: str, status: int, target: str, when: datetime, own: Mapping[str, Any] | None) -> None:
        self._exchange(url, when, _message(status, {"location": target, "content-length": "0"}), b"", own)

    def _exchange(self, uri: str, when: datetime, block: bytes, payload: bytes, own: Mapping[str, Any] | None) -> str:
        extra = {"WARC-Payload-Digest": _digest(payload)}
        if own is not None:
            extra[NOTES] = json.dumps({OWN: own})
        response = self._record("response", uri, when, "application/http; msgtype=response", block, extra)
        host, _, asked = _uri(uri).partition("://")[2].partition("#")[0].partition("/")
        request = f"GET /{asked} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {_line(self._agent)}\r\n\r\n"
        extra = {"WARC-Concurrent-To": response}
        self._record("request", uri, when, "application/http; msgtype=request", request.encode(), extra)
        return response

    def _record(
        self,
        kind: str,
        uri: str | None,
        when: datetime,
        media_type: str,
        block: bytes,
        extra: Mapping[str, str] | None = None,
    ) -> str:
        """Write one; its id, which is the same whenever the same run is written."""
        self._count += 1
        name = f"{self._info.began.isoformat()} {self._info.id} {self._count} {_digest(block)}"
        identity = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
        fields = {
            "WARC-Type": kind,
            "WARC-Record-ID": identity,
            "WARC-Date": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            **({"WARC-Target-URI": _uri(uri)} if uri else {}),
            **(extra or {}),
            "WARC-Block-Digest": _digest(block),
            "Content-Type": media_type,
            "Content-Length": str(len(block)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        whole = b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n"))
        self._out.write(gzip.compress(whole, 6, mtime=0))
        return identity


def _message(status: int, headers: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = "".join(f"{name}: {_line(value)}\r\n" for name, value in headers.items() if _TOKEN.fullmatch(name))
    return f"HTTP/1.1 {status:03d} {phrase}\r\n{lines}\r\n".encode("utf-8", "replace")


def _line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()


def _uri(uri: str) -> str:
    return uri if uri.isascii() and uri.isprintable() and " " not in uri else quote(uri, _URI_SAFE, errors="replace")


def _file_uri(path: str | None) -> str:
    return f"file:///{quote((path or '').lstrip('/'), errors='replace')}"


def _digest(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"
