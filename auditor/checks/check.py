"""A check: one thing that can be wrong, declared in one place with its title, severity, reason, advice and examples.

The function's name is its id. Its parameters name what it needs of a `Subject`; where one of them is not there
(no article, no verdict in this language, a site of too few pages) the check is skipped with a reason, never passed.
Its examples are `fixtures/pages/<id>/bad.*` (it fires) and `good.*` (it stays silent); folders of that name for sites.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import ConfigError
from auditor.page.page import Spot
from auditor.report import Confidence, Location, Severity

Judge = Callable[..., Iterator["Hit"]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A check's answer at one place, before it is made into a finding."""

    message: str
    key: str
    """What is at fault, in words that survive moved lines: goes into the fingerprint."""
    spot: Spot | None = None
    """None: the page as a whole."""
    snippet: str = ""
    confidence: Confidence = Confidence.HIGH
    severity: Severity | None = None
    """Where it differs from the check's own."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """For people and programs; site checks name the pages concerned under "pages"."""
    location: Location | None = None
    """Where it is, of a check over a site that knows; None: the site as a whole."""
    target: str = ""
    """The address that is at fault, where many pages can lead to it: told once a site then (`auditor.fold`)."""
    template: str = ""
    """What is at fault, where it can be the theme's: told once where most pages of the site have it. Never with `target`."""


@dataclass(frozen=True, slots=True)
class Check:
    """The declaration of a check, with the function that judges."""

    id: str
    title: str
    severity: Severity
    group: str
    """The module or package it stands in: spam, related, trust, structure …"""
    policy: str
    """The search engine's or the authority's name for it; empty where there is none."""
    fix: str
    docs: str
    """Why a reader and a search engine care."""
    needs: tuple[str, ...]
    judge: Judge

    @property
    def scope(self) -> str:
        """`site` for checks that ask for nothing but the site, `page` otherwise."""
        return "site" if _SITEWIDE.issuperset(self.needs) else "page"

    @property
    def last(self) -> bool:
        """Whether it is about what became of the others' findings, and so comes after them."""
        return "suppressions" in self.needs


_SITEWIDE = frozenset(("site", "many", "spread", "survey", "crawled", "whole", "arrivals"))

_registry: dict[str, Check] = {}


def check(*, title: str, severity: Severity, fix: str, policy: str = "") -> Callable[[Judge], Judge]:
    """Register the function below as a check. Raises ConfigError for a second check of the same name."""

    def register(judge: Judge) -> Judge:
        name = judge.__name__.replace("_", "-")
        if name in _registry:
            raise ConfigError(f"two checks are named {name}; rename one")
        _registry[name] = Check(
            id=name,
            title=title,
            severity=severity,
            group=judge.__module__.split(".")[2],
            policy=policy,
            fix=fix,
            docs=re.sub(r"\s+", " ", inspect.getdoc(judge) or ""),
            needs=tuple(inspect.signature(judge).parameters),
            judge=judge,
        )
        return judge

    return register


def registered() -> Mapping[str, Check]:
    """Every check that has been imported, by id; see `auditor.checks.all_checks` for all there are."""
    return dict(sorted(_registry.items()))
