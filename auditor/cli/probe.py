"""`auditor probe`: shortcuts that a model could take, and what each group of features is worth."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli.train import Data, Seed, folder, needs_sklearn, say


def probe(
    data: Data,
    seed: Seed = 0,
    ablations: Annotated[bool, typer.Option(help="Also fit the link model without each group of its features.")] = True,
) -> None:
    """Ask whether labels can be told from what must not matter (year, size, origin …), and what each group of features is worth.

    Exit code: 0 probed, 1 a generator's twins differ in what they must not, 2 not probed.
    """
    needs_sklearn()
    from auditor.training.probing import probe as run

    found = run(folder(data), seed, say, ablations)
    typer.echo(found.text())
    raise typer.Exit(1 if found.leaks else 0)
