"""The comment wall as people meet it: the real server, in headless Chromium."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from fastapi_spamshield.detectors.local.test_strings import (
    SPAM_TEST_STRING,
    SUSPICIOUS_TEST_STRING,
)
from tests.browsing import violations

ROOT = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 740}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The demo, run as `scripts/demo` runs it, on a port that is free."""
    with subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "examples.comment_wall.app:app", "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stderr is not None
        lines: list[str] = []
        for line in server.stderr:
            lines.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                break
        else:
            pytest.fail(f"The demo did not start:\n{''.join(lines)}")
        yield found[0]
        server.terminate()
        server.communicate()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens the wall; afterwards nothing may have gone wrong, or to another machine."""
    trouble: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Chromium says so of every 403, which is what a refused sender gets.
        if message.type == "error" and "Failed to load resource" not in message.text:
            trouble.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(address):
            trouble.append(request.url)

    pages: list[Page] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        page = browser.new_context(**options).new_page()
        pages.append(page)
        page.on("console", on_console)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("request", on_request)
        page.goto(address + path)
        # As if the visitor had looked at the form for a minute.
        page.locator("[name=shown]").evaluate("field => { field.value -= 60 }")
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert not trouble


def send(page: Page, text: str, name: str = "Ada") -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Comment", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()


def try_sample(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Send").click()


def test_a_comment_is_published(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("window.mark = 'the same page'")
    try_sample(page, "A kind word")
    expect(page.get_by_role("status").first).to_have_text(
        "Published. Thank you, Mira. See your comment"
    )
    newest = page.locator("#comments li").first
    expect(newest).to_contain_text("Thank you for the recipe!")
    judged = page.get_by_role("article", name="published Mira").first
    expect(judged).to_contain_text("Label ham")
    expect(judged).to_contain_text("Action allow")
    expect(judged).to_contain_text("Nothing speaks against it.")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")
    assert page.evaluate("window.mark") == "the same page"


def test_a_doubtful_one_is_held_until_it_is_approved(open_page: OpenPage) -> None:
    page = open_page()
    try_sample(page, "A doubtful offer")
    expect(page.locator("#status")).to_contain_text("Held for review. Thank you, Lamp studio.")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    expect(page.locator("#comments")).not_to_contain_text("lamps, mugs and shirts")
    judged = page.locator("#moderation article").first
    expect(judged).to_contain_text("Label suspicious")
    expect(judged.locator("mark").filter(has_text="quote")).to_be_visible()
    judged.get_by_role("button", name="Approve").click()
    expect(page.locator("#comments li").first).to_contain_text("lamps, mugs and shirts")
    expect(page.get_by_role("heading", name="Moderator’s view")).to_be_focused()
    judged.get_by_role("button", name="Remove").click()
    expect(page.locator("#comments")).not_to_contain_text("lamps, mugs and shirts")


def test_spam_is_refused_and_moderators_see_why(open_page: OpenPage) -> None:
    page = open_page()
    try_sample(page, "Plain spam")
    status = page.locator("#status")
    expect(status).to_have_text(
        re.compile(r"Not published\. This could not be accepted\. Reference: [0-9a-f]{16}")
    )
    expect(page.get_by_label("Comment", exact=True)).to_have_value(re.compile("ACT NOW"))
    judged = page.locator("#moderation article").first
    expect(judged).to_contain_text("Label spam")
    expect(judged).to_contain_text("Action reject")
    # The text has emoji, of which a script would count each as two.
    marked = judged.locator("mark").all_inner_texts()
    assert {"ACT NOW", "https://bit.ly/x1"} <= {words.strip() for words in marked}
    assert judged.locator(".reasons li").count() >= 3
    expect(judged.locator(".reasons li").first).to_contain_text(
        re.compile(r"\+\d\.\d (trigger|wording)")
    )


def test_the_meter_shows_score_and_bands(open_page: OpenPage) -> None:
    page = open_page()
    send(page, SUSPICIOUS_TEST_STRING)
    meter = page.get_by_role("img", name="Score 0.50 of 1. Held from 0.3, refused above 0.7.")
    expect(meter.first).to_be_visible()
    box = meter.first.bounding_box()
    point = meter.first.locator("circle").bounding_box()
    suspicious = meter.first.locator(".suspicious").bounding_box()
    assert box
    assert point
    assert suspicious
    assert point["x"] + point["width"] / 2 - box["x"] == pytest.approx(box["width"] * 0.5, abs=2)
    assert suspicious["x"] - box["x"] == pytest.approx(box["width"] * 0.3, abs=2)
    assert suspicious["width"] == pytest.approx(box["width"] * 0.4, abs=2)


def test_a_robot_falls_into_the_trap_and_the_next_visitor_does_not(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#homepage")).not_to_be_in_viewport(ratio=0.5)
    try_sample(page, "A robot in the trap")
    expect(page.locator("#status")).to_contain_text("This could not be accepted.")
    judged = page.locator("#moderation article").first
    expect(judged).to_contain_text("honeypot")
    expect(judged.locator("mark").filter(has_text="https://cheap.example")).to_be_visible()
    send(page, "The part about the bees was new to me.")
    expect(page.locator("#status")).to_contain_text("Published.")


def test_markup_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page()
    attack = (
        "The part about the bees was new to me. "
        "<img src=x onerror=alert(1)><script>alert(2)</script>"
    )
    send(page, attack, name="Ada <b>")
    expect(page.locator("#comments li .text").first).to_have_text(attack)
    expect(page.locator("#moderation article .text").first).to_have_text(attack)
    page.get_by_label("Message", exact=True).fill(attack)
    page.get_by_role("button", name="Say").click()
    expect(page.locator("#lines")).to_contain_text(attack)
    assert page.locator("main img").count() == 0
    assert page.locator("main script").count() == 0


def test_the_chat(open_page: OpenPage) -> None:
    ada, bob = open_page(), open_page()
    for page in (ada, bob):
        expect(page.locator("#chat-state")).to_contain_text("Connected.")
    try_sample(ada, "A kind word")
    expect(ada.locator("#status")).to_contain_text("Published.")
    ada.get_by_label("Message", exact=True).fill("Good morning, bees")
    ada.get_by_label("Message", exact=True).press("Enter")
    expect(bob.get_by_role("log")).to_contain_text("Good morning, bees")
    expect(ada.locator("#moderation article").first).to_contain_text("Good morning, bees")
    expect(ada.locator("#status")).to_contain_text("Published.")
    for number in range(3):
        bob.get_by_label("Message", exact=True).fill(SPAM_TEST_STRING)
        bob.get_by_label("Message", exact=True).press("Enter")
        if number < 2:
            expect(bob.locator("#lines .notice")).to_have_count(number + 1)
    expect(bob.locator("#chat-state")).to_have_text(
        "The chat has ended: too many refused messages."
    )
    expect(ada.get_by_role("log")).not_to_contain_text(SPAM_TEST_STRING)
    bob.get_by_role("button", name="Join again").click()
    expect(bob.locator("#chat-state")).to_contain_text("Connected.")
    expect(bob.get_by_role("log")).to_contain_text("Good morning, bees")


def test_all_but_the_chat_works_without_a_script(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    expect(page.locator("#chat")).to_contain_text("The chat needs JavaScript.")
    page.get_by_role("link", name="In another language").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Оля")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/\?sent=[0-9a-f]{16}#status$"))
    expect(page.locator("#status")).to_contain_text("Published.")
    send(page, SPAM_TEST_STRING)
    expect(page.locator("#status")).to_contain_text("This could not be accepted.")
    expect(page.get_by_label("Comment", exact=True)).to_have_value(SPAM_TEST_STRING)
    send(page, SUSPICIOUS_TEST_STRING)
    expect(page.locator("#status")).to_contain_text("Held for review.")
    page.locator("#moderation").get_by_role("button", name="Approve").first.click()
    expect(page.locator("#comments li").first).to_contain_text(SUSPICIOUS_TEST_STRING)


def test_what_is_too_long_for_the_server_is_said(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#text").evaluate("field => field.removeAttribute('maxlength')")
    send(page, "bees " * 500)
    expect(page.locator("#status")).to_contain_text("Please write a name and a text")


def test_what_is_gone_can_not_be_approved(open_page: OpenPage) -> None:
    page = open_page()
    send(page, SUSPICIOUS_TEST_STRING)
    # The answer puts new forms in the place of the old ones.
    expect(page.locator("#status")).to_contain_text("Held for review.")
    decide = page.locator(".decide").first
    decide.evaluate("form => { form.action = '/moderation/gone' }")
    decide.get_by_role("button", name="Approve").click()
    expect(page.locator("#status")).to_contain_text("That did not work.")


def test_a_server_out_of_reach_loses_no_text(open_page: OpenPage) -> None:
    page = open_page()
    page.context.set_offline(True)
    send(page, "The part about the bees was new to me.")
    expect(page.locator("#status")).to_contain_text("That did not work.")
    expect(page.get_by_label("Comment", exact=True)).to_have_value(re.compile("bees"))


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(open_page: OpenPage, size: dict[str, int], scheme: str) -> None:
    page = open_page(viewport=size, color_scheme=scheme)
    try_sample(page, "A doubtful offer")
    expect(page.locator("#status")).to_contain_text("Held")
    assert violations(page) == {}
    try_sample(page, "Plain spam")
    expect(page.locator("#status")).to_contain_text("This could not be accepted.")
    page.get_by_label("Message", exact=True).fill(SUSPICIOUS_TEST_STRING)
    page.get_by_role("button", name="Say").click()
    expect(page.locator("#lines .notice")).to_have_count(1)
    try_sample(page, "A kind word")
    expect(page.locator("#status")).to_contain_text("Published")
    assert violations(page) == {}


def test_a_phone_never_scrolls_sideways(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    try_sample(page, "A kind word")
    expect(page.locator("#status .notice")).to_be_in_viewport()
    send(page, "bees" * 80 + " free bitcoin " + "https://example.org/" + "x" * 300)
    expect(page.locator("#moderation article").first).to_contain_text("beesbees")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_keyboard_reaches_everything_but_the_trap(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the form")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the form")).to_be_in_viewport()
    reached: list[str] = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
    assert [name for name in reached if name in {"name", "email", "text"}] == [
        "name",
        "email",
        "text",
    ]
    assert "homepage" not in reached


def test_nothing_jumps_when_a_notice_appears(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    comments = page.locator("#comments")
    before = comments.bounding_box()
    send(page, SUSPICIOUS_TEST_STRING)
    expect(page.locator("#status")).to_contain_text("Held for review.")
    after = comments.bounding_box()
    assert before
    assert after
    scrolled = page.evaluate("scrollY")
    assert after["y"] + scrolled == pytest.approx(before["y"], abs=1)


def test_motion_is_reduced_where_it_is_asked_for(open_page: OpenPage) -> None:
    style = "getComputedStyle(document.documentElement).scrollBehavior"
    assert open_page(reduced_motion="reduce").evaluate(style) == "auto"
    assert open_page(reduced_motion="no-preference").evaluate(style) == "smooth"
