"""SiftFy's own client, unchanged but for the base URL."""

import pytest
from siftfy import APIError, AsyncSiftfy, AuthenticationError, RateLimitError, Siftfy

from fastapi_spamshield import SpamShield
from fastapi_spamshield.web.gateway import Limits, create_gateway
from tests.live import live
from tests.support import MAYBE, SPAM, Broken, Keyword
from tests.web.gateway.asking import KEY


def test_it_predicts(url: str, detector: Keyword) -> None:
    with Siftfy(api_key=KEY, base_url=url) as client:
        spam, maybe, ham = (client.predict(text) for text in (SPAM, MAYBE, "Grüße 🐦"))
    assert detector.texts == [SPAM, MAYBE, "Grüße 🐦"]
    assert (spam.likelihood, maybe.likelihood, ham.likelihood) == ("high", "medium", "low")
    # The vendor's documents: low below 0.5, high from 0.85 up.
    assert 0.85 <= spam.spam_probability <= 1
    assert 0.5 <= maybe.spam_probability < 0.85
    assert ham.spam_probability < 0.5


async def test_it_predicts_asynchronously(url: str) -> None:
    async with AsyncSiftfy(api_key=KEY, base_url=url) as client:
        assert (await client.predict(SPAM)).likelihood == "high"
        assert (await client.predict("Good evening")).likelihood == "low"


def test_it_understands_refusals(url: str) -> None:
    with (
        Siftfy(api_key="wrong", base_url=url) as client,
        pytest.raises(AuthenticationError, match="invalid api key") as refused,
    ):
        client.predict("hello")
    assert refused.value.request_id is not None
    with Siftfy(api_key=KEY, base_url=url) as client:
        with pytest.raises(APIError, match="at most 20000 characters") as too_long:
            client.predict("a" * 20_001)
        with pytest.raises(APIError, match="too large") as too_large:
            client.predict("é" * 13_000)
    assert too_long.value.status_code == 422
    assert too_large.value.status_code == 413


def test_it_understands_limits(detector: Keyword) -> None:
    app = create_gateway(SpamShield(detector), keys=[KEY], limits=Limits(per_minute=1))
    with live(app) as url, Siftfy(api_key=KEY, base_url=url, max_retries=0) as client:
        client.predict("hello")
        with pytest.raises(RateLimitError) as refused:
            client.predict("hello")
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 60


def test_an_outage_is_no_ham() -> None:
    with (
        live(create_gateway(SpamShield(Broken()), keys=[KEY])) as url,
        Siftfy(api_key=KEY, base_url=url, max_retries=0) as client,
        pytest.raises(APIError, match="model unavailable") as refused,
    ):
        client.predict("hello")
    assert refused.value.status_code == 503
