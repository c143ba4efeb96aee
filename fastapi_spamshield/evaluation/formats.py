"""Figures as a person reads them."""

import math


def percent(share: float | None) -> str:
    """A share.

    Args:
        share: From 0 to 1; none or NaN where there was nothing to count.
    """
    if share is None or math.isnan(share):
        return "-"
    return f"{share:.2%}" if 0 < share < 0.1 else f"{share:.1%}"  # noqa: PLR2004 - where digits count


def between(low: float, high: float) -> str:
    """An interval.

    Args:
        low: Its beginning.
        high: Its end.
    """
    return f"{percent(low)} to {percent(high)}"


def narrow(low: float, high: float) -> str:
    """An interval in percent where there is little room.

    Args:
        low: Its beginning.
        high: Its end.
    """
    return f"{low * 100:.1f}–{high * 100:.1f}"  # noqa: RUF001 - an en dash is what is meant


def number(value: float | None, digits: int = 3) -> str:
    """A figure.

    Args:
        value: None or NaN where there was nothing to measure it on.
        digits: Behind the point.
    """
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def words(name: str) -> str:
    """`trigger_phrase` as people write it.

    Args:
        name: Of a signal.
    """
    return name.replace("_", " ")
