"""Names of people as bylines write them: freed of "By", roles, dates and addresses, several told apart."""

from __future__ import annotations

import html
import re

from auditor.page.dates import dates_in
from auditor.page.nodes import fold

_LEAD = re.compile(
    r"\A(?:[\s:|•·,–—-]|(?:(?:(?:article|post|story|words|written|posted|published|authored|contributed|created|submitted|compiled|"
    r"reported|text|reviewed|medically reviewed|fact[ -]checked|edited|started|asked)\s)?(?:and\s\w{3,10}\s)?by|authors?|author name|posted|written|"
    r"about the author|contributors?|writer|par|por|von|door|autore?|autor|di|de|av|af)(?=[\s:\u2003]))+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[|•·●—/\\\n(\[]|\s[-–]\s|\s+@|\b(?:posted|published|updated|modified|reviewed|edited|fact[ -]checked|last)\b|"
    r"\bon\s+(?=\w{3,9}\s\d)|\bin\s+(?=[A-Z])|\bfor\s(?=[A-Z])|\bfrom\s(?=[A-Z])|\b\d+\s?(?:min|minutes?|hours?|days?|weeks?|months?|years?|comments?|views?)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_EMAIL = re.compile(r"[<(]?[\w.+-]{1,64}@[\w.-]{1,100}[>)]?")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|www\.\S+")
_SPLIT = re.compile(r"\s*(?:;|\s&\s|,?\s+(?:and|und|et|y|with)\s+|,|\s\|\s)\s*")
_CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,3}\.?){2,4}(?:[\s-][A-Z]{0,3}\d{0,3})?|(?:Ph\.?\s?D|M\.?\s?D|Jr|Sr|II|III|Esq|MPH|MSc?|BSc?|RDN?|RN)\.?"
)
_ROLE = re.compile(
    r"\b(?:director|editors?|writers?|experts?|managers?|ceo|cto|cmo|founder|co-founder|staff writer|reporters?|contributor|author|"
    r"correspondent|president|professor|specialist|consultant|analyst|head of|officer|journalist|columnist|producer|strategist|"
    r"engineer|developer|designer|reviewed|member|nutritionist|dietitian|coach|lead|owner|years|university|marketing|senior|m\.?d|inc|llc|ltd)\b",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"https?:|www\.|[{}<>=_#%$^*+!?\"\u201c\u201d]|\d{3}|\.(?:com|org|net|php|html?)\b.*/|"
    r"\A(?:by|author|authors|about|share|follow|read|more|view|contact|see|comments?|n/?a|null|none|undefined|anonymous|unknown|user|"
    r"subscribe|home|menu|login|all posts|guest|profile|website|photo|image|date|published|updated|facebook|twitter|linkedin|and|the|posts?|"
    r"table of contents|you|us|his|her|join|sign up|get|learn|write|written|posted|latest|leave|reply)\b\.?"
    r"(?:\s(?:more|us|all|the|author|posts?|by|me|reply|comments?|on|this|articles?|profile|up|in|for|now|here|to)\b.*)?\Z",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|has|have|you|your|our|this|that|will|can|click|here|when|how|what|why|their|from|about)\b"
)
GENERIC = frozenset(
    {"admin", "administrator", "webmaster", "editor", "staff", "superuser", "root", "wpadmin", "author", "user"}
)
MAX_AUTHORS = 12


def clean_name(text: str) -> str:
    """One name out of a byline's words; empty where nothing in them reads as a name or an organisation's."""
    text = fold(html.unescape(text[:300]))
    text = _EMAIL.sub(" ", text)
    text = _LEAD.sub("", f"{text} ").strip()
    start = min((start for start, _, found in dates_in(text) if found), default=None)
    if start is not None:
        text = text[:start]
    cut = _CUT.sub("", text).strip(" \t,;:.|•·–—-'’@&")
    if not 2 <= len(cut) <= 70 or len(cut.split()) > 8 or _NOT_NAMES.search(cut) or _SENTENCE.search(cut):
        return ""
    letters = sum(map(str.isalpha, cut))
    return cut if letters >= 0.7 * len(cut.replace(" ", "")) else ""


def names(text: str) -> tuple[str, ...]:
    """The names of a byline: "By Ann Lee, MD, and Bob Ray, Staff Writer" → ("Ann Lee", "Bob Ray")."""
    text = fold(html.unescape(text[:1000]))
    if "://" in text or text.startswith("www."):
        text = _ADDRESS.sub(" ", text)
    found: list[str] = []
    for piece in _SPLIT.split(_LEAD.sub("", f"{text} ")):
        if found and (_CREDENTIAL.fullmatch(piece.strip(". ")) or (_ROLE.search(piece))):
            continue
        name = clean_name(piece)
        # A lone word after a comma is a place or a title; after "and" it was joined with full names or not at all.
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
    particles = {"de", "van", "von", "der", "den", "la", "le", "da", "di", "al", "bin", "el", "du", "of", "the"}
    return 2 <= len(words) <= 4 and words[0][:1].isupper() and all(w[:1].isupper() or w in particles for w in words)
