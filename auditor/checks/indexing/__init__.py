"""Checks on what a site tells search engines of its pages: may they be indexed, under which address, in what language?"""

from __future__ import annotations

from auditor.checks.indexing import addresses as addresses
from auditor.checks.indexing import answers as answers
from auditor.checks.indexing import canonical as canonical
from auditor.checks.indexing import language as language
from auditor.checks.indexing import rendering as rendering
from auditor.checks.indexing import robots as robots
from auditor.checks.indexing import sitemap as sitemap
from auditor.checks.indexing import structured as structured
from auditor.checks.indexing import targets as targets
