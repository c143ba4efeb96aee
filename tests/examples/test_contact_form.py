import re

import pytest

from examples import contact_form
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import Drive

MESSAGE = {
    "name": "Ada <b>",
    "email": "ada@example.org",
    "subject": "Opening hours",
    "message": "Hello, are you open on Sunday? I could not find it on your page.",
    "homepage": "",
    "shown": "1000",
}


@pytest.fixture(autouse=True)
def empty_inbox() -> None:
    contact_form.inbox.clear()


async def test_a_person_gets_through_and_comes_back_escaped(drive: Drive) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data=MESSAGE)
    assert answer.status_code == 200
    assert "Thank you, Ada &lt;b&gt;" in answer.text
    [(subject, message)] = contact_form.inbox
    assert subject == "Opening hours"
    assert message.elapsed > 1_000


async def test_the_form_says_when_it_was_shown(drive: Drive) -> None:
    async with drive(contact_form.app) as client:
        form = await client("GET", "/")
        found = re.search(r'name="shown" value="([\d.]+)"', form.text)
        assert found is not None
        await client("POST", "/", data={**MESSAGE, "shown": found[1]})
    [(_, message)] = contact_form.inbox
    assert message.elapsed >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"message": f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}"},
        {"subject": "A casino near you"},
        {
            "name": "www.casino.example",
            "email": "casino@example.org",
            "message": "My sister has found my hat, she is anna@example.net.",
        },
    ],
    ids=["text", "subject", "name and e-mail"],
)
async def test_doubt_is_marked_for_the_reader(drive: Drive, change: dict[str, str]) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data={**MESSAGE, **change})
    assert answer.status_code == 200
    [(subject, message)] = contact_form.inbox
    assert subject == f"[spam?] {message.subject}"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": SPAM_TEST_STRING},
        {"message": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"},
        {"homepage": "https://cheap.example"},
    ],
    ids=["subject", "text", "honeypot"],
)
async def test_spam_is_refused_with_one_neutral_sentence(
    drive: Drive, change: dict[str, str]
) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data={**MESSAGE, **change})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "This could not be accepted. Reference: " in answer.text
    assert not contact_form.inbox


async def test_a_form_that_comes_back_at_once_weighs(drive: Drive) -> None:
    hurried = {**MESSAGE, "shown": "99999999999"}
    async with drive(contact_form.app) as client:
        await client("POST", "/", data=hurried)
        await client("POST", "/", data={**hurried, "shown": "1000"})
    assert [subject for subject, _ in contact_form.inbox] == [
        "[spam?] Opening hours",
        "Opening hours",
    ]
