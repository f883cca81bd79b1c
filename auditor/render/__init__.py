"""Report → text, one module a format; crawled text is escaped here and nowhere else."""
