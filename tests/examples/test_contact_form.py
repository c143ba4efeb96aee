import re

import pytest

from examples import contact_form
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.support import Client, Drive

MESSAGE = {
    "name": "Ada <b>",
    "email": "ada@example.org",
    "subject": "Opening hours",
    "message": "Is the shop open on Sunday? I could not find it on the page.",
    "homepage": "",
}
OFFER = "Visit my shop, there is a promo code."


@pytest.fixture(autouse=True)
def empty_inbox() -> None:
    contact_form.inbox.clear()


def message(**changes: str) -> dict[str, str]:
    """What a person sends who took twenty seconds to write it."""
    return {**MESSAGE, "token": contact_form.shield.form_token("contact", age=20), **changes}


async def shown_token(client: Client) -> str:
    form = await client("GET", "/")
    assert form.headers["cache-control"] == "private, no-cache"
    found = re.search(r'name="token" value="([\w-]+)"', form.text)
    assert found is not None
    return found[1]


async def test_a_person_gets_through_and_comes_back_escaped(drive: Drive) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data=message())
    assert answer.status_code == 200
    assert "Thank you, Ada &lt;b&gt;" in answer.text
    [(subject, _)] = contact_form.inbox
    assert subject == "Opening hours"


@pytest.mark.parametrize(
    "change",
    [
        {"message": f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}"},
        {
            "name": "www.casino.example",
            "email": "casino@example.org",
            "message": "My sister has found my hat, she is anna@example.net.",
        },
    ],
    ids=["text", "name and e-mail"],
)
async def test_doubt_is_marked_for_the_reader(drive: Drive, change: dict[str, str]) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data=message(**change))
    assert answer.status_code == 200
    [(subject, kept)] = contact_form.inbox
    assert subject == f"[spam?] {kept.subject}"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": SPAM_TEST_STRING},
        {"message": "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"},
        {"message": OFFER, "subject": "Act now: claim your prize"},
        {"homepage": "https://cheap.example"},
    ],
    ids=["subject", "text", "offer and subject", "honeypot"],
)
async def test_spam_is_refused_with_one_neutral_sentence(
    drive: Drive, change: dict[str, str]
) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data=message(**change))
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "This could not be accepted. Reference: " in answer.text
    assert not contact_form.inbox


async def test_a_form_that_comes_back_at_once_weighs(drive: Drive) -> None:
    # A link in the name alone is let through.
    async with drive(contact_form.app) as client:
        hurried = {"name": "www.casino.example", "token": await shown_token(client)}
        await client("POST", "/", data=message(**hurried))
        await client("POST", "/", data=message(name="www.casino.example"))
    assert [subject for subject, _ in contact_form.inbox] == [
        "[spam?] Opening hours",
        "Opening hours",
    ]


async def test_a_form_is_good_for_one_message_that_is_accepted(drive: Drive) -> None:
    async with drive(contact_form.app) as client:
        token = contact_form.shield.form_token("contact", age=20)

        async def send(**changes: str) -> int:
            answer = await client("POST", "/", data=message(token=token, **changes))
            return answer.status_code

        # Refused, or not valid: it can be corrected and sent again.
        assert await send(message=SPAM_TEST_STRING) == 403
        assert await send(email="") == 422
        for _ in range(2):
            assert await send(name="www.casino.example") == 200
    assert [subject for subject, _ in contact_form.inbox] == [
        "Opening hours",
        "[spam?] Opening hours",
    ]


async def test_without_its_token_a_message_still_gets_through(drive: Drive) -> None:
    async with drive(contact_form.app) as client:
        answer = await client("POST", "/", data=MESSAGE)
    assert answer.status_code == 200
    assert [subject for subject, _ in contact_form.inbox] == ["Opening hours"]
