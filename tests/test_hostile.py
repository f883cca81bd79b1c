"""Sixty strings that want to do something, in every place of a report: no renderer lets them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping

from rich.console import Console

from auditor.outbound.inventory import inventory
from auditor.render import links
from auditor.render.json import json_parts
from auditor.render.terminal import render_terminal
from tests.hostile import HOSTILE, hostile_report

_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def test_a_terminal_is_not_steered() -> None:
    told = io.StringIO()
    render_terminal(hostile_report(), Console(file=told, width=100, no_color=True), verbose=True)
    assert "window.pwned=1" in told.getvalue()
    assert not _STEERING.findall(told.getvalue())


def test_json_holds_them_as_they_were() -> None:
    text = "".join(json_parts(hostile_report()))
    assert not _STEERING.findall(text)
    told = json.loads(text)
    for page, written in zip(told["pages"], HOSTILE, strict=True):
        assert page["title"] == re.sub("[\ud800-\udfff]", "\ufffd", written)


def test_domains_are_listed_without_doing_anything() -> None:
    domains = inventory(hostile_report().pages)
    assert len(domains) >= len(HOSTILE)
    lines = "\n".join(links.table(domains, 100, source=HOSTILE[0]))
    assert not _STEERING.findall(lines)
    assert isinstance(json.loads(links.as_json(domains, None, source=HOSTILE[0])), Mapping)
    assert not re.search(r"(?m)(?:^|,)\"?[=+\-@|%]", links.as_csv(domains, None))
