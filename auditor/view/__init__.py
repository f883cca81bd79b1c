"""The local viewer: stored runs in a browser, read-only, and nothing crawled that could run there."""
