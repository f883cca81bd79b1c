"""Fetching: the only package that opens a socket; see `auditor.web.crawl.Crawl` for the way in."""

import sys
from importlib.util import find_spec

# httpx takes in a command line of its own where its parts are installed, for another program: five megabytes of it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

# httpcore asks for sniffio eight times a request; where it is missing, each time on every path there is.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]
