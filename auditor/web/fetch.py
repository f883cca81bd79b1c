"""Fetch: one request with its limits, retries and reasons; redirects are followed by whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType

import httpcore
import httpx

from auditor import urls
from auditor.config import CrawlLimits
from auditor.page.snapshot import Failure, FailureKind
from auditor.web import transport
from auditor.web.inflate import DamagedError, Inflater, TooLargeError
from auditor.web.pace import BACK_OFF, MAX_WAIT, Pace, retry_after

REDIRECTS = frozenset((301, 302, 303, 307, 308))
ASKS_TO_WAIT = frozenset((429, 503))
SMALL = 65_536
"""Bytes of an unwanted body that are read to keep the connection; for more it is closed."""

PRIVATE_HEADERS = frozenset(("set-cookie", "set-cookie2", "authorization", "proxy-authenticate"))


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


@dataclass(slots=True)
class Traffic:
    """What went over the wire so far."""

    requests: int = 0
    bytes: int = 0
    """Of bodies, after decompression."""


class Fetcher:
    """A client for the time of a crawl: `async with Fetcher(limits) as fetcher`."""

    def __init__(self, limits: CrawlLimits) -> None:
        self._limits = limits
        self._client = transport.client(limits)
        self.traffic = Traffic()

    async def __aenter__(self) -> Fetcher:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, traceback)

    async def get(
        self,
        url: str,
        pace: Pace,
        *,
        wants: Callable[[str], bool] = lambda media_type: True,
        max_bytes: int | None = None,
        cut: bool = False,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer | Failure:
        """Ask once, wait and ask again (twice at most) where the server says to wait, once more where it hung up.

        `wants` judges a media type before the body is read. A body over `max_bytes` (decompressed; by default the
        crawl's limit) is a failure, or with `cut` ends there.
        """
        limit = self._limits.max_bytes if max_bytes is None else max_bytes
        waits = 0
        hung_up = False
        while True:
            async with pace:
                outcome = await self._exchange(url, wants, limit, cut, headers)
            match outcome:
                case Answer(status=status) if status in ASKS_TO_WAIT:
                    wait = retry_after(outcome.headers.get("retry-after", ""), waits)
                    if waits == len(BACK_OFF) or wait > MAX_WAIT:
                        return outcome
                    waits += 1
                    pace.hold(wait)
                case Answer():
                    return outcome
                case httpcore.RemoteProtocolError() | httpcore.ReadError() | httpcore.WriteError() if not hung_up:
                    hung_up = True  # an idle connection that the server closed just as we asked
                case Exception():
                    return self._failure(url, outcome, limit)

    async def _exchange(
        self, url: str, wants: Callable[[str], bool], limit: int, cut: bool, headers: Mapping[str, str]
    ) -> Answer | Exception:
        self.traffic.requests += 1
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                response = await self._client.send(
                    self._client.build_request("GET", url, headers=dict(headers)), stream=True
                )
                try:
                    return await self._read(url, response, wants, limit, cut)
                finally:
                    await response.aclose()
        except Exception as error:  # whatever a hostile server provokes in a protocol library is a failed document
            return error

    async def _read(
        self, url: str, response: httpx.Response, wants: Callable[[str], bool], limit: int, cut: bool
    ) -> Answer:
        headers = {name: value for name, value in response.headers.items() if name not in PRIVATE_HEADERS}
        answer = Answer(url, response.status_code, headers, b"", datetime.now(UTC))
        declared = _length(headers)
        if answer.status != 200 or not wants(answer.media_type):
            if declared is not None and declared <= SMALL:
                await _drain(response)
            return answer
        if declared is not None and declared > limit and not cut:
            raise TooLargeError
        body = await _body(response, headers.get("content-encoding", ""), limit, cut)
        self.traffic.bytes += len(body)
        return replace(answer, body=body)

    def _failure(self, url: str, error: Exception, limit: int) -> Failure:
        match error:
            case TooLargeError():
                detail = f"larger than {limit:,} bytes; raise the limit with --max-bytes"
                return Failure(FailureKind.TOO_LARGE, detail, url)
            case DamagedError():
                return Failure(FailureKind.UNREADABLE, f"the compression is damaged: {error}", url)
            case TimeoutError():
                return Failure(FailureKind.TIMEOUT, f"not done after {self._limits.total_timeout:g} seconds", url)
            case _:
                kind, detail = transport.explain(error)
                return Failure(kind, detail, url)


async def _body(response: httpx.Response, encoding: str, limit: int, cut: bool) -> bytes:
    parts: list[bytes] = []
    size = 0
    match encoding.strip().lower():
        case "" | "identity":
            inflater = None
        case "gzip" | "x-gzip" | "deflate":
            inflater = Inflater(limit)
        case other:
            raise DamagedError(f"encoded as {other[:40]}, which was not asked for")
    try:
        async for chunk in response.aiter_raw():
            part = chunk if inflater is None else inflater.feed(chunk)
            size += len(part)
            parts.append(part)
            if size > limit:
                raise TooLargeError
    except TooLargeError:
        if not cut:
            raise
    return b"".join(parts)[:limit]


async def _drain(response: httpx.Response) -> None:
    async for _ in response.aiter_raw():
        pass


def _length(headers: Mapping[str, str]) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
