"""Scores of different services on one scale."""

from bisect import bisect_left

from ..models import Detection

COMMON = (0.0, 0.3, 0.7, 1.0)
"""Lowest score, review threshold, threshold and highest score: the defaults of `SpamPolicy`."""


def common_score(detection: Detection) -> float:
    """A score moved so that the bands of its service come to lie on the common ones.

    0.5 is spam to one service and worth a review to another. Linear between 0, the review
    threshold, the threshold and 1, so that the order stays. Without bands it is the score itself.

    Args:
        detection: What a service found.
    """
    if detection.bands is None or detection.score == 0:
        return detection.score
    own = (0.0, *detection.bands, 1.0)
    above = bisect_left(own, detection.score)
    part = (detection.score - own[above - 1]) / (own[above] - own[above - 1])
    return COMMON[above - 1] + part * (COMMON[above] - COMMON[above - 1])
