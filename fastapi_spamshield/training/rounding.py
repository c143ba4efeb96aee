"""From what was learned to a model of whole numbers."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ..detectors.local.model import Model
from .fitting import Fit
from .matrix import Matrix

STEPS: Final = 127


def rounded(learned: Fit, prior: float, matrix: Matrix, about: Mapping[str, Any]) -> Model:
    """A model with whole numbers for weights, its bias refitted after rounding.

    Args:
        learned: What was learned.
        prior: What is added to its log-odds.
        matrix: The texts that it was learned from.
        about: How it came about.
    """
    largest = float(np.quantile(np.abs(learned.grams[learned.grams != 0]), 0.9999))
    step = largest / STEPS
    whole = np.clip(np.rint(learned.grams / step), -STEPS, STEPS)
    factors = np.round(learned.factors, 4)
    exact = learned.log_odds(matrix)
    coarse = Fit(whole * step, factors, learned.bias).log_odds(matrix)
    return Model(
        bias=round(learned.bias + float(np.mean(exact - coarse)) + prior, 4),
        scale=step,
        weights=whole.astype(np.int8),
        factors={name: float(factor) for name, factor in zip(matrix.names, factors, strict=True)},
        about=about,
    )
