"""What goes in and what comes out: `Submission`, `Detection`, `SpamVerdict` and their parts.

All of them are frozen values. Their `repr` shows no text, name or address, so that a log line or
a traceback that holds one gives nobody away.
"""

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import BaseModel, BeforeValidator, Field

from .account import account_of
from .errors import ErrorCode

_SURROGATES = re.compile("[\ud800-\udfff]")


def _without_surrogates(value: object) -> object:
    # JSON can carry half a surrogate pair, which no encoder takes; one for one keeps the spans.
    if isinstance(value, str) and not value.isascii():
        return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)
    return value


Text = Annotated[str, BeforeValidator(_without_surrogates)]
"""Unicode text; a lone surrogate in it is replaced by U+FFFD."""

Score = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
"""A number from 0 (certainly not) to 1 (certainly); never NaN."""

Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
"""Start and end (exclusive) of some characters, counted in code points."""

Status = Literal["checked", "degraded", "bypassed", "skipped"]
"""How a verdict came about: measured, could not be measured, sender trusted, nothing to check."""

Label = Literal["ham", "suspicious", "spam", "unknown"]
"""The band of a score, in rising order; `unknown` without a score."""

Action = Literal["allow", "review", "reject"]
"""What to do with a submission."""

Event = Literal["create", "edit"]
"""A new text, or another version of one that was there."""

FormTokenState = Literal["valid", "missing", "forged", "expired", "foreign", "used"]
"""What became of a form's token: good; not sent; not made by this application; too old; made for
another form or another session; sent with another submission before."""


class Context(TypedDict, total=False):
    """What may be known about a submission besides its text: the fields of `Submission`."""

    author: str | None
    email: str | None
    subject: str | None
    url: str | None
    ip: str | None
    user_agent: str | None
    referrer: str | None
    permalink: str | None
    honeypot: str | None
    elapsed: float | None
    form_token: FormTokenState | None
    kind: str
    language: str | None
    event: Event
    previous: str | None
    tenant: str | None
    extra: Mapping[str, Any]


