"""What is known of a request, for all its checks: it is read once."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import HTTPConnection

from ..form_tokens import FormTokenReading
from .binding import Values
from .raw import RawRequest

_MEMORY = "_fastapi_spamshield"


@dataclass(slots=True)
class Memory:
    """What is known of one request, for all its checks.

    It belongs to the connection, which is made once for each request. The scope would be wrong: an
    endpoint may pass a copy of it on, with another body.
    """

    outcomes: dict[Any, Any] = field(default_factory=dict[Any, Any])
    values: list[Values] | None = None
    is_read: bool = False
    raw: RawRequest | None = None
    # By the id of a token, which several checks may ask for: it is used up once.
    tokens: dict[str, FormTokenReading] = field(default_factory=dict[str, FormTokenReading])


def memory_of(connection: HTTPConnection) -> Memory:
    """What is known of a request.

    Args:
        connection: The request or the WebSocket.
    """
    memory: Memory | None = vars(connection).get(_MEMORY)
    if memory is None:
        memory = vars(connection)[_MEMORY] = Memory()
    return memory


def read_values(connection: HTTPConnection) -> list[Values]:
    """What the endpoint would receive, once it was read.

    Args:
        connection: The request or the WebSocket.
    """
    return memory_of(connection).values or []
