"""A scan: a crawl into the store, audited beside it in several processes; see `auditor.scan.scan.Scan`."""