# By keywords and not by `model_config`: type checkers see only here that a class is frozen.
class _Value(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    pass


class Submission(_Value, frozen=True):
    """What somebody sent, as the detectors see it. Only `text` is required."""

    text: Text = Field(description="The words to judge, in characters of the original.")
    author: Text | None = Field(default=None, description="The name the sender gave.")
    email: Text | None = Field(default=None, description="The e-mail address the sender gave.")
    subject: Text | None = Field(default=None, description="Subject or title.")
    url: Text | None = Field(default=None, description="The sender's own website, as typed.")
    ip: Text | None = Field(default=None, description="The sender's address, IPv4 or IPv6.")
    user_agent: Text | None = Field(default=None, description="The `User-Agent` header.")
    referrer: Text | None = Field(default=None, description="The `Referer` header.")
    permalink: Text | None = Field(default=None, description="The page the text was written for.")
    honeypot: Text | None = Field(
        default=None,
        description="Value of a form field that people do not see; a person leaves it empty.",
    )
    elapsed: float | None = Field(
        default=None,
        description="Seconds from showing the form to sending it.",
        allow_inf_nan=False,
    )
    form_token: FormTokenState | None = Field(
        default=None,
        description="What became of the form's token, never the token itself; `None`: none was "
        "asked for.",
    )
    kind: Text = Field(
        default="comment",
        description="comment, contact, signup, review, chat, ... in your own words.",
    )
    language: Text | None = Field(default=None, description="BCP 47 tag, where it is known.")
    event: Event = Field(default="create", description="A new text, or an edit of `previous`.")
    previous: Text | None = Field(default=None, description="The text before the edit.")
    tenant: Text | None = Field(
        default=None, description="Whose site, where one shield serves several."
    )
    extra: Mapping[str, Any] = Field(
        default_factory=dict, description="Anything else that a detector of yours understands."
    )

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [("kind", self.kind), ("characters", len(self.text))]


class Signal(_Value, frozen=True):
    """One piece of evidence, for a moderator to read; never for the sender."""

    name: str = Field(description="What was seen, in snake case: `trigger_phrase`, `honeypot`, ...")
    weight: float = Field(
        description="What it adds to the evidence (logit units); negative speaks for ham.",
        allow_inf_nan=False,
    )
    detail: str | None = Field(
        default=None, description="One sentence; does not quote the submission."
    )
    source: str = Field(default="local", description="The name of the detector that saw it.")
    field: str = Field(
        default="text", description="The part of the submission that `span` counts in."
    )
    span: Span | None = Field(default=None, description="The characters it points to.")


class Pii(_Value, frozen=True):
    """A piece of personal data that a detector found in the text."""

    type: str = Field(description="email, phone, iban, card, ip, ssn, ...")
    span: Span | None = Field(
        default=None, description="Where it stands in the text; `None`: the detector does not say."
    )

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [("type", self.type)]


class Detection(_Value, frozen=True):
    """What a detector answers: the fields of a verdict that a detector can know."""

    score: Score = Field(description="0 (ham) to 1 (spam).")
    confidence: Score | None = Field(
        default=None, description="How sure the detector is; not the score."
    )
    category: str | None = Field(
        default=None, description="What kind of spam, in the detector's words."
    )
    reason: str | None = Field(default=None, description="One sentence for moderators.")
    signals: tuple[Signal, ...] = Field(default=(), description="The evidence, strongest first.")
    toxicity: Score | None = Field(default=None, description="0 (civil) to 1 (toxic).")
    pii: tuple[Pii, ...] = Field(default=(), description="Personal data found in the text.")
    sanitized_text: str | None = Field(default=None, description="The text with findings removed.")
    detector: str | None = Field(
        default=None, description="Who answered, where a detector is made of several."
    )
    detection_id: str | None = Field(
        default=None, description="The service's own id, for feedback."
    )
    raw: Mapping[str, Any] = Field(
        default_factory=dict,
        description="What the service said, untouched: `body`, `headers` that count requests, ... "
        "Not for the sender, and not for a log: it may quote the submission.",
    )
    cached: bool = Field(default=False, description="Whether the answer was remembered.")
    bands: tuple[Score, Score] | None = Field(
        default=None,
        description="Review threshold and threshold that the service itself advises; they apply "
        "where the policy has none of its own.",
    )

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [("score", self.score), ("detector", self.detector)]


def new_id() -> str:
    """A reference that nobody can guess: 16 hexadecimal digits."""
    return os.urandom(8).hex()


class SpamVerdict(_Value, frozen=True):
    """The judgement on one submission, and how it came about.

    `score` is `None` whenever nothing was measured: a verdict never says "certainly ham" for "we do
    not know". Ask `action` what to do; `status` and `error` say why nothing could be measured.
    """

    id: str = Field(
        default_factory=new_id,
        description="Reference for the sender, the audit and feedback.",
    )
    status: Status = Field(
        description="`checked`: measured. `degraded`: could not be measured. `bypassed`: the "
        "sender is trusted. `skipped`: there was nothing to check."
    )
    label: Label = Field(description="The band the score fell into; `unknown` without a score.")
    action: Action = Field(description="What to do with the submission.")
    is_spam: bool = Field(description="Whether the score lies above `threshold`.")
    score: Score | None = Field(
        default=None, description="0 (ham) to 1 (spam); `None`: not measured."
    )
    threshold: Score = Field(description="Above it: spam.")
    review_threshold: Score = Field(description="Below it: ham; from here up: suspicious.")
    confidence: Score | None = Field(
        default=None, description="How sure the detector is; not the score."
    )
    category: str | None = Field(
        default=None, description="What kind of spam, in the detector's words."
    )
    reason: str | None = Field(default=None, description="One sentence for moderators.")
    signals: tuple[Signal, ...] = Field(default=(), description="The evidence, strongest first.")
    toxicity: Score | None = Field(default=None, description="0 (civil) to 1 (toxic).")
    pii: tuple[Pii, ...] = Field(default=(), description="Personal data found in the text.")
    sanitized_text: str | None = Field(default=None, description="The text with findings removed.")
    detector: str | None = Field(
        default=None, description="The name of the detector that answered."
    )
    detection_id: str | None = Field(
        default=None, description="The service's own id, for feedback."
    )
    raw: Mapping[str, Any] = Field(
        default_factory=dict,
        description="What the service said, untouched: `body`, `headers` that count requests, ... "
        "Not for the sender, and not for a log: it may quote the submission.",
    )
    latency_ms: float = Field(
        default=0.0, ge=0.0, description="How long the check took, milliseconds."
    )
    cached: bool = Field(default=False, description="Whether the answer was remembered.")
    shadow: bool = Field(default=False, description="Whether the check only watched.")
    shadow_action: Action | None = Field(
        default=None, description="In shadow mode: the action it would have been."
    )
    error: ErrorCode | None = Field(default=None, description="Why it could not be measured.")

    def explain(self, submission: Submission | str | None = None) -> str:
        """The verdict in words, for whoever moderates; never for the sender.

        Its lines are: label, action, score and thresholds; who judged; the evidence, each with its
        weight and the characters it points to; what was not measured, and why.

        Args:
            submission: What was judged. With it, the account quotes what the signals point to, with
                escapes for what is not to be seen. Without it, it holds none of the sender's words.
        """
        if isinstance(submission, str):
            submission = Submission(text=submission)

        def quote(field: str, span: tuple[int, int]) -> str | None:
            words: object = getattr(submission, field, None)
            return words[slice(*span)] if isinstance(words, str) else None

        return account_of(self, quote)

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [
            (name, getattr(self, name))
            for name in ("id", "status", "label", "action", "score", "detector", "error")
        ]
