"""The contact form as people meet it: a real server, in headless Chromium."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from examples import contact_form
from fastapi_spamshield.testing import SPAM_TEST_STRING
from tests.live import live

# By itself not enough for a doubt, and with something else it is.
NAME = "www.lamps.example"


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The form, twenty seconds after it was shown."""
    contact_form.inbox.clear()
    with live(contact_form.app) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        later = time.time() + 20
        monkeypatch.setattr(contact_form.shield.form_tokens, "_clock", lambda: later)
        yield page
        page.context.close()


def send(page: Page, message: str) -> None:
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Subject").fill("Opening hours")
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Send").click()


def subjects() -> list[str]:
    return [subject for subject, _ in contact_form.inbox]


def test_a_message_is_sent(page: Page) -> None:
    expect(page.get_by_label("Homepage")).not_to_be_in_viewport()
    send(page, "Is the shop open on Sunday?")
    expect(page.locator("body")).to_contain_text(f"Thank you, {NAME}. We have it.")
    assert subjects() == ["Opening hours"]


def test_what_was_refused_is_corrected_and_sent_again(page: Page) -> None:
    send(page, SPAM_TEST_STRING)
    expect(page.locator("body")).to_contain_text("This could not be accepted. Reference: ")
    page.go_back()
    # What was written is still there.
    expect(page.get_by_label("Subject")).to_have_value("Opening hours")
    page.get_by_label("Message").fill("Is the shop open on Sunday?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_contain_text("We have it.")
    assert subjects() == ["Opening hours"]


def test_a_form_that_is_kept_is_good_for_one_message(page: Page) -> None:
    kept = page.locator("[name=token]").input_value()
    for _ in range(2):
        page.goto(page.url)
        page.locator("[name=token]").evaluate("(field, kept) => { field.value = kept }", kept)
        send(page, "Is the shop open on Sunday?")
        expect(page.locator("body")).to_contain_text("We have it.")
    assert subjects() == ["Opening hours", "[spam?] Opening hours"]


def test_a_robot_that_sends_at_once(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    page.reload()
    send(page, "Is the shop open on Sunday?")
    expect(page.locator("body")).to_contain_text("We have it.")
    assert subjects() == ["[spam?] Opening hours"]
