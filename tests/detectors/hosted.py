"""How a test asks a hosted service."""

from typing import Any

from fastapi_spamshield import RemoteDetector, SpamShieldSettings
from fastapi_spamshield.detectors.service import Service
from fastapi_spamshield.shield import Shield
from tests.faults import FaultServer
from tests.plain import Basic

CHECK = "/ok/check"


def remote(server: FaultServer, dialect: Any = None, **options: Any) -> RemoteDetector:
    options = {"api_key": "key", "base_url": server.at("ok"), "verify": "skip", **options}
    return RemoteDetector(dialect or Basic(), **options)


def shield(
    server: FaultServer, dialect: Any = None, *, timeout: float = 30.0, **options: Any
) -> Shield:
    settings = SpamShieldSettings(timeout=timeout)
    return Shield(remote(server, dialect, **options), settings=settings)


def service_of(running: Shield) -> Service:
    [service] = running._session().openings
    assert isinstance(service, Service)
    return service
