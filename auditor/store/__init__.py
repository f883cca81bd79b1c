"""What was crawled and found, kept on disk; see `auditor.store.store.Store` for the way in."""
