"""`auditor train` and `auditor evaluate`: the models made again, and their figures taken again, on the data or on pages of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.errors import ConfigError

Data = Annotated[
    Path, typer.Option("--data", help="Folder with the labelled pages (see CONTRIBUTING).", envvar="AUDITOR_DATA")
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the generators and the trees.")]
Only = Annotated[str, typer.Option("--only", metavar="health", help="The health models alone.", show_default=False)]
Models = Annotated[Path, typer.Option("--models", help="Folder with the models whose recorded floors are held to.")]


# fmt: off
def train(
    data: Data, seed: Seed = 0,
    out: Annotated[Path, typer.Option("--out", help="Folder to write the models to.")] = Path("models"),
    add: Annotated[list[Path] | None, typer.Option(
        metavar="FILE", help="Also learn from these labelled pages of your own (JSON lines); repeatable.", show_default=False
    )] = None,
    lower_floors: Annotated[bool, typer.Option(
        "--lower-floors", help="Write the models even where a figure fell below its recorded floor."
    )] = False,
    only: Only = "",
) -> None:
    # fmt: on
    """Train the link, related and page models from labelled pages. Takes about twenty-five minutes on two cores; needs auditor[train].

    Exit code: 0 written, 1 a figure fell below its floor and nothing was written, 2 not trained.
    """
    needs_sklearn()
    from auditor.training.floors import readable
    from auditor.training.train import train as run

    target = readable(out)  # before the work is done, not after
    written = run(folder(data), seed, say=say, add=add or (), only=known_part(only)).write(target, lower_floors)
    for figure in written.fallen:
        say(str(figure))
    for made in written.folders:
        typer.echo(f"wrote {made}")
    if not written.folders:
        say("nothing was written; --lower-floors writes all the same")
        raise typer.Exit(1)


# fmt: off
def evaluate(
    data: Annotated[Path | None, typer.Option(
        "--data", help="Folder with the labelled pages (see CONTRIBUTING).", envvar="AUDITOR_DATA"
    )] = None,
    models: Models = Path("models"), seed: Seed = 0,
    families: Annotated[bool, typer.Option(help="Also leave out each injection family in turn.")] = True,
    labels: Annotated[Path | None, typer.Option(
        metavar="FILE", help="Score the shipped models on these labelled pages of your own (JSON lines) instead.",
        show_default=False,
    )] = None,
    errors: Annotated[Path | None, typer.Option(
        metavar="FILE", help="With --labels: write the pages that were judged wrongly to this file (JSON lines).",
        show_default=False,
    )] = None,
    only: Only = "",
) -> None:
    # fmt: on
    """Measure the models on sites left out of training, beside the targets; or with --labels on pages of your own.

    Exit code: 0 measured, 1 a figure fell below its recorded floor, 2 not measured.
    """
    if labels is not None:
        return _score(labels, errors)
    needs_sklearn()
    from auditor.training.evaluate import below, notes, parts, records, table
    from auditor.training.train import train as run

    pages, known = folder(data), records(models, parts(known_part(only)))
    found = run(pages, seed, say=say, families=families, only=only)
    typer.echo(table(found))
    fallen = below(found, known)
    for line in (*notes(found, known), *map(str, fallen)):
        say(line)
    raise typer.Exit(1 if fallen else 0)


def _score(file: Path, errors: Path | None) -> None:
    from auditor.training import score
    from auditor.training.labels import read

    target = score.writable(errors) if errors is not None else None
    labels = read(file)
    for line in labels.bad:
        say(f"{file}: {line}")
    scored = score.score(labels)
    typer.echo(score.text(scored, labels), nl=False)
    if target is not None:
        score.write_errors(scored, target)


def known_part(only: str) -> str:
    if only not in ("", "health"):
        raise ConfigError(f"--only {only}: there is no such part of the models; `health` is one")
    return only


def folder(data: Path | None) -> Path:
    if data is None:
        raise ConfigError("no labelled pages are named; name the data folder with --data, or a file of your own with --labels")
    if not (data / "pages").is_dir():
        raise ConfigError(f"{data} holds no labelled pages (no folder `pages`); name the data folder with --data")
    return data


def needs_sklearn() -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise ConfigError("scikit-learn is not installed; install auditor[train]")


def say(line: str) -> None:
    typer.echo(line, err=True)
