"""How much of their quotas the services have used."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable

from ..deadline import within
from ..dialects.base import Usage
from ..errors import DetectorError
from .base import Detector
from .service import Service

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


async def usage_of(detectors: Iterable[Detector], seconds: float) -> dict[str, Usage]:
    """Ask all services at the same time.

    Args:
        detectors: Those that are open, in that order.
        seconds: How long each may take.

    Returns:
        Usage by name, of those that say it. The second of one name is `name (2)`, whatever the
        first one says.
    """
    services = [one for one in detectors if isinstance(one, Service)]
    found = await asyncio.gather(*(_usage(service, seconds) for service in services))
    counts: Counter[str] = Counter()
    named: dict[str, Usage] = {}
    for service, usage in zip(services, found, strict=True):
        counts[service.name] += 1
        number = counts[service.name]
        if usage is not None:
            named[service.name if number == 1 else f"{service.name} ({number})"] = usage
    return named


async def _usage(service: Service, seconds: float) -> Usage | None:
    try:
        return await within(seconds, service.subscription.usage())
    except (DetectorError, TimeoutError) as error:
        code = error.code if isinstance(error, DetectorError) else "timeout"
        logger.warning("Detector %s: no usage: %s", service.name, code)
        return None
