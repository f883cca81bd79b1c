"""Checks on the addresses that links are written with, as far as they can be told wrong without asking for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from ipaddress import ip_address
from urllib.parse import unquote

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.checks.links.gathered import at_fault, gathered, start_tag, visible
from auditor.checks.words import shown
from auditor.page.page import Link, Page, Role
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity

_MISSPELT = re.compile(
    r"(?!https?://)(?:h{1,3}t{0,4}p{1,3}s{0,2}|t{1,3}p{1,3}s?|h{1,2}t{1,3}s?|hp+t+p*s?)[:;,.]?\s?//|https?:(?:/?(?!/)|///)"
)
_DOUBLED = re.compile(r"https?:/+(?:https?(?::|/(?!/))|https?//)")
_TORN = re.compile(r"https?://[^/?#\s]*\s|https?://\S*\shttps?://")
_BARE = re.compile(r"(?:www\.|(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|co\.uk)(?:[/?:]|\Z))[^\s@]*")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")
_ADDRESSLESS = re.compile(r"(?:mailto:(?![^?]*(?:@|%40))(?!\?)[^{%$]*|tel:|mailto://.*)")
_UNFILLED = re.compile(
    r"\{\{|\{%|<%|\$\{|%7b%7b|\[(?:link|url|insert|your|website)\b|%5b(?:link|url|insert|your)\b", re.IGNORECASE
)
_LEFT = re.compile(
    r"#?(?:todo|tbd|fixme|xxx+|(?:(?:insert|your)[ _-])?(?:url|link)(?:[ _-]?here)?)"
    r"|(?:https?:/{1,2})?/?(?:undefined|null|nan|\[object object\]|%5bobject%20object%5d)/?"
)
_QUOTED = ('"', "'", "“", "”", "‘", "’", "«", "<", "%22", "%20", "&quot;")


@check(
    title="An address is not written as one",
    severity=Severity.MEDIUM,
    fix="Write the whole address, as in https://www.example.org/page, and try the link.",
)
def malformed_link(page: Page) -> Iterator[Hit]:
    """A browser takes “www.example.com” or “htp://…” for a page of the site itself, and the reader lands on an error. A search engine
    follows it there, or not at all (Google Search Central on crawlable links; WHATWG URL standard)."""
    wrong = malformed(page)
    if wrong:
        guessed = all(why == _SLOT for why in wrong.values())
        faults = ((link, wrong[link.href]) for link in visible(page) if link.href in wrong)
        yield from at_fault(page, faults, "link has no proper address", Confidence.LOW if guessed else Confidence.HIGH)


_SLOT = "a template's slot"


@lru_cache(maxsize=2)
def malformed(page: Page) -> Mapping[str, str]:
    """Addresses as written that are none, each with what is wrong with it."""
    text, odd, _ = gathered(page)
    suspects = list(odd)
    if any(sign in text for sign in _INNER):
        suspects = visible(page)
    found = {}
    for link in suspects:
        bare = (
            page.format is not Format.HTML and link.anchor.strip() == link.href.strip()
        )  # an address in the text itself
        if not bare and (why := _wrong(link.href[:2000].strip().lower(), page.format)):
            found[link.href] = why
    return found


_INNER = (
    " ", "://http", "\nhttp:///", "\nhttps:///", "\nhttp://\n", "\nhttps://\n", "{{", "{%", "<%", "${", "%7b%7b",
    "\n#todo", "\n#url\n", "\n#link\n", "\n#tbd\n", "\n#insert", "\n#your", "\n/undefined", "\n/null\n", "//undefined", "//null\n",
    "[object", "%5bobject",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _wrong(href: str, format: Format) -> str:
    if _DOUBLED.match(href):
        return "http twice"
    if _MISSPELT.match(href) or href in ("http://", "https://"):
        return "misspelt at the beginning"
    if _TORN.match(href):
        return "a space within"
    if href.startswith(_QUOTED):
        return "a quotation mark or space before it"
    if _LEFT.fullmatch(href):
        return "a placeholder"
    if format is Format.HTML and _UNFILLED.search(href):  # in Markdown it is the generator's
        return _SLOT
    if _MAIL.fullmatch(href):
        return "a mail address without mailto:"
    if _ADDRESSLESS.fullmatch(href):
        return "nobody's address"
    return "no https:// before it" if _BARE.fullmatch(href) else ""


_STAGED = re.compile(r"(?:staging|stage|stg|preprod|pre-prod|uat)\d*(?:-[\w-]+)?|[\w-]+-(?:staging|stg|preprod)\d*")
_INNER_ENDS = (".local", ".localhost", ".internal", ".lan", ".intranet", ".corp", ".home.arpa", ".localdomain")
_FILE = re.compile(r"file:|[a-z]:[\\/]|\\\\[\w-]|[a-z]%3a%5c")


@check(
    title="A link leads to where no reader can follow",
    severity=Severity.MEDIUM,
    fix="Link the public address of the page.",
)
def private_link(page: Page) -> Iterator[Hit]:
    """localhost, a private address, a staging host or a file on somebody's disk works for who wrote the page and for nobody else. It
    also shows strangers where the site is worked on, and a search engine may index a staging copy that it finds that way (RFC 1918)."""
    own = urls.host(page.url)
    if own and (_private(own) or _STAGED.fullmatch(own.partition(".")[0])):
        return
    _, odd, hosts = gathered(page)
    inner = {host for host in hosts if host and _private(host)}
    faults = [(link, "a file on a disk") for link in odd if _FILE.match(link.href.strip().lower())]
    usual = (f"https://{own}/", f"http://{own}/", "/", "#")
    for link in visible(page):
        if link.host in inner:
            if not _spelled_out(link):
                faults.append((link, "a private address"))
        elif own and link.host == page.site and not link.href.startswith(usual) and _staged(link.url):
            faults.append((link, "a staging host"))
    yield from at_fault(page, faults, "link leads to where only its writer can go", Confidence.HIGH)


def _staged(url: str) -> bool:
    """Whether a host's name says that it is for trying things out. “dev” and “test” do not: they are as often a portal for developers."""
    return _STAGED.fullmatch(urls.host(url).partition(".")[0]) is not None


