from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from examples import chat
from fastapi_spamshield.detectors.local.test_strings import SUSPICIOUS_TEST_STRING

SPAM = "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"
REFUSED = "* Not sent: this could not be accepted."


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(chat.app) as client:
        yield client
    assert not chat.guests


def test_everyone_hears_everyone(client: TestClient) -> None:
    with client.websocket_connect("/chat?name=ada") as ada:
        assert ada.receive_text() == "* ada is here."
        with client.websocket_connect("/chat?name=bob") as bob:
            assert ada.receive_text() == bob.receive_text() == "* bob is here."
            bob.send_text("Good morning, how are the bees?")
            assert ada.receive_text() == "bob: Good morning, how are the bees?"
            assert bob.receive_text() == "bob: Good morning, how are the bees?"
        assert ada.receive_text() == "* bob has left."


def test_spam_reaches_nobody_and_three_times_spam_ends_it(client: TestClient) -> None:
    with client.websocket_connect("/chat?name=ada") as ada:
        with client.websocket_connect("/chat?name=bob") as bob:
            assert [bob.receive_text(), ada.receive_text()] == ["* bob is here.", "* ada is here."]
            for _ in range(2):
                bob.send_text(SPAM)
                assert bob.receive_text() == REFUSED
            bob.send_text(SPAM)
            with pytest.raises(WebSocketDisconnect) as closed:
                bob.receive_text()
        assert closed.value.code == 1008
        assert [ada.receive_text() for _ in range(2)] == ["* bob is here.", "* bob has left."]


@pytest.mark.parametrize("name", ["FREE VIAGRA http://pill.example", "www.best-casino.example"])
def test_nobody_gets_in_with_a_name_that_is_spam(client: TestClient, name: str) -> None:
    with client.websocket_connect("/chat?name=ada") as ada:
        assert ada.receive_text() == "* ada is here."
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            client.websocket_connect("/chat", params={"name": name}),
        ):
            pass
        ada.send_text("Good morning, how are the bees?")
        assert ada.receive_text() == "ada: Good morning, how are the bees?"
    assert closed.value.code == 1008


def test_a_doubtful_name_is_not_told(client: TestClient) -> None:
    with client.websocket_connect("/chat?name=earn money fast") as doubtful:
        assert doubtful.receive_text() == "* somebody is here."
        doubtful.send_text("Good morning, how are the bees?")
        assert doubtful.receive_text() == "somebody: Good morning, how are the bees?"


def test_doubt_is_not_sent(client: TestClient) -> None:
    with client.websocket_connect("/chat?name=bob") as bob:
        bob.receive_text()
        bob.send_text(f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}")
        assert bob.receive_text() == "* Not sent: a moderator looks at it first."


def test_a_flood_ends_it(client: TestClient) -> None:
    with client.websocket_connect("/chat?name=bob") as bob:
        for _ in range(11):
            bob.send_text("Good morning everyone")
        for _ in range(11):
            bob.receive_text()
        with pytest.raises(WebSocketDisconnect) as closed:
            bob.receive_text()
    assert closed.value.code == 1013


def test_a_guest_has_a_name(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/chat?name="):
        pass
