"""Added pages: a user's own labelled pages as samples of a training, beside those of the data folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from auditor import language
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.site.digest import Digest, digest
from auditor.site.site import gather
from auditor.training.datasets import ADDED, Sample
from auditor.training.labels import LabelledPage, read


def added(paths: Sequence[Path], say: Callable[[str], None]) -> list[Sample]:
    """The pages of these files, grouped by site across all of them; each file is a set of its own in the figures.

    Raises:
        SourceError: a file cannot be read or holds no page that can be used.
    """
    found: list[tuple[str, LabelledPage, Page, Digest]] = []
    learned = language.load()
    for path in paths:
        labels = read(path)
        for line in labels.bad:
            say(f"{path}: {line}")
        say(f"read {path}: {len(labels.pages)} pages, {len(labels.bad)} lines left out")
        for labelled in labels.pages:
            page = parse(labelled.snapshot)
            found.append((_set(path), labelled, page, digest(page, learned)))
    by_site: dict[str, list[tuple[Page, Digest]]] = {}
    for _, labelled, page, read_page in found:
        by_site.setdefault(labelled.site, []).append((page, read_page))
    sites = {name: gather(name, pages) for name, pages in by_site.items()}
    return [
        Sample(
            id=f"{name}:{labelled.line}",
            set=name,
            site_name=labelled.site,
            label=labelled.label.value,
            kind="other",
            page=page,
            digest=read_page,
            site=sites[labelled.site],
            truth={},
            links=labelled.links,
        )
        for name, labelled, page, read_page in found
    ]


def _set(path: Path) -> str:
    """`more/my.jsonl.xz` → `added:my`."""
    return f"{ADDED}{path.name.partition('.')[0]}"
