"""How FastAPI makes an answer of what an endpoint returns."""

import dataclasses
from typing import Any, get_type_hints


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


def answering_of(route: Any) -> Answering:
    """How a route answers.

    Args:
        route: One that is known.
    """
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
