"""Names of people as bylines write them: freed of "By", roles, dates and addresses, several told apart."""

from __future__ import annotations

import html
import re

from auditor.page.dates import dates_in
from auditor.page.nodes import fold

MAX_AUTHORS = 12

_LEAD = re.compile(
    r"\A(?:[\s:|•·,–—-]|(?:"
    r"(?:this\s)?(?:(?:article|post|story|words|page|content)\s)?(?:(?:was|is|has been)\s)?"
    r"(?:(?:originally\s)?(?:written|posted|published|authored|contributed|created|submitted|compiled|reported|text|reviewed|"
    r"medically reviewed|fact[ -]checked|edited|started|asked|article|post|story|words)\s)?(?:and\s\w{3,10}\s)?by|"
    r"authors?|author name|posted|written|about the authors?|contributors?|writer|"
    r"par|por|von|door|autore?|autor|di|av|af"
    r")(?=[\s:]))+",
    re.IGNORECASE,
)
# Where a name ends and something else begins.
_CUT = re.compile(
    r"\s*(?:[|•·●⋅∙‧◦»—/\\\n(\[]|\s[-–]\s|\s@|\s(?:on|in|at)\s*(?:\||\Z)|"
    r"\b(?:posted|published|updated|modified|reviewed|edited|fact[ -]checked|last|read time|reading time)\b|"
    r"\bon\s+(?=\w{3,9}\s\d)|\bin\s+(?=[A-Z])|\bfor\s(?=[A-Z])|\bfrom\s(?=[A-Z])|\bis\s(?:an?|the)\b|"
    r"\b\d+\s?(?:min|minutes?|hours?|days?|weeks?|months?|years?|comments?|views?)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_EMAIL = re.compile(r"[<(]?[\w.+-]{1,64}@[\w.-]{1,100}[>)]?")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|www\.\S+")
_TIME = re.compile(
    r"\b\d{1,2}:\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?\b|"
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:;|\s&\s|,?\s+(?:and|und|et|y|with)\s+|,|\s\|\s)\s*")
_CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,3}\.?){2,4}(?:[\s-][A-Z]{0,3}\d{0,3})?|(?:Ph\.?\s?D|M\.?\s?D|Jr|Sr|II|III|Esq|MPH|MSc?|BSc?|RDN?|RN)\.?"
)
_ROLE = re.compile(
    r"\b(?:director|editors?|writers?|experts?|managers?|ceo|cto|cmo|founder|co-founder|staff|reporters?|contributor|author|"
    r"correspondent|president|professor|specialist|consultant|analyst|head of|officer|journalist|columnist|"
    r"producer|strategist|"
    r"engineer|developer|designer|reviewed|member|nutritionist|"
    r"dietitian|coach|lead|owner|years|university|marketing|development|"
    r"senior|m\.?d|inc|llc|ltd|therapist|physician|attorney|assistant|associate|partner|chief|vice|vp|intern|technologist)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|[{}<>=_#%$^*+!?\"“”™®©]|\d{3}|\w\.\w{2,}\.\w|\.(?:com|org|net|php|html?)\b.*/", re.IGNORECASE
)
_OTHER_WORDS = re.compile(
    r"(?:by|author|authors|about|share|follow|read|more|view|contact|see|comments?|n/?a|null|none|undefined|unknown|"
    r"subscribe|home|menu|login|all posts|guest|profile|website|photo|image|date|published|updated|facebook|"
    r"twitter|linkedin|and|"
    r"the|posts?|table of contents|you|us|his|her|join|sign up|get|learn|write|written|posted|latest|leave|"
    r"reply|image|credit|source|"
    r"wellness|health|news|blog|category|categories|tags|article|articles|sign|privacy policy|terms.*|spotlight|bio|biography|about\b.+|"
    r"(?:topic|original|thread) (?:author|starter|poster)|authori[sz]ed.*|(?:\w+ )?discussions?)"
    r"(?:\s(?:more|us|all|the|author|posts?|by|me|reply|comments?|on|this|articles?|profile|up|in|for|now|here|to|bio)\b.*)?|"
    # What forums write under a name.
    r"(?:[\w-]+ ){0,2}(?:members?|moderator|owner|dealer|ambassador|introductions)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?=.{2,60}\Z)@?(?=[^\W_]*[\d_.@-])[\w.-]+(?:@[\w.-]+)?")
_SENTENCE = re.compile(
    r"\b(?:is|are|was|has|have|you|your|our|this|that|will|can|click|here|when|how|what|why|their|from|about)\b"
)
_PARTICLES = frozenset(
    ("de", "van", "von", "der", "den", "la", "le", "da", "di", "al", "bin", "el", "du", "of", "the", "dos", "del")
)
ROLES = frozenset(
    (
        "admin", "administrator", "webmaster", "editor", "staff", "superuser", "root", "wpadmin", "author", "user",
        "team", "editorial team",
    )
)  # fmt: skip


