"""`spamshield routes`: which routes of an application are protected, and how."""

import json
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..web.binding import Endpoint, iter_endpoints
from ..web.check import SpamCheck
from ..web.deferred import SpamCheckLater
from ..web.dependency import Dependency
from ..web.form import TokenRule
from ..web.guard_dependency import SpamGuardMaker
from ..web.slips import find_slips
from ..web.text_dependency import TextDependency
from .importing import imported

_MADE_BY: dict[type[Dependency], str] = {
    SpamCheck: "spam_check",
    SpamCheckLater: "spam_check_later",
    SpamGuardMaker: "spam_guard",
}
_PLACES = ("field", "author", "email", "subject", "url", "honeypot", "elapsed", "form_token")


def routes(
    target: Annotated[
        str, typer.Argument(metavar="MODULE:APP", help="The application, such as main:app.")
    ],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show the routes without a check too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show JSON instead of a table.")] = False,
) -> None:
    """List the protected routes of an application. Ends with 1 if a check is set up wrongly."""
    endpoints = list(iter_endpoints(imported(target).routes))
    found = [row for endpoint in endpoints for row in _rows(endpoint, everything=everything)]
    slips = find_slips(endpoints, None)
    if as_json:
        sys.stdout.write(f"{json.dumps({'routes': found, 'slips': slips}, indent=2)}\n")
    else:
        _show(found, slips)
    raise typer.Exit(1 if slips else 0)


def _rows(endpoint: Endpoint, *, everything: bool) -> Iterator[dict[str, Any]]:
    route = {
        "method": ", ".join(sorted(endpoint.methods)) or "WebSocket",
        "path": endpoint.path,
    }
    protected = False
    for call in endpoint.dependencies:
        if isinstance(call, Dependency):
            protected = True
            yield {**route, **_described(call)}
    if everything and not protected:
        yield {**route, "check": None, "places": {}, "options": {}, "bypass": None}


def _described(check: Dependency) -> dict[str, Any]:
    places: dict[str, str] = {}
    if isinstance(check, TextDependency):
        for option in _PLACES:
            paths = getattr(check.intake, option)
            if paths:
                places[option] = ", ".join(".".join(path) for path in paths)
        if check.token is not None:
            places["form_token"] += f" ({_asked(check.token)})"
        if check.intake.source is not None:
            places["field"] = f"{_name(check.intake.source.dependency)}()"
    return {
        "check": _MADE_BY[type(check)],
        "places": places,
        "options": dict(check.options),
        "bypass": None if check.bypass is None else _name(check.bypass.dependency),
    }


def _asked(rule: TokenRule) -> str:
    session = None if rule.session is None else f"bound to {_name(rule.session.dependency)}()"
    required = "required" if rule.required else None
    return ", ".join(filter(None, [f"for {rule.purpose}", session, required]))


def _name(call: Any) -> str:
    return getattr(call, "__name__", type(call).__name__)


def _show(found: list[dict[str, Any]], slips: list[str]) -> None:
    console = Console()
    table = Table()
    for name in ("method", "path", "check", "places", "options", "bypass"):
        table.add_column(name, overflow="fold")
    for row in found:
        table.add_row(
            row["method"],
            Text(row["path"]),
            row["check"] or Text("none", style="yellow"),
            Text(_pairs(row["places"])),
            Text(_pairs(row["options"]) or "as the application"),
            Text(row["bypass"] or ""),
        )
    console.print(table)
    for slip in slips:
        console.print(Text(slip, style="red"))


def _pairs(values: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in values.items())
