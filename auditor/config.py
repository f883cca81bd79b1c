"""Config: what a run is asked to do, validated once, independent of the command line."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.errors import ConfigError
from auditor.version import __version__

_CONTACT = re.compile(r"https?://[!-'*-~]{3,200}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE = re.compile(r"[\t -~\x80-\xff]{0,8000}")
_COOKIE_VALUE = re.compile(r"[!-+\--:<-~]{0,4000}")
_OWN_HEADERS = frozenset(
    ("accept-encoding", "connection", "content-length", "proxy-authorization", "te", "transfer-encoding", "upgrade")
)


def user_agent(contact: str = "") -> str:
    """What a crawl calls itself; `contact` is a web or mail address at which hosts reach whoever runs it.

    Raises `ConfigError` for a contact that is neither.
    """
    if contact and not _CONTACT.fullmatch(contact):
        raise ConfigError(
            "the contact is no web or mail address; give one like https://example.com/about or me@example.com"
        )
    said = f"+{contact}" if contact else "run by a site owner; no contact given"
    return f"auditor/{__version__} (SEO content audit; {said})"


LISTED = "listed"
"""In the settings of a run: how many of its starts, the last ones, are from a list."""


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """What opens the way to a site that not everybody may see. Sent to the sites of a crawl alone, the proxy aside.

    Nothing of it is written anywhere: `repr` says what is there, not what it is. Raises `ConfigError` for what cannot
    be sent, without repeating it.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    basic: tuple[str, str] | None = None
    """User and password (RFC 7617)."""
    bearer: str = ""
    """A token (RFC 6750)."""
    proxy: str = ""
    """`http://`, `https://` or `socks5://` address, with user and password where it wants them; for every request."""

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not _TOKEN.fullmatch(name) or name.lower() in _OWN_HEADERS:
                raise ConfigError(f"a header cannot be called {name[:40]!r} here; leave it out")
            if not _VALUE.fullmatch(value):
                raise ConfigError(
                    f"the value of the header {name} has characters that no header may have; take them out"
                )
        for name, value in self.cookies.items():
            if not _TOKEN.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
                raise ConfigError(f"the cookie {name[:40]!r} has characters that no cookie may have; take them out")
        if self.basic and (":" in self.basic[0] or not "".join(self.basic).isprintable()):
            raise ConfigError("user name or password have characters that cannot be sent; take them out")
        if self.bearer and not (self.bearer.isascii() and self.bearer.isprintable() and " " not in self.bearer):
            raise ConfigError("the bearer token has characters that no token may have; take them out")
        named = [name.lower() for name in self.headers]
        if (self.basic is not None) + bool(self.bearer) + named.count("authorization") > 1:
            raise ConfigError("more than one authorization is given; keep one of header, basic and bearer")
        if self.cookies and "cookie" in named:
            raise ConfigError("cookies are given twice, as a header and by name; keep one of them")

    def __repr__(self) -> str:
        kinds = (*self.headers, *(f"cookie {name}" for name in self.cookies))
        more = (self.basic and "basic", self.bearer and "bearer", self.proxy and "proxy")
        return f"Access({', '.join((*kinds, *(kind for kind in more if kind)))})"

    @property
    def secret(self) -> bool:
        """Whether there is anything that only the crawl's own sites may get."""
        return bool(self.headers or self.cookies or self.basic or self.bearer)

    def request_headers(self) -> dict[str, str]:
        """Everything that goes into a request to one of the crawl's sites, names in lower case."""
        sent = {name.lower(): value for name, value in self.headers.items()}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.basic is not None:
            sent["authorization"] = "Basic " + base64.b64encode(":".join(self.basic).encode()).decode()
        if self.bearer:
            sent["authorization"] = f"Bearer {self.bearer}"
        return sent


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """How far and how fast a crawl may go."""

    max_pages: int = 500
    max_depth: int = 10
    """Link hops from the start pages; pages from sitemaps count as depth 1."""
    max_seconds: float = 1800.0
    concurrency: int = 4
    """Requests at once to one host, and sockets open to it, idle ones included."""
    rate: float = 5.0
    """Requests a second to one host, at most; 0 for no limit."""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    max_bytes: int = 10_000_000
    """Bytes of one document, on the wire as after decompression."""
    max_redirects: int = 10
    user_agent: str = user_agent()
    obey_robots: bool = True
    allow_private: bool = False
    """Also fetch from loopback, private and link-local addresses."""
    include_subdomains: bool = False
    include: tuple[str, ...] = ()
    """Glob patterns on the whole address; empty: everything in scope."""
    exclude: tuple[str, ...] = ()
    render: bool = False
    """Run the scripts of pages in a browser and audit what they make of them."""
    chromium: str = ""
    """The browser's program; empty: the one that the system has."""
    compare_as: str = ""
    """Also ask for each page as this search bot and as a browser; empty: do not."""
    mine: tuple[str, ...] = ()
    """Domains that the user owns, where alone that may be done."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """What is wanted otherwise of some documents. Patterns are globs in which `*` stands for anything, slashes too."""

    match: tuple[str, ...]
    """Against the path as named, the path from the configuration's folder, and the address."""
    select: frozenset[str] = frozenset()
    """Checks or groups that are run there instead of those that are run elsewhere; empty: the same."""
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    """The entry's place, for people."""


@dataclass(frozen=True, slots=True)
class SuppressRule:
    """Findings that somebody answers for."""

    checks: frozenset[str]
    """Checks or groups."""
    reason: str
    path: tuple[str, ...] = ()
    """Globs of paths as in `PathRule`; a finding is meant where one of these or of `url` fits, or where there are none."""
    url: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A finding that was there before anybody asked."""

    fingerprint: str
    check: str
    name: str
    """Of its document or site."""
    message: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user wants to hear, and what of it not any more. Labels of pages do not depend on it."""

    severity: Mapping[str, str] = field(default_factory=dict)
    """Severities of checks and groups instead of their own; a check's goes before its group's."""
    paths: tuple[PathRule, ...] = ()
    """Later ones win."""
    suppress: tuple[SuppressRule, ...] = ()
    """Earlier ones win."""
    baseline: Mapping[str, BaselineEntry] = field(default_factory=dict)
    """By fingerprint."""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    """What the baseline says that pages were judged to be, by name; clean ones left out."""
    baseline_file: str = ""
    root: str = ""
    """Absolute folder of the configuration file, for its patterns; empty where there is none."""
    folder: str = ""
    """Absolute working folder, which relative paths start from."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is asked to do."""

    select: frozenset[str] = frozenset()
    """Ids of the checks or groups to run; empty: all of them."""
    ignore: frozenset[str] = frozenset()
    preferences: Preferences = field(default_factory=Preferences)
    each: bool = False
    """Every file is a page of its own site."""
    max_bytes: int = 10_000_000
    """Bytes of one local file."""
    check_external: bool = False
    """Look whether links to other sites lead anywhere."""
    check_targets: bool = False
    """Read what the pages on other sites tell of themselves that articles link to."""
    allow_domains: tuple[str, ...] = ()
    """Domains, or patterns of them (`*.gov`), that are never new."""
    crawl: CrawlLimits = field(default_factory=CrawlLimits)
    access: Access = field(default_factory=Access)
