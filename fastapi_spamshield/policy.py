"""From a score to an action: bands, strictness presets, and what happens without a score."""

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field, PrivateAttr, ValidationError, model_validator

from .errors import ConfigurationError, ErrorCode, UnknownOption
from .models import Action, Detection, Label, Score, SpamVerdict, Status

Strictness = Literal["low", "medium", "high"]
"""A preset for both thresholds; see `STRICTNESS`."""

OnSpam = Literal["reject", "inject", "silent"]
"""What happens to spam: refuse the sender, leave it to the handler, or look like success."""

OnError = Literal["review", "allow", "reject"]
"""The `action` of a submission that could not be measured."""


class Bands(NamedTuple):
    """Two thresholds that cut the scores into ham, suspicious and spam."""

    review_threshold: float
    threshold: float


STRICTNESS: dict[Strictness, Bands] = {
    "low": Bands(0.5, 0.9),
    "medium": Bands(0.3, 0.7),
    "high": Bands(0.15, 0.5),
}
"""The bands of each strictness: `medium` is the default."""


_THRESHOLDS = frozenset(Bands._fields)

_OF_A_DETECTION = Detection.model_fields.keys() & SpamVerdict.model_fields.keys()
"""What a verdict takes over as it is."""


class Decision(NamedTuple):
    """What a policy makes of a score."""

    label: Label
    action: Action
    is_spam: bool


_SPAM = Decision("spam", "reject", is_spam=True)
_SUSPICIOUS = Decision("suspicious", "review", is_spam=False)
_HAM = Decision("ham", "allow", is_spam=False)


