"""Of site: what a stored report of several sites says of one of them."""

from __future__ import annotations

from dataclasses import replace

from auditor import urls
from auditor.report import Report
from auditor.scan.codec import StoredPages
from auditor.scan.scan import stored_report
from auditor.store.store import Store


def site_report(store: Store, number: int, site: str) -> Report:
    """The report of an audited run, of one of its sites alone.

    Which checks were skipped is counted over all sites of a run: of several, only what was skipped on every page is known of each.

    Raises:
        StoreError: there is no such run, or it was not audited to its end.
    """
    report = stored_report(store, number)
    if len(report.sites) == 1 and report.sites[0].site == site:
        return report
    assert isinstance(report.pages, StoredPages)
    pages, everywhere = report.pages.of(site), len(report.pages)
    return replace(
        report,
        sites=tuple(one for one in report.sites if one.site == site),
        pages=pages,
        skipped=tuple(replace(one, pages=len(pages)) for one in report.skipped if one.pages >= everywhere),
        failures=tuple(one for one in report.failures if urls.site(one.url or "") == site),
        omitted=tuple(one for one in report.omitted if urls.site(f"https://{one.host}/") == site),
        notices=(),
    )
