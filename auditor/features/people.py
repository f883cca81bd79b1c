"""People: who wrote a page, who checked it, and what qualifies them, each with the way it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor import urls
from auditor.features.fact import MISSING, Fact
from auditor.features.occurrence import Occurrence, folded, occurrence, pattern, phrases, plain
from auditor.language.lexicons import HostKind, host_kind
from auditor.page.authors import MAX_REVIEWERS, reviewed_in
from auditor.page.names import is_generic, names, person_like
from auditor.page.page import Kind, Page, Role
from auditor.page.structured import kinds

_FILE = "trust.txt"
_OTHERS = frozenset({Role.COMMENTS, Role.RELATED})
_FRAME = frozenset({Role.SIDEBAR, Role.FOOTER})
_HEAD = 40  # paragraphs in which a byline's name is looked for, so that it can be pointed at

# --- the author -------------------------------------------------------------------------------------------------------

_BY = re.compile(
    r"(?:this\s(?:blog\s)?(?:article|post|story|page|piece)\s(?:was|is)\s)?(?:(?:written|words|posted|story|text|authored|article)\s+by|by|"
    r"author:?)\s+(?=[A-Z])"
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s\d–—,-]*(?:by\s+)?([A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){1,2})(?=\s*(?:[.|·,•–-]|$|all\b|\d))",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\b(?:inc|llc|ltd|gmbh|media|group|company|co|corp|news|weekly|daily|times|journal|review|post|homes?|all|rights|university|blog|magazine|press|network|health|the)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?<!\w)(?:I|I['’](?:m|ve|ll|d)|[Mm]y)(?![\w'’.])")
_LINE = 160  # characters of a byline or a copyright line


@lru_cache(maxsize=2)
def author(page: Page) -> Fact:
    """Who wrote a page, a person or a house account: by metadata and byline, else an author's box, a person of the structured
    data, a byline in other words (unless there are several, for then they are other articles'), or the owner of a personal site."""
    metadata = page.metadata
    if metadata.authors:
        return Fact(", ".join(metadata.authors), metadata.author_route, _seen(page, metadata.authors[0]))
    bylines: dict[str, Fact] = {}
    for index, paragraph in enumerate(page.paragraphs):
        role = page.role(paragraph.block)
        text = paragraph.text
        if paragraph.hidden is not None or role in _OTHERS:
            continue
        if role is Role.AUTHOR and (found := next(filter(person_like, names(text[:120])), "")):
            return Fact(found, "block", occurrence(page, index, 0, min(len(text), 80)))
        listed = paragraph.kind in (Kind.ITEM, Kind.CELL)
        if role not in _FRAME and not listed and len(text) <= _LINE and (by := _BY.match(text[:1].lower() + text[1:])):
            for name in filter(person_like, names(text[by.end() :])):
                bylines.setdefault(name, Fact(name, "text", occurrence(page, index, 0, len(text))))
                break
    for node in metadata.structured:
        if "Person" in kinds(node) and (name := str(node.get("name") or "")):
            return Fact(name[:80], "json-ld")
    if len(bylines) == 1:
        return next(iter(bylines.values()))
    return Fact(name, "owner") if (name := _owner(page)) else MISSING


def anybody(page: Page) -> bool:
    """Whether a reader can find somebody who stands for the page, be it the bearer of the copyright or behind a link "About me"."""
    if author(page) or page.metadata.og.get("article:author"):
        return True
    if any(
        page.role(p.block) is Role.AUTHOR or _BY.match(p.text[:1].lower() + p.text[1:_LINE]) for p in page.paragraphs
    ):
        return True
    if any(_rights(p.text) for p in page.paragraphs if p.hidden is None and page.role(p.block) not in _OTHERS):
        return True
    known = ("about me", "about the author", "my resume", "my cv")
    return any("author" in link.rel or link.anchor.strip().lower() in known for link in page.links)


def is_person(page: Page, name: str) -> bool:
    """Whether a byline names a person rather than a body, a role, an account or the site itself."""
    words = plain(name).split()
    if not words or " ".join(words) in phrases(_FILE)["nobody"] or is_generic(name):
        return False
    bodies = (*phrases(_FILE)["bodies"], *phrases(_FILE)["firms"])
    if any(word.strip(".,") in bodies for word in words) or _declared_body(page, name):
        return False
    own = {_letters(known) for known in (page.metadata.site_name, page.site.partition(".")[0]) if known}
    return _letters(name) not in own or (person_like(name) and bool(_speaks(page)))


def _declared_body(page: Page, name: str) -> bool:
    """Whether the structured data call the author an organisation."""
    return any(
        person.get("name") == name and any(kind.endswith("Organization") for kind in kinds(person))
        for node in page.metadata.structured
        for person in _people(node)
    )


def _seen(page: Page, name: str) -> Occurrence | None:
    for index, paragraph in enumerate(page.paragraphs[:_HEAD]):
        if (at := paragraph.text.find(name)) >= 0 and page.role(paragraph.block) not in _OTHERS:
            return occurrence(page, index, at, at + len(name))
    return None


_OTHER_VOICES = frozenset({"Product", "DiscussionForumPosting", "QAPage"})


def _owner(page: Page) -> str:
    """The person whose name a personal site bears: in its name, or in its address as well as in a copyright line or in the menu. Its
    articles speak in the first person; shops are no person's, whatever their customers say."""
    if not _speaks(page) or any(kinds(node) & _OTHER_VOICES for node in page.metadata.structured):
        return ""
    site = page.metadata.site_name
    if person_like(site) and len(site.split()) == 2 and not _FIRM.search(site):
        return site
    domain = _letters(page.site.partition(".")[0])
    menus = (link.anchor.partition(" ")[2] for link in page.links if link.anchor[:6].lower() in ("about ", "meet "))
    rights = (_rights(p.text) for p in page.paragraphs[-30:] if page.role(p.block) not in _OTHERS)
    return next((name for name in (*rights, *menus) if person_like(name) and _letters(name) == domain), "")


def _speaks(page: Page) -> bool:
    """Whether the article speaks in the first person."""
    return sum(len(_FIRST_PERSON.findall(p.text)) for p in page.article[:60]) >= 5


def _rights(text: str) -> str:
    """The person who bears the copyright."""
    found = _RIGHTS.search(text) if len(text) <= _LINE else None
    name = found[1].strip(". ") if found else ""
    return name if person_like(name) and not _FIRM.search(name) else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, plain(text).removeprefix("the ")))


