import pytest

from examples import sign_up
from fastapi_spamshield.detectors.local.test_strings import SUSPICIOUS_TEST_STRING
from tests.support import Drive

NEW = {
    "name": "Ada",
    "email": "ada@example.org",
    "biography": "I paint engines, and sometimes write about them.",
}
SPAM = {"biography": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"}


@pytest.fixture(autouse=True)
def nobody() -> None:
    sign_up.accounts.clear()
    sign_up.outbox.clear()


async def test_a_person_gets_an_account(drive: Drive) -> None:
    async with drive(sign_up.app) as client:
        answer = await client("POST", "/sign-up", json=NEW)
    assert answer.status_code == 202
    assert answer.json()["name"] == "Ada"
    assert not sign_up.accounts["ada@example.org"].needs_review
    assert [letter.to for letter in sign_up.outbox] == ["ada@example.org"]


@pytest.mark.parametrize(
    "change",
    [
        SPAM,
        {"homepage": "https://cheap.example"},
        {"name": "www.best-casino.example", "biography": "Buy followers, free bitcoin."},
    ],
    ids=["biography", "honeypot", "name"],
)
async def test_a_spammer_gets_the_same_answer_and_no_account(
    drive: Drive, change: dict[str, str]
) -> None:
    async with drive(sign_up.app) as client:
        success = await client("POST", "/sign-up", json={**NEW, "email": "bob@example.org"})
        answer = await client("POST", "/sign-up", json={**NEW, **change})
    assert answer.status_code == success.status_code
    assert answer.json() == {**success.json(), "name": {**NEW, **change}["name"]}
    assert answer.headers.keys() == success.headers.keys()
    assert set(sign_up.accounts) == {"bob@example.org"}
    assert [letter.to for letter in sign_up.outbox] == ["bob@example.org"]


async def test_nobody_can_tell_from_the_answer_who_has_an_account(drive: Drive) -> None:
    async with drive(sign_up.app) as client:
        first, again, spam = [
            await client("POST", "/sign-up", json={**NEW, **change}) for change in ({}, {}, SPAM)
        ]
    assert first.status_code == again.status_code == spam.status_code
    assert first.content == again.content == spam.content
    assert sign_up.accounts["ada@example.org"].biography == NEW["biography"]
    assert "You have an account already" in sign_up.outbox[1].text
    assert len(sign_up.outbox) == 2


async def test_a_doubtful_account_is_marked(drive: Drive) -> None:
    doubtful = {**NEW, "biography": f"I design logos. {SUSPICIOUS_TEST_STRING}"}
    async with drive(sign_up.app) as client:
        await client("POST", "/sign-up", json=doubtful)
    assert sign_up.accounts["ada@example.org"].needs_review
