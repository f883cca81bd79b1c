"""What sites link to, gathered from files or from the store, for `auditor links`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from auditor import urls
from auditor.errors import ConfigError, SourceError
from auditor.outbound.inventory import Domain, Inventory
from auditor.outbound.known import Known, Listing, pattern
from auditor.outbound.use import Use, of_page, of_result
from auditor.page.page import Page, Place, Spot
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.report import Report
from auditor.store.domains import Domains
from auditor.store.findings import Findings
from auditor.store.run import Run
from auditor.store.store import Store, default_folder

PLACED = 500
"""Pages of a run that are read again for the lines of their links."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was gathered."""

    source: str
    """Where from, in words."""
    domains: Sequence[Domain]
    uses: Sequence[Use] | None
    """The links to one domain, where they were asked for."""
    failures: tuple[str, ...] = ()
    """What could not be read, in words."""
    earlier: Mapping[str, Known] = field(default_factory=dict)
    """By site, what it linked to before."""
    nothing_known: str = ""
    """Why nothing is known to compare with; empty where something is."""

    def held_against(self, known: Known | None, listing: Listing | None) -> Found:
        """With what is new marked, by the file of known domains where there is one, else by the run before."""
        domains = []
        for one in self.domains:
            against = known or self.earlier.get(one.site)
            listed = listing.first_seen(one.name) if listing else None
            first = min((day for day in (one.first_seen, listed) if day), default=None)
            new = None if against is None else one.name not in against
            domains.append(replace(one, new=new, first_seen=first))
        return replace(self, domains=domains, nothing_known="" if known else self.nothing_known)


def domain(given: str) -> str:
    """A domain as it was asked for, by its registrable name; empty for none. Raises ConfigError for what is none."""
    name = pattern(given) if given else ""
    if given and (not name or "*" in name):
        raise ConfigError(f"{given[:80]!r} is no domain; give one like example.com")
    return name


def in_files(paths: Sequence[str], wanted: str, *, judge: bool, max_bytes: int) -> Found:
    """What files link to; nobody judges the links unless that is asked for."""
    from auditor.files import read

    counted = Inventory()
    uses: list[Use] = []
    failures: list[Failure] = []
    documents = read(paths, max_bytes=max_bytes)
    if judge:
        report = _judged(documents, paths)
        failures += report.failures
        pages: Iterable[Iterable[Use]] = map(of_result, report.pages)
    else:
        pages = (_uses(document, wanted) for document in documents if not _fails(document, failures))
    for page in pages:
        for use in page:
            counted.add(use)
            if use.domain == wanted:
                uses.append(use)
    bad = [f for f in failures if f.name in paths or f.kind not in (FailureKind.EMPTY, FailureKind.BINARY)]
    return Found(
        source=", ".join(paths),
        domains=counted.domains(),
        uses=uses if wanted else None,
        failures=tuple(_told(failure) for failure in bad),
        nothing_known="files have no run before them",
    )


def in_store(folder: Path | None, number: int | None, sites: Sequence[str], wanted: str) -> Found:
    """What a run that is kept links to.

    Raises:
        SourceError: there is no store, or no audited run of this site in it.
        StoreError: there is no such run, or it was not audited to its end.
    """
    from auditor.scan.scan import stored_report

    folder = folder or default_folder()
    if not Store.there(folder):
        raise SourceError(f"there is no store in {folder}; scan a site first, or name files")
    with closing(Store(folder)) as store:
        site = _site(sites)
        number = number or _latest(store, site)
        report = stored_report(store, number)
        counted = Inventory()
        uses: list[Use] = []
        for page in report.pages:
            for use in of_result(page):
                if site in ("", use.site):
                    counted.add(use)
                    if use.domain == wanted:
                        uses.append(use)
        kept = Domains(store.connection, store.file)
        earlier = {}
        domains = counted.domains()
        names = sorted({one.site for one in domains})
        days = {name: kept.first_seen(name) for name in names}
        for name in names:
            if before := kept.before(number, name):
                earlier[name] = Known(before.domains, f"run {before.run}")
        return Found(
            source=f"run {number}",
            domains=[replace(one, first_seen=days[one.site].get(one.name)) for one in domains],
            uses=_placed(uses, store.open(number), Findings(store.connection, store.file, number)) if wanted else None,
            earlier=earlier,
            nothing_known="" if earlier or not names else f"run {number} is the first that is kept of its site",
        )


def _site(sites: Sequence[str]) -> str:
    if not sites:
        return ""
    site = urls.site(sites[0])
    if len(sites) > 1 or not site:
        raise ConfigError("name one site, like https://example.com/, or files and folders; not several, nor both")
    return site


def _latest(store: Store, site: str) -> int:
    number = Domains(store.connection, store.file).latest(site)
    if number is None:
        what = f"of {site} " if site else ""
        raise SourceError(f"no audited run {what}is kept in {store.folder}; `auditor scan` makes one")
    return number


def _uses(document: Snapshot | Failure, wanted: str) -> Iterable[Use]:
    assert isinstance(document, Snapshot)
    page = parse(document)
    return of_page(page, _places(page, wanted))


def _places(page: Page, wanted: str) -> Mapping[Spot, Place]:
    return locate(page, [k.spot for k in page.links if wanted and k.external and urls.spelt(k.host) == wanted])


def _fails(document: Snapshot | Failure, failures: list[Failure]) -> bool:
    if isinstance(document, Failure):
        failures.append(document)
        return True
    return False


def _judged(documents: Iterable[Snapshot | Failure], paths: Sequence[str]) -> Report:
    from auditor.audit import audit
    from auditor.config import Config

    return audit(documents, Config(select=frozenset({"planted-link"})), source=paths, started_at=datetime.now(UTC))


def _placed(uses: Sequence[Use], run: Run, findings: Findings) -> list[Use]:
    """Links with the lines that nobody needed when their pages were audited; of the first pages, some hundreds."""
    without: dict[str, list[int]] = {}
    for number, use in enumerate(uses):
        if use.line is None and (use.page in without or len(without) < PLACED):
            without.setdefault(use.page, []).append(number)
    placed = list(uses)
    for name, document in findings.judged() if without else ():
        if not (numbers := without.pop(name, [])):
            continue
        page = parse(run.document(document))
        wanted = uses[numbers[0]].domain
        again = [use for use in of_page(page, _places(page, wanted)) if use.domain == wanted]
        if len(again) == len(numbers):
            for at, use in zip(numbers, again, strict=True):
                placed[at] = replace(placed[at], line=use.line, column=use.column)
    return placed


def _told(failure: Failure) -> str:
    from auditor.render.text import escape_terminal

    return f"{escape_terminal(failure.name)}: {escape_terminal(failure.detail)}"
