"""Everything that can be wrong with a page or a site, one declaration each; see `auditor.checks.check`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from auditor.checks.check import Check, registered

GROUPS = (
    "spam",
    "hacked",
    "related",
    "health",
    "trust",
    "balance",
    "structure",
    "content",
    "links",
    "indexing",
    "site",
    "suppression",
)
"""The modules and packages that declare checks, in the order of the report; a package imports its modules."""


@cache
def all_checks() -> Mapping[str, Check]:
    """Every check there is, by id, in the order of the groups and of their declaration."""
    for group in GROUPS:
        importlib.import_module(f"auditor.checks.{group}")
    known = registered()
    return {name: known[name] for name in sorted(known, key=lambda name: (GROUPS.index(known[name].group), name))}
