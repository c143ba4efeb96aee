"""`SpamShield`: the shield of an application, for as long as the application runs."""

from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from typing import Annotated, Any

from fastapi import Depends
from starlette.applications import Starlette

from ..errors import ConfigurationError
from ..models import SpamVerdict
from ..shield import Shield
from .access import STATE_KEY, get_shield
from .binding import Endpoint, iter_endpoints
from .dependency import Dependency
from .openapi import documented_refusals


class SpamShield(Shield):
    """The running service of a FastAPI application; see `Shield` for its arguments.

    ```python
    shield = SpamShield()
    app = FastAPI(lifespan=shield.lifespan)
    ```
    """

    def lifespan(self, app: Starlette) -> AbstractAsyncContextManager[Mapping[str, Any]]:
        """Run the shield as long as the application runs.

        Inside a lifespan of one's own:

        ```python
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncGenerator[Mapping[str, Any]]:
            async with shield.lifespan(app) as state:
                yield {**state, "database": database}
        ```

        Args:
            app: The application.

        Returns:
            A context manager that gives the lifespan state.

        Raises:
            ConfigurationError: A check asks for something that its endpoint does not have; all such
                slips of the application are listed.
        """
        return self._lifespan(app)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncGenerator[Mapping[str, Any]]:
        endpoints = list(iter_endpoints(app.routes))
        self._verify(endpoints)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self)
            for endpoint in endpoints:
                for dependency in endpoint.dependencies:
                    if isinstance(dependency, Dependency) and dependency.detector is not None:
                        await self.open(dependency.detector)
            stack.enter_context(documented_refusals(app, self))
            stack.enter_context(_published(app, self))
            yield {STATE_KEY: self}

    def _verify(self, endpoints: list[Endpoint]) -> None:
        slips: list[str] = []
        for endpoint in endpoints:
            if any(parameter.annotation is SpamVerdict for parameter in endpoint.parameters):
                slips.append(
                    f"{endpoint.name}: a SpamVerdict without Depends would be sent by the sender. "
                    "Write `verdict: Annotated[SpamVerdict, Depends(spam_check(field=...))]`"
                )
            for dependency in endpoint.dependencies:
                if isinstance(dependency, Dependency):
                    slips += self._slips(endpoint, dependency)
        if slips:
            raise ConfigurationError("\n".join(dict.fromkeys(slips)))

    def _slips(self, endpoint: Endpoint, dependency: Dependency) -> Iterator[str]:
        try:
            policy = dependency.policy(self)
        except ConfigurationError as error:
            yield f"{endpoint.name}, with the policy of the application: {error}"
            return
        try:
            dependency.verify(endpoint)
            dependency.verify_policy(endpoint, policy)
        except ConfigurationError as error:
            yield str(error)


@contextmanager
def _published(app: Starlette, shield: Shield) -> Generator[None]:
    # For a lifespan that forgets to pass the state on. An application can run several times at
    # once, as in nested test clients, and need not stop in the order in which it started.
    running: list[Shield] = getattr(app.state, STATE_KEY, [])
    running.append(shield)
    setattr(app.state, STATE_KEY, running)
    try:
        yield
    finally:
        running.remove(shield)
        if not running:
            delattr(app.state, STATE_KEY)


ShieldDep = Annotated[SpamShield, Depends(get_shield)]
"""The application's shield, as a parameter: `async def handler(shield: ShieldDep)`."""
