import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from examples import django_form as example
from fastapi_spamshield import SyncSpamShield
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import Broken, Keyword

MESSAGE = {
    "name": "Ada <b>",
    "email": "ada@example.org",
    "message": "Hello, are you open on Sunday? I could not find it on your page.",
    "homepage": "",
}


@pytest.fixture(autouse=True)
def empty() -> None:
    example.inbox.clear()
    example.held_for_review.clear()


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def keyword(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyword]:
    keyword = Keyword()
    with SyncSpamShield(keyword) as shield:
        monkeypatch.setattr(example, "shield", shield)
        yield keyword


def hidden(client: Client, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]+)"', client.get("/").content.decode())
    assert found is not None
    return found[1]


def test_a_person_gets_through(client: Client) -> None:
    answer = client.post("/", MESSAGE, follow=True)
    assert answer.status_code == 200
    assert b"Thank you. We have it." in answer.content
    assert example.inbox == [example.Message(MESSAGE["name"], MESSAGE["email"], MESSAGE["message"])]
    assert not example.held_for_review


def test_a_browser_gets_through_with_its_token() -> None:
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    assert client.post("/", MESSAGE).status_code == 403
    token = hidden(client, "csrfmiddlewaretoken")
    assert client.post("/", {**MESSAGE, "csrfmiddlewaretoken": token}).status_code == 302
    assert len(example.inbox) == 1


@pytest.mark.parametrize(
    "change",
    [{"message": SPAM_TEST_STRING}, {"homepage": "https://cheap.example"}],
    ids=["text", "honeypot"],
)
def test_spam_gets_one_neutral_sentence(client: Client, change: dict[str, str]) -> None:
    answer = client.post("/", {**MESSAGE, **change})
    assert answer.status_code == 403
    page = answer.content.decode()
    [said] = re.findall(r'<ul class="errorlist[^>]*>.*?</ul>', page)
    assert re.search(r"<li>This could not be accepted\. Reference: [0-9a-f]{16}</li>", said)
    # What a person wrote is not lost, and comes back escaped.
    assert {**MESSAGE, **change}["message"] in page
    assert 'value="Ada &lt;b&gt;"' in page
    assert not example.inbox
    assert not example.held_for_review


def test_doubt_is_kept_apart(client: Client) -> None:
    assert client.post("/", {**MESSAGE, "message": SUSPICIOUS_TEST_STRING}).status_code == 302
    [(verdict, message)] = example.held_for_review
    assert verdict.label == "suspicious"
    assert message.message == SUSPICIOUS_TEST_STRING
    assert not example.inbox


def test_an_outage_is_no_ham(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with SyncSpamShield(Broken()) as shield:
        monkeypatch.setattr(example, "shield", shield)
        assert client.post("/", MESSAGE).status_code == 302
    [(verdict, _)] = example.held_for_review
    assert (verdict.status, verdict.error) == ("degraded", "unavailable")
    assert not example.inbox


@pytest.mark.parametrize("change", [{"message": ""}, {"email": "nobody"}, {"name": "a" * 101}])
def test_what_is_not_valid_is_not_judged(
    client: Client, keyword: Keyword, change: dict[str, str]
) -> None:
    answer = client.post("/", {**MESSAGE, **change})
    assert answer.status_code == 200
    assert b'class="errorlist"' in answer.content
    assert not keyword.seen


def test_the_shield_is_told_what_is_known(client: Client, keyword: Keyword) -> None:
    headers: dict[str, Any] = {"User-Agent": "a browser", "X-Forwarded-For": "192.0.2.1"}
    client.post(
        "/",
        {**MESSAGE, "shown": hidden(client, "shown")},
        headers=headers,
        REMOTE_ADDR="203.0.113.9",
    )
    [seen] = keyword.seen
    assert (seen.author, seen.email) == (MESSAGE["name"], MESSAGE["email"])
    assert (seen.honeypot, seen.kind) == ("", "contact")
    assert (seen.ip, seen.user_agent) == ("203.0.113.9", "a browser")
    assert seen.elapsed is not None
    assert seen.elapsed >= 0


@pytest.mark.parametrize("shown", ["", "1000", "MTAwMA:forged:token"])
def test_a_time_that_the_form_did_not_give_is_unknown(
    client: Client, keyword: Keyword, shown: str
) -> None:
    client.post("/", {**MESSAGE, "shown": shown})
    assert [seen.elapsed for seen in keyword.seen] == [None]
