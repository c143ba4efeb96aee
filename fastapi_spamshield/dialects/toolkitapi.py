"""ToolkitAPI's spam score: weighted signals on a logistic curve; honeypot and fill time count."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from ..errors import ConfigurationError, DetectorError
from ..models import Detection, Score, Signal, SpamVerdict, Submission
from ..policy import Bands
from . import reading, sending, serving
from .base import Answer, Asked, Call, Facts, Usage
from .reading import Wire

_FACTS = Facts(
    base_url="https://auth.toolkitapi.io",
    bands=Bands(0.3, 0.7),
    sends=("text", "author", "email", "subject", "honeypot", "ip", "elapsed"),
    unknown=(
        "How long the fields may be.",
        "What a signal looks like; words and objects are understood.",
        "Which weights there are besides the honeypot's 5.0.",
        "Whether credits that are used up are a 402 or a 429.",
        "The free plan's 100 to 500 requests a day: its pages give no single number.",
    ),
)
_NAMES = ("name", "type", "signal", "code")
_DETAILS = ("detail", "description", "message")
_MIDDLE = 4.0
"""The weight at which the score is one half: `score = 1 / (1 + exp(4 - total_weight))`, worked out
from the documents' examples, where no weight at all makes 0.018 and a weight of 5.0 makes 0.731."""


class Question(Wire):
    """A message, with what is known of its sender."""

    body: str
    name: str | None = None
    email: str | None = None
    subject: str | None = None
    honeypot: str | None = None
    ip_address: str | None = None
    elapsed_seconds: Annotated[float | None, Field(allow_inf_nan=False)] = None


class _Answer(Wire):
    score: Score
    verdict: Literal["ham", "suspicious", "spam"] | None = None
    signals: list[Any] | None = None
    total_weight: Annotated[float | None, Field(allow_inf_nan=False)] = None


@dataclass(frozen=True, kw_only=True)
class ToolkitAPI:
    """ToolkitAPI's spam score.

    Attributes:
        path: Of the endpoint; a twin of it stands at `/v1/email/form-spam-score` of another host.
        auth: `x-api-key`, as its documents say, `bearer`, as an example has it, or `rapidapi`.
        rapidapi_host: For `rapidapi`: the value of `X-RapidAPI-Host`.
        name: In verdicts and signals.

    Raises:
        ConfigurationError: `auth` is none of these, or the host is missing.
    """

    path: str = "/v1/auth/spam-score"
    auth: Literal["x-api-key", "bearer", "rapidapi"] = "x-api-key"
    rapidapi_host: str | None = None
    name: str = "toolkitapi"

    def __post_init__(self) -> None:
        if self.auth not in ("x-api-key", "bearer", "rapidapi"):
            raise ConfigurationError(
                f"auth={self.auth!r}: write 'x-api-key', 'bearer' or 'rapidapi'."
            )
        sending.require_path(self.path)
        if (self.auth == "rapidapi") is (self.rapidapi_host is None):
            raise ConfigurationError("auth='rapidapi' and rapidapi_host= go together.")

    @property
    def facts(self) -> Facts:
        if self.rapidapi_host is None:
            return _FACTS
        return replace(_FACTS, base_url=f"https://{self.rapidapi_host}")

    def check(self, submission: Submission, key: str | None) -> Call:
        body = {
            "body": submission.text,
            "name": submission.author,
            "email": submission.email,
            "subject": submission.subject,
            "honeypot": submission.honeypot,
            "ip_address": submission.ip,
            "elapsed_seconds": submission.elapsed,
        }
        return sending.post_json(self.path, sending.given(body), self._headers(key))

    def _headers(self, key: str | None) -> dict[str, str]:
        if self.auth == "bearer":
            return sending.key_header(key)
        if self.rapidapi_host is None:
            return sending.key_header(key, "X-API-Key", "")
        return {
            **sending.key_header(key, "X-RapidAPI-Key", ""),
            "X-RapidAPI-Host": self.rapidapi_host,
        }

    def detection(self, answer: Answer) -> Detection:
        if answer.status == serving.STATUS["rate_limited"]:
            reset = reading.amount(answer.headers.get("x-ratelimit-reset"))
            raise reading.failure(answer, self.name, retry_after=reading.until(answer, reset))
        reading.succeeded(answer, self.name)
        body = reading.json_object(answer, self.name)
        said = reading.shaped(_Answer, body, self.name)
        found = [found for item in said.signals or () if (found := self._signal(item))]
        found.sort(key=lambda signal: -signal.weight)
        return Detection(
            score=said.score,
            category=found[0].name if found else None,
            reason=reading.brief(", ".join(signal.name for signal in found)),
            signals=tuple(found[: reading.SIGNALS]),
            raw=reading.kept(answer, body),
        )

    def _signal(self, item: object) -> Signal | None:
        word = reading.word(item, *_NAMES)
        details = (reading.entry(item, name) for name in _DETAILS)
        detail = next((text for text in details if isinstance(text, str)), None)
        weight = reading.entry(item, "weight")
        known = isinstance(weight, (int, float)) and abs(weight) < 1_000  # noqa: PLR2004 - a logit
        if word is None:
            return None
        return reading.signal(word, self.name, weight=weight if known else 0.0, detail=detail)

    @property
    def media_type(self) -> str:
        return "application/json"

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        return {self.path: ("POST",)}

    def key_of(self, call: Call) -> str | None:
        names = ("x-api-key", "x-rapidapi-key")
        sent = (serving.header(call, name) for name in names)
        return next((key for key in sent if key), None) or serving.bearer(call)

    def read(self, call: Call) -> Asked:
        asked = serving.request(Question, call)
        submission = Submission(
            text=asked.body,
            author=asked.name,
            email=asked.email,
            subject=asked.subject,
            honeypot=asked.honeypot,
            ip=asked.ip_address,
            elapsed=asked.elapsed_seconds,
        )
        return Asked(action="check", submissions=(submission,), bands=_FACTS.bands)

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        [verdict] = verdicts
        score = serving.measured(verdict)
        inside = min(max(score, 0.0005), 0.9995)  # At 0 and 1 the curve has no weight.
        weight = _MIDDLE + math.log(inside / (1 - inside))
        said = {
            "score": round(score, 3),
            "verdict": verdict.label,
            "signals": [
                sending.given({"name": seen.name, "weight": seen.weight, "detail": seen.detail})
                for seen in verdict.signals
            ],
            "total_weight": round(weight, 3),
        }
        return serving.answer(said, headers=_limits(usage))

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        detail: object = {
            "auth": "Invalid or missing API key",
            "quota": "Insufficient credits",
            "rate_limited": "Rate limit exceeded. Please try again later.",
            "bad_request": serving.listed(error),
            "payload_too_large": "Request body too large",
        }.get(error.code, "Service unavailable")
        headers = {"retry-after": error.retry_after}
        if isinstance(error, serving.Misdirected):
            detail = error.words
        elif isinstance(error, serving.LimitReached):
            headers |= _limits(error.usage)
        return serving.answer({"detail": detail}, serving.status_of(error, quota=402), headers)


def _limits(usage: Usage) -> dict[str, float | None]:
    return {
        "x-ratelimit-limit": usage.limit,
        "x-ratelimit-remaining": usage.remaining,
        "x-ratelimit-reset": usage.resets_at,
    }
