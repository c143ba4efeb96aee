"""What is said of a corpus, and of each of its slices."""

import math
from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from pydantic import BaseModel, Field

from . import metrics
from .intervals import wilson
from .judging import Judged
from .metrics import Spam

MOST_SLICES: Final = 30
"""Further ones are put together: their names come from the corpus, and may be any number."""


class Rate(BaseModel, frozen=True):
    """A share, and how far the true one can be from it."""

    value: float | None = Field(description="From 0 to 1; none where there was nothing to count.")
    low: float = Field(description="The true share lies from here ...")
    high: float = Field(description="... to here, 95 times in a hundred (Wilson).")
    hits: int = Field(description="How many were counted ...")
    count: int = Field(description="... of how many.")

    @classmethod
    def of(cls, hits: int, count: int) -> Self:
        """A share that was counted.

        Args:
            hits: How many.
            count: Of how many.
        """
        low, high = wilson(hits, count)
        value = hits / count if count else None
        return cls(value=value, low=low, high=high, hits=hits, count=count)


class Figures(BaseModel, frozen=True):
    """How well some texts were judged. Shares are of those that were measured."""

    texts: int
    spam: int = Field(description="How many of them are spam.")
    ham: int = Field(description="How many are not.")
    unmeasured: int = Field(description="How many the detector could not measure; neither kind.")
    roc_auc: float | None = Field(description="The chance that a spam scores higher than a ham.")
    average_precision: float | None = Field(description="The area below precision over recall.")
    precision: Rate = Field(description="Of what is called spam, how much is.")
    recall: Rate = Field(description="Of the spam, how much is called so.")
    false_positive_rate: Rate = Field(description="Of the ham, how much is called spam.")
    f1: float | None = Field(description="The harmonic mean of precision and recall.")
    calibration_error: float | None = Field(
        description="How far scores are from shares of spam, in ten parts of the scale."
    )
    milliseconds: float | None = Field(description="For one check, the median.")

    @classmethod
    def of(cls, judged: Judged, chosen: Spam | None = None) -> Self:
        """The figures of some texts.

        Args:
            judged: What was found.
            chosen: Of which texts. Default: of all.
        """
        if chosen is None:
            chosen = np.ones(len(judged.spam), np.bool_)
        measured = chosen & judged.measured
        scores, spam = judged.scores[measured], judged.spam[measured]
        counts = metrics.counts(judged.called[measured], spam)
        return cls(
            texts=int(chosen.sum()),
            spam=int(judged.spam[chosen].sum()),
            ham=int((~judged.spam[chosen]).sum()),
            unmeasured=int((chosen & ~judged.measured).sum()),
            roc_auc=known(metrics.roc_auc(scores, spam)),
            average_precision=known(metrics.average_precision(scores, spam)),
            precision=Rate.of(counts.found, counts.found + counts.refused),
            recall=Rate.of(counts.found, counts.spam),
            false_positive_rate=Rate.of(counts.refused, counts.ham),
            f1=known(counts.f1),
            calibration_error=known(metrics.calibration_error(scores, spam)),
            milliseconds=float(np.median(judged.milliseconds[measured])) if len(scores) else None,
        )


def known(number: float) -> float | None:
    """A figure; none where it is not a number, so that it can be written as JSON.

    Args:
        number: What was worked out.
    """
    return None if math.isnan(number) else number


class Slice(BaseModel, frozen=True):
    """Some of the texts."""

    name: str
    figures: Figures


def slices(judged: Judged) -> dict[str, Sequence[Slice]]:
    """The figures of each slice, the largest first, by dimension.

    Args:
        judged: What was found.
    """
    found: dict[str, Sequence[Slice]] = {}
    for dimension, (names, places) in judged.slices.items():
        sizes = np.bincount(places, minlength=len(names))
        order = sorted(range(len(names)), key=lambda place: (-sizes[place], names[place]))
        shown, others = order[:MOST_SLICES], order[MOST_SLICES:]
        rows = [
            Slice(name=names[place], figures=Figures.of(judged, places == place)) for place in shown
        ]
        if others:
            together = Figures.of(judged, np.isin(places, others))
            rows.append(Slice(name=f"({len(others)} others)", figures=together))
        found[dimension.value] = rows
    return found
