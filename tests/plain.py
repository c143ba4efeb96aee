"""A dialect of the tests' own: JSON there and back, in the plainest way."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi_spamshield.dialects.base import Answer, Call, Facts, Usage
from fastapi_spamshield.errors import DetectorError, ErrorCode
from fastapi_spamshield.models import Detection, Submission

KEY_HEADER = "x-api-key"
FACTS = Facts(
    base_url="https://plain.test",
    sends=("text", "subject", "author", "email", "ip", "url", "language", "extra"),
    timeout=30.0,
)
CODES: dict[int, ErrorCode] = {
    401: "auth",
    402: "quota",
    408: "timeout",
    413: "payload_too_large",
    429: "rate_limited",
}


def said(answer: Answer) -> Any:
    """What stands in an answer, or the error that it is."""
    if answer.status != 200:
        by_class: dict[int, ErrorCode] = {2: "protocol", 4: "bad_request", 5: "unavailable"}
        code = CODES.get(answer.status, by_class[answer.status // 100])
        wait = answer.headers.get("retry-after")
        raise DetectorError(code, retry_after=None if wait is None else float(wait))
    return json.loads(answer.body)


def call(path: str, key: str | None, about: Any, method: str = "POST") -> Call:
    headers = {"content-type": "application/json", **({} if key is None else {KEY_HEADER: key})}
    return Call(path, json.dumps(about).encode(), headers, method)


def fields(submission: Submission) -> dict[str, Any]:
    sent = submission.model_dump(include=set(FACTS.sends) | {"kind"}, exclude_none=True)
    return {name: value for name, value in sent.items() if value != {}}


@dataclass(frozen=True)
class Basic:
    """Only checks."""

    name: str = "plain"
    facts: Facts = field(default=FACTS, hash=False)

    def check(self, submission: Submission, key: str | None) -> Call:
        return call("/check", key, fields(submission))

    def detection(self, answer: Answer) -> Detection:
        return Detection(**said(answer))


@dataclass(frozen=True)
class Plain(Basic):
    """Can everything but batches."""

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        if detection_id is None:
            raise DetectorError("bad_request")
        about = {"id": detection_id, "spam": spam, **fields(submission)}
        return call("/feedback", key, about)

    def fed_back(self, answer: Answer) -> None:
        said(answer)

    def verify(self, key: str | None) -> Call:
        return call("/verify", key, {})

    def verified(self, answer: Answer) -> None:
        said(answer)

    def usage(self, key: str | None) -> Call:
        return call("/usage", key, None, "GET")

    def used(self, answer: Answer) -> Usage:
        return Usage(**said(answer))


@dataclass(frozen=True)
class Batches(Basic):
    """Checks three at once."""

    batch_size: int = 3

    def check_many(self, submissions: Sequence[Submission], key: str | None) -> Call:
        return call("/batch", key, [fields(one) for one in submissions])

    def detections(self, answer: Answer) -> list[Detection | DetectorError]:
        return [
            DetectorError("bad_request") if one is None else Detection(**one)
            for one in said(answer)
        ]
