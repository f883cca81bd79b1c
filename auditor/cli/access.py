"""What opens the way to a site: options of `auditor scan` whose secrets come from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from auditor.config import Access
from auditor.errors import ConfigError

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_USERINFO = re.compile(r"(?:[a-zA-Z][\w+.-]*:)?//[^/?#@]*@")
SECRET_HEADERS = frozenset(("authorization", "cookie", "x-api-key", "x-auth-token"))
LONG = 16
"""Characters from which on a cookie's value looks like a session rather than a choice."""

Header = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'NAME: VALUE'",
        help="Send this header to the site; ${NAME} is taken from the environment; repeatable.",
        show_default=False,
    ),
]
Cookie = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Send this cookie to the site; ${NAME} is taken from the environment; repeatable.",
        show_default=False,
    ),
]
BasicAuth = Annotated[
    str,
    typer.Option(
        metavar="USER",
        help="Log in to the site with this name and the password in AUDITOR_PASSWORD.",
        show_default=False,
    ),
]
Bearer = Annotated[bool, typer.Option("--bearer", help="Send the site the token in AUDITOR_TOKEN.")]
Proxy = Annotated[
    str,
    typer.Option(
        metavar="URL",
        envvar="AUDITOR_PROXY",
        show_envvar=True,
        help="Ask through this http, https or socks5 proxy; ${NAME} is taken from the environment.",
        show_default=False,
    ),
]
Contact = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        envvar="AUDITOR_CONTACT",
        show_envvar=True,
        help="Web or mail address at which hosts reach you, told to each of them.",
        show_default=False,
    ),
]


def access(
    headers: Sequence[str] = (),
    cookies: Sequence[str] = (),
    basic_auth: str = "",
    bearer: bool = False,
    proxy: str = "",
    environment: Mapping[str, str] = os.environ,
) -> Access:
    """The options of one scan as an `Access`.

    Raises `ConfigError` for a variable that is not set, for what cannot be sent, and for a secret that stands on the
    command line, where every user of the machine can read it and the shell remembers it.
    """
    return Access(
        headers=dict(_header(given, environment) for given in headers),
        cookies=dict(_cookie(given, environment) for given in cookies),
        basic=(basic_auth, _variable("AUDITOR_PASSWORD", environment)) if basic_auth else None,
        bearer=_variable("AUDITOR_TOKEN", environment) if bearer else "",
        proxy=_proxy(proxy, environment),
    )


def refuse_secrets(starts: Sequence[str]) -> None:
    """Raise `ConfigError` for a start with a user or password in it, which the report would repeat."""
    if any(_USERINFO.match(start.strip()) for start in starts):
        raise ConfigError("an address has a user name in it; take it out and use --basic-auth USER")


def refuse_literal(option: str, given: str) -> None:
    """Raise `ConfigError` where what an option was given holds a secret as it is, or is not of its form.

    Args:
        option: `header`, `cookie` or `proxy`; of others nothing is a secret.
    """
    match option:
        case "header":
            _split_header(given)
        case "cookie":
            _split_cookie(given)
        case "proxy":
            _require_variable(given)


def _header(given: str, environment: Mapping[str, str]) -> tuple[str, str]:
    name, value = _split_header(given)
    return name, _expanded(value, environment)


def _split_header(given: str) -> tuple[str, str]:
    name, colon, value = given.partition(":")
    name = name.strip()
    if not colon:
        raise ConfigError("a header is no 'Name: value'; write it like --header 'X-Preview: yes'")
    if name.lower() in SECRET_HEADERS and not _VARIABLE.search(value):
        raise ConfigError(
            f"the value of {name} is a secret; put it into the environment: --header '{name}: ${{SECRET}}'"
        )
    return name, value.strip()


def _cookie(given: str, environment: Mapping[str, str]) -> tuple[str, str]:
    name, value = _split_cookie(given)
    return name, _expanded(value, environment)


def _split_cookie(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    name = name.strip()
    if not equals:
        raise ConfigError("a cookie is no name=value; write it like --cookie 'session=${SESSION}'")
    if len(value) >= LONG and not _VARIABLE.search(value):
        raise ConfigError(
            f"the cookie {name} looks like a secret; put it into the environment: --cookie '{name}=${{SECRET}}'"
        )
    return name, value.strip()


def _proxy(given: str, environment: Mapping[str, str]) -> str:
    """`AUDITOR_PROXY` may hold a password as it is; an option must name a variable for it."""
    if given != environment.get("AUDITOR_PROXY"):
        _require_variable(given)
    return _expanded(given, environment)


def _require_variable(proxy: str) -> None:
    if _USERINFO.match(proxy) and not _VARIABLE.search(proxy):
        raise ConfigError(
            "the proxy's password is a secret; put it into the environment: AUDITOR_PROXY, or ${NAME} in --proxy"
        )


def _expanded(value: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: _variable(match[1], environment), value)


def _variable(name: str, environment: Mapping[str, str]) -> str:
    if not name:
        raise ConfigError("${} names no variable; write its name between the braces")
    value = environment.get(name, "")
    if not value:
        raise ConfigError(f"the environment variable {name} is not set; set it, or leave out the option that needs it")
    return value
