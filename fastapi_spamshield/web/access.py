"""How a dependency comes to the running shield."""

from typing import Any

from starlette.requests import HTTPConnection

from ..errors import ConfigurationError
from ..shield import Shield
from .refusal import answer_refusals

STATE_KEY = "_fastapi_spamshield"
"""Name of the shield in the lifespan state, and of those that are running in `app.state`."""


async def get_shield(connection: HTTPConnection) -> Shield:
    """The application's shield.

    The one place to override in tests, for all checks at once:
    `app.dependency_overrides[get_shield] = lambda: FakeShield("spam")`.

    Args:
        connection: The request or the WebSocket.

    Raises:
        ConfigurationError: No shield is running for this application.
    """
    answer_refusals(connection)
    # A mounted application has an `app.state` of its own, but shares the lifespan state.
    state: dict[str, Any] = connection.scope.get("state", {})
    shield = state.get(STATE_KEY)
    if shield is None:
        application = connection.scope.get("app")
        running = getattr(getattr(application, "state", None), STATE_KEY, None)
        shield = running[-1] if running else None
    if not isinstance(shield, Shield):
        raise ConfigurationError(
            "No shield is running. Write `app = FastAPI(lifespan=shield.lifespan)`; inside a "
            "lifespan of your own write `async with shield.lifespan(app) as state: yield state`; "
            "in tests enter the client, `with TestClient(app) as client:`, since the lifespan does "
            "not run without."
        )
    return shield