# --- who checked it ---------------------------------------------------------------------------------------------------

# At the beginning of a line: further on it is what the line is about.
_REVIEWED = re.compile(
    r"\W*(?:(?:this|the)\s(?:\w+\s)?(?:article|page|post|content|information|story)\s(?:was|is|has been)\s)?(?:last\s)?"
    r"(?P<said>(?:medically|clinically|scientifically)\s+(?:reviewed|checked|verified|approved)|"
    r"(?:medical|expert|scientific|clinical)\s+review(?:ed|er)?(?=\s+by\b|\s*:|\s*\Z)|fact[- ]checked\s+by|reviewed\s+by\s+dr\b)"
)
_CHECKED_BY = re.compile(
    r"(?:(?<=[|•·—–.;:] )|\A\W*)(?:(?:medically|clinically|expert)\s|peer[- ])?(?:reviewed|fact[- ]checked|checked)\sby\b"
)
_NOTED = 300  # characters of a line that says who checked it
_BESIDE = frozenset({Role.ARTICLE, Role.AUTHOR, Role.WIDGET, Role.NAVIGATION})


@lru_cache(maxsize=2)
def reviewer(page: Page) -> Fact:
    """Who checked a page: `reviewedBy` of the structured data, "Reviewed by …" in a line of its own, or at least the words that it
    was medically reviewed. Menus that lead to a review board and customers' reviews are no review of the page."""
    found = page.metadata.reviewers
    if found and any("reviewedBy" in node for node in page.metadata.structured):
        return Fact(", ".join(found), "json-ld", _seen(page, found[0]))
    if found and any(found[0] in p.text and page.role(p.block) not in _OTHERS for p in page.paragraphs):
        return Fact(", ".join(found), "text", _seen(page, found[0]))
    said = MISSING
    named: dict[str, Fact] = {}
    read = folded(page)
    for index in read.holding(("review", "checked", "verified", "approved")):
        paragraph, text = page.paragraphs[index], read.texts[index]
        if len(text) >= _NOTED or page.role(paragraph.block) not in _BESIDE:
            continue
        if by := _CHECKED_BY.search(text):
            following = page.paragraphs[index + 1].text if index + 1 < len(page.paragraphs) else ""
            for name in reviewed_in((paragraph.text[by.start() :], following[:_LINE])):
                named.setdefault(name, Fact(name, "text", occurrence(page, index, by.start(), len(text))))
        seen = _REVIEWED.match(text)
        if not said and seen and (paragraph.kind is not Kind.HEADING or len(seen[0]) == len(text)):
            said = Fact(seen["said"], "text", occurrence(page, index, *seen.span("said")))
    # Of many, each wrote his own review of a product.
    return next(iter(named.values())) if 0 < len(named) <= MAX_REVIEWERS else said


# --- what qualifies them ----------------------------------------------------------------------------------------------

_LETTERS = re.compile(
    r"(?<![\w.])(?:M\.?D\.?|Ph\.?\s?D\.?|R\.?N\.?|B\.?S\.?N\.?|DNP|APRN|FNP(?:-BC|-C)?|NP-C|PA-C|LMFT|LCSW|LMHC|Pharm\.?D\.?|RPh|RDN?|R\.D\.(?:N\.)?|"
    r"LDN|CDCES|DDS|DMD|DPT|Psy\.?D\.?|MPH|MBBS|MBChB|MRCP|MRCGP|FACP|FACC|FAAP|FACOG|FRCP|FACLM|CSCS|IBCLC|CNM|Dr|"
    # Also a state, a word in capitals or a company, unless set off by a comma.
    r"(?<=, )(?:D\.?O\.?|MSN|LPC|CNS|PT|DVM|DC|ND|OD|CPT|OTR))(?!\w)\.?"
)
_NEAR = 90  # characters on either side of a name
_NEXT = 40  # characters after it that are its own, whoever else is named before
_TRUSTED = frozenset({HostKind.OFFICIAL, HostKind.SCHOLARLY})


