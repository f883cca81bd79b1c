"""Promise: does what a link leads to give what its anchor, its sentence and its article lead a reader to expect?

Where an honest link shares no word with its target (one in fourteen), the target is still about what the article, the sentence or the
anchor is about: of 318 links within five sites none leads to an article further than `FAR_ARTICLE` from all of them, and of 2,689 links
of 447 sites two lead to addresses whose words are further than `FAR`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from auditor import urls
from auditor.features import surroundings
from auditor.features.reading import cosine
from auditor.language import Language, lexicons
from auditor.language.lexicons import HostKind
from auditor.language.words import root, tokens, tokens_of
from auditor.page.page import Link, Page, Role
from auditor.page.prose import sentence_at
from auditor.page.standing import by_address, by_words
from auditor.page.told import Told
from auditor.site.digest import Digest

FAR = 0.1
"""Cosine below which title and description of a target have nothing to do with what was expected."""

FAR_ARTICLE = 0.25
"""The same where the target's article is known as well: articles on one site's subjects are nearer to each other than titles are."""

CERTAIN = 0.0
CERTAIN_ARTICLE = 0.1
"""Below these no honest link was seen."""

MOST = 200
"""Links of one page that are looked at."""

LONGEST = 200
"""Characters of an anchor; a longer one is a whole card or paragraph, and says more than a title can."""

KNOWN_WORDS = 4
"""Of a title and description, for them to be about something."""

_REACH = 400  # characters each side of the anchor in which a word of the target's is looked for
_PREFIX = 5  # letters in which two forms of one word agree, whatever their endings
_QUIET = frozenset(
    {HostKind.SOCIAL, HostKind.SHOP, HostKind.SHORTENER, HostKind.AFFILIATE, HostKind.PLATFORM, HostKind.WIDGET}
)
_ASIDE = re.compile(
    r"/(?:page/\d+|log-?in|sign-?(?:in|up)|register|account|cart|checkout|search|feed|privacy|terms)(?:[/.?]|\Z)|[?&](?:page|paged|s|q)=",
    re.IGNORECASE,
)
_UP = re.compile(r"\A(?:\.{0,2}/)+")
_INDEX = re.compile(r"(?:index|home|default)\.[a-z]{3,5}|\?.*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"\s+[|–—·•»:/-]+\s+")
_LETTERS = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Promise:
    """A link that shares no word with its target."""

    link: Link
    told: Told
    fit: float
    """The highest cosine between what was expected and what is there."""

    @property
    def broken(self) -> bool:
        """Whether a reader gets something else than was promised."""
        return self.fit < (FAR if self.told.vector is None else FAR_ARTICLE)

    @property
    def surely(self) -> bool:
        """Whether that is as good as certain."""
        return self.fit < (CERTAIN if self.told.vector is None else CERTAIN_ARTICLE)


def promising(page: Page) -> list[Link]:
    """The article's links that could promise something: in its text, with words of their own."""
    article = [block.role is Role.ARTICLE for block in page.blocks]
    found = [
        link
        for link in page.links
        if article[link.block] and link.url and link.anchor and link.paragraph is not None
        and link.hidden is None and not link.image and len(link.anchor) <= LONGEST
    ]  # fmt: skip
    return found[:MOST]


@lru_cache(maxsize=2)
def doubtful(page: Page) -> list[tuple[Link, frozenset[str]]]:
    """Those of them whose address shows none of the anchor's words, with the beginnings of these: all that need a look at their
    target. None to a front page, a part of a list or a page that every site has."""
    found = promising(page)
    made = []
    for link, words in zip(found, tokens_of([link.anchor for link in found]), strict=True):
        promised = _roots(words)
        address = link.url.lower()
        if promised <= _pointing() or any(base in address for base in promised) or _aside(address):
            continue
        made.append((link, promised))
    return made


def promises(page: Page, digest: Digest, told: Mapping[str, Told], language: Language) -> list[Promise]:
    """The article's links that share no word with a target that is known, with how near they come to it all the same."""
    open_: list[tuple[Link, Told]] = []
    texts: list[Sequence[str]] = []
    for link, promised in doubtful(page):
        one = told.get(link.url)
        if one is None:
            continue
        said = _said(_own(one.title, page.title), one.description)
        sentence = _expected(page, link, promised, one, said, language)
        if sentence:
            open_.append((link, one))
            texts += (tokens(link.anchor), tokens(sentence), said)
    if not open_:
        return []
    vectors = language.vectors.means(texts)
    made = []
    for (link, one), *expected, given in zip(open_, vectors[0::3], vectors[1::3], vectors[2::3], strict=True):
        there = [given] if one.vector is None else [given, one.vector]
        near = [cosine(wanted, what) for wanted in (*expected, digest.vector) for what in there]
        known = [value for value in near if value == value]
        if known:
            made.append(Promise(link, one, max(known)))
    return made


