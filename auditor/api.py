"""The functions for build scripts: a page or files in, a report out. Nothing is imported before one of them is called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.page.snapshot import Failure, Snapshot
    from auditor.report import Report


def audit_html(html: str | bytes, *, url: str = "", path: str = "", config: Config | None = None) -> Report:
    """Audit one page of HTML.

    Args:
        html: the document; of bytes the encoding is found as a browser finds it.
        url: its absolute address. Without one no link can be told from a link to another site unless it is absolute, and checks on
            addresses are skipped, as the report says.
        path: the file it is from, for the report; what is of your own making may hold comments that suppress findings. A page with
            neither is `page.html`.
        config: what to run and show; None for everything.

    Returns:
        A report of one page, or of none and a failure that says why.

    Raises:
        ConfigError: the address is none, or a check is named that does not exist.
        ModelError: a shipped model is missing or damaged.
    """
    from auditor import urls
    from auditor.errors import ConfigError
    from auditor.page.snapshot import Format, Snapshot

    if url and not urls.host(url):
        raise ConfigError(f"{url[:200]!r} is no address of a page; give one like https://example.com/post")
    text = isinstance(html, str)
    name = path or (None if url else "page.html")
    document = Snapshot(
        html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html,
        Format.HTML,
        url=url or None,
        final_url=url or None,
        path=name,
        headers={"content-type": "text/html; charset=utf-8"} if text else {},
    )
    return _audited([document], config, url or name or "")


def audit_files(paths: str | Path | Iterable[str | Path], config: Config | None = None) -> Report:
    """Audit files, folders and patterns as `auditor check` does: those of one site are held against each other.

    Args:
        paths: one or several; of a folder every HTML, Markdown and text file is read.
        config: what to run and show; None for everything. No configuration file is read.

    Returns:
        A report; what could not be read is among its failures, the rest is audited.

    Raises:
        ConfigError: a check is named that does not exist.
        ModelError: a shipped model is missing or damaged.
    """
    from auditor.config import Config
    from auditor.files import read

    named = [str(one) for one in ([paths] if isinstance(paths, str | Path) else paths)]
    config = config or Config()
    return _audited(read(named, max_bytes=config.max_bytes), config, *named)


def _audited(documents: Iterable[Snapshot | Failure], config: Config | None, *source: str) -> Report:
    from datetime import UTC, datetime

    from auditor.audit import audit
    from auditor.built import built

    return audit(documents, config, source=source, started_at=datetime.now(UTC), follow=built)
