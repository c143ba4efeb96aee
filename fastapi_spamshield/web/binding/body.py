"""The body of a request as FastAPI takes values from it."""

import copy
import dataclasses
import functools
import inspect
import json
from typing import Any, cast

from fastapi import params
from fastapi.dependencies import utils
from starlette.datastructures import FormData, UploadFile
from starlette.requests import HTTPConnection, Request

from ..content_type import parse_content_type

_PLAIN = frozenset((str, int, float, bool, type(None)))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Body:
    """How FastAPI takes a route's body apart.

    Attributes:
        is_form: Whether it is a form.
        strict: Whether it is JSON only where the sender says so.
        embed: Whether its parameters are parts of one object.
        is_alone: Whether the endpoint alone takes values from it, after all dependencies.
    """

    is_form: bool
    strict: bool
    embed: bool
    is_alone: bool

    async def read(self, connection: Request) -> Any:
        """What FastAPI's functions take values from.

        Args:
            connection: FastAPI has read its body already.
        """
        # What the first lines of `fastapi.routing.get_request_handler` made of it. Starlette keeps
        # bytes and forms, so nothing is received twice.
        if self.is_form:
            form = await connection.form()
            await rewind(form)
            return form
        content = await connection.body()
        if not content:
            return _nothing()
        if not self._is_json(connection):
            return content
        if type(connection).json is not Request.json:
            return copy.deepcopy(await connection.json())
        # A copy: a validator of the user's may change what it is given, and the endpoint's turn
        # comes later. What a dependency's may have changed already, or is more than one object of
        # plain values, is parsed afresh, which takes less time than to copy it.
        if self.is_alone:
            sent = await connection.json()
            if _is_flat(sent):
                return sent.copy()
        return json.loads(content)

    def _is_json(self, connection: HTTPConnection) -> bool:
        declared = connection.headers.get("content-type")
        return parse_content_type(declared).is_json if declared else not self.strict


def _is_flat(sent: Any) -> bool:
    return type(sent) is dict and _PLAIN.issuperset(
        map(type, cast("dict[str, Any]", sent).values())
    )


def body_of(route: Any, *, is_alone: bool) -> Body | None:
    """How a route's body is taken apart; `None`: it takes none.

    Args:
        route: One that is known.
        is_alone: Whether the endpoint alone takes values from it.
    """
    field = getattr(route, "body_field", None)
    if field is None:
        return None
    strict = getattr(route, "strict_content_type", False)
    return Body(
        is_form=isinstance(field.field_info, params.Form),
        strict=getattr(strict, "value", strict),
        is_alone=is_alone,
        embed=route._embed_body_fields,  # noqa: SLF001 - the package's docstring says why
    )


@functools.cache
def _nothing() -> Any:
    # Another value before FastAPI 0.130 than since.
    return inspect.signature(utils.solve_dependencies).parameters["body"].default


async def rewind(form: FormData) -> None:
    """Go back to the beginning of each file in a form.

    Somebody may have read it. In older versions of FastAPI a parameter of type `bytes` does, and
    the handler's own comes after.

    Args:
        form: As Starlette keeps it.
    """
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            await value.seek(0)
