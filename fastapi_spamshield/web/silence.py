"""What a handler would have answered, as far as it can be told from its declaration."""

import dataclasses
import inspect
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import JSONResponse, Response

from ..errors import ConfigurationError, describe
from .binding import Endpoint, Values
from .dependency import require_hashable
from .invention import invent, is_a

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

SilentResponse = str | Callable[[], Response]
"""The answer as JSON, or a function that makes the whole of it."""

_WITHOUT_BODY = (204, 205, 304)
_NOT_MODIFIED = 304
_REDIRECTS = range(300, 400)


def parse_silent_response(given: Any) -> SilentResponse | None:
    """The option `silent_response=` as a hashable value.

    Args:
        given: What JSON takes, or a function without arguments that returns a response.

    Raises:
        ConfigurationError: It is neither.
    """
    if given is None:
        return None
    if isinstance(given, Response) or inspect.iscoroutinefunction(given) or _is_a_slip(given):
        raise ConfigurationError(
            "silent_response: write a function without arguments that makes a new response each "
            "time, such as silent_response=lambda: RedirectResponse('/thanks', 303)"
        )
    if callable(given):
        return cast("Callable[[], Response]", require_hashable("silent_response", given))
    try:
        return json.dumps(given, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"silent_response can't be written as JSON: {error}") from None


def _is_a_slip(given: Any) -> bool:
    if not callable(given):
        return False
    try:
        inspect.signature(given).bind()
    except (TypeError, ValueError):  # It wants arguments, or does not say.
        return True
    return False


def require_silence(endpoint: Endpoint, chosen: SilentResponse | None) -> None:
    """See that an answer of an endpoint can be made without running it.

    Args:
        endpoint: Where spam is answered with what looks like success.
        chosen: The option `silent_response=`.

    Raises:
        ConfigurationError: It can't; the message says what to write.
    """
    if callable(chosen) or not endpoint.methods:
        return
    made = _response_class(endpoint)
    returned = _returned_response(endpoint)
    if endpoint.status_code in _REDIRECTS and endpoint.status_code != _NOT_MODIFIED:
        why = f"answers with a redirect ({endpoint.status_code})"
    elif endpoint.answering.is_stream:
        why = "answers with a stream"
    elif not _is_json(made):
        why = f"answers with {made.__name__}"
    elif returned is not None and not (chosen and _is_json(returned)):
        why = f"returns a {returned.__name__} of its own"
    elif chosen is None and not _caninvent(endpoint.response_model):
        why = f"answers with {endpoint.response_model!r}"
    else:
        return
    raise ConfigurationError(
        f'{endpoint.name} {why}, which on_spam="silent" can\'t make up. Write a function that '
        "makes what it answers to everybody, such as silent_response=lambda: "
        "RedirectResponse('/thanks', 303) or silent_response=lambda: HTMLResponse('<p>Thank you')"
    )


def make_silent_response(
    endpoint: Endpoint | None, values: list[Values], chosen: SilentResponse | None
) -> Response:
    """A response that looks like success.

    Args:
        endpoint: The endpoint that is not run, where it is known.
        values: What it would have received.
        chosen: The option `silent_response=`.

    Raises:
        ConfigurationError: There is no telling what the endpoint answers, or `chosen` does not
            return a response.
    """
    if callable(chosen):
        response: object = chosen()
        if not isinstance(response, Response):
            raise ConfigurationError(
                f"silent_response={chosen!r} returned a {type(response).__name__}; return a "
                "Response, such as RedirectResponse('/thanks', 303)"
            )
        return response
    if endpoint is None:
        return JSONResponse(_decoded(chosen))
    require_silence(endpoint, chosen)
    made = _response_class(endpoint)
    if endpoint.status_code in _WITHOUT_BODY:
        return Response(b"", endpoint.status_code, media_type=made.media_type)
    if chosen is not None:
        return made(_decoded(chosen), endpoint.status_code)
    try:
        return made(success_body(endpoint, values), endpoint.status_code)
    except Exception as error:  # noqa: BLE001 - whoever is at fault, an error would tell spam from ham
        logger.warning(
            "%s: no answer could be made up, write silent_response=: %s",
            endpoint.name,
            describe(error),
        )
        return JSONResponse(None, endpoint.status_code)


def success_body(endpoint: Endpoint, values: list[Values]) -> Any:
    """A body that looks like success: of the response model, filled from what was sent.

    See `invent`. Where what is made up gives the game away, `spam_check` takes `silent_response=`.

    Args:
        endpoint: The endpoint that is not run.
        values: What it would have received.
    """
    if endpoint.response_model is None:
        return None
    received = [value for source in values for value in source.values()]
    sent = (*values, *map(_fields_of, received))
    made = invent(endpoint.response_model, sent)
    adapter: TypeAdapter[Any] = TypeAdapter(endpoint.response_model)
    # To bytes and back, since pydantic knows then what JSON can't hold, such as NaN.
    return json.loads(
        adapter.dump_json(
            made,
            warnings=False,  # About what could not be invented.
            **endpoint.answering.options,
        )
    )


def _decoded(chosen: str | None) -> Any:
    return None if chosen is None else json.loads(chosen)


def _response_class(endpoint: Endpoint) -> type[Response]:
    return cast("type[Response]", endpoint.answering.response_class)


def _is_json(made: type[Response]) -> bool:
    return issubclass(made, JSONResponse) or made.media_type == JSONResponse.media_type


def _returned_response(endpoint: Endpoint) -> type[Response] | None:
    annotation = endpoint.answering.returned
    for choice in (annotation, *get_args(annotation)):
        if isinstance(choice, type) and issubclass(choice, Response):
            return choice
    return None


def _caninvent(annotation: Any) -> bool:
    if annotation is None or is_a(annotation, BaseModel):
        return True
    try:
        TypeAdapter[Any](annotation).validate_python(invent(annotation))
    except ValidationError:
        return False
    return True


def _fields_of(value: Any) -> Mapping[Any, Any]:
    if isinstance(value, BaseModel):
        return dict(value)
    if isinstance(value, Mapping):
        return cast("dict[Any, Any]", value)
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {}
