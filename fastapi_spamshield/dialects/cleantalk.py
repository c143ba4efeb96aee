"""CleanTalk: everything at one address, which answers whether to allow it, with codes.

It gives no score: one is made of `allow` and `spam` (0 allowed, 0.6 blocked but not sure, 1 spam),
and `raw` says so.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import DetectorError, ErrorCode
from ..models import Detection, Submission
from . import reading, sending
from .base import Answer, Call, Facts
from .reading import Wire

PATH = "/api2.0"
SURE, UNSURE = 1.0, 0.6

_FACTS = Facts(
    base_url="https://moderate.cleantalk.org",
    timeout=8.0,
    sends=(
        *("ip", "email", "author", "text", "elapsed", "referrer", "user_agent"),
        *("kind", "permalink"),
    ),
    needs=(),
    corrects_by_id=True,
    unknown=(
        "Whether a bad key is ever answered with another status than 200.",
        "What an error's body looks like.",
        "What `stop_queue` asks for; nothing is decided by it.",
        "Whether the page is REFERRER or, as its own clients spell it, REFFERRER; both are sent.",
    ),
)
_NOT_ABOUT_THE_TEXT: dict[str, ErrorCode] = {
    "KEY_NOT_FOUND": "auth",
    "SERVICE_DISABLED": "auth",
    "SERVICE_FREEZED": "quota",
    "TRIAL_EXPIRED": "quota",
    "BAD_INSTALL": "bad_request",
    "ERR_CLIENT_IP_EQ_SERVER_IP": "bad_request",
}
_SEEN = ("blacklisted", "fast_submit", "js_disabled")
_STARS_AND_TAGS = re.compile(r"\*{3}|<[^<>]*>")


class _Answer(Wire):
    allow: Literal[0, 1]
    id: str | None = None
    comment: str | None = None
    codes: str | None = None
    spam: int | None = None
    account_status: int | None = None
    blacklisted: int | None = None
    fast_submit: int | None = None
    js_disabled: int | None = None


class _Feedback(Wire):
    received: int


@dataclass(frozen=True, kw_only=True)
class CleanTalk:
    """CleanTalk. Without an address, an e-mail and a fill time it calls most things spam.

    Attributes:
        js_on: Whether the form's page ran JavaScript; default: not known.
        response_lang: Language of its comments.
        name: In verdicts and signals.
    """

    js_on: bool | None = None
    response_lang: str = "en"
    name: str = "cleantalk"

    @property
    def facts(self) -> Facts:
        return _FACTS

    def check(self, submission: Submission, key: str | None) -> Call:
        referrer, agent = submission.referrer or "", submission.user_agent or ""
        sender = {"REFFERRER": referrer, "REFERRER": referrer, "USER_AGENT": agent}
        sign_up = submission.kind == "signup"
        page = {"comment_type": submission.kind, "post_url": submission.permalink or ""}
        body: dict[str, Any] = {
            "method_name": "check_newuser" if sign_up else "check_message",
            "auth_key": key,
            "sender_ip": submission.ip,
            "sender_email": submission.email,
            "sender_nickname": submission.author,
            "message": None if sign_up else submission.text,
            "submit_time": None if submission.elapsed is None else round(submission.elapsed),
            "js_on": None if self.js_on is None else int(self.js_on),
            "sender_info": json.dumps(sender),
            "post_info": json.dumps(page),
            "response_lang": self.response_lang,
            "agent": "fastapi-spamshield",
        }
        return sending.post_json(PATH, sending.given(body), {})

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        if not detection_id:
            raise DetectorError("bad_request", "there is no detection id", detector=self.name)
        body = {
            "method_name": "send_feedback",
            "auth_key": key,
            "feedback": f"{detection_id}:{0 if spam else 1}",
        }
        return sending.post_json(PATH, sending.given(body), {}, retryable=False)

    def detection(self, answer: Answer) -> Detection:
        body = self._succeeded(answer)
        said = reading.shaped(_Answer, body, self.name)
        codes = (said.codes or "").split()
        if said.account_status == 0:
            raise reading.failure(answer, self.name, "auth")
        seen = [
            name
            for name in ("blacklisted", "fast_submit", "js_disabled")
            if getattr(said, name) == 1
        ]
        score = 0.0 if said.allow else SURE if said.spam else UNSURE
        comment = _STARS_AND_TAGS.sub("", said.comment or "").strip()
        return Detection(
            score=score,
            category=codes[1].lower() if len(codes) > 1 and not said.allow else None,
            reason=reading.brief(comment),
            signals=reading.signals((*codes, *seen), self.name),
            detection_id=said.id or None,
            raw=reading.kept(answer, body, synthetic=True),
        )

    def fed_back(self, answer: Answer) -> None:
        if reading.shaped(_Feedback, self._succeeded(answer), self.name).received != 1:
            raise DetectorError("protocol", "the correction was not taken", detector=self.name)

    def _succeeded(self, answer: Answer) -> dict[str, Any]:
        reading.succeeded(answer, self.name)
        body = reading.json_object(answer, self.name)
        codes = body.get("codes")
        for code in codes.split() if isinstance(codes, str) else ():
            if code in _NOT_ABOUT_THE_TEXT:
                raise reading.failure(answer, self.name, _NOT_ABOUT_THE_TEXT[code])
        if body.get("errno") not in (None, 0, "0", ""):
            raise reading.failure(answer, self.name, "bad_request")
        return body
