from typing import Any

import pytest

from examples import background
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import Drive

TEXTS = {
    "published": "The lamp is bright and easy to set up. The cable could be longer.",
    "queued": f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}",
    "refused": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1",
}


@pytest.fixture(autouse=True)
def no_reviews() -> None:
    background.reviews.clear()


def review(text: str) -> dict[str, Any]:
    return {"author": "Ada", "text": text}


@pytest.mark.parametrize("state", TEXTS)
async def test_a_review_waits_and_is_judged_afterwards(drive: Drive, state: str) -> None:
    async with drive(background.app) as client:
        answer = await client("POST", "/reviews", json=review(TEXTS[state]))
        assert answer.status_code == 202
        assert answer.json()["state"] == "waiting"
    # The shield finishes what is left before the application stops.
    assert background.reviews[answer.json()["id"]].state == state
    async with drive(background.app) as client:
        shown = await client("GET", f"/reviews/{answer.json()['id']}")
    assert shown.status_code == (200 if state == "published" else 404)
    assert state != "published" or shown.json()["text"] == TEXTS[state]


async def test_a_name_is_judged_like_the_text(drive: Drive) -> None:
    named = {"author": SPAM_TEST_STRING[:100], "text": TEXTS["published"]}
    async with drive(background.app) as client:
        await client("POST", "/reviews", json=named)
        await client("POST", "/imports", json=[named])
    assert [kept.state for kept in background.reviews.values()] == ["refused", "refused"]


async def test_an_import_is_judged_in_a_background_task(drive: Drive) -> None:
    async with drive(background.app) as client:
        answer = await client("POST", "/imports", json=[review(text) for text in TEXTS.values()])
        assert [kept["state"] for kept in answer.json()] == ["waiting"] * 3
    assert [kept.state for kept in background.reviews.values()] == list(TEXTS)


async def test_an_unknown_review_is_not_found(drive: Drive) -> None:
    async with drive(background.app) as client:
        assert (await client("GET", "/reviews/none")).status_code == 404
