"""RSFlowHub: a language model that finds spam, toxicity and personal data, and takes them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from ..errors import ConfigurationError, DetectorError, ErrorCode
from ..models import Detection, Pii, Score, SpamVerdict, Submission
from ..policy import STRICTNESS, Strictness
from . import reading, sending, serving
from .base import Answer, Asked, Call, Facts, Usage
from .reading import Wire

CHECK, USAGE = "/api/v1/ai/spam-detection", "/api/v1/account/usage"

_FACTS = Facts(
    base_url="https://rsflowhub.com",
    characters=5_000,
    per_minute=60,
    sends=("text", "kind"),
    unknown=(
        "From which score on it calls something spam.",
        "Which categories there are.",
        "Whether what was not asked for is null or absent; both are understood.",
        "Whether asking for the usage costs credits.",
    ),
)
_KINDS = {"comment": "blog_comment", "review": "product_review"}
_CODES: Mapping[str, ErrorCode] = {
    "API_KEY_MISSING": "auth",
    "INVALID_API_KEY": "auth",
    "UNAUTHORIZED": "auth",
    "USER_INACTIVE": "auth",
    "INSUFFICIENT_CREDITS": "quota",
    "VALIDATION_ERROR": "bad_request",
    "ENDPOINT_NOT_FOUND": "bad_request",
    "METHOD_NOT_ALLOWED": "bad_request",
    "UNSUPPORTED_MEDIA_TYPE": "bad_request",
    "RATE_LIMIT_EXCEEDED": "rate_limited",
    "INTERNAL_SERVER_ERROR": "unavailable",
    "PROVIDER_UNAVAILABLE": "unavailable",
}


_MISDIRECTED: Mapping[serving.Miss, str] = {
    404: "ENDPOINT_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "REQUEST_TIMEOUT",
    415: "UNSUPPORTED_MEDIA_TYPE",
}


class Question(Wire):
    """A text, and what is to be looked for."""

    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    content_type: str | None = None
    strictness: Literal["low", "medium", "high"] = "medium"
    detect_toxicity: bool = False
    detect_pii: bool = False
    return_sanitized: bool = False
    model: str | None = None


class _Result(Wire):
    is_spam: bool
    spam_score: Score
    spam_category: str | None = None
    reason: str | None = None
    is_toxic: bool | None = None
    toxicity_score: Score | None = None
    contains_pii: bool | None = None
    pii_types: list[str] | None = None
    sanitized_text: str | None = None


class _Data(Wire):
    result: _Result


class _Answer(Wire):
    data: _Data
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class RSFlowHub:
    """RSFlowHub. Each thing that it is to detect costs further credits.

    Attributes:
        strictness: How ready it is to call something spam.
        detect_toxicity: Fill `toxicity`.
        detect_pii: Fill `pii`, without places.
        return_sanitized: Fill `sanitized_text`.
        model: Which of its models; default: its own choice.
        name: In verdicts and signals.

    Raises:
        ConfigurationError: `strictness` is none.
    """

    strictness: Strictness = "medium"
    detect_toxicity: bool = False
    detect_pii: bool = False
    return_sanitized: bool = False
    model: str | None = None
    name: str = "rsflowhub"

    def __post_init__(self) -> None:
        if self.strictness not in STRICTNESS:
            raise ConfigurationError(
                f"strictness={self.strictness!r}: write one of {', '.join(STRICTNESS)}."
            )

    @property
    def facts(self) -> Facts:
        return _FACTS

    def check(self, submission: Submission, key: str | None) -> Call:
        if not submission.text:
            raise DetectorError("bad_request", "there is no text", detector=self.name)
        body = {
            "text": submission.text,
            "content_type": _KINDS.get(submission.kind, submission.kind),
            "strictness": self.strictness,
            "detect_toxicity": self.detect_toxicity,
            "detect_pii": self.detect_pii,
            "return_sanitized": self.return_sanitized,
            "model": self.model,
        }
        return sending.post_json(CHECK, sending.given(body), sending.key_header(key))

    def usage(self, key: str | None) -> Call:
        return Call(USAGE, headers={**sending.JSON, **sending.key_header(key)}, method="GET")

    def verify(self, key: str | None) -> Call:
        return self.usage(key)

    def detection(self, answer: Answer) -> Detection:
        body = self._succeeded(answer)
        said = reading.shaped(_Answer, body, self.name)
        result, types = said.data.result, (said.data.result.pii_types or [])[: reading.SIGNALS]
        words = [result.spam_category, "toxic" if result.is_toxic else None]
        words += [f"pii {kind}" for kind in types]
        return Detection(
            score=result.spam_score,
            category=reading.brief(result.spam_category),
            reason=reading.brief(result.reason),
            signals=reading.signals((word for word in words if word), self.name),
            toxicity=result.toxicity_score,
            pii=tuple(Pii(type=kind) for kind in types),
            sanitized_text=result.sanitized_text,
            detection_id=said.request_id,
            raw=reading.kept(answer, body),
        )

    def verified(self, answer: Answer) -> None:
        self._succeeded(answer)

    def used(self, answer: Answer) -> Usage:
        left = reading.entry(self._succeeded(answer), "data", "credits_remaining")
        return Usage(remaining=reading.amount(left))

    def _succeeded(self, answer: Answer) -> dict[str, Any]:
        body = reading.parsed(answer.body)
        code = reading.entry(body, "error", "code")
        if answer.status != 200 or reading.entry(body, "success") is not True:  # noqa: PLR2004
            wait = reading.amount(reading.entry(body, "error", "details", "retry_after_seconds"))
            known = _CODES.get(code) if isinstance(code, str) else None
            raise reading.failure(answer, self.name, known, retry_after=wait)
        return reading.json_object(answer, self.name)

    @property
    def media_type(self) -> str:
        return "application/json"

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        return {CHECK: ("POST",), USAGE: ("GET",)}

    def key_of(self, call: Call) -> str | None:
        inside = reading.entry(reading.parsed(call.body), "api_key")
        return serving.bearer(call) or (inside if isinstance(inside, str) else None)

    def read(self, call: Call) -> Asked:
        if serving.path_of(call) == USAGE:
            return Asked(action="usage")
        asked = serving.request(Question, call)
        kinds = {theirs: ours for ours, theirs in _KINDS.items()}
        kind = asked.content_type or "comment"
        submission = Submission(text=asked.text, kind=kinds.get(kind, kind))
        return Asked(
            action="check",
            submissions=(submission,),
            strictness=asked.strictness,
            extra=asked.model_dump(exclude={"text"}),
        )

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        if asked.action == "usage":
            credit = {"billing_mode": "credits", "credits_remaining": usage.remaining}
            return serving.answer({"success": True, "data": credit})
        [verdict] = verdicts
        result: dict[str, Any] = {
            "is_spam": verdict.is_spam,
            "spam_score": serving.measured(verdict),
            "spam_category": verdict.category,
            "reason": verdict.reason,
        }
        if asked.extra["detect_toxicity"] and verdict.toxicity is not None:
            result["is_toxic"] = verdict.toxicity > 0.5  # noqa: PLR2004 - more likely than not
            result["toxicity_score"] = verdict.toxicity
        if asked.extra["detect_pii"]:
            result["contains_pii"] = bool(verdict.pii)
            result["pii_types"] = [found.type for found in verdict.pii]
        if asked.extra["return_sanitized"]:
            result["sanitized_text"] = verdict.sanitized_text
        meta = {"credits_used": 1, "credits_remaining": usage.remaining}
        return serving.answer(
            {"success": True, "request_id": verdict.id, "data": {"result": result}, "meta": meta}
        )

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        status, code = {
            "auth": (401, "INVALID_API_KEY" if self.key_of(call) else "API_KEY_MISSING"),
            "quota": (402, "INSUFFICIENT_CREDITS"),
            "bad_request": (422, "VALIDATION_ERROR"),
            "payload_too_large": (422, "VALIDATION_ERROR"),
            "rate_limited": (429, "RATE_LIMIT_EXCEEDED"),
        }.get(error.code, (503, "PROVIDER_UNAVAILABLE"))
        if isinstance(error, serving.Misdirected):
            status, code = error.status, _MISDIRECTED[error.status]
        details: dict[str, Any] = {}
        if error.retry_after is not None:
            details["retry_after_seconds"] = error.retry_after
        if isinstance(error, serving.WrongRequest):
            for problem in error.problems:
                place = ".".join(map(str, problem.place[1:])) or "body"
                details.setdefault(place, []).append(problem.message)
        request_id = serving.request_id(call)
        said = {"code": code, "message": code.replace("_", " ").capitalize(), "details": details}
        meta = {"version": "v1"}
        return serving.answer(
            {"success": False, "request_id": request_id, "error": said, "meta": meta}, status
        )
