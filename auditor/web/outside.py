"""Outside: whether the links that lead to other sites still lead somewhere.

Each host's robots.txt is asked for first. RFC 9309 speaks of crawlers, and one look at one address is hardly a crawl;
lychee does not ask, LinkChecker and the W3C's checker do. But a program that asks hosts by the thousand on nobody's
click is a robot to them, and those that keep robots out answer with 403 or 999 if asked all the same. It costs one
request a host, over the connection that the link's own request then uses: on five real blogs with 10,912 links to
2,560 hosts, 1.23 requests a link instead of 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from auditor import identity, urls
from auditor.answer import Answer
from auditor.config import Access, CrawlLimits
from auditor.page.reached import Reached, State
from auditor.page.snapshot import Failure, FailureKind
from auditor.web import robots
from auditor.web.fetch import Fetcher
from auditor.web.pace import Pace
from auditor.web.private import NoAddressError, PrivateAddressError, resolve

RATE = 1.0
"""Requests a second to one host."""

SECONDS = 600.0
"""For all links together."""

HOSTS_AT_ONCE = 64
MAX_STRIKES = 3
"""Refusals and silences in a row after which a host is asked no more."""

WEB_PORTS = frozenset((80, 443))
"""Of the ports below 1024: a page must not have us talk to mail servers in its name."""

KEPT_RULES = 2_000_000
"""Characters of robots.txt files that are kept parsed; the longest unused are forgotten first."""

PERMANENT = frozenset((301, 308))
HEAD_IS_ENOUGH = frozenset((401, 407, 410, 429, 451, 503, 999))
"""Statuses over 399 that a GET would hardly change, or that ask not to be asked again."""

REFUSALS = frozenset((401, 402, 403, 407, 429, 451, 503, 999))


@dataclass(frozen=True, slots=True)
class _Shut:
    """An address that cannot be looked at, and why."""

    state: State
    detail: str
    strikes: int = 0
    """How much that says of its host; `MAX_STRIKES`: nothing of it can be looked at."""


@dataclass(slots=True)
class _Host:
    pace: Pace
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


async def look(
    links: Iterable[str],
    limits: CrawlLimits,
    emit: Callable[[Reached], None],
    *,
    rate: float = RATE,
    seconds: float = SECONDS,
    proxy: str = "",
) -> None:
    """Ask for each page that is linked to once (by `identity.key`), with HEAD and, where a server does not care for that, with GET.

    One request at once to a host and `rate` a second (0: no limit), many hosts at once. `emit` gets a `Reached` for
    every link given, those for which `seconds` were not enough included. Of `limits` the time limits, the size of a redirect
    chain, the user agent and `allow_private` count. Nothing secret is sent, robots.txt always obeyed.
    """
    limits = replace(limits, concurrency=1, rate=rate, total_timeout=min(limits.total_timeout, 30.0))
    first: dict[str, str] = {}
    twins: dict[str, list[str]] = {}
    """Links to the same page as an earlier one, by that one."""
    waiting: OrderedDict[str, OrderedDict[str, str]] = OrderedDict()
    """Links by host, each with the address to ask for."""

    def tell(found: Reached) -> None:
        emit(found)
        for twin in twins.get(found.url, ()):
            emit(replace(found, url=twin))

    for link in dict.fromkeys(links):
        address = identity.clean(link)
        key = identity.key(address) or link
        if key in first:
            twins.setdefault(first[key], []).append(link)
            continue
        first[key] = link
        if address:
            waiting.setdefault(identity.machine(address), OrderedDict())[link] = address
        else:
            tell(Reached(link, State.BROKEN, detail="no address that a browser could ask for"))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds), Fetcher(limits, Access(proxy=proxy)) as fetcher:
            outside = _Outside(limits, fetcher, tell, direct=not proxy)
            lanes = iter(tuple(waiting.values()))
            async with asyncio.TaskGroup() as group:
                for _ in range(min(HOSTS_AT_ONCE, len(waiting))):
                    group.create_task(outside.work(lanes))
    for lane in waiting.values():
        for link in lane:
            tell(Reached(link, State.REFUSED, detail=f"not looked at: {seconds:g} seconds were not enough for all"))


class _Outside:
    def __init__(self, limits: CrawlLimits, fetcher: Fetcher, emit: Callable[[Reached], None], direct: bool) -> None:
        self._limits = limits
        self._fetcher = fetcher
        self._emit = emit
        self._direct = direct
        self._hosts: dict[str, _Host] = {}
        self._doors: OrderedDict[str, robots.Rules | _Shut] = OrderedDict()

    async def work(self, lanes: Iterator[OrderedDict[str, str]]) -> None:
        """Take one host's links after the other; what is done is taken out of its lane."""
        for lane in lanes:
            strikes = 0
            last: Reached | None = None
            while lane:
                link, address = next(iter(lane.items()))
                if last is not None and strikes >= MAX_STRIKES:
                    found = replace(last, url=link, final_url=address)
                else:
                    found, more = await self._follow(link, address)
                    strikes = strikes + more if more else 0
                    said = (
                        found.detail if more == MAX_STRIKES else f"not asked after {MAX_STRIKES} times {found.detail}"
                    )
                    last = replace(found, status=None, detail=said)
                del lane[link]
                self._emit(found)

    async def _follow(self, link: str, address: str) -> tuple[Reached, int]:
        """What came of a link, and how often that counts against its host."""
        seen = [address]
        lasting = address
        for_good = True
        while True:
            answer = await self._ask(seen[-1])
            led = f"redirects to {seen[-1]}: " if len(seen) > 1 else ""
            own = identity.machine(seen[-1]) == identity.machine(address)
            if isinstance(answer, _Shut):
                return Reached(link, answer.state, None, lasting, led + answer.detail), answer.strikes * own
            status = answer.status
            if not answer.redirect:
                state, detail = _state(status)
                if state is State.ALIVE and identity.key(lasting) != identity.key(address):
                    front = "the front page, " if _is_front(lasting) and not _is_front(address) else ""
                    return Reached(link, State.MOVED, status, lasting, f"moved to {front}{lasting}"), 0
                detail = led + detail if detail else ""
                return Reached(link, state, status, lasting, detail), own * (status in REFUSALS)
            following = identity.clean(answer.location)
            if not following:
                return Reached(link, State.BROKEN, status, lasting, f"{led}redirects to no address"), 0
            if following in seen:
                detail = "could not look: redirects in a loop, at least for visitors without cookies"
                return Reached(link, State.REFUSED, status, lasting, detail), 0
            if len(seen) > self._limits.max_redirects:
                detail = f"more than {self._limits.max_redirects} redirects"
                return Reached(link, State.BROKEN, status, lasting, detail), 0
            for_good = for_good and status in PERMANENT
            lasting = following if for_good else lasting
            seen.append(following)

    async def _ask(self, url: str) -> Answer | _Shut:
        parts = urls.split(url)
        if parts is not None and parts.port is not None and parts.port < 1024 and parts.port not in WEB_PORTS:
            return _Shut(State.REFUSED, f"could not look: port {parts.port} is for other services than websites")
        door = await self._door(url)
        if isinstance(door, _Shut):
            return door
        if not door.allows(url):
            return _Shut(State.REFUSED, "could not look: robots.txt asks programs not to")
        answer = await self._get(url, "HEAD")
        if isinstance(answer, Failure) or (answer.status >= 400 and answer.status not in HEAD_IS_ENOUGH):
            answer = await self._get(url, "GET")
        return _shut(answer, 1) if isinstance(answer, Failure) else answer

    async def _get(self, url: str, method: str = "GET") -> Answer | Failure:
        return await self._fetcher.get(url, self._host(url).pace, wants=lambda media_type: False, method=method)

    def _host(self, url: str) -> _Host:
        name = identity.machine(url)
        if name not in self._hosts:
            self._hosts[name] = _Host(Pace(self._limits.concurrency, self._limits.rate))
        return self._hosts[name]

    async def _door(self, url: str) -> robots.Rules | _Shut:
        """The rules of an address's origin, or why there is no asking for any."""
        origin = identity.origin(url)
        host = self._host(url)
        async with host.lock:
            if origin not in self._doors:
                door = await self._knock(origin)
                self._doors[origin] = door
                if isinstance(door, robots.Rules):
                    host.pace.slow_to(door.delay)
                    if identity.machine(door.url) == identity.machine(origin):  # http led to https: one file for both
                        self._doors[identity.origin(door.url)] = door
            self._doors.move_to_end(origin)
            door = self._doors[origin]
        while len(self._doors) > 1 and sum(map(_weight, self._doors.values())) > KEPT_RULES:
            self._doors.popitem(last=False)
        return door

    async def _knock(self, origin: str) -> robots.Rules | _Shut:
        if self._direct:
            try:
                async with asyncio.timeout(self._limits.connect_timeout):
                    await resolve(urls.host(origin), 443, self._limits.allow_private)
            except PrivateAddressError as error:
                return _Shut(State.REFUSED, f"could not look: {error}", MAX_STRIKES)
            except NoAddressError as error:
                return _Shut(State.UNREACHABLE if error.temporary else State.BROKEN, str(error), MAX_STRIKES)
            except TimeoutError:
                return _Shut(State.UNREACHABLE, "DNS did not answer in time", MAX_STRIKES)

        async def get(url: str) -> Answer | Failure:
            return await self._fetcher.get(url, self._host(url).pace, max_bytes=robots.MAX_BYTES, cut=True)

        try:
            rules = await robots.read(origin, get)
        except Exception as error:  # what cannot be understood may have said no
            detail = f"could not look: robots.txt was not understood ({type(error).__name__})"
            return _Shut(State.REFUSED, detail, MAX_STRIKES)
        if rules.problem is None:
            return rules
        if rules.problem.kind is FailureKind.ROBOTS:
            return _Shut(State.REFUSED, f"could not look: robots.txt answers {rules.status}", MAX_STRIKES)
        return _shut(rules.problem, MAX_STRIKES)


