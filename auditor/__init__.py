"""SEO content audit and spam-link detector: planted links, off-topic related posts, foreign articles, untrustworthy health content.

For build scripts: `audit_html` and `audit_files` give a `Report`; the other names here are what they take, give and raise. These names
stay; everything else in the package may move.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.api import audit_files, audit_html
    from auditor.config import Config
    from auditor.errors import AuditorError, ConfigError, ModelError
    from auditor.page.snapshot import Failure
    from auditor.render.json import render_json
    from auditor.report import Confidence, Finding, Label, PageResult, Report, Severity, SiteResult

_HOMES = {
    "audit_files": "auditor.api",
    "audit_html": "auditor.api",
    "AuditorError": "auditor.errors",
    "Confidence": "auditor.report",
    "Config": "auditor.config",
    "ConfigError": "auditor.errors",
    "Failure": "auditor.page.snapshot",
    "Finding": "auditor.report",
    "Label": "auditor.report",
    "ModelError": "auditor.errors",
    "PageResult": "auditor.report",
    "Report": "auditor.report",
    "Severity": "auditor.report",
    "SiteResult": "auditor.report",
    "render_json": "auditor.render.json",
}
"""Where each name comes from; none is imported before it is asked for."""

__all__ = [
    "AuditorError",
    "Confidence",
    "Config",
    "ConfigError",
    "Failure",
    "Finding",
    "Label",
    "ModelError",
    "PageResult",
    "Report",
    "Severity",
    "SiteResult",
    "__version__",
    "audit_files",
    "audit_html",
    "render_json",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'auditor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
