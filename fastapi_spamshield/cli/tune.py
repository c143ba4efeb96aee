"""`spamshield tune`: thresholds for a promised rate of false positives."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import ConfigurationError, CorpusError
from ..evaluation.corpus import Corpus
from ..evaluation.formats import between, percent
from ..evaluation.judging import Judged, Recorder
from ..evaluation.thresholds import Choice, Tuned, choose, from_here_up
from ..settings import PREFIX
from ..shield import Shield
from .corpora import (
    BROKEN,
    AsJson,
    Files,
    LabelName,
    TextName,
    explained,
    judged,
    tell_errors,
    tell_ignored,
)

_LEAST, _MOST = 1e-6, 0.999_999


def tune(
    files: Files,
    *,
    max_fpr: Annotated[
        float,
        typer.Option(min=_LEAST, max=_MOST, help="The share of ham that may be called spam."),
    ] = 0.005,
    review_fpr: Annotated[
        float,
        typer.Option(
            min=_LEAST, max=_MOST, help="The share of ham that may be called suspicious, or spam."
        ),
    ] = 0.05,
    text_column: TextName = None,
    label_column: LabelName = None,
    as_json: AsJson = False,
) -> None:
    """Choose both thresholds on labelled texts.

    Ends with 0, with 1 if there is too little ham to promise that much, 2 if the texts can't be
    used.
    """
    if review_fpr < max_fpr:
        raise ConfigurationError(
            f"--review-fpr {review_fpr:g} lies below --max-fpr {max_fpr:g}: what is spam is "
            "suspicious too. Write a larger --review-fpr."
        )
    with explained():
        corpus = Corpus(files, text_column=text_column, label_column=label_column)
        shield = Shield()
        found = asyncio.run(judged(corpus, shield, Recorder(worst=0)))
        tuned = _tuned(found, corpus, shield.detector.name, max_fpr, review_fpr)
    if as_json:
        sys.stdout.write(f"{tuned.model_dump_json(indent=2)}\n")
    else:
        _show(tuned)
    raise typer.Exit(0 if tuned.kept else BROKEN)


def _tuned(
    found: Judged, corpus: Corpus, detector: str, max_fpr: float, review_fpr: float
) -> Tuned:
    scores, spam = found.scores[found.measured], found.spam[found.measured]
    for label, count in {"ham": int((~spam).sum()), "spam": int(spam.sum())}.items():
        if not count:
            raise CorpusError(f"The corpus has no {label} that could be measured; add some.")
    reject = choose(scores, spam, max_fpr)
    review = from_here_up(choose(scores, spam, review_fpr), scores, spam, reject.threshold)
    return Tuned(
        detector=detector,
        spam=int(spam.sum()),
        ham=int((~spam).sum()),
        errors=dict(found.errors),
        ignored=dict(corpus.ignored),
        reject=reject,
        review=review,
    )


def _show(tuned: Tuned) -> None:
    console = Console()
    table = Table(
        title=f"{tuned.detector} on {tuned.spam:,} spam and {tuned.ham:,} ham",
        title_justify="left",
    )
    for name in ("", "threshold", "ham called so", "95 % interval", "spam found", "95 % interval"):
        table.add_column(name, justify="right" if name else "left")
    for name, choice in {"spam above": tuned.reject, "suspicious from": tuned.review}.items():
        false, recall = choice.false_positive_rate, choice.recall
        table.add_row(
            name,
            f"{choice.threshold:g}",
            percent(false.value),
            between(false.low, false.high),
            percent(recall.value),
            between(recall.low, recall.high),
        )
    console.print(table)
    tell_errors(console, tuned.errors)
    tell_ignored(console, tuned.ignored)
    for choice in (tuned.reject, tuned.review):
        if not choice.kept:
            console.print(Text(_doubtful(choice, tuned.ham), style="yellow"))
    reject, review = tuned.reject.threshold, tuned.review.threshold
    sys.stdout.write(
        f"\n{PREFIX}THRESHOLD={reject!r}\n{PREFIX}REVIEW_THRESHOLD={review!r}\n"
        f"\nSpamPolicy(threshold={reject!r}, review_threshold={review!r})\n"
    )


def _doubtful(choice: Choice, ham: int) -> str:
    if ham < choice.ham_needed:
        return (
            f"This is no promise of {percent(choice.promised)}: it takes {choice.ham_needed:,} ham "
            f"at the least, and {ham:,} are there. With these the true share may be up to "
            f"{percent(choice.false_positive_rate.high)}."
        )
    return (
        f"This is no promise of {percent(choice.promised)}: too many ham have the same score. The "
        f"true share may be up to {percent(choice.false_positive_rate.high)}."
    )
