"""Logistic regression with two kinds of features and a weight for each text."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has no types

from .matrix import Matrix

Numbers = NDArray[np.float64]


class Fit(NamedTuple):
    """What was learned.

    Attributes:
        grams: The weight of each bucket.
        factors: What the strength of each named signal counts.
        bias: The constant.
    """

    grams: Numbers
    factors: Numbers
    bias: float

    def log_odds(self, matrix: Matrix) -> Numbers:
        """What it thinks of texts.

        Args:
            matrix: The texts.
        """
        grams = np.asarray(matrix.grams @ self.grams.astype(np.float32), np.float64)
        return grams + matrix.strengths @ self.factors + self.bias


class Penalties(NamedTuple):
    """How strongly weights are held back, for a mean loss.

    Attributes:
        grams: Of the buckets, towards 0.
        factors: Of the factors, towards `usual`.
        usual: What a named signal counts that occurs too seldom to learn from.
        steps: After so many the search ends, which holds back too.
    """

    grams: float = 5e-6
    factors: float = 1e-3
    usual: float = 0.6
    steps: int = 60


def fit(
    matrix: Matrix,
    spam: NDArray[np.bool_],
    weights: Numbers,
    penalties: Penalties,
    start: Fit | None = None,
) -> Fit:
    """Learn from texts. The same texts give the same result, bit for bit.

    A rare n-gram is held back less than a frequent one, by the logarithm of the share of texts that
    hold it (inverse document frequency): without this, what is everywhere decides.

    Args:
        matrix: The texts.
        spam: Which of them are spam.
        weights: How much each counts.
        penalties: How strongly weights are held back.
        start: What is known already: weights are held back towards it instead of 0 and `usual`.
    """
    rarity = rarity_of(matrix)
    strengths = matrix.strengths
    grams = sparse.csr_array(matrix.grams @ sparse.diags_array(rarity))
    transposed = sparse.csr_array(grams.T)
    width, names = grams.shape[1], strengths.shape[1]
    weights = weights / weights.sum()
    sides = np.where(spam, 1.0, -1.0)
    if start is None:
        start = Fit(np.zeros(width), np.full(names, penalties.usual), 0.0)
    known = np.asarray(matrix.grams @ start.grams.astype(np.float32), np.float64)

    def loss(point: Numbers) -> tuple[float, Numbers]:
        own, factors, bias = point[:width], point[width:-1], point[-1]
        found = known + grams @ own.astype(np.float32) + strengths @ factors + bias
        margins = sides * found
        pulls: Numbers = -sides * weights * np.exp(-np.logaddexp(0, margins))
        apart = factors - start.factors
        value = (
            (weights * np.logaddexp(0, -margins)).sum()
            + 0.5 * penalties.grams * (own @ own)
            + 0.5 * penalties.factors * (apart @ apart)
        )
        slope = np.concatenate(
            [
                transposed @ pulls.astype(np.float32) + penalties.grams * own,
                strengths.T @ pulls + penalties.factors * apart,
                [pulls.sum()],
            ]
        )
        return float(value), slope

    first = np.concatenate([np.zeros(width), start.factors, [start.bias]])
    bounds = [(None, None)] * width + [(0.0, None)] * names + [(None, None)]
    # Its matrices are tiny: several threads would wait for each other, twenty times as long.
    with threadpool_limits(limits=1, user_api="blas"):
        found = minimize(
            loss,
            first,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": penalties.steps, "maxcor": 8, "ftol": 1e-7},
        )
    point: Numbers = found.x
    return Fit(start.grams + point[:width] * rarity, point[width:-1], float(point[-1]))


def rarity_of(matrix: Matrix) -> NDArray[np.float32]:
    """The inverse document frequency of each bucket, at least 0.

    Args:
        matrix: The texts.
    """
    count, width = matrix.grams.shape
    holding = np.bincount(matrix.grams.indices, minlength=width)
    return np.log((count + 1) / (holding + 1)).astype(np.float32)
