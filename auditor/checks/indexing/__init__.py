"""Checks on what a site tells search engines of its pages: may they be indexed, under which address, in what language?"""

from __future__ import annotations

from auditor.checks.indexing import page as page
from auditor.checks.indexing import sitemap as sitemap
from auditor.checks.indexing import targets as targets
