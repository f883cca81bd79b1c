"""Labelled pages from a data folder: parsed, with their site together and with the labels of their links.

The folder's format: `pages/*.jsonl.xz` (one object a line: id, set, site, url, label, kind, html, …) and, for hosts whose links
were labelled one by one, `links/planted_links.jsonl.xz` (host, anchor, href, planted).
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import language, urls
from auditor.errors import SourceError
from auditor.language.lexicons import HostKind, host_kind
from auditor.page.page import Link, Page, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import Digest, digest
from auditor.site.site import Site, gather

CLEAN = (
    "wcxb_dev", "scrapinghub", "postlight", "readability", "legit_siphox", "legit_davald", "legit_angrybear",
    "legit_sethroberts", "legit_moneyvikings",
)  # fmt: skip
HACKED = ("hacked_teampro", "hacked_lkredit", "hacked_atsurgical", "hacked_accentuate")
FARMS = ("farm_hownestly", "farm_sinister", "farm_viralmuffin", "farm_whywhatwho", "affiliate_hempforhealth")

BROKEN_INTO = frozenset({"wcxb-0393", "scrapinghub_aeb-bedccec6"})
"""Pages of clean sets that turned out to carry casino and download links in boxes pushed off the screen. They are left out."""

ADDED = "added:"
"""Beginning of the set's name of pages that a user added (`auditor train --add`)."""

_NUMBERED = re.compile(r"[\d.]+|\[.*\]")
_SPAM = frozenset({"spam_post", "spam_post_copied", "spam"})
_HONEST_ROLES = frozenset({"legit", "clean"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled page with its site."""

    id: str
    set: str
    site_name: str
    label: str
    """clean, legit, spam_post, spam_post_copied, farm, reliable, unreliable …, as in the data; of added pages a `report.Label`."""
    kind: str
    page: Page
    digest: Digest
    site: Site
    truth: dict[str, Any]
    links: Mapping[str, bool] | None = None
    """Target as written → planted or not, where this page came with its links labelled one by one."""

    @property
    def spam(self) -> bool:
        return self.label in _SPAM

    @property
    def honest(self) -> bool:
        return self.label in _HONEST_ROLES

    @property
    def good(self) -> bool:
        """Whether it stands for pages of honest sites: one of a clean set, or one that a user calls clean."""
        return self.set in CLEAN or (self.set.startswith(ADDED) and self.honest)

    @property
    def low_quality(self) -> bool:
        return self.set in FARMS or self.label in ("unreliable", "low-quality")

    @property
    def links_known(self) -> bool:
        """Whether its links may teach the link model; of the other sets nobody knows which were planted."""
        return self.good or self.set in HACKED or self.links is not None


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The raw rows of one set.

    Raises:
        SourceError: the set is not there.
    """
    path = data / "pages" / f"{name}.jsonl.xz"
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                row["site"] = row.get("site") or urls.site(row.get("url") or "") or row["id"]
                yield row
    except FileNotFoundError:
        raise SourceError(f"{path} is missing; name the folder with the training data") from None


def kept(identity: str, share: float) -> bool:
    """A stable draw by identity: the same pages are kept on every run, whatever their order."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) < share * 0xFFFFFFFF


def load(data: Path, name: str, *, limit: int | None = None) -> list[Sample]:
    """One set, parsed; at most about `limit` pages, drawn by identity. Sites of one page are sites of one page."""
    found = [row for row in rows(data, name) if row["id"] not in BROKEN_INTO]
    if limit is not None and len(found) > limit:
        found = [row for row in found if kept(row["id"], limit / len(found))]
    learned = language.load()
    parsed: list[tuple[dict[str, Any], Page, Digest]] = []
    for row in found:
        page = parse(Snapshot(body=row["html"].encode("utf-8", "replace"), url=_address(row)))
        parsed.append((row, page, digest(page, learned)))
    by_site: dict[str, list[tuple[Page, Digest]]] = {}
    for row, page, read in parsed:
        by_site.setdefault(row["site"], []).append((page, read))
    sites = {site: gather(site, pages) for site, pages in by_site.items()}
    return [
        Sample(
            row["id"],
            name,
            row["site"],
            row["label"],
            row["kind"],
            page,
            read,
            sites[row["site"]],
            row.get("truth") or {},
        )
        for row, page, read in parsed
    ]


def _address(row: dict[str, Any]) -> str | None:
    """The page's address; mirrored pages have a relative one, which is put on a host of the site's
    name; one of an unknown site is left to say where it belongs."""
    url = (row.get("url") or "").strip()
    if url.startswith(("http://", "https://")):
        return url
    site = row["site"] if row["site"] != row["id"] else ""
    if not site:
        return None
    host = site if "." in site else f"{site}.example"
    return f"https://{host}/{url.lstrip('./')}"


def planted(data: Path) -> dict[str, dict[str, bool]]:
    """Set → target address → planted or not, for the hosts whose links were labelled one by one."""
    path = data / "links" / "planted_links.jsonl.xz"
    found: dict[str, dict[str, bool]] = {}
    if not path.exists():
        return found
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["host"], {})[row["href"].strip()] = bool(row["planted"])
    return found


class LinkLabels:
    """Whether an external link of a sample was planted: 1, 0, or None where it cannot be told."""

    def __init__(self, data: Path, samples: list[Sample]) -> None:
        self.listed = planted(data)
        self.template: dict[str, set[str]] = {}
        by_set: dict[str, list[Sample]] = {}
        for sample in samples:
            by_set.setdefault(sample.set, []).append(sample)
        for name, members in by_set.items():
            self.template[name] = _template_hosts(members)

    def __call__(self, sample: Sample, link: Link) -> int | None:
        role = sample.page.role(link.block)
        if sample.links is not None and (said := sample.links.get(link.href.strip())) is not None:
            return int(said)
        if _NUMBERED.fullmatch(link.host):  # mostly a mirror of the page's own site; nobody can tell
            return None
        if sample.honest:
            return 0 if role is not Role.RELATED else None
        own = self.listed.get(sample.set)
        if own is not None:
            known = own.get(link.href.strip())
            return None if known is None else int(known)
        if sample.set not in HACKED or role not in (Role.ARTICLE, Role.COMMENTS):
            return None
        if link.host in self.template[sample.set] or _innocent(link):
            return None
        return 1


def _template_hosts(members: list[Sample]) -> set[str]:
    """External domains of the theme or of honest pages: what they link to was not planted in a post."""
    honest = {link.host for s in members if s.honest for link in s.page.links if link.external}
    counts = Counter(host for s in members for host in {link.host for link in s.page.links if link.external})
    return honest | {host for host, count in counts.items() if count > 0.4 * len(members) > 4}


def _innocent(link: Link) -> bool:
    kind = host_kind(link.host, urls.host(link.url))
    return kind in (
        HostKind.SCHOLARLY,
        HostKind.OFFICIAL,
        HostKind.REFERENCE,
        HostKind.NEWS,
        HostKind.SOCIAL,
        HostKind.WIDGET,
    )
