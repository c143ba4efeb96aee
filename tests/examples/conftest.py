import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support import Drive, drive_with_httpx, drive_with_test_client

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(params=[drive_with_httpx, drive_with_test_client], ids=["httpx", "TestClient"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Both usual ways to run an application in a test."""
    chosen: Drive = request.param
    return chosen


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Where there is no Chromium, tests that need it are skipped.

    With REQUIRE_BROWSER=1, as .ci/run sets it, they fail.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing = f"No browser found, looked for {', '.join(BROWSERS)}: apt install chromium"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    # Chromium's own sandbox does not work for root, which is who runs things in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()
