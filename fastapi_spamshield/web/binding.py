"""What an endpoint receives: the only file that touches undocumented parts of FastAPI.

FastAPI gives a dependency no way to ask for "the value that the endpoint will get". A parameter of
its own would do for one fixed name and type, at the price of every validation error twice. So the
values are taken here once more, with FastAPI's own functions, from the body that FastAPI has read
already. Where a version of FastAPI lacks what this needs, `find_endpoint` answers `None`, and the
check reads the raw request instead: it sees more than the handler then, never less.
"""

import dataclasses
import email.message
import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, params, routing
from fastapi import HTTPException as FastAPIError
from fastapi.dependencies import utils
from fastapi.security.base import SecurityBase
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.routing import Host, Mount

_HERE = __name__.partition(".")[0]

Values = dict[str, Any]
"""Parameter name to the value that is passed."""


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
    made: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """A route's function and all dependencies below it, as one request will see them.

    Attributes:
        name: Method, path and function, for messages.
        path: Path with its parameters in braces, as in OpenAPI.
        methods: HTTP methods; empty for a WebSocket.
        parameters: What is taken from the request, the endpoint's own first.
        dependencies: Every dependency once, in the order in which FastAPI calls them.
        made: Name of a parameter of the endpoint to the user's dependency that makes its value.
        reads_request: Whether somebody is handed the request itself and may read its body.
    """

    name: str
    path: str
    methods: frozenset[str]
    parameters: tuple[Parameter, ...]
    dependencies: tuple[Callable[..., Any], ...]
    made: dict[str, Callable[..., Any]]
    reads_request: bool
    status_code: int
    response_model: Any
    route: Any = dataclasses.field(repr=False)
    key: Any = dataclasses.field(repr=False)
    sources: tuple[Any, ...] = dataclasses.field(repr=False)

    async def read(self, connection: HTTPConnection) -> list[Values] | None:
        """The values that FastAPI passes on, or `None` where it will refuse the request.

        Args:
            connection: The request or the WebSocket.
        """
        body = await _body(self.route, connection)
        embed = self.route._embed_body_fields  # noqa: SLF001 - see above
        read: list[Values] = []
        valid = True
        for source in self.sources:
            values: Values = {}
            for kind, received in _RECEIVED.items():
                if fields := getattr(source, f"{kind}_params"):
                    found, errors = utils.request_params_to_args(fields, received(connection))
                    values.update(found)
                    valid = valid and not errors
            if source.body_params:
                found, errors = await utils.request_body_to_args(
                    body_fields=source.body_params, received_body=body, embed_body_fields=embed
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


def find_endpoint(connection: HTTPConnection) -> Endpoint | None:
    """The endpoint that a request goes to, or `None` if this FastAPI does not tell.

    Args:
        connection: The request or the WebSocket, as a dependency gets it.
    """
    route = _route(connection)
    return _endpoint(route, _overrides(connection)) if _is_known(route) else None


def endpoint_key(connection: HTTPConnection) -> Any:
    """An object that is the same for all requests to one endpoint; `None`: do not remember it.

    Args:
        connection: The request or the WebSocket.
    """
    return None if _overrides(connection) else getattr(_route(connection), "dependant", None)


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
    sources: list[Any] = []
    reads_request = False
    root = route.dependant
    for dependant, through in _walk(root, (), overrides):
        if dependant is not root:
            if dependant.call in dependencies:
                continue
            dependencies[dependant.call] = None
            if dependant.name and len(through) == 1 and _is_a_users(dependant.call):
                made.setdefault(dependant.name, dependant.call)
        if dependant.request_param_name or dependant.http_connection_param_name:
            reads_request = reads_request or _is_a_users(dependant.call)
        found = [
            Parameter(field.name, field.field_info.annotation, kind, len(sources), through)
            for kind in (*_RECEIVED, "body")
            for field in getattr(dependant, f"{kind}_params")
        ]
        if found:
            parameters += found
            sources.append(dependant)
    methods = frozenset(getattr(route, "methods", None) or ())
    function = getattr(root.call, "__name__", type(root.call).__name__)
    return Endpoint(
        name=f"{'/'.join(sorted(methods)) or 'WebSocket'} {route.path} ({function})",
        path=getattr(route, "path_format", route.path),
        methods=methods,
        parameters=tuple(parameters),
        dependencies=tuple(dependencies),
        made=made,
        reads_request=reads_request and bool(methods),
        status_code=getattr(route, "status_code", None) or 200,
        response_model=getattr(route, "response_model", None),
        route=route,
        key=root,
        sources=tuple(sources),
    )


def _walk(
    dependant: Any, through: tuple[str, ...], overrides: Mapping[Any, Callable[..., Any]]
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    yield dependant, through
    for declared in dependant.dependencies:
        below = declared
        call = overrides.get(declared.call, declared.call)
        if call is not declared.call:
            below = utils.get_dependant(path=declared.path, call=call, name=declared.name)
        yield from _walk(below, (*through, below.name or ""), overrides)


def _is_a_users(call: Any) -> bool:
    return not isinstance(call, SecurityBase) and call.__module__.partition(".")[0] != _HERE


async def _body(route: Any, connection: HTTPConnection) -> Any:
    # What the first lines of `fastapi.routing.get_request_handler` made of the body; starlette
    # remembers the parts, so nothing is parsed twice.
    field = getattr(route, "body_field", None)
    if field is None or not isinstance(connection, Request):
        return _no_body()
    if isinstance(field.field_info, params.Form):
        form = await connection.form()
        await _rewind(form)
        return form
    content = await connection.body()
    if not content:
        return _no_body()
    return await connection.json() if _is_json(route, connection) else content


@functools.cache
def _no_body() -> Any:
    # Another value before FastAPI 0.130 than since.
    return inspect.signature(utils.solve_dependencies).parameters["body"].default


def _is_json(route: Any, connection: HTTPConnection) -> bool:
    declared = connection.headers.get("content-type")
    if declared:
        return _is_json_type(declared)
    strict = getattr(route, "strict_content_type", False)
    return not getattr(strict, "value", strict)


@functools.lru_cache(maxsize=64)
def _is_json_type(declared: str) -> bool:
    message = email.message.Message()
    message["content-type"] = declared
    subtype = message.get_content_subtype()
    main: str = message.get_content_maintype()
    return main == "application" and (subtype == "json" or subtype.endswith("+json"))


async def _rewind(form: FormData) -> None:
    # A parameter of type `bytes` reads its upload to the end, and the handler's own comes after.
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            await value.seek(0)
