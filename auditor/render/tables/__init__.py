"""A report as three tables, one row a page, a link and a finding: CSV, JSON lines, Parquet, or a workbook."""
