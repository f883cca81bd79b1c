"""Checks on a site as a whole: what it offers, how it is written and by whom, and pages that are unlike all others."""

from __future__ import annotations

from auditor.checks.site import footers as footers
from auditor.checks.site import norm as norm
from auditor.checks.site import offers as offers
from auditor.checks.site import posting as posting
from auditor.checks.site import sections as sections
