"""What became of a correction, and what corrections there are."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, Field

FeedbackLabel = Literal["spam", "ham"]
"""What a submission should have been called."""


class Feedback(BaseModel, frozen=True):
    """A correction, and who was told of it."""

    id: str = Field(description="What `forget` wants.")
    verdict_id: str = Field(description="Of the verdict that was corrected.")
    label: FeedbackLabel = Field(description="What it should have been.")
    forgotten: bool = Field(default=False, description="Whether it was taken back.")
    learned: tuple[str, ...] = Field(
        default=(),
        description="Which detectors have learned of it; once forgotten: have unlearned it.",
    )
    saved: bool = Field(
        default=False, description="Whether that will be so after a restart of the application."
    )
    told: tuple[str, ...] = Field(
        default=(),
        description="Which hosted services know of it; once forgotten: were told the opposite, "
        "which is what they had said by themselves.",
    )
    untold: Mapping[str, str] = Field(
        default_factory=dict,
        description="Which services that judged do not know of it, and why: an `ErrorCode`; "
        "`no_feedback`: it takes none; `agreed`: it had said so itself; `closed`: it is not open "
        "here; `unsure`: it had said neither, and can't be told that again; `not_remembered`: "
        "what it had said is forgotten.",
    )


class Lessons(BaseModel, frozen=True):
    """What the embedded engine has learned of corrections."""

    version: str = Field(
        description="Another one whenever scores may differ; the same again after `forget`."
    )
    kept: int = Field(description="How many corrections are kept.")
    spam: int = Field(description="How many of spam count.")
    ham: int = Field(description="How many of ham count.")
    general: bool = Field(
        description="Whether they are enough for other texts than those that were corrected."
    )
    saved: bool = Field(description="Whether all of them are in the file.")