# Strict, or "0.5" and True would pass for thresholds.
class SpamPolicy(BaseModel, frozen=True, extra="forbid", strict=True):
    """When a submission counts as spam, and what is done about it.

    The application's default; a route's `spam_check` overrides it field by field. `strictness`
    chooses both thresholds, and a threshold that is given beats it. A service that states bands of
    its own (`Detection.bands`) is believed for each threshold that nobody has written.

    Raises:
        ConfigurationError: A value is out of range or unknown, or `review_threshold` lies above
            `threshold`.
    """

    strictness: Strictness = Field(default="medium", description="Preset for both thresholds.")
    threshold: Score = Field(default=0.7, description="A score above it is spam.")
    review_threshold: Score = Field(default=0.3, description="A score from here up is suspicious.")
    on_spam: OnSpam = Field(
        default="reject",
        description="`reject`: refuse the sender. `inject`: the handler decides. `silent`: look "
        "like success to the sender and do not run the handler.",
    )
    on_error: OnError = Field(
        default="review", description="What a submission gets that could not be measured."
    )
    shadow: bool = Field(
        default=False, description="Decide nothing, record what would have been decided."
    )
    status_code: int = Field(default=403, ge=400, le=599, description="HTTP status of a refusal.")
    # Which thresholds somebody wrote; `model_fields_set` also has what a preset filled in.
    _written: frozenset[str] = PrivateAttr(default=frozenset())

    def __init__(self, **options: Any) -> None:
        for option in options:
            if option not in type(self).model_fields:
                raise UnknownOption("SpamPolicy", option, type(self).model_fields)
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise ConfigurationError(readable(error)) from None
        written = _THRESHOLDS if "strictness" in options else _THRESHOLDS & options.keys()
        self._written = frozenset(written)  # type: ignore[misc]  # private, so not frozen

    @model_validator(mode="before")
    @classmethod
    def _fill_in_bands(cls, given: dict[str, Any]) -> dict[str, Any]:
        bands = STRICTNESS.get(given.get("strictness", "medium"))
        if bands is None:
            return given
        filled = {**bands._asdict(), **given}
        # A lone low threshold leaves no band to review in; only two that were written can clash.
        if "review_threshold" not in given and isinstance(filled["threshold"], (int, float)):
            filled["review_threshold"] = min(bands.review_threshold, filled["threshold"])
        return filled

    @model_validator(mode="after")
    def _review_below_spam(self) -> "SpamPolicy":
        if self.review_threshold > self.threshold:
            raise ValueError(
                f"review_threshold={self.review_threshold} lies above threshold={self.threshold}; "
                "write a review_threshold that is at most the threshold"
            )
        return self

    def override(self, **options: Any) -> "SpamPolicy":
        """This policy with some fields replaced; `None` means "as it is here".

        Args:
            options: Fields of `SpamPolicy`. A `strictness` replaces both thresholds, and a
                `threshold` below the `review_threshold` of this policy takes it down along.

        Raises:
            ConfigurationError: As for `SpamPolicy`.
        """
        changes = {name: value for name, value in options.items() if value is not None}
        if not changes:
            return self
        kept = self.model_dump()
        written = self._written
        if "strictness" in changes:
            del kept["threshold"], kept["review_threshold"]
            written = _THRESHOLDS
        elif "threshold" in changes and "review_threshold" not in changes:
            kept["review_threshold"] = min(kept["review_threshold"], changes["threshold"])
        policy = SpamPolicy(**{**kept, **changes})
        policy._written = written | (_THRESHOLDS & changes.keys())  # type: ignore[misc]  # as above
        return policy

    def bands(self, advised: tuple[float, float] | None = None) -> Bands:
        """The thresholds that apply.

        Args:
            advised: What the service states, review first; it fills in what nobody has written.
        """
        if advised is None or len(self._written) == len(_THRESHOLDS):
            return Bands(self.review_threshold, self.threshold)
        review, threshold = advised
        if "threshold" in self._written:
            return Bands(min(review, self.threshold), self.threshold)
        if "review_threshold" in self._written:
            return Bands(self.review_threshold, max(threshold, self.review_threshold))
        return Bands(review, threshold)

    def decide(self, score: float | None, bands: Bands | None = None) -> Decision:
        """What to do about a score.

        Args:
            score: 0..1, or `None` when nothing could be measured.
            bands: Which thresholds apply. Default: the policy's own.
        """
        if score is None:
            return Decision("unknown", self.on_error, False)
        review_threshold, threshold = bands or self.bands()
        if score > threshold:
            return _SPAM
        if score >= review_threshold:
            return _SUSPICIOUS
        return _HAM

    def judge(self, detection: Detection, **about: Any) -> SpamVerdict:
        """The verdict on a submission that was measured.

        Args:
            detection: What the detector answered.
            about: Further fields of the verdict, such as `id`, `detector` and `latency_ms`.
        """
        # Of a detection of somebody's own kind only what a verdict has, too.
        known = detection.model_fields_set & _OF_A_DETECTION
        fields = {name: getattr(detection, name) for name in known}
        fields.update(about)
        return self._verdict("checked", fields, self.bands(detection.bands))

    def without_score(
        self, status: Status, *, error: ErrorCode | None = None, **about: Any
    ) -> SpamVerdict:
        """The verdict on a submission that was not measured.

        Args:
            status: `degraded`: `on_error` says what happens. Anything else lets it pass.
            error: Why it could not be measured.
            about: Further fields of the verdict, such as `id`, `reason` and `latency_ms`.
        """
        return self._verdict(status, {"score": None, "error": error, **about}, self.bands())

    def _verdict(self, status: Status, fields: dict[str, Any], bands: Bands) -> SpamVerdict:
        label, action, is_spam = self.decide(fields["score"], bands)
        if status in ("bypassed", "skipped"):
            action = "allow"
        fields.update(
            status=status,
            label=label,
            action=action,
            is_spam=is_spam,
            threshold=bands.threshold,
            review_threshold=bands.review_threshold,
        )
        if self.shadow:
            fields.update(shadow=True, action="allow", shadow_action=action)
        return SpamVerdict.model_validate(fields)


def readable(error: ValidationError) -> str:
    """A validation error as one sentence that says what to write.

    Args:
        error: What pydantic found.
    """
    problems: list[str] = []
    for item in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        problems.append(f"{place}: {message}" if place else message)
    return "; ".join(problems)
