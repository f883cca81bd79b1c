"""The httpx transport of a crawl: a bounded pool of sockets for each host, on a network that refuses private addresses."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any

import httpcore
import httpx
from h2.errors import ErrorCodes
from h2.events import DataReceived
from h2.exceptions import ProtocolError

from auditor import identity
from auditor.config import CrawlLimits
from auditor.errors import ConfigError
from auditor.inflate import SUPPORTED
from auditor.web.private import CheckedBackend, ProxyBackend, refuse_literal

ACCEPT = "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,application/xml;q=0.7,*/*;q=0.1"

IDLE_SECONDS = 15.0
"""How long a socket that nobody uses stays open."""


class _Body(httpx.AsyncByteStream):
    """A response's bytes as they come off the wire.

    Left unread, an HTTP/1.1 body closes its connection. On HTTP/2 httpcore would let the server go on sending into a
    window that all streams share, until nothing comes through any more: there the server is told to stop.
    """

    def __init__(self, response: httpcore.Response, leave: Callable[[], None]) -> None:
        self._response = response
        self._leave = leave
        self._done = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part
        self._done = True

    async def aclose(self) -> None:
        try:
            if not self._done and self._response.extensions.get("http_version") == b"HTTP/2":
                await _stop(self._response)
            await self._response.aclose()
        finally:
            self._leave()


async def _stop(response: httpcore.Response) -> None:
    """Reset the HTTP/2 stream of a response (RFC 9113, section 5.4.2), which httpcore has no way to ask for.

    The attributes are httpcore's own affair; where a later version has others, the whole connection is closed instead.
    """
    try:
        stream: Any = response.stream
        stream = stream._stream
        number, connection = stream._stream_id, stream._connection
        state = connection._h2_state
        for event in connection._events.get(number, ()):
            if isinstance(event, DataReceived):  # taken in and never read: it fills the window, too
                state.acknowledge_received_data(event.flow_controlled_length, number)
        with contextlib.suppress(ProtocolError):  # the server was done before us
            state.reset_stream(number, ErrorCodes.CANCEL)
        await connection._write_outgoing_data(stream._request)
    except Exception:
        with contextlib.suppress(Exception):
            await response.extensions["network_stream"].aclose()


@dataclass(slots=True)
class _Host:
    """The sockets of one host."""

    pool: httpcore.AsyncConnectionPool
    busy: int = 0
    """Requests in work."""
    used: float = 0.0
    """When one came or went, by the loop's clock."""

    def leave(self) -> None:
        self.busy -= 1
        self.used = asyncio.get_running_loop().time()


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpcore's pools for httpx, one for each host name, so that no host ever has more sockets than it may.

    A pool counts idle and dying sockets, too, whatever scheme and port they are for (`www.` and bare name are one
    host). Raises httpcore's exceptions, `PrivateAddressError` and `NoAddressError` as they are:
    `auditor.web.reasons` tells them apart. Raises `ConfigError` at once for a proxy that cannot be used.
    """

    def __init__(self, limits: CrawlLimits, proxy: str = "") -> None:
        self._tls = httpx.create_ssl_context()
        self._refuse_private = bool(proxy) and not limits.allow_private
        self._make = _maker(limits, proxy, self._tls)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        while self._hosts:
            await self._hosts.popitem()[1].pool.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if self._refuse_private:
            refuse_literal(url.host)
        host = await self._enter(identity.machine(str(url)))
        try:
            answer = await host.pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            host.leave()
            raise
        body = _Body(answer, host.leave)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def _enter(self, name: str) -> _Host:
        """The host of that name, busy; sockets that idle at hosts nobody has asked for a while are closed on the way."""
        now = asyncio.get_running_loop().time()
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(self._make())
        host.busy += 1
        host.used = now
        self._hosts.move_to_end(name)
        for old, other in tuple(self._hosts.items()):
            if other.used + IDLE_SECONDS > now:
                break
            if not other.busy:
                del self._hosts[old]
                await other.pool.aclose()
        return host


def _maker(limits: CrawlLimits, proxy: str, tls: ssl.SSLContext) -> Callable[[], httpcore.AsyncConnectionPool]:
    """What makes a pool of `limits.concurrency` sockets to one host, directly or through a proxy."""
    most = limits.concurrency
    if not proxy:
        network = CheckedBackend(limits.allow_private)
        return lambda: httpcore.AsyncConnectionPool(
            ssl_context=tls, max_connections=most, keepalive_expiry=IDLE_SECONDS, http2=True, network_backend=network
        )
    try:
        # httpx's reading of such an address: user and password taken off and unescaped.
        given = httpx.Proxy(proxy)
    except (ValueError, httpx.InvalidURL):
        raise ConfigError("the proxy is none: give http://host:port, https://host:port or socks5://host:port") from None
    address, auth, between = str(given.url), given.raw_auth, ProxyBackend()
    if given.url.scheme not in ("socks5", "socks5h"):
        return lambda: httpcore.AsyncHTTPProxy(
            address, proxy_auth=auth, ssl_context=tls, proxy_ssl_context=tls if given.url.scheme == "https" else None,
            max_connections=most, keepalive_expiry=IDLE_SECONDS, http2=True, network_backend=between,
        )  # fmt: skip
    try:
        import socksio  # noqa: F401
    except ImportError:
        raise ConfigError("a SOCKS proxy needs one more package; install it: pip install 'auditor[socks]'") from None
    return lambda: httpcore.AsyncSOCKSProxy(
        address, proxy_auth=auth, ssl_context=tls, max_connections=most, keepalive_expiry=IDLE_SECONDS, http2=True,
        network_backend=between,
    )  # fmt: skip


def client(limits: CrawlLimits, proxy: str = "") -> httpx.AsyncClient:
    """A client without memory: no cookies (search engines keep none), no redirects, nothing from the environment."""
    return httpx.AsyncClient(
        transport=CheckedTransport(limits, proxy),
        headers={"user-agent": limits.user_agent, "accept": ACCEPT, "accept-encoding": SUPPORTED},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout, pool=None),
        follow_redirects=False,
        trust_env=False,
    )
