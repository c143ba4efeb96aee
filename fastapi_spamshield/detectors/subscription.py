"""What one has with a hosted service: a key, and a quota."""

import logging
from typing import cast

from ..deadline import within
from ..dialects.base import ShowsUsage, Usage, Verifies
from ..errors import ConfigurationError, DetectorError
from .carrier import Carrier
from .configuration import Configuration

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

VERIFY_SECONDS = 5.0
"""How long the start may be held up by a service that does not say whether a key is good."""


class Subscription:
    """Asks a service about the account, where it can be asked.

    Args:
        configuration: Whom to ask, and with which key.
        carrier: Carries the calls.
    """

    def __init__(self, configuration: Configuration, carrier: Carrier) -> None:
        self._configuration = configuration
        self._dialect = configuration.dialect
        self._carrier = carrier

    async def verify(self) -> None:
        """See that the key is good, as the detector's `verify` wants it.

        Raises:
            ConfigurationError: It is not.
        """
        how, name = self._configuration.verify, self._dialect.name
        if how == "skip":
            return
        try:
            key = self._configuration.require_key()
            if hasattr(self._dialect, "verify"):
                dialect = cast("Verifies", self._dialect)
                asking = self._carrier.ask(dialect.verify(key), dialect.verified)
                await within(VERIFY_SECONDS, asking)
        except (DetectorError, TimeoutError) as error:
            code = error.code if isinstance(error, DetectorError) else "timeout"
        else:
            return
        if code not in ("auth", "unconfigured"):
            logger.warning("Detector %s: the key could not be verified: %s", name, code)
            return
        slip = "needs an api_key" if code == "unconfigured" else "refused the api_key"
        if how == "error":
            raise ConfigurationError(
                f"{name} {slip}. Set it, or write verify='warn' to start without"
            )
        self._carrier.refused(DetectorError(code, f"it {slip}"))

    async def usage(self) -> Usage | None:
        """How much of the quota is used; `None` where nobody counts.

        Raises:
            DetectorError: The service does not say.
        """
        if not hasattr(self._dialect, "usage"):
            return self._carrier.usage()
        dialect = cast("ShowsUsage", self._dialect)
        key = self._configuration.require_key()
        return await self._carrier.ask(dialect.usage(key), dialect.used)
