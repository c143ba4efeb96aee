"""Hosted services, and detectors made of detectors; only type-checked."""

from typing import assert_type

import httpx
import httpx2
from pydantic import SecretStr

from fastapi_spamshield import (
    Cascade,
    Fallback,
    LocalDetector,
    RemoteDetector,
    SpamShield,
    SpamShieldSettings,
    Vote,
    spam_check,
)
from fastapi_spamshield.detectors.base import Detector, Health
from fastapi_spamshield.dialects.akismet import Akismet
from fastapi_spamshield.dialects.base import Usage
from fastapi_spamshield.dialects.siftfy import SiftFy

remote = RemoteDetector(SiftFy(), api_key="sk_live_x", send=("text", "email"), mask_pii=True)
assert_type(remote, RemoteDetector)
RemoteDetector(Akismet(blog="https://blog.example"), api_key=SecretStr("x"), verify="warn")
RemoteDetector(SiftFy(), verify="loud")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
RemoteDetector(SiftFy(), colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

local = LocalDetector()
several: tuple[Detector, ...] = (
    remote,
    Fallback(remote, local),
    Cascade(local, Fallback(remote, local), between=(0.2, 0.8)),
    Vote(remote, local, weights=(2.0, 1.0), quorum=1),
)
spam_check("text", detector=several[1])


async def shields(client: httpx.AsyncClient, newer: httpx2.AsyncClient) -> None:
    shield = SpamShield(remote, client=client)
    SpamShield(remote, client=newer)
    assert_type(shield.health(), tuple[Health, ...])
    assert_type(await shield.usage(), dict[str, Usage])


SpamShieldSettings(detector="akismet", api_key=SecretStr("x"), site_url="https://blog.example")
