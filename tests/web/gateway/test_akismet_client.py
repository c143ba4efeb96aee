"""The clients of the package `akismet`, unchanged but for the base URL.

They have no option for it, but take an HTTP client of one's own, which sends elsewhere what is for
Akismet's host.
"""

from typing import Any
from urllib.parse import urlsplit

import akismet
import httpx
import pytest

from fastapi_spamshield import SpamShield
from fastapi_spamshield.testing import SPAM_TEST_STRING
from fastapi_spamshield.web.gateway import Limits, create_gateway
from tests.live import live
from tests.support import MAYBE, SPAM, Broken, Keyword
from tests.web.gateway.asking import KEY, Corrections

IP = "203.0.113.9"
CONFIG = akismet.Config(key=KEY, url="https://site.test")


def redirect(request: httpx.Request, url: str) -> None:
    assert request.url.host == "rest.akismet.com"
    there = urlsplit(url)
    request.url = request.url.copy_with(scheme="http", host=there.hostname, port=there.port)


def http_client(url: str, **options: Any) -> httpx.Client:
    def elsewhere(request: httpx.Request) -> None:
        redirect(request, url)

    return httpx.Client(event_hooks={"request": [elsewhere]}, **options)


def client_of(url: str, **options: Any) -> Any:
    return akismet.SyncClient(config=CONFIG, http_client=http_client(url, **options))


async def async_client_of(url: str) -> Any:
    async def elsewhere(request: httpx.Request) -> None:
        redirect(request, url)

    http = httpx.AsyncClient(event_hooks={"request": [elsewhere]})
    return await akismet.AsyncClient.validated_client(config=CONFIG, http_client=http)


def test_all_calls(url: str, detector: Keyword, corrections: Corrections) -> None:
    with client_of(url) as client:
        assert client.verify_key()
        assert client.comment_check(user_ip=IP, comment_content=SPAM, user_agent="UA") == (
            akismet.CheckResponse.DISCARD
        )
        assert client.comment_check(user_ip=IP, comment_content=MAYBE) == akismet.CheckResponse.HAM
        assert client.submit_ham(user_ip=IP, comment_content=SPAM)
        assert client.submit_spam(user_ip=IP, comment_content="never seen")
        assert client.usage_limit() == {
            "limit": "none",
            "usage": 2,
            "percentage": "0.00",
            "throttled": False,
        }
    assert [each.ip for each in detector.seen] == [IP, IP]
    assert detector.seen[0].user_agent == "UA"
    [(known, ham, as_ham), (unknown, spam, as_spam)] = corrections
    assert known is not None
    assert unknown is None
    assert (ham.text, as_ham) == (SPAM, False)
    assert (spam.text, as_spam) == ("never seen", True)


async def test_all_calls_asynchronously(open_url: str, detector: Keyword) -> None:
    async with await async_client_of(open_url) as client:
        assert await client.verify_key()
        assert await client.comment_check(user_ip=IP, comment_content="Good evening") == (
            akismet.CheckResponse.HAM
        )
        assert await client.submit_ham(user_ip=IP, comment_content="Good evening")
        assert await client.submit_spam(user_ip=IP, comment_content="Good evening")
        assert (await client.usage_limit())["usage"] == 1
        sites = await client.key_sites()
        [(month, rows)] = [(name, rows) for name, rows in sites.items() if name[:2] == "20"]
        assert rows == [
            {
                "site": "site.test",
                "api_calls": "1",
                "spam": "0",
                "ham": "1",
                "missed_spam": "1",
                "false_positives": "1",
                "is_revoked": False,
            }
        ]
        assert await client.key_sites(result_format="csv", month=month, order="site", limit=1) == (
            "site,api_calls,spam,ham,missed_spam,false_positives,is_revoked\n"
            "site.test,1,0,1,1,1,false\n"
        )
        assert (await client.key_sites(url_filter="elsewhere"))["total"] == 0


def test_sites_need_a_key_that_the_client_does_not_send(url: str) -> None:
    with client_of(url) as client, pytest.raises(akismet.APIKeyError):
        client.key_sites()
    with client_of(url, params={"api_key": KEY}) as client:
        assert client.key_sites()["total"] == 0


def test_a_wrong_key(url: str) -> None:
    config = akismet.Config(key="wrong", url="https://site.test")
    with http_client(url) as http, pytest.raises(akismet.APIKeyError):
        akismet.SyncClient.validated_client(config=config, http_client=http)


def test_marks_of_tests(url: str, detector: Keyword, corrections: Corrections) -> None:
    with client_of(url) as client:
        for marked in (
            {"comment_author": "akismet-guaranteed-spam"},
            {"comment_author_email": "akismet-guaranteed-spam@example.com"},
        ):
            found = client.comment_check(user_ip=IP, comment_content="x", **marked)
            assert found == akismet.CheckResponse.SPAM
        assert detector.seen == []
        assert not client.comment_check(user_ip=IP, comment_content="x", is_test=True)
        assert client.submit_spam(user_ip=IP, comment_content="x", is_test=True)
        assert client.submit_ham(user_ip=IP, comment_content="x", is_test=True)
    assert corrections == []


def test_nobody_becomes_an_administrator_by_saying_so(url: str, detector: Keyword) -> None:
    with client_of(url) as client:
        found = client.comment_check(user_ip=IP, comment_content=SPAM, user_role="administrator")
    assert found == akismet.CheckResponse.DISCARD
    assert "user_role" not in detector.seen[0].extra
    trusting = create_gateway(SpamShield(detector), keys=[KEY], trust_user_role=True)
    with live(trusting) as there, client_of(there) as client:
        found = client.comment_check(user_ip=IP, comment_content=SPAM, user_role="administrator")
        assert found == akismet.CheckResponse.HAM
        found = client.comment_check(user_ip=IP, comment_content=SPAM, user_role="editor")
        assert found == akismet.CheckResponse.DISCARD


def test_the_embedded_engine_answers() -> None:
    with live(create_gateway(SpamShield(), keys=[KEY])) as url, client_of(url) as client:
        assert client.comment_check(user_ip=IP, comment_content=SPAM_TEST_STRING)
        assert not client.comment_check(user_ip=IP, comment_content="Thanks, it worked for me!")


def test_an_outage_and_a_limit_are_no_ham(detector: Keyword) -> None:
    with (
        live(create_gateway(SpamShield(Broken()), keys=[KEY])) as url,
        client_of(url) as client,
        pytest.raises(akismet.RequestError, match="503"),
    ):
        client.comment_check(user_ip=IP, comment_content="hello")
    app = create_gateway(SpamShield(detector), keys=[KEY], limits=Limits(per_month=1))
    with live(app) as url, client_of(url) as client:
        client.comment_check(user_ip=IP, comment_content="hello")
        with pytest.raises(akismet.APIKeyError):
            client.comment_check(user_ip=IP, comment_content="hello")
        assert client.usage_limit()["throttled"] is True
