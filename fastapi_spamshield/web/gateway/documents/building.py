"""Putting an OpenAPI document together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

Model = type[BaseModel]
Json = dict[str, Any]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PLAIN = "text/plain"


class Written(BaseModel, extra="forbid"):
    """A JSON object that the gateway writes: nothing else is in it."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """What is sent or answered.

    Attributes:
        schema: A model, or a schema of a plain type.
        example: One that is right.
        media_type: How it is written.
    """

    schema: Model | Json
    example: object
    media_type: str = JSON


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call of a vendor's.

    Attributes:
        path: Below the vendor's host.
        summary: What it is for.
        answers: For each HTTP status the bodies that it may have.
        method: In small letters.
        request: What is sent.
        parameters: Of the query, as OpenAPI describes them.
        headers: Of a success, name to what it says.
    """

    path: str
    summary: str
    answers: Mapping[int, Sequence[Body]]
    method: str = "post"
    request: Body | None = None
    parameters: Sequence[Json] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Description:
    """A vendor's language.

    Attributes:
        title: The vendor.
        operations: Its calls.
        security: OpenAPI's security schemes, any one of which does.
    """

    title: str
    operations: Sequence[Operation]
    security: Mapping[str, Json]


BEARER: Json = {"type": "http", "scheme": "bearer"}
X_API_KEY: Json = {"type": "apiKey", "in": "header", "name": "X-API-Key"}


def failures(error: Model, examples: Mapping[int, object]) -> dict[int, Sequence[Body]]:
    """The refusals of a vendor.

    Args:
        error: The model of all of them.
        examples: For each HTTP status one that is right.
    """
    return {status: [Body(schema=error, example=shown)] for status, shown in examples.items()}


def built(described: Description, *, keyed: bool, server: str) -> Json:
    """The OpenAPI document.

    Args:
        described: The language.
        keyed: Whether a key is needed.
        server: The URL that all paths are below.
    """
    models = _models(described.operations)
    places, components = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    references = {model: places[model, "validation"] for model in models}
    paths: dict[str, Json] = {}
    for operation in described.operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, references)
    secured: Json = {}
    if described.security:
        alternatives: list[Json] = [{name: []} for name in described.security]
        secured = {"security": alternatives if keyed else [{}, *alternatives]}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{described.title}, as the gateway speaks it", "version": "1"},
        "servers": [{"url": server}],
        **secured,
        "paths": paths,
        "components": {
            "schemas": components.get("$defs", {}),
            "securitySchemes": dict(described.security),
        },
    }


def _models(operations: Sequence[Operation]) -> list[Model]:
    bodies = [body for each in operations for found in each.answers.values() for body in found]
    bodies += [each.request for each in operations if each.request is not None]
    models = [body.schema for body in bodies if not isinstance(body.schema, dict)]
    return list(dict.fromkeys(models))


def _operation(operation: Operation, references: Mapping[Model, Json]) -> Json:
    def content(bodies: Sequence[Body]) -> Json:
        return {
            body.media_type: {
                "schema": body.schema if isinstance(body.schema, dict) else references[body.schema],
                "example": body.example,
            }
            for body in bodies
        }

    described: Json = {
        "summary": operation.summary,
        "operationId": operation.path.strip("/").replace("/", "_") + f"_{operation.method}",
        "responses": {
            f"{status}": {
                "description": HTTPStatus(status).phrase,
                "headers": {
                    name: {"description": words, "schema": {"type": "string"}}
                    for name, words in operation.headers.items()
                }
                if status == HTTPStatus.OK
                else {},
                "content": content(bodies),
            }
            for status, bodies in operation.answers.items()
        },
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": content([operation.request])}
    return described
