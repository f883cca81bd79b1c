"""robots.txt: what a host asks of crawlers (RFC 9309), read once for each origin."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from protego import Protego

from auditor import urls
from auditor.answer import Answer
from auditor.page.snapshot import Failure, FailureKind

TOKEN = "auditor"  # noqa: S105
"""The product token that groups of robots.txt are matched with."""

MAX_BYTES = 500_000
"""RFC 9309, section 2.5: at least 500 KiB have to be read; what follows is ignored."""

MAX_REDIRECTS = 5

_AGENT = re.compile(r"\s{0,40}user[- ]?agent\s{0,40}[:\s]\s{0,40}(.{0,200})", re.IGNORECASE)
_PRODUCT = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin."""

    origin: str
    """Scheme and authority: `https://example.com`."""
    url: str
    """Where robots.txt was finally found."""
    status: int | None
    """None where there was no answer at all."""
    text: str = ""
    problem: Failure | None = None
    """Why nothing of the origin may be fetched; None where the rules decide."""
    parsed: Protego | None = field(default=None, repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """The rules in JSON's own types, for a crawl that is resumed."""
        problem = [self.problem.kind, self.problem.detail, self.problem.url] if self.problem else None
        return {"url": self.url, "status": self.status, "text": self.text, "problem": problem}

    @classmethod
    def restored(cls, origin: str, kept: Mapping[str, Any]) -> Rules:
        """The rules that `plain` was made of."""
        problem = kept["problem"]
        return cls(
            origin,
            kept["url"],
            kept["status"],
            kept["text"],
            problem=Failure(FailureKind(problem[0]), problem[1], problem[2]) if problem else None,
            parsed=parse(kept["text"]) if kept["status"] == 200 else None,
        )

    def allows(self, url: str) -> bool:
        if self.problem is not None:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float:
        """Crawl-delay in seconds; 0 where none is asked for."""
        return float(self.parsed.crawl_delay(TOKEN) or 0.0) if self.parsed else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Absolute addresses, in the order of the file, each once."""
        if self.parsed is None:
            return ()
        found = (urls.normalise(urls.absolute(self.url, one)) for one in self.parsed.sitemaps)
        return tuple(dict.fromkeys(url for url in found if url))


def parse(text: str) -> Protego:
    """Parse robots.txt in time linear in its length.

    Names of other crawlers are folded into one first: a file that lists thousands of them before its rules would
    otherwise be stored once for each.
    """
    lines: list[str] = []
    for line in text.splitlines():
        match = _AGENT.match(line)
        if match is None:
            lines.append(line)
            continue
        named = _agent(match[1])
        if not lines or lines[-1] != named:
            lines.append(named)
    return Protego.parse("\n".join(lines))


def _agent(value: str) -> str:
    value = value.partition("#")[0].strip()
    product = _PRODUCT.match(value)
    if value.split()[:1] == ["*"]:
        return "User-agent: *"
    if product and product[0].lower() == TOKEN:
        return f"User-agent: {TOKEN}"
    return "User-agent: somebody-else"


async def read(origin: str, get: Callable[[str], Awaitable[Answer | Failure]]) -> Rules:
    """Fetch and parse the rules of an origin: 4xx allows everything, 5xx and silence nothing (RFC 9309, 2.3.1).

    429 is taken for 5xx: a host that is asked too often has not said that everything is allowed.
    """
    url = f"{origin}/robots.txt"
    for _ in range(MAX_REDIRECTS + 1):
        match await get(url):
            case Failure() as failure:
                return Rules(origin, url, None, problem=replace(failure, url=url))
            case Answer(redirect=True) as answer if target := urls.normalise(answer.location):
                url = target
            case Answer(status=200) as answer:
                text = answer.body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
                return Rules(origin, url, 200, text, parsed=parse(text))
            case Answer(status=status) if status >= 500 or status == 429:
                detail = (
                    f"robots.txt answered {status}, which asks crawlers to stay away until it can be read (RFC 9309); "
                    "try again later, or use --no-robots on a site of your own"
                )
                return Rules(origin, url, status, problem=Failure(FailureKind.ROBOTS, detail, url))
            case Answer(status=status):
                return Rules(origin, url, status)
    return Rules(origin, url, None)  # more redirects than the RFC asks for count as "unavailable", like a 4xx
