"""The health card: what a reader of health advice wants to know before trusting it, in a dozen lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.features.balance import balance
from auditor.features.claims import claims
from auditor.features.fact import Fact
from auditor.features.facts import Facts, facts
from auditor.page.page import Page
from auditor.page.standing import Standing
from auditor.report import CardLine, HealthCard
from auditor.site.site import Site

_WANTED = (Standing.ABOUT, Standing.CONTACT, Standing.PRIVACY, Standing.EDITORIAL)


def health_card(page: Page, site: Site) -> HealthCard:
    """The card of a page that gives health advice. The questions are those of the HONcode, the JAMA benchmarks and DISCERN."""
    read = facts(page)
    return HealthCard(
        (*_people(read), *_dates(read), *_sources(read), *_money(read), *_contact(read, site), *_words(page))
    )


def _people(read: Facts) -> Iterator[CardLine]:
    if read.author:
        letters = f", {read.credentials.words}" if read.credentials else ""
        kind = "" if read.person is not False else " (no person)"
        yield CardLine("author", True, f"written by {read.author.words}{letters}{kind}", read.author.route)
    else:
        yield CardLine("author", False, "nobody is named who wrote it")
    yield _told("reviewer", read.reviewer, "reviewed by {}", "nobody is named who checked it")
    if read.publisher.route == "host":
        yield CardLine("publisher", True, f"published by {read.publisher.words}", read.publisher.route)


def _told(topic: str, fact: Fact | None, found: str, missing: str) -> CardLine:
    if fact is None:
        return CardLine(topic, None, "not looked for in this format")
    return (
        CardLine(topic, True, found.format(_short(fact.words)), fact.route) if fact else CardLine(topic, False, missing)
    )


def _short(words: str) -> str:
    return words if len(words) <= 120 else words[:119].rstrip() + "…"


def _dates(read: Facts) -> Iterator[CardLine]:
    told = [f"{name} {fact.words}" for name, fact in (("published", read.published), ("updated", read.updated)) if fact]
    route = (read.published or read.updated).route
    against = f"; {read.contradictions[0].message}" if read.contradictions else ""
    yield CardLine("date", bool(told), (", ".join(told) or "it bears no date") + against, route if told else "")


def _sources(read: Facts) -> Iterator[CardLine]:
    listed = read.references
    parts = []
    if listed.length:
        parts.append(f"{listed.length} references, {listed.linked} of them linked")
    elif listed.cites:
        parts.append(f"{listed.cites} numbered cites")
    linked = [f"{int(n)} {name}" for n, name in ((read.scholarly, "scholarly"), (read.official, "official")) if n > 0]
    if linked:
        parts.append(f"links to {' and '.join(linked)} sources")
    yield CardLine(
        "sources",
        bool(parts),
        "; ".join(parts) or "no references, no links to scholarly or official sources",
        listed.route,
    )
    if read.figures:
        backed = round(read.sourced * len(read.figures))
        yield CardLine(
            "figures", backed > 0, f"{backed} of {len(read.figures)} claims with numbers have a source beside them"
        )


def _money(read: Facts) -> Iterator[CardLine]:
    said = bool(read.disclosure)
    route = read.disclosure.route if read.disclosure else ""
    if read.affiliates > 0:
        owned = "owned up to" if said else "not owned up to"
        yield CardLine("money", said, f"{int(read.affiliates)} links that pay the site, {owned}", route)
    elif read.disclosure:
        yield CardLine("money", True, f"“{_short(read.disclosure.words)}”", route)
    yield _told("disclaimer", read.disclaimer, "“{}”", "it does not say that it is no medical advice")


def _contact(read: Facts, site: Site) -> Iterator[CardLine]:
    if read.standing is None:
        return
    known = set(read.standing) | set(site.standing)
    have = [kind.value for kind in _WANTED if kind in known]
    lack = [kind.value for kind in _WANTED if kind not in known]
    words = f"pages: {', '.join(have)}" if have else ""
    if lack:
        words += f"{'; ' if words else ''}not linked: {', '.join(lack)}"
    yield CardLine(
        "contact", Standing.CONTACT in known or bool(read.address or read.phone), words, "link" if have else ""
    )


def _words(page: Page) -> Iterator[CardLine]:
    made = Counter(claim.group for claim in claims(page) if claim.sure)
    yield CardLine(
        "claims",
        not made,
        "claims that regulators warn of: " + ", ".join(f"{name} ({count})" for name, count in made.most_common(4))
        if made
        else "none of the claims that regulators warn of",
    )
    spoken = balance(page)
    if spoken.benefits is not None and spoken.benefits.count:
        harms = spoken.harms.count if spoken.harms else 0
        yield CardLine("harms", harms > 0, f"{harms} sentences on risks, {spoken.benefits.count} on benefits")
    sent = spoken.clinicians.count
    yield CardLine(
        "clinician", sent > 0, "sends the reader to a clinician" if sent else "never sends the reader to a clinician"
    )
