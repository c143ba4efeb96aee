"""What a `Content-Type` says."""

import email.message
import functools
from typing import NamedTuple


class ContentType(NamedTuple):
    """A media type with what matters of it.

    Attributes:
        kind: Such as `application/json`, in small letters; empty where none is sent.
        is_json: Whether FastAPI reads it as JSON.
        charset: The encoding that the sender claims.
    """

    kind: str
    is_json: bool = False
    charset: str | None = None


@functools.lru_cache(maxsize=64)
def parse_content_type(header: str) -> ContentType:
    """Read a header.

    Args:
        header: Its value; empty where there is none.
    """
    if not header:
        return ContentType("")
    message = email.message.Message()
    message["content-type"] = header
    subtype = message.get_content_subtype()
    charset = message.get_param("charset")
    return ContentType(
        message.get_content_type(),
        message.get_content_maintype() == "application"
        and (subtype == "json" or subtype.endswith("+json")),
        charset if isinstance(charset, str) else None,
    )
