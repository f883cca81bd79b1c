"""`python -m auditor`: the command line without an installed script."""

from auditor.cli import app

app(prog_name="auditor")
