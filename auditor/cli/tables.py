"""The tables of a configuration file that no option stands for: severities, rules for paths, suppressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from auditor.cli.selection import selection
from auditor.config import PathRule, SuppressRule
from auditor.errors import ConfigError
from auditor.report import Severity

TABLES = ("severity", "paths", "suppress", "brand")


@dataclass(frozen=True, slots=True)
class Tables:
    """What they say."""

    severity: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[PathRule, ...] = ()
    suppress: tuple[SuppressRule, ...] = ()
    brand: Mapping[str, str] = field(default_factory=dict)
    """Whose reports they are: name, logo (a file), colour."""


def read_tables(table: Mapping[str, Any], prefix: str) -> Tables:
    """Validate and read them. Raises ConfigError that names the place.

    Args:
        prefix: the file's name, and the table's where it is not the whole file.
    """
    if not any(name in table for name in TABLES):
        return Tables()
    return Tables(
        _severities(table.get("severity", {}), f"{prefix}severity"),
        tuple(_path_rule(one, where) for one, where in _entries(table, "paths", prefix)),
        tuple(_suppression(one, where) for one, where in _entries(table, "suppress", prefix)),
        _brand(table.get("brand", {}), f"{prefix}brand"),
    )


def _brand(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ConfigError(f'{where}: a table is expected, like name = "Example Ltd"')
    _known_keys(value, ("name", "logo", "colour"), where)
    for key, text in value.items():
        if not isinstance(text, str) or not text.strip():
            raise ConfigError(f'{where}.{key}: a text like "…" is expected')
    return dict(value)


def _entries(table: Mapping[str, Any], name: str, prefix: str) -> list[tuple[Mapping[str, Any], str]]:
    listed = table.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ConfigError(f"{prefix}{name}: a list of tables is expected; begin each with [[{name}]]")
    return [(one, f"{prefix}{name}[{number}]") for number, one in enumerate(listed, 1)]


def _path_rule(entry: Mapping[str, Any], where: str) -> PathRule:
    _known_keys(entry, ("match", "select", "ignore", "severity"), where)
    patterns = _texts(entry, "match", where)
    if not patterns:
        raise ConfigError(f'{where}: no paths are named; add match = ["drafts/**"]')
    rule = PathRule(
        patterns,
        _checks(_texts(entry, "select", where), f"{where}.select"),
        _checks(_texts(entry, "ignore", where), f"{where}.ignore"),
        _severities(entry.get("severity", {}), f"{where}.severity"),
        where,
    )
    if not (rule.select or rule.ignore or rule.severity):
        raise ConfigError(f"{where}: it changes nothing; add select, ignore or severity")
    return rule


def _suppression(entry: Mapping[str, Any], where: str) -> SuppressRule:
    _known_keys(entry, ("check", "path", "url", "reason"), where)
    checks = _checks(_texts(entry, "check", where), f"{where}.check")
    if not checks:
        raise ConfigError(f'{where}: no check is named; add check = "missing-alt"')
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise ConfigError(f'{where}: it needs a reason, for whoever reads it next year; add reason = "…"')
    path, url = _texts(entry, "path", where), _texts(entry, "url", where)
    return SuppressRule(checks, " ".join(reason.split()), path, url, where)


def _known_keys(entry: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for key in entry:
        if key not in names:
            import difflib

            near = difflib.get_close_matches(key.lower(), names, 1, 0.5)
            advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise ConfigError(f"{where}.{key}: there is no such setting; {advice}")


def _texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A text or a list of texts."""
    value = entry.get(key, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one.strip() for one in listed):
        raise ConfigError(f'{where}.{key}: a text or a list like ["…"] is expected')
    return tuple(listed)


def _checks(named: tuple[str, ...], where: str) -> frozenset[str]:
    try:
        return selection(named)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def _severities(value: object, where: str) -> dict[str, str]:
    """Severities by check or group."""
    if not isinstance(value, dict):
        raise ConfigError(f'{where}: a table is expected, like missing-alt = "info"')
    found = {}
    for name, severity in value.items():
        if severity not in list(Severity):
            _refuse(f"{where}.{name}", severity)
        found[next(iter(_checks((name,), where)))] = str(severity)
    return found


def _refuse(where: str, severity: object) -> NoReturn:
    listed = ", ".join(Severity)
    more = "; to leave a check out, name it under ignore" if str(severity).lower() in ("off", "none", "false") else ""
    raise ConfigError(f"{where}: one of {listed} is expected, not {str(severity)[:40]!r}{more}")
