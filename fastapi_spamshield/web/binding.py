"""What an endpoint receives: the only file that touches undocumented parts of FastAPI.

FastAPI gives a dependency no way to ask for "the value that the endpoint will get". A parameter of
its own would do for one fixed name and type, at the price of every validation error twice. So the
values are taken here once more, with FastAPI's own functions, from the body that FastAPI has read
already. Where a version of FastAPI lacks what this needs, `find_endpoint` answers `None`, and the
check reads the raw request instead: it sees more than the handler then, never less.
"""

import copy
import dataclasses
import functools
import inspect
import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_type_hints

from fastapi import FastAPI, params, routing
from fastapi import HTTPException as FastAPIError
from fastapi.dependencies import utils
from fastapi.security.base import SecurityBase
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.routing import Host, Mount
from starlette.types import Message

from .content_type import parse_content_type

_HERE = __name__.partition(".")[0]

Values = dict[str, Any]
"""Parameter name to the value that is passed."""

Through = tuple[str | None, ...]
"""Names of the dependencies on the way down to one; `None` for those that are not the user's."""


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
class _Source:
    """The parameters of the endpoint, or of one dependency: what FastAPI validates together."""

    others: tuple[tuple[Callable[[HTTPConnection], Any], Any], ...]
    body: Any


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """How FastAPI takes a route's body apart."""

    is_form: bool
    strict: bool
    embed: bool

    async def read(self, connection: Request) -> Any:
        # What the first lines of `fastapi.routing.get_request_handler` made of it. Starlette keeps
        # bytes and forms, so nothing is received twice.
        if self.is_form:
            form = await connection.form()
            await _rewind(form)
            return form
        content = await connection.body()
        if not content:
            return _no_body()
        if not self._is_json(connection):
            return content
        if type(connection).json is not Request.json:
            return copy.deepcopy(await connection.json())
        # Parsed afresh: a validator of the user's may change what it is given, and the endpoint's
        # turn comes later. To copy what Starlette keeps would take longer for a long body.
        return json.loads(content)

    def _is_json(self, connection: HTTPConnection) -> bool:
        declared = connection.headers.get("content-type")
        return parse_content_type(declared).is_json if declared else not self.strict


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """How FastAPI makes an answer of what an endpoint returns.

    Attributes:
        response_class: The class of the answer.
        returned: What the function is declared to return; `None` where that is not known.
        is_stream: Whether it answers piece by piece.
        options: Of pydantic, for writing the response model.
    """

    response_class: Any
    returned: Any
    is_stream: bool
    options: dict[str, Any]


_WRITING = (
    *("include", "exclude", "by_alias"),
    *("exclude_unset", "exclude_defaults", "exclude_none"),
)


def _answering(route: Any) -> Answering:
    # FastAPI marks what nobody has set by a wrapper.
    made = getattr(route, "response_class", None)
    try:
        returned = get_type_hints(route.endpoint).get("return")
    except (AttributeError, NameError, TypeError):
        # Of a class with `__call__`, or of names for type checkers only.
        returned = None
    options = {name: getattr(route, f"response_model_{name}", None) for name in _WRITING}
    return Answering(
        response_class=getattr(made, "value", made),
        returned=returned,
        is_stream=getattr(route, "is_json_stream", False),
        options=options,
    )


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
    body: _Body | None = dataclasses.field(repr=False)
    sources: tuple[_Source, ...] = dataclasses.field(repr=False)

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
                    await _rewind(body)
            read.append(values)
        return read if valid else None


_RECEIVED: dict[str, Callable[[HTTPConnection], Any]] = {
    "path": lambda connection: connection.path_params,
    "query": lambda connection: connection.query_params,
    "header": lambda connection: connection.headers,
    "cookie": lambda connection: connection.cookies,
}
_QUIET_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


def find_endpoint(connection: HTTPConnection) -> Endpoint | None:
    """The endpoint that a request goes to, or `None` if this FastAPI does not tell.

    Args:
        connection: The request or the WebSocket, as a dependency gets it.
    """
    route = _route(connection)
    return _endpoint(route, _overrides(connection)) if _is_known(route) else None


def endpoint_key(connection: HTTPConnection) -> Any:
    """An object that is the same for all requests to one endpoint; `None`: do not remember it.

    It takes weak references, and does not outlive its application.

    Args:
        connection: The request or the WebSocket.
    """
    return None if _overrides(connection) else _route(connection)


