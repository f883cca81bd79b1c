"""Checks on links: where they lead, what they say, and what nothing leads to."""

from __future__ import annotations

from auditor.checks.links import ends as ends
from auditor.checks.links import reach as reach
