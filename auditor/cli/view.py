"""`auditor view`: the runs that are kept, in a browser on this machine."""

from __future__ import annotations

import os
import re
import signal
from typing import Annotated

import typer

from auditor.cli import options as opt
from auditor.errors import ConfigError, StoreError

VARIABLE = "AUDITOR_VIEW_TOKEN"
LEAST = 16
"""Characters of a token."""

RunNumber = Annotated[
    int | None,
    typer.Argument(
        metavar="[RUN]", help="Number of a run to begin with, as `auditor runs` lists it.", show_default=False
    ),
]
Host = Annotated[str, typer.Option(metavar="HOST", help="Where to listen; other machines need the token.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, metavar="N", help="The port; 0 for any that is free.")]
Token = Annotated[
    bool,
    typer.Option("--token", help=f"Ask for a token on this machine too: {VARIABLE}, or one that is made and printed."),
]
Open = Annotated[bool, typer.Option("--open", help="Open it in the browser.")]


def view(
    run: RunNumber = None, store: opt.StoreFolder = None, host: Host = "127.0.0.1", port: Port = 0, token: Token = False,
    open: Open = False,
) -> None:  # fmt: skip
    """Show the runs that are kept in a browser: read-only, and on this machine alone unless --host says otherwise.

    Ctrl-C ends it.
    """
    from auditor.store.reading import Reading
    from auditor.store.store import default_folder
    from auditor.view.answers import Answers
    from auditor.view.server import Viewer, is_loopback

    folder = store or default_folder()
    with Reading(folder) as kept:
        if run is not None and kept.info(run) is None:
            raise StoreError(f"there is no run {run} in {folder}; `auditor runs` lists them")
    secret, made = _secret(token or not is_loopback(host))
    with Viewer(Answers(folder), host, port, secret) as viewer:
        address = viewer.url + (f"run/{run}/" if run is not None else "")
        entry = f"{address}?token={secret}" if secret else address
        shown = entry if made or not secret else f"{address} (with the token of {VARIABLE})"
        typer.echo(f"Runs of {folder} at {shown}\nCtrl-C ends it.", err=True)
        if open:
            import webbrowser

            webbrowser.open(entry)
        signal.signal(signal.SIGTERM, _stop)
        try:
            viewer.serve_forever()
        except KeyboardInterrupt:
            typer.echo("", err=True)


def _secret(needed: bool) -> tuple[str, bool]:
    """The token, empty for none, and whether it was made here."""
    if not needed:
        return "", False
    named = os.environ.get(VARIABLE, "")
    if not named:
        import secrets

        return secrets.token_urlsafe(24), True
    if not re.fullmatch(rf"[A-Za-z0-9._~-]{{{LEAST},200}}", named):
        raise ConfigError(f"{VARIABLE} takes {LEAST} to 200 letters, digits and . _ ~ -; leave it out to have one made")
    return named, False


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt
