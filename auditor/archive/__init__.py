"""Runs in and out of a store: WARC files and plain folders."""
