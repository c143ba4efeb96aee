import pytest

from examples import comments
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import Drive

HAM = {"author": "Ada", "text": "The part about the bees was new to me. Thank you for writing it."}
DOUBTFUL = {
    "author": "Bob",
    "text": f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}",
}
SPAM = {"author": "Rich", "text": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"}
MEMBER = {"Authorization": "Bearer open-sesame"}


@pytest.fixture(autouse=True)
def no_comments() -> None:
    comments.comments.clear()


async def test_ham_is_published_and_its_score_is_not_told(drive: Drive) -> None:
    async with drive(comments.app) as client:
        answer = await client("POST", "/articles/bees/comments", json=HAM)
        listed = await client("GET", "/articles/bees/comments")
        elsewhere = await client("GET", "/articles/wasps/comments")
    assert answer.status_code == 201
    assert answer.json() == {
        **HAM,
        "id": answer.json()["id"],
        "page": "articles/bees",
        "state": "published",
    }
    assert listed.json() == [answer.json()]
    assert elsewhere.json() == []


async def test_spam_is_refused(drive: Drive) -> None:
    async with drive(comments.app) as client:
        answer = await client("POST", "/articles/bees/comments", json=SPAM)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert not comments.comments


async def test_a_name_is_published_too_so_it_is_judged(drive: Drive) -> None:
    names = ["FREE VIAGRA click here http://pill.example", SPAM_TEST_STRING[:100]]
    async with drive(comments.app) as client:
        for kind in ("articles", "jobs"):
            for name in names:
                answer = await client("POST", f"/{kind}/1/comments", json={**HAM, "author": name})
                assert answer.status_code == 403
    assert not comments.comments


async def test_an_article_and_a_job_of_one_name_are_two_pages(drive: Drive) -> None:
    async with drive(comments.app) as client:
        await client("POST", "/jobs/1/comments", json=HAM)
        assert (await client("GET", "/articles/1/comments")).json() == []
        [comment] = (await client("GET", "/jobs/1/comments")).json()
    assert comment["page"] == "jobs/1"


async def test_doubt_waits_in_the_queue_until_a_member_decides(drive: Drive) -> None:
    async with drive(comments.app) as client:
        first, second = [
            (await client("POST", "/articles/bees/comments", json=DOUBTFUL)).json()["id"]
            for _ in range(2)
        ]
        assert (await client("GET", "/articles/bees/comments")).json() == []
        assert (await client("GET", "/queue")).status_code == 401
        queue = (await client("GET", "/queue", headers=MEMBER)).json()
        assert {entry["comment"]["id"] for entry in queue} == {first, second}
        assert all(0.3 <= entry["score"] <= 0.7 for entry in queue)
        for path in (f"/queue/{first}/publish", f"/queue/{second}/delete"):
            assert (await client("POST", path)).status_code == 401
            assert (await client("POST", path, headers=MEMBER)).status_code == 204
            assert (await client("POST", path, headers=MEMBER)).status_code == 404
        [published] = (await client("GET", "/articles/bees/comments")).json()
    assert published["id"] == first


async def test_among_jobs_more_is_let_through(drive: Drive) -> None:
    loud = {"author": "Bob", "text": "Visit my shop for a promo code."}
    async with drive(comments.app) as client:
        assert (await client("POST", "/articles/bees/comments", json=loud)).status_code == 403
        queued = await client("POST", "/jobs/editor/comments", json=loud)
        answer = await client("POST", "/jobs/editor/comments", json=DOUBTFUL)
        refused = await client("POST", "/jobs/editor/comments", json=SPAM)
    assert queued.json()["state"] == "queued"
    assert answer.json()["state"] == "published"
    assert refused.status_code == 403


async def test_members_are_not_checked_and_a_wrong_token_is_no_member(drive: Drive) -> None:
    wrong = {"Authorization": "Bearer open-barley"}
    async with drive(comments.app) as client:
        trusted = await client("POST", "/articles/bees/comments", json=SPAM, headers=MEMBER)
        forged = await client("POST", "/articles/bees/comments", json=SPAM, headers=wrong)
    assert trusted.json()["state"] == "published"
    assert forged.status_code == 403