def iter_endpoints(routes: Sequence[Any], *, mounted: bool = True) -> Iterator[Endpoint]:
    """All endpoints below some routes, through included routers.

    Args:
        routes: For example `app.routes`.
        mounted: Whether to go into mounted applications too.
    """
    walk: Callable[[Sequence[Any]], Iterator[Any]] = getattr(routing, "iter_route_contexts", iter)
    for route in walk(routes):
        original = getattr(route, "original_route", route)
        if isinstance(original, (Mount, Host)):
            if mounted:
                yield from iter_endpoints(original.routes)
        elif _is_known(route):
            yield _endpoint(route, {})


def iter_applications(app: Any) -> Iterator[FastAPI]:
    """An application and those mounted in it.

    Args:
        app: Any ASGI application; only those made with FastAPI are returned.
    """
    if isinstance(app, FastAPI):
        yield app
    for route in getattr(app, "routes", ()):
        if isinstance(route, (Mount, Host)):
            yield from iter_applications(route.app)


def install_handler(
    connection: HTTPConnection,
    error: type[HTTPException],
    handler: Callable[..., Any],
    *,
    unless_replaced: Callable[..., Any] | None = None,
) -> None:
    """Let an error be answered by `handler`, unless the application has its own way.

    Args:
        connection: The request.
        error: The class of the error.
        handler: `async def handler(request, error) -> Response`.
        unless_replaced: FastAPI's handler for all such errors; where the application has put
            another in its place, that one stays in charge.
    """
    handlers = connection.scope.get("starlette.exception_handlers", ({}, {}))[0]
    if error in handlers:
        return
    usual = handlers.get(HTTPException) is unless_replaced and FastAPIError not in handlers
    if unless_replaced is None or usual:
        handlers[error] = handler


