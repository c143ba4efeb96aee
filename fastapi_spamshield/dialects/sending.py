"""Writing a request: what may leave this machine, and how it is put into bytes."""

import ipaddress
import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ..errors import DetectorError
from ..models import Submission
from .base import Call, Facts

UNASKED = frozenset({"text", "subject", "honeypot", "elapsed", "kind", "language", "permalink"})
"""What is sent unless the developer lists something else: nothing that names a person."""

LONGEST = 1_000
"""Characters of any field but the text: a `User-Agent` may have as many as its sender likes."""

FRAME = 1_024
"""Bytes of a request that are kept free for names, options and the key."""


class Permitted(NamedTuple):
    """What may be sent of a submission.

    Attributes:
        submission: With nothing else in it.
        cut: Whether the vendor reads less than all of a text, which a verdict should tell.
    """

    submission: Submission
    cut: bool


def permitted(submission: Submission, facts: Facts, fields: Collection[str] = UNASKED) -> Permitted:
    """What may be sent of a submission: what was listed, what the vendor reads, what fits.

    An address that is not one of the public internet stays here, whatever is listed. A text that
    is too long is cut to its head and its tail, since spam likes to follow a harmless beginning.

    Args:
        submission: What somebody sent.
        facts: What the vendor's documents say.
        fields: Names of fields of `Submission` that may leave this machine; `text` always may.

    Raises:
        DetectorError: `payload_too_large`: without its text it is more than the vendor takes.
    """
    allowed = {"text", *fields}.intersection(facts.sends, Submission.model_fields)
    kept: dict[str, Any] = {name: getattr(submission, name) for name in allowed}
    if "ip" in kept:
        kept["ip"] = public_address(kept["ip"])
    cut = False
    for name, value in kept.items():
        if name != "text" and isinstance(value, str) and len(value) > LONGEST:
            kept[name] = value[:LONGEST]
            cut = True
    whole = submission.text if "text" in facts.sends else ""
    text = whole if facts.characters is None else _ends(whole, facts.characters)
    if facts.body_bytes is not None:
        others = _size({name: value for name, value in kept.items() if name != "text"})
        text = _within(text, facts.body_bytes - FRAME - others)
    kept["text"] = text
    return Permitted(Submission(**kept), cut or text != whole)


def public_address(ip: str | None) -> str | None:
    """An address as it is, if it is one of the public internet.

    Args:
        ip: As a server knows it, which may be no address at all.
    """
    try:
        address = ipaddress.ip_address(ip or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return ip if address.is_global and not address.is_multicast else None


def _ends(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    tail = (characters - 1) // 2  # A line break keeps the two apart.
    return f"{text[: characters - 1 - tail]}\n{text[len(text) - tail :]}"


def _within(text: str, size: int) -> str:
    if _size(text) <= size:
        return text
    fits, too_long = 0, min(len(text), max(size, 0)) + 1
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if _size(_ends(text, middle)) <= size:
            fits = middle
        else:
            too_long = middle
    if not fits:
        raise DetectorError("payload_too_large", "there is no room for the text")
    return _ends(text, fits)


def _size(value: Any) -> int:
    return len(as_json(value))


def as_json(value: Any) -> bytes:
    """A value as JSON in UTF-8, as short as it goes.

    Args:
        value: Of plain types; what is of another is written as its text.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode("utf-8", "replace")


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that are there at all: several vendors take no null.

    Args:
        values: Name to value.
    """
    return {name: value for name, value in values.items() if value is not None}


def key_header(
    key: str | None, name: str = "Authorization", scheme: str = "Bearer"
) -> dict[str, str]:
    """The header that carries a key; none without a key.

    Args:
        key: The account's key.
        name: Of the header.
        scheme: The word before the key, or nothing.
    """
    return {name: f"{scheme} {key}".lstrip()} if key else {}


JSON = {"Content-Type": "application/json", "Accept": "application/json"}
"""The headers of a request in JSON."""


def post_json(
    path: str, value: object, headers: Mapping[str, str], *, retryable: bool = True
) -> Call:
    """A request whose body is JSON.

    Args:
        path: Below the base URL.
        value: Of plain types.
        headers: With the key, besides those that say JSON.
        retryable: Whether it may be sent again.
    """
    return Call(path, as_json(value), {**JSON, **headers}, retryable=retryable)


def post_form(path: str, values: Mapping[str, Any], *, retryable: bool = True) -> Call:
    """A request whose body is a form, without the entries that are `None`.

    Args:
        path: Below the base URL.
        values: Name to value.
        retryable: Whether it may be sent again.
    """
    body = urlencode(given(values), errors="replace").encode("ascii")
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Call(path, body, headers, retryable=retryable)
