"""`SpamShield`: the shield of an application, for as long as the application runs."""

from collections.abc import AsyncGenerator, Generator, Mapping
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
from ..shield import Shield
from .access import STATE_KEY, get_shield
from .binding import iter_endpoints
from .dependency import Dependency
from .openapi import documented_refusals
from .slips import find_slips


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
        if slips := find_slips(endpoints, self):
            raise ConfigurationError("\n".join(slips))
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self)
            for endpoint in endpoints:
                for dependency in endpoint.dependencies:
                    if isinstance(dependency, Dependency) and dependency.detector is not None:
                        await self.open(dependency.detector)
            stack.enter_context(documented_refusals(app, self))
            stack.enter_context(_published(app, self))
            yield {STATE_KEY: self}


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