def reached(
    links: Iterable[str],
    limits: CrawlLimits,
    *,
    rate: float = RATE,
    seconds: float = SECONDS,
    proxy: str = "",
) -> Iterator[Reached]:
    """`look` in a thread of its own: each link as it is done. Leaving the loop early ends the requests."""
    results: queue.SimpleQueue[Reached | BaseException | None] = queue.SimpleQueue()
    started = threading.Event()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        # Python's own pool has six threads on two cores; a few dead name servers would hold everybody up.
        loop.set_default_executor(ThreadPoolExecutor(HOSTS_AT_ONCE // 2, "dns"))
        running.append((loop, task))
        started.set()
        try:
            await look(links, limits, results.put, rate=rate, seconds=seconds, proxy=proxy)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # a defect: it belongs to whoever iterates
            results.put(error)
        results.put(None)

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="outside", daemon=True)
    thread.start()
    try:
        while (result := results.get()) is not None:
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        started.wait(10.0)
        for loop, task in running:
            with contextlib.suppress(RuntimeError):  # the loop is closed: all is done
                loop.call_soon_threadsafe(task.cancel)
        thread.join(10.0)


def _state(status: int) -> tuple[State, str]:
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        name = str(status)
    if status < 300:
        return State.ALIVE, ""
    if status in (404, 410):
        return State.BROKEN, name
    if status in REFUSALS or 400 <= status < 500:
        return State.REFUSED, f"could not look: {name}"
    if status < 400:
        return State.BROKEN, f"{name} without an address"
    return State.UNREACHABLE, f"the server fails: {name}"


def _shut(failure: Failure, strikes: int) -> _Shut:
    if failure.kind is FailureKind.BAD_URL:
        return _Shut(State.BROKEN, failure.detail)
    return _Shut(State.UNREACHABLE, failure.detail, strikes)


def _weight(door: robots.Rules | _Shut) -> int:
    return len(door.text) + 1_000 if isinstance(door, robots.Rules) else 1_000


def _is_front(url: str) -> bool:
    return url.partition("://")[2].partition("/")[2] == ""