def was_raised_by_a_dependency(error: BaseException) -> bool:
    """Whether the handler had not begun when a request ended with an error.

    FastAPI tells nobody. The traceback does, by the name of the function that calls the
    dependencies and of the one that calls the handler; were they renamed, this would answer no.

    Args:
        error: As a dependency with `yield` gets it.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name in ("solve_dependencies", "run_endpoint_function"):
            return frame.f_code.co_name == "solve_dependencies"
    return False


def _route(connection: HTTPConnection) -> Any:
    context: Any = connection.scope.get("fastapi") or {}
    route = context.get("effective_route_context")
    return getattr(route, "starlette_route", None) or route or connection.scope.get("route")


_DEPENDANT = {"call", "name", "path", "dependencies", "body_params"}


def _is_known(route: Any) -> bool:
    dependant = getattr(route, "dependant", None)
    return (
        dependant is not None
        and hasattr(route, "_embed_body_fields")
        and all(hasattr(dependant, name) for name in _DEPENDANT)
        and all(hasattr(dependant, f"{kind}_params") for kind in _RECEIVED)
        and _takes("request_params_to_args", "fields", "received_params")
        and _takes("request_body_to_args", "body_fields", "received_body", "embed_body_fields")
        and _takes("solve_dependencies", "body")
    )


def _takes(function: str, *names: str) -> bool:
    found = getattr(utils, function, None)
    return found is not None and inspect.signature(found).parameters.keys() >= set(names)


def _overrides(connection: HTTPConnection) -> Mapping[Any, Callable[..., Any]]:
    return getattr(connection.scope.get("app"), "dependency_overrides", {})


def _endpoint(route: Any, overrides: Mapping[Any, Callable[..., Any]]) -> Endpoint:
    parameters: list[Parameter] = []
    dependencies: dict[Callable[..., Any], None] = {}
    made: dict[str, Callable[..., Any]] = {}
    sources: list[_Source] = []
    handed = False
    root = route.dependant
    for dependant, through in _walk(root, (), overrides):
        if dependant is not root:
            if None not in through and _takes_request(dependant):
                handed = True
            if dependant.call in dependencies:
                continue
            dependencies[dependant.call] = None
            if dependant.name and len(through) == 1 and _is_a_users(dependant.call):
                made.setdefault(dependant.name, dependant.call)
        found = [
            Parameter(field.name, field.field_info.annotation, kind, len(sources), through)
            for kind in (*_RECEIVED, "body")
            for field in getattr(dependant, f"{kind}_params")
        ]
        if found:
            parameters += found
            others = (
                (take, getattr(dependant, f"{kind}_params")) for kind, take in _RECEIVED.items()
            )
            sources.append(
                _Source(tuple(pair for pair in others if pair[1]), dependant.body_params)
            )
    methods = frozenset(getattr(route, "methods", None) or ())
    function = getattr(root.call, "__name__", type(root.call).__name__)
    takes_request = bool(methods) and _takes_request(root)
    return Endpoint(
        name=f"{'/'.join(sorted(methods)) or 'WebSocket'} {route.path} ({function})",
        path=getattr(route, "path_format", route.path),
        methods=methods,
        parameters=tuple(parameters),
        dependencies=tuple(dependencies),
        made=made,
        takes_request=takes_request,
        # A dependency is handed the request for many reasons; where nothing is posted, its body is
        # none of them.
        reads_body=takes_request or (handed and not methods <= _QUIET_METHODS),
        status_code=getattr(route, "status_code", None) or 200,
        response_model=getattr(route, "response_model", None),
        answering=_answering(route),
        body=_body(route),
        sources=tuple(sources),
    )


def _walk(
    dependant: Any, through: Through, overrides: Mapping[Any, Callable[..., Any]]
) -> Iterator[tuple[Any, Through]]:
    # Those below first, as FastAPI does it: a validator may change the body for those after it.
    for declared in dependant.dependencies:
        below = declared
        call = overrides.get(declared.call, declared.call)
        if call is not declared.call:
            below = utils.get_dependant(path=declared.path, call=call, name=declared.name)
        step = below.name or "" if _is_a_users(call) else None
        yield from _walk(below, (*through, step), overrides)
    yield dependant, through


def _is_a_users(call: Any) -> bool:
    return not isinstance(call, SecurityBase) and call.__module__.partition(".")[0] != _HERE


def _takes_request(dependant: Any) -> bool:
    return bool(dependant.request_param_name or dependant.http_connection_param_name) and (
        _is_a_users(dependant.call)
    )


def _body(route: Any) -> _Body | None:
    field = getattr(route, "body_field", None)
    if field is None:
        return None
    strict = getattr(route, "strict_content_type", False)
    return _Body(
        is_form=isinstance(field.field_info, params.Form),
        strict=getattr(strict, "value", strict),
        embed=route._embed_body_fields,  # noqa: SLF001 - see above
    )


@functools.cache
def _no_body() -> Any:
    # Another value before FastAPI 0.130 than since.
    return inspect.signature(utils.solve_dependencies).parameters["body"].default


async def _rewind(form: FormData) -> None:
    # Somebody may have read it. In older versions of FastAPI a parameter of type `bytes` does, and
    # the handler's own comes after.
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            await value.seek(0)


async def read_head(request: Request, limit: int) -> tuple[bytes, bool]:
    """The beginning of a body, which stays there for the handler to read, whole, as it comes.

    Args:
        request: Nobody need have read it.
        limit: So many bytes are returned at most; little more is received.

    Returns:
        The bytes, and whether they are all.

    Raises:
        ClientDisconnect: The sender went away.
        RuntimeError: Something has consumed the body without keeping it.
    """
    if _is_kept(request):
        content = await request.body()
        return content[:limit], len(content) <= limit
    chunks: list[bytes] = []
    length, more = 0, True
    receive = request.receive
    while more and length <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        length += len(chunks[-1])
        more = message.get("more_body", False)
    content = b"".join(chunks)
    again: list[Message] = [{"type": "http.request", "body": content, "more_body": more}]

    async def replay() -> Message:
        return again.pop() if again else await receive()

    inside: Any = request
    inside._receive = replay  # noqa: SLF001 - Starlette has no other way to put something back
    return content[:limit], not more and length <= limit


def _is_kept(request: Request) -> bool:
    kind = type(request)
    return (
        hasattr(request, "_body")
        # It has been consumed, and says so.
        or getattr(request, "_stream_consumed", True)
        # Another Starlette, or a request of the user's own: it knows what its body is.
        or not hasattr(request, "_receive")
        or kind.body is not Request.body
        or kind.stream is not Request.stream
    )
