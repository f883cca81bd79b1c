"""Examples for checks that hold pages against a crawl: `bad.crawl.json` beside a folder says where it stands and what was met there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from auditor import identity, urls
from auditor.page.snapshot import Snapshot
from auditor.site.crawled import Crawled, Hop, Listed


def documents(folder: Path, base: str) -> Iterable[Snapshot]:
    """The pages of a folder as they would have been fetched: `index.html` is the address of its folder."""
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        url = base + name.removesuffix("index.html")
        yield Snapshot(path.read_bytes(), url=url, final_url=url, status=200)


def crawled(told: Mapping[str, Any]) -> dict[str, Crawled]:
    """What the crawl of an example met. All addresses are relative to its base."""
    base = told["base"]

    def at(path: str) -> str:
        return path if "://" in path else base + path

    def code(path: str) -> int:
        return identity.code(identity.clean(at(path)))

    starts = tuple(code(path) for path in told.get("starts", [""]))
    return {
        urls.site(base): Crawled(
            complete=told.get("complete", True),
            starts=starts,
            front=(code(""),) if code("") in starts else (),
            listed=[Listed(at(path), code(path), path in told.get("barred", ())) for path in told.get("listed", ())],
            hops={code(a): Hop(at(a), status, at(b)) for a, status, b in told.get("hops", ())},
            broken={code(path): detail for path, detail in told.get("broken", {}).items()},
        )
    }


def beside(folder: Path) -> dict[str, Any] | None:
    file = folder.with_name(f"{folder.name}.crawl.json")
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
