"""Reading an answer: strict JSON, what a status means, and what is kept of it."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, ClassVar, NoReturn, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import DetectorError, ErrorCode
from ..models import Signal
from .base import Answer

DEPTH = 32
"""How deep JSON may be nested."""

SIGNALS = 50
"""How many signals of one answer are kept."""

_CODES: dict[int, ErrorCode] = {
    401: "auth",
    402: "quota",
    403: "auth",
    408: "timeout",
    413: "payload_too_large",
    429: "rate_limited",
    504: "timeout",
}
_COUNTING = re.compile(r"(x-)?rate-?limit|retry-after$|x-request-id$|x-akismet-")


class Wire(BaseModel):
    """A JSON object of a vendor's: types are what they are called, unknown entries are let be."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        strict=True, frozen=True, hide_input_in_errors=True
    )


Shape = TypeVar("Shape", bound=Wire)


def parsed(body: bytes) -> Any:
    """JSON, or `None` where it is none that can be trusted.

    That is: UTF-8; no name twice in an object, which two readers may read differently; no NaN; no
    half surrogate pair; not too deep.

    Args:
        body: What was sent.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_finite,
        )
        _walk(value, DEPTH)
    except (ValueError, RecursionError):
        return None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError
    return number


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        value.encode()  # Half a surrogate pair has no encoding.
    elif isinstance(value, (dict, list)):
        if not depth:
            raise ValueError
        inside = cast("dict[str, Any] | list[Any]", value)
        for item in (*inside, *inside.values()) if isinstance(inside, dict) else inside:
            _walk(item, depth - 1)


def json_object(answer: Answer, vendor: str) -> dict[str, Any]:
    """The JSON object that an answer is.

    Args:
        answer: With a status of success.
        vendor: The name of the dialect.

    Raises:
        DetectorError: `protocol`: it is none.
    """
    value = parsed(answer.body)
    if not isinstance(value, dict):
        raise DetectorError("protocol", "the answer is no JSON object", detector=vendor)
    return cast("dict[str, Any]", value)


def shaped(model: type[Shape], value: object, vendor: str) -> Shape:
    """A JSON object as the vendor's documents describe it.

    Args:
        model: What they describe.
        value: What was sent.
        vendor: The name of the dialect.

    Raises:
        DetectorError: `protocol`: it is something else.
    """
    problem = ""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # The place is made of names of the model and of numbers, the type is Pydantic's own word.
        problem = f"{'.'.join(map(str, first['loc']))}: {first['type']}"
    # Raised out here, so that no error is chained that would hold the answer.
    raise DetectorError("protocol", f"not as documented: {problem}", detector=vendor)


def succeeded(answer: Answer, vendor: str) -> None:
    """See that the status is one of success.

    Args:
        answer: Any.
        vendor: The name of the dialect.

    Raises:
        DetectorError: It is not; see `failure`.
    """
    if answer.status not in (200, 201):
        raise failure(answer, vendor)


def failure(
    answer: Answer,
    vendor: str,
    code: ErrorCode | None = None,
    *,
    retry_after: float | None = None,
) -> DetectorError:
    """The error that an answer stands for.

    Args:
        answer: Any that is not a success.
        vendor: The name of the dialect.
        code: Where the vendor tells more than its status does.
        retry_after: Seconds, where they are not in the header of that name.
    """
    if code is None:
        code = _CODES.get(answer.status)
    if code is None and 400 <= answer.status < 500:  # noqa: PLR2004 - a class of statuses
        code = "bad_request"
    elif code is None:
        code = "unavailable" if answer.status >= 500 else "protocol"  # noqa: PLR2004 - likewise
    if retry_after is None:
        retry_after = _retry_after(answer)
    return DetectorError(code, f"HTTP {answer.status}", detector=vendor, retry_after=retry_after)


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("retry-after", "")
    wait = amount(value)
    return until(answer, _unix_time(value)) if wait is None else wait


def amount(value: object) -> float | None:
    """A number of seconds, of requests, ..., if it is one that makes sense: finite and not below 0.

    Args:
        value: A number, or a header's text.
    """
    try:
        number = float(cast("str", value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def until(answer: Answer, moment: float | None) -> float | None:
    """The seconds from an answer to a moment, by the vendor's own clock.

    Args:
        answer: With a `Date`, or nothing can be said.
        moment: Unix time.
    """
    now = _unix_time(answer.headers.get("date", ""))
    return None if now is None or moment is None else max(moment - now, 0.0)


def _unix_time(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


def kept(answer: Answer, body: object, **more: Any) -> dict[str, Any]:
    """What is kept of an answer in `Detection.raw`.

    Args:
        answer: Its headers that count requests or name the answer are kept.
        body: What was read.
        more: Further entries.
    """
    counting = {name: text for name, text in answer.headers.items() if _COUNTING.match(name)}
    return {"body": body, "headers": counting, **more}


def signal(words: str, source: str, *, weight: float = 0.0, detail: str | None = None) -> Signal:
    """A vendor's words as a signal.

    Args:
        words: A name in any style, such as `suspicious URL`.
        source: The name of the dialect.
        weight: 0 where the vendor gives none.
        detail: More of its words.
    """
    name = re.sub(r"\W+", "_", words.lower())[:64].strip("_") or "unnamed"
    return Signal(name=name, weight=weight, source=source, detail=brief(detail))


def signals(words: Iterable[str] | None, source: str) -> tuple[Signal, ...]:
    """Several words as signals, not more than a moderator can read.

    Args:
        words: Names in any style, if there are any.
        source: The name of the dialect.
    """
    return tuple(signal(word, source) for word in islice(words or (), SIGNALS))


def word(item: object, *names: str) -> str | None:
    """What something is called, where the form is not documented: a text, or an entry of it.

    Args:
        item: Any JSON.
        names: Under which it may stand, the likeliest first.
    """
    words = [item, *(entry(item, name) for name in names)]
    return next((found for found in words if isinstance(found, str) and found), None)


def brief(words: str | None) -> str | None:
    """A sentence of a vendor's, not longer than a sentence; nothing for an empty one.

    Args:
        words: What it said.
    """
    return words[:500] if words else None


def entry(values: object, *path: str) -> Any:
    """What stands in JSON under a path of names, or `None`: for errors, whose form is free.

    Args:
        values: Any JSON.
        path: Names from the outside in.
    """
    for name in path:
        if not isinstance(values, Mapping):
            return None
        values = cast("Mapping[str, Any]", values).get(name)
    return values
