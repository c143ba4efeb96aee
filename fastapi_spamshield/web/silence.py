"""What a handler would have answered, as far as it can be guessed from its declaration."""

from typing import Any

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from .binding import Endpoint, Values
from .places import follow


def success_body(endpoint: Endpoint, values: list[Values]) -> Any:
    """A body that looks like success: the response model, filled from what was sent.

    A field that was not sent has its default, or null. Where that gives the game away, `spam_check`
    takes `silent_response=`.

    Args:
        endpoint: The endpoint that is not run.
        values: What it would have received.
    """
    model = endpoint.response_model
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return None
    sent = {name: value for source in values for name, value in source.items()}
    return jsonable_encoder(
        {
            field.serialization_alias or name: next(
                (found for value in (sent, *sent.values()) for found in follow(value, (name,))),
                None if field.default is PydanticUndefined else field.default,
            )
            for name, field in model.model_fields.items()
        }
    )
