"""Checks on the parts that every page should have: title, description, headings, texts of images."""

from __future__ import annotations

from auditor.checks.content import duplicates as duplicates
from auditor.checks.content import page as page
