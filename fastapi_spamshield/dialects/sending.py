"""Writing a request: how it is put into bytes, and which addresses are anyone's business."""

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ..errors import ConfigurationError
from .base import Call


def require_path(path: str) -> str:
    """A path as it is, if it leads nowhere else than below a base URL.

    Args:
        path: As a developer wrote it.

    Raises:
        ConfigurationError: It could change the host, or hold a query, in which keys end up in logs.
    """
    if re.fullmatch(r"/[A-Za-z0-9._~/-]*", path) is None or "//" in path:
        raise ConfigurationError(
            f"path={path!r}: write it with a slash in front and without a query, such as "
            "'/v1/check'"
        )
    return path


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
