"""Several processes that audit documents together."""
