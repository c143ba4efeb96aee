"""`spamshield train`: a model of the embedded engine, learned from one's own texts."""

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from ..detectors.local.model import default_model, write
from ..errors import ConfigurationError
from ..evaluation.corpus import Corpus
from ..evaluation.figures import Rate
from ..evaluation.formats import narrow, number, percent
from ..settings import PREFIX
from .corpora import (
    BROKEN,
    AsJson,
    Files,
    LabelName,
    TextName,
    can_be_written,
    explained,
    progress,
    tell_ignored,
)

if TYPE_CHECKING:
    from ..evaluation.rows import Labelled
    from ..training.comparison import Comparison

_EXTRA = ("scipy", "threadpoolctl")


def train(
    files: Files,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    own_only: Annotated[
        bool,
        typer.Option(
            "--own-only/--with-shipped",
            help="Learn from nothing but these texts, or correct the shipped model by them.",
        ),
    ] = False,
    max_fpr: Annotated[
        float,
        typer.Option(
            min=1e-6, max=0.5, help="The share of unseen ham that may score above 0.7 afterwards."
        ),
    ] = 0.003,
    prior: Annotated[
        float | None,
        typer.Option(
            min=1e-6,
            max=0.999_999,
            help="Instead of --max-fpr: the share of spam in all you get. Scores are then "
            "probabilities.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all choices that are made.")] = 5,
    text_column: TextName = None,
    label_column: LabelName = None,
    as_json: AsJson = False,
) -> None:
    """Train a model on labelled texts, and compare it with the shipped one.

    Ends with 0, with 1 if the shipped model is better, 2 if the texts can't be used. The model is
    written in both of the first cases.
    """
    try:
        from ..training.comparison import compare  # noqa: PLC0415 - it needs the extra
        from ..training.learning import STEPS, Plan, learn  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        raise ConfigurationError(
            f"Training needs {missing}, which is not installed. Install it with: "
            "python -m pip install 'fastapi-spamshield[cli,train]'"
        ) from None
    start = None if own_only else default_model()
    plan = Plan(start, seed=seed, rate=max_fpr, share=prior)
    with explained():
        corpus = Corpus(files, text_column=text_column, label_column=label_column)
        can_be_written("--out", out, files)
        rows: list[Labelled] = []
        with progress(corpus) as on_progress:
            for row in corpus:
                rows.append(row)
                on_progress(1)
        console = Console(stderr=True)
        columns = (TextColumn("learning"), BarColumn())
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            task = bar.add_task("", total=STEPS)
            learned = learn(rows, plan, lambda: bar.advance(task))
    compared = compare(learned, plan)
    data = write(learned.model)
    out.write_bytes(data)
    if as_json:
        sys.stdout.write(f"{compared.model_dump_json(indent=2)}\n")
    else:
        _show(compared, learned.folds.by, dict(corpus.ignored))
        digest = hashlib.sha256(data).hexdigest()
        sys.stdout.write(
            f"\nWritten: {out}, {len(data):,} bytes, SHA-256 {digest}\n"
            f"\n{PREFIX}MODEL={out}\n\nLocalDetector(model={str(out)!r})\n"
        )
    raise typer.Exit(BROKEN if compared.verdict == "worse" else 0)


def _show(compared: "Comparison", by: str, ignored: dict[str, int]) -> None:
    console = Console()
    what = "groups or sources" if by == "group" else "texts that differ"
    console.print(
        Text(
            f"{compared.texts:,} texts, {compared.spam:,} spam; left out in turn: a fifth of "
            f"{compared.groups:,} {what}."
        )
    )
    table = Table()
    table.add_column("")
    table.add_column("yours, left out", justify="right")
    table.add_column("shipped", justify="right")
    own, shipped = compared.own, compared.shipped
    table.add_row("ROC-AUC", number(own.roc_auc), number(shipped.roc_auc))
    table.add_row(
        "average precision", number(own.average_precision), number(shipped.average_precision)
    )
    table.add_row("recall above 0.7", _rate(own.recall), _rate(shipped.recall))
    table.add_row(
        "false positives above 0.7",
        _rate(own.false_positive_rate),
        _rate(shipped.false_positive_rate),
    )
    table.add_row(
        "calibration error", number(own.calibration_error), number(shipped.calibration_error)
    )
    console.print(table)
    tell_ignored(console, ignored)
    for warning in compared.warnings:
        console.print(Text(warning, style="yellow"))
    console.print(_verdict(compared))


def _rate(rate: Rate) -> str:
    return f"{percent(rate.value)} ({narrow(rate.low, rate.high)})"


def _verdict(compared: "Comparison") -> Text:
    difference = f"ROC-AUC {compared.low:+.3f} to {compared.high:+.3f}, 95 % interval"
    if compared.verdict == "better":
        return Text(f"Your model is better on these texts: {difference}.", style="green")
    if compared.verdict == "worse":
        return Text(
            f"Your model is worse than the shipped one: {difference}. Do not use it; more texts "
            "may help.",
            style="red",
        )
    return Text(
        f"These texts can't tell your model from the shipped one: {difference}. More texts would.",
        style="yellow",
    )
