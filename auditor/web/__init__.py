"""Fetching: the only package that opens a socket; see `auditor.web.crawl.Crawl` for the way in."""

import sys

# httpx takes in a command line of its own where its parts are installed, for another program: five megabytes of it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
