"""Pages together: what each is about, and what their site is about."""
