"""From any value that an endpoint can receive to the texts in it."""

import dataclasses
import enum
import inspect
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import chain, islice
from numbers import Number
from pathlib import PurePath
from types import ModuleType
from typing import Any, cast
from uuid import UUID

from pydantic import AnyUrl, BaseModel, Secret, SecretBytes, SecretStr
from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.requests import HTTPConnection

from .decoding import Pairs
from .unread import Unread, too_large, unreadable

PARTS = 100_000
"""So many values are looked at: texts, numbers, and the lists and mappings around them."""

Leaf = str | bytes | UploadFile | Unread

SECRET = unreadable("A secret is not read.")

TOO_MANY = too_large("It has more parts than are looked at.")
_CONTAINERS = (list, tuple, set, frozenset, deque)
_PRINTED = (
    *(Number, UUID, PurePath, AnyUrl),
    *(IPv4Address, IPv4Network, IPv6Address, IPv6Network),
)
"""What `str` says all about, and attributes would not."""

_SECRETS = (Secret, SecretStr, SecretBytes)
_READABLE = (
    *(str, bytes, bytearray, BaseModel, Mapping, enum.Enum, UploadFile, type(None)),
    *(*_CONTAINERS, *_PRINTED, *_SECRETS),
)


def leaves(values: Iterable[Any]) -> Iterator[Leaf]:
    """All text in some values, in order, the files among it, and what can't be read.

    Args:
        values: Anything that an endpoint can receive.
    """
    waiting = [*values][::-1]
    room = PARTS
    while waiting:
        item = waiting.pop()
        kind = item.__class__
        if kind is str:
            yield item
        elif kind is int or kind is float:
            yield str(item)
        elif item is not None and kind is not bool:
            # What JSON is made of first: there may be very much of it.
            inside: Leaf | list[Any]
            if kind is list:
                inside = item
            elif kind is dict:
                inside = _flat(item.items())
            else:
                inside = _opened(item)
            if not isinstance(inside, list):
                yield inside
                continue
            if len(inside) > room:
                yield TOO_MANY
                inside = inside[:room]
            room -= len(inside)
            waiting += inside[::-1]


def _opened(item: Any) -> Leaf | list[Any]:
    if isinstance(item, enum.Enum):
        return [item.value]
    if isinstance(item, (str, bytes, UploadFile, Unread)):
        return item
    if isinstance(item, BaseModel):
        # The names of further fields are the sender's words too, as the keys of a mapping are.
        return [*vars(item).values(), *_flat((item.model_extra or {}).items())]
    if isinstance(item, (*_CONTAINERS, Mapping)):
        return _of_container(item)
    if isinstance(item, bytearray):
        return bytes(item)
    if isinstance(item, _PRINTED):
        return str(item)
    return SECRET if isinstance(item, _SECRETS) else _of_object(item)


def _of_container(item: Any) -> Leaf | list[Any]:
    if isinstance(item, Pairs):
        return _flat(item)
    if isinstance(item, _CONTAINERS):
        return list(islice(cast("Iterable[Any]", item), PARTS + 1))
    if isinstance(item, HTTPConnection):  # A mapping, and nothing that anybody wrote.
        return _unreadable(item)
    if isinstance(item, ImmutableMultiDict):
        return _flat(cast("Any", item).multi_items())
    return _flat(item.items())


def _flat(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    return [*chain.from_iterable(islice(pairs, PARTS))]


def _of_object(item: Any) -> Leaf | list[Any]:
    if isinstance(item, Iterator) or _is_code(item):
        return _unreadable(item)
    parts = [part for part in _attributes(item) if not _is_code(part)]
    if not parts:
        return str(item) if _prints_itself(item) else _unreadable(item)
    package = _package(item)
    # A session of a database, or a request, that an object keeps is none of the sender's words.
    return [_unreadable(part) if _is_foreign(part, package) else part for part in parts]


def _unreadable(item: Any) -> Unread:
    return unreadable(f"An object of the class {type(item).__name__} can't be read as text.")


def _prints_itself(item: Any) -> bool:
    # Not with the `__repr__` that `object.__str__` falls back to.
    return any("__str__" in vars(kind) for kind in type(item).__mro__[:-1])


def _is_foreign(item: Any, package: str) -> bool:
    return (
        not isinstance(item, _READABLE)
        and not dataclasses.is_dataclass(item)
        and _package(item) != package
        and bool(_attributes(item))
    )


def _package(item: Any) -> str:
    return type(item).__module__.partition(".")[0]


def _is_code(item: Any) -> bool:
    return isinstance(item, (type, ModuleType)) or inspect.isroutine(item)


def _attributes(item: Any) -> list[Any]:
    slots = [
        getattr(item, name, None)
        for base in type(item).__mro__
        for name, member in vars(base).items()
        if inspect.ismemberdescriptor(member) and not name.startswith("__")
    ]
    return [*getattr(item, "__dict__", {}).values(), *slots]
