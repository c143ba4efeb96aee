"""What all of this package's dependencies have in common: a policy, a detector, a bypass."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar, cast

from fastapi import Depends, params
from starlette.requests import HTTPConnection

from ..detectors.base import Detector, require_detector
from ..errors import ConfigurationError, UnknownOption
from ..policy import SpamPolicy
from ..shield import Shield
from .access import get_shield
from .binding import Endpoint

Bypass = Callable[..., Any] | params.Depends
"""A dependency of the user's; a truthy result means that the sender is trusted."""

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Options = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """A callable that FastAPI calls with a connection, a shield and a bypass.

    Equal ones are one dependency to FastAPI: called once a request, overridden together.

    Attributes:
        options: Fields of `SpamPolicy` that differ from the application's.
        detector: Instead of the shield's.
        bypass: Decides who is trusted.
    """

    options: Options = ()
    detector: Detector | None = None
    bypass: params.Depends | None = None
    _policies: dict[SpamPolicy, SpamPolicy] = field(
        default_factory=dict[SpamPolicy, SpamPolicy], init=False, repr=False, compare=False
    )

    # FastAPI asks for it many times a request, and it does not change. Each kind of check returns
    # it from a `__hash__` of its own, or @dataclass would make another one.
    @functools.cached_property
    def _hash(self) -> int:
        compared = [getattr(self, field.name) for field in fields(self) if field.compare]
        return hash((type(self), *compared))

    @property
    def __signature__(self) -> inspect.Signature:
        # All that FastAPI may see: every further parameter would be one that the sender can set.
        return inspect.Signature(list(self.parameters()), return_annotation=Any)

    def parameters(self) -> list[inspect.Parameter]:
        """What FastAPI passes to the dependency, by keyword."""
        wanted = [
            parameter("connection", HTTPConnection),
            parameter("shield", Shield, Depends(get_shield)),
        ]
        if self.bypass is not None:
            wanted.append(parameter("bypassed", Any, self.bypass))
        return wanted

    def verify(self, endpoint: Endpoint) -> None:
        """See that an endpoint can have this dependency, before the first request comes.

        Args:
            endpoint: An endpoint with this dependency.

        Raises:
            ConfigurationError: It can't.
        """

    def verify_policy(self, endpoint: Endpoint, policy: SpamPolicy) -> None:
        """See that an endpoint can do what the policy says.

        Args:
            endpoint: An endpoint with this dependency.
            policy: What holds there.

        Raises:
            ConfigurationError: It can't.
        """

    def policy(self, shield: Shield) -> SpamPolicy:
        """The shield's policy with this dependency's options.

        Args:
            shield: The running shield.

        Raises:
            ConfigurationError: The two do not go together.
        """
        if not self.options:
            return shield.policy
        policy = self._policies.get(shield.policy)
        if policy is None:
            policy = self._policies[shield.policy] = shield.policy.override(**dict(self.options))
        return policy


def parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    """A parameter that FastAPI passes by keyword.

    Args:
        name: Its name.
        annotation: Its annotation.
        default: A dependency that makes its value.
    """
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def made_by(source: params.Depends) -> inspect.Parameter:
    """The parameter for a value that another dependency makes.

    Args:
        source: That dependency.
    """
    return parameter("made", Any, source)


def parse_options(**options: Any) -> Options:
    """Policy options that were given, checked as far as they can be without the shield.

    Args:
        options: Fields of `SpamPolicy`; `None` means "as the application has it".

    Raises:
        ConfigurationError: A value is out of range, or review lies above reject.
    """
    given = {name: value for name, value in options.items() if value is not None}
    # Whether it lies below the application's threshold shows when the application starts.
    lone_review = "review_threshold" in given and not {"threshold", "strictness"} & given.keys()
    SpamPolicy(**{**given, **({"threshold": 1.0} if lone_review else {})})
    return tuple(sorted(given.items()))


def parse_dependency(
    option: str, given: Callable[..., Any] | params.Depends, example: str
) -> params.Depends:
    """A user's dependency as FastAPI wants it, and hashable.

    Args:
        option: Where it was written, for the message.
        given: A callable, or what `Depends` or `Security` made of one.
        example: What could have been written.

    Raises:
        ConfigurationError: It is not callable, or not hashable.
    """
    dependency = given if isinstance(given, params.Depends) else params.Depends(given)
    if not callable(dependency.dependency):
        raise ConfigurationError(
            f"{option}={given!r}: write a dependency, such as {option}={example}"
        )
    if isinstance(dependency, params.Security) and dependency.scopes is not None:
        dependency = replace(dependency, scopes=tuple(dependency.scopes))
    return require_hashable(option, dependency)


def parse_bypass(bypass: Bypass | None) -> params.Depends | None:
    """A user's dependency that says who is trusted.

    Args:
        bypass: `None`: nobody.

    Raises:
        ConfigurationError: It is not a dependency.
    """
    return None if bypass is None else parse_dependency("bypass", bypass, "get_current_user")


def parse_detector(detector: Detector | None) -> Detector | None:
    """A detector that can be a part of a dependency.

    Args:
        detector: `None`: the shield's own.

    Raises:
        ConfigurationError: It is not a detector, or not hashable.
    """
    return None if detector is None else require_hashable("detector", require_detector(detector))


def require_hashable(option: str, value: T) -> T:
    """The value itself, if it can be a part of a dependency.

    Args:
        option: Where it was written, for the message.
        value: Anything.

    Raises:
        ConfigurationError: It is not hashable.
    """
    try:
        hash(value)
    except TypeError:
        raise ConfigurationError(
            f"{option}: {type(value).__name__} is not hashable; FastAPI could not tell whether two "
            "checks are the same. Make it a frozen dataclass, or remove its __eq__"
        ) from None
    return value


class Factory:
    """A function that makes a dependency, and says so where it is given to `Depends` itself.

    Args:
        function: The function.
        example: A call of it.
    """

    def __init__(self, function: Callable[..., Any], example: str) -> None:
        functools.update_wrapper(self, function)
        vars(self).pop("__wrapped__")  # FastAPI would look at its signature instead.
        self._function = function
        self._known = inspect.signature(function).parameters
        self._example = example

    def __call__(self, *values: Any, **options: Any) -> Any:
        """Call the function.

        Raises:
            UnknownOption: A keyword does not exist.
        """
        for option in options:
            if option not in self._known:
                raise UnknownOption(self._function.__name__, option, self._known)
        return self._function(*values, **options)

    @property
    def __signature__(self) -> inspect.Signature:
        # FastAPI asks for it, and would make parameters of the request out of all the options.
        raise ConfigurationError(
            f"Depends({self._function.__name__}): write Depends({self._example})"
        )


def factory(example: str) -> Callable[[F], F]:
    """Make a `Factory` of a function; type checkers and editors go on seeing the function.

    Args:
        example: A call of it, for the message of an error.
    """

    def decorate(function: F) -> F:
        return cast("F", Factory(function, example))

    return decorate
