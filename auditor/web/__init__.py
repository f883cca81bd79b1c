"""Fetching: the only package that opens a socket; see `auditor.web.crawl.Crawl` for the way in."""
