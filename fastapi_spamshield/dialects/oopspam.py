"""OOPSpam: text, address and e-mail against lists and a model, scored from 0 to 6."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field

from ..errors import DetectorError
from ..models import Detection, Submission
from . import reading, sending
from .base import Answer, Call, Facts, up_from
from .reading import Wire

CHECK, REPORT = "/spamdetection", "/spamdetection/report"
HIGHEST = 6
RAPIDAPI_HOST = "oopspam.p.rapidapi.com"

_FACTS = Facts(
    base_url="https://api.oopspam.com/v1",
    bands=up_from(2 / HIGHEST, 3 / HIGHEST),
    timeout=20.0,
    sends=("text", "ip", "email"),
    needs=(),
    unknown=(
        "From which score on to review; its documents only say that 3 of 6 is spam.",
        "How long a text may be.",
        "What an error's body looks like.",
        "What `countryMatch` means when it is true; nothing is decided by it.",
    ),
)


class _Details(Wire):
    is_ip_blocked: bool | None = Field(default=None, alias="isIPBlocked")
    is_email_blocked: bool | None = Field(default=None, alias="isEmailBlocked")
    is_content_too_short: bool | None = Field(default=None, alias="isContentTooShort")
    is_content_spam: str | None = Field(default=None, alias="isContentSpam")
    spam_words: list[Any] | None = Field(default=None, alias="spamWords")

    @property
    def words(self) -> list[str]:
        found = {
            "ip blocked": self.is_ip_blocked,
            "email blocked": self.is_email_blocked,
            "content too short": self.is_content_too_short,
            "content spam": self.is_content_spam == "spam",
            "spam words": self.spam_words,
        }
        return [word for word, seen in found.items() if seen]


class _Answer(Wire):
    score: Annotated[float, Field(ge=0, le=HIGHEST, allow_inf_nan=False, alias="Score")]
    details: _Details | None = Field(default=None, alias="Details")


@dataclass(frozen=True, kw_only=True)
class OOPSpam:
    """OOPSpam.

    Attributes:
        check_for_length: Call every text of 20 characters or fewer spam. That is the vendor's own
            default, and makes spam of "Thanks!"; here it is off unless asked for.
        block_temp_email: Call an address of a throw-away service spam.
        block_vpn: Call what comes out of a VPN spam.
        block_data_center: Call what comes out of a data centre spam.
        allowed_languages: ISO 639-1; anything else is spam.
        allowed_countries: ISO 3166-1; any other sender's address is spam.
        blocked_countries: ISO 3166-1; a sender's address there is spam.
        rapidapi: The key is one of RapidAPI's, which has a host of its own.
        name: In verdicts and signals.
    """

    check_for_length: bool = False
    block_temp_email: bool = False
    block_vpn: bool = False
    block_data_center: bool = False
    allowed_languages: tuple[str, ...] = ()
    allowed_countries: tuple[str, ...] = ()
    blocked_countries: tuple[str, ...] = ()
    rapidapi: bool = False
    name: str = "oopspam"

    @property
    def facts(self) -> Facts:
        return replace(_FACTS, base_url=f"https://{RAPIDAPI_HOST}/v1") if self.rapidapi else _FACTS

    def check(self, submission: Submission, key: str | None) -> Call:
        if not (submission.text or submission.ip or submission.email):
            raise DetectorError("bad_request", "there is nothing to judge", detector=self.name)
        return sending.post_json(CHECK, self._question(submission), self._headers(key))

    def _question(self, submission: Submission) -> dict[str, Any]:
        question = {
            "content": submission.text,
            "senderIP": submission.ip,
            "email": submission.email,
            "checkForLength": self.check_for_length,
            "blockTempEmail": self.block_temp_email,
            "blockVPN": self.block_vpn,
            "blockDC": self.block_data_center,
            "allowedLanguages": list(self.allowed_languages) or None,
            "allowedCountries": list(self.allowed_countries) or None,
            "blockedCountries": list(self.blocked_countries) or None,
        }
        return sending.given(question)

    def _headers(self, key: str | None) -> Mapping[str, str]:
        if not self.rapidapi:
            return sending.key_header(key, "X-Api-Key", "")
        return {**sending.key_header(key, "X-Rapidapi-Key", ""), "X-Rapidapi-Host": RAPIDAPI_HOST}

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        body = {**self._question(submission), "shouldBeSpam": spam}
        return sending.post_json(REPORT, body, self._headers(key), retryable=False)

    def detection(self, answer: Answer) -> Detection:
        self._succeeded(answer)
        body = reading.json_object(answer, self.name)
        said = reading.shaped(_Answer, body, self.name)
        words = said.details.words if said.details else []
        return Detection(
            score=said.score / HIGHEST,
            category=words[0].replace(" ", "_") if words else None,
            reason=reading.brief(", ".join(words)),
            signals=reading.signals(words, self.name),
            raw=reading.kept(answer, body),
        )

    def fed_back(self, answer: Answer) -> None:
        self._succeeded(answer)

    def _succeeded(self, answer: Answer) -> None:
        names = ("x-ratelimit-remaining", "x-ratelimit-requests-remaining")
        if answer.status == 429 and "0" in map(answer.headers.get, names):  # noqa: PLR2004
            raise reading.failure(answer, self.name, "quota")
        reading.succeeded(answer, self.name)