def _expected(
    page: Page, link: Link, promised: frozenset[str], told: Told, said: tuple[str, ...], language: Language
) -> str:
    """The sentence of a link, where it promises something and shares no word with its target; else nothing."""
    given = _said_roots(said)
    if not given or not promised.isdisjoint(given) or told.parked:
        return ""
    assert link.paragraph is not None
    text = page.paragraphs[link.paragraph].text
    beside = _roots(tokens(f"{text[max(0, link.start - _REACH) : link.start]} {text[link.end : link.end + _REACH]}"))
    if not beside.isdisjoint(given | _address(link.url)) or (not beside and len(promised) < 2):
        return ""
    if told.vector is None and (told.language not in ("", "en") or not _about(said, language)):
        return ""
    if lexicons.walled(told.title) or lexicons.is_generic(link.anchor) or surroundings.is_address(link.anchor):
        return ""
    if by_words(link.anchor) or by_address(link.url) or _initials(link.anchor, told.title):
        return ""
    if link.external and (
        lexicons.host_kind(link.host, urls.host(link.url)) in _QUIET or _named(link.anchor, link.host)
    ):
        return ""
    first, last = sentence_at(text, link.start, link.end)
    return text[max(first, link.start - _REACH) : min(last, link.end + _REACH)]


def _aside(url: str) -> bool:
    """Whether an address is that of a front page, a part of a list, or a page that every site has."""
    path = url.partition("://")[2].partition("/")[2] if "://" in url else _UP.sub("", url)
    return not path or _INDEX.fullmatch(path) is not None or _ASIDE.search(f"/{path}") is not None


@lru_cache(maxsize=512)
def _own(title: str, other: str) -> str:
    """A title without what another one has as well: the name of the site that both are of."""
    shared = _PARTS.split(other)
    return " ".join(part for part in _PARTS.split(title) if part not in shared) or title


def _about(said: Sequence[str], language: Language) -> bool:
    """Whether a title and description have enough English words to be about something."""
    words = [word for word in said if root(word)]
    known = len(language.vectors.ids(words))
    return known >= KNOWN_WORDS and 2 * known >= len(words)


def _named(anchor: str, host: str) -> bool:
    """Whether an anchor is the name of the site that it leads to."""
    letters = _LETTERS.sub("", anchor.lower())
    name = _LETTERS.sub("", host.partition(".")[0])
    return len(letters) > 2 and len(name) > 2 and (letters in name or name in letters)


def _initials(anchor: str, title: str) -> bool:
    """Whether one of the two is made of the other's first letters."""
    one, two = (_first(text) for text in (anchor, title))
    short, brief = (_LETTERS.sub("", text.lower()) for text in (anchor, title))
    return (len(short) > 1 and short in two) or (len(brief) > 1 and brief in one)


def _first(text: str) -> str:
    return "".join(word[0] for word in tokens(text))


@lru_cache(maxsize=512)
def _said(title: str, description: str) -> tuple[str, ...]:
    return tuple(tokens(f"{title} {description}"))


@lru_cache(maxsize=512)
def _said_roots(said: tuple[str, ...]) -> frozenset[str]:
    return _roots(said)


@lru_cache(maxsize=1024)
def _address(url: str) -> frozenset[str]:
    """The beginnings of the words of an address, without those that it has as an address."""
    host, _, path = (url.partition("://")[2] or url).partition("/")
    return _roots(_WORDS.findall(unquote(f"{host.rpartition('.')[0]} {path}").lower().replace("_", " ")))


def _roots(words: Iterable[str]) -> frozenset[str]:
    """The beginnings of the words that carry a subject."""
    return frozenset([base[:_PREFIX] for word in words if (base := root(word))])


@lru_cache(maxsize=1)
def _pointing() -> frozenset[str]:
    return frozenset(base[:_PREFIX] for base in lexicons.pointing())
