"""What the tests in headless Chromium share.

Where there is no Chromium these tests are skipped. With REQUIRE_BROWSER=1, as .ci/run
sets it, they fail.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = files("axe_playwright_python").joinpath("axe.min.js")


@contextmanager
def running_browser() -> Generator[Browser]:
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


def violations(page: Page) -> dict[str, list[str]]:
    """What breaks a rule of accessibility on a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return {
        violation["id"]: [node["html"] for node in violation["nodes"]]
        for violation in found["violations"]
    }
