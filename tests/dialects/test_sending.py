import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.dialects.base import Facts, up_from
from fastapi_spamshield.dialects.sending import (
    FRAME,
    LONGEST,
    as_json,
    key_header,
    permitted,
    post_form,
    post_json,
    public_address,
)
from fastapi_spamshield.dialects.sending import (
    given as there,
)
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Submission
from fastapi_spamshield.policy import SpamPolicy
from tests.dialects.speaking import attempt

FACTS = Facts(base_url="https://x.example", sends=("text", "email", "author", "ip", "honeypot"))
SUBMISSION = Submission(
    text="Hello",
    email="ola@site.example",
    author="Ola",
    ip="8.8.8.8",
    user_agent="Mozilla",
    honeypot="x",
    extra={"secret": 1},
)


def test_only_what_is_listed_and_read_leaves() -> None:
    assert permitted(SUBMISSION, FACTS, ()) == (Submission(text="Hello"), False)
    assert permitted(SUBMISSION, FACTS) == (Submission(text="Hello", honeypot="x"), False)
    sent = permitted(SUBMISSION, FACTS, ["email", "ip", "user_agent", "extra", "colour"])
    assert sent.submission == Submission(text="Hello", email="ola@site.example", ip="8.8.8.8")


def test_a_text_that_nobody_reads_stays() -> None:
    facts = Facts(base_url="https://x.example", sends=("ip",), needs_key=False)
    assert permitted(SUBMISSION, facts, ["ip"]) == (Submission(text="", ip="8.8.8.8"), False)


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.1.1", "100.64.0.1"),
        *("0.0.0.0", "203.0.113.9", "240.0.0.1", "255.255.255.255", "224.0.0.1"),  # noqa: S104
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "2001:db8::1", "ff02::1"),
        *(
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:224.0.0.1",
            "testclient",
            "",
            "8.8.8.8, 10.0.0.1",
            None,
        ),
    ],
)
def test_an_address_of_no_use_to_others_stays(ip: str | None) -> None:
    assert public_address(ip) is None
    sent = permitted(SUBMISSION.model_copy(update={"ip": ip}), FACTS, ["ip"])
    assert sent.submission.ip is None


@pytest.mark.parametrize("ip", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_a_public_address_goes_if_it_is_listed(ip: str) -> None:
    assert public_address(ip) == ip


def cut(text: str, characters: int, body_bytes: int | None = None) -> tuple[str, bool]:
    facts = Facts(base_url="https://x.example", characters=characters, body_bytes=body_bytes)
    sent = permitted(Submission(text=text), facts)
    return sent.submission.text, sent.cut


def test_a_long_text_is_cut_to_its_head_and_tail() -> None:
    assert cut("0123456789", characters=10) == ("0123456789", False)
    assert cut("0123456789", characters=7) == ("012\n789", True)
    assert cut("0123456789", characters=6) == ("012\n89", True)
    assert cut("0123456789", characters=1) == ("\n", True)


@given(
    text=st.text(min_size=1, max_size=300),
    characters=st.none() | st.integers(1, 300),
    size=st.integers(3, 400),
    times=st.integers(1, 50),
)
def test_what_is_sent_keeps_to_both_limits(
    text: str, characters: int | None, size: int, times: int
) -> None:
    facts = Facts(base_url="https://x.example", characters=characters, body_bytes=FRAME + 2 + size)
    submission = Submission(text=text * times)
    found = attempt(permitted, submission, facts)
    if isinstance(found, DetectorError):
        assert found.code == "payload_too_large"
        assert size < 8  # Two quotes and the longest escape.
        return
    sent, was_cut = found
    assert len(as_json(sent.text)) <= size
    assert characters is None or len(sent.text) <= characters
    assert was_cut is (sent.text != submission.text)
    if was_cut:
        head, _, tail = sent.text.partition("\n") if "\n" not in text else ("", "", "")
        assert submission.text.startswith(head)
        assert submission.text.endswith(tail)


def test_as_much_as_fits_is_sent() -> None:
    text, was_cut = cut("я" * 50_000, characters=20_000, body_bytes=25_000)
    assert was_cut
    assert 25_000 - FRAME - 10 < len(as_json(text)) <= 25_000 - FRAME


def test_other_fields_take_their_room() -> None:
    facts = Facts(base_url="https://x.example", body_bytes=4_000, sends=("text", "author"))
    submission = Submission(text="x" * 4_000, author="й" * 1_000)
    sent = permitted(submission, facts, ["author"])
    whole = as_json({"text": sent.submission.text, "author": sent.submission.author})
    assert sent.cut
    assert 2_900 < len(whole) <= 4_000 - FRAME + 30
    with pytest.raises(DetectorError, match="payload_too_large: there is no room for the text"):
        permitted(submission, Facts(base_url="", body_bytes=2_000, sends=facts.sends), ["author"])


def test_a_long_field_is_cut_and_it_is_said() -> None:
    sent = permitted(SUBMISSION.model_copy(update={"honeypot": "x" * 2_000}), FACTS)
    assert sent.cut
    assert sent.submission.honeypot == "x" * LONGEST


def test_json_is_short_and_takes_anything() -> None:
    assert as_json({"a": "é", "b": [1]}) == '{"a":"é","b":[1]}'.encode()
    assert json.loads(as_json({"a": "\ud800", "b": {1}})) == {"a": "?", "b": "{1}"}
    assert there({"a": None, "b": 0, "c": ""}) == {"b": 0, "c": ""}


def test_calls() -> None:
    call = post_json("/x", {"a": 1}, key_header("k"), retryable=False)
    assert call.headers["Authorization"] == "Bearer k"
    assert call.headers["Content-Type"] == "application/json"
    assert not call.retryable
    assert post_form("/x", {"a": "ä \ud800", "b": None, "c": 1}).body == b"a=%C3%A4+%3F&c=1"
    assert key_header(None) == {}
    assert key_header("k", "X-API-Key", "") == {"X-API-Key": "k"}


def test_what_a_vendor_calls_spam_from_its_threshold_up_is_spam_there() -> None:
    bands = up_from(1 / 3, 0.5)
    policy = SpamPolicy(threshold=bands.threshold, review_threshold=bands.review_threshold)
    assert [policy.decide(score / 6).label for score in range(7)] == [
        *("ham", "ham", "suspicious", "spam", "spam", "spam", "spam"),
    ]