def _spelled_out(link: Link) -> bool:
    """Whether a link shows the address that it leads to, as instructions do ("open http://localhost:8000")."""
    return urls.host(link.url) in link.anchor.lower()


@lru_cache(maxsize=1024)
def _private(host: str) -> bool:
    """Whether a host's name or number means something inside of one network only."""
    if host == "localhost" or host.endswith(_INNER_ENDS):
        return True
    if host[:1].isdigit() or ":" in host:
        try:
            return not ip_address(host.strip("[]")).is_global
        except ValueError:
            return False
    return False


@check(
    title="A link to the own site is not encrypted",
    severity=Severity.LOW,
    fix="Write https:// or leave scheme and host out of links to the own site.",
)
def insecure_link(page: Page) -> Iterator[Hit]:
    """The page itself comes over https, and this link leaves it: every reader is redirected, and who listens on the way can send them
    elsewhere. A search engine counts it as a link to another address (Google Search Central on HTTPS as a signal)."""
    if not page.url.startswith("https://") or "\nhttp://" not in gathered(page).text:
        return
    own = urls.host(page.url).removeprefix("www.")
    faults = (
        (link, "")
        for link in visible(page)
        if not link.external and link.url[:7] == "http://" and urls.host(link.url).removeprefix("www.") == own
    )
    yield from at_fault(page, faults, "link leads unencrypted to the own site", Confidence.HIGH)


_SCRIPTED = re.compile(
    r"\son\w+=|\sdata-|\srole=|\saria-(?:controls|expanded|haspopup)=|\sv-|\s@click|\sng-|\sx-", re.IGNORECASE
)
_ROUTES = ("#!", "#/", "#:~:", "#?", "#&", "#%", "#{", "#\\")
# What scripts fill in or open; and what stands on the page only once somebody has commented.
_LATER = re.compile(
    r"top\Z|page-?top|comment|respond|reply|disqus|modal|popup|pop-up|dialog|lightbox|offcanvas|drawer|menu|nav|toggle|tab|collapse|carousel|slide|"
    r"footer|header|share|search|login|close|open|elementor|wp--skip|cookie|consent|subscribe|void|null|content|main|skip|print|prev|next|ref|note|fn|cite",
    re.IGNORECASE,
)
_FEW = 8
_TRIES = 200  # places of the same word that are looked at
_MOST = 60  # fragments of a page that are looked for


