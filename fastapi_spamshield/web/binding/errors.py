"""Errors of a request: who answers them, and where they came from."""

import traceback
from collections.abc import Callable
from typing import Any

from fastapi import HTTPException as FastAPIError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection


def install_handler(
    connection: HTTPConnection,
    error: type[HTTPException],
    handler: Callable[..., Any],
    *,
    unless_replaced: Callable[..., Any] | None = None,
) -> bool:
    """Let an error be answered by `handler`, unless the application has its own way.

    Args:
        connection: The request.
        error: The class of the error.
        handler: `async def handler(request, error) -> Response`.
        unless_replaced: FastAPI's handler for all such errors; where the application has put
            another in its place, that one stays in charge.

    Returns:
        Whether there was none yet.
    """
    handlers = connection.scope.get("starlette.exception_handlers", ({}, {}))[0]
    if error in handlers:
        return False
    usual = handlers.get(HTTPException) is unless_replaced and FastAPIError not in handlers
    if unless_replaced is None or usual:
        handlers[error] = handler
    return True


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
