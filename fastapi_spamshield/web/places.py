"""Paths such as `"comment.author.bio"`: where in an endpoint's values the text is.

A path is followed twice: once through the annotations of the endpoint, so that a slip is found
before the first visitor comes, and then, for every request, through the values.
"""

import inspect
import types
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, RootModel
from starlette.datastructures import UploadFile

from ..errors import ConfigurationError
from .decoding import Pairs

Path = tuple[str, ...]
"""The parts of a dotted path."""

Members = dict[str, Any]
"""The names below an annotation, each with its own annotation."""

_CONTAINERS = (list, tuple, set, frozenset, deque)
_BUILT_IN = (str, bytes, bytearray, int, float, complex, type(None))
_PLAIN = frozenset((*_BUILT_IN, bool))


def parse_paths(option: str, places: Any) -> tuple[Path, ...]:
    """The paths in an option such as `field=("title", "comment.body")`.

    Args:
        option: The name of the option, for the message.
        places: One dotted path, or a tuple or list of several.

    Raises:
        ConfigurationError: Something in it is not a path.
    """
    listed = tuple(places) if type(places) in (tuple, list) else (places,)
    for place in listed:
        parts = place.split(".") if isinstance(place, str) else [""]
        if not all(part.isidentifier() or part.isalnum() for part in parts):
            raise ConfigurationError(
                f"{option}={places!r}: a place is a parameter of the endpoint or a path into one, "
                'such as "text", "comment.text" or ("title", "body")'
            )
    if not listed:
        raise ConfigurationError(f'{option} names no place; write for example {option}="text"')
    return tuple(tuple(place.split(".")) for place in listed)


def members(annotation: Any) -> Members | None:
    """The names that a path may go on with below a value of this annotation.

    Args:
        annotation: A parameter's or field's annotation.

    Returns:
        Name to annotation, through optionals, unions, lists and annotated types; empty where
        nothing is below (a `str`); `None` where any name may be (a `dict`, `Any`).
    """
    for inner in _unwrapped(annotation):
        return members(inner)
    origin = get_origin(annotation)
    if annotation is Any:
        return None
    if origin is Literal:
        return {}
    if origin is Union or origin is types.UnionType:
        return _merged(members(choice) for choice in get_args(annotation))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return None
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return _merged(members(item) for item in get_args(annotation) if item is not Ellipsis)
    return _members_of_class(origin if isinstance(origin, type) else annotation)


def _members_of_class(named: Any) -> Members | None:
    if not _is_class(named) or (_is_a(named, Mapping) and not _has_hints(named)):
        return None
    if _is_a(named, RootModel):
        return members(named.model_fields["root"].annotation)
    if _is_a(named, BaseModel):
        below = {name: field.annotation for name, field in named.model_fields.items()}
        return {**dict.fromkeys(_properties(named), Any), **below}
    if _has_hints(named):
        return {**dict.fromkeys(_properties(named), Any), **get_type_hints(named)}
    if named is object or any(_is_a(named, container) for container in _CONTAINERS):
        return None
    return {}


def _is_class(named: Any) -> bool:
    return isinstance(named, type)


def _is_a(named: Any, kind: type) -> bool:
    return issubclass(named, kind)


def _unwrapped(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield get_args(annotation)[0]
    elif isinstance(annotation, NewType):
        yield annotation.__supertype__
    elif isinstance(annotation, TypeVar):
        yield annotation.__bound__ or Any
    elif type(annotation).__name__ == "TypeAliasType":  # `type X = ...`, in typing since 3.12
        yield annotation.__value__


def _merged(choices: Iterable[Members | None]) -> Members | None:
    merged: Members = {}
    for choice in choices:
        if choice is None:
            return None
        merged.update(choice)
    return merged


def _has_hints(named: Any) -> bool:
    return named.__module__ != "builtins" and bool(getattr(named, "__annotations__", None))


def _properties(named: Any) -> list[str]:
    return [
        name
        for base in named.__mro__
        if base is not BaseModel
        for name, value in cast("dict[str, Any]", vars(base)).items()
        if isinstance(value, property) and not name.startswith("_")
    ]


def leads_somewhere(annotation: Any, path: Path) -> bool:
    """Whether a path can be followed below a value of this annotation.

    Args:
        annotation: A parameter's annotation.
        path: The parts after the parameter's name.
    """
    for part in path:
        below = members(annotation)
        if below is None:
            return True
        if part not in below:
            return False
        annotation = below[part]
    return True


def holds_text(annotation: Any) -> bool:
    """Whether a value of this annotation can hold words that the sender chose.

    Args:
        annotation: A parameter's annotation.
    """
    if get_origin(annotation) is Literal:
        return False
    for inner in _unwrapped(annotation):
        return holds_text(inner)
    if members(annotation) != {}:
        return True
    if choices := get_args(annotation):
        return any(map(holds_text, choices))
    return isinstance(annotation, type) and issubclass(annotation, (str, bytes, UploadFile))


def holds_file(annotation: Any) -> bool:
    """Whether a value of this annotation can be a file that was sent.

    Args:
        annotation: A parameter's annotation.
    """
    return any(map(holds_file, (*_unwrapped(annotation), *get_args(annotation)))) or (
        isinstance(annotation, type) and issubclass(annotation, UploadFile)
    )


def is_open(annotation: Any) -> bool:
    """Whether any name may be below a value of this annotation, as with `dict` and `Any`."""
    return members(annotation) is None


def follow(value: Any, path: Path) -> list[Any]:
    """What stands at a path: nothing, one value, or one per item of a list on the way.

    Args:
        value: What the endpoint receives.
        path: Names of attributes or keys.
    """
    found = [value]
    for part in path:
        found = _below(found, part)
    return found


def _below(values: list[Any], part: str) -> list[Any]:
    found: list[Any] = []
    waiting = values[::-1]
    while waiting:
        value = waiting.pop()
        kind = value.__class__
        if kind is dict:
            if part in value:
                found.append(value[part])
        elif kind is list:
            # Most of a long list of a hostile sender has nothing below.
            waiting += [item for item in reversed(value) if type(item) not in _PLAIN]
        elif kind is Pairs:
            found += [item for name, item in value if name == part]
        elif isinstance(value, BaseModel):
            # Before all others: nearly every value is one, and asking for a mapping takes longer.
            if isinstance(value, RootModel):
                waiting.append(cast("Any", value).root)
            else:
                found += _member(value, part)
        elif isinstance(value, _CONTAINERS) and not hasattr(cast("Any", value), "_fields"):
            waiting += reversed(list(cast("Iterable[Any]", value)))
        else:
            found += _inside(value, part)
    return found


def _inside(value: Any, part: str) -> list[Any]:
    if isinstance(value, Mapping):
        return [value[part]] if part in value else []
    if isinstance(value, Iterator):
        return [value]  # to be told that it can't be read
    return [] if isinstance(value, _BUILT_IN) else _member(value, part)


def _member(value: Any, part: str) -> list[Any]:
    below = getattr(value, part, None)
    return [] if below is None or (callable(below) and inspect.isroutine(below)) else [below]