@check(
    title="A link to a section leads to none",
    severity=Severity.LOW,
    fix="Give the section that id, or correct the link; capitals count.",
)
def broken_fragment(page: Page) -> Iterator[Hit]:
    """A reader who chooses an entry of a table of contents stays where they are. Search engines show such links below a result, and send
    readers to the top of the page instead (HTML standard, 7.4.6.3 on fragments)."""
    if page.format is not Format.HTML or page.truncated or "#" not in gathered(page).text:
        return
    sought: dict[str, Link] = {}
    for link in page.links:
        if "#" not in link.href or link.hidden is not None or page.role(link.block) is not Role.ARTICLE:
            continue
        if len(sought) < _MOST and (fragment := _fragment(page, link)):
            sought.setdefault(fragment, link)
    missing = _missing(page.source, list(sought))
    faults = [sought[fragment] for fragment in missing if not _SCRIPTED.search(start_tag(page, sought[fragment]))]
    if faults:
        first = faults[0]
        # Where all are broken a script most likely makes them, or gives the headings their ids.
        alone = len(faults) == len(sought) > 2
        yield Hit(
            message=f"{len(faults)} link{'s lead' if len(faults) > 1 else ' leads'} to a section of the page that is not there: "
            f"{', '.join(f'“{link.href[:60]}”' for link in faults[:3])}{' …' if len(faults) > 3 else ''}.",
            key="|".join(sorted(link.href for link in faults))[:300],
            spot=first.spot,
            snippet=shown(page, first),
            confidence=Confidence.LOW if alone or _MAKES_IDS.search(page.source) else Confidence.MEDIUM,
            evidence={"links": [link.href[:200] for link in faults[:20]], "of": len(sought)},
        )


_MAKES_IDS = re.compile(r"__NEXT_DATA__|__NUXT__|data-reactroot|ng-version=|window\.__INITIAL_STATE__")


def _fragment(page: Page, link: Link) -> str:
    """The section of this page that a link leads to; empty where it leads to none or scripts are likely to act on it."""
    if link.anchor[:5].lower() in ("skip ", "jump "):
        return ""
    href = link.href.strip()
    if href[:1] != "#":
        if "#" not in href or not link.url or link.url != page.url.partition("#")[0]:
            return ""
        href = "#" + href.partition("#")[2]
    if len(href) < 2 or len(href) > 200 or href.startswith(_ROUTES) or _LATER.search(href, 1):
        return ""
    return href[1:]


def _missing(source: str, fragments: list[str]) -> list[str]:
    """Fragments that no element of the source has as its id or name. Of many the ids are first collected as they are usually written, and
    only the first few that are not among them are looked for in every spelling."""
    if len(fragments) > _FEW:
        ids = {part[: part.find(opening[-1])] for opening in _OPENINGS for part in source.split(opening)[1:]}
        fragments = [fragment for fragment in fragments if ids.isdisjoint(_spellings(fragment))]
    missing = [fragment for fragment in fragments[:_FEW] if not _stands(source, fragment)]
    return missing + fragments[_FEW:] if len(missing) == _FEW else missing


_OPENINGS = (' id="', " id='", ' name="')


def _spellings(fragment: str) -> tuple[str, ...]:
    name = unquote(fragment)
    # GitHub and its kin write that before the ids of what a user wrote.
    return (*dict.fromkeys((fragment, name, escape(name))), f"user-content-{name}")


def _stands(source: str, fragment: str) -> bool:
    for written in _spellings(fragment)[:-1]:
        at = source.find(written)
        for _ in range(_TRIES):
            if at < 0:
                break
            end = at + len(written)
            if source[end : end + 1] in _ENDS and _BEFORE_ID.search(source, max(0, at - 30), at):
                return True
            at = source.find(written, end)
        else:
            return True  # so common a word that nobody has looked at all of its places
    return False


_ENDS = frozenset("\"'> \n\t/")
_BEFORE_ID = re.compile(r"(?:\bid|\bname)\s*=\s*[\"']?\s*(?:user-content-)?\Z", re.IGNORECASE)
