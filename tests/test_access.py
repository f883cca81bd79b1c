"""What opens the way to a site: from options and environment to headers, and never into sight."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import __version__
from auditor.cli.access import access, refuse_secrets
from auditor.config import Access, CrawlLimits, user_agent
from auditor.errors import ConfigError
from tests.servers import Server, page

ROOT = Path(__file__).parent.parent

ENVIRONMENT = {
    "KEY": "s3cret-key",
    "SESSION": "s3cret-session",
    "AUDITOR_PASSWORD": "s3cret-password",
    "AUDITOR_TOKEN": "s3cret-token",
    "PROXY_PASSWORD": "s3cret-proxy",
}


def test_options_become_headers() -> None:
    opened = access(["X-Key: ${KEY}", "X-Preview:yes"], ["sid=${SESSION}", "consent=1"], "me", environment=ENVIRONMENT)
    assert opened.request_headers() == {
        "x-key": "s3cret-key",
        "x-preview": "yes",
        "cookie": "sid=s3cret-session; consent=1",
        "authorization": "Basic bWU6czNjcmV0LXBhc3N3b3Jk",
    }
    assert access(bearer=True, environment=ENVIRONMENT).request_headers() == {"authorization": "Bearer s3cret-token"}
    assert access(["Authorization: Token ${KEY}"], environment=ENVIRONMENT).request_headers() == {
        "authorization": "Token s3cret-key"
    }
    assert access().request_headers() == {}


def test_proxies_come_from_option_and_environment() -> None:
    given = access(proxy="http://me:${PROXY_PASSWORD}@proxy:3128", environment=ENVIRONMENT)
    assert given.proxy == "http://me:s3cret-proxy@proxy:3128"
    whole = "http://me:s3cret@proxy:3128"
    assert access(proxy=whole, environment={"AUDITOR_PROXY": whole}).proxy == whole


def test_nothing_secret_is_ever_shown() -> None:
    opened = access(["X-Key: ${KEY}"], ["sid=${SESSION}"], "me", proxy="http://a:${KEY}@b", environment=ENVIRONMENT)
    assert repr(opened) == str(opened) == f"{opened}" == "Access(X-Key, cookie sid, basic, proxy)"
    assert repr(Access()) == "Access()"
    assert "access" not in repr(CrawlLimits()).lower()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"headers": ["X-Key: ${NONE}"]}, "variable NONE is not set"),
        ({"headers": ["X-Key: ${}"]}, "names no variable"),
        ({"headers": ["X-Key s3cret"]}, "Name: value"),
        ({"headers": ["Authorization: Bearer s3cret"]}, "put it into the environment"),
        ({"headers": ["cookie: sid=s3cret"]}, "put it into the environment"),
        ({"headers": ["Content-Length: 3"]}, "cannot be called 'Content-Length'"),
        ({"headers": ["Bad Name: s3cret"]}, "cannot be called"),
        ({"headers": ["X-Key: ${LINES}"]}, "characters that no header may have"),
        ({"cookies": ["s3cret"]}, "name=value"),
        ({"cookies": ["sid=s3cret-0123456789"]}, "put it into the environment"),
        ({"cookies": ["sid=${LINES}"]}, "characters that no cookie may have"),
        ({"basic_auth": "me"}, "AUDITOR_PASSWORD is not set"),
        ({"bearer": True}, "AUDITOR_TOKEN is not set"),
        ({"proxy": "http://me:s3cret@proxy"}, "put it into the environment"),
        ({"headers": ["Authorization: ${KEY}"], "bearer": True, "environment": ENVIRONMENT}, "more than one"),
    ],
)
def test_what_cannot_be_sent_is_said_without_repeating_it(options: dict[str, object], said: str) -> None:
    environment = {"LINES": "s3cret\r\nHost: other"}
    with pytest.raises(ConfigError) as error:
        access(**{"environment": environment, **options})  # type: ignore[arg-type]
    assert said in str(error.value)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("start", ["https://me:s3cret@example.com/", " //me@example.com"])
def test_an_address_with_a_password_is_refused(start: str) -> None:
    with pytest.raises(ConfigError, match="--basic-auth") as error:
        refuse_secrets([start])
    assert "s3cret" not in str(error.value)


def test_addresses_without_one_are_not() -> None:
    refuse_secrets(["example.com", "https://example.com/@me", "https://medium.com/@me/x", "https://e.com?a@b"])


def test_the_user_agent_is_honest() -> None:
    assert user_agent("https://example.com/bot") == (
        f"auditor/{__version__} (SEO content audit; +https://example.com/bot)"
    )
    assert user_agent("seo@example.com").endswith("+seo@example.com)")
    assert user_agent() == CrawlLimits().user_agent
    assert user_agent().endswith("(SEO content audit; run by a site owner; no contact given)")
    for wrong in ("me", "https://example.com/ (x)", "a@b", "seo@example.com\r\nX: y"):
        with pytest.raises(ConfigError, match="contact"):
            user_agent(wrong)


def test_neither_store_nor_report_keeps_a_secret(tmp_path: Path) -> None:
    with Server({"/": page("/a"), "/a": page()}) as server:
        options = ["--allow-private", "--basic-auth", "me", "--cookie", "sid=${SESSION}", "--header", "X-Key: ${KEY}"]
        command = [sys.executable, "-m", "auditor", "scan", server.url, *options, "--format", "json", "--jobs", "1"]
        environment = {**os.environ, **ENVIRONMENT, "AUDITOR_STORE": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert {one.headers["x-key"] for one in server.log} == {"s3cret-key"}
    assert all("authorization" in one.headers and "cookie" in one.headers for one in server.log)
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert server.url.encode() in written
    assert not re.search(rb"s3cret|bWU6czNj", written + done.stdout + done.stderr)
