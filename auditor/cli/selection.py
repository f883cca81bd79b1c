"""Checks by name: what `--select`, `--ignore` and `explain` were given, or an error with the nearest name there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from auditor.errors import ConfigError


def known(name: str, names: Collection[str]) -> str:
    """`name` as checks are spelt. Raises ConfigError for one that does not exist."""
    spelt = name.strip().lower().replace("_", "-")
    if spelt in names:
        return spelt
    import difflib

    near = difflib.get_close_matches(spelt, names, 1, 0.5)
    advice = f"did you mean {near[0]}?" if near else "run `auditor explain` for all of them"
    raise ConfigError(f"no check is named {name!r}; {advice}")


def selection(given: Sequence[str] | None) -> frozenset[str]:
    """The checks and groups named by an option that may be repeated and hold several, separated by commas."""
    listed = [name for value in given or () for name in value.split(",") if name.strip()]
    if not listed:
        return frozenset()
    from auditor.checks import all_checks

    checks = all_checks()
    names = {*checks, *(check.group for check in checks.values())}
    return frozenset(known(name, sorted(names)) for name in listed)
