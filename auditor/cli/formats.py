"""Formats: what a report can be written in, and where each goes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from auditor.errors import ConfigError
from auditor.gate import Gate
from auditor.report import Report


class Format(StrEnum):
    """How a report is written."""

    TERMINAL = "terminal"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    SARIF = "sarif"
    JUNIT = "junit"
    GITLAB = "gitlab"
    GITHUB = "github"
    MARKDOWN = "markdown"
    HTML = "html"


_NAMED = re.compile(r"([A-Za-z]+)=(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """One writing of a report."""

    format: Format
    file: Path | None
    """None for standard output."""

    @property
    def programs(self) -> bool:
        """Whether it is read by programs, which want UTF-8 whatever the terminal has."""
        return self.format is not Format.TERMINAL


def targets(format: Format, outputs: Sequence[str]) -> tuple[Target, ...]:
    """Where a report goes: what `--format` and the `--output`s ask for, standard output last.

    An output is FORMAT=FILE, or FILE alone for `--format`; `-` is standard output, which has the terminal's report where no other is
    asked for there. A file whose name looks like FORMAT=FILE is named with its folder (`./a=b`).

    Raises:
        ConfigError: a format that there is none of, a file that cannot be, or two writings in one place.
    """
    found: list[Target] = []
    for output in outputs:
        named = _NAMED.fullmatch(output)
        if named and named[1].lower() not in list(Format):
            known = ", ".join(Format)
            raise ConfigError(
                f"there is no format {named[1]}; there are {known} (a file of that name: --output ./{output})"
            )
        kind, name = (Format(named[1].lower()), named[2]) if named else (format, output)
        found.append(Target(kind, None if name == "-" else Path(name)))
        if not named and name != "-" and sum(not _NAMED.fullmatch(one) for one in outputs) > 1:
            raise ConfigError(
                "more than one --output without a format; write FORMAT=FILE, as in --output sarif=found.sarif"
            )
    for target in found:
        file = target.file
        if file is None:
            continue
        if file.is_dir() or not file.absolute().parent.is_dir():
            raise ConfigError(f"cannot write {file}; name a file in a folder that exists")
        if not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
            raise ConfigError(f"cannot write {file} (permission denied); choose another --output")
    if Format.HTML in (format, *(target.format for target in found)) and find_spec("jinja2") is None:
        raise ConfigError("the HTML report needs Jinja2; install it with: pip install 'auditor[report]'")
    files = [target.file for target in found if target.file is not None]
    if len({file.absolute() for file in files}) < len(files):
        raise ConfigError("two outputs go to one file; name another")
    printed = [target for target in found if target.file is None]
    if len(printed) > 1 or (printed and format not in (Format.TERMINAL, printed[0].format)):
        raise ConfigError("two formats go to standard output; give one of them a file")
    if not printed and all(_NAMED.fullmatch(one) for one in outputs):
        printed = [Target(format, None)]
    return (*(target for target in found if target.file is not None), *printed)


def written(report: Report, format: Format, gate: Gate) -> Iterable[str]:
    """A report in a format for programs, in pieces; what a format needs is imported when it is asked for."""
    match format:
        case Format.JSON:
            from auditor.render.json import json_parts

            return json_parts(report)
        case Format.JSONL:
            from auditor.render.jsonl import jsonl_parts

            return jsonl_parts(report, gate)
        case Format.CSV:
            from auditor.render.findings import csv_parts

            return csv_parts(report, gate)
        case Format.SARIF:
            from auditor.render.sarif import sarif_parts

            return sarif_parts(report, gate)
        case Format.JUNIT:
            from auditor.render.junit import junit_parts

            return junit_parts(report, gate)
        case Format.GITLAB:
            from auditor.render.gitlab import gitlab_parts

            return gitlab_parts(report, gate)
        case Format.GITHUB:
            from auditor.render.github import github_parts

            return github_parts(report, gate)
        case Format.MARKDOWN:
            from auditor.render.markdown import markdown_parts

            return markdown_parts(report, gate)
        case Format.HTML:
            from auditor.render.html import html_parts

            return html_parts(report)
        case Format.TERMINAL:
            raise ValueError("a terminal's report depends on the terminal")
