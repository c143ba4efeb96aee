"""What would have been judged otherwise: `Explanation` and its parts."""

from pydantic import BaseModel, Field

from .account import quoted
from .models import Action, Label, Score, SpamVerdict, Span, Submission


class Part(BaseModel, frozen=True, extra="forbid"):
    """Something in a submission that could be left out."""

    name: str = Field(
        description="`link`, `address`, the name of a signal, or that of a field of the submission."
    )
    number: int | None = Field(
        default=None, description="Which of them, from 1; `None`: the only one."
    )
    field: str = Field(description="The field of the submission that it stands in.")
    span: Span | None = Field(
        default=None, description="Its characters there; `None`: the whole field."
    )

    @property
    def title(self) -> str:
        """What to call it, such as `link 2`."""
        return self.name if self.number is None else f"{self.name} {self.number}"


class Counterfactual(BaseModel, frozen=True, extra="forbid"):
    """What the submission gets without some of its parts: judged again, not worked out."""

    without: tuple[Part, ...] = Field(description="What was left out.")
    score: Score | None = Field(description="`None`: could not be measured.")
    label: Label = Field(description="The band of the score.")
    action: Action = Field(description="What would be done.")

    def account(self, submission: Submission | str | None = None) -> str:
        """One line, such as `without link 2 (text 64-83): 0.410, review`.

        Args:
            submission: What was judged, to quote what was left out.
        """
        score = "not measured" if self.score is None else f"{self.score:.3f}"
        parts = ", ".join(_named(part, submission) for part in self.without)
        return f"without {parts}: {score}, {self.action}"


class Explanation(BaseModel, frozen=True, extra="forbid"):
    """A verdict, and what would have changed it. For moderators, never for the sender."""

    verdict: SpamVerdict = Field(description="On the submission as it is.")
    counterfactuals: tuple[Counterfactual, ...] = Field(
        default=(),
        description="Without each part alone that changes the score, the lowest score first.",
    )
    smallest_change: Counterfactual | None = Field(
        default=None,
        description="A set of parts without which the submission would be allowed, and no part of "
        "which could stay; `None`: it is allowed anyway, or none was found.",
    )
    judgements: int = Field(default=0, ge=0, description="How often it was judged for this.")
    reason: str | None = Field(
        default=None, description="Why there are no counterfactuals, where there are none."
    )

    def account(self, submission: Submission | str | None = None) -> str:
        """The account of the verdict, then one line for each counterfactual.

        Args:
            submission: What was judged, to quote what the signals point to.
        """
        lines = [self.verdict.explain(submission), "", "what would change it:"]
        if self.reason is not None:
            lines.append(f"- not known: {self.reason}")
        lines += [f"- {one.account(submission)}" for one in self.counterfactuals]
        if self.smallest_change is not None:
            lines.append(f"smallest change: {self.smallest_change.account(submission)}")
        elif self.counterfactuals and self.verdict.action != "allow":
            lines.append("smallest change: none was found")
        return "\n".join(lines)


def _named(part: Part, submission: Submission | str | None) -> str:
    if part.span is None:
        return part.title
    start, end = part.span
    where = f"{part.field} {start}-{end}"
    if submission is not None:
        whole = submission if isinstance(submission, str) else getattr(submission, part.field)
        where += f" {quoted((whole or '')[start:end])}"
    return f"{part.title} ({where})"
