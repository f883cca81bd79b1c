"""A folder of Markdown posts, as a static site generator is given them: front matter, headings, lists, links, invented text."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.blog import HOSTS, paragraphs, varied

WORDS = (600, 900)
"""Of an article, fewest and most."""
INWARD, OUTWARD = 6, 4
"""Links to other posts and to other sites."""
_SECTIONS = ("barns", "boats", "farms", "lofts", "mills", "silos", "towers", "yurts")


def write_posts(folder: Path, posts: int, seed: int = 0) -> None:
    """Write so many posts, `content/<section>/<slug>.md`; equal seeds write equal files."""
    for number in range(posts):
        path = folder / _path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(post(number, posts, seed), encoding="utf-8")


def post(number: int, posts: int, seed: int = 0) -> str:
    """The source of one post."""
    chance = random.Random(f"{seed}/post/{number}")  # noqa: S311
    title = _title(chance)
    lines = [
        "---",
        f'title: "{title}"',
        f'description: "{title}: what we saw, what it cost and what we would ask next time."',
        f"date: 2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "author: Nora Hale",
        f"tags: [{_section(number)}, houses]",
        "---",
        "",
    ]
    parts = _article(chance)
    for place in range(OUTWARD):
        target = f"https://county-{chance.randrange(HOSTS)}.example/records/{chance.randrange(10**6)}"
        parts[place % len(parts)] += f" The county keeps [its register of {chance.choice(_SECTIONS)}]({target})."
    for place in range(INWARD):
        other = (number + 1 + place * 7) % posts
        parts[-1 - place % len(parts)] += f" We wrote about [a visit to {_section(other)}](/{_path(other)[8:-3]}/) too."
    for place, part in enumerate(parts):
        if place and place % 3 == 0:
            lines += [f"## {_title(chance)}", ""]
        lines += [part, ""]
    lines += ["## What to take along", "", *(f"- {_title(chance)}" for _ in range(5)), ""]
    return "\n".join(lines)


def _article(chance: random.Random) -> list[str]:
    wanted = chance.randrange(*WORDS)
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < wanted:
        parts.append(" ".join(varied(sentence, chance) for sentence in chance.choice(paragraphs())))
    return parts


def _title(chance: random.Random) -> str:
    words = chance.choice(chance.choice(paragraphs())).rstrip(".!?").replace('"', "").split()[:7]
    return f"{' '.join(words)} of {chance.randrange(1000, 2020)}"


def _section(number: int) -> str:
    return _SECTIONS[number % len(_SECTIONS)]


def _path(number: int) -> str:
    return f"content/{_section(number)}/post-{number}.md"
