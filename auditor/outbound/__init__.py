"""Where a site links to: every domain with what is linked there and how, which are known, and which are new."""