def without_dates(text: str) -> str:
    """The text with every date and time in it replaced by a bar."""
    spans = sorted((start, end) for start, end, found in dates_in(text) if found)
    kept: list[str] = []
    last = 0
    for start, end in spans:
        if start >= last:
            kept.append(text[last:start])
            last = end
    kept.append(text[last:])
    return _TIME.sub(" | ", " | ".join(kept))


_TRAILING = re.compile(
    r"(?:,?\s(?:M\.?D\.?|Ph\.?D\.?|D\.?O\.?|R\.?N\.?|RDN?|R\.D\.?N?\.?|LDN?|CDCES|DDS|DMD|DVM|MPH|MS|MSc|PharmD|DPT|NP|PA-C|LCSW|FNP|FAA[A-Z]+|FAC[A-Z]+))+\Z"
)
_ORGANISATION = re.compile(
    r"\b(?:cent(?:er|re)s?|institutes?|departments?|office|agency|administration|associations?|society|foundation|university|"
    r"college|school|hospital|ministry|council|board|library|bureau|division|academy|committee|service)\b.{0,30}\b(?:for|of|and|on)\b|"
    r"\b(?:of|for)\b.{0,40}\b(?:cent(?:er|re)|institute|department|office|administration|association|society|foundation)\b",
    re.IGNORECASE,
)


def clean_name(text: str) -> str:
    """One name out of a byline's words; empty where nothing in them reads as a name or an organisation's."""
    text = without_dates(fold(html.unescape(text[:300])))
    text = _LEAD.sub("", f"{_EMAIL.sub(' ', text)} ").strip(" |,")
    cut = _TRAILING.sub("", _CUT.sub("", text).strip(" \t,;:.|•·–—-'’@&"))
    if not 2 <= len(cut) <= 70 or len(cut.split()) > 8 or _NOT_A_NAME.search(cut):
        return ""
    if _OTHER_WORDS.fullmatch(cut) or _SENTENCE.search(cut):
        return ""
    letters = sum(map(str.isalpha, cut))
    return cut if letters >= 0.7 * len(cut.replace(" ", "")) else ""


def names(text: str) -> tuple[str, ...]:
    """The names of a byline: "By Ann Lee, MD, and Bob Ray, Staff Writer" → ("Ann Lee", "Bob Ray")."""
    text = fold(html.unescape(text[:1000]))
    if "://" in text or text.startswith("www."):
        text = _ADDRESS.sub(" ", text)
    found: list[str] = []
    pieces = _SPLIT.split(_LEAD.sub("", f"{without_dates(text)} ").strip())
    if len(pieces) == 2 and pieces[0] == pieces[1]:  # a firm: Vale & Vale
        pieces = [text]
    for piece in pieces:
        if found and (_CREDENTIAL.fullmatch(piece.strip(". ")) or _ROLE.search(piece)):
            continue
        name = clean_name(piece)
        # A lone word after a full name is a place or a title.
        if not name or (found and " " not in name and " " in found[0]):
            continue
        if name.lower() not in {f.lower() for f in found}:
            found.append(name)
        if len(found) == MAX_AUTHORS:
            break
    return tuple(found)


def person_like(text: str) -> bool:
    """Two to four words, each with a capital or a known particle: what may follow "By" in running text."""
    words = text.split()
    return 2 <= len(words) <= 4 and words[0][:1].isupper() and all(w[:1].isupper() or w in _PARTICLES for w in words)


def organisation(text: str) -> str:
    """A body's name whole, where its words say that it is one ("Center for Drug Evaluation and Research"); empty for others."""
    text = fold(html.unescape(text[:200]))
    return text if len(text) <= 100 and _ORGANISATION.search(text) and not _NOT_A_NAME.search(text) else ""


def is_office(text: str) -> bool:
    "Whether a short line says what somebody is: “Staff Writer”, “Founder and Editor”."
    return len(text) <= 60 and _ROLE.search(text) is not None


def account(text: str) -> str:
    """The key of an account that is no name by its looks (`q_admin`, `noah93`, `r.vale@mail.example`); empty for anything else.

    Only to be asked where somebody is declared to be the author: in running text such words are anything.
    """
    text = text.strip()
    # An address of a page is not an account's, and neither is a number.
    known = _ACCOUNT.fullmatch(text) and any(map(str.isalpha, text)) and not text.startswith("www.")
    return text if known and not dates_only(text) else ""


def dates_only(text: str) -> bool:
    "Whether nothing but dates and times stands in a text."
    return not any(map(str.isalpha, without_dates(text)))


def is_generic(name: str) -> bool:
    """Whether a name only says a role or is an account's key (`admin`, `levinemusic`, `KatieS`): a better route may name a person."""
    if name.lower() in ROLES:
        return True
    if " " in name:
        return False
    return not name[:1].isupper() or any(c.isdigit() or c in "_.@" or c.isupper() for c in name[1:])
