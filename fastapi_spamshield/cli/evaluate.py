"""`spamshield eval`: how well the detector judges labelled texts."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..account import printable
from ..evaluation.corpus import Corpus
from ..evaluation.figures import Figures, Rate, slices
from ..evaluation.formats import between, narrow, number, percent
from ..evaluation.judging import Dimension, Judged, Recorder
from ..evaluation.mistakes import WORST
from ..evaluation.report import report
from ..evaluation.result import Demands, Limit, Result
from ..policy import SpamPolicy
from ..shield import Shield
from .corpora import (
    BROKEN,
    AsJson,
    Files,
    LabelName,
    TextName,
    can_be_written,
    explained,
    judged,
    tell_errors,
    tell_ignored,
)


def evaluate(
    files: Files,
    *,
    max_fpr: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="The largest share of ham that may be called spam."),
    ] = None,
    min_recall: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="The smallest share of spam that has to be found."),
    ] = None,
    max_unmeasured: Annotated[
        float,
        typer.Option(min=0, max=1, help="The largest share that the detector may fail to measure."),
    ] = 0.01,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="A score above it is spam.")
    ] = None,
    by: Annotated[
        list[Dimension] | None,
        typer.Option(
            metavar="NAME", help="Show each lang, source or kind by itself too; may be repeated."
        ),
    ] = None,
    report_to: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write a page of HTML with pictures."),
    ] = None,
    worst: Annotated[
        int,
        typer.Option(min=0, help="Mistakes of each kind in the report, with their texts; 0: none."),
    ] = WORST,
    text_column: TextName = None,
    label_column: LabelName = None,
    as_json: AsJson = False,
) -> None:
    """Measure the detector on labelled texts.

    Ends with 0 if all is as demanded, 1 if a limit is broken, 2 if the texts can't be read.
    """
    with explained():
        corpus = Corpus(files, text_column=text_column, label_column=label_column)
        if report_to is not None:
            can_be_written("--report", report_to, files)
        shield = Shield()
        policy = shield.policy.override(threshold=threshold)
        recorder = Recorder(by or (), worst if report_to else 0)
        found = asyncio.run(judged(corpus, shield, recorder, policy))
    demands = Demands(max_fpr, min_recall, max_unmeasured)
    result = _result(found, corpus, shield, policy, demands)
    if report_to is not None:
        report_to.write_text(report(result, found), "utf-8")
    if as_json:
        sys.stdout.write(f"{result.model_dump_json(indent=2)}\n")
    else:
        _show(result)
    raise typer.Exit(0 if result.holds else BROKEN)


def _result(
    found: Judged, corpus: Corpus, shield: Shield, policy: SpamPolicy, demands: Demands
) -> Result:
    figures = Figures.of(found)
    bands = max(found.bands, key=lambda one: found.bands[one], default=policy.bands())
    return Result(
        detector=shield.detector.name,
        threshold=bands.threshold,
        review_threshold=bands.review_threshold,
        several_thresholds=len(found.bands) > 1,
        files=corpus.files,
        figures=figures,
        slices=slices(found),
        answered=dict(found.answered),
        errors=dict(found.errors),
        ignored=dict(corpus.ignored),
        limits=demands.limits(figures),
    )


def _show(result: Result) -> None:
    console = Console()
    console.print(_overall(result))
    for dimension, rows in result.slices.items():
        console.print(
            Text(f"\nBy {dimension}. Below shares: their 95 % intervals. Lost: not measured.")
        )
        table = Table(
            box=box.SIMPLE_HEAD,
            collapse_padding=True,
            pad_edge=False,
        )
        table.add_column(dimension, overflow="fold", min_width=12)
        for name in ("spam", "ham", "AUC", "precision", "recall", "FPR", "ECE", "lost"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in rows:
            table.add_row(Text(printable(row.name)), *_cells(row.figures))
        console.print(table)
    if len(result.answered) > 1:
        who = ", ".join(f"{name} {count:,}" for name, count in result.answered.items())
        console.print(Text(f"Who measured: {who}.", style="yellow"))
    if result.several_thresholds:
        console.print(Text("The service's own thresholds applied to some texts."))
    tell_errors(console, result.errors)
    tell_ignored(console, result.ignored)
    for limit in result.limits:
        if limit.name != "unmeasured" or not limit.holds:
            console.print(_told(limit))


def _overall(result: Result) -> Table:
    figures = result.figures
    table = Table(title=f"{result.detector}, spam above {result.threshold:g}", title_justify="left")
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("95 % interval", justify="right")
    counted = f"{figures.texts:,} ({figures.spam:,} spam, {figures.ham:,} ham)"
    table.add_row("texts", counted, "")
    table.add_row("not measured", f"{figures.unmeasured:,}", "")
    table.add_row("ROC-AUC", number(figures.roc_auc), "")
    table.add_row("average precision", number(figures.average_precision), "")
    rates = {
        "precision": figures.precision,
        "recall": figures.recall,
        "false positives": figures.false_positive_rate,
    }
    for name, rate in rates.items():
        table.add_row(name, percent(rate.value), between(rate.low, rate.high))
    table.add_row("F1", number(figures.f1), "")
    table.add_row("calibration error", number(figures.calibration_error), "")
    milliseconds = "-" if figures.milliseconds is None else f"{figures.milliseconds:.2f} ms"
    table.add_row("one check, median", milliseconds, "")
    return table


def _cells(figures: Figures) -> Sequence[str]:
    return (
        f"{figures.spam:,}",
        f"{figures.ham:,}",
        number(figures.roc_auc),
        _rate(figures.precision),
        _rate(figures.recall),
        _rate(figures.false_positive_rate),
        number(figures.calibration_error),
        f"{figures.unmeasured:,}",
    )


def _rate(rate: Rate) -> str:
    if rate.value is None:
        return "-"
    return f"{percent(rate.value)}\n{narrow(rate.low, rate.high)}"


def _told(limit: Limit) -> Text:
    side = "at least" if limit.name == "recall" else "at most"
    demanded = f"{limit.title}: {side} {percent(limit.limit)} demanded"
    if limit.value is None:
        return Text(f"{demanded}, and there was nothing to measure it on.", style="red")
    if not limit.holds:
        return Text(f"{demanded}, and it is {percent(limit.value)}.", style="red")
    if not limit.sure:
        return Text(
            f"{demanded}, and it is {percent(limit.value)}; but with so few texts, it may be "
            "otherwise: see the interval.",
            style="yellow",
        )
    return Text(f"{demanded}, and it is {percent(limit.value)}.", style="green")
