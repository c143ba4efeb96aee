"""`spamshield check`: judge one text."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..explanation import Explanation
from ..models import Action, SpamVerdict, Submission
from ..shield import Shield

STATUS: dict[Action, int] = {"allow": 0, "review": 1, "reject": 2}
"""The status of the process for each action."""

_COLOURS = {"ham": "green", "suspicious": "yellow", "spam": "red", "unknown": "magenta"}


def check(
    text: Annotated[str, typer.Argument(help="The text, or - to read it from standard input.")],
    *,
    author: Annotated[str | None, typer.Option(help="The sender's name.")] = None,
    email: Annotated[str | None, typer.Option(help="The sender's e-mail address.")] = None,
    ip: Annotated[str | None, typer.Option(help="The sender's address.")] = None,
    kind: Annotated[str, typer.Option(help="comment, contact, signup, ...")] = "comment",
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="A score above it is spam.")
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(help="Show the account for a moderator, and what would change the verdict."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Show the verdict as JSON instead of a table.")
    ] = False,
) -> None:
    """Judge a text. Ends with 0 for allow, 1 for review, 2 for reject."""
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    submission = Submission(text=text, author=author, email=email, ip=ip, kind=kind)
    if explain:
        explanation = asyncio.run(_explained(submission, threshold))
        if as_json:
            shown = explanation.model_dump_json(exclude={"verdict": {"raw"}}, indent=2)
        else:
            shown = explanation.account(submission)
        sys.stdout.write(f"{shown}\n")
        raise typer.Exit(STATUS[explanation.verdict.action])
    verdict = asyncio.run(_judged(submission, threshold))
    if as_json:
        sys.stdout.write(f"{verdict.model_dump_json(exclude={'raw'}, indent=2)}\n")
    else:
        _show(verdict)
    raise typer.Exit(STATUS[verdict.action])


async def _judged(submission: Submission, threshold: float | None) -> SpamVerdict:
    async with Shield() as shield:
        policy = shield.policy.override(threshold=threshold)
        return await shield.check(submission, policy=policy)


async def _explained(submission: Submission, threshold: float | None) -> Explanation:
    async with Shield() as shield:
        policy = shield.policy.override(threshold=threshold)
        return await shield.explain(submission, policy=policy)


def _show(verdict: SpamVerdict) -> None:
    console = Console()
    about = Table(show_header=False)
    about.add_row("action", verdict.action)
    about.add_row("label", Text(verdict.label, style=_COLOURS[verdict.label]))
    score = "not measured" if verdict.score is None else f"{verdict.score:.3f}"
    about.add_row("score", score)
    about.add_row("review from", f"{verdict.review_threshold:g}")
    about.add_row("spam above", f"{verdict.threshold:g}")
    for name in ("category", "reason", "detector", "error"):
        value = getattr(verdict, name)
        if value is not None:
            about.add_row(name, Text(value))
    about.add_row("milliseconds", f"{verdict.latency_ms:.2f}")
    console.print(about)
    if verdict.signals:
        evidence = Table("signal", "weight", "detail")
        for signal in verdict.signals:
            evidence.add_row(signal.name, f"{signal.weight:+.2f}", Text(signal.detail or ""))
        console.print(evidence)
