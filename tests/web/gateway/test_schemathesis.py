"""Schemathesis asks what the OpenAPI documents promise, and much that they forbid."""

from collections import defaultdict
from collections.abc import Callable, Generator
from typing import Any, TypeVar, cast

import pytest
import schemathesis
from hypothesis import settings
from starlette.types import Receive, Scope, Send

from fastapi_spamshield import SpamShield
from fastapi_spamshield.web.gateway import Limits, create_gateway
from tests.web.gateway.asking import BEARER, KEY, X_API_KEY

Test = TypeVar("Test")
SEEN: dict[str, set[int]] = defaultdict(set)
BOTH = {**BEARER, **X_API_KEY}
bounded = settings(max_examples=25)


class OnThisMachine:
    """A gateway as programs on its own machine see it."""

    def __init__(self, **options: Any) -> None:
        self.gateway = create_gateway(SpamShield(), limits=Limits(), **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["client"] = ("127.0.0.1", 4711)
        await self.gateway(scope, receive, send)


OPEN = OnThisMachine()
# It tries many wrong keys, and wants to see each of them refused for being wrong.
KEYED = OnThisMachine(keys=[KEY], wrong_keys=1_000_000)


def promised(vendor: str, gateway: OnThisMachine = OPEN) -> Callable[[Test], Test]:
    """What a document promises, as a decorator of a test."""
    making: Any = schemathesis.Config  # Its types are only partly known.
    config = making.from_dict(
        {
            "checks": {
                # 404: an id is made up. 413: 20,000 characters may have more than 25,000 bytes.
                "positive_data_acceptance": {"expected-statuses": ["2xx", 404, 413]},
                "negative_data_rejection": {
                    "expected-statuses": [401, 404, 413, 415, 422],
                    # Akismet says 200 and `invalid` to what it does not understand.
                    "enabled": vendor != "akismet",
                },
            }
        }
    )
    path = f"/{vendor}/openapi.json"
    schema: Any = schemathesis.openapi.from_asgi(path, gateway, config=config)
    return cast("Callable[[Test], Test]", schema.parametrize())


def ask(case: Any, **options: Any) -> None:
    response = case.call_and_validate(**options)
    SEEN[case.operation.label].add(response.status_code)


@pytest.fixture(scope="module", autouse=True)
def answered() -> Generator[None]:
    yield
    assert {label for label, statuses in SEEN.items() if 200 not in statuses} <= {
        "POST /api/v1/feedback"  # It would have to guess an id.
    }


@promised("siftfy")
@bounded
def test_siftfy(case: Any) -> None:
    ask(case)


@promised("activelayer")
@bounded
def test_activelayer(case: Any) -> None:
    ask(case)


@promised("toolkitapi")
@bounded
def test_toolkitapi(case: Any) -> None:
    ask(case)


@promised("rsflowhub")
@bounded
def test_rsflowhub(case: Any) -> None:
    ask(case)


@promised("akismet")
@bounded
def test_akismet(case: Any) -> None:
    ask(case)


@promised("siftfy", KEYED)
@bounded
def test_siftfy_with_a_key(case: Any) -> None:
    ask(case, headers=BOTH)


@promised("activelayer", KEYED)
@bounded
def test_activelayer_with_a_key(case: Any) -> None:
    ask(case, headers=BOTH)


@promised("toolkitapi", KEYED)
@bounded
def test_toolkitapi_with_a_key(case: Any) -> None:
    ask(case, headers=BOTH)


@promised("rsflowhub", KEYED)
@bounded
def test_rsflowhub_with_a_key(case: Any) -> None:
    ask(case, headers=BOTH)
