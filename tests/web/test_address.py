"""Whose word is taken for the sender's address."""

from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.requests import Request

from fastapi_spamshield import SpamShield, SpamShieldSettings, SpamVerdict, spam_check
from fastapi_spamshield.web.address import client_address
from tests.support import Drive, Keyword

PROXY = "203.0.113.9"


def address(
    headers: list[tuple[str, str]], trusted: str = "", client: str | None = PROXY
) -> str | None:
    scope: dict[str, Any] = {
        "type": "http",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": (client, 4711) if client is not None else None,
    }
    settings = SpamShieldSettings(trusted_proxies=trusted)
    return client_address(Request(scope), settings.trusted_proxies)


XFF = "x-forwarded-for"


@pytest.mark.parametrize(
    ("headers", "trusted", "expected"),
    [
        pytest.param([], "", PROXY, id="no header"),
        pytest.param([(XFF, "198.51.100.1")], "", PROXY, id="nobody is trusted"),
        pytest.param([("forwarded", "for=198.51.100.1")], "", PROXY, id="nor here"),
        pytest.param([(XFF, "198.51.100.1")], "10.0.0.0/8", PROXY, id="somebody else is trusted"),
        pytest.param([(XFF, "198.51.100.1")], PROXY, "198.51.100.1", id="one proxy"),
        pytest.param([(XFF, "1.1.1.1, 198.51.100.1")], PROXY, "198.51.100.1", id="a forged part"),
        pytest.param(
            [(XFF, "1.1.1.1"), (XFF, "198.51.100.1")], PROXY, "198.51.100.1", id="two lines"
        ),
        pytest.param(
            [(XFF, "1.1.1.1, 198.51.100.1, 10.1.2.3")],
            f"{PROXY}, 10.0.0.0/8",
            "198.51.100.1",
            id="two proxies",
        ),
        pytest.param([(XFF, "10.1.1.1")], f"{PROXY},10.0.0.0/8", "10.1.1.1", id="only proxies"),
        pytest.param([(XFF, "junk")], PROXY, PROXY, id="junk"),
        pytest.param([(XFF, "1.1.1.1, junk")], PROXY, PROXY, id="junk hides the rest"),
        pytest.param([(XFF, "")], PROXY, PROXY, id="empty"),
        pytest.param([(XFF, "198.51.100.1:8080")], PROXY, "198.51.100.1", id="a port"),
        pytest.param([(XFF, "[2001:db8::1]:8080")], PROXY, "2001:db8::1", id="IPv6 and a port"),
        pytest.param([(XFF, "2001:db8::1")], PROXY, "2001:db8::1", id="IPv6"),
        pytest.param([(XFF, "::ffff:198.51.100.1")], PROXY, "198.51.100.1", id="mapped"),
        pytest.param([("forwarded", "for=198.51.100.1")], PROXY, "198.51.100.1", id="Forwarded"),
        pytest.param(
            [("forwarded", 'For="[2001:db8:cafe::17]:4711";proto=https;by=10.0.0.1')],
            PROXY,
            "2001:db8:cafe::17",
            id="RFC 7239",
        ),
        pytest.param(
            [("forwarded", "for=1.1.1.1, proto=http;for=198.51.100.1")],
            PROXY,
            "198.51.100.1",
            id="Forwarded, a forged part",
        ),
        pytest.param([("forwarded", "for=unknown")], PROXY, PROXY, id="unknown"),
        pytest.param([("forwarded", "for=_hidden")], PROXY, PROXY, id="hidden"),
        pytest.param([("forwarded", "by=1.1.1.1")], PROXY, PROXY, id="no for"),
        pytest.param(
            [(XFF, "198.51.100.1"), ("forwarded", "for=198.51.100.1")],
            PROXY,
            "198.51.100.1",
            id="both agree",
        ),
        pytest.param(
            [(XFF, "198.51.100.1"), ("forwarded", "for=1.1.1.1")], PROXY, PROXY, id="both disagree"
        ),
        pytest.param([("x-real-ip", "1.1.1.1")], PROXY, PROXY, id="another header"),
    ],
)
def test_from_the_right_and_only_as_far_as_trusted(
    headers: list[tuple[str, str]], trusted: str, expected: str
) -> None:
    assert address(headers, trusted) == expected


@pytest.mark.parametrize("client", [None, "testclient", "/run/app.sock"])
def test_without_an_address(client: str | None) -> None:
    assert address([(XFF, "1.1.1.1")], "0.0.0.0/0", client) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_header_gives_an_address(one: str, other: str) -> None:
    def latin(text: str) -> str:
        return text.encode("latin-1", "ignore").decode("latin-1")

    assert address([(XFF, latin(one)), ("forwarded", latin(other))], PROXY)


class CommentIn(BaseModel):
    text: str


@pytest.mark.parametrize(("trusted", "expected"), [(PROXY, "198.51.100.1"), ("10.0.0.1", PROXY)])
async def test_in_an_application(
    trusted: str, expected: str, keyword: Keyword, drive: Drive
) -> None:
    settings = SpamShieldSettings(trusted_proxies=[trusted])
    app = FastAPI(lifespan=SpamShield(keyword, settings=settings).lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", json={"text": "x"}, headers={XFF: "198.51.100.1"})
    assert [submission.ip for submission in keyword.seen] == [expected]
