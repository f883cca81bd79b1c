"""History: what changed from one report of a site to another, and how its past runs went."""
