"""What an evaluation found: what `spamshield eval --json` writes."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from .figures import Figures, Slice


class Limit(BaseModel, frozen=True):
    """Something that was demanded."""

    name: str = Field(description="Of what: `false_positive_rate`, `recall`, `unmeasured`.")
    limit: float = Field(description="What it may be at most, or has to be at least.")
    value: float | None = Field(description="What it is; none: there was nothing to measure it on.")
    holds: bool = Field(description="Whether it is as demanded; what was not measured is not.")
    sure: bool = Field(
        description="Whether the whole interval is on the right side: whether there were enough "
        "texts to be sure."
    )


class Result(BaseModel, frozen=True):
    """How well a detector judges some texts."""

    detector: str = Field(description="Its name.")
    threshold: float = Field(description="A score above it is called spam.")
    review_threshold: float = Field(description="From here up it is suspicious.")
    several_thresholds: bool = Field(
        description="Whether other thresholds applied to some texts: those of a service."
    )
    files: Sequence[str]
    figures: Figures = Field(description="Of all texts.")
    slices: dict[str, Sequence[Slice]] = Field(description="By what the texts were cut.")
    errors: dict[str, int] = Field(description="Why texts were not measured, and how often.")
    ignored: dict[str, int] = Field(description="Fields of the corpus that mean nothing here.")
    limits: Sequence[Limit]

    @property
    def holds(self) -> bool:
        """Whether everything is as demanded."""
        return all(limit.holds for limit in self.limits)


def at_most(name: str, limit: float, value: float | None, high: float) -> Limit:
    """A figure that may not be larger.

    Args:
        name: Of the figure.
        limit: The largest it may be.
        value: What it is.
        high: What it can be.
    """
    holds = value is not None and value <= limit
    return Limit(name=name, limit=limit, value=value, holds=holds, sure=high <= limit)


def at_least(name: str, limit: float, value: float | None, low: float) -> Limit:
    """A figure that may not be smaller.

    Args:
        name: Of the figure.
        limit: The smallest it may be.
        value: What it is.
        low: What it can be.
    """
    holds = value is not None and value >= limit
    return Limit(name=name, limit=limit, value=value, holds=holds, sure=low >= limit)