@lru_cache(maxsize=2)
def credentials(page: Page) -> Fact:
    """What qualifies the author: letters or a profession beside the name, in the structured data or in the author's box."""
    for text, route, index, offset in _beside_authors(page):
        if found := _LETTERS.search(text) or pattern(_FILE, "qualified").search(plain(text)):
            seen = None if index is None else occurrence(page, index, offset + found.start(), offset + found.end())
            return Fact(found[0], route, seen)
    return MISSING


def publisher(page: Page) -> Fact:
    """Whose site it is, by the page's own word; route `host` for a public health body, a university or a journal."""
    if page.site and {host_kind(page.site, urls.host(page.url)), host_kind(page.site)} & _TRUSTED:
        return Fact(page.metadata.site_name or page.site, "host")
    return Fact(page.metadata.site_name, "meta") if page.metadata.site_name else MISSING


def qualified(page: Page) -> str:
    """In words, what shows that somebody qualified wrote or checked the page: a reviewer, a public health body's own site, an author's
    credentials. Empty for nothing of the kind."""
    if publisher(page).route == "host":
        return f"published by {page.site}"
    return reviewer(page).words or credentials(page).words


def _beside_authors(page: Page) -> Iterator[tuple[str, str, int | None, int]]:
    """Texts that speak of the author, each with its route and, where it is visible, its paragraph and offset: what follows a name first,
    for what stands before it may be another's."""
    metadata = page.metadata
    for node in metadata.structured:
        for person in _people(node):
            described = " ".join(
                str(person.get(key, ""))
                for key in ("name", "honorificPrefix", "honorificSuffix", "jobTitle", "description", "hasCredential")
            )
            yield described[:2000], "json-ld", None, 0
    for name in (*metadata.authors, metadata.meta.get("author", "")):
        yield name, "byline", None, 0
    roles = [block.role for block in page.blocks]
    found = metadata.authors or tuple(filter(person_like, (author(page).words,)))
    # A surname finds "Lee, MD" as well; a lone first name would find anybody.
    sought = [name for author in found for name in (author, author.split()[-1]) if len(name) > 3]
    for index, paragraph in enumerate(page.paragraphs):
        if roles[paragraph.block] is Role.AUTHOR:
            yield paragraph.text, "block", index, 0
    near: list[tuple[int, int, int]] = []
    for index in folded(page).holding(map(plain, sought)):
        paragraph = page.paragraphs[index]
        if roles[paragraph.block] not in _OTHERS and roles[paragraph.block] is not Role.AUTHOR:
            text = paragraph.text
            near.extend((index, at, at + len(name)) for name in sought if (at := text.find(name)) >= 0)
    for index, _, end in near:
        yield page.paragraphs[index].text[end : end + _NEXT], "text", index, end
    for index, start, end in near:
        first = max(0, start - _NEAR)
        yield page.paragraphs[index].text[first : end + _NEAR], "text", index, first


def _people(node: dict[str, object]) -> Iterator[dict[str, object]]:
    if "Person" in kinds(node):
        yield node
    for key in ("author", "creator", "editor", "contributor", "reviewedBy"):
        value = node.get(key)
        yield from (one for one in (value if isinstance(value, list) else [value])[:20] if isinstance(one, dict))


# --- the author's own page --------------------------------------------------------------------------------------------

BIOGRAPHY_WORDS = 50
"""Words from which what is said about an author counts as a biography (catalogue T5)."""
_ABOUT = re.compile(r"\s*about the (?:author|writer|contributor)s?\b", re.IGNORECASE)


@lru_cache(maxsize=2)
def biography(page: Page) -> Fact:
    """What tells who the author is: a link to a page of his own, else fifty words about him on the page."""
    metadata = page.metadata
    if metadata.author_url and _leads_on(metadata.author_url):
        return Fact(metadata.author_url, "link")
    sought = {name.lower() for name in metadata.authors if " " in name}
    for link in page.links:
        if link.url and link.anchor.lower() in sought and page.role(link.block) not in _OTHERS and _leads_on(link.url):
            return Fact(link.url, "link")
    words = first = 0
    under = False
    for index, paragraph in enumerate(page.paragraphs):
        if page.role(paragraph.block) is Role.AUTHOR:
            here = True
        elif paragraph.kind is Kind.HEADING or len(paragraph.text) < 40:
            here = under = bool(_ABOUT.match(paragraph.text))
        else:
            here = under
        if here and paragraph.hidden is None:
            first = first or index
            words += len(paragraph.text.split())
    if words >= BIOGRAPHY_WORDS:
        return Fact(f"{words} words", "block", occurrence(page, first, 0, len(page.paragraphs[first].text)))
    return MISSING


def _leads_on(url: str) -> bool:
    """Whether an address is more than a site's front page."""
    parts = urls.split(url)
    return parts is not None and (parts.path.strip("/") != "" or parts.query != "")
