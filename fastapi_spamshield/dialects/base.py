"""What a dialect is: one vendor's requests and answers, written and read from both sides.

A dialect does no input or output. It makes a `Call` of a submission and a `Detection` of an
`Answer`, which is what a client needs; and it makes a submission of a call and an answer of a
verdict, which is what a server that speaks the vendor's language needs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ..errors import DetectorError
from ..models import Detection, SpamVerdict, Submission
from ..policy import Bands, Strictness


class Call(NamedTuple):
    """A request, without the address of the service.

    Attributes:
        path: Below the base URL, with a slash in front; never holds a key.
        body: As it is sent.
        headers: Name to value; may hold a key.
        method: The HTTP method.
        retryable: Whether it may be sent again; what changes something at the vendor may not.
    """

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = {}
    method: str = "POST"
    retryable: bool = True

    def __repr__(self) -> str:
        return f"Call({self.method} {self.path}, {len(self.body)} bytes)"


class Answer(NamedTuple):
    """An answer, read to its end.

    Attributes:
        status: HTTP status.
        body: After decompression.
        headers: Name, in lower case, to value.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"


def up_from(review_threshold: float, threshold: float) -> Bands:
    """The bands of a vendor that calls spam what is *at least* its threshold.

    A policy calls spam what lies above its threshold, which differs where scores are few.

    Args:
        review_threshold: From here up it advises to review.
        threshold: From here up it is spam.
    """
    return Bands(review_threshold, math.nextafter(threshold, 0.0))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a vendor's documents say, for the engine and for the table in the documentation.

    Attributes:
        base_url: Where the service is, unless told otherwise.
        bands: From which score on it advises to review and to refuse; `None`: it does not say.
        characters: Of text that it takes; of a longer one its head, middle and tail.
        body_bytes: Of one whole request.
        per_minute: Requests for one key.
        per_month: The same, on the free plan.
        timeout: Seconds that it is known to need at most.
        needs_key: Whether it has keys at all.
        sends: Fields of `Submission` that it understands, in the vendor's order.
        needs: Those of them without which it can't answer.
        needs_one_of: Those of which it needs one at least; empty: it does without.
        corrects_by_id: Whether its own id of a judgement is all that a correction tells it.
        unknown: What its documents leave open, one sentence each.
    """

    base_url: str
    bands: Bands | None = None
    characters: int | None = None
    body_bytes: int | None = None
    per_minute: int | None = None
    per_month: int | None = None
    timeout: float = 10.0
    needs_key: bool = True
    sends: tuple[str, ...] = ("text",)
    needs: tuple[str, ...] = ("text",)
    needs_one_of: tuple[str, ...] = ()
    corrects_by_id: bool = False
    unknown: tuple[str, ...] = ()


class SiteUsage(NamedTuple):
    """What was asked for one site, where a server counts that.

    Attributes:
        site: Its host.
        calls: Checks of it.
        spam: Those that were spam.
        ham: Those that were not.
        missed_spam: Corrections towards spam.
        false_positives: Corrections towards ham.
    """

    site: str
    calls: int = 0
    spam: int = 0
    ham: int = 0
    missed_spam: int = 0
    false_positives: int = 0


class Usage(NamedTuple):
    """How much of a quota is used; `None` where the vendor does not say.

    Attributes:
        used: Requests or credits so far.
        limit: Of how many.
        remaining: How many are left.
        period: minute, day, month, as the vendor counts.
        resets_at: Unix time at which it begins anew.
        sites: The same for each site, where a server counts that.
        month: Which month that is about, `2026-11`.
    """

    used: float | None = None
    limit: float | None = None
    remaining: float | None = None
    period: str | None = None
    resets_at: float | None = None
    sites: tuple[SiteUsage, ...] = ()
    month: str | None = None


class Dialect(Protocol):
    """How a client talks to a vendor: every dialect has this."""

    @property
    def name(self) -> str:
        """The vendor, as it stands in settings and verdicts: `siftfy`, `akismet`, ..."""
        ...

    @property
    def facts(self) -> Facts:
        """What the vendor's documents say."""
        ...

    def check(self, submission: Submission, key: str | None) -> Call:
        """The request that asks about a submission.

        Args:
            submission: With those fields only that may leave this machine, cut to the limits.
            key: The account's key.

        Raises:
            DetectorError: `bad_request`: the vendor can't judge that.
        """
        ...

    def detection(self, answer: Answer) -> Detection:
        """What the vendor says.

        Args:
            answer: To a `check`.

        Raises:
            DetectorError: It says nothing that could be understood, or that something is wrong.
        """
        ...


