"""Which endpoint a request goes to, and which endpoints there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, routing
from starlette.requests import HTTPConnection
from starlette.routing import Host, Mount

from .endpoint import Endpoint
from .route import endpoint_of, is_known


def find_endpoint(connection: HTTPConnection) -> Endpoint | None:
    """The endpoint that a request goes to, or `None` if this FastAPI does not tell.

    Args:
        connection: The request or the WebSocket, as a dependency gets it.
    """
    route = _route(connection)
    return endpoint_of(route, _overrides(connection)) if is_known(route) else None


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
        elif is_known(route):
            yield endpoint_of(route, {})


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


def _route(connection: HTTPConnection) -> Any:
    context: Any = connection.scope.get("fastapi") or {}
    route = context.get("effective_route_context")
    return getattr(route, "starlette_route", None) or route or connection.scope.get("route")


def _overrides(connection: HTTPConnection) -> Mapping[Any, Callable[..., Any]]:
    return getattr(connection.scope.get("app"), "dependency_overrides", {})
