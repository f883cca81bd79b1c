"""Checks on links: where they lead, what they say, and what nothing leads to."""

from __future__ import annotations

from auditor.checks.links import addresses as addresses
from auditor.checks.links import anchors as anchors
from auditor.checks.links import arrivals as arrivals
from auditor.checks.links import ends as ends
from auditor.checks.links import linking as linking
from auditor.checks.links import reach as reach
from auditor.checks.links import targets as targets
