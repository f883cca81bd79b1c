"""Compare: the same address asked for as a search bot and as a browser; twice, where the answers differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from auditor import urls
from auditor.answer import Answer
from auditor.page.contrast import alike
from auditor.page.snapshot import Failure, FailureKind, Variant
from auditor.web.agents import Agents

MAX_REDIRECTS = 5

GetAs = Callable[[str, str], Awaitable[Answer | Failure]]
"""How a crawl fetches one address under a name: (url, user agent) → what came; redirects are not followed.

All headers but the user agent have to be the same in every look, so that nothing else can make the difference.
"""


async def compare(url: str, agents: Agents, get: GetAs) -> Mapping[Variant, bytes] | Failure:
    """Both looks at an address: two requests, four where the answers are not alike, since what changes from one request
    to the next (a test of two layouts, a rotating notice) is not cloaking.

    A failure says which of the two got none, and why; a bot that is led to another site than the browser is one too.
    """
    wanted = {Variant.BROWSER: agents.browser, Variant.BOT: agents.bot}
    again = {Variant.BROWSER_AGAIN: agents.browser, Variant.BOT_AGAIN: agents.bot}
    looks: dict[Variant, bytes] = {}
    sites: dict[Variant, str] = {}
    for round_ in (wanted, again):
        for which, agent in round_.items():
            answer = await _follow(url, agent, get)
            if isinstance(answer, Failure):
                return Failure(answer.kind, f"as {_name(which)}: {answer.detail}", url)
            looks[which], sites[which] = answer.body, urls.site(answer.url)
        if sites[Variant.BOT] != sites[Variant.BROWSER]:
            who = sites[Variant.BOT], sites[Variant.BROWSER]
            detail = (
                f"a search bot is led to {who[0]}, a browser to {who[1]}; look who has changed the site's redirects"
            )
            return Failure(FailureKind.REDIRECT, detail, url)
        if alike(looks[Variant.BROWSER], looks[Variant.BOT]):
            break
    return looks


async def _follow(url: str, agent: str, get: GetAs) -> Answer | Failure:
    for _ in range(MAX_REDIRECTS + 1):
        answer = await get(url, agent)
        if isinstance(answer, Failure):
            return answer
        if answer.redirect and answer.location:
            url = answer.location
        elif answer.status == 200:
            return answer
        else:
            return Failure(FailureKind.REFUSED, f"could not look: {answer.status}", url)
    return Failure(FailureKind.REDIRECT, "too many redirects", url)


def _name(which: Variant) -> str:
    return "a search bot" if which in (Variant.BOT, Variant.BOT_AGAIN) else "a browser"
