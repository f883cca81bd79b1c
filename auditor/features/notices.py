"""Notices: what a page says of itself apart from its subject: who paid, that it is no medical advice, where to find its owner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.features.fact import MISSING, Fact
from auditor.features.occurrence import folded, occurrence, pattern, plain
from auditor.language.lexicons import disclosure
from auditor.page.page import Page, Paragraph, Role
from auditor.page.standing import DIGITS, Standing, by_address, standing

_FILE = "facts.txt"

# --- who paid ---------------------------------------------------------------------------------------------------------

# Any word of pay holds one of these.
_OWNING = (
    "affiliat", "commission", "compensat", "sponsor", "paid", "qualifying purchases", "kickback", "advertiser", "partner", "referral",
    "percentage", "anzeige", "werbung", "gifted", "free product", "amazon associate", "in the amazon", "advertorial", "disclosure",
)  # fmt: skip
_OWNED = re.compile(
    r"\baffiliate\s+(?:links?|disclosure|program(?:me)?s?|partner\w*|commissions?|marketing|relationships?|fees?|sites?|"
    r"advertis\w+)\b|\bpaid links?\b|\b(?:earn|receive|get|make|collect|pay)s?\s+(?:us\s+|me\s+)?(?:an?\s+|some\s+)?"
    r"(?:\w+\s+){0,2}?(?:commissions?|compensation|referral fees?|percentage|kickback)\b|"
    r"\b(?:may|might|will|are|am|be|is) (?:be |get )?compensated\b|"
    r"\bsponsored\s+(?:by|post|content|links?)\b|\bcommission (?:if|when|at no|on (?:sales|purchases))\b|"
    r"\bparticipant in the amazon\b"
)
_POLICY = re.compile(
    r"affiliate|sponsor|earnings|make money|funded|advertis\w+ disclosure|"
    r"(?:\A\W*|\b(?:full|ftc|our|my|read|the) )disclosures?\b"
)
_DENIED = re.compile(
    r"\b(?:no|not|never|without|don't)\s+(?:\w+\s+){0,3}?(?:commissions?|affiliate|sponsored|compensated|compensation)\b"
)


# That it is the page or its owner who is paid, and not somebody the text is about.
_SELF = re.compile(
    r"\b(?:we|us|our|ours|i|i'm|we're|me|my|this (?:site|website|blog|page|post|article|content|story|video)|these links|"
    r"links (?:on|in|to)|"
    r"some (?:of the )?links|[\w-]{2,40}\.(?:com|org|net|co))\b|\bparticipant in the amazon"
)
_MARKED = re.compile(
    r"\W*(?:sponsored (?:content|post|article|by)|paid (?:content|post|partnership|promotion)|advertorial|advertisement feature|"
    r"(?:affiliate|advertiser|advertising|ftc|sponsorship) disclosures?|disclosures?:|partner content|in partnership with)\b"
)


def _place(paragraph: Paragraph, text: str) -> int | None:
    """Where a paragraph speaks of pay: a word that can mean nothing else, or one of the lexicon's in a sentence."""
    if said := _OWNED.search(text):
        return said.start()
    label = len(text) < 40 or paragraph.text.istitle()
    span = None if label else disclosure(paragraph.text)
    return span.start if span else None


def _owns_up(text: str, place: int | None, role: Role) -> bool:
    """Whether a paragraph says of its own page that somebody pays, rather than of affiliates, sponsors and shares in general."""
    if role is Role.ARTICLE and len(text) < _SHORT and _MARKED.match(text):
        return True
    if place is None:
        return False
    near = text[max(0, place - _AROUND) : place + _AROUND]
    if _CONTAINS.search(near) or _OWN_LINKS.search(near):
        return role is Role.ARTICLE or _EARNED.search(text) is not None or "link" in near
    return _SELF.search(near) is not None and _EARNED.search(near) is not None


_SHORT = 200  # characters of a line that marks the whole page
_AROUND = 150  # characters on either side of a word of pay in which the page has to speak of itself
_EARNED = re.compile(
    r"\b(?:earn|receive|get|make)s?\b.{0,60}\b(?:commissions?|compensation|fees?|kick ?back|portion|income|"
    r"percentage of (?:the |any |each )?(?:sales?|"
    r"purchases?|price|revenue))\b|\bcompensated\b|\bearns? (?:from|us|me)\b|\bsponsored by\b|"
    r"\bparticipant in the amazon\b"
)
_CONTAINS = re.compile(
    r"\b(?:contains?|includes?|(?:we|i|site|blog|also|may) (?:use|uses)|are|with|some) (?:\w+ ){0,2}"
    r"(?:affiliate|commissionable|paid|sponsored|referral) links?\b"
)
_OWN_LINKS = re.compile(
    r"\bthis (?:post|article|story|page|content|site|website|blog|review|video|guide)\b.{0,60}"
    r"\b(?:sponsored|paid|partner\w*|affiliate|supported)\b|"
    r"\bour (?:sponsors?|advertisers?|affiliate\w*)\b"
)


# --- no medical advice ------------------------------------------------------------------------------------------------

# Any disclaimer holds one of these: literals, that are found at a fiftieth of a pattern's cost.
_DISCLAIMING = (
    "advice", "professional medical", "substitute for", "replace", "purposes", "information only", "education only", "use only",
    "to diagnose", "to treat", "for diagnosis", "evaluated by", "relationship", "in nature", "take the place of", "replacement for",
    "cannot diagnose", "can't diagnose",
)  # fmt: skip


def _disclaims(text: str) -> re.Match[str] | None:
    if found := pattern(_FILE, "disclaimer").search(text):
        return found
    general = pattern(_FILE, "disclaimer general").search(text)
    return general if general and pattern(_FILE, "medicine").search(text) else None


