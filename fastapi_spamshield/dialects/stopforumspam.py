"""StopForumSpam: how often an address, an e-mail or a name was reported; it reads no text."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import Field

from ..errors import DetectorError
from ..models import Detection, Signal, Submission
from . import reading, sending
from .base import Answer, Call, Facts
from .reading import Wire

PATH = "/api"
_NAME_COUNTS = 0.5
"""Of a name's score: many people bear the same one."""
_REPORTS = 20
"""So many make a score of 1 where it gives no confidence."""

_FACTS = Facts(
    base_url="https://api.stopforumspam.org",
    needs_key=False,
    sends=("ip", "email", "author"),
    needs=(),
    needs_one_of=("ip", "email", "author"),
    unknown=(
        "From which confidence on to refuse; clients commonly take 50 percent.",
        "How many requests a day are allowed; old pages say 5,000 or 20,000.",
        "Under which name it answers about a hashed e-mail; three are looked for.",
    ),
)
_KINDS = {"ip": "ip", "email": "email", "emailhash": "email", "emailHash": "email"}


class _Listing(Wire):
    appears: Annotated[int, Field(ge=0)]
    frequency: Annotated[int, Field(ge=0)] = 0
    confidence: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    blacklisted: int = 0
    torexit: int = 0

    @property
    def score(self) -> float:
        if self.blacklisted:
            return 1.0
        if not self.appears:
            return 0.0
        if self.confidence is not None:
            return self.confidence / 100
        return min(self.frequency / _REPORTS, 1.0)


@dataclass(frozen=True, kw_only=True)
class StopForumSpam:
    """StopForumSpam. It demands not to be asked about every request: only about what is posted.

    It knows senders, no texts, and so is one voice among others. Taking reports is left out: they
    are public, and would publish people's data.

    Attributes:
        hash_email: Send the MD5 of the e-mail instead; it then finds fewer.
        name: In verdicts and signals.
    """

    hash_email: bool = False
    name: str = "stopforumspam"

    @property
    def facts(self) -> Facts:
        return _FACTS

    def check(self, submission: Submission, key: str | None) -> Call:
        email = submission.email or None
        asked = {
            "ip": submission.ip or None,
            "email": None if self.hash_email else email,
            "emailhash": _md5(email) if self.hash_email and email else None,
            "username": submission.author or None,
        }
        asked = sending.given(asked)
        if not asked:
            raise DetectorError("bad_request", "nothing of the sender is known", detector=self.name)
        return sending.post_form(PATH, {**asked, "json": "1", "confidence": "1"})

    def detection(self, answer: Answer) -> Detection:
        reading.succeeded(answer, self.name)
        body = reading.json_object(answer, self.name)
        if body.get("success") not in (1, True):
            limited = "limit" in str(body.get("error")).lower()
            raise reading.failure(answer, self.name, "rate_limited" if limited else "bad_request")
        scores: dict[str, float] = {}
        signals: list[Signal] = []
        for name in (*_KINDS, "username"):
            kind = _KINDS.get(name, "username")
            for listing in self._listings(body.get(name)):
                weight = _NAME_COUNTS if kind == "username" else 1.0
                scores[kind] = max(scores.get(kind, 0.0), listing.score * weight)
                signals += self._signals(kind, listing)
        if not scores:
            raise DetectorError("protocol", "it says nothing of the sender", detector=self.name)
        kind, score = max(scores.items(), key=lambda item: item[1])
        return Detection(
            score=score,
            category=f"{kind}_reputation" if score else None,
            signals=tuple(signals[: reading.SIGNALS]),
            raw=reading.kept(answer, body),
        )

    def _listings(self, value: object) -> list[_Listing]:
        if value is None:
            return []
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        return [reading.shaped(_Listing, item, self.name) for item in items]

    def _signals(self, kind: str, listing: _Listing) -> list[Signal]:
        found: list[Signal] = []
        if listing.appears or listing.blacklisted:
            detail = f"Reported {listing.frequency} times."
            found.append(reading.signal(f"{kind} listed", self.name, detail=detail))
        if listing.torexit:
            found.append(reading.signal("tor exit", self.name))
        return found


def _md5(email: str) -> str:
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()
