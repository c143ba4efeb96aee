"""Refusals in the application's OpenAPI, without a word in its routes."""

import copy
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from fastapi import FastAPI

from ..policy import SpamPolicy
from ..shield import Shield
from .binding import Endpoint, iter_applications, iter_endpoints
from .check import SpamCheck
from .refusal import SPAM_RESPONSES, UNAVAILABLE_STATUS

VALIDATION_STATUS = 422


@contextmanager
def documented_refusals(app: Any, shield: Shield) -> Generator[None]:
    """Let `app.openapi()` list the answers that a refused sender gets.

    This wraps the method, which is how FastAPI wants OpenAPI to be extended. What a route says of
    such an answer itself stays as it is.

    Args:
        app: The application; those that are mounted in it are included.
        shield: Its policy says which routes refuse.
    """
    with ExitStack() as stack:
        for application in iter_applications(app):
            stack.enter_context(_documented(application, shield))
        yield


@contextmanager
def _documented(app: FastAPI, shield: Shield) -> Generator[None]:
    # Several may run at once, and need not stop in the order in which they started.
    wrapped = vars(app).get("openapi")
    documenting = wrapped if isinstance(wrapped, _Documenting) else _Documenting(app)
    documenting.shields.append(shield)
    vars(app)["openapi"] = documenting
    try:
        yield
    finally:
        documenting.shields.remove(shield)
        if not documenting.shields and app.openapi is documenting:
            vars(app)["openapi"] = documenting.original


class _Documenting:
    """`app.openapi`, as long as shields are running."""

    def __init__(self, app: FastAPI) -> None:
        self.shields: list[Shield] = []
        self.original = app.openapi
        self._app = app

    def __call__(self) -> dict[str, Any]:
        schema = self.original()
        for endpoint in iter_endpoints(self._app.routes, mounted=False):
            for shield in self.shields:
                for status_code in sorted(_refusals(endpoint, shield)):
                    _add(schema, endpoint, status_code)
        return schema


def _refusals(endpoint: Endpoint, shield: Shield) -> set[int]:
    return {
        status_code
        for dependency in endpoint.dependencies
        if isinstance(dependency, SpamCheck)
        for status_code in _status_codes(dependency.policy(shield))
    }


def _status_codes(policy: SpamPolicy) -> Iterator[int]:
    if policy.shadow:
        return
    if policy.on_spam == "reject":
        yield policy.status_code
    if policy.on_error == "reject":
        yield UNAVAILABLE_STATUS


def _add(schema: dict[str, Any], endpoint: Endpoint, status_code: int) -> None:
    answer = SPAM_RESPONSES[UNAVAILABLE_STATUS if status_code == UNAVAILABLE_STATUS else 403]
    answer = copy.deepcopy(answer)  # Whoever edits the document means this one place.
    for method in endpoint.methods:
        operation = schema.get("paths", {}).get(endpoint.path, {}).get(method.lower())
        if operation is not None:
            described = operation["responses"].setdefault(str(status_code), answer)
            if status_code == VALIDATION_STATUS:  # FastAPI has described it already.
                described.setdefault("content", {}).update(answer["content"])
