"""Kept runs, as `auditor diff` and `auditor report` find them: by number, by site, and the one before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import urls
from auditor.errors import ConfigError, SourceError
from auditor.store.domains import Domains
from auditor.store.store import Store, default_folder

if TYPE_CHECKING:
    from auditor.history.compare import Named
    from auditor.history.trend import Past

TREND = 12
"""Past runs that a trend shows."""


@contextmanager
def opened(folder: Path | None) -> Iterator[Store]:
    """A store that is there. Raises SourceError where there is none: none is made for what only looks."""
    folder = folder or default_folder()
    if not Store.there(folder):
        raise SourceError(f"there is no store in {folder}; scan a site first, or name its folder with --store")
    with Store(folder) as store:
        yield store


def site_name(given: str) -> str:
    """The site that an address or a domain is of. Raises ConfigError for what is neither."""
    site = urls.site(given if "://" in given else f"https://{given}")
    if not site:
        raise ConfigError(f"{given[:80]!r} is no site; give a domain like example.com")
    return site


def domains(store: Store) -> Domains:
    return Domains(store.connection, store.file)


def latest(store: Store, site: str) -> int:
    """The latest audited run of a site; of any where the name is empty. Raises SourceError where there is none."""
    number = domains(store).latest(site)
    if number is None:
        of = f"of {site} " if site else ""
        raise SourceError(f"no audited run {of}is kept in {store.folder}; `auditor scan` makes one")
    return number


def kept(store: Store, number: int, site: str = "") -> Named:
    """An audited run, of one site alone where one is named. Raises StoreError as `stored_report`."""
    from auditor.history.compare import Named
    from auditor.scan.of_site import site_report
    from auditor.scan.scan import stored_report

    report = site_report(store, number, site) if site else stored_report(store, number)
    return Named(f"run {number}", report)


def before(store: Store, number: int, site: str) -> Named | None:
    """The last finished run of a site before this one; None where this is the first."""
    earlier = domains(store).before(number, site)
    return kept(store, earlier.run, site) if earlier else None


def one_site(store: Store, number: int) -> str:
    """The site of a run. Raises ConfigError where it has several, SourceError where it has none."""
    from auditor.scan.scan import stored_report

    sites = [site.site for site in stored_report(store, number).sites]
    if not sites:
        raise SourceError(f"run {number} has no page that could be audited; `auditor runs` lists the others")
    if len(sites) != 1:
        raise ConfigError(f"run {number} is of {len(sites)} sites; say which with --site")
    return sites[0]


def past_runs(store: Store, number: int, site: str) -> tuple[Past, ...]:
    """The runs of a site before this one in numbers, the earliest first."""
    from auditor.history.trend import trend

    runs = [run for run in domains(store).runs(site, number, TREND + 1) if run[0] != number][:TREND]
    return trend((run, began, kept(store, run, site).report) for run, began in runs)
