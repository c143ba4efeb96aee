import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from examples import flask_decorator as example
from fastapi_spamshield import SyncSpamShield
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import SPAM, Broken, Keyword

MESSAGE = {
    "name": "Ada <b>",
    "message": "Is the shop open on Sunday? I could not find it on the page.",
    "homepage": "",
}


@pytest.fixture(autouse=True)
def empty() -> None:
    example.published.clear()
    example.held_for_review.clear()


@pytest.fixture
def client() -> FlaskClient:
    return example.app.test_client()


@pytest.fixture
def keyword(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyword]:
    keyword = Keyword()
    with SyncSpamShield(keyword) as shield:
        monkeypatch.setattr(example, "shield", shield)
        yield keyword


def token(client: FlaskClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


def test_a_person_is_published_and_comes_back_escaped(client: FlaskClient) -> None:
    answer = client.post("/", data=MESSAGE, follow_redirects=True)
    assert answer.status_code == 200
    assert "Your message is published." in answer.text
    assert "<b>Ada &lt;b&gt;</b>: Is the shop open" in answer.text
    [entry] = example.published
    assert entry == {"name": MESSAGE["name"], "message": MESSAGE["message"]}


def test_json_is_answered_in_json(client: FlaskClient) -> None:
    answer = client.post("/", json=MESSAGE)
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["detail"] == "Thank you. Your message is published."


def test_spam_gets_one_neutral_sentence(client: FlaskClient) -> None:
    spam = {**MESSAGE, "message": SPAM_TEST_STRING}
    form = client.post("/", data=spam)
    assert form.status_code == 403
    assert re.search(r"This could not be accepted\. Reference: [0-9a-f]{16}</p>", form.text)
    assert SPAM_TEST_STRING in form.text  # What a person wrote is not lost.
    problem = client.post("/", json=spam)
    assert problem.status_code == 403
    assert problem.content_type == "application/problem+json"
    assert problem.json is not None
    assert problem.json.keys() == {"title", "status", "detail"}
    assert re.fullmatch(
        r"This could not be accepted\. Reference: [0-9a-f]{16}", problem.json["detail"]
    )
    assert not example.published
    assert not example.held_for_review


@pytest.mark.parametrize(
    "change",
    [{"message": SUSPICIOUS_TEST_STRING}, {"homepage": "https://cheap.example"}],
    ids=["text", "honeypot"],
)
def test_doubt_waits_for_a_moderator(client: FlaskClient, change: dict[str, str]) -> None:
    shown = example.shield.form_token("comment", age=20)
    written = {**MESSAGE, "token": shown, **change}
    answer = client.post("/", data=written, follow_redirects=True)
    assert "waits for a moderator" in answer.text
    [(verdict, entry)] = example.held_for_review
    assert verdict.threshold == 0.8
    assert entry["message"] == written["message"]
    assert not example.published


def test_an_outage_is_no_ham(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with SyncSpamShield(Broken()) as shield:
        monkeypatch.setattr(example, "shield", shield)
        assert client.post("/", data=MESSAGE).status_code == 303
    [(verdict, _)] = example.held_for_review
    assert (verdict.status, verdict.error) == ("degraded", "unavailable")
    assert not example.published


@pytest.mark.parametrize("body", [{}, {"message": " "}, {"message": 3}, [], "x"])
def test_what_is_no_message_is_not_judged(client: FlaskClient, keyword: Keyword, body: Any) -> None:
    assert client.post("/", json=body).status_code == 400
    assert not keyword.seen


def test_the_shield_is_told_what_is_known(client: FlaskClient, keyword: Keyword) -> None:
    client.post(
        "/",
        data={**MESSAGE, "token": token(client)},
        headers={"User-Agent": "a browser", "X-Forwarded-For": "192.0.2.1"},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    [seen] = keyword.seen
    assert (seen.author, seen.honeypot, seen.kind) == (MESSAGE["name"], "", "comment")
    assert (seen.ip, seen.user_agent) == ("203.0.113.9", "a browser")
    assert seen.elapsed is not None
    assert seen.elapsed >= 0
    assert seen.form_token == "valid"


@pytest.mark.parametrize("sent", ["", "1000", "eyJ4IjoxfQ.forged"])
def test_a_time_that_the_form_did_not_give_is_unknown(
    client: FlaskClient, keyword: Keyword, sent: str
) -> None:
    client.post("/", data={**MESSAGE, "token": sent})
    [seen] = keyword.seen
    assert (seen.elapsed, seen.form_token) == (None, "forged" if sent else "missing")


def test_programs_were_shown_no_form(client: FlaskClient, keyword: Keyword) -> None:
    client.post("/", json=MESSAGE)
    assert [seen.form_token for seen in keyword.seen] == [None]


def test_a_form_is_good_for_one_message_that_is_accepted(
    client: FlaskClient, keyword: Keyword
) -> None:
    sent = {**MESSAGE, "token": token(client)}
    assert client.post("/", data={**sent, "message": SPAM}).status_code == 403
    for _ in range(2):
        client.post("/", data=sent)
    assert [seen.form_token for seen in keyword.seen] == ["valid", "valid", "used"]


def test_only_proxies_that_were_announced_are_believed(
    client: FlaskClient, keyword: Keyword, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
    client.post("/", data=MESSAGE, headers=forged)
    monkeypatch.setattr(example.proxies, "x_for", 1)
    client.post("/", data=MESSAGE, headers=forged)
    assert [seen.ip for seen in keyword.seen] == ["127.0.0.1", "198.51.100.7"]
