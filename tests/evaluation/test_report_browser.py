"""The report as people meet it: a file, in headless Chromium."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import running_browser, violations
from tests.evaluation.texts import write

HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)> casino bonus "
ROWS = [
    *({"text": f"{HOSTILE * 6} {n}", "label": "ham", "lang": "en"} for n in range(3)),
    *({"text": f"See you at {n} o'clock.", "label": "spam", "lang": "de"} for n in range(3)),
    *({"text": f"The second step of {n} failed.", "label": "ham"} for n in range(20)),
    *({"text": f"Free casino bonus {n}! https://bit.ly/{n}", "label": "spam"} for n in range(20)),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    corpus = write(folder / "texts.jsonl", ROWS)
    path = folder / "report.html"
    command = [sys.executable, "-m", "fastapi_spamshield", "eval", corpus]
    options = ["--by", "lang", "--max-fpr", "0.5", "--report", str(path)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_runs_nothing(
    browser: Browser, report: str, width: int, scheme: str
) -> None:
    trouble: list[str] = []
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type] # two of its options
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("request", lambda request: trouble.append(request.url))
    page.goto(report)
    assert page.title() == "How well local judges"
    assert page.locator("blockquote", has_text="<script>document.title").count() == 3
    assert page.locator("blockquote mark").count() > 3
    assert page.locator("svg[role=img]").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # Its own style applies, so the policy lets it.
    assert page.locator(".tiles").evaluate("tiles => getComputedStyle(tiles).display") == "grid"
    assert trouble == [report]
    assert violations(page) == {}
    page.context.close()


def test_the_keyboard_reaches_every_table(browser: Browser, report: str) -> None:
    page = browser.new_page()
    page.goto(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    reached: list[str] = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert reached == [
        "Table of thresholds",
        "Table of scores",
        "Table of calibration",
        "Table by lang",
    ]
    page.close()


def test_it_prints_on_light_paper(browser: Browser, report: str, tmp_path: Path) -> None:
    page = browser.new_context(color_scheme="dark").new_page()
    page.goto(report)
    page.emulate_media(media="print")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.pdf(path=str(tmp_path / "report.pdf"))[:4] == b"%PDF"
    page.context.close()
