"""From a route of FastAPI to an `Endpoint`."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi.dependencies import utils
from fastapi.security.base import SecurityBase

from .answering import answering_of
from .body import body_of
from .endpoint import RECEIVED, Endpoint, Parameter, Source, Through

_HERE = __name__.partition(".")[0]
_QUIET_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
_DEPENDANT = {"call", "name", "path", "dependencies", "body_params"}


def is_known(route: Any) -> bool:
    """Whether a route is one of FastAPI's, and this FastAPI one that is known here.

    Args:
        route: Any.
    """
    dependant = getattr(route, "dependant", None)
    return (
        dependant is not None
        and hasattr(route, "_embed_body_fields")
        and all(hasattr(dependant, name) for name in _DEPENDANT)
        and all(hasattr(dependant, f"{kind}_params") for kind in RECEIVED)
        and _takes("request_params_to_args", "fields", "received_params")
        and _takes("request_body_to_args", "body_fields", "received_body", "embed_body_fields")
        and _takes("solve_dependencies", "body")
    )


def _takes(function: str, *names: str) -> bool:
    found = getattr(utils, function, None)
    return found is not None and inspect.signature(found).parameters.keys() >= set(names)


def endpoint_of(route: Any, overrides: Mapping[Any, Callable[..., Any]]) -> Endpoint:
    """The endpoint that a route leads to.

    Args:
        route: One that is known.
        overrides: The application's `dependency_overrides`.
    """
    parameters: list[Parameter] = []
    dependencies: dict[Callable[..., Any], None] = {}
    made: dict[str, Callable[..., Any]] = {}
    sources: list[Source] = []
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
            for kind in (*RECEIVED, "body")
            for field in getattr(dependant, f"{kind}_params")
        ]
        if found:
            parameters += found
            others = (
                (take, getattr(dependant, f"{kind}_params")) for kind, take in RECEIVED.items()
            )
            sources.append(Source(tuple(pair for pair in others if pair[1]), dependant.body_params))
    bodies = [source.body for source in sources if source.body]
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
        answering=answering_of(route),
        body=body_of(route, is_alone=len(bodies) == 1 and bodies[0] is root.body_params),
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
