"""Which commands there are, and how they are run."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from . import check, doctor, evaluate, routes, serve, train, tune
from .versions import own_version


def make_application() -> typer.Typer:
    """The command line: each command is a file of its own."""
    application = typer.Typer(
        name="spamshield",
        help="Judge texts, measure, train, look into an application, serve a gateway.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # They would show local variables, texts and keys too.
    )
    application.callback()(_version)
    for command in (check.check, serve.serve, routes.routes, doctor.doctor):
        application.command()(command)
    application.command("eval")(evaluate.evaluate)
    application.command()(tune.tune)
    application.command()(train.train)
    return application


def _show(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        sys.stdout.write(f"fastapi-spamshield {own_version()}\n")
        raise typer.Exit


def _version(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Judge texts, measure, train, look into an application, serve a gateway."""


def run(arguments: Sequence[str], *, usage: int) -> int:
    """Run a command.

    Args:
        arguments: As they stand on the command line.
        usage: The status where they make no sense.

    Returns:
        The status of the process.
    """
    try:
        make_application()(list(arguments), prog_name="spamshield")
    except SystemExit as end:
        # Of its own accord it exits with 2 where the arguments make no sense.
        wrong = end.code == 2 and not isinstance(end.__context__, typer.Exit)  # noqa: PLR2004
        return usage if wrong else int(end.code or 0)
    raise AssertionError("typer always exits")  # pragma: no cover - it does
