"""Checks on a site as a whole: what it offers, how it is written and by whom, and pages that are unlike all others."""
