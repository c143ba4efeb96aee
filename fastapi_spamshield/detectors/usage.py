"""How much of their quotas the services have used."""

import logging
from collections.abc import Iterable

from ..deadline import within
from ..dialects.base import Usage
from ..errors import DetectorError
from .base import Detector
from .service import Service

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


async def usage_of(detectors: Iterable[Detector], seconds: float) -> dict[str, Usage]:
    """What each service says of its quota, by its name; one that does not say is left out.

    Args:
        detectors: Those that are open. Of two accounts with one service the second is called
            `name (2)`, in their order.
        seconds: What each may take.
    """
    found: dict[str, Usage] = {}
    for service in detectors:
        if isinstance(service, Service):
            try:
                usage = await within(seconds, service.usage())
            except (DetectorError, TimeoutError) as error:
                logger.warning("Detector %s: no usage: %s", service.name, type(error).__name__)
                continue
            if usage is not None:
                accounts = [name for name in found if name.partition(" (")[0] == service.name]
                number = f" ({len(accounts) + 1})" if accounts else ""
                found[f"{service.name}{number}"] = usage
    return found
