"""Report → one HTML file that needs nothing else: no network, no second file, and no script but its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ConfigError
from auditor.history.trend import Past
from auditor.render.brand import Brand
from auditor.render.html_data import in_script, page_data, shown
from auditor.render.html_overview import Overview, overview, theme, wide_data
from auditor.render.text import count, percent
from auditor.render.trend import columns
from auditor.report import Label, Report, Severity

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).with_name("templates")
_SCRIPTS = ("words.js", "finding.js", "page.js", "tables.js", "main.js")
_WORDS = {Label.SPAM: "spam", Label.LOW_QUALITY: "low quality", Label.CLEAN: "clean"}


def html_parts(report: Report, *, brand: Brand | None = None, trend: Sequence[Past] = ()) -> Iterable[str]:
    """The report as a document, piece by piece; equal reports give equal bytes.

    Summary, worst pages and most severe findings stand in the document; everything about the others stands in it as data, and
    its script shows what is asked for. Goes over the report's pages twice.

    Args:
        brand: whose report it is; None for the program's own.
        trend: earlier runs, in any order; the report's own is added.

    Raises:
        ConfigError: Jinja2, which the extra `report` brings, is not there.
    """
    template = _template()
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    script = f'"use strict";(() => {{\n{script}}})();'
    brand = brand or Brand()
    styles = [sheet for sheet in (style, brand.style) if sheet]
    read = overview(report)
    yield from template.generate(
        report=report,
        brand=brand,
        name=shown(brand.name, 100),
        styles=styles,
        script=script,
        policy=_policy(styles, script),
        read=read,
        summary=_summary(report, read),
        sources=[shown(source, 200) for source in report.source],
        sites=[(site, shown(site.site, 200), theme(site)) for site in report.sites],
        columns=columns(trend, report, read.tally),
        tiles=[(label.value, words, read.tally.labels.get(label, 0)) for label, words in _WORDS.items()],
        severities=[(severity.value, read.tally.severities.get(severity, 0)) for severity in reversed(Severity)],
        models=", ".join(f"{shown(name, 40)} {shown(number, 40)}" for name, number in sorted(report.models.items())),
        data=_data(report, read),
    )


def _data(report: Report, read: Overview) -> Iterator[str]:
    """What the script reads. Advice is the same for all findings of a check, so it is told once and numbered."""
    fixes: dict[str, int] = {}
    wide = wide_data(report)
    yield '{"pages":['
    for number, page in enumerate(report.pages):
        told = page_data(page)
        _number(told.get("findings", ()), fixes)
        yield ("," if number else "") + "\n" + in_script(told)
    for one in wide:
        _number(one["findings"], fixes)
    yield f'],\n"order":{in_script(read.order)},\n"wide":{in_script(wide)},\n"fixes":{in_script(list(fixes))}}}'


def _number(findings: Iterable[dict[str, Any]], fixes: dict[str, int]) -> None:
    for finding in findings:
        if "fix" in finding:
            finding["fix"] = fixes.setdefault(finding["fix"], len(fixes))


def _summary(report: Report, read: Overview) -> str:
    tally = read.tally
    bad = [(tally.labels.get(label, 0), words) for label, words in _WORDS.items() if label is not Label.CLEAN]
    listed = " and ".join(f"{number:,} {words}" for number, words in bad if number)
    total = count(tally.pages, "page")
    if not tally.pages:
        return "No page could be audited."
    if not listed:
        return f"{total} audited, and none of them looks like spam or low quality."
    return f"{sum(number for number, _ in bad):,} of {total} need attention: {listed}."


def _policy(styles: Iterable[str], script: str) -> str:
    """The document's Content-Security-Policy: its own style and script by their hashes, its logo, and nothing else."""
    return (
        f"default-src 'none'; style-src {' '.join(map(_hash, styles))}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _template() -> Template:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise ConfigError("the HTML report needs Jinja2; install it with: pip install 'auditor[report]'") from None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(shown=shown, percent=percent, count=count, thousands=_thousands)
    return environment.get_template("report.html")


def _thousands(number: int) -> str:
    return f"{number:,}"
