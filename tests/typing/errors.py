"""Errors, and the callbacks that users write; only type-checked."""

from typing import Literal, assert_type

from fastapi_spamshield import (
    DetectorError,
    ErrorCode,
    NotRemembered,
    OnVerdict,
    SpamVerdict,
    Submission,
    UnknownOption,
    spam_check,
    spam_check_later,
)

code: ErrorCode = "timeout"
error = DetectorError(code, retry_after=3.0)
assert_type(error.retry_after, float | None)
wrong: Literal["timeout"] = "timeout"
DetectorError(wrong)


def plain(verdict: SpamVerdict, submission: Submission) -> None: ...
async def asynchronous(verdict: SpamVerdict, submission: Submission) -> None: ...


callbacks: list[OnVerdict] = [plain, asynchronous]
spam_check_later("text", on_verdict=callbacks[0])

missing: LookupError = NotRemembered("gone")

try:
    spam_check("text", threshold=0.5)
except UnknownOption as slip:
    assert_type(slip.option, str)
    assert_type(slip.nearest, str | None)
