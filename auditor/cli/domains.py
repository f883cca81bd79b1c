"""The file of known domains, read and written; and the options that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.whole import write_whole
from auditor.errors import ConfigError

if TYPE_CHECKING:
    from auditor.outbound.known import Known, Listing
    from auditor.report import Report

NEW = "new-domain"
"""The check that the gate is made of."""

AllowDomains = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-domain", metavar="DOMAIN", help="A domain, or a pattern (*.gov), that is never new; repeatable.",
        show_default=False,
    ),
]  # fmt: skip
DomainsFile = Annotated[
    Path | None,
    typer.Option(
        "--domains", metavar="FILE", help="The domains that the site is known to link to; `auditor links --accept` writes it.",
        show_default=False,
    ),
]  # fmt: skip
FailOnNewDomains = Annotated[
    bool,
    typer.Option("--fail-on-new-domains", help="Exit with 1 for a link to a domain that is neither known nor allowed."),
]


def known_from(file: Path | None, allowed: Sequence[str]) -> Known | None:
    """What the links are held against; None where no file says it.

    Raises:
        ConfigError: the file is not there, or a line or pattern is no domain.
    """
    from auditor.outbound.known import Known, patterns

    names = patterns(allowed)
    if file is None:
        return None
    return Known(frozenset(read(file).entries), str(file), names)


def read(file: Path) -> Listing:
    """The listing in a file.

    Raises:
        ConfigError: it is not there, cannot be read, or a line is no domain.
    """
    from auditor.outbound.known import Listing

    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        raise ConfigError(
            f"there is no {file}, so no domain is known; `auditor links … --accept --domains {file}` writes it"
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot read {file} ({error.strerror}); name a file with one domain a line") from error
    return Listing.parse(text, str(file))


def write(file: Path, listing: Listing) -> None:
    """Write a listing whole or not at all.

    Raises:
        ConfigError: the folder cannot be written.
    """
    write_whole(file, listing.text(), str(file), "name a file in a folder that you may write")


def gated(select: frozenset[str], ignore: frozenset[str], gate: bool) -> frozenset[str]:
    """The checks to run where the gate on new domains is asked for: its own among them.

    Raises:
        ConfigError: it is left out by name.
    """
    if gate and NEW in ignore:
        raise ConfigError(f"--fail-on-new-domains needs the check {NEW}; take it out of --ignore")
    return select | {NEW} if gate and select else select


def stopped(report: Report) -> int:
    """How many new domains the gate stops at."""
    found = [finding for site in report.sites for finding in site.findings if finding.check == NEW]
    return sum(int(finding.evidence.get("count", 1)) for finding in found)


def without_comparison(report: Report) -> int:
    """How many sites had nothing that their links could be held against."""
    return sum(skipped.pages for skipped in report.skipped if skipped.check == NEW)
