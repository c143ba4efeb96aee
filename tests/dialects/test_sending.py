import json

import pytest

from fastapi_spamshield.dialects.base import up_from
from fastapi_spamshield.dialects.sending import (
    as_json,
    key_header,
    post_form,
    post_json,
    public_address,
)
from fastapi_spamshield.dialects.sending import (
    given as there,
)
from fastapi_spamshield.policy import SpamPolicy


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


@pytest.mark.parametrize("ip", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_a_public_address_goes_if_it_is_listed(ip: str) -> None:
    assert public_address(ip) == ip


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
