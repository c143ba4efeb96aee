"""What an evaluation found: what `spamshield eval --json` writes."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, Field

from .figures import Figures, Slice


class Limit(BaseModel, frozen=True):
    """Something that was demanded."""

    name: Literal["false_positive_rate", "recall", "unmeasured"] = Field(
        description="Of which figure."
    )
    limit: float = Field(description="What it may be at most, or has to be at least.")
    value: float | None = Field(description="What it is; none: there was nothing to measure it on.")
    holds: bool = Field(description="Whether it is as demanded; what was not measured is not.")
    sure: bool = Field(
        description="Whether the whole interval is on the right side: whether there were enough "
        "texts to be sure."
    )

    @property
    def title(self) -> str:
        """What it is about, as people write it."""
        return _TITLES[self.name]


_TITLES: Final = {
    "false_positive_rate": "False positives",
    "recall": "Recall",
    "unmeasured": "Not measured",
}


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
    answered: dict[str, int] = Field(description="Which detector measured how many texts.")
    errors: dict[str, int] = Field(description="Why texts were not measured, and how often.")
    ignored: dict[str, int] = Field(description="Fields of the corpus that mean nothing here.")
    limits: Sequence[Limit]

    @property
    def holds(self) -> bool:
        """Whether everything is as demanded."""
        return all(limit.holds for limit in self.limits)


class Demands(NamedTuple):
    """What is demanded of a detector.

    Attributes:
        max_fpr: The largest share of ham that may be called spam.
        min_recall: The smallest share of spam that has to be found.
        max_unmeasured: The largest share of texts that may not be measured.
    """

    max_fpr: float | None
    min_recall: float | None
    max_unmeasured: float

    def limits(self, figures: Figures) -> list[Limit]:
        """Whether all of it holds.

        Args:
            figures: Of at least one text.
        """
        found: list[Limit] = []
        if self.max_fpr is not None:
            rate = figures.false_positive_rate
            found.append(
                Limit(
                    name="false_positive_rate",
                    limit=self.max_fpr,
                    value=rate.value,
                    holds=rate.value is not None and rate.value <= self.max_fpr,
                    sure=rate.high <= self.max_fpr,
                )
            )
        if self.min_recall is not None:
            rate = figures.recall
            found.append(
                Limit(
                    name="recall",
                    limit=self.min_recall,
                    value=rate.value,
                    holds=rate.value is not None and rate.value >= self.min_recall,
                    sure=rate.low >= self.min_recall,
                )
            )
        share = figures.unmeasured / figures.texts
        holds = share <= self.max_unmeasured
        found.append(
            Limit(
                name="unmeasured",
                limit=self.max_unmeasured,
                value=share,
                holds=holds,
                sure=holds,
            )
        )
        return found
