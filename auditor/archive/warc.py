"""WARC in: the documents, redirects and failures that an archive of the web holds, as a crawler would have called them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auditor import urls
from auditor.answer import NO_PAGES, Answer, judge
from auditor.archive.exchange import Message, answer, block_bound, message, original
from auditor.archive.records import NoWarcError, Record, Records
from auditor.errors import SourceError
from auditor.inflate import DamagedError, TooLargeError
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot, Variant
from auditor.store.run import Moved
from auditor.store.target import Target

MAX_REVISITS = 50_000
"""Revisits whose original is looked for in a second reading of the file."""

EPOCH = datetime.fromtimestamp(0, UTC)

NOTES = "warc-json-metadata"
OWN = "auditor"
"""Key of what we add to a record that we write, in the field that other tools use for such notes too."""

NOTHING = frozenset((204, 205, 206))
"""Answers to beacons, and parts of films: an archive made with a browser is full of them."""

Outcome = Snapshot | Failure | Moved


@dataclass(frozen=True, slots=True)
class _Revisit:
    """An address that had what another record holds."""

    uri: str
    original_uri: str


def read_warc(path: Path, *, max_bytes: int = 10_000_000, left: Counter[str] | None = None) -> Iterator[Outcome]:
    """What a WARC file holds, in its order; one record is in memory at a time.

    Answers of 200 that are HTML, Markdown or text are snapshots, redirects are `Moved`, the rest of what a crawler would have asked
    for are failures. Of an address that was archived several times every answer is given. `left` counts, in words for people,
    what was left out. A file with damaged places says so in a last failure that bears its name.

    Raises:
        SourceError: the file cannot be read, or is no WARC file.
    """
    left = Counter() if left is None else left
    revisits: dict[str, list[_Revisit]] = {}
    pending: tuple[str, Snapshot] | None = None
    for record in _records(path, max_bytes, left):
        if record.kind == "request":
            continue
        if pending:
            document = pending[1]
            if record.kind == "conversion" and record.headers.get("warc-refers-to") == pending[0]:
                pending = (pending[0], _with_variant(document, record))
                continue
            yield document
            pending = None
        match record.kind:
            case "response" | "resource":
                outcome = _outcome(record, max_bytes)
                if isinstance(outcome, str):
                    left[outcome] += 1
                elif isinstance(outcome, Snapshot):
                    pending = (record.headers.get("warc-record-id", ""), outcome)
                else:
                    yield outcome
            case "revisit":
                _remember(record, revisits, left)
            case "metadata":
                if failure := _noted_failure(record):
                    yield failure
            case _:
                pass
    if pending:
        yield pending[1]
    if revisits:
        yield from _revisited(path, max_bytes, revisits, left)
    if places := left[DAMAGED]:
        detail = f"the archive is damaged or cut off at {places} place(s); what could be read was, fetch it again for the rest"
        yield Failure(FailureKind.UNREADABLE, detail, path=str(path))


DAMAGED = "damaged places"
NO_HTTP = "records without an HTTP answer"
NO_PAGE = "files that are no pages"
NO_ORIGINAL = "revisits without their original"


def _records(path: Path, max_bytes: int, left: Counter[str]) -> Iterator[Record]:
    try:
        with path.open("rb") as file:
            records = Records(file, block_bound(max_bytes))
            yield from records
            left[DAMAGED] += records.damaged
            if not left[DAMAGED]:
                del left[DAMAGED]
    except NoWarcError:
        raise SourceError(f"{path} is no WARC file; name a .warc or .warc.gz, or a folder") from None
    except OSError as error:
        raise SourceError(f"cannot read {path} ({error.strerror or error}); name a file that is there") from error


def _outcome(record: Record, max_bytes: int) -> Outcome | str:
    """What a record holds; in words why it is left out."""
    url = urls.normalise(record.uri)
    own = _notes(record)
    if own is None and (not url or _extension(url) in NO_PAGES or url.endswith("/robots.txt")):
        return NO_PAGE if url else NO_HTTP
    if own is not None and own.get("hop"):
        return "redirects within a document's own address"
    held: Message | None
    if record.kind == "resource":
        plain = {"content-type": record.headers.get("content-type", "")}
        held = Message(200, plain if own is None else _plain(own.get("headers")), record.block)
    else:
        held = message(record.block)
    if held is None:
        return NO_HTTP
    when = _date(record)
    bare = Answer(url, held.status, held.headers, b"", when or EPOCH)
    if bare.redirect and own is None:
        return Moved(url, held.status, bare.location) if bare.location else NO_PAGE
    if held.status in NOTHING:
        return NO_PAGE
    if held.status == 200 and not isinstance(judge(bare, Target(url, 0, ""), ()), Failure):
        return NO_PAGE  # by its type: for want of a body, a page would be an empty document
    if held.status == 200 or own is not None:
        truncated = record.headers.get("warc-truncated")
        if truncated or not record.whole:
            why = f"the archive holds only the beginning of it ({truncated or 'the file breaks off'}); fetch it again"
            return Failure(FailureKind.UNREADABLE, why[:200], url)
        try:
            bare = answer(held, url, when or EPOCH, max_bytes)
        except TooLargeError:
            return Failure(
                FailureKind.TOO_LARGE, f"larger than {max_bytes:,} bytes; raise the limit with --max-bytes", url
            )
        except DamagedError as error:
            return Failure(FailureKind.UNREADABLE, f"the compression is damaged: {error}", url)
    if own is not None:
        return _own(own, bare, when)
    outcome = judge(bare, Target(url, 0, ""), ())
    match outcome:
        case Snapshot():
            return replace(outcome, headers=original(dict(outcome.headers)), fetched_at=when)
        case Failure():
            return outcome
        case _:
            return NO_PAGE


def _own(notes: dict[str, Any], held: Answer, when: datetime | None) -> Snapshot | Failure:
    """A document that we wrote, as it was."""
    try:
        return Snapshot(
            held.body,
            Format(notes["format"]),
            url=_text(notes["url"]),
            final_url=_text(notes["final_url"]),
            path=_text(notes["path"]),
            status=held.status if notes["fetched"] else None,
            headers=original(dict(held.headers)),
            redirects=tuple(Redirect(str(url), int(status)) for url, status in notes["redirects"]),
            fetched_at=when if notes["dated"] else None,
        )
    except (KeyError, TypeError, ValueError):
        return Failure(FailureKind.UNREADABLE, "the notes of this archive do not fit; export the run again", held.url)


def _noted_failure(record: Record) -> Failure | None:
    own = _notes(record)
    if own is None:
        return None
    try:
        return Failure(FailureKind(own["failure"]), str(own["detail"]), _text(own["url"]), _text(own["path"]))
    except (KeyError, TypeError, ValueError):
        return None


def _with_variant(document: Snapshot, record: Record) -> Snapshot:
    own = _notes(record) or {}
    if own.get("variant") not in list(Variant) or not record.whole or len(record.block) < record.length:
        return document
    return replace(document, variants={**document.variants, Variant(own["variant"]): record.block})


def _notes(record: Record) -> dict[str, Any] | None:
    """What we noted of a record that we wrote; None for other people's."""
    try:
        notes = json.loads(record.headers.get(NOTES, "null"))
    except (ValueError, RecursionError):
        return None
    own = notes.get(OWN) if isinstance(notes, dict) else None
    return own if isinstance(own, dict) else None


