"""Which of an endpoint's values a path such as `"comment.text"` means."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..errors import ConfigurationError, nearest
from .binding import Endpoint, Parameter, Values
from .places import Path, follow, holds_file, holds_text, is_open, leads_somewhere, members

_POSTING_METHODS = {"PATCH", "POST", "PUT"}
_WRITTEN = ("path", "query", "body")
"""Where the sender's own words come from; headers and cookies are written by programs."""


class Target(NamedTuple):
    """A value of an endpoint, or a part of one.

    Attributes:
        parameter: Where FastAPI passes it.
        path: The way from there.
    """

    parameter: Parameter
    path: Path

    def find(self, values: Sequence[Values]) -> list[Any]:
        """What stands there.

        Args:
            values: What `Endpoint.read` returned.
        """
        value = values[self.parameter.source].get(self.parameter.name)
        if not self.path:
            return [value]
        found = follow(value, self.path)
        if not found and is_open(self.parameter.annotation):
            # In a free-form body the words may stand under any name.
            return [value]
        return found


def has_text(endpoint: Endpoint) -> bool:
    """Whether the sender can write anything to an endpoint, as far as it can be known.

    Args:
        endpoint: Any endpoint. One that takes anything with what is posted counts as taking text:
            a check that finds none there is more likely a slip than meant.
    """
    taken = [parameter for parameter in endpoint.parameters if parameter.kind in _WRITTEN]
    if endpoint.methods & _POSTING_METHODS:
        return bool(taken) or endpoint.reads_body
    return any(holds_text(parameter.annotation) for parameter in taken)


def locate(endpoint: Endpoint, option: str, path: Path) -> list[Target]:
    """The values that a path means: usually one, more where several dependencies share a name.

    None where there is no such place; `no_such_place` says so.

    Args:
        endpoint: The endpoint.
        option: Where the path was written, for the message.
        path: A parameter's name and what is below it, or what is below one parameter only.

    Raises:
        ConfigurationError: It could mean several, or a parameter and a part of it.
    """
    own = [parameter for parameter in endpoint.parameters if not parameter.made]
    deeper = [parameter for parameter in endpoint.parameters if parameter.made]
    if path[0] in endpoint.made:
        return _named(endpoint, option, own, path) or _through_dependency(deeper, path)
    return (
        _named(endpoint, option, own, path)
        or _below(endpoint, option, own, path)
        or _named(endpoint, option, deeper, path)
        or _below(endpoint, option, deeper, path)
    )


def _named(
    endpoint: Endpoint, option: str, choices: Iterable[Parameter], path: Path
) -> list[Target]:
    found = [
        parameter
        for parameter in choices
        if parameter.name == path[0] and leads_somewhere(parameter.annotation, path[1:])
    ]
    [name, *rest] = path
    # `file: UploadFile` is no such case: its attribute `file` is nothing that anybody wrote.
    if not rest and any(
        name in (members(parameter.annotation) or ()) and not holds_file(parameter.annotation)
        for parameter in found
    ):
        # Whichever is not meant would be judged, and sent to a service, or go unjudged.
        raise ConfigurationError(
            f"{option}={name!r} in {endpoint.name} is a parameter with a part of the same name: "
            f"write '{name}.{name}' for the part alone, and each part as '{name}.<part>' for more"
        )
    return [Target(parameter, path[1:]) for parameter in found]


def _through_dependency(choices: Iterable[Parameter], path: Path) -> list[Target]:
    # `form.text`, where the parameter `form` is made by a class whose constructor takes `text`.
    return [
        Target(parameter, path[2:])
        for parameter in choices
        if len(path) > 1
        and parameter.made[:1] == path[:1]
        and parameter.name == path[1]
        and leads_somewhere(parameter.annotation, path[2:])
    ]


def _below(
    endpoint: Endpoint, option: str, choices: Sequence[Parameter], path: Path
) -> list[Target]:
    definite = [
        parameter
        for parameter in choices
        if members(parameter.annotation) and leads_somewhere(parameter.annotation, path)
    ]
    open_ones = [
        parameter
        for parameter in choices
        if parameter.kind == "body" and is_open(parameter.annotation)
    ]
    found = definite or open_ones
    if len(found) > 1:
        names = " or ".join(repr(".".join((parameter.name, *path))) for parameter in found)
        raise ConfigurationError(
            f"{option}={'.'.join(path)!r} is in several places of {endpoint.name}: write {names}"
        )
    return [Target(parameter, path) for parameter in found]


def no_such_place(endpoint: Endpoint, option: str, path: Path) -> ConfigurationError:
    """The error for a place that an endpoint does not have, with the nearest that it has.

    Args:
        endpoint: The endpoint.
        option: Where the path was written.
        path: What was written.
    """
    wanted = ".".join(path)
    message = f"{option}={wanted!r}: there is no such value in {endpoint.name}."
    if path[0] in endpoint.made:
        maker = endpoint.made[path[0]]
        name = getattr(maker, "__name__", type(maker).__name__)
        return ConfigurationError(
            f"{message} {path[0]!r} is made by the dependency {name}; write {option}={name} to "
            "check what it returns"
        )
    known = sorted(_known_places(endpoint))
    close = nearest(path[-1], known) or nearest(wanted, known)
    if close:
        message += f" Did you mean {close!r}?"
    listed = ", ".join(map(repr, known)) or "nothing from the request"
    return ConfigurationError(f"{message} It has: {listed}.")


def _known_places(endpoint: Endpoint) -> set[str]:
    places: set[str] = set()
    for parameter in endpoint.parameters:
        if parameter.kind in _WRITTEN:
            places.add(parameter.name)
            places.update(members(parameter.annotation) or ())
    return places
