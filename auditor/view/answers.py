"""Answers: from the address that was asked for to what is shown; reads the store and nothing else."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from auditor.errors import StoreError
from auditor.page.snapshot import Snapshot
from auditor.store.reading import Reading
from auditor.view import pages
from auditor.view.overview import Overviews, page_of

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
_RUN = re.compile(r"/run/(\d{1,18})(?:/|/domains|/page/(\d{1,18})/(source)?)", re.ASCII)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
MOST_PAGES = 10**6


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    body: bytes
    status: int = 200
    type: str = HTML


class Answers:
    """Of one store; safe to share between threads."""

    _STYLE: ClassVar[bytes] = Path(__file__).with_name("style.css").read_bytes()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._overviews = Overviews()

    def to(self, target: str) -> Answer:
        """What stands at a target (path and query). What cannot be read now is a 503 that says why."""
        try:
            asked = urlsplit(target)
            query = {name: values[0] for name, values in parse_qs(asked.query, max_num_fields=20).items()}
        except ValueError:
            return _gone("No such page.")
        if asked.path == "/style.css":
            return Answer(self._STYLE, type="text/css; charset=utf-8")
        found = _RUN.fullmatch(asked.path)
        if asked.path != "/" and found is None:
            return _gone("No such page.")
        try:
            with Reading(self._folder) as kept:
                if found is None:
                    return self._runs(kept, _number(query))
                return self._run(kept, int(found[1]), found, query)
        except StoreError as error:
            return Answer(pages.said("The store cannot be read", str(error)), 503)
        except msgspec.MsgspecError:
            again = "`auditor scan --from-run ID` audits a run again"
            return Answer(
                pages.said("The store cannot be read", f"A report was kept by another version of auditor; {again}."),
                503,
            )

    def _runs(self, kept: Reading, number: int) -> Answer:
        listed, audited = kept.runs(), kept.audited()
        at = pages.RUNS * (number - 1)
        shown = [
            (run, self._overviews.labels(kept, run) if run.id in audited else None, run.id in audited)
            for run in listed[at : at + pages.RUNS]
        ]
        return Answer(pages.runs(shown, len(listed), number))

    def _run(self, kept: Reading, number: int, found: re.Match[str], query: dict[str, str]) -> Answer:
        info = kept.info(number)
        if info is None:
            return _gone(f"There is no run {number} (any more).")
        if found[3]:
            page = kept.snapshot(number, int(found[2]))
            return Answer(_source(page), type=PLAIN) if page else _gone(f"Run {number} has no such page.")
        if found[2]:
            result = page_of(kept, number, int(found[2]))
            return (
                Answer(pages.page(info, int(found[2]), result)) if result else _gone(f"Run {number} has no such page.")
            )
        seen = self._overviews.of(kept, number)
        if found[0].endswith("/domains"):
            if seen is None:
                return _gone(f"Run {number} was not audited to its end.")
            return Answer(pages.domains(info, seen, _number(query)))
        wanted = pages.Wanted(
            query.get("label", ""), query.get("check", ""), query.get("q", "")[:200], query.get("sort") == "name", _number(query)
        )  # fmt: skip
        return Answer(pages.run(info, seen, wanted))


def _gone(message: str) -> Answer:
    return Answer(pages.said("Not found", message), 404)


def _number(query: dict[str, str]) -> int:
    """Which part of a list is asked for, from 1; the first where that makes no sense."""
    said = query.get("page", "1")
    return min(max(1, int(said)), MOST_PAGES) if said.isascii() and said.isdigit() and len(said) < 10 else 1


def _source(page: Snapshot) -> bytes:
    """What was fetched, as text in UTF-8; what is none shows as U+FFFD."""
    named = _CHARSET.search(page.headers.get("content-type", "")) or _CHARSET.search(page.body[:1024].decode("latin-1"))
    try:
        encoding = codecs.lookup(named[1]) if named else codecs.lookup("utf-8")
        text, _ = encoding.decode(page.body, "replace")
        return text.encode("utf-8", "replace")
    except (LookupError, ValueError, TypeError, AttributeError):
        return page.body.decode("utf-8", "replace").encode()
