"""Features of a link's target: what kind of place its address names."""

from __future__ import annotations

import re

from auditor.features.anchor import LINK as LINK
from auditor.features.feature import NAN
from auditor.features.reading import LinkView
from auditor.language.lexicons import HostKind
from auditor.language.words import STOPWORDS

feature = LINK.feature

_TRUSTED = {
    HostKind.SCHOLARLY: 3.0,
    HostKind.OFFICIAL: 3.0,
    HostKind.REFERENCE: 2.0,
    HostKind.NEWS: 2.0,
    HostKind.SOCIAL: 1.0,
    HostKind.PLATFORM: 1.0,
}


@feature("the target is a scholarly, official, news or reference site", -1)
def trusted_target(view: LinkView) -> float:
    return _TRUSTED.get(view.target.kind, 0.0)


@feature("the target is a link shortener or redirector")
def shortened_target(view: LinkView) -> float:
    return float(view.target.kind is HostKind.SHORTENER)


@feature("the target is a shop or marketplace")
def shop_target(view: LinkView) -> float:
    return float(view.target.kind is HostKind.SHOP)


@feature("the link leads to the root of a host")
def root_target(view: LinkView) -> float:
    return float(view.target.path in ("", "/") and "?" not in view.link.url)


@feature("depth of the target's path", -1)
def target_depth(view: LinkView) -> float:
    return float(min(sum(bool(part) for part in view.target.path.split("/")), 5))


@feature("digits in the target's path", -1)
def target_digits(view: LinkView) -> float:
    return float(min(sum(c.isdigit() for c in view.target.path), 8))


@feature("hyphens and digits in the target's host", +1)
def host_noise(view: LinkView) -> float:
    return float(min(sum(c.isdigit() or c == "-" for c in view.target.label), 4))


@feature("length of the target's host name")
def host_length(view: LinkView) -> float:
    return float(min(len(view.target.label), 30))


_SCRAMBLED = re.compile(r"^(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6,14}$|^\d{7,9}$")
_QUERY_SCRAMBLED = re.compile(r"^p=(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6,14}/?$")


@feature("the target's path is a short folder of random letters and digits", +1)
def scrambled_path(view: LinkView) -> float:
    parts = [part for part in view.target.path.split("/") if part]
    query = view.link.url.partition("?")[2]
    if not 1 <= len(parts) <= 2:
        return 0.0
    return float(bool(_SCRAMBLED.match(parts[-1]) or _QUERY_SCRAMBLED.match(query)))


_COMMON = frozenset(["com", "org", "net", "edu", "gov", "uk", "de", "fr", "ca", "au", "us", "eu", "ac", "mil", "int"])


@feature("share of the target's host name that is made of English words")
def readable_host(view: LinkView) -> float:
    return view.target.known


@feature("the target's top-level domain is an unusual one", +1)
def unusual_suffix(view: LinkView) -> float:
    return float(view.link.host.rpartition(".")[2] not in _COMMON)


@feature("the target's host name repeats the anchor")
def host_repeats_anchor(view: LinkView) -> float:
    label = re.sub(r"[^a-z0-9]", "", view.target.label.lower())
    words = [word for word in view.anchor.words if len(word) > 2 and word not in STOPWORDS]
    if not words or not label:
        return NAN
    return min(sum(len(word) for word in words if word in label) / len(label), 1.0)


@feature("the target's path repeats the anchor")
def path_repeats_anchor(view: LinkView) -> float:
    return view.anchor.stems.share(view.target.roots)
