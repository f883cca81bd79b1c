"""Preferences: which checks a document is asked, and how bad a finding of them is, by what the user has configured."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import translate
from functools import lru_cache

from auditor.config import Config, PathRule, Preferences, SuppressRule
from auditor.report import Finding, Severity


@dataclass(frozen=True, slots=True)
class Names:
    """What a document is called: patterns may be about any of these."""

    paths: tuple[str, ...] = ()
    """As named, and last from the configuration's folder, or the working folder where there is none."""
    url: str = ""

    @property
    def plain(self) -> str:
        """The name that does not depend on how it was spelt on the command line."""
        return self.paths[-1] if self.paths else self.url

    @classmethod
    def of(cls, path: str | None, url: str | None, preferences: Preferences) -> Names:
        """The names of a document that was read from a file, or fetched from an address, or both."""
        return cls(tuple(dict.fromkeys(_spellings(path, preferences))) if path else (), url or "")


@dataclass(frozen=True, slots=True)
class Wishes:
    """A run's configuration with the groups of checks spelt out."""

    usual: frozenset[str]
    """Ids of the checks that are asked where no rule says otherwise."""
    preferences: Preferences = field(default_factory=Preferences)
    groups: Mapping[str, str] = field(default_factory=dict)
    """The group of every check, by id."""

    @classmethod
    def of(cls, config: Config, groups: Mapping[str, str]) -> Wishes:
        usual = _members(config.select, groups) if config.select else frozenset(groups)
        return cls(usual - _members(config.ignore, groups), config.preferences, groups)

    def names(self, path: str | None, url: str | None) -> Names:
        return Names.of(path, url, self.preferences)

    def called(self, name: str) -> str:
        """The name of a document or site, however its path was spelt."""
        return name if "://" in name else self.names(name, None).plain

    def chosen(self, names: Names) -> frozenset[str]:
        """Ids of the checks that this document is asked; of several rules the later wins."""
        chosen = self.usual
        for rule in self.rules(names):
            chosen = _members(rule.select, self.groups) if rule.select else chosen
            chosen -= _members(rule.ignore, self.groups)
        return chosen

    def rules(self, names: Names) -> list[PathRule]:
        """The rules for this document, in their order."""
        return [rule for rule in self.preferences.paths if matches(rule.match, (*names.paths, names.url))]

    def weighed(self, findings: Iterable[Finding], names: Names) -> tuple[Finding, ...]:
        """Findings with the severities that the user gives them; a check's own goes before its group's, a later rule before both."""
        layers = [self.preferences.severity, *(rule.severity for rule in self.rules(names))]
        if not any(layers):
            return tuple(findings)
        made = []
        for finding in findings:
            wanted = self.severity(finding.check, layers)
            made.append(finding if wanted is None else replace(finding, severity=Severity(wanted)))
        return tuple(made)

    def severity(self, check: str, layers: Iterable[Mapping[str, str]]) -> str | None:
        """The severity that the last of the layers which speaks of this check gives it."""
        wanted = None
        for layer in layers:
            wanted = layer.get(check) or layer.get(self.groups.get(check, "")) or wanted
        return wanted

    def concerns(self, rule: SuppressRule, names: Names) -> bool:
        """Whether a rule is about this document."""
        everywhere = not (rule.path or rule.url)
        return everywhere or matches(rule.path, names.paths) or matches(rule.url, (names.url,))

    def means(self, rule: SuppressRule, check: str) -> bool:
        return check in rule.checks or self.groups.get(check) in rule.checks


def matches(patterns: tuple[str, ...], names: Iterable[str]) -> bool:
    """Whether one of the globs fits one of the names as a whole; `*` stands for anything, slashes too."""
    if not patterns:
        return False
    pattern = _pattern(patterns)
    return any(name and pattern.match(name) for name in names)


@lru_cache(maxsize=256)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{translate(one.removeprefix('./'))})" for one in patterns))


def _members(named: frozenset[str], groups: Mapping[str, str]) -> frozenset[str]:
    """The checks that are named, by themselves or by their group."""
    return frozenset(check for check, group in groups.items() if check in named or group in named)


def _spellings(path: str, preferences: Preferences) -> Iterable[str]:
    plain = posixpath.normpath(path.replace("\\", "/"))
    yield plain
    if base := (preferences.root or preferences.folder).rstrip("/"):
        absolute = posixpath.normpath(posixpath.join(preferences.folder, plain))
        if absolute.startswith(base + "/"):
            yield absolute[len(base) + 1 :]
