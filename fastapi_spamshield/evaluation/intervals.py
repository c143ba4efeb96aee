"""How far a share that was counted can be from the true one."""

import math
from typing import Final, NamedTuple

Z: Final = 1.959963984540054
"""Standard deviations to either side that hold 95 % of a normal distribution."""


class Interval(NamedTuple):
    """Where the true share lies, 95 times in a hundred.

    Attributes:
        low: From 0 ...
        high: ... to 1.
    """

    low: float
    high: float


def wilson(hits: int, count: int) -> Interval:
    """The 95 % interval of a share.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209. Unlike the usual
    one it is right for shares near 0 and for few texts.

    Args:
        hits: How many were counted.
        count: Of how many; of none the share may be any.
    """
    if not count:
        return Interval(0.0, 1.0)
    share = hits / count
    spread = Z * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    scale = 1 + Z * Z / count
    middle = share + Z * Z / (2 * count)
    low = 0.0 if not hits else max((middle - spread) / scale, 0.0)
    high = 1.0 if hits == count else min((middle + spread) / scale, 1.0)
    return Interval(low, high)


def needed(rate: float) -> int:
    """How many texts it takes to promise a rate: with not one hit, the interval ends there.

    Args:
        rate: Above 0 and below 1.
    """
    return math.ceil(Z * Z * (1 - rate) / rate)


def most_hits(rate: float, count: int) -> int:
    """How many hits are compatible with a promised rate; -1 where there are too few texts for it.

    Args:
        rate: The end of the interval may not lie above it.
        count: Of how many texts.
    """
    # The interval's end grows with the hits, and is never below their share.
    low, high = -1, int(rate * count)
    while low < high:
        middle = (low + high + 1) // 2
        if wilson(middle, count).high <= rate:
            low = middle
        else:
            high = middle - 1
    return low