class TakesFeedback(Protocol):
    """A dialect whose vendor wants to be told of its mistakes."""

    def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool, key: str | None
    ) -> Call:
        """The request that corrects a judgement.

        Args:
            submission: What was judged, as it was sent.
            detection_id: The vendor's own id of the judgement.
            spam: What it should have been.
            key: The account's key.

        Raises:
            DetectorError: `bad_request`: there is no id to correct.
        """
        ...

    def fed_back(self, answer: Answer) -> None:
        """See that the correction was taken.

        Raises:
            DetectorError: It was not.
        """
        ...


class Verifies(Protocol):
    """A dialect whose vendor can say whether a key is good, without a check."""

    def verify(self, key: str | None) -> Call:
        """The request that asks about the key."""
        ...

    def verified(self, answer: Answer) -> None:
        """See that the key is good.

        Raises:
            DetectorError: `auth`: it is not; anything else: it could not be found out.
        """
        ...


class ShowsUsage(Protocol):
    """A dialect whose vendor tells how much was used."""

    def usage(self, key: str | None) -> Call:
        """The request that asks for it."""
        ...

    def used(self, answer: Answer) -> Usage:
        """What the vendor says.

        Raises:
            DetectorError: It says nothing that could be understood.
        """
        ...


class ChecksMany(Protocol):
    """A dialect whose vendor takes several submissions at once."""

    @property
    def batch_size(self) -> int:
        """How many at most."""
        ...

    def check_many(self, submissions: Sequence[Submission], key: str | None) -> Call:
        """The request that asks about several submissions."""
        ...

    def detections(self, answer: Answer) -> list[Detection | DetectorError]:
        """What the vendor says of each, in their order.

        Raises:
            DetectorError: It says nothing that could be understood.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client asked a server that speaks the dialect.

    Attributes:
        action: check, check_many, feedback, verify, usage, sites.
        submissions: What is to be judged, or was.
        spam: For feedback: what it should have been.
        detection_id: For feedback: of which judgement.
        bands: In which the vendor's clients expect the scores of the answer.
        strictness: How ready to call something spam the client wants it to be.
        site: The host that it is about, where the vendor counts by site.
        trusted: The client says that the sender is one of the site's own people. Whoever can send
            a field can say so.
        guaranteed: It carries the vendor's mark for a test that has to come out as spam.
        rehearsal: Nothing may be learned of it.
        extra: Whatever the answer depends on besides, such as options of the request.
    """

    action: str
    submissions: tuple[Submission, ...] = ()
    spam: bool | None = None
    detection_id: str | None = None
    bands: Bands | None = None
    strictness: Strictness | None = None
    site: str | None = None
    trusted: bool = False
    guaranteed: bool = False
    rehearsal: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Speaks(Protocol):
    """How a server answers in a vendor's language.

    A call that it reads is as it came in: its path may have a query, its headers any case. The
    server writes the id that it gave the request into the header `x-request-id`.
    """

    @property
    def name(self) -> str:
        """The vendor, as for a client."""
        ...

    @property
    def facts(self) -> Facts:
        """What the vendor's documents say, as for a client."""
        ...

    @property
    def media_type(self) -> str:
        """Of the requests; a server answers 415 to any other. Empty: the vendor looks at it."""
        ...

    @property
    def routes(self) -> Mapping[str, Sequence[str]]:
        """Path below the base URL to the HTTP methods that it has."""
        ...

    def key_of(self, call: Call) -> str | None:
        """The key that a client sent, wherever the vendor allows it to stand; raises nothing."""
        ...

    def read(self, call: Call) -> Asked:
        """What a client wants.

        Args:
            call: With a path and a method that `routes` has.

        Raises:
            DetectorError: `bad_request` or `payload_too_large`: it is no request of this vendor's.
        """
        ...

    def write(self, asked: Asked, verdicts: Sequence[SpamVerdict], usage: Usage) -> Answer:
        """The answer to what was asked.

        Args:
            asked: From `read`.
            verdicts: Of its submissions; empty unless it is a check.
            usage: Of the client's key.

        Raises:
            DetectorError: `unavailable`: a verdict has no score, and no vendor has a word for that.
        """
        ...

    def refuse(self, error: DetectorError, call: Call) -> Answer:
        """The vendor's answer where something is wrong.

        Args:
            error: `auth`, `quota`, `rate_limited` with its `retry_after`, `bad_request`, ...
            call: What was asked, since a missing key and a wrong one may differ.
        """
        ...
