"""ActiveLayer: forms, comments, reviews and sign-ups, with feedback and a monthly quota.

The host of its guide and of its plugin is the default; CheckLayer, the elder brand, answers alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from ..errors import DetectorError
from ..models import Detection, SpamVerdict, Submission
from ..policy import Bands
from . import reading, sending, serving
from .base import Answer, Asked, Call, Facts, Usage
from .reading import Wire

CHECK, COMMENT, BATCH = "/check", "/check-comment", "/check/batch"
FEEDBACK, VERIFY, STATS = "/feedback", "/verify", "/stats"
BATCH_SIZE = 100

_FACTS = Facts(
    base_url="https://api.activelayer.com/api/v1",
    bands=Bands(0.7, 0.9),
    per_minute=50,
    per_month=1_000,
    corrects_by_id=True,
    sends=(
        *("text", "email", "author", "url", "ip", "user_agent"),
        *("kind", "permalink", "honeypot"),
    ),
    unknown=(
        "Which thresholds it stands by: another of its pages says 0.8 to 0.95.",
        "Which fields it demands, and how long they may be.",
        "What a batch and its answer look like; `items` and `results` are assumed.",
        "What a signal looks like; words and objects are understood.",
        "How an answer about the quota differs from one about the minute; its words are looked at.",
        "Whether `confidence` is about spam or about the verdict; it is never taken for the score.",
    ),
)
_KINDS = {"comment": "comment", "review": "review", "signup": "user_registration"}
_NAMES = ("name", "type", "signal", "code", "label")


class _Honeypot(Wire):
    honeypot_value: str = ""
    honeypot_filled: bool = False

    @property
    def value(self) -> str:
        return self.honeypot_value or ("filled" if self.honeypot_filled else "")


class _Context(Wire):
    post_url: str | None = None
    honeypot_signals: _Honeypot | None = None


class Question(Wire):
    """A submission; `message` or `email` has to be there."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}
                for name in ("message", "email")
            ]
        }
    )

    message: str = ""
    email: str = ""
    name: str = ""
    website_url: str = ""
    ip: str = ""
    user_agent: str = ""
    data_type: str = "form"
    context: _Context = _Context()


class Several(Wire):
    """A batch."""

    items: Annotated[list[Question], Field(min_length=1, max_length=BATCH_SIZE)]


class Correction(Wire):
    """What a judgement should have been."""

    detection_id: Annotated[str, Field(min_length=1)]
    is_spam: bool


class _Answer(Wire):
    is_spam: bool | None = None
    spam: bool | None = None
    total_score: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    confidence: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    signals: list[Any] | None = None
    detection_id: str | None = None


class _Results(Wire):
    results: list[Any]


