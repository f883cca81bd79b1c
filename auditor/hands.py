"""Hands: who reads documents and judges pages, one by one; `audit` puts together what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

from auditor.built import Ways, ways
from auditor.judge import judge, look
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.page.told import Told
from auditor.report import (
    PageResult,
)
from auditor.result import Judges, page_result
from auditor.site.digest import Digest, digest
from auditor.site.entry import Entry, entry
from auditor.site.site import Site, site_name
from auditor.spread import Mark, Spread, mark
from auditor.targets import Targets


@dataclass(frozen=True, slots=True)
class Brief:
    """What an audit has at hand of a page, wherever the page itself is."""

    number: int
    """Its place among the documents."""
    name: str
    domain: str
    """Its registrable domain; empty for a file without one."""
    site: str
    """The pages that it is judged with."""
    entry: Entry
    ways: Ways


@dataclass(frozen=True, slots=True)
class Task:
    """A page to be judged, and its company."""

    number: int
    site: Site
    spread: Spread


class Hands(Protocol):
    """Who reads documents and judges pages. A page goes by its document's number, from 0."""

    def read(self) -> Iterable[Brief | Failure]:
        """Read all documents; the answers in their order."""

    def settle(self, reached: Mapping[str, Reached] | None, targets: Targets | None) -> None:
        """Take note of what is known of where links lead, before any page is judged."""

    def judge(self, tasks: Sequence[Task]) -> list[Judged]:
        """Judge pages; the answers in the order of the tasks."""

    def page(self, number: int) -> Page | None:
        """One page itself; None where it can no longer be had."""


class Reader:
    """Reads documents and judges them as pages: the work of one process. It keeps what it has read, as far as it has room."""

    def __init__(self, judges: Judges, each: bool, room: float = inf) -> None:
        """
        Args:
            each: every document is of a site of its own.
            room: bytes of documents whose pages are kept; others are parsed again to be judged.
        """
        self._judges = judges
        self._each = each
        self._room = room
        self._kept: dict[int, tuple[Page, Digest]] = {}
        self._reached: Mapping[str, Reached] | None = None
        self._targets: Targets | None = None

    def read(self, number: int, document: Snapshot) -> Brief | Failure:
        """First look at a document: what the others need to know of it."""
        found = read(document, self._judges)
        if isinstance(found, Failure):
            return found
        page, digest = found
        try:
            site = page.name if self._each else site_name(page)
            brief = Brief(number, page.name, page.site, site, entry(page, digest), ways(page))
        except Exception as error:
            return defect(document, error)
        if self._room >= len(document.body):
            self._room -= len(document.body)
            self._kept[number] = found
        return brief

    def settle(self, reached: Mapping[str, Reached] | None, targets: Targets | None) -> None:
        """See `Hands`."""
        self._reached, self._targets = reached, targets

    def judge(self, task: Task, document: Snapshot) -> Judged:
        """Second look, in the company of its site."""
        found = self.found(task.number, document)
        if isinstance(found, Failure):
            return lost(document, found)
        page, digest = found
        told = self._targets.told(page) if self._targets is not None else None
        return judged(page, digest, task.site, task.spread, self._judges, self._reached, told)

    def found(self, number: int, document: Snapshot) -> tuple[Page, Digest] | Failure:
        """A page as it was read, or read again."""
        return self._kept.get(number) or read(document, self._judges)


class Alone:
    """Hands of this process, which read documents as they come."""

    def __init__(self, reader: Reader, documents: Iterable[Snapshot | Failure]) -> None:
        self._reader = reader
        self._coming = documents
        self._documents: list[Snapshot] = []

    def read(self) -> Iterator[Brief | Failure]:
        """See `Hands`."""
        for document in self._coming:
            if isinstance(document, Failure):
                yield document
            else:
                self._documents.append(document)
                yield self._reader.read(len(self._documents) - 1, document)

    def settle(self, reached: Mapping[str, Reached] | None, targets: Targets | None) -> None:
        """See `Hands`."""
        self._reader.settle(reached, targets)

    def judge(self, tasks: Sequence[Task]) -> list[Judged]:
        """See `Hands`."""
        return [self._reader.judge(task, self._documents[task.number]) for task in tasks]

    def page(self, number: int) -> Page | None:
        """See `Hands`."""
        found = self._reader.found(number, self._documents[number])
        return None if isinstance(found, Failure) else found[0]


def read(document: Snapshot, judges: Judges) -> tuple[Page, Digest] | Failure:
    """A document as a page with what the language statistics say of it; a failure where there is nothing to audit."""
    try:
        page = parse(document)
        digested = digest(page, judges.language)
    except Exception as error:  # one document must not take the report of all others with it
        return defect(document, error)
    if not page.paragraphs and not page.links and not page.title:
        return Failure(FailureKind.EMPTY, "there is no text in it; nothing to audit", document.url, document.path)
    return page, digested


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run has to say about one page, and what that adds to its site."""

    result: PageResult | Failure
    mark: Mark
    skipped: Counter[tuple[str, str]]
    """(check, reason) of the checks that could not look at it."""


def judged(
    page: Page,
    read: Digest,
    site: Site,
    spread: Spread,
    judges: Judges,
    reached: Mapping[str, Reached] | None = None,
    told: Mapping[str, Told] | None = None,
) -> Judged:
    """Judge one page against its site.

    Args:
        spread: how far over the site what looks planted has spread. That is known only when every page has been judged: judge them
            with an empty one first, and then those again that it reopens.
        reached: what is known of where its links lead, by their addresses; None where nobody looked.
        told: what the pages tell of themselves that its article links to, by the links' addresses; None where nobody read any.
    """
    before, judges.skipped = judges.skipped, Counter()
    try:
        signs = look(page, read, site, judges.language, judges.models)
        sign = mark(page, signs, judges.models)
        result: PageResult | Failure = page_result(
            page, read, site, judge(signs, judges.models, spread.linked), spread, judges, reached, told
        )
        return Judged(result, sign, judges.skipped)
    except Exception as error:
        return Judged(defect(page.snapshot, error), mark(page, None, judges.models), Counter())
    finally:
        judges.skipped = before


def lost(document: Snapshot, failure: Failure) -> Judged:
    """What a run has to say of a page that was read and could not be judged."""
    return Judged(failure, Mark(document.name, False, frozenset(), "", False), Counter())


def defect(document: Snapshot, error: Exception) -> Failure:
    """A document that broke the program."""
    return Failure(
        FailureKind.UNREADABLE,
        f"a defect of this program ({type(error).__name__}); please report it with the document",
        document.url,
        document.path,
    )
