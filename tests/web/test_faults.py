"""Whatever goes wrong, and that a client over real HTTP sees it so."""

import json
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from fastapi_spamshield import ConfigurationError, SpamShield
from fastapi_spamshield.web.faults import FAULTS, Fault, Faulty, by_share, in_turn
from fastapi_spamshield.web.gateway import create_gateway
from tests.live import live
from tests.support import Keyword

PATHS = {
    "siftfy": ("/v1/predict", {"text": "hello"}),
    "activelayer": ("/api/v1/check", {"message": "hello"}),
    "toolkitapi": ("/v1/auth/spam-score", {"body": "hello"}),
    "rsflowhub": ("/api/v1/ai/spam-detection", {"text": "hello"}),
}


@contextmanager
def failing(*faults: Fault | None) -> Generator[httpx.Client]:
    """A client of a gateway that fails so, in turn."""
    app = Faulty(create_gateway(SpamShield(Keyword())), in_turn(faults))
    with live(app) as url, httpx.Client(base_url=url, timeout=2) as client:
        yield client


def ask(client: httpx.Client, vendor: str = "siftfy", **options: Any) -> httpx.Response:
    path, body = PATHS[vendor]
    return client.post(path, json=body, **options)


def test_faults_in_turn() -> None:
    with failing(None, Fault("html"), Fault("empty"), Fault("no_content")) as client:
        for _ in range(2):
            assert ask(client).json()["likelihood"] == "low"
            page = ask(client)
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html")
            empty = ask(client)
            assert (empty.status_code, empty.content) == (200, b"")
            assert ask(client).status_code == 204


def test_answers_that_are_no_answers() -> None:
    faults = (
        Fault("truncated"),
        Fault("nan"),
        Fault("wrong_type"),
        Fault("redirect"),
        Fault("status"),
        Fault("status", 418),
        Fault("slow_body", 0.001),
        Fault("slow_headers", 0.001),
    )
    with failing(*faults) as client:
        with pytest.raises(json.JSONDecodeError):
            ask(client).json()
        assert '"spam_probability":NaN' in ask(client).text
        assert ask(client).headers["content-type"] == "application/octet-stream"
        redirect = ask(client)
        assert (redirect.status_code, redirect.headers["location"]) == (301, "https://localhost/")
        assert ask(client).status_code == 500
        assert ask(client).status_code == 418
        assert ask(client).json()["likelihood"] == "low"
        assert ask(client).json()["likelihood"] == "low"


def test_no_answer_at_all() -> None:
    with failing(Fault("hang"), Fault("cut")) as client:
        with pytest.raises(httpx.ReadTimeout):
            ask(client, timeout=0.2)
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            ask(client)


def test_a_bomb_is_small_until_it_is_opened() -> None:
    with failing(Fault("gzip_bomb", 20)) as client, client.stream("POST", "/v1/predict") as bomb:
        assert int(bomb.headers["content-length"]) < 30_000
        assert sum(len(part) for part in bomb.iter_bytes()) == 20_000_000


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("auth", (401, 401, 401, 401)),
        ("rate_limited", (429, 429, 429, 429)),
        ("quota", (429, 429, 402, 402)),
        ("unavailable", (503, 503, 503, 503)),
    ],
)
def test_errors_in_each_vendors_style(name: str, statuses: Sequence[int]) -> None:
    with failing(Fault(name, 30)) as client:
        for vendor, status in zip(PATHS, statuses, strict=True):
            response = ask(client, vendor)
            assert response.status_code == status
            if vendor == "siftfy":
                assert response.headers["retry-after"] == "30"


async def test_only_requests_fail() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*message: Any) -> Any:
        return {}

    await Faulty(app, in_turn([Fault("html")]))({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]


def test_a_share_of_the_requests() -> None:
    pick = by_share([Fault("hang", share=0.2), Fault("html", share=0.3)], seed=1)
    found = Counter(fault.name if fault else None for fault in (pick() for _ in range(2_000)))
    assert found["hang"] == pytest.approx(400, abs=80)
    assert found["html"] == pytest.approx(600, abs=80)
    again = by_share([Fault("hang", share=0.2), Fault("html", share=0.3)], seed=1)
    assert Counter(fault.name if fault else None for fault in (again() for _ in range(2_000))) == (
        found
    )
    with pytest.raises(ConfigurationError, match=r"1\.1, more than 1"):
        by_share([Fault("hang", share=0.5), Fault("html", share=0.6)])


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("hang", Fault("hang")),
        ("hang:0.1", Fault("hang", share=0.1)),
        ("rate_limited=30:0.25", Fault("rate_limited", 30, 0.25)),
        ("slow_headers=1.5", Fault("slow_headers", 1.5)),
    ],
)
def test_faults_as_they_are_written(written: str, fault: Fault) -> None:
    assert Fault.parse(written) == fault


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("hung", "Did you mean 'hang'"),
        ("zzz", "There is no fault 'zzz'. "),
        ("hang:2", "within 0 and 1"),
        ("hang:0.1:0.2", "is no fault: write name"),
        ("hang:0.1.2", "is no fault: write name"),
    ],
)
def test_what_is_no_fault(written: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Fault.parse(written)
    assert says in str(caught.value)


def test_every_fault_is_tried() -> None:
    assert set(FAULTS) == {
        *("hang", "slow_headers", "slow_body", "status", "truncated", "cut", "html", "empty"),
        *("no_content", "redirect", "gzip_bomb", "nan", "wrong_type"),
    }
