from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsing import running_browser
from tests.support import Drive, drive_with_httpx, drive_with_test_client


@pytest.fixture(params=[drive_with_httpx, drive_with_test_client], ids=["httpx", "TestClient"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Both usual ways to run an application in a test."""
    chosen: Drive = request.param
    return chosen


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running
