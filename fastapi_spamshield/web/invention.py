"""Values of a type, made up: what a handler might have returned."""

import enum
import functools
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, create_model

LARGEST_NUMBER = 9_999

Sent = tuple[Mapping[Any, Any], ...]


def is_a(annotation: Any, kind: type) -> bool:
    """Whether a type is a class of a kind.

    Args:
        annotation: The type, as it is written in an annotation.
        kind: A class.
    """
    return isinstance(annotation, type) and issubclass(annotation, kind)


def invent(annotation: Any, sent: Sent = ()) -> Any:
    """A value of a type; what nothing can be made of is `None`.

    A model's field takes the value that was sent under its name, where that is of the field's type.
    Otherwise it has its default or, where it has none, something of its type: a number by chance, a
    new UUID, the present time, an empty text or list. Further rules, such as a length, are not
    kept.

    Args:
        annotation: The type, as it is written in an annotation.
        sent: Values by the names under which they were sent; the first that fits is taken.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        return invent(get_args(annotation)[0], sent)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin in (Union, UnionType):
        return invent(get_args(annotation)[0], sent)
    kind = origin or annotation
    if is_a(kind, RootModel):
        return kind.model_construct(invent(kind.model_fields["root"].annotation, sent))
    if is_a(kind, BaseModel):
        return kind.model_construct(**dict(_fields(kind, sent)))
    if is_a(kind, enum.Enum):
        return next(iter(kind))
    return next((make() for one, make in _MAKERS.items() if is_a(kind, one)), None)


def _fields(model: type[BaseModel], sent: Sent) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        known = [value for values in sent for value in _as_sent(model, name, values)]
        if known:
            yield name, known[0]
        elif field.is_required():
            yield name, invent(field.annotation, sent)


def _as_sent(model: type[BaseModel], name: str, values: Mapping[Any, Any]) -> Iterator[Any]:
    if name in values:
        with suppress(ValidationError):  # Another thing of the same name.
            only: Any = _only(model, name)
            yield only.model_validate({"value": values[name]}, from_attributes=True).value


@functools.lru_cache(maxsize=256)
def _only(model: type[BaseModel], name: str) -> type[BaseModel]:
    """A model with one field of another, called `value`."""
    field = model.model_fields[name]
    annotation: Any = field.annotation
    for rule in field.metadata:
        annotation = Annotated[annotation, rule]
    return create_model(
        "Only", __config__=ConfigDict(arbitrary_types_allowed=True), value=(annotation, ...)
    )


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
