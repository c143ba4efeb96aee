from collections.abc import Generator

import pytest

from fastapi_spamshield import SpamShield, Submission
from fastapi_spamshield.web.gateway import create_gateway
from tests.live import live
from tests.support import Keyword
from tests.web.gateway.asking import KEY, Corrections


@pytest.fixture
def detector() -> Keyword:
    return Keyword()


@pytest.fixture
def corrections() -> Corrections:
    return []


@pytest.fixture
def url(detector: Keyword, corrections: Corrections) -> Generator[str]:
    """A gateway with one key, behind a real server."""

    def corrected(verdict_id: str | None, submission: Submission, spam: bool) -> None:
        corrections.append((verdict_id, submission, spam))

    shield = SpamShield(detector)
    with live(create_gateway(shield, keys=[KEY], on_feedback=corrected)) as found:
        yield found


@pytest.fixture
def open_url(detector: Keyword) -> Generator[str]:
    """A gateway without keys."""
    with live(create_gateway(SpamShield(detector))) as found:
        yield found