# --- where its owner is -----------------------------------------------------------------------------------------------

_PHONE = re.compile(
    r"(?<![\d.$/-])(?:(?:\+?1[\s.-])?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}|\+\d{1,3}[\s.-]?\(?\d[\d\s().-]{6,14}\d|"
    r"0\d{3,4}\s\d{3}\s?\d{3,4})(?![\d-])"
)
_STREET = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s(?:[NSEW]\.?\s)?(?:[A-Z][\w.'’-]*\s){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|"
    r"Suite|Ste|Highway|Hwy|Parkway|Pkwy|Court|Ct|Place|Pl|Square|Sq|Circle|Terrace)\b|\bP\.?\s?O\.?\sBox\s\d+|"
    r"\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
)
_DIGIT = re.compile(r"\d")
_ZIP = re.compile(
    r"\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b(?:Suite|Ste|Floor|P\.?\s?O\.?\sBox|Unit)\b|#\s?\d"
)
_OWN_WORDS = frozenset({Role.FOOTER, Role.NAVIGATION, Role.SIDEBAR, Role.WIDGET})


@dataclass(frozen=True, slots=True)
class Notices:
    """What a page says of itself; `MISSING` for what it does not say."""

    disclosure: Fact
    """That somebody pays the page or its owner: sponsors, affiliates, advertisers."""
    hint: bool
    """Words of being paid, be it only a link to a programme for affiliates: the benefit of the doubt."""
    disclaimer: Fact
    """That it is no medical advice, or that no authority has evaluated its claims."""
    address: Fact
    """A postal address of its owner."""
    phone: Fact


@lru_cache(maxsize=2)
def notices(page: Page) -> Notices:
    """Read the notices of a page in one pass over its visible paragraphs, comments aside (catalogue T13, T16, T19).

    Addresses and telephone numbers are looked for in the structured data and in what frames the article; on a contact page anywhere.
    """
    paid = medical = MISSING
    hint = False
    address, phone = _declared(page)
    contact = by_address(page.url) is Standing.CONTACT
    read = folded(page)
    roles = [block.role for block in page.blocks]
    shown = [p.hidden is None and roles[p.block] is not Role.COMMENTS for p in page.paragraphs]
    for index in filter(shown.__getitem__, read.holding(_OWNING)):
        paragraph, text = page.paragraphs[index], read.texts[index]
        if paid or _DENIED.search(text):
            continue
        place = _place(paragraph, text)
        hint = hint or place is not None
        if _owns_up(text, place, roles[paragraph.block]):
            paid = Fact(paragraph.text, "text", occurrence(page, index, 0, len(text)))
    for index in filter(shown.__getitem__, read.holding(_DISCLAIMING)):
        if found := _disclaims(read.texts[index]):
            medical = Fact(page.paragraphs[index].text, "text", occurrence(page, index, *found.span()))
            break
    for index, paragraph in enumerate(page.paragraphs):
        if (
            not (contact or roles[paragraph.block] in _OWN_WORDS)
            or not shown[index]
            or not _DIGIT.search(paragraph.text)
        ):
            continue
        if address and phone:
            break
        if not phone and (found := _PHONE.search(paragraph.text)):
            phone = Fact(found[0], "text", occurrence(page, index, *found.span()))
        if not address and (found := _address(page, index)):
            address = Fact(paragraph.text[:200], "text", occurrence(page, index, *found.span()))
    stands = standing(page)
    link = stands.get(Standing.ADVERTISING)
    if not paid and link and (_POLICY.search(link.anchor.lower()) or "affiliate" in link.href):
        paid = Fact(link.anchor or link.url, "link")
    hint = hint or bool(paid) or any("disclosure" in f"{k.anchor} {k.url}".lower() for k in page.links)
    # A disclaimer without "medical" may be of any kind.
    link = stands.get(Standing.DISCLAIMER)
    if not medical and link and pattern(_FILE, "medicine").search(plain(link.anchor)):
        medical = Fact(link.anchor or link.url, "link")
    if not phone:
        dialled = (k.href[4:].strip() for k in page.links if k.href[:4] == "tel:")
        phone = next((Fact(number, "link") for number in dialled if sum(map(str.isdigit, number)) >= DIGITS), MISSING)
    return Notices(paid, hint, medical, address, phone)


def _address(page: Page, index: int) -> re.Match[str] | None:
    """A street where nothing else stands in its line, or a town's code or a suite beside it or in the next line."""
    text = page.paragraphs[index].text
    if len(text) > _LONGEST or (found := _STREET.search(text)) is None:
        return None
    following = page.paragraphs[index + 1].text[:80] if index + 1 < len(page.paragraphs) else ""
    alone = found.end() - found.start() >= len(text.strip(" .,")) - 2
    return found if alone or _ZIP.search(text) or _ZIP.search(following) else None


_LONGEST = 600  # characters of a paragraph that holds an address


def _declared(page: Page) -> tuple[Fact, Fact]:
    """Address and telephone number of the structured data."""
    address = phone = MISSING
    for node in page.metadata.structured:
        for owner in (node, node.get("publisher"), node.get("contactPoint")):
            if not isinstance(owner, dict):
                continue
            if not phone and isinstance(owner.get("telephone"), str):
                phone = Fact(owner["telephone"][:40].strip(), "json-ld")
            if not address and (street := _street(owner.get("address"))):
                address = Fact(street, "json-ld")
    return address, phone


def _street(value: Any) -> str:
    match value:
        case str(text):
            return text[:200].strip()
        case {"streetAddress": str(street)}:
            return street[:200].strip()
    return ""
