"""Fetch: one request with its limits, retries and reasons; redirects are followed by whoever asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType

import httpcore
import httpx

from auditor.answer import PRIVATE_HEADERS, Answer
from auditor.config import Access, CrawlLimits
from auditor.inflate import Inflater, TooLargeError, packed_bound
from auditor.page.snapshot import Failure
from auditor.web import reasons, transport
from auditor.web.pace import BACK_OFF, MAX_WAIT, Pace, retry_after
from auditor.web.reasons import StalledError

ASKS_TO_WAIT = frozenset((429, 503))
SMALL = 65_536
"""Bytes of an unwanted body that are read to keep the connection; for more it is closed."""


@dataclass(slots=True)
class Traffic:
    """What went over the wire so far."""

    requests: int = 0
    bytes: int = 0
    """Of bodies, after decompression."""


class Fetcher:
    """A client for the time of a crawl: `async with Fetcher(limits) as fetcher`.

    What `access` holds goes to the addresses that `trusted` says yes to, each redirect judged anew; its proxy is for
    all of them.
    """

    def __init__(
        self, limits: CrawlLimits, access: Access | None = None, trusted: Callable[[str], bool] = lambda url: False
    ) -> None:
        self._limits = limits
        self._secrets = access.request_headers() if access else {}
        self._trusted = trusted
        self._client = transport.client(limits, access.proxy if access else "")
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
        method: str = "GET",
    ) -> Answer | Failure:
        """Ask once, wait and ask again (twice at most) where the server says to wait, once more where it hung up.

        `wants` judges a media type before the body is read. A body over `max_bytes` (by default the crawl's limit) is
        a failure, or with `cut` ends there. `headers` come on top of the usual ones and before those of the access:
        `user-agent` to ask as somebody else, `if-none-match` to get a 304 with an empty body.
        """
        limit = self._limits.max_bytes if max_bytes is None else max_bytes
        if self._secrets and self._trusted(url):
            headers = {**self._secrets, **headers}
        waits = 0
        hung_up = False
        while True:
            async with pace:
                began = asyncio.get_running_loop().time()
                try:
                    request = self._client.build_request(method, url, headers=dict(headers))
                except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
                    return Failure(*reasons.explain(error, self._limits), url)
                outcome = await self._exchange(url, request, wants, limit, cut)
            match outcome:
                case Answer(status=status) if status in ASKS_TO_WAIT:
                    asked = outcome.headers.get("retry-after", "")
                    if not waits and (status == 429 or asked):  # a 503 alone may be one broken page's
                        pace.ease(began)
                    wait = retry_after(asked, waits)
                    if waits == len(BACK_OFF) or wait > MAX_WAIT:
                        return outcome
                    waits += 1
                    pace.hold(wait)
                case Answer():
                    return outcome
                case httpcore.RemoteProtocolError() | httpcore.ReadError() | httpcore.WriteError() if not hung_up:
                    hung_up = True  # an idle connection that the server closed just as we asked
                case Exception():
                    kind, detail = reasons.explain(outcome, self._limits, limit)
                    return Failure(kind, detail, url)

    async def _exchange(
        self, url: str, request: httpx.Request, wants: Callable[[str], bool], limit: int, cut: bool
    ) -> Answer | Exception:
        self.traffic.requests += 1
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                response = await self._client.send(request, stream=True)
                try:
                    return await self._read(url, response, wants, limit, cut)
                finally:
                    await response.aclose()
        except httpx.InvalidURL:  # the request's own was taken: httpx looks at where the answer leads
            return reasons.NowhereError()
        except Exception as error:  # whatever a hostile server provokes in a protocol library is a failed document
            return error

    async def _read(
        self, url: str, response: httpx.Response, wants: Callable[[str], bool], limit: int, cut: bool
    ) -> Answer:
        headers = {name: value for name, value in response.headers.items() if name not in PRIVATE_HEADERS}
        answer = Answer(url, response.status_code, headers, b"", datetime.now(UTC))
        declared = _length(headers)
        bodiless = response.request.method == "HEAD"
        if bodiless or answer.status != 200 or not wants(answer.media_type):
            if bodiless or declared is None or declared <= SMALL:
                await _drain(response)
            return answer
        if declared is not None and declared > packed_bound(limit) and not cut:
            raise TooLargeError
        body = await _body(response, headers.get("content-encoding", ""), limit, cut)
        self.traffic.bytes += len(body)
        return replace(answer, body=body)


async def _body(response: httpx.Response, encoding: str, limit: int, cut: bool) -> bytes:
    inflater = Inflater(limit, encoding)
    parts: list[bytes] = []
    room = packed_bound(limit)  # for encodings that take in what they like and give nothing
    try:
        async for chunk in response.aiter_raw():
            room -= len(chunk)
            parts.append(inflater.feed(chunk))
            if room < 0:
                raise TooLargeError
        inflater.finish()
    except TooLargeError as error:
        if not cut:
            raise
        parts.append(error.part)
    except httpcore.ReadTimeout:
        raise StalledError from None
    return b"".join(parts)


async def _drain(response: httpx.Response) -> None:
    """Read a small body that nobody wants to its end, since its connection can be used again then.

    What goes wrong on the way changes nothing about the answer.
    """
    size = 0
    with contextlib.suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.ReadTimeout):
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > SMALL:
                return


def _length(headers: Mapping[str, str]) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
