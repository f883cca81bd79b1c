"""Judgement of an answer: a document, nothing worth keeping, or a failure and its kind."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot
from auditor.store.target import Target
from auditor.web.fetch import Answer

HTML = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
MARKDOWN = frozenset(("text/markdown", "text/x-markdown", "text/x-web-markdown"))
FEEDS = frozenset(("application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"))
GZIP = frozenset(("application/gzip", "application/x-gzip"))


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
        case 204 | 205:
            return FailureKind.EMPTY, f"{name}"
        case _ if answer.redirect or 300 <= status < 400:
            return FailureKind.REDIRECT, f"{name} without a usable address"
        case _:
            return FailureKind.STATUS, f"{name}"