def _plain(headers: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _date(record: Record) -> datetime | None:
    try:
        when = datetime.fromisoformat(record.headers.get("warc-date", ""))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _extension(url: str) -> str:
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _remember(record: Record, revisits: dict[str, list[_Revisit]], left: Counter[str]) -> None:
    """Note an address that had what another record holds, under what that record can be found by."""
    headers = record.headers
    uri = urls.normalise(record.uri)
    original_uri = urls.normalise(headers.get("warc-refers-to-target-uri", "").strip("<> "))
    if not uri or _extension(uri) in NO_PAGES:
        left[NO_PAGE if uri else NO_HTTP] += 1
        return
    known_by = headers.get("warc-payload-digest") or headers.get("warc-refers-to") or original_uri
    if not known_by or len(revisits) == MAX_REVISITS:
        left[NO_ORIGINAL] += 1
        return
    revisits.setdefault(known_by, []).append(_Revisit(uri, original_uri))


def _revisited(
    path: Path, max_bytes: int, revisits: dict[str, list[_Revisit]], left: Counter[str]
) -> Iterator[Snapshot]:
    """Read the file again for what revisits refer to. What was the same address is given already."""
    for record in _records(path, max_bytes, Counter()):
        if record.kind != "response":
            continue
        uri = urls.normalise(record.uri)
        names = (record.headers.get("warc-payload-digest", ""), record.headers.get("warc-record-id", ""), uri)
        waiting = [one for name in names for one in revisits.pop(name, ())]
        outcome = _outcome(record, max_bytes) if waiting else None
        for one in waiting:
            if isinstance(outcome, Snapshot) and one.uri != uri:
                yield replace(outcome, url=one.uri, final_url=one.uri)
    if lost := sum(map(len, revisits.values())):
        left[NO_ORIGINAL] += lost
