"""What a handler would have answered, as far as it can be guessed from its declaration."""

import enum
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .binding import Endpoint, Values
from .places import follow

LARGEST_NUMBER = 9_999


def success_body(endpoint: Endpoint, values: list[Values]) -> Any:
    """A body that looks like success: of the response model, filled from what was sent.

    A field that was not sent has its default or, where it has none, something of its type: a number
    by chance, a new UUID, the present time, an empty text or list. Where that gives the game away,
    `spam_check` takes `silent_response=`.

    Args:
        endpoint: The endpoint that is not run.
        values: What it would have received.
    """
    sent = {name: value for source in values for name, value in source.items()}
    return jsonable_encoder(_example(endpoint.response_model, (sent, *sent.values())))


def _example(annotation: Any, sent: tuple[Any, ...]) -> Any:
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    kind = get_origin(annotation) or annotation
    if kind in (Union, UnionType):
        return _example(get_args(annotation)[0], sent)
    if not isinstance(kind, type):
        return None
    if issubclass(kind, BaseModel):
        return {
            field.serialization_alias or name: _of_field(name, field, sent)
            for name, field in kind.model_fields.items()
        }
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    for one, make in _MAKERS.items():
        if issubclass(kind, one):
            return make()
    return None


def _of_field(name: str, field: FieldInfo, sent: tuple[Any, ...]) -> Any:
    for value in sent:
        for found in follow(value, (name,)):
            return found
    if not field.is_required():
        return field.get_default(call_default_factory=True, validated_data={})
    return _example(field.annotation, sent)


def _number() -> int:
    return secrets.randbelow(LARGEST_NUMBER) + 1


def _now() -> datetime:
    return datetime.now(UTC)


_MAKERS: dict[type, Callable[[], Any]] = {
    bool: bool,  # Before `int`, as each before what it is a kind of.
    int: _number,
    float: float,
    str: str,
    UUID: uuid4,
    datetime: _now,
    date: date.today,
    Mapping: dict,
    Iterable: list,
}
