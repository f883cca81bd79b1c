"""The httpx transport of a crawl: httpcore's pool on a network that refuses private addresses."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType

import httpcore
import httpx

from auditor.config import CrawlLimits
from auditor.page.snapshot import FailureKind
from auditor.web.private import CheckedBackend, NoAddressError, PrivateAddressError

ENCODINGS = "gzip, deflate"
"""Only what can be decompressed with a bound on the output of every single step (see `auditor.web.inflate`)."""

ACCEPT = "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,application/xml;q=0.7,*/*;q=0.1"

IDLE_SECONDS = 15.0


class _Body(httpx.AsyncByteStream):
    """A response's bytes as they come off the wire."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpcore's pool for httpx, with the network as a parameter, which httpx's own transport does not offer.

    Raises httpcore's exceptions, `PrivateAddressError` and `NoAddressError` as they are: `explain` tells them apart.
    """

    def __init__(self, allow_private: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=None,  # held by Pace, host by host
            keepalive_expiry=IDLE_SECONDS,
            http2=True,
            network_backend=CheckedBackend(allow_private),
        )

    async def __aenter__(self) -> CheckedTransport:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._pool.__aexit__(exc_type, exc_value, traceback)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)


def client(limits: CrawlLimits) -> httpx.AsyncClient:
    """A client without memory: no cookies (search engines keep none), no redirects, nothing from the environment."""
    return httpx.AsyncClient(
        transport=CheckedTransport(limits.allow_private),
        headers={"user-agent": limits.user_agent, "accept": ACCEPT, "accept-encoding": ENCODINGS},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout),
        follow_redirects=False,
        trust_env=False,
    )


def explain(error: Exception) -> tuple[FailureKind, str]:
    """Which failure an exception of a request is, and one line on it for people."""
    match error:
        case PrivateAddressError():
            return FailureKind.UNREACHABLE, f"{error}; use --allow-private to fetch from it"
        case NoAddressError():
            return FailureKind.UNREACHABLE, f"{error}; check the spelling"
        case httpcore.ConnectTimeout():
            return FailureKind.TIMEOUT, "no connection in time"
        case httpcore.TimeoutException():
            return FailureKind.TIMEOUT, "the server stopped answering"
        case httpcore.ConnectError():
            return _explain_connect(error)
        case httpcore.RemoteProtocolError() | httpcore.ReadError() | httpcore.WriteError():
            return FailureKind.UNREACHABLE, f"the connection broke off: {_line(error)}"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            return FailureKind.BAD_URL, f"no address a server can be asked for: {_line(error)}"
        case _:
            return FailureKind.UNREACHABLE, f"{type(error).__name__}: {_line(error)}"


def _explain_connect(error: httpcore.ConnectError) -> tuple[FailureKind, str]:
    cause = error.__cause__ or error.__context__
    match cause:
        case ssl.SSLCertVerificationError():
            return FailureKind.TLS, f"the certificate is not valid: {cause.verify_message}"
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "HTTP_REQUEST" | "RECORD_LAYER_FAILURE"):
            return FailureKind.UNREACHABLE, "the server does not speak TLS on this port; try http://"
        case ssl.SSLError():
            return FailureKind.TLS, f"no secure connection: {cause.reason or _line(cause)}"
        case _:
            return FailureKind.UNREACHABLE, f"not connected ({_line(error)}); check the address"


def _line(error: BaseException) -> str:
    """The message of an exception as one short line; never empty."""
    text = " ".join(str(error).split())
    return (text or type(error).__name__)[:200]
