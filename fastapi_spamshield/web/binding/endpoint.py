"""An endpoint, and the values that it gets."""

import dataclasses
from collections.abc import Callable
from typing import Any

from fastapi.dependencies import utils
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection, Request

from .answering import Answering
from .body import Body, rewind

Values = dict[str, Any]
"""Parameter name to the value that is passed."""

Through = tuple[str | None, ...]
"""Names of the dependencies on the way down to one; `None` for those that are not the user's."""


RECEIVED: dict[str, Callable[[HTTPConnection], Any]] = {
    "path": lambda connection: connection.path_params,
    "query": lambda connection: connection.query_params,
    "header": lambda connection: connection.headers,
    "cookie": lambda connection: connection.cookies,
}
"""Kind of a parameter to where a connection has it; bodies are not among them."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A value that FastAPI takes from the request.

    Attributes:
        name: Its name in Python.
        annotation: Its annotation, without FastAPI's own markers.
        kind: path, query, header, cookie or body.
        source: Index of the values it is found in, among those that `Endpoint.read` returns.
        made: Names of the dependencies that it goes through; empty for the endpoint's own.
    """

    name: str
    annotation: Any
    kind: str
    source: int
    made: Through


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The parameters of the endpoint, or of one dependency: what FastAPI validates together."""

    others: tuple[tuple[Callable[[HTTPConnection], Any], Any], ...]
    body: Any


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """A route's function and all dependencies below it, as one request will see them.

    It holds nothing of the route itself: whoever keeps it keeps no application alive.

    Attributes:
        name: Method, path and function, for messages.
        path: Path with its parameters in braces, as in OpenAPI.
        methods: HTTP methods; empty for a WebSocket.
        parameters: What is taken from the request.
        dependencies: Every dependency once, in the order in which FastAPI calls them.
        made: Name of a parameter of the endpoint to the user's dependency that makes its value.
        takes_request: Whether the endpoint's own function is handed the request itself.
        reads_body: Whether it may read the body by itself, or a dependency may for it.
    """

    name: str
    path: str
    methods: frozenset[str]
    parameters: tuple[Parameter, ...]
    dependencies: tuple[Callable[..., Any], ...]
    made: dict[str, Callable[..., Any]]
    takes_request: bool
    reads_body: bool
    status_code: int
    response_model: Any
    answering: Answering = dataclasses.field(repr=False)
    body: Body | None = dataclasses.field(repr=False)
    sources: tuple[Source, ...] = dataclasses.field(repr=False)

    async def read(self, connection: HTTPConnection) -> list[Values] | None:
        """The values that FastAPI passes on, or `None` where it will refuse the request.

        The user's validators run for it, and once more for the endpoint: a default that is made
        anew each time (`default_factory`) may differ from the one that the endpoint gets.

        Args:
            connection: The request or the WebSocket.
        """
        body: Any = None
        if self.body is not None and isinstance(connection, Request):
            body = await self.body.read(connection)
        read: list[Values] = []
        valid = True
        for source in self.sources:
            values: Values = {}
            for received, fields in source.others:
                found, errors = utils.request_params_to_args(fields, received(connection))
                values.update(found)
                valid = valid and not errors
            if source.body and self.body is not None:
                found, errors = await utils.request_body_to_args(
                    body_fields=source.body,
                    received_body=body,
                    embed_body_fields=self.body.embed,
                )
                values.update(found)
                valid = valid and not errors
                if isinstance(body, FormData):
                    await rewind(body)
            read.append(values)
        return read if valid else None
