"""What a `Content-Type` says."""

import email.message
import functools
from typing import NamedTuple


class ContentType(NamedTuple):
    """A media type with the parameters that matter.

    Attributes:
        kind: Such as `application/json`, in small letters.
        charset: The encoding that the sender claims.
    """

    kind: str
    charset: str | None = None

    @property
    def is_json(self) -> bool:
        """Whether FastAPI reads it as JSON."""
        main, _, subtype = self.kind.partition("/")
        return main == "application" and (subtype == "json" or subtype.endswith("+json"))


@functools.lru_cache(maxsize=64)
def parse_content_type(header: str) -> ContentType:
    """Read a header.

    Args:
        header: Its value; empty where there is none.
    """
    message = email.message.Message()
    message["content-type"] = header
    charset = message.get_param("charset")
    return ContentType(
        message.get_content_type() if header else "",
        charset if isinstance(charset, str) else None,
    )
