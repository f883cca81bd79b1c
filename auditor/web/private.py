"""Private addresses: host names are resolved here, judged, and connected to at the very address that was judged."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore

NAT64 = ip_network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address that the translator connects to."""

PLATFORM = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"), ip_network("100.64.0.0/10"))
"""Addresses that look public or shared but answer with a cloud machine's own metadata (Azure, Oracle, Alibaba)."""


_NO_NAME = frozenset(getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name))


class PrivateAddressError(Exception):
    """A host that leads to an address no public site lives at."""

    def __init__(self, host: str, address: str) -> None:
        where = "is" if host == address else f"leads to {address},"
        super().__init__(f"{host} {where} a private address")
        self.host = host
        self.address = address


class NoAddressError(Exception):
    """A host name that DNS knows no address of or, where `temporary`, that it gave no answer about."""

    def __init__(self, host: str, temporary: bool = False) -> None:
        super().__init__(f"DNS gave no answer about {host}" if temporary else f"DNS knows no host called {host}")
        self.host = host
        self.temporary = temporary


class NotConnectedError(httpcore.ConnectTimeout):
    """Neither yes nor no came in time, from DNS or from the server; the message says which."""


def is_private(address: str) -> bool:
    """Whether an IP address is anything but a public unicast one; what hides in an IPv6 transition address counts too.

    What is no address at all counts as private, so that a caller that cannot judge does not connect.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    return any(not one.is_global or one.is_multicast or _of_platform(one) for one in (ip, *_inner(ip)))


def _of_platform(ip: IPv4Address | IPv6Address) -> bool:
    return any(ip in network for network in PLATFORM if network.version == ip.version)


def _inner(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """IPv4 addresses that an IPv6 address is another spelling of: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, IPv4Address):
        return ()
    found = [inner for inner in (ip.ipv4_mapped, ip.sixtofour) if inner is not None]
    if ip.teredo:
        found.append(ip.teredo[1])
    if ip in NAT64:
        found.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return tuple(found)


def refuse_literal(host: str) -> None:
    """Raise `PrivateAddressError` for a host that is a private address by its spelling alone.

    For requests through a proxy, which resolves names itself: `localhost` and the old spellings of IPv4 addresses
    (`2130706433`, `0x7f.1`) would lead it to its own machine.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise PrivateAddressError(host, "127.0.0.1")
    try:
        address = str(ip_address(name.partition("%")[0]))
    except ValueError:
        try:
            address = socket.inet_ntoa(socket.inet_aton(name))
        except (OSError, UnicodeError):
            return
    if is_private(address):
        raise PrivateAddressError(host, host if address == name else address)


async def resolve(host: str, port: int, allow_private: bool) -> tuple[str, ...]:
    """Addresses of a host that may be connected to, in the resolver's order of preference.

    Raises `NoAddressError` where DNS has none, `PrivateAddressError` where all are private and `allow_private` is off.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NoAddressError(host, temporary=error.errno not in _NO_NAME) from None
    except UnicodeError:
        raise NoAddressError(host) from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise NoAddressError(host)
    allowed = tuple(a for a in addresses if allow_private or not is_private(a))
    if not allowed:
        raise PrivateAddressError(host, addresses[0])
    return allowed


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that knows its socket: at every turn a pool asks each idle one whether the server has closed it, and the
    network below would look everything else up as well."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: Any = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable" or self._socket is None:
            return self._stream.get_extra_info(info)
        number = self._socket.fileno()
        if number < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([number], [], [], 0)[0])
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """A network that connects to checked addresses only, so that a second DNS answer cannot slip in between."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await resolve(host, port, self._allow_private)
        except TimeoutError:
            raise NotConnectedError(f"DNS did not answer within {timeout:g} seconds; try again later") from None
        refused: Exception | None = None
        for address in addresses:
            try:
                # Each address gets a share of the time, so that a dead IPv6 route does not eat all of it.
                share = timeout / len(addresses) if timeout else None
                return _Stream(await self._network.connect_tcp(address, port, share, local_address, socket_options))
            except httpcore.ConnectTimeout:
                refused = refused or NotConnectedError(f"no connection to {host} within {timeout or 0:g} seconds")
            except httpcore.ConnectError as error:
                refused = error
        assert refused is not None
        raise refused

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("a crawl never speaks to a local socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ProxyBackend(CheckedBackend):
    """The network between this machine and a proxy, which may well be a private one."""

    def __init__(self) -> None:
        super().__init__(allow_private=True)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        except (NoAddressError, httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise httpcore.ProxyError(f"no connection to {host}:{port}, {error}") from error
