"""SEO content audit and spam-link detector: planted links, off-topic related posts, foreign articles, untrustworthy health content."""

from __future__ import annotations

__version__ = "0.1.0"
