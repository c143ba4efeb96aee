"""What is set up wrongly in an application, found before the first request comes."""

from collections.abc import Iterable, Iterator

from ..errors import ConfigurationError
from ..models import SpamVerdict
from ..shield import Shield
from .binding import Endpoint
from .dependency import Dependency


def find_slips(endpoints: Iterable[Endpoint], shield: Shield | None) -> list[str]:
    """All that is wrong with the checks of some endpoints, each thing once.

    Args:
        endpoints: Of an application.
        shield: Of the application; `None`: not known, and its policy is not looked at.
    """
    return list(dict.fromkeys(_found(endpoints, shield)))


def _found(endpoints: Iterable[Endpoint], shield: Shield | None) -> Iterator[str]:
    for endpoint in endpoints:
        if any(parameter.annotation is SpamVerdict for parameter in endpoint.parameters):
            yield (
                f"{endpoint.name}: a SpamVerdict without Depends would be sent by the sender. "
                "Write `verdict: Annotated[SpamVerdict, Depends(spam_check(field=...))]`"
            )
        for dependency in endpoint.dependencies:
            if isinstance(dependency, Dependency):
                yield from _of(endpoint, dependency, shield)


def _of(endpoint: Endpoint, dependency: Dependency, shield: Shield | None) -> Iterator[str]:
    policy = None
    if shield is not None:
        try:
            policy = dependency.policy(shield)
        except ConfigurationError as error:
            yield f"{endpoint.name}, with the policy of the application: {error}"
            return
    try:
        dependency.verify(endpoint)
        if policy is not None:
            dependency.verify_policy(endpoint, policy)
    except ConfigurationError as error:
        yield str(error)
