"""Scoring: what the four models cost a page once its features are there, beside the features themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from auditor import language
from auditor.features.content import SPAM, PageView
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.reading import Reading
from auditor.features.related import RELATED, BlockView
from auditor.judge import Models
from auditor.page.page import Page, Role
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot
from auditor.site.digest import digest
from auditor.site.site import gather

REACH_MS = 0.5
LINKS = 30
ROUNDS = 200

_POST = Path(__file__).parents[1] / "fixtures" / "sites" / "harbor-lane" / "posts" / "grain-silo-house.html"


def typical() -> Page:
    """An article of the example site with its related block, and links enough to make thirty."""
    html = _POST.read_text(encoding="utf-8")
    url = "https://harbor-lane.example/silo"
    have = sum(link.external for link in parse(Snapshot(html.encode(), url=url)).links)
    more = "".join(
        f'<p>Of the {number} silos along this line the county keeps a <a href="https://county-{number}.example/silos/'
        f'{number}">list with their owners</a> and the year in which each was last full.</p>'
        for number in range(max(LINKS - have, 0))
    )
    at = html.rfind("</p>", 0, html.find("</article>")) + len("</p>")
    return parse(Snapshot((html[:at] + more + html[at:]).encode(), url=url))


def scoring() -> tuple[str, bool]:
    """Milliseconds a page for all verdicts, the features' time, and their ratio; the best of many rounds."""
    models, learned, page = Models.load(), language.load(), typical()
    read = digest(page, learned)
    site = gather(page.site, [(page, read)])

    def features() -> tuple[object, ...]:
        reading = Reading(page, read, site, learned)
        blocks = [BlockView(b, read, site, learned) for b in page.blocks if b.role is Role.RELATED]
        view = PageView(reading, [0.0] * len(reading.external), [0.0] * len(blocks))
        links = LINK.matrix(reading.views(), models.link.features)
        related = RELATED.matrix(blocks, models.related.features)
        return (
            links,
            related,
            SPAM.matrix([view], models.spam.features),
            QUALITY.matrix([view], models.quality.features),
        )

    rows = features()
    scorers = (models.link, models.related, models.spam, models.quality)

    def verdicts() -> None:
        for model, table in zip(scorers, rows, strict=True):
            model.verdicts(table)  # type: ignore[arg-type]

    cost, beside = _best(verdicts, ROUNDS), _best(features, ROUNDS // 10)
    text = (
        f"{cost:.3f} ms a page for {len(rows[0])} links, {len(rows[1])} block and the page "  # type: ignore[arg-type]
        f"({cost / beside:.1%} of the features' {beside:.2f} ms); reach {REACH_MS} ms"
    )
    return text, cost <= REACH_MS


def _best(run: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the fastest of some rounds: what others do on the machine only ever adds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1000.0
