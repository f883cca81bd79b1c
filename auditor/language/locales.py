"""Locales: whether a code names a language, a script and a country that exist, and which one was probably meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from auditor.language.terms import sections

_CODE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?")


@cache
def _listed(section: str) -> frozenset[str]:
    return frozenset(sections("locales.txt")[section])


@cache
def _meant() -> Mapping[str, str]:
    return dict(pair.split(" ", 1) for pair in sections("locales.txt")["meant"])


def fault(code: str) -> str:
    """What is wrong with a `hreflang` code, in a few words; empty where nothing is.

    Language (ISO 639-1), script (ISO 15924) and country (ISO 3166-1 alpha-2), in this order, the latter two optional, or
    `x-default` (Google Search Central, "Tell Google about localized versions of your page"). Languages of three letters that have no
    shorter code, and UN M.49 regions (`es-419`), pass: Google's documentation leaves them out, big sites use them.
    """
    code = code.strip().lower()
    if code == "x-default":
        return ""
    if "_" in code:
        return "has an underscore for a hyphen"
    found = _CODE.fullmatch(code)
    if found is None:
        return "is no code of a language"
    language, script, country = found.groups()
    if language in _meant() and (len(language) == 3 or language not in _listed("languages")):
        return f"is no language; {_meant()[language]} may be meant"
    if len(language) == 2 and language not in _listed("languages"):
        return f"begins with {language}, which is no language"
    if script and script not in _listed("scripts"):
        return f"names a script {script} that there is not"
    if country and country.isalpha() and country not in _listed("countries"):
        meant = _meant().get(f"-{country}", "")
        return f"names a country {country} that there is not" + (f"; {language}{meant} may be meant" if meant else "")
    return ""
