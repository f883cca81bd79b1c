"""The command line: arguments → Config → one library call → exit code.

Exit codes: 0 nothing at or above the gate, 1 findings at or above it, 2 the program could not do its job,
130 interrupted.
Nothing heavy is imported here: `auditor --version` and a pre-commit hook wait for nothing they do not use.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from auditor.cli.commands import Commands
from auditor.errors import AuditorError

# Start-up makes some hundred thousand objects that live as long as the program; looking through them for garbage
# every 700 new ones costs a cold start a tenth of its time.
gc.set_threshold(100_000, 20, 20)


class _Commands(TyperGroup):
    """Turns whatever a command raises into a line on stderr and an exit code with one meaning."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands()

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AuditorError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(130) from None
        except Exception as error:
            if isinstance(error, typer.Abort) or hasattr(error, "exit_code"):  # the command line's own way to leave
                raise
            import traceback

            traceback.print_exc()
            name = type(error).__name__
            typer.echo(f"error: a defect of this program ({name}); please report the lines above", err=True)
        raise typer.Exit(2)


app = typer.Typer(
    cls=_Commands,
    help="Find planted links, off-topic related posts, foreign articles and untrustworthy health content.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from auditor.version import __version__

        sys.stdout.write(f"auditor {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass
