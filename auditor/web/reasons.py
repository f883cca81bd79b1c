"""Reasons: which failure an exception of a request is, and one line on it for people."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

import httpcore
import httpx

from auditor.config import CrawlLimits
from auditor.inflate import DamagedError, TooLargeError
from auditor.page.snapshot import FailureKind
from auditor.web.private import NoAddressError, NotConnectedError, PrivateAddressError


class StalledError(Exception):
    """The body of an answer stopped coming."""


class NowhereError(Exception):
    """An answer leads to what is no address."""


_CERTIFICATES = {
    9: "is not valid yet; check the clocks of the server and of this machine",
    10: "has expired; it has to be renewed",
    18: "is self-signed: nobody known vouches for it",
    19: "is vouched for by an issuer that made its own certificate and is not known here",
    20: "has an issuer that is not known here, or the server leaves out the certificates between",
    21: "has an issuer that is not known here, or the server leaves out the certificates between",
    23: "was revoked",
    62: "is for another host name",
    64: "is for another address",
}
"""OpenSSL's verification results (x509_vfy.h) that are worth words of their own."""

_NOT_TLS = frozenset(("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"))
_TOO_OLD = frozenset(
    ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "DH_KEY_TOO_SMALL")
)
_NO_CIPHER = frozenset(("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "TLSV1_ALERT_INSUFFICIENT_SECURITY"))
_WANTS_CERTIFICATE = frozenset(("TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE"))
_BROKEN = {
    "Receive buffer too long": "the server sends more than 100 KB of headers; look at its configuration",
    "without sending complete message body": "the body ends early; look at the server, or try again later",
    "without sending a response": "the server hung up without an answer; try again later",
    "bytearray": "what the server sends is no HTTP; check the port",
    "illegal": "what the server sends is no HTTP; check the port",
    "Content-Length": "the server says two things about the length of its answer; look at its configuration",
}
"""What the connection library says of an answer that cannot be read, by its telling words, and what to tell people."""
_CLOSED = frozenset((errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED))


def explain(error: Exception, limits: CrawlLimits, max_bytes: int | None = None) -> tuple[FailureKind, str]:
    """Which failure an exception of a request is, and one line on it; `max_bytes` where it was not the crawl's own."""
    match error:
        case TooLargeError():
            most = limits.max_bytes if max_bytes is None else max_bytes
            return FailureKind.TOO_LARGE, f"larger than {most:,} bytes; raise the limit with --max-bytes"
        case DamagedError():
            return FailureKind.UNREADABLE, f"the compressed body is damaged: {error}; look at the server or its proxy"
        case PrivateAddressError():
            return FailureKind.UNREACHABLE, f"{error}; use --allow-private to fetch from it"
        case NoAddressError(temporary=True):
            return FailureKind.UNREACHABLE, f"{error}; try again later"
        case NoAddressError():
            return FailureKind.UNREACHABLE, f"{error}; check the spelling"
        case NotConnectedError():
            return FailureKind.TIMEOUT, str(error)
        case NowhereError():
            return FailureKind.REDIRECT, "it redirects without a usable address; look at the server's rules"
        case StalledError():
            detail = f"the server stopped answering in the middle: nothing came for {limits.read_timeout:g} seconds"
            return FailureKind.TIMEOUT, detail
        case httpcore.ConnectTimeout():
            detail = f"connected, but no secure connection was agreed on within {limits.connect_timeout:g} seconds"
            return FailureKind.TIMEOUT, detail
        case httpcore.ReadTimeout():
            return FailureKind.TIMEOUT, f"no answer within {limits.read_timeout:g} seconds; allow more with --timeout"
        case httpcore.TimeoutException():
            return FailureKind.TIMEOUT, f"the server took nothing in for {limits.read_timeout:g} seconds"
        case TimeoutError():
            detail = f"too slow: not done after {limits.total_timeout:g} seconds; allow more with --timeout"
            return FailureKind.TIMEOUT, detail
        case httpcore.ProxyError():
            return FailureKind.UNREACHABLE, f"the proxy does not let us through: {_line(error)}; check --proxy"
        case httpcore.NetworkError() | httpcore.ProtocolError() | ssl.SSLError():
            return _explain_broken(error)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            return FailureKind.BAD_URL, f"no address a server can be asked for: {_line(error)}"
        case _:
            return FailureKind.UNREACHABLE, f"{type(error).__name__}: {_line(error)}"


def _explain_broken(error: Exception) -> tuple[FailureKind, str]:
    """A connection that did not come about or did not last, by what lies under the library's exception."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return _explain_tls(cause)
    code = next((cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno), 0)
    if isinstance(error, httpcore.ConnectError):
        match code:
            case errno.ECONNREFUSED:
                return FailureKind.UNREACHABLE, "the server refused the connection; check address and port"
            case errno.ENETUNREACH | errno.EHOSTUNREACH | errno.ENETDOWN | errno.EADDRNOTAVAIL:
                return FailureKind.UNREACHABLE, "there is no way to the server; check this machine's network"
            case _ if not code or code in _CLOSED or any(isinstance(cause, ssl.SSLEOFError) for cause in causes):
                return FailureKind.TLS, "the server hung up before a secure connection was agreed on"
        return FailureKind.UNREACHABLE, f"not connected ({_line(error)}); check the address"
    how = "reset by the server" if code in _CLOSED else _in_words(_line(error))
    return FailureKind.UNREACHABLE, f"the connection broke off: {how}"


def _in_words(said: str) -> str:
    """What the connection library says, for people."""
    for mark, words in _BROKEN.items():
        if mark in said:
            return words
    return said


def _explain_tls(error: ssl.SSLError) -> tuple[FailureKind, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        said = _CERTIFICATES.get(error.verify_code, f"is not valid: {error.verify_message}")
        return FailureKind.TLS, f"the certificate {said}"
    reason = error.reason or ""
    if reason in _NOT_TLS:
        return FailureKind.UNREACHABLE, "the server does not speak TLS on this port; try http://"
    if reason in _TOO_OLD:
        return FailureKind.TLS, "the server speaks only versions of TLS before 1.2, which browsers refuse, too"
    if reason in _NO_CIPHER:
        return FailureKind.TLS, "no secure connection: server and auditor share no cipher"
    if reason in _WANTS_CERTIFICATE:
        return FailureKind.TLS, "no secure connection: the server wants a certificate of its visitors"
    if reason == "TLSV1_UNRECOGNIZED_NAME":
        return FailureKind.TLS, "no secure connection: the server does not know this host name"
    return FailureKind.TLS, f"no secure connection: {reason or _line(error)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from, newest first; bounded, since groups nest."""
    waiting: list[BaseException | None] = [error]
    for _ in range(20):
        if not waiting:
            return
        one = waiting.pop(0)
        if one is None:
            continue
        yield one
        waiting.append(one.__cause__ or one.__context__)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)


def _line(error: BaseException) -> str:
    """The message of an exception as one short line; never empty."""
    text = " ".join(str(error).split())
    return (text or type(error).__name__)[:200]
