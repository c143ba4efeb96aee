import pytest

from tests.support import Drive, drive_with_httpx, drive_with_test_client


@pytest.fixture(params=[drive_with_httpx, drive_with_test_client], ids=["httpx", "TestClient"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Both usual ways to run an application in a test."""
    chosen: Drive = request.param
    return chosen
