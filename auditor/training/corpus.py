"""The texts of the data folder as one stream of English documents, each with its source, site and paragraphs.

Hosts of planted spam and content farms are left out on purpose (see `LEFT_OUT`): a space that has read their text
knows their vocabulary, and those hosts are also the test of everything built on it.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from auditor.language.words import STOPWORDS, tokens

CLEAN_PAGES = ("wcxb_dev", "scrapinghub", "postlight", "readability", "sondhi")
BLOGS = ("legit_siphox", "legit_davald", "legit_angrybear", "legit_sethroberts", "legit_moneyvikings")
LEFT_OUT = ("hacked_*", "zombie_blogs", "farm_*", "affiliate_hempforhealth")

_SEALS = re.compile(r"\bHON ?code\b|health on the net", re.IGNORECASE)
_HOLDERS = "p,li,td,blockquote,dd"
_TEXT_NODES = "p,li,h1,h2,h3,h4,h5,h6,td,blockquote,dd,figcaption"


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `site` groups what must not be parted by a split; `topic` is the source's own label, if it has one."""

    id: str
    source: str
    site: str
    url: str
    title: str
    paragraphs: tuple[str, ...]
    topic: str = ""


def held_out(site: str) -> bool:
    """Whether a site of the WCXB pages belongs to the fifth that no language model is trained on."""
    return hashlib.blake2b(site.encode(), digest_size=2).digest()[0] % 5 == 0


def english(words: list[str]) -> bool:
    """A crude but linear test: a fifth of an English text's tokens are function words."""
    return len(words) >= 3 and sum(word in STOPWORDS for word in words) >= 0.2 * len(words)


def visible_paragraphs(html: str) -> list[str]:
    """The text of paragraph-like elements, innermost ones only, outside scripts, menus and footers."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template", "nav", "footer", "svg", "form"])
    found = []
    for node in tree.css(_TEXT_NODES):
        if any(inner != node for inner in node.css(_HOLDERS)):
            continue
        text = " ".join(node.text(deep=True, separator=" ").split())
        if len(text) > 25:
            found.append(_SEALS.sub(" ", text))
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = lzma.open if path.suffix == ".xz" else gzip.open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _page_title(html: str) -> str:
    node = LexborHTMLParser(html[:200_000]).css_first("title")
    return " ".join(node.text().split()) if node is not None else ""


def pages(data: Path, name: str) -> Iterator[Document]:
    """The pages of one set. WCXB pages give their hand-checked main text first, then what else stands on the page."""
    for row in _rows(data / "pages" / f"{name}.jsonl.xz"):
        truth = row.get("truth") or {}
        main = [line for line in (truth.get("main_content") or "").split("\n") if line.strip()]
        title = truth.get("title") or row.get("title") or _page_title(row["html"])
        known = set(main)
        rest = [text for text in visible_paragraphs(row["html"]) if text not in known and text.count(" ") >= 4]
        site = row["site"] or row["id"]
        yield Document(row["id"], name, site, row.get("url") or "", title, (*main, *rest))


def main_text(data: Path) -> Iterator[tuple[Document, str]]:
    """WCXB articles with nothing but title and hand-checked main text: what measurements are taken on."""
    for row in _rows(data / "pages" / "wcxb_dev.jsonl.xz"):
        truth = row["truth"]
        body = truth.get("main_content") or ""
        document = Document(
            row["id"], "wcxb_dev", row["site"], row.get("url") or "", truth.get("title") or "", tuple(body.split("\n"))
        )
        yield document, row["kind"]


def health(data: Path) -> Iterator[Document]:
    """Medical answers, rated health articles, and the news and claims on COVID."""
    for number, row in enumerate(_rows(data / "health" / "medquad.jsonl.gz")):
        if row["answer"]:
            paragraphs = (row["question"], *row["answer"].split("\n"))
            yield Document(f"medquad-{number}", "medquad", row["url"], row["url"], row["focus"], paragraphs, "health")
    for row in _rows(data / "health" / "fakehealth.jsonl.gz"):
        paragraphs = tuple(row["text"].split("\n"))
        yield Document(row["id"], "fakehealth", row["id"], row["url"] or "", row["title"] or "", paragraphs, "health")
    csv.field_size_limit(1 << 24)
    for path in sorted((data / "health" / "coaid").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for number, record in enumerate(csv.DictReader(lines)):
                title = record.get("title") or ""
                paragraphs = (title, *(record.get("content") or "").split("\n"))
                yield Document(f"{path.stem}-{number}", "coaid", f"{path.stem}-{number}", "", title, paragraphs)


_QUOTED = re.compile(r"^\s*(?:[>|:#]|--|In article|.{0,80}(?:writes|wrote):?\s*$)")


def _post(text: str) -> tuple[str, ...]:
    """A newsgroup post without its header, quotes and signature; uuencoded and ASCII-art lines fall by their shape."""
    body = text.partition("\n\n")[2].split("\n-- \n")[0]
    paragraphs: list[list[str]] = [[]]
    for line in body.split("\n"):
        if not line.strip():
            paragraphs.append([])
        elif not _QUOTED.match(line) and sum(c.isalpha() or c == " " for c in line) > 0.85 * len(line):
            paragraphs[-1].append(line.strip())
    return tuple(" ".join(lines) for lines in paragraphs if lines)


def labelled(data: Path) -> Iterator[Document]:
    """News, newsgroup posts and home pages that come with a topic, and headlines that come without."""
    for row in _rows(data / "text" / "bbc.jsonl.gz"):
        title, _, body = row["text"].partition("\n")
        name = f"bbc-{row['topic']}-{row['id']}"
        yield Document(name, "bbc", name, "", title, (title, *body.split("\n")), row["topic"])
    for row in _rows(data / "text" / "20news.jsonl.gz"):
        name = f"20news-{row['topic']}-{row['id']}"
        yield Document(name, "20news", name, "", "", _post(row["text"]), row["topic"])
    with gzip.open(data / "text" / "website_classification.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for number, record in enumerate(csv.DictReader(lines)):
            text = record.get("cleaned_website_text") or ""
            url = record.get("website_url") or ""
            yield Document(
                f"website-{number}", "website_classification", url, url, "", (text,), record["Category"] or ""
            )
    for kind in ("clickbait", "non_clickbait"):
        with gzip.open(data / "text" / f"clickbait_{kind}_data.gz", "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if line.strip():
                    name = f"{kind}-{number}"
                    yield Document(name, "headlines", name, "", line.strip(), (line.strip(),))


def documents(data: Path) -> Iterator[Document]:
    """Every English document of the data folder that may teach a language model, in a fixed order."""
    for name in (*CLEAN_PAGES, *BLOGS):
        yield from pages(data, name)
    yield from health(data)
    yield from labelled(data)


def distinct_paragraphs(stream: Iterable[Document]) -> Iterator[tuple[Document, list[str]]]:
    """Each document with its English paragraphs that no document before it had, template text being noise."""
    seen: set[bytes] = set()
    for document in stream:
        fresh = []
        for text in document.paragraphs:
            mark = hashlib.blake2b(text.strip().lower().encode("utf-8", "replace"), digest_size=8).digest()
            if mark not in seen:
                seen.add(mark)
                if document.source in ("website_classification", "headlines") or english(tokens(text)):
                    fresh.append(text)
        if fresh:
            yield document, fresh
