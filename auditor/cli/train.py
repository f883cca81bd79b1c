"""`auditor train` and `auditor evaluate`: the models made again, and their figures taken again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.errors import ConfigError

Data = Annotated[
    Path, typer.Option("--data", help="Folder with the labelled pages (see CONTRIBUTING).", envvar="AUDITOR_DATA")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the generators and the trees.")]


def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Folder to write the models to.")] = Path("models"),
    seed: Seed = 0,
) -> None:
    """Train the link, related and page models from labelled pages. Takes about a quarter of an hour; needs auditor[train]."""
    _needs_sklearn()
    from auditor.training.train import train as run

    for folder in run(_folder(data), seed, say=_say).write(out):
        typer.echo(f"wrote {folder}")


def evaluate(
    data: Data,
    models: Annotated[
        Path, typer.Option("--models", help="Folder with the models whose recorded figures are the floor.")
    ] = Path("models"),
    seed: Seed = 0,
    families: Annotated[bool, typer.Option(help="Also leave out each injection family in turn.")] = True,
) -> None:
    """Measure the models on sites left out of training, beside the targets; exit 1 where a figure fell below its record."""
    _needs_sklearn()
    from auditor.training.evaluate import compare, table
    from auditor.training.train import train as run

    found = run(_folder(data), seed, say=_say, families=families)
    typer.echo(table(found))
    fallen = compare(found, models)
    for line in fallen:
        typer.echo(line, err=True)
    raise typer.Exit(1 if fallen else 0)


def _folder(data: Path) -> Path:
    if not (data / "pages").is_dir():
        raise ConfigError(f"{data} holds no labelled pages (no folder `pages`); name the data folder with --data")
    return data


def _needs_sklearn() -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise ConfigError("scikit-learn is not installed; install auditor[train]")


def _say(line: str) -> None:
    typer.echo(line, err=True)
