"""`spamshield doctor`: what is set up here, and whether it works."""

import asyncio
import platform
import sys
from collections.abc import Iterator
from typing import Annotated, cast

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..detectors.local.test_strings import SPAM_TEST_STRING
from ..models import SpamVerdict, Submission
from ..settings import PREFIX, SpamShieldSettings
from ..shield import Shield
from .versions import own_version, versions

SHORT_KEY = 16
"""Characters that a key should have."""


class Report(BaseModel):
    """What was found.

    Attributes:
        versions: Of what is installed.
        settings: Those that differ from what they are by default; no key is among them.
        detector: Who judges.
        policy: When something is spam.
        verdict: On the test string.
        warnings: What should be looked at.
    """

    versions: dict[str, str]
    settings: dict[str, str]
    detector: str
    policy: dict[str, str]
    verdict: SpamVerdict
    warnings: list[str]


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Show JSON instead of tables.")] = False,
) -> None:
    """Show the settings and ask the detector once. Ends with 1 if it could not measure."""
    report = asyncio.run(_examined())
    if as_json:
        shown = report.model_dump_json(indent=2, exclude={"verdict": {"raw"}})
        sys.stdout.write(f"{shown}\n")
    else:
        _show(report)
    raise typer.Exit(0 if report.verdict.score is not None else 1)


async def _examined() -> Report:
    async with Shield() as shield:
        submission = Submission(text=SPAM_TEST_STRING, ip="203.0.113.9")
        verdict = await shield.check(submission)
        return Report(
            versions={
                "python": platform.python_version(),
                "fastapi-spamshield": own_version(),
                **versions(),
            },
            settings=_changed(shield.settings),
            detector=shield.detector.name,
            policy={name: f"{value}" for name, value in shield.policy.model_dump().items()},
            verdict=verdict,
            warnings=list(_warnings(shield, verdict)),
        )


def _changed(settings: SpamShieldSettings) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, about in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value != about.default:
            found[f"{PREFIX}{name.upper()}"] = _written(value)
    return found


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value)))
    return f"{value}"


def _warnings(shield: Shield, verdict: SpamVerdict) -> Iterator[str]:
    if verdict.score is None:
        yield f"The detector could not measure the test string: {verdict.error}."
    elif not verdict.is_spam:
        yield (
            f"The test string has a score of {verdict.score:g}, which is no spam here. Only the "
            "embedded engine knows it; of another detector it says little."
        )
    if not shield.settings.trusted_proxies:
        yield (
            "No trusted proxies. That is right where clients reach the application themselves; "
            "behind a proxy all of them would have the proxy's address."
        )
    if shield.policy.shadow:
        yield "Shadow mode: nothing is refused."
    if shield.policy.on_error == "allow":
        yield "What can't be measured is let through unseen: on_error is allow."
    if any(len(key.get_secret_value()) < SHORT_KEY for key in shield.settings.keys):
        yield f"A key of the gateway is shorter than {SHORT_KEY} characters."


def _show(report: Report) -> None:
    console = Console()
    sections = {
        "versions": report.versions,
        "settings": report.settings or {"": "all as by default"},
        "policy": report.policy,
    }
    for title, values in sections.items():
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in values.items():
            table.add_row(name, Text(value))
        console.print(table)
    verdict = report.verdict
    measured = f"not measured, {verdict.error}"
    if verdict.score is not None:
        measured = f"score {verdict.score:g} in {verdict.latency_ms:.2f} ms"
    console.print(Text(f"The detector {report.detector}, asked once: {measured}."))
    for warning in report.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))
