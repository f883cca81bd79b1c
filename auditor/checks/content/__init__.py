"""Checks on the parts that every page should have: title, description, headings, texts of images, and on the text itself."""

from __future__ import annotations

from auditor.checks.content import duplicates as duplicates
from auditor.checks.content import headings as headings
from auditor.checks.content import images as images
from auditor.checks.content import social as social
from auditor.checks.content import text as text
from auditor.checks.content import titles as titles
