"""From evidence to a score."""

import math

PRIOR = 4.0
"""Evidence, in logit units, at which spam and ham are equally likely."""


def score_of(weight: float) -> float:
    """The score 1 / (1 + e^(4 - weight)): 0.018 without evidence, 0.5 at 4, 0.731 at 5.

    The curve of ToolkitAPI's spam score, as its documented values tell it: 0.018 for a weight of 0,
    and spam, above 0.7, for a honeypot of weight 5 alone.

    Args:
        weight: The sum of the signals' weights.
    """
    return 1.0 / (1.0 + math.exp(PRIOR - weight))
