"""Links to other sites, looked at on loopback: what is asked, how often, and what each answer means."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from auditor.config import CrawlLimits
from auditor.web.outside import MAX_STRIKES, Reached, State, reached
from tests.servers import Reply, Request, Server, moved, page
from tests.test_web_transport import free_port


def look(*links: str, rate: float = 0.0, seconds: float = 30.0, **changes: Any) -> list[Reached]:
    limits = CrawlLimits(**({"allow_private": True} | changes))
    return list(reached(links, limits, rate=rate, seconds=seconds))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to this machine, but those that begin with `gone` do not exist and DNS fails for `lost`."""

    async def answer(self: object, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host.startswith(("gone", "lost")):
            raise socket.gaierror(socket.EAI_NONAME if host.startswith("gone") else socket.EAI_AGAIN, "no")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", answer)


def test_a_living_link_costs_one_head_request_and_robots_txt_one_a_host() -> None:
    with Server({"/a": page(), "/b": page()}) as server:
        links = [server.url + path for path in ("/a", "/b", "/a#part", "/a?utm_source=x", "/a")]
        found = look(*links)
    assert [(one.url, one.state, one.status, one.detail) for one in found] == [
        (links[n], State.ALIVE, 200, "") for n in (0, 2, 3, 1)
    ]
    assert [(one.method, one.path) for one in server.log] == [("GET", "/robots.txt"), ("HEAD", "/a"), ("HEAD", "/b")]
    assert server.connections == 1
    assert server.most_at_once == 1


@pytest.mark.parametrize(
    ("status", "state", "methods"),
    [
        (404, State.BROKEN, ["HEAD", "GET"]),
        (410, State.BROKEN, ["HEAD"]),
        (401, State.REFUSED, ["HEAD"]),
        (403, State.REFUSED, ["HEAD", "GET"]),
        (999, State.REFUSED, ["HEAD"]),
        (400, State.REFUSED, ["HEAD", "GET"]),
        (500, State.UNREACHABLE, ["HEAD", "GET"]),
        (204, State.ALIVE, ["HEAD"]),
    ],
)
def test_what_a_status_means(status: int, state: State, methods: list[str]) -> None:
    with Server({"/robots.txt": b"", "/x": Reply(status=status)}) as server:
        (found,) = look(server.url + "/x")
    assert (found.state, found.status) == (state, status)
    assert [one.method for one in server.log[1:]] == methods
    assert ("could not look" in found.detail) is (state is State.REFUSED)


@pytest.mark.parametrize("status", [403, 404, 405, 501, 503])
def test_a_server_that_does_not_care_for_head_is_asked_with_get(status: int) -> None:
    def answer(request: Request) -> Reply:
        return Reply(status=status, headers={"Retry-After": "999"}) if request.method == "HEAD" else Reply(page())

    with Server({"/robots.txt": b"", "/x": answer}) as server:
        (found,) = look(server.url + "/x")
    assert found.state is (State.REFUSED if status == 503 else State.ALIVE)


def test_a_server_that_hangs_up_on_head_is_asked_with_get() -> None:
    def answer(request: Request) -> Reply:
        return Reply(drop=True) if request.method == "HEAD" else Reply(page())

    with Server({"/robots.txt": b"", "/x": answer}) as server:
        (found,) = look(server.url + "/x")
    assert found.state is State.ALIVE


def test_a_host_that_asks_to_wait_is_waited_for_and_not_called_broken() -> None:
    with Server({"/robots.txt": b"", "/x": Reply(status=429, headers={"Retry-After": "0"})}) as server:
        (found,) = look(server.url + "/x")
    assert (found.state, found.status) == (State.REFUSED, 429)
    assert [one.method for one in server.log[1:]] == ["HEAD"] * 3


def test_redirects_are_followed_and_what_moved_for_good_is_named() -> None:
    routes = {
        "/robots.txt": b"",
        "/old": moved("/newer"),
        "/newer": moved("/new", 308),
        "/new": page(),
        "/detour": moved("/new", 302),
        "/half": moved("/detour"),
        "/home": moved("/"),
        "/": page(),
        "/dead": moved("/nothing"),
        "/loop": moved("/loop2", 302),
        "/loop2": moved("/loop", 302),
        "/nowhere": moved("ftp://example.com/"),
        **{f"/chain{n}": moved(f"/chain{n + 1}") for n in range(9)},
    }
    links = ("old", "detour", "half", "home", "dead", "loop", "nowhere", "chain0")
    with Server(routes) as server:
        found = {
            one.url.rpartition("/")[2]: one for one in look(*(f"{server.url}/{x}" for x in links), max_redirects=5)
        }
    assert {name: (one.state, one.final_url.removeprefix(server.url)) for name, one in found.items()} == {
        "old": (State.MOVED, "/new"),
        "detour": (State.ALIVE, "/detour"),
        "half": (State.MOVED, "/detour"),
        "home": (State.MOVED, "/"),
        "dead": (State.BROKEN, "/nothing"),
        "loop": (State.REFUSED, "/loop"),
        "nowhere": (State.BROKEN, "/nowhere"),
        "chain0": (State.BROKEN, "/chain5"),
    }
    assert "front page" in found["home"].detail
    assert found["dead"].detail == f"redirects to {server.url}/nothing: 404 Not Found"
    assert "cookies" in found["loop"].detail
    assert "more than 5 redirects" in found["chain0"].detail


def test_hosts_are_told_apart(names: None) -> None:
    port = free_port()
    with Server({"/": page()}) as server:
        hosts = ("fine.example", "gone.example", "lost.example")
        links = [f"http://{host}:{server.port}/{n}" for host in hosts for n in "ab"]
        found = look(*links, f"http://shut.example:{port}/", "http://[", "http://mail.example:25/")
    states = {one.url.partition("://")[2].partition(":")[0]: one for one in found}
    assert {name: one.state for name, one in states.items()} == {
        "fine.example": State.BROKEN,
        "gone.example": State.BROKEN,
        "lost.example": State.UNREACHABLE,
        "shut.example": State.UNREACHABLE,
        "[": State.BROKEN,
        "mail.example": State.REFUSED,
    }
    assert "knows no host called gone.example" in states["gone.example"].detail
    assert "refused the connection" in states["shut.example"].detail
    assert len(found) == 9


def test_private_addresses_are_refused() -> None:
    with Server({"/": page()}) as server:
        (found,) = look(server.url + "/", allow_private=False)
    assert found.state is State.REFUSED
    assert "private address" in found.detail
    assert server.log == []


def test_a_redirect_to_a_private_address_is_not_followed(names: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.web.private.is_private", lambda address: address == "127.0.0.1")

    async def answer(self: object, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        # The server is on another loopback address than the one that is private in this test.
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2" if host == "public.example" else host, port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", answer)
    with Server({}) as inside, Server({"/": moved(inside.url + "/secret", 302)}, host="127.0.0.2") as server:
        (found,) = look(f"http://public.example:{server.port}/", allow_private=False)
    assert found.state is State.REFUSED
    assert "private address" in found.detail
    assert inside.log == []
    assert server.paths == ["/robots.txt", "/"]


def test_robots_txt_is_obeyed_even_where_the_crawl_does_not() -> None:
    with Server({"/robots.txt": b"User-agent: *\nDisallow: /no", "/no": page(), "/yes": page()}) as server:
        no, yes = look(server.url + "/no", server.url + "/yes", obey_robots=False)
    assert (no.state, yes.state) == (State.REFUSED, State.ALIVE)
    assert "robots.txt" in no.detail
    assert "/no" not in server.paths


def test_broken_robots_txt_shuts_the_host_after_one_request() -> None:
    with Server({"/robots.txt": Reply(status=500)}) as server:
        found = look(*(f"{server.url}/{n}" for n in range(4)))
    assert {(one.state, one.detail) for one in found} == {(State.REFUSED, "could not look: robots.txt answers 500")}
    assert server.paths == ["/robots.txt"]


def test_a_host_that_goes_on_refusing_is_asked_no_more() -> None:
    with Server({"/robots.txt": b""}, lambda _: Reply(status=403)) as server:
        found = look(*(f"{server.url}/{n}" for n in range(9)))
    assert [one.state for one in found] == [State.REFUSED] * 9
    assert len({one.url for one in found}) == 9
    assert [one.status for one in found] == [403] * MAX_STRIKES + [None] * (9 - MAX_STRIKES)
    assert found[-1].detail == "not asked after 3 times could not look: 403 Forbidden"
    assert len(server.log) == 1 + 2 * MAX_STRIKES


def test_the_rate_is_kept_and_hosts_do_not_wait_for_one_another() -> None:
    with Server({f"/{n}": page() for n in range(4)}) as one, Server({f"/{n}": page() for n in range(4)}) as two:
        links = [f"{host}/{n}" for n in range(4) for host in (one.url, two.url.replace("127.0.0.1", "localhost"))]
        found = look(*links, rate=20.0)
    assert {each.state for each in found} == {State.ALIVE}
    for server in (one, two):
        starts = [request.at for request in server.log]
        # Measured where they arrive, which on a busy machine may be late for the first of them.
        assert starts[-1] - starts[0] >= 0.5 * 0.05 * (len(starts) - 1)
    assert one.log[0].at < two.log[-1].at and two.log[0].at < one.log[-1].at


def test_every_link_is_answered_for_when_time_is_up() -> None:
    with Server({"/robots.txt": b""}, lambda _: Reply(page(), delay=0.4)) as server:
        found = look(*(f"{server.url}/{n}" for n in range(6)), seconds=1.0)
    assert len(found) == 6
    late = [one for one in found if one.state is State.REFUSED]
    assert late
    assert all("1 seconds were not enough" in one.detail for one in late)


def test_leaving_early_ends_the_requests() -> None:
    with Server({"/robots.txt": b""}, lambda _: Reply(page())) as server:
        for _ in reached((f"{server.url}/{n}" for n in range(500)), CrawlLimits(allow_private=True), rate=50.0):
            break
        asked = len(server.log)
    assert asked < 50
