"""Reading a request and writing an answer, for a server that speaks a vendor's language."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import parse_qs, parse_qsl

from pydantic import ValidationError

from ..errors import DetectorError, ErrorCode
from ..models import SpamVerdict
from .base import Answer, Call, Usage
from .reading import Wire, parsed
from .sending import as_json

FIELDS = 200
"""Fields of one form."""

STATUS: Mapping[ErrorCode, int] = {
    "auth": 401,
    "quota": 429,
    "rate_limited": 429,
    "bad_request": 422,
    "payload_too_large": 413,
}
"""What most vendors answer; everything else is no fault of the client's: 503."""


class Problem(NamedTuple):
    """What is wrong with a field of a request.

    Attributes:
        place: `body`, then the names that lead to the field.
        message: What it should be.
        kind: In one word, as Pydantic has it: `missing`, `string_type`, ...
    """

    place: tuple[str | int, ...]
    message: str
    kind: str


class WrongRequest(DetectorError):
    """A request that is not one of the vendor's.

    Attributes:
        problems: What is wrong with it; quotes nothing.
    """

    def __init__(self, problems: Sequence[Problem], code: ErrorCode = "bad_request") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(code, "; ".join(problem.kind for problem in problems))


Miss = Literal[404, 405, 408, 415]
"""No such thing, no such method, not there in time, no such media type."""


class Misdirected(DetectorError):
    """A request that does not get as far as being read.

    Attributes:
        status: What HTTP has for it.
    """

    def __init__(self, status: Miss) -> None:
        self.status: Miss = status
        super().__init__("bad_request", f"HTTP {status}")

    @property
    def words(self) -> str:
        """What HTTP calls it, such as `Not Found`."""
        return HTTPStatus(self.status).phrase


class LimitReached(DetectorError):
    """A key that has no more requests left: `rate_limited` or `quota`.

    Attributes:
        usage: Of the key.
    """

    def __init__(
        self, code: Literal["quota", "rate_limited"], usage: Usage, *, retry_after: float
    ) -> None:
        self.usage = usage
        super().__init__(code, retry_after=retry_after)


def status_of(error: DetectorError, **own: int) -> int:
    """The HTTP status of a refusal.

    Args:
        error: Why it is refused.
        own: `code=status`, where the vendor differs from most.
    """
    if isinstance(error, Misdirected):
        return error.status
    return own.get(error.code, STATUS.get(error.code, 503))


def request_id(call: Call) -> str:
    """The id that the server gave the request, or one that is made of its body.

    Args:
        call: As it came in.
    """
    given = header(call, "x-request-id")
    return given or f"req_{hashlib.blake2b(call.body, digest_size=8).hexdigest()}"


def wrong(name: str, message: str, kind: str = "value_error") -> WrongRequest:
    """An error about one field.

    Args:
        name: Of the field.
        message: What it should be.
        kind: In one word.
    """
    return WrongRequest([Problem(("body", name), message, kind)])


def header(call: Call, name: str) -> str | None:
    """A header of a request, in whatever case it was sent.

    Args:
        call: As it came in.
        name: In lower case.
    """
    return next((text for known, text in call.headers.items() if known.lower() == name), None)


def bearer(call: Call) -> str | None:
    """The token of `Authorization: Bearer`.

    Args:
        call: As it came in.
    """
    scheme, _, token = (header(call, "authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def path_of(call: Call) -> str:
    """The path of a request, without its query.

    Args:
        call: As it came in.
    """
    return call.path.partition("?")[0]


def query(call: Call, name: str) -> str | None:
    """A parameter of the query.

    Args:
        call: As it came in.
        name: Of the parameter.
    """
    return parse_qs(call.path.partition("?")[2]).get(name, [None])[0]


def form(call: Call) -> dict[str, str] | None:
    """The fields of a form, the first one of each name; `None` where it is no form.

    Args:
        call: As it came in.
    """
    try:
        pairs = parse_qsl(
            call.body.decode("utf-8"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=FIELDS,
        )
    except ValueError:
        return None
    return dict(reversed(pairs))


Request = TypeVar("Request", bound=Wire)


def request(model: type[Request], call: Call) -> Request:
    """A request in JSON, as the vendor's documents describe it.

    Args:
        model: What they describe.
        call: As it came in.

    Raises:
        WrongRequest: It is something else.
    """
    value = parsed(call.body)
    if value is None:
        raise WrongRequest([Problem(("body",), "JSON decode error", "json_invalid")])
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
    raise WrongRequest(
        [Problem(("body", *item["loc"]), item["msg"], item["type"]) for item in found]
    )


def listed(error: DetectorError) -> list[dict[str, Any]]:
    """What is wrong with a request, as FastAPI lists it under `detail`.

    Args:
        error: Any.
    """
    problems = error.problems if isinstance(error, WrongRequest) else ()
    whole = Problem(("body",), "This can't be judged", "value_error")
    return [
        {"loc": list(problem.place), "msg": problem.message, "type": problem.kind}
        for problem in problems or (whole,)
    ]


def answer(
    value: object, status: int = 200, headers: Mapping[str, float | str | None] | None = None
) -> Answer:
    """An answer in JSON.

    Args:
        value: Of plain types.
        status: HTTP status.
        headers: Name, in lower case, to text or to a number, which is rounded up; those that are
            `None` are left out.
    """
    written = {"content-type": "application/json", **as_headers(headers or {})}
    return Answer(status, as_json(value), written)


def as_headers(values: Mapping[str, float | str | None]) -> dict[str, str]:
    """Headers, without those that are `None`.

    Args:
        values: Name to text or to a number, which is rounded up.
    """
    return {
        name: value if isinstance(value, str) else f"{math.ceil(value)}"
        for name, value in values.items()
        if value is not None
    }


def measured(verdict: SpamVerdict) -> float:
    """The score of a verdict.

    Args:
        verdict: On what was asked.

    Raises:
        DetectorError: `unavailable`: nothing was measured.
    """
    if verdict.score is None:
        raise DetectorError("unavailable", "nothing was measured")
    return verdict.score
