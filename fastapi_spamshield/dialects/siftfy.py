"""SiftFy: text in, probability out.

Its documents and its own client know `POST /v1/predict`; a guide of its shows `POST /v1/analyze`,
with another header, request and answer. Either answer is understood whichever was asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from ..errors import ConfigurationError, DetectorError
from ..models import Detection, Label, Score, Signal, SpamVerdict, Submission
from ..policy import Bands
from . import reading, sending, serving
from .base import Answer, Asked, Call, Facts, Usage, up_from
from .reading import Wire

PREDICT, ANALYZE = "/v1/predict", "/v1/analyze"
BODY_BYTES = 25_000

_PREDICT = Facts(
    base_url="https://api.siftfy.io",
    bands=up_from(0.5, 0.85),
    characters=20_000,
    body_bytes=BODY_BYTES,
    per_minute=60,
    per_month=10_000,
    unknown=(
        "Whether 25 KB are 25,000 or 25,600 bytes; the smaller is kept to.",
        "Whether a 429 is about the minute, the day or the month: its pages differ.",
        "Under which name an error's message stands; its own client tries several.",
    ),
)
_ANALYZE = replace(
    _PREDICT,
    bands=Bands(0.4, 0.8),
    sends=("text", "ip", "user_agent"),
    unknown=(*_PREDICT.unknown, "Whether this form answers at all: only one guide shows it."),
)
_LIKELIHOOD: Mapping[Label, str] = {"ham": "low", "suspicious": "medium", "spam": "high"}


class _Metadata(Wire):
    ip_address: str | None = None
    user_agent: str | None = None


class Question(Wire):
    """A text, in either form of the request."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    metadata: _Metadata = _Metadata()


class _Prediction(Wire):
    spam_probability: Score
    likelihood: str | None = None


class _Analysis(Wire):
    is_spam: bool
    score: Score
    confidence: Score | None = None
    classification: str | None = None
    details: dict[str, object] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SiftFy:
    """SiftFy.

    Attributes:
        api: `predict`, as it is documented, or `analyze`, as one guide has it.
        characters: Of text that are sent, of 20,000 that are taken. The model reads its first 512
            tokens; with 2,000 characters it reads some of the middle and of the end too.
        name: In verdicts and signals.

    Raises:
        ConfigurationError: `api` is neither.
    """

    api: Literal["predict", "analyze"] = "predict"
    characters: int = 20_000
    name: str = "siftfy"

    def __post_init__(self) -> None:
        if self.api not in ("predict", "analyze"):
            raise ConfigurationError(f"api={self.api!r}: write 'predict' or 'analyze'.")

    @property
    def facts(self) -> Facts:
        facts = _PREDICT if self.api == "predict" else _ANALYZE
        return replace(facts, characters=self.characters)

    def check(self, submission: Submission, key: str | None) -> Call:
        if not submission.text:
            raise DetectorError("bad_request", "there is no text", detector=self.name)
        if self.api == "predict":
            header = sending.key_header(key, "X-API-Key", "")
            return sending.post_json(PREDICT, {"text": submission.text}, header)
        metadata = {"ip_address": submission.ip, "user_agent": submission.user_agent}
        body = {"text": submission.text, "metadata": metadata}
        return sending.post_json(ANALYZE, body, sending.key_header(key))

    def detection(self, answer: Answer) -> Detection:
        reading.succeeded(answer, self.name)
        body = reading.json_object(answer, self.name)
        raw, request_id = reading.kept(answer, body), answer.headers.get("x-request-id")
        if "spam_probability" in body:
            prediction = reading.shaped(_Prediction, body, self.name)
            likelihood = prediction.likelihood
            return Detection(
                score=prediction.spam_probability,
                reason=reading.brief(likelihood and f"The likelihood of spam is {likelihood}."),
                signals=reading.signals(likelihood and [f"likelihood {likelihood}"], self.name),
                detection_id=request_id,
                raw=raw,
            )
        analysis = reading.shaped(_Analysis, body, self.name)
        return Detection(
            score=analysis.score,
            confidence=analysis.confidence,
            category=reading.brief(analysis.classification),
            signals=self._details(analysis.details),
            detection_id=request_id,
            raw=raw,
        )

    def _details(self, details: Mapping[str, object]) -> tuple[Signal, ...]:
        return tuple(
            reading.signal(name, self.name, detail=None if value is True else f"{value}")
            for name, value in details.items()
            if value and isinstance(value, (bool, int, float))
        )[: reading.SIGNALS]

    @property
    def media_type(self) -> str:
        return "application/json"

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        return {PREDICT: ("POST",), ANALYZE: ("POST",)}

    def key_of(self, call: Call) -> str | None:
        return serving.header(call, "x-api-key") or serving.bearer(call)

    def read(self, call: Call) -> Asked:
        if len(call.body) > BODY_BYTES:
            problem = serving.Problem(("body",), f"At most {BODY_BYTES} bytes", "too_long")
            raise serving.WrongRequest([problem], "payload_too_large")
        asked = serving.request(Question, call)
        submission = Submission(text=asked.text)
        api = serving.path_of(call).removeprefix("/v1/")
        if api == "analyze":
            submission = Submission(
                text=asked.text,
                ip=asked.metadata.ip_address,
                user_agent=asked.metadata.user_agent,
            )
        return Asked(
            action="check",
            submissions=(submission,),
            bands=(_ANALYZE if api == "analyze" else _PREDICT).bands,
            extra={"api": api},
        )

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        [verdict] = verdicts
        score = serving.measured(verdict)
        said: dict[str, object] = {
            "spam_probability": score,
            "likelihood": _LIKELIHOOD.get(verdict.label),
        }
        if asked.extra["api"] == "analyze":
            said = {
                "is_spam": verdict.is_spam,
                "score": score,
                "confidence": verdict.confidence,
                "classification": verdict.category or verdict.label,
                "details": {found.name: True for found in verdict.signals},
            }
        headers = {
            "x-request-id": verdict.id,
            "x-ratelimit-daily-used": usage.used,
            "x-ratelimit-daily-cap": usage.limit,
        }
        return serving.answer(said, headers=headers)

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        detail: object = {
            "auth": "invalid api key",
            "quota": "rate limit exceeded",
            "rate_limited": "rate limit exceeded",
            "bad_request": serving.listed(error),
            "payload_too_large": "request body too large",
        }.get(error.code, "model unavailable")
        if isinstance(error, serving.Misdirected):
            detail = error.words
        request_id = serving.request_id(call)
        headers = {"x-request-id": request_id, "retry-after": error.retry_after}
        body = {"detail": detail, "request_id": request_id}
        return serving.answer(body, serving.status_of(error), headers)