@dataclass(frozen=True, kw_only=True)
class ActiveLayer:
    """ActiveLayer.

    Comments and reviews go to the address that it has for them, everything else to the common one.
    `elapsed` is not sent: it wants the times of two clock readings instead.

    Attributes:
        site_url: The site that the forms belong to.
        name: In verdicts and signals.
    """

    site_url: str | None = None
    name: str = "activelayer"

    @property
    def facts(self) -> Facts:
        return _FACTS

    def _question(self, submission: Submission) -> dict[str, Any]:
        context: dict[str, Any] = {}
        if self.site_url:
            context["site_url"] = self.site_url
        if submission.permalink is not None:
            context["post_url"] = submission.permalink
        if submission.honeypot is not None:
            context["honeypot_signals"] = {
                "honeypot_filled": bool(submission.honeypot),
                "honeypot_value": submission.honeypot,
            }
        return {
            "message": submission.text,
            "email": submission.email or "",
            "name": submission.author or "",
            "website_url": submission.url or "",
            "ip": submission.ip or "",
            "user_agent": submission.user_agent or "",
            "data_type": _KINDS.get(submission.kind, "form"),
            "context": context,
        }

    @property
    def batch_size(self) -> int:
        return BATCH_SIZE

    def check(self, submission: Submission, key: str | None) -> Call:
        path = COMMENT if submission.kind in ("comment", "review") else CHECK
        return sending.post_json(path, self._question(submission), sending.key_header(key))

    def check_many(self, submissions: Sequence[Submission], key: str | None) -> Call:
        body = {"items": [self._question(item) for item in submissions]}
        return sending.post_json(BATCH, body, sending.key_header(key))

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        if not detection_id:
            raise DetectorError("bad_request", "there is no detection id", detector=self.name)
        body = {"detection_id": detection_id, "is_spam": spam}
        return sending.post_json(FEEDBACK, body, sending.key_header(key), retryable=False)

    def verify(self, key: str | None) -> Call:
        return Call(VERIFY, headers={**sending.JSON, **sending.key_header(key)}, method="GET")

    def usage(self, key: str | None) -> Call:
        return Call(STATS, headers={**sending.JSON, **sending.key_header(key)}, method="GET")

    def detection(self, answer: Answer) -> Detection:
        self._succeeded(answer)
        body = reading.json_object(answer, self.name)
        return self._detection(body, reading.kept(answer, body))

    def _detection(self, body: object, raw: dict[str, Any]) -> Detection:
        said = reading.shaped(_Answer, body, self.name)
        is_spam = said.spam if said.is_spam is None else said.is_spam
        if is_spam is None:
            raise DetectorError("protocol", "not as documented: is_spam", detector=self.name)
        score, confidence = said.total_score, said.confidence
        words = [word for item in said.signals or () if (word := reading.word(item, *_NAMES))]
        return Detection(
            score=float(is_spam) if score is None else score / 100,
            confidence=confidence / 100 if confidence and confidence > 1 else confidence,
            reason=reading.brief(words[0] if words else None),
            signals=reading.signals(words, self.name),
            detection_id=said.detection_id or None,
            raw={**raw, "synthetic": True} if score is None else raw,
        )

    def detections(self, answer: Answer) -> list[Detection | DetectorError]:
        self._succeeded(answer)
        body = reading.json_object(answer, self.name)
        results = reading.shaped(_Results, body, self.name).results
        found: list[Detection | DetectorError] = []
        for item in results:
            try:
                found.append(self._detection(item, reading.kept(answer, item)))
            except DetectorError as error:
                found.append(error)
        return found

    def fed_back(self, answer: Answer) -> None:
        self._succeeded(answer)

    def verified(self, answer: Answer) -> None:
        self._succeeded(answer)

    def used(self, answer: Answer) -> Usage:
        self._succeeded(answer)
        body = reading.json_object(answer, self.name)
        usage = reading.entry(body, "data", "usage")
        monthly = reading.entry(body, "data", "period", "type") == "monthly"
        return Usage(
            used=reading.amount(reading.entry(usage, "used_requests")),
            limit=reading.amount(reading.entry(usage, "total_requests")),
            remaining=reading.amount(reading.entry(usage, "remaining_requests")),
            period="month" if monthly else None,
        )

    def _succeeded(self, answer: Answer) -> None:
        body = reading.parsed(answer.body)
        if answer.status == serving.STATUS["quota"]:
            words = f"{reading.entry(body, 'error')} {reading.entry(body, 'message')}".lower()
            quota = "quota" in words or "month" in words
            raise reading.failure(answer, self.name, "quota" if quota else "rate_limited")
        reading.succeeded(answer, self.name)
        if reading.entry(body, "success") is False:
            raise reading.failure(answer, self.name, "protocol")

    @property
    def media_type(self) -> str:
        return "application/json"

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        asked = dict.fromkeys((CHECK, COMMENT, BATCH, FEEDBACK), ("POST",))
        return {**asked, VERIFY: ("GET",), STATS: ("GET",)}

    def key_of(self, call: Call) -> str | None:
        body = reading.parsed(call.body)
        inside = reading.entry(body, "api_key")
        return (
            serving.bearer(call)
            or serving.header(call, "x-api-key")
            or (inside if isinstance(inside, str) else None)
            or serving.query(call, "api_key")
        )

    def read(self, call: Call) -> Asked:
        path = serving.path_of(call)
        if path == VERIFY:
            return Asked(action="verify")
        if path == STATS:
            return Asked(action="usage")
        if path == FEEDBACK:
            correction = serving.request(Correction, call)
            return Asked(
                action="feedback",
                spam=correction.is_spam,
                detection_id=correction.detection_id,
            )
        if path == BATCH:
            items = serving.request(Several, call).items
            several = tuple(map(_submission, items))
            return Asked(action="check_many", submissions=several, bands=_FACTS.bands)
        submission = _submission(serving.request(Question, call))
        return Asked(action="check", submissions=(submission,), bands=_FACTS.bands)

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        if asked.action == "verify":
            return serving.answer({"success": True})
        if asked.action == "feedback":
            return serving.answer({"message": "Thank you."})
        if asked.action == "usage":
            amounts = {
                "total_requests": usage.limit,
                "used_requests": usage.used,
                "remaining_requests": usage.remaining,
            }
            period = {"type": "monthly" if usage.period == "month" else usage.period}
            return serving.answer({"success": True, "data": {"usage": amounts, "period": period}})
        found = [_written(verdict) for verdict in verdicts]
        return serving.answer({"results": found} if asked.action == "check_many" else found[0])

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        words = {
            "auth": "Unauthorized",
            "quota": "Monthly Quota Exceeded",
            "rate_limited": "Rate Limit Exceeded",
            "bad_request": "Validation Error",
            "payload_too_large": "Payload Too Large",
        }.get(error.code, "Service Unavailable")
        body: dict[str, Any] = {"success": False, "error": words}
        if error.code in ("quota", "rate_limited"):
            body["remaining"] = 0
        if isinstance(error, serving.WrongRequest):
            body["details"] = serving.listed(error)
        elif isinstance(error, serving.Misdirected):
            body["error"] = error.words
        headers = {"retry-after": error.retry_after}
        return serving.answer(body, serving.status_of(error), headers)


def _submission(asked: Question) -> Submission:
    if not asked.message and not asked.email:
        raise serving.wrong("message", "Field required", "missing")
    honeypot = asked.context.honeypot_signals
    kinds = {theirs: ours for ours, theirs in _KINDS.items()}
    return Submission(
        text=asked.message,
        email=asked.email or None,
        author=asked.name or None,
        url=asked.website_url or None,
        ip=asked.ip or None,
        user_agent=asked.user_agent or None,
        kind=kinds.get(asked.data_type, "contact"),
        permalink=asked.context.post_url,
        honeypot=honeypot.value if honeypot else None,
    )


def _written(verdict: SpamVerdict) -> dict[str, Any]:
    return {
        "is_spam": verdict.is_spam,
        "total_score": round(serving.measured(verdict) * 100, 6),
        "confidence": verdict.confidence,
        "signals": [found.name for found in verdict.signals],
        "detection_id": verdict.id,
        "execution_time": round(verdict.latency_ms),
    }
