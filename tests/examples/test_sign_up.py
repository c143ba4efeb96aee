import pytest

from examples import sign_up
from fastapi_spamshield.detectors.local.test_strings import SUSPICIOUS_TEST_STRING
from tests.support import Drive

NEW = {
    "username": "ada",
    "email": "ada@example.org",
    "biography": "I paint engines, and sometimes write about them.",
}


@pytest.fixture(autouse=True)
def no_accounts() -> None:
    sign_up.accounts.clear()


async def test_a_person_gets_an_account(drive: Drive) -> None:
    async with drive(sign_up.app) as client:
        answer = await client("POST", "/sign-up", json=NEW)
        again = await client("POST", "/sign-up", json=NEW)
    assert answer.status_code == 201
    assert answer.json()["username"] == "ada"
    assert again.status_code == 409
    assert not sign_up.accounts["ada"].needs_review


@pytest.mark.parametrize(
    "change",
    [
        {"biography": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"},
        {"homepage": "https://cheap.example"},
        {"username": "www.best-casino.example", "biography": "Buy followers, free bitcoin."},
    ],
    ids=["biography", "honeypot", "name"],
)
async def test_a_spammer_gets_the_same_answer_and_no_account(
    drive: Drive, change: dict[str, str]
) -> None:
    async with drive(sign_up.app) as client:
        success = await client("POST", "/sign-up", json={**NEW, "username": "bob"})
        answer = await client("POST", "/sign-up", json={**NEW, **change})
    assert answer.status_code == success.status_code
    assert answer.json() == {**success.json(), "username": {**NEW, **change}["username"]}
    assert answer.headers.keys() == success.headers.keys()
    assert set(sign_up.accounts) == {"bob"}


async def test_a_doubtful_account_is_marked(drive: Drive) -> None:
    doubtful = {**NEW, "biography": f"I design logos. {SUSPICIOUS_TEST_STRING}"}
    async with drive(sign_up.app) as client:
        await client("POST", "/sign-up", json=doubtful)
    assert sign_up.accounts["ada"].needs_review
