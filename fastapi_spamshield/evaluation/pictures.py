"""What the pictures of a report show, in the units of their drawings."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from .intervals import wilson
from .metrics import BINS, Bin, Curve, Scores, Spam, bins, counts, precision_recall_curve

LEFT: Final = 48.0
TOP: Final = 14.0
WIDTH: Final = 340.0
HEIGHT: Final = 250.0
"""Where the field of a drawing lies, and how large it is."""

POINTS: Final = 300
"""A line of more points would look the same."""

THRESHOLDS: Final = tuple(place / 10 for place in range(1, 10))
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES: Final = (0.0, 0.01, 0.1, 0.3, 0.6, 1.0)
"""Ticks of the histogram, whose axis grows with the root: few texts are to be seen, too."""

_BARS: Final = 20
_LARGEST: Final = 9.0
_SMALLEST: Final = 2.5


class Point(NamedTuple):
    """A place in a drawing."""

    x: float
    y: float


def at(x: float, y: float) -> Point:
    """A place in a field of 0 to 1 each way, up being more.

    Args:
        x: From the left.
        y: From below.
    """
    return Point(round(LEFT + x * WIDTH, 2), round(TOP + (1 - y) * HEIGHT, 2))


class Row(NamedTuple):
    """What a threshold does."""

    threshold: float
    precision: float
    recall: float
    false_positive_rate: float


class PrecisionRecall(NamedTuple):
    """The curve of precision over recall.

    Attributes:
        path: The line, as SVG writes it.
        here: The place of the threshold that applies; none where nothing is called spam.
        base: What the precision of a guess would be.
        rows: Some thresholds.
    """

    path: str
    here: Point | None
    base: float
    rows: Sequence[Row]


def precision_recall(scores: Scores, called: Spam, spam: Spam) -> PrecisionRecall | None:
    """The curve of some texts; none where there is no spam or no ham.

    Args:
        scores: Of the texts.
        called: Which were called spam.
        spam: Which are.
    """
    if not spam.any() or spam.all():
        return None
    now = counts(called, spam)
    here = None if math.isnan(now.precision) else at(now.recall, now.precision)
    rows: list[Row] = []
    for threshold in THRESHOLDS:
        one = counts(scores > threshold, spam)
        rows.append(Row(threshold, one.precision, one.recall, one.false_positive_rate))
    return PrecisionRecall(
        _path(precision_recall_curve(scores, spam)), here, float(spam.mean()), rows
    )


def _path(curve: Curve) -> str:
    places = np.unique(np.linspace(0, len(curve.recall) - 1, POINTS).astype(int))
    line = [
        at(float(x), float(y))
        for x, y in zip(curve.recall[places], curve.precision[places], strict=True)
    ]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in line)


class Dot(NamedTuple):
    """A part of the scale in the reliability diagram.

    Attributes:
        bin: What lies in it.
        place: Its mean score, and its share of spam.
        radius: The area grows with the number of texts.
        low: Where the share may lie, 95 times in a hundred ...
        high: ... as places of the ends of a line.
    """

    bin: Bin
    place: Point
    radius: float
    low: Point
    high: Point


def reliability(scores: Scores, spam: Spam) -> list[Dot]:
    """Each tenth of the scale that holds texts.

    Args:
        scores: Of the texts.
        spam: Which are spam.
    """
    parts = [part for part in bins(scores, spam, BINS) if part.texts]
    most = max((part.texts for part in parts), default=1)
    dots: list[Dot] = []
    for part in parts:
        low, high = wilson(part.spam, part.texts)
        dots.append(
            Dot(
                part,
                at(part.mean, part.share),
                round(max(_LARGEST * math.sqrt(part.texts / most), _SMALLEST), 2),
                at(part.mean, low),
                at(part.mean, high),
            )
        )
    return dots


class Bar(NamedTuple):
    """A part of the scale in the histogram, and its bars: spam upwards, ham downwards."""

    x: float
    width: float
    spam_y: float
    spam_height: float
    ham_y: float
    ham_height: float


class Histogram(NamedTuple):
    """How the scores of both labels are spread.

    Attributes:
        bars: For the drawing.
        middle: Where both sides begin.
        rows: Ten parts of the scale, for the table.
    """

    bars: Sequence[Bar]
    middle: float
    rows: Sequence[Bin]


def histogram(scores: Scores, spam: Spam) -> Histogram:
    """The scores of both labels: what share of the label lies in each part of the scale.

    Args:
        scores: Of the texts.
        spam: Which are spam.
    """
    middle, side = TOP + HEIGHT / 2, HEIGHT / 2
    all_spam, all_ham = max(int(spam.sum()), 1), max(int((~spam).sum()), 1)
    width = WIDTH / _BARS
    bars: list[Bar] = []
    for place, part in enumerate(bins(scores, spam, _BARS)):
        up = round(side * root(part.spam / all_spam), 2)
        down = round(side * root(part.ham / all_ham), 2)
        x = round(LEFT + place * width + 1, 2)
        bars.append(Bar(x, round(width - 2, 2), round(middle - up, 2), up, middle, down))
    return Histogram(bars, middle, bins(scores, spam, BINS))


def root(share: float) -> float:
    """How far from the middle a share of the histogram reaches.

    Args:
        share: From 0 to 1.
    """
    return math.sqrt(share)
