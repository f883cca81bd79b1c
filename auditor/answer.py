"""Answer: what a server said to one request, and the judgement of it: a document, nothing worth keeping, or a failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from auditor import urls
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot
from auditor.store.target import Target

REDIRECTS = frozenset((301, 302, 303, 307, 308))

PRIVATE_HEADERS = frozenset(("set-cookie", "set-cookie2", "authorization", "proxy-authenticate"))
"""Left out of every answer: no part of a document, and nobody else's business."""

HTML = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
MARKDOWN = frozenset(("text/markdown", "text/x-markdown", "text/x-web-markdown"))
FEEDS = frozenset(("application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"))
GZIP = frozenset(("application/gzip", "application/x-gzip"))


NO_PAGES = frozenset(
    extension
    for line in (
        "jpg jpeg png gif webp avif svg ico bmp tif tiff heic psd ai eps swf",
        "mp3 m4a ogg oga opus wav flac mp4 m4v mov avi wmv webm mkv",
        "pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi csv tsv",
        "zip gz tgz bz2 xz 7z rar tar dmg exe msi apk iso deb rpm jar",
        "css js mjs json jsonld map xml rss atom woff woff2 ttf otf eot ics vcf",
    )
    for extension in line.split()
)
"""File name extensions that no page has; asking for them would only cost the server."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to one request."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case; cookies left out, since they are no part of a document."""
    body: bytes
    """Decompressed; empty where the asker did not want a body of this type."""
    fetched_at: datetime

    @property
    def redirect(self) -> bool:
        return self.status in REDIRECTS and "location" in self.headers

    @property
    def location(self) -> str:
        """Where a redirect leads, absolute; empty for nowhere a crawler goes."""
        return urls.absolute(self.url, self.headers.get("location", ""))

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class NoPage:
    """Fetched and fine, but no document: an image, an archive, data."""

    media_type: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A sitemap or feed given as a start."""

    body: bytes


def wanted(media_type: str, start: bool) -> bool:
    """Whether the body of an answer of this type is worth reading."""
    return (
        not media_type or media_type in HTML | MARKDOWN or media_type == "text/plain" or (start and _lists(media_type))
    )


def _lists(media_type: str) -> bool:
    return media_type in FEEDS or media_type in GZIP


def judge(answer: Answer, target: Target, redirects: tuple[Redirect, ...]) -> Snapshot | Failure | NoPage | Listing:
    """What the final answer for a target is. The failure's address is the one asked for."""
    if answer.status != HTTPStatus.OK:
        return Failure(*_status(answer), target.url)
    media_type = answer.media_type
    if not wanted(media_type, target.start):
        if target.start:
            detail = f"{media_type[:80]} is not HTML, Markdown or text"
            return Failure(FailureKind.CONTENT_TYPE, detail, target.url)
        return NoPage(media_type[:80])
    if _lists(media_type):
        return Listing(answer.body)
    if not answer.body.strip():
        return Failure(FailureKind.EMPTY, "the server sent an empty document", target.url)
    if not media_type and b"\0" in answer.body[:1024]:
        if target.start:
            return Failure(FailureKind.CONTENT_TYPE, "binary data, not HTML, Markdown or text", target.url)
        return NoPage("unnamed")
    return Snapshot(
        answer.body,
        _format(media_type, answer.url),
        url=target.url,
        final_url=answer.url,
        status=answer.status,
        headers=answer.headers,
        redirects=redirects,
        fetched_at=answer.fetched_at,
    )


def _format(media_type: str, url: str) -> Format:
    name = url.partition("?")[0].lower()
    if media_type in MARKDOWN or (media_type == "text/plain" and name.endswith((".md", ".markdown"))):
        return Format.MARKDOWN
    return Format.TEXT if media_type == "text/plain" else Format.HTML


def _status(answer: Answer) -> tuple[FailureKind, str]:
    status = answer.status
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        name = str(status)
    match status:
        case 407:
            return FailureKind.REFUSED, f"could not look: the proxy answers {name}; give --proxy a user and a password"
        case 401 | 403 | 451 | 999:  # 999 is LinkedIn's own
            return FailureKind.REFUSED, f"could not look: {name}"
        case 429 | 503:
            asked = answer.headers.get("retry-after", "")[:40]
            wait = f", asks to wait ({asked})" if asked else ""
            return FailureKind.REFUSED, f"could not look: {name}{wait}; try later or with a lower --rate"
        case 404 | 410:
            return FailureKind.MISSING, f"{name}"
        case 304:
            return FailureKind.STATUS, f"{name}, though nobody asked whether it has changed; look at the server's cache"
        case 204 | 205:
            return FailureKind.EMPTY, f"{name}"
        case _ if answer.redirect or 300 <= status < 400:
            return FailureKind.REDIRECT, f"{name} without a usable address"
        case _:
            return FailureKind.STATUS, f"{name}"
