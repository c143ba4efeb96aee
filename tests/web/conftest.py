import pytest

from fastapi_spamshield import SpamShield
from tests.support import Drive, Keyword, drive_with_httpx, drive_with_test_client


@pytest.fixture(params=[drive_with_httpx, drive_with_test_client], ids=["httpx", "TestClient"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Both usual ways to run an application in a test."""
    chosen: Drive = request.param
    return chosen


@pytest.fixture
def keyword() -> Keyword:
    return Keyword()


@pytest.fixture
def shield(keyword: Keyword) -> SpamShield:
    return SpamShield(keyword)
