"""A blog of any size, made from the example site's own sentences: pages of about 60 KB with 80 links each."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path

from auditor.page.page import Kind
from auditor.page.parse import parse
from auditor.page.snapshot import Snapshot

PAGE_BYTES = 60_000
LINKS = 80
OUTWARD = 6
"""Links to other sites among them, in the article."""
HOSTS = 4_000
"""Sites that these lead to."""
WORDS = 900
"""Of article; the rest of a page's bytes are its theme's: styles, scripts, menus, cards."""

_EXAMPLES = Path(__file__).parents[1] / "fixtures" / "sites" / "harbor-lane"
_SECTIONS = (
    "barns",
    "boats",
    "caves",
    "domes",
    "farms",
    "lofts",
    "mills",
    "ships",
    "silos",
    "towers",
    "trees",
    "yurts",
)


class Blog:
    """`Blog(300).page("/post-17/")` is that page's HTML; None where it has none. Equal seeds make equal pages."""

    def __init__(self, pages: int, address: str = "http://127.0.0.1", seed: int = 0) -> None:
        self.pages = pages
        self.address = address.rstrip("/")
        self._seed = seed

    @property
    def paths(self) -> list[str]:
        """Every page's path, the front page first."""
        return ["/", *(f"/post-{number}/" for number in range(1, self.pages))]

    def robots(self) -> str:
        return f"User-agent: *\nDisallow: /private/\nSitemap: {self.address}/sitemap.xml\n"

    def sitemap(self) -> str:
        listed = "".join(f"<url><loc>{self.address}{path}</loc></url>" for path in self.paths)
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'

    def page(self, path: str) -> str | None:
        match = re.fullmatch(r"/(?:post-(\d{1,9})/)?", path)
        number = int(match[1] or 0) if match else -1
        return self._html(number) if 0 <= number < self.pages else None

    def article(self, number: int) -> str:
        """The text of a page's article, without markup."""
        return re.sub("<[^<>]*>", " ", self.markup(number))

    def markup(self, number: int) -> str:
        """A page's article alone, in HTML."""
        return self._article(random.Random(f"{self._seed}/{number}"))  # noqa: S311

    def _html(self, number: int) -> str:
        chance = random.Random(f"{self._seed}/{number}")  # noqa: S311
        title = self._title(number)
        article = self._article(chance)
        near = [(number + step) % self.pages for step in range(1, LINKS - OUTWARD + 1)]
        menu = "".join(self._item(n, "menu-item") for n in near[:24])
        cards = "".join(self._card(n) for n in near[24:34])
        footer = "".join(self._item(n, "footer-item") for n in near[34:])
        head = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} – Hollow Lane</title>'
            f'<meta name="description" content="{title}: what we saw, what it cost and what we would ask next time.">'
            '<meta name="viewport" content="width=device-width">'
            f'<link rel="canonical" href="{self.address}{self._path(number)}">'
        )
        body = (
            f'</head><body><header class="site-header"><p>Hollow Lane</p><nav class="main-menu"><ul>{menu}</ul></nav>'
            f'</header><main><article class="post"><h1>{title}</h1><p class="byline">By <span class="author">Nora Hale'
            f'</span> on <time datetime="2025-03-{number % 28 + 1:02}">March {number % 28 + 1}, 2025</time></p>{article}'
            f'</article><section class="cards"><h2>From the archive</h2>{cards}</section></main>'
            f'<footer class="site-footer"><ul>{footer}</ul><p>© 2025 Hollow Lane</p></footer></body></html>'
        )
        room = PAGE_BYTES - len(head) - len(body)
        style, script = _filling(max(room // 2, 0)), max(room - room // 2, 0)
        return f"{head}<style>{style}</style><script>{_script(script)}</script>{body}"

    def _article(self, chance: random.Random) -> str:
        parts: list[str] = []
        words = 0
        while words < WORDS:
            chosen = [varied(sentence, chance) for sentence in chance.choice(paragraphs())]
            words += sum(len(sentence.split()) for sentence in chosen)
            parts.append(" ".join(chosen))
        for place in range(OUTWARD):
            target = f"https://county-{chance.randrange(HOSTS)}.example/records/{chance.randrange(10**6)}"
            what = chance.choice(_SECTIONS)
            parts[place % len(parts)] += f' The county keeps <a href="{target}">its register of {what}</a> up to date.'
        middle = len(parts) // 2
        return "".join(
            f"{'<h2>What the county says</h2>' if number == middle else ''}<p>{part}</p>"
            for number, part in enumerate(parts)
        )

    def _title(self, number: int) -> str:
        chance = random.Random(f"{self._seed}/title/{number}")  # noqa: S311
        words = chance.choice(chance.choice(paragraphs())).rstrip(".!?").split()[:7]
        return f"{' '.join(words)} ({number})" if number else "Hollow Lane, a blog about odd houses"

    def _path(self, number: int) -> str:
        return f"/post-{number}/" if number else "/"

    def _item(self, number: int, name: str) -> str:
        return f'<li class="{name}"><a href="{self._path(number)}">{self._title(number)}</a></li>'

    def _card(self, number: int) -> str:
        section = _SECTIONS[number % len(_SECTIONS)]
        return (
            f'<div class="card"><img src="/images/{section}-{number}.jpg" alt="{section}" width="300" height="200"><h3>'
            f'<a href="{self._path(number)}">{self._title(number)}</a></h3><p>Filed under {section}.</p></div>'
        )


@cache
def paragraphs() -> tuple[tuple[str, ...], ...]:
    """The prose of the example blog's honest posts, each paragraph in its sentences."""
    found: list[tuple[str, ...]] = []
    listed = json.loads((_EXAMPLES / "expected.json").read_text(encoding="utf-8"))["pages"]
    for path in sorted(entry["path"] for entry in listed if entry["label"] == "clean"):
        page = parse(Snapshot((_EXAMPLES / path).read_bytes(), url="https://example.com/"))
        for paragraph in page.article:
            sentences = re.findall(r"[A-Z][^.!?<>&]{20,300}[.!?]", paragraph.text)
            if paragraph.kind is Kind.TEXT and len(sentences) > 1:
                found.append(tuple(sentences))
    return tuple(found)


def varied(sentence: str, chance: random.Random) -> str:
    """A sentence that no other page has: whatever remembers what it read would be faster here than on a real site."""
    mark = sentence[-1]
    addition = chance.choice(
        (" in the spring of {}", ", lot {} of the county map", " by the books of {}", " on page {}")
    )
    return sentence[:-1] + addition.format(chance.randrange(1000, 2020)) + mark


def _filling(size: int) -> str:
    rules = (f".c{n}{{margin:{n % 9}px;padding:{n % 7}px;color:#{n * 7919 % 0xFFF:03x}}}" for n in range(10**6))
    return _until(rules, size)


def _script(size: int) -> str:
    calls = (f"window.q=window.q||[];q.push(['event{n}',{n % 13},'{n * 31337 % 99991}']);" for n in range(10**6))
    return _until(calls, size)


def _until(parts: object, size: int) -> str:
    made: list[str] = []
    for part in parts:  # type: ignore[attr-defined]
        if size < len(part):
            break
        made.append(part)
        size -= len(part)
    return "".join(made)
